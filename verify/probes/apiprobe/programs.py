"""The options that a command gives, against those that its program knows.

Nothing of a program is called: what click has built when a module is imported is looked at, and of
argparse and of pip the source is read. Python brings a pip, in whose stead a reader may have a
newer one, and both argparse and pip take the beginning of an option for it: so of these only a
word that nearly is a known option is a slip.
"""

import ast
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from apiprobe import follow, sources
from apiprobe.known_values import Undecided

_OF_PYTHON = "python -m "
_ALIKE = 0.8
_LITERAL = re.compile(r"['\"](--?[A-Za-z][\w-]*)['\"]")
_NO_VALUE = {"store_true", "store_false", "store_const", "append_const", "count", "help", "version"}


@dataclass(frozen=True)
class Slip:
    """An option that a program does not know; `sort` tells how its options are known."""

    name: str
    program: str
    near: tuple[str, ...]
    sort: str


def slip(words: Sequence[str]) -> Slip | None:
    """The first option of a line that its program does not know.

    Raises:
        Undecided: only running the program could tell.
    """
    program, *given = words
    if program == "pip":
        return _of_pip(given)
    if program.startswith(_OF_PYTHON):
        spec = find_spec(program.removeprefix(_OF_PYTHON))
        if spec is not None and spec.submodule_search_locations is not None:
            spec = find_spec(f"{spec.name}.__main__")
        if spec is None or not spec.origin:
            raise Undecided("no such program")
        return _of_argparse(program, Path(spec.origin), given)
    found = [one for one in entry_points(group="console_scripts") if one.name == program]
    if not found or not found[0].attr:
        raise Undecided("no such program")
    owner = follow.imported(found[0].module)
    main = getattr(owner, found[0].attr, None)
    command = _command(main)
    if command is not None:
        return _of_click(program, command, given)
    file = getattr(owner, "__file__", None)
    if not file or getattr(main, "__module__", "") != owner.__name__:
        raise Undecided("built otherwise")
    return _of_argparse(program, Path(file), given)


# -- click -----------------------------------------------------------------------


def _command(main: Any) -> Any:
    """The command of click's that a program is, or that its function does nothing but start."""
    if _is_command(main):
        return main
    node = sources.function(main) if hasattr(main, "__code__") else None
    called = [one.func for one in ast.walk(node) if isinstance(one, ast.Call)] if node else []
    if len(called) == 1 and isinstance(called[0], ast.Name):
        inner = main.__globals__.get(called[0].id)
        return inner if _is_command(inner) else None
    return None


def _is_command(value: Any) -> bool:
    return any(base.__module__ == "click.core" for base in type(value).__mro__) and hasattr(
        value, "params"
    )


def _of_click(program: str, command: Any, given: Sequence[str]) -> Slip | None:
    rest = list(given)
    while rest:
        options = {name: one for one in command.params for name in (*one.opts, *one.secondary_opts)}
        settings = command.context_settings or {}
        helps = settings.get("help_option_names", ["--help"])
        if settings.get("ignore_unknown_options"):
            raise Undecided("takes what it does not know")
        inner: Mapping[str, Any] | None = getattr(command, "commands", None)
        word = rest.pop(0)
        if word == "--":
            return None
        if _is_option(word):
            name = word.partition("=")[0] if word.startswith("--") else word[:2]
            known = options.get(name)
            if known is None and name not in helps:
                if inner is not None:
                    raise Undecided("another program may have the name")
                return _slip(name, program, options, "click")
            takes = known is not None and not (known.is_flag or known.count) and word == name
            if known is not None and takes:
                rest = rest[known.nargs :] if not (rest and _is_option(rest[0])) else rest
        elif inner is not None:
            if word not in inner:
                raise Undecided("no such command")
            command, program = inner[word], f"{program} {word}"
    return None


def _is_option(word: str) -> bool:
    return re.match(r"--?[A-Za-z]", word) is not None


def _slip(name: str, program: str, known: Iterable[str], sort: str) -> Slip:
    near = get_close_matches(name, sorted(known), 1, _ALIKE)
    return Slip(name, program, tuple(near), sort)


# -- argparse --------------------------------------------------------------------


