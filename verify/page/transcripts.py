"""What a console shows, told apart: what was typed into it, and what it answered."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.page.code import parsing
from verify.page.page import Output

# Of Python's console and of IPython's: a first line, and a line that goes on.
_TYPED = re.compile(r"^[^\S\n]*(?:>>>|In ?\[\d*\]:)(?: |$)(.*)$")
_GOES_ON = re.compile(r"^[^\S\n]*(?:\.\.\.|\.{3,}:)(?: |$)(.*)$")
_ANSWERED = re.compile(r"^[^\S\n]*Out ?\[\d*\]: ?")
_RAISED = "Traceback (most recent call last):"
# As doctest writes them: what stands for anything, and an empty line of an answer.
_ELIDED = re.compile(r"\.\.\.|\u2026|\u22ef")
_BLANK = "<BLANKLINE>"
_LOGGED = re.compile(
    r"^(?:\((?:\w+ )?pid=\d+\) )?(?:\[?\d{4}-\d\d-\d\d[ T]\d\d:|(?:DEBUG|INFO|WARNING|ERROR)\b)"
)


@dataclass(frozen=True)
class Entry:
    """Lines that were typed, the first of them in a 0-based row, and the answer to the last."""

    row: int
    source: str
    answer: str = ""

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The answer as a notebook would have it stored."""
        if not self.answer:
            return ()
        lines = self.answer.split("\n")
        if lines[0].strip() == _RAISED:
            return (Output("error", lines[-1].strip()),)
        if _ELIDED.search(self.answer):
            return ()  # the page does not show all of it
        if all(map(_LOGGED.match, lines)):
            return (Output("stderr", self.answer + "\n"),)
        if _shows(self.source):
            return (Output("display", self.answer, ("text/plain",)),)
        return (Output("stdout", self.answer + "\n"),)


def is_one(source: str) -> bool:
    """Whether a block begins as a console does when somebody types."""
    first = next((line for line in source.split("\n") if line.strip()), "")
    return bool(_TYPED.match(first))


def entries(source: str) -> Iterator[Entry]:
    """What was typed, up to each answer; every line keeps its row.

    A comment that somebody wrote between two prompts is no answer.
    """
    typed: dict[int, str] = {}
    answer: list[str] = []
    for row, line in enumerate(source.split("\n")):
        found = _TYPED.match(line)
        if found and answer:
            yield _entry(typed, answer)
            typed, answer = {}, []
        if found or (not answer and (found := _GOES_ON.match(line))):
            typed[row] = found[1]
        elif answer or not (line.lstrip().startswith("#") or not line.strip()):
            answer.append("" if line.strip() == _BLANK else _ANSWERED.sub("", line))
    if typed:
        yield _entry(typed, answer)


def _entry(typed: dict[int, str], answer: list[str]) -> Entry:
    first, last = min(typed, default=0), max(typed, default=0)
    source = "\n".join(typed.get(row, "") for row in range(first, last + 1))
    return Entry(first, source, "\n".join(answer).strip("\n"))


def _shows(source: str) -> bool:
    """Whether the last statement has a value that a console shows, and prints nothing itself."""
    tree = parsing.tree_of(source)
    last = tree.body[-1] if tree and tree.body else None
    if not isinstance(last, ast.Expr):
        return False
    value = last.value
    called = value.func if isinstance(value, ast.Call) else None
    return not (isinstance(called, ast.Name) and called.id == "print")
