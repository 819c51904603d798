"""What a document's prose and stored outputs state in checkable form, by cell.

Numbers with their units, versions, links, and names in inline code; final metrics, shapes and the
totals of progress bars. Never a sentence, and of inline code only what is a name or a literal.
"""

import re
from collections.abc import Iterator

from verify import quantities, units
from verify.facts import Fact, FactKind
from verify.quantities import QuantityKind
from verify.static.page import Output, Page, Prose, SpanKind

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?|-?\d+(?:\.\d+)?|'\w*'|\"\w*\"")
_METRIC = re.compile(
    r"\b((?:val[_-])?(?:loss|acc(?:uracy)?|auc|precision|recall|f1|mse|mae|rmse|r2|ks)(?:_score|_\d+)?)"
    r"['\"]?\s*[:=]\s*(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"(?:shape=|[Ss]ize\()?(\(\d+(?:, ?\d+)+,?\)|\(\d+,\)|\[\d+(?:, \d+)*\](?=\)))")
_PROGRESS = re.compile(r"\d+%\|[^|\n]*\|\s*\d+/(\d+)|(?<!\d)\d+/(\d+) \[[=>.]+\]")
_VERSION = re.compile(r"(?<![\w.])\d+\.\d+\.\d+(?:\.?(?:a|b|rc|post|dev)\d+)?(?:\+\w+)?(?![\w.])")


def of_page(page: Page) -> dict[int, tuple[Fact, ...]]:
    """The facts that the prose and the stored outputs of each cell state, in order."""
    found: dict[int, dict[Fact, None]] = {}
    for piece in page.prose:
        if piece.cell is not None:
            found.setdefault(piece.cell, {}).update(dict.fromkeys(_of_prose(piece)))
    for link in page.links:
        if link.cell is not None:
            found.setdefault(link.cell, {})[Fact(FactKind.LINK, link.target)] = None
    for code in page.codes:
        if code.cell is not None and code.runs:
            for output in code.outputs:
                found.setdefault(code.cell, {}).update(dict.fromkeys(_of_output(output)))
    return {cell: tuple(some) for cell, some in sorted(found.items()) if some}


def _of_prose(piece: Prose) -> Iterator[Fact]:
    for quantity in quantities.find(piece.words):
        if quantity.kind is QuantityKind.VERSION:
            yield Fact(FactKind.VERSION, quantity.text)
        else:
            known = quantity.unit in units.CANONICAL or quantity.kind is QuantityKind.PERCENT
            values = tuple(f"{value:.12g}" for value in quantity.values)
            yield Fact(FactKind.QUANTITY, quantity.unit if known else quantity.kind.value, values)
    for span in piece.spans:
        text = piece.text[span.start : span.end]
        if span.kind is SpanKind.CODE and _NAME.fullmatch(text):
            yield Fact(FactKind.NAME, text)


def _of_output(output: Output) -> Iterator[Fact]:
    last: dict[str, str] = {match[1]: match[2] for match in _METRIC.finditer(output.text)}
    yield from (Fact(FactKind.METRIC, name, (value,)) for name, value in last.items())
    # A log's line may show a shape or a version by chance: what a program prints is short.
    if output.name != "stderr":
        yield from (Fact(FactKind.SHAPE, match[1]) for match in _SHAPE.finditer(output.text))
        yield from (Fact(FactKind.VERSION, match[0]) for match in _VERSION.finditer(output.text))
    for match in _PROGRESS.finditer(output.text):
        yield Fact(FactKind.PROGRESS, match[1] or match[2])
