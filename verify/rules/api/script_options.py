"""The options of a command that starts a script of the repository are those that it parses.

Judged is a script that builds its `ArgumentParser` by itself: what it hands on to another function
may get any option there.
"""

import ast
import re
from collections.abc import Iterator
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import commands
from verify.page.code.commands import Command
from verify.page.code.parsing import tree_of
from verify.page.page import Page
from verify.rules.advice import meant
from verify.rules.checked_site import Site
from verify.rules.links.configuration import rooted
from verify.rules.links.files import Files
from verify.rules.links.repository_paths import RepositoryPaths
from verify.system.words import Words, enumerated

_PYTHON = re.compile(r"python(?:3(?:\.\d+)?)?|\.?/?[\w./-]+\.py")
_OPTION = re.compile(r"--[A-Za-z][\w-]*")
# What a parser is asked for without being handed on.
_OWN = {"add_argument", "parse_args", "add_argument_group", "set_defaults", "print_help", "error"}
_OWN |= {"add_mutually_exclusive_group", "print_usage", "exit", "format_help", "get_default"}
_MAKES_A_PARSER = {"ArgumentParser", "add_argument_group", "add_mutually_exclusive_group"}

_UNKNOWN = Words(zh="`{script}` 没有选项 `{option}`。", en="`{script}` has no option `{option}`.")
_TAKES = Words(zh="它接受 {names}。", en="It takes {names}.")


def check(site: Site) -> Iterator[Finding]:
    """Find options that the script which a command starts does not parse."""
    for part in rooted(site):
        paths = RepositoryPaths(Files(part).sources)
        for page in part.pages:
            for command in commands.of_page(page):
                yield from _of_command(page, command, paths)


def _of_command(page: Page, command: Command, paths: RepositoryPaths) -> Iterator[Finding]:
    at = next((i for i, word in enumerate(command.words) if word.endswith(".py")), None)
    if at is None or at > 1 or not _PYTHON.fullmatch(command.program):
        return
    script = _script(page, command.words[at], paths)
    known = _options(script.read_text(encoding="utf-8", errors="replace")) if script else None
    if script is None or known is None:
        return
    for word in command.words[at + 1 :]:
        option = word.partition("=")[0]
        if _OPTION.fullmatch(option) and not any(one.startswith(option) for one in known):
            near = get_close_matches(option, known, 1)
            yield Finding(
                page.path,
                command.line,
                command.code.cell,
                FindingKind.BAD_OPTION,
                Severity.WARNING,
                _UNKNOWN.filled(script=script.name, option=option),
                meant(near[0])
                if near
                else _TAKES.filled(names=enumerated(f"`{one}`" for one in sorted(known))),
            )


def _script(page: Page, written: str, paths: RepositoryPaths) -> Path | None:
    """The one file that a command means: beside the page, or the only one of its path."""
    beside = page.path.parent / written
    if beside.is_file() and beside.resolve().is_relative_to(paths.folder.resolve()):
        return beside
    found = [one for one in paths.ending(written.removeprefix("./")) if one in paths.files]
    only = paths.folder / found[0] if len(found) == 1 else None
    return only if only and only.is_file() else None


@lru_cache(maxsize=64)
def _options(text: str) -> frozenset[str] | None:
    """All options of a script; None where its text does not tell them."""
    tree = tree_of(text)
    nodes = list(ast.walk(tree)) if tree else []
    parsers = {
        target.id
        for node in nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and _called(node.value) in _MAKES_A_PARSER
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    made = [
        node for node in nodes if isinstance(node, ast.Call) and _called(node) in _MAKES_A_PARSER
    ]
    if not parsers or len(made) != len(parsers) or any(map(_is_open, made)):
        return None
    asked = {
        id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr in _OWN
    }
    if any(
        isinstance(node, ast.Name)
        and node.id in parsers
        and isinstance(node.ctx, ast.Load)
        and id(node) not in asked
        for node in nodes
    ):
        return None
    found = {"--help"}
    for node in nodes:
        if isinstance(node, ast.Call) and _called(node) == "add_argument":
            if not all(isinstance(one, ast.Constant) for one in node.args):
                return None
            names = [str(one.value) for one in node.args if isinstance(one, ast.Constant)]
            options = {name for name in names if name.startswith("--")}
            found |= options | _negated(node, options)
    return frozenset(found)


def _is_open(made: ast.Call) -> bool:
    """Whether a parser gets options from others, or has other signs for them."""
    return any(one.arg in (None, "parents", "prefix_chars") for one in made.keywords)


def _negated(node: ast.Call, names: set[str]) -> set[str]:
    """`--no-…` of what may be switched off."""
    both = any(
        one.arg == "action" and "BooleanOptionalAction" in ast.dump(one.value)
        for one in node.keywords
    )
    return {f"--no-{name[2:]}" for name in names} if both else set()


def _called(node: ast.Call) -> str:
    return str(getattr(node.func, "attr", "") or getattr(node.func, "id", ""))
