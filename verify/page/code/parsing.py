"""Python blocks of a page as syntax trees."""

import ast
import doctest
import re
import warnings
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from verify.page.page import Block

_PROMPT = re.compile(r"^[^\S\n]*>>> ?", re.MULTILINE)
_TRANSCRIPT = doctest.DocTestParser()


def statements(code: Block) -> list[tuple[str, int]]:
    """What is to be parsed as a whole, and its first row; of a console's transcript, each entry."""
    if code.runs or not _PROMPT.search(code.source):
        return [(code.python, 0)]
    try:
        return [(one.source, one.lineno) for one in _TRANSCRIPT.get_examples(code.source)]
    except ValueError:  # an uneven prompt
        return []


def parse(source: str) -> ast.Module:
    """Parse a source, which may be the inside of a function.

    Raises:
        SyntaxError: it is no Python.
    """
    return _parsed(dedented(source))


@lru_cache(maxsize=4096)
def tree_of(source: str) -> ast.Module | None:
    """The syntax tree of a source, to be read only; None if it is no valid Python."""
    try:
        return _parsed(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _parsed(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of escapes and the like, which the page has to answer for
        try:
            return ast.parse(source)
        except ValueError as error:  # what Python before 3.12 says of a NUL
            raise SyntaxError(str(error)) from error
        except MemoryError as error:  # how its parser says that something is nested too deep
            raise SyntaxError("too many levels within one another") from error


def dedented(source: str) -> str:
    """The source less the indentation that all its lines share."""
    lines = source.split("\n")
    indents = [len(line) - len(line.lstrip()) for line in lines if line.strip()]
    common = min(indents, default=0)
    return "\n".join(line[common:] for line in lines)


def trees(code: Block) -> Iterator[tuple[ast.Module, int]]:
    """The trees of a block with the row of each one's first line; nothing of what is no Python."""
    for source, row in statements(code):
        with suppress(SyntaxError):
            yield parse(source), row
