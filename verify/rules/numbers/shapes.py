"""How many rows and columns a text says a table has, against the shape that a cell shows."""

import re
from collections.abc import Iterator

from verify.finding import Severity
from verify.page.page import Block, Page, Prose, Role
from verify.page.prose import numerals, quantities
from verify.page.prose.quantities import Quantity, is_whole
from verify.rules.numbers.conflict import Conflict, sentences_of
from verify.system.words import Words

_SAYS = Words(
    zh="文字中是 {stated}（{unit}），旁边的单元格却显示 `{shown}`。",
    en="The text says {stated} {unit}, but the cell beside it shows `{shown}`.",
)
_STATE = Words(zh="请写单元格显示的数。", en="State what the cell shows.")

_ASKS = re.compile(r"^\s*(?:print\()?\s*(?:[\w.\[\]'\"]+\.shape|len\(\w+\))\s*\)?\s*$")
_SHAPE = re.compile(r"\s*(?:\((?P<rows>\d+), ?(?P<columns>\d+)?\)|(?P<length>\d+))\s*")
_TABLE = re.compile(
    r"\b(?:table|data\s?set|data|frame|file|it|csv)\b|数据|表|文件|共", re.IGNORECASE
)
_OTHERWISE = re.compile(
    r"\b(?:each|every|per|first|last|of which|only|sampled?|subset|split|train|test|remov\w*|"
    r"drop\w*|after|before|original\w*|full|whole)\b|每|前|后|其中|抽取|子集|训练|测试|删除|去掉|原始|完整",
    re.IGNORECASE,
)
_ROWS, _COLUMNS, _LARGE = "samples", "columns", 10


def conflicts(page: Page) -> Iterator[Conflict]:
    """Rows and columns that the text right before or after such a cell tells otherwise."""
    shown = {code.cell: found for code in page.python if (found := _shape(code))}
    if not page.is_notebook or not shown:
        return
    printed = {n for one in page.codes for n in _numbers(one)}
    for piece in page.prose:
        near = {shown[cell] for cell in _beside(piece) if cell in shown}
        if piece.role in (Role.TABLE_CELL, Role.HEADING) or len(near) != 1:
            continue
        (rows, columns, text), *_ = near
        for sentence in sentences_of(piece.words):
            if _OTHERWISE.search(sentence[0]) or not _TABLE.search(sentence[0]):
                continue
            for q in quantities.find(sentence[0]):
                own = {_ROWS: rows, _COLUMNS: columns}.get(_unit(q, sentence[0]))
                if own is not None and is_whole(q) and q.value not in {own, *printed}:
                    yield _conflict(piece, sentence.start(), q, text)


def _unit(q: Quantity, text: str) -> str:
    """What it counts; Chinese counts rows by a word that stands for other things as well."""
    return _ROWS if text[q.end :].lstrip().startswith("行") else q.unit


def _beside(piece: Prose) -> tuple[int, ...]:
    return () if piece.cell is None else (piece.cell - 1, piece.cell + 1)


def _shape(code: Block) -> tuple[int, int | None, str] | None:
    """What a cell that ends in a question for a shape or a length has put out."""
    last = code.source.rstrip().rpartition("\n")[2]
    output = code.outputs[-1].text if len(code.outputs) == 1 and _ASKS.match(last) else ""
    found = _SHAPE.fullmatch(output)
    if found is None:
        return None
    rows = numerals.whole(found["rows"] or found["length"])
    columns = numerals.whole(found["columns"]) if found["columns"] else None
    return (rows, columns, found[0].strip()) if rows > _LARGE else None


def _numbers(code: Block) -> set[float]:
    texts = [code.source, *(output.text for output in code.outputs)]
    return {
        numerals.of_digits(n)
        for text in texts
        for n in re.findall(r"(?<![\w.])\d+(?![\w.]*\d)", text)
    }


def _conflict(piece: Prose, at: int, q: Quantity, shown: str) -> Conflict:
    unit = Words(zh="行数", en="rows") if q.unit != _COLUMNS else Words(zh="列数", en="columns")
    said = _SAYS.filled(stated=q.text, unit=unit, shown=shown)
    return Conflict(piece, at + q.start, said, _STATE, Severity.WARNING)
