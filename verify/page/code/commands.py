"""The commands that a page shows for a shell, one by one, as far as they can be told apart.

A block says by its language that it is one, or by a prompt before each command; what then stands
without a prompt is an answer.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from verify.page.page import Block, Page

_SHELLS = {"bash", "sh", "shell", "zsh", "console", "shell-session", "shellsession"}
_MAY_BE_ONE = {"", "text", "none"}
_PROMPT = re.compile(r"^\s*(?:\([\w.-]+\) ?)?(?:[\w.-]+@[\w.-]+[:~ ]\S*)?[$%] +(?=\S)")
# What is typed also where nothing says so: a script that is started, a package that is installed.
_TYPED = re.compile(
    r"^\s*(?=(?:python3?|torchrun|bash|sh) (?:-\S+ )*[\w./-]+\.(?:py|sh)\b|pip3? install )"
)
_OF_A_NOTEBOOK = re.compile(r"^\s*[!%](?:cd\b|(?=[A-Za-z./]))")
_REST_OF_A_LINE = re.compile(r"\\\n\s*")
_BETWEEN = {"&&", "||", ";", "|", "&", "(", ")", "|&"}
_BEFORE_A_COMMAND = {"sudo", "time", "nohup", "exec", "then", "do", "else", "env"}
_PROGRAM = re.compile(r"[\w./~+@][\w./~+@:-]*", re.ASCII)
_PLACEHOLDER = re.compile(r"<[^<>|&;]+>")
_ASSIGNED = re.compile(r"[A-Za-z_]\w*=")


@dataclass(frozen=True)
class Command:
    """A program and what it is given, in a 0-based row of a block."""

    code: Block
    row: int
    words: tuple[str, ...]

    @property
    def program(self) -> str:
        """What is run."""
        return self.words[0]

    @property
    def line(self) -> int:
        """The line in the file."""
        return self.code.line_of(self.row)


def of_page(page: Page) -> Iterator[Command]:
    """The commands of a page, in order."""
    for code in page.codes:
        yield from _of_code(code)


@lru_cache(maxsize=512)
def _of_code(code: Block) -> tuple[Command, ...]:
    if "<<" in code.source:
        return ()  # what another program reads
    return tuple(
        Command(code, row, words)
        for row, line in _lines(code)
        for words in _split(line)
        if words and _PROGRAM.fullmatch(words[0])
    )


def _lines(code: Block) -> Iterator[tuple[int, str]]:
    """The lines that somebody types, each with its row; one that goes on counts as one."""
    if code.is_python:
        pattern = _OF_A_NOTEBOOK
    elif code.language in _SHELLS | _MAY_BE_ONE:
        pattern = _PROMPT
    else:
        return
    whole = [line for line in _joined(code.source) if line[1].strip()]
    typed = [(row, pattern.sub(_kept, line)) for row, line in whole if pattern.match(line)]
    if typed or code.is_python:
        yield from typed
    elif code.language in _SHELLS:
        yield from whole
    else:
        yield from ((row, line) for row, line in whole if _TYPED.match(line))


def _kept(prompt: re.Match[str]) -> str:
    return "cd" if prompt[0].endswith("cd") else ""


def _joined(source: str) -> Iterator[tuple[int, str]]:
    row = 0
    for part in re.split(r"(?<!\\)\n", source):
        yield row, _REST_OF_A_LINE.sub(" ", part)
        row += 1 + part.count("\n")


def _split(line: str) -> Iterator[tuple[str, ...]]:
    if _PLACEHOLDER.search(line):
        return
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()<>")
    lexer.whitespace_split = True
    lexer.commenters = "#"
    words: list[str] = []
    try:
        for word in lexer:
            if word in _BETWEEN:
                yield _bare(words)
                words = []
            else:
                words.append(word)
    except ValueError:
        return  # a quotation mark without a partner: the text goes on
    yield _bare(words)


def _bare(words: list[str]) -> tuple[str, ...]:
    """A command without what stands before its program."""
    first = 0
    while first < len(words) and (
        words[first] in _BEFORE_A_COMMAND or _ASSIGNED.match(words[first])
    ):
        first += 1
    return tuple(words[first:])
