"""Prose numbers that the page's code or stored outputs contradict."""

import re
from collections.abc import Iterator, Mapping, Sequence

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import literals
from verify.page.code.literals import Literal
from verify.page.page import Block, Page, Prose, Role, SpanKind
from verify.page.prose import comments, numerals
from verify.rules.advice import write
from verify.rules.checked_site import Site
from verify.rules.numbers import counts, named_classes, number_claims, shapes, stated_metrics
from verify.rules.numbers.conflict import Conflict, both, shown
from verify.rules.numbers.number_claims import NumberClaim
from verify.system.words import Words

_OTHERWISE = Words(
    zh="{name}：文字中是 {stated}，代码中却是 {listed}（{where}）。",
    en="The text says {name} {stated}, but the code has {listed} ({where}).",
)
_CELL = Words(zh="单元格 {cell}", en="cell {cell}")
_LINE = Words(zh="第 {line} 行", en="line {line}")
# `轮` is an epoch or a round, as the page likes.
_SAME = {"epochs": ("epochs", "rounds", "trees"), "rounds": ("rounds", "epochs", "trees")}
_NAMES_TOO_WIDE = frozenset(
    {"k", "p", "n", "x", "y", "c", "id", "index", "start", "end", "step", "name"}
)
_NUMBERS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w|\.\d)", re.ASCII)
_FORGOTTEN = frozenset({"first layers", "softmax units", "height", "width"})


def check(site: Site) -> Iterator[Finding]:
    """Parameters, counts, sizes and metrics that code and outputs have otherwise than the text."""
    for page in site.pages:
        for conflict in _conflicts(page):
            yield conflict.finding(page, FindingKind.NUMBER)


def _conflicts(page: Page) -> Iterator[Conflict]:
    stated = literals.of_page(page)
    texts = [*page.prose, *comments.of_page(page)]
    if page.python:
        known = counts.evidence(page, stated)
        given: dict[str, list[Literal]] = {}
        for literal in stated:
            given.setdefault(literal.parameter, []).append(literal)
        names = number_claims.Names(given.keys() - _NAMES_TOO_WIDE - _FORGOTTEN)
        for piece in texts:
            yield from _parameters(page, piece, given, names)
            yield from counts.conflicts(piece, known)
        yield from named_classes.conflicts(page)
    yield from stated_metrics.conflicts(page)
    yield from shapes.conflicts(page)


def _parameters(
    page: Page, piece: Prose, stated: Mapping[str, Sequence[Literal]], names: number_claims.Names
) -> Iterator[Conflict]:
    if piece.role is Role.TABLE_CELL:
        return
    beside = comments.code_of(piece)
    for claim in number_claims.find(_plain(piece), names, beside_code=beside is not None):
        if not literals.is_telling(claim.parameter) and not _in_code(piece, claim):
            continue
        same = _SAME.get(claim.parameter, (claim.parameter,))
        given = [literal for one in dict.fromkeys(same) for literal in stated.get(one, ())]
        given.sort(key=lambda one: (one.code.line, one.row))
        if beside is not None:
            near = [literal for literal in given if comments.is_beside(piece, literal)]
            if claim.parameter in ("epochs", "rounds", "trees") and not near:
                continue
        else:
            near = _of_next_code(page, piece, given)
        if not near and (claim.name or len({literal.value for literal in given}) > 1):
            continue  # of which of them it speaks is not told, or what may be set
        if _is_told_otherwise(page, piece, claim, given, near):
            continue
        # The text may still speak of the code above.
        above = any(
            one.value == (claim.value,) and one.code.line < piece.line for one in given if near
        )
        given = near or given
        numbers = {literal.value for literal in given if len(literal.value) == 1}
        if any(not literal.value for literal in given):
            continue  # only a run knows what the parameter gets there
        if numbers and not any(_same(claim, number, given) for (number,) in numbers):
            yield _conflict(piece, claim, given, () if above else near)


def _is_told_otherwise(
    page: Page,
    piece: Prose,
    claim: NumberClaim,
    given: Sequence[Literal],
    near: Sequence[Literal],
) -> bool:
    """Whether the text names the code's value, too, an option of a command, or other code."""
    inside = (
        piece.text[span.start : span.end]
        for span in piece.spans
        if span.kind is SpanKind.CODE and span.start <= claim.start < span.end
    )
    if any(code.lstrip("'\"").startswith("--") for code in inside):
        return True
    told = {numerals.of_digits(one) for one in _NUMBERS.findall(piece.text)} - {claim.value}
    if isinstance(piece, comments.Comment):
        return False
    if any(literal.value and literal.value[0] in told for literal in given):
        return True
    number = re.compile(rf"(?<![\w.]){re.escape(claim.text)}(?![\w.])", re.ASCII)
    return not near and any(number.search(code.source) for code in page.codes)


def _plain(piece: Prose) -> str:
    """The text, inline code included, formulas and addresses blanked."""
    text = piece.text
    for span in piece.spans:
        if span.kind is not SpanKind.CODE:
            text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def _in_code(piece: Prose, claim: NumberClaim) -> bool:
    return claim.named_at is not None and any(
        span.kind is SpanKind.CODE and span.start <= claim.named_at < span.end
        for span in piece.spans
    )


def _of_next_code(page: Page, piece: Prose, given: Sequence[Literal]) -> list[Literal]:
    """What the code right after the text gives, if the text is about that code."""
    following = next((code for code in page.python if code.line > piece.line), None)
    if following is None or any(piece.line < one.line < following.line for one in page.headings):
        return []
    if piece.cell is not None and (
        following.cell not in (piece.cell, piece.cell + 1)
        or any(other.cell == piece.cell and other.line > piece.line for other in page.prose)
    ):
        return []
    return [literal for literal in given if literal.code is following]


def _same(claim: NumberClaim, number: float, given: Sequence[Literal]) -> bool:
    # `range(1, n)` counts one less than it says.
    if claim.parameter in _SAME and any("range(1," in literal.code.source for literal in given):
        number = claim.value if claim.value == number - 1 else number
    return any(
        literals.near(claim.value, other)
        for other in (number, abs(number), 100 * number, number / 100)
    )


def _conflict(
    piece: Prose, claim: NumberClaim, given: Sequence[Literal], near: Sequence[Literal]
) -> Conflict:
    values = sorted({literal.value[0] for literal in given if len(literal.value) == 1})
    listed = both(map(shown, values))
    message = _OTHERWISE.filled(
        name=number_claims.words(claim.parameter),
        stated=claim.text,
        listed=listed,
        where=_place(given[0].code, given[0].row),
    )
    suggestion = write(listed) if len(values) == 1 else ""
    # The code beside it calls the parameter by the same name and gives it one other value.
    literal = len(values) == 1 and any(
        re.search(rf"\b{re.escape(claim.name)}\b", one.code.source) for one in near if claim.name
    )
    severity = Severity.ERROR if literal else Severity.WARNING
    return Conflict(piece, claim.start, message, suggestion, severity)


def _place(code: Block, row: int) -> Words:
    return (
        _LINE.filled(line=code.line_of(row)) if code.cell is None else _CELL.filled(cell=code.cell)
    )
