"""The options of commands are those that their programs take.

A program of the environment is asked; see `verify/probes/apiprobe/programs.py`. That no port is
above 65535 needs no environment: a port has sixteen bits.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.page.code import commands
from verify.page.code.commands import Command
from verify.page.page import Page
from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.checked_site import Site
from verify.system.words import Words

_UNKNOWN = Words(
    zh="{environment} 中的 `{program}` 没有选项 `{option}`。",
    en="`{program}` of {environment} has no option `{option}`.",
)
_PIP = Words(zh="`pip` 没有选项 `{option}`。", en="`pip` has no option `{option}`.")
_NEAR = Words(zh="应为 `{near}`？", en="Is it `{near}`?")
_SEE = Words(
    zh="请照 `{program} --help` 列出的选项书写。",
    en="Write one of the options that `{program} --help` lists.",
)
_NO_PORT = Words(
    zh="端口 {port} 不存在：端口最大为 65535。",
    en="There is no port {port}; the last is 65535.",
)
_ANOTHER = Words(zh="请写一个不超过 65535 的端口。", en="Write a port up to 65535.")

_PIP_PROGRAM = re.compile(r"pip(?:3(?:\.\d+)?)?")
_PYTHON = re.compile(r"python(?:3(?:\.\d+)?)?")
_PORT = re.compile(r"--?(?:\w+-)*port=(?P<port>\d+)")
_PORT_ALONE = re.compile(r"--?(?:\w+-)*port")
_LAST_PORT = 65535


@dataclass(frozen=True)
class Typed:
    """A command of a page, and what is asked of the environment about it."""

    page: Page
    command: Command
    question: InterfaceQuestion


def typed(site: Site, environment: Environment) -> Iterator[Typed]:
    """The commands with options whose programs the environment has, or Python brings."""
    for page in site.pages:
        for command in commands.of_page(page):
            program, words = _program(command.words)
            is_asked = program == "pip" or program.startswith("python -m ")
            is_asked = is_asked or (environment.prefix / "bin" / program).is_file()
            if is_asked and "/" not in program and any(word.startswith("-") for word in words):
                yield Typed(page, command, InterfaceQuestion(program, words=words))


def _program(words: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The program that is run in the end: `python -m pip` is pip."""
    first, *rest = words
    if _PIP_PROGRAM.fullmatch(first):
        return "pip", tuple(rest)
    if _PYTHON.fullmatch(first):
        if len(rest) < 3 or rest[0] != "-m":  # noqa: PLR2004  # a script of the page's own
            return first, ()
        return ("pip" if rest[1] == "pip" else f"python -m {rest[1]}"), tuple(rest[2:])
    return first, tuple(rest)


def unknown(
    asked: list[Typed], told: Mapping[InterfaceQuestion, Answer], environment: Environment
) -> Iterator[Finding]:
    """Find options that their program does not know."""
    for one in asked:
        answer = told[one.question]
        if answer.verdict is not Verdict.MISFIT:
            continue
        says = _PIP if answer.sort == "pip" else _UNKNOWN
        says = says.filled(program=answer.callee, option=answer.name, environment=environment.name)
        advice = _NEAR.filled(near=answer.near[0]) if answer.near else None
        sure = answer.sort == "click"
        yield _finding(
            one.page, one.command, says, advice or _SEE.filled(program=answer.callee), sure
        )


def ports(site: Site) -> Iterator[Finding]:
    """Find options with a port that there is not."""
    for page in site.pages:
        for command in commands.of_page(page):
            for word, value in zip(command.words, (*command.words[1:], ""), strict=True):
                found = _PORT.fullmatch(word)
                port = found["port"] if found else value if _PORT_ALONE.fullmatch(word) else ""
                if port.isascii() and port.isdigit() and int(port) > _LAST_PORT:
                    yield _finding(page, command, _NO_PORT.filled(port=port), _ANOTHER, True)


def _finding(page: Page, command: Command, says: Words, advice: Words, sure: bool) -> Finding:  # noqa: FBT001
    return Finding(
        page.path,
        command.line,
        command.code.cell,
        FindingKind.BAD_OPTION,
        Severity.ERROR if sure else Severity.WARNING,
        says,
        advice,
    )
