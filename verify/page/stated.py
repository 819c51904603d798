"""What a document's prose and stored outputs state in checkable form, by cell.

Numbers with their units, versions, links, and names in inline code; of outputs final metrics,
shapes, types, keys, numbered lists, counts and the totals of progress bars. Never a sentence, and
of inline code only what is a name or a literal.
"""

import re
from collections import Counter
from collections.abc import Iterator

from verify.page.code.facts import Fact, FactKind
from verify.page.page import Output, Page, Prose, SpanKind
from verify.page.prose import quantities, units
from verify.page.prose.quantities import QuantityKind, is_whole
from verify.system import digests

_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*(?:\(\))?|-?\d+(?:\.\d+)?|'\w*'|\"\w*\"")
_METRIC = re.compile(
    r"\b((?:val[_-])?(?:\w*(?:loss|accuracy|precision|recall)|acc|auc|f1|mse|mae|rmse|r2|ks)"
    r"(?:_score|_\d+)?)"
    r"['\"]?\s*[:=]\s*(-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)",
    re.IGNORECASE,
)
_SHAPE = re.compile(r"(\(\d+(?:, ?\d+)+,?\)|\(\d+,\)|(?<=[Ss]ize\()\[\d+(?:, \d+)*\](?=\)))")
_PROGRESS = re.compile(r"\d+%\|[^|\n]*\|\s*\d+/(\d+)|(?<!\d)\d+/(\d+) \[[=>.]+\]")
_LASTED = re.compile(r"(?<![\w.])(\d+)it \[(?:(\d+):)?(\d+):(\d\d)")
_VERSION = re.compile(r"(?<![\w.])\d+\.\d+\.\d+(?:\.?(?:a|b|rc|post|dev)\d+)?(?:\+\w+)?(?![\w.])")

_TYPE = re.compile(r"<class '([\w.]+)'>")
_KEYS = re.compile(r"\b(dict_keys)\(\[((?:'\w+'(?:, )?)+)\]\)")
_NUMBERED = re.compile(r"^(\d+) (\S+)$", re.MULTILINE)
_NUMBERING = re.compile(r"[\d_]+$")
_FEWEST = 3
_TOLD = re.compile(r"[A-Za-z]{2,} \d[\d,]* [A-Za-z]{2,}")

# What no reduction of cost changes: it is the same in every run of the page.
FIXED = frozenset({FactKind.SHAPE, FactKind.TYPE, FactKind.KEYS, FactKind.LIST})


def of_page(page: Page) -> dict[int, tuple[Fact, ...]]:
    """The facts that the prose and the stored outputs of each cell state, in order."""
    found: dict[int, dict[Fact, None]] = {}
    for piece in page.prose:
        if piece.cell is not None:
            found.setdefault(piece.cell, {}).update(dict.fromkeys(_of_prose(piece)))
    for link in page.links:
        if link.cell is not None:
            found.setdefault(link.cell, {})[Fact(FactKind.LINK, link.target)] = None
    for cell in page.cells:
        for output in cell.outputs:
            found.setdefault(cell.index, {}).update(dict.fromkeys(_of_output(output)))
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
        yield from fixed(output.text)
        yield from (Fact(FactKind.VERSION, match[0]) for match in _VERSION.finditer(output.text))
        yield from counted(output.text)
    for match in _PROGRESS.finditer(output.text):
        yield Fact(FactKind.PROGRESS, match[1] or match[2])
    if bars := _LASTED.findall(output.text):
        steps, hours, minutes, seconds = bars[-1]
        yield Fact(FactKind.PROGRESS, steps)
        lasted = 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
        yield Fact(FactKind.DURATION, "s", (str(lasted),))


def fixed(printed: str) -> Iterator[Fact]:
    """What a program printed that no reduction of cost changes: see `FIXED`."""
    yield from (Fact(FactKind.SHAPE, match[1]) for match in _SHAPE.finditer(printed))
    yield from (Fact(FactKind.TYPE, match[1]) for match in _TYPE.finditer(printed))
    yield from (
        Fact(FactKind.KEYS, match[1], tuple(match[2].split(", ")))
        for match in _KEYS.finditer(printed)
    )
    numbered = _NUMBERED.findall(printed)
    if len(numbered) >= _FEWEST and [int(n) for n, _ in numbered] == list(range(len(numbered))):
        yield _listed([name for _, name in numbered])


def _listed(names: list[str]) -> Fact:
    """A numbered list, such as a network's layers: counts by kind, and a digest of their order.

    A kind is a name without its number: a library counts on where a process makes a second network.
    """
    kinds = [_NUMBERING.sub("", name) for name in names]
    counts = tuple(f"{count} {kind}" for kind, count in sorted(Counter(kinds).items()))
    order = digests.of(" ".join(kinds))
    return Fact(FactKind.LIST, str(len(names)), (*counts, f"order {order[:16]}"))


def counted(printed: str) -> Iterator[Fact]:
    """Whole numbers of known things, where a line tells them among words."""
    for line in printed.splitlines():
        if _TOLD.search(line) and not _METRIC.search(line) and not _PROGRESS.search(line):
            for quantity in quantities.find(line):
                if is_whole(quantity) and quantity.unit in units.CANONICAL:
                    yield Fact(FactKind.QUANTITY, quantity.unit, (f"{quantity.value:.12g}",))
