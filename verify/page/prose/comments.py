"""Comments in code as prose: each block of them, and the code that it stands beside."""

import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from verify.page.code.literals import Literal
from verify.page.page import Block, Page, Prose, Role

_LOOKS_LIKE_CODE = re.compile(
    r"^\W*[\w.]+\s?[=(\[{]|^\W*(?:from|import|def|for|print|return)\b|^[%!@]|^\W*['\"{\[]"
)


@dataclass(frozen=True)
class Comment(Prose):
    """A comment, read as a paragraph. `row` to `last_row` are the lines that it may speak of."""

    code: Block | None = None
    row: int = 0
    last_row: int = 0


def of_page(page: Page) -> Iterator[Comment]:
    """The comments of a page's Python, blocks of whole lines joined."""
    for code in page.python:
        yield from _of_code(code)


@lru_cache(maxsize=512)
def _of_code(code: Block) -> tuple[Comment, ...]:
    found: list[tuple[int, str, bool]] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(code.python).readline):
            if token.type == tokenize.COMMENT:
                text = token.string.lstrip("#!: ")
                alone = not token.line[: token.start[1]].strip()
                if not _LOOKS_LIKE_CODE.match(text):
                    found.append((token.start[0] - 1, text, alone))
    except (tokenize.TokenError, SyntaxError):
        return ()
    blocks: list[tuple[int, list[str], bool]] = []
    for row, text, alone in found:
        if blocks and alone and blocks[-1][2] and blocks[-1][0] + len(blocks[-1][1]) == row:
            blocks[-1][1].append(text)
        else:
            blocks.append((row, [text], alone))
    return tuple(_comment(code, row, lines, alone) for row, lines, alone in blocks)


def _comment(code: Block, row: int, lines: list[str], alone: bool) -> Comment:  # noqa: FBT001
    return Comment(
        "\n".join(lines),
        code.line_of(row),
        Role.PARAGRAPH,
        code.cell,
        code.rows,
        code=code,
        row=row,
        last_row=row + len(lines) if alone else row,
    )


def code_of(piece: Prose) -> Block | None:
    """The code that a comment stands in; None for other prose."""
    return piece.code if isinstance(piece, Comment) else None


def is_beside(piece: Prose, literal: Literal) -> bool:
    """Whether a comment stands on a literal's line, or right above its statement."""
    if not isinstance(piece, Comment) or literal.code is not piece.code:
        return False
    return piece.row <= literal.row <= piece.last_row
