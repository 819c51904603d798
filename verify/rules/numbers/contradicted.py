"""Prose numbers that the page's code or stored outputs contradict."""

from collections.abc import Iterator, Sequence

from verify.finding import Finding, FindingKind
from verify.page.code import literals
from verify.page.code.literals import Literal
from verify.page.page import Block, Page, Prose, Role, SpanKind
from verify.page.prose import comments
from verify.rules.checked_site import Site
from verify.rules.numbers import counts, number_claims, stated_metrics
from verify.rules.numbers.conflict import Conflict, shown
from verify.rules.numbers.number_claims import NumberClaim

# `轮` is an epoch or a round, as the page likes.
_SAME = {"epochs": ("epochs", "rounds", "trees"), "rounds": ("rounds", "epochs", "trees")}
_NAMES_TOO_WIDE = frozenset(
    {"k", "p", "n", "x", "y", "c", "id", "index", "start", "end", "step", "name"}
)
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
        for piece in texts:
            yield from _parameters(page, piece, stated)
            yield from counts.conflicts(piece, known)
    yield from stated_metrics.conflicts(page)


def _parameters(page: Page, piece: Prose, stated: Sequence[Literal]) -> Iterator[Conflict]:
    if piece.role is Role.TABLE_CELL:
        return
    beside = comments.code_of(piece)
    names = {literal.parameter for literal in stated} - _NAMES_TOO_WIDE - _FORGOTTEN
    for claim in number_claims.find(_plain(piece), sorted(names), beside_code=beside is not None):
        if not literals.is_telling(claim.parameter) and not _in_code(piece, claim):
            continue
        same = _SAME.get(claim.parameter, (claim.parameter,))
        given = [literal for literal in stated if literal.parameter in same]
        if beside is not None:
            own = [literal for literal in given if comments.is_beside(piece, literal)]
            if claim.parameter in ("epochs", "rounds") and not own:
                continue
            given = own or given
        else:
            near = _of_next_cell(page, piece, given)
            varies = len({literal.value for literal in given}) > 1
            if varies and not near and not literals.is_usual(claim.parameter):
                continue  # one more call may rely on a default
            given = near or given
        numbers = {literal.value for literal in given if len(literal.value) == 1}
        if any(not literal.value for literal in given):
            continue  # only a run knows what the parameter gets there
        if numbers and not any(_same(claim, number) for (number,) in numbers):
            yield _conflict(piece, claim, given)


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


def _of_next_cell(page: Page, piece: Prose, given: Sequence[Literal]) -> list[Literal]:
    """What the code cell right after the text gives, if the text is about that cell."""
    if piece.cell is None or (
        page.prose
        and any(other.cell == piece.cell and other.line > piece.line for other in page.prose)
    ):
        return []
    return [literal for literal in given if literal.code.cell == piece.cell + 1]


def _same(claim: NumberClaim, number: float) -> bool:
    return (
        literals.near(claim.value, number)
        or literals.near(claim.value, abs(number))
        or literals.near(claim.value, 100 * number)
        or literals.near(100 * claim.value, number)
    )


def _conflict(piece: Prose, claim: NumberClaim, given: Sequence[Literal]) -> Conflict:
    values = sorted({literal.value[0] for literal in given if len(literal.value) == 1})
    listed = " and ".join(shown(value) for value in values)
    where = _place(given[0].code, given[0].row)
    message = f"The text says {claim.parameter} {claim.text}, but the code has {listed} ({where})."
    suggestion = f"Write {listed}." if len(values) == 1 else ""
    return Conflict(piece, claim.start, message, suggestion)


def _place(code: Block, row: int) -> str:
    return f"cell {code.cell}" if code.cell is not None else f"line {code.line_of(row)}"