def _of_argparse(program: str, file: Path, given: Sequence[str]) -> Slip | None:
    """A slip in an option of a program whose parser one module writes down, word by word."""
    calls = _calls(ast.parse(file.read_text(encoding="utf-8")))
    options, rest = _options_of_argparse(calls), list(given)
    # What follows a word may be for another program, as of `torchrun`.
    ends = any("REMAINDER" in ast.dump(one) or _keyword(one, "nargs") == "..." for one, _ in calls)
    while rest:
        word = rest.pop(0)
        name, equals, _ = word.partition("=")
        if not _is_option(word):
            if ends:
                return None
        elif name not in options:
            return _near_slip(name, program, options, "argparse")
        elif not equals:
            if not _takes_at_most_one(options[name]):
                return None  # how many values follow is for the program to say
            if _keyword(options[name], "action") not in _NO_VALUE and rest:
                rest.pop(0)
    return None


def _calls(tree: ast.Module) -> list[tuple[ast.Call, str]]:
    """The calls of a module, each with the name of what it calls.

    Raises:
        Undecided: there is not one parser alone, or something else may add options to it.
    """
    nodes = [one for one in ast.walk(tree) if isinstance(one, ast.Call)]
    calls = [(one, getattr(one.func, "attr", getattr(one.func, "id", ""))) for one in nodes]
    names, parsers = [name for _, name in calls], set(_parsers(tree))
    if "parse_known_args" in names or names.count("ArgumentParser") != 1:
        raise Undecided("built otherwise")
    for one, name in calls:
        passed = [*one.args, *(keyword.value for keyword in one.keywords)]
        keywords = {keyword.arg for keyword in one.keywords}
        inherits = name == "ArgumentParser" and keywords & {"parents", None}
        if inherits or any(getattr(value, "id", "") in parsers for value in passed):
            raise Undecided("options may be added elsewhere")
    return calls


def _options_of_argparse(calls: Sequence[tuple[ast.Call, str]]) -> dict[str, ast.Call]:
    """What is added to a parser, by the option."""
    options: dict[str, ast.Call] = {}
    for one, name in calls:
        for argument in one.args if name == "add_argument" else ():
            if not isinstance(argument, ast.Constant):
                raise Undecided("built otherwise")
            options[str(argument.value)] = one
    return options


def _takes_at_most_one(option: ast.Call) -> bool:
    known = _keyword(option, "action") is None or isinstance(_keyword(option, "action"), str)
    return known and _keyword(option, "nargs") is None


def _parsers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            made = getattr(node.value.func, "attr", getattr(node.value.func, "id", ""))
            if made in ("ArgumentParser", "add_argument_group", "add_parser", "add_subparsers"):
                yield from (one.id for one in node.targets if isinstance(one, ast.Name))


def _keyword(call: ast.Call, name: str) -> Any:
    """A keyword of a call: its constant, or its syntax; None if it is not there."""
    value = next((one.value for one in call.keywords if one.arg == name), None)
    return value.value if isinstance(value, ast.Constant) else value


def _near_slip(name: str, program: str, known: Iterable[str], sort: str) -> Slip | None:
    if any(one.startswith(name) for one in known) or not name.startswith("--"):
        return None
    found = _slip(name, program, known, sort)
    return found if found.near else None


# -- pip -------------------------------------------------------------------------


def _of_pip(given: Sequence[str]) -> Slip | None:
    known = _options_of_pip()
    for word in given:
        if word == "--":
            return None
        name = word.partition("=")[0]
        if word.startswith("--") and name not in known:
            return _near_slip(name, "pip", sorted(known), "pip")
    return None


def _options_of_pip() -> set[str]:
    """Every option in the source of pip: the environment's, or the one that Python brings."""
    spec = find_spec("pip")
    if spec is not None and spec.origin:
        files = Path(spec.origin).parent.joinpath("_internal").rglob("*.py")
        texts = [file.read_text(encoding="utf-8") for file in files]
    else:
        bundled = find_spec("ensurepip")
        folder = Path(bundled.origin or "").parent / "_bundled" if bundled else Path()
        wheel = next(iter(sorted(folder.glob("pip-*.whl"))), None)
        if wheel is None:
            raise Undecided("no pip")
        with zipfile.ZipFile(wheel) as archive:
            names = [name for name in archive.namelist() if name.startswith("pip/_internal/")]
            texts = [archive.read(name).decode() for name in names if name.endswith(".py")]
    found = {name for text in texts for name in _LITERAL.findall(text)}
    return {*found, "--help"}
