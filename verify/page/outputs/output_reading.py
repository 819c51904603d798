"""Outputs of a cell, read: what form each has, and its lines as they compare."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from verify.page import notebook, stated, text_cells
from verify.page.code.facts import Fact, FactKind
from verify.page.outputs import figures, forms, lines, other_hands, printed_tables, training_logs
from verify.page.outputs.forms import Form
from verify.page.outputs.lines import OutputLine
from verify.page.outputs.printed_tables import Table
from verify.page.outputs.steady_text import masked, without_forwarded
from verify.page.page import Block, Page
from verify.system import digests
from verify.system.terminal_text import as_shown, plain
from verify.system.words import Words

# Of an output that has more lines the rest is known by one digest.
LONGEST = 200
# Forms whose parts compare one by one, however they were broken into lines.
_OF_PARTS = {Form.ARRAY, Form.CONTAINER, Form.OBJECT}
# What is told of a printed text that has several forms: the first of these.
_TELLING = (Form.TABLE, Form.SERIES, Form.ARRAY, Form.CONTAINER, Form.OBJECT, Form.NUMBER)

Output = Mapping[str, Any]


class Slot(str, Enum):
    """Where a cell puts an output."""

    PRINTED = "printed"
    LOGGED = "logged"
    TRAINING = "training"
    RESULT = "result"
    SHOWN = "shown"
    RAISED = "raised"

    @property
    def words(self) -> Words:
        """Its name."""
        return _SLOTS[self]


_SLOTS = {
    Slot.PRINTED: Words(zh="打印", en="printed"),
    Slot.LOGGED: Words(zh="日志", en="logged"),
    Slot.TRAINING: Words(zh="训练", en="training"),
    Slot.RESULT: Words(zh="结果", en="result"),
    Slot.SHOWN: Words(zh="显示", en="shown"),
    Slot.RAISED: Words(zh="异常", en="raised"),
}

_STATED = (Slot.PRINTED, Slot.RESULT)


@dataclass(frozen=True)
class Reading:
    """One output.

    `digest` is that of all of it as it is shown. `outline` is what neither chance nor other data
    changes: types, dimensions, columns. `varying` are the kinds of what was left out or masked.
    There are `count` lines; those beyond the kept ones have the digest `rest`.
    """

    slot: Slot
    form: Form
    digest: str
    lines: tuple[OutputLine, ...] = ()
    count: int = 0
    rest: str = ""
    outline: str = ""
    varying: frozenset[str] = frozenset()


# How the line of a training's log begins that says how long it is.
TOTALS = "epochs told"
# Stands for names that an output has not told to the end.
CUT = "…"


@dataclass(frozen=True)
class _Unit:
    """A piece of a text that is of one form, and its lines."""

    form: Form
    outline: str
    lines: tuple[str, ...]


@lru_cache(maxsize=4)
def of_page(page: Page) -> Mapping[int, tuple[Reading, ...]]:
    """The stored outputs of a page, by cell; a cell that has none is missing."""
    if page.path.suffix == ".py":
        return {}
    nodes = enumerate(text_cells.node(page).cells)
    outputs = {index: (cell.get("outputs", ()), cell.source) for index, cell in nodes}
    read = {index: of_cell(*some) for index, some in outputs.items()}
    return {index: readings for index, readings in read.items() if readings}


def of_cell(outputs: Sequence[Output], source: str) -> tuple[Reading, ...]:
    """The outputs of a cell: what it printed and logged as one each, its results in their order.

    Args:
        outputs: as nbformat has them.
        source: the cell's code.
    """
    printed, logged = (plain(_stream(outputs, name)) for name in ("stdout", "stderr"))
    training = _training(outputs, source)
    found = [
        _printed(printed, source, trains=training is not None),
        training,
        None if training else _logged(logged),
        *(_of_output(output, source) for output in outputs if output["output_type"] != "stream"),
    ]
    return tuple(reading for reading in found if reading)


def _stream(outputs: Sequence[Output], name: str) -> str:
    streams = (o for o in outputs if o["output_type"] == "stream" and o["name"] == name)
    return "".join(stream["text"] for stream in streams)


def _printed(text: str, source: str, *, trains: bool) -> Reading | None:
    """What a cell printed, less what others wrote into it."""
    own = without_forwarded(text)
    shown = as_shown(own)
    own_lines, kinds = other_hands.own_lines(shown)
    if own != text:
        kinds |= {other_hands.FORWARDED}
    if trains:
        own_lines = [line for line in own_lines if not training_logs.tells(line)]
    units = list(_units([line.rstrip() for line in own_lines]))
    if not units:
        form = next((form for form in forms.OF_OTHERS if form.sentence in kinds), None)
        return _reading(Slot.PRINTED, form, shown, []) if form else None
    told = [unit.form for unit in units]
    form = next((form for form in _TELLING if form in told), Form.LINES)
    return _reading(Slot.PRINTED, form, shown, units, source=source, kinds=kinds)


def _training(outputs: Sequence[Output], source: str) -> Reading | None:
    """The trainings that the log of a cell tells."""
    block = Block(source, 1, cell=0, kind="code", outputs=tuple(map(notebook.output, outputs)))
    shown = [line for output in block.outputs for line in output.text.split("\n")]
    told = training_logs.trainings(block) if any(map(training_logs.tells, shown)) else ()
    if not told:
        return None
    rows = []
    for one in told:
        rows.append(f"{TOTALS} {len(one.epochs)}, of {one.total}, steps {one.steps}")
        for name, values in one.series.items():
            numbers = " ".join(f"{value:.7g}" for value in values)
            rows.append(f"{training_logs.unnumbered(name)}: {numbers}")
    names = sorted({training_logs.unnumbered(name) for one in told for name in one.series})
    # A progress bar is cut at the width of its terminal, and what it tells last with it.
    more = [CUT] if any(map(training_logs.is_cut, shown)) else []
    unit = _Unit(Form.TRAINING, ", ".join([*names, *more]), tuple(rows))
    return _reading(Slot.TRAINING, Form.TRAINING, "\n".join(shown), [unit])


def _logged(text: str) -> Reading | None:
    """What went to the log: of progress bars where they lead to, of all else that there is one."""
    shown = as_shown(text)
    if not shown.strip():
        return None
    bars = dict.fromkeys(total for line in shown.split("\n") for total in training_logs.bars(line))
    unit = _Unit(Form.PROGRESS, "", tuple(f"a bar up to {total}" for total in bars))
    form = Form.PROGRESS if bars else Form.LOG
    return _reading(Slot.LOGGED, form, shown, [unit] if bars else [], kinds=["duration"])


def _of_output(output: Output, source: str) -> Reading | None:
    """A result, something displayed, or an exception."""
    if output["output_type"] == "error":
        # Editors note the death of a kernel as an error without a name.
        told = f"{output['ename']}: {output['evalue']}" if output["ename"] else "the kernel died"
        unit = _Unit(Form.ERROR, output["ename"], (plain(told),))
        return _reading(Slot.RAISED, Form.ERROR, told, [unit])
    data = output.get("data", {})
    slot = Slot.RESULT if output["output_type"] == "execute_result" else Slot.SHOWN
    text = as_shown(str(data.get("text/plain", "")))
    if figures.is_figure(data):
        told = figures.told(data)
        unit = _Unit(Form.FIGURE, told, (told,))
        return _reading(slot, Form.FIGURE, f"{text} {told}", [unit], kinds=["picture"])
    if table := printed_tables.of_html(str(data.get("text/html", ""))):
        unit = _of_table(table)  # its text may leave columns out
        whole = "\n".join((text, *unit.lines))
        return _reading(slot, Form.TABLE, text, [unit], source=source, whole=whole)
    if not text.strip():
        return None
    form, outline = forms.of_value(text)
    units = [_of_value(text, form, outline)]
    if form in (Form.LINES, Form.SERIES):
        units = list(_units(text.split("\n")))
        form = Form.TABLE if any(unit.form is Form.TABLE for unit in units) else form
    return _reading(slot, form, text, [] if form in forms.OF_OTHERS else units, source=source)


def _units(shown: list[str]) -> Iterator[_Unit]:
    """Tables, values that go over several lines, and lines."""
    pending: list[str] = []
    for piece in printed_tables.split(shown):
        if isinstance(piece, Table):
            yield from _texts(pending)
            pending = []
            yield _of_table(piece)
        else:
            pending.append(piece)
    yield from _texts(pending)


def _texts(shown: list[str]) -> Iterator[_Unit]:
    for text in forms.units(shown):
        if text.strip():
            yield _of_value(text, *forms.of_value(text))


def _of_value(text: str, form: Form, outline: str) -> _Unit:
    parts = tuple(forms.elements(text)) if form in _OF_PARTS or "\n" in text else (text,)
    return _Unit(form, outline, parts)


def _of_table(table: Table) -> _Unit:
    rows, columns = table.shape or (len(table.rows), len(table.columns))
    names = " | ".join(table.columns)
    shown = (f"{rows} rows, {columns} columns", names, *map(" | ".join, table.rows))
    outline = f"{columns} columns {digests.key(names)}"
    return _Unit(Form.TABLE, outline, shown)


def _reading(
    slot: Slot,
    form: Form,
    shown: str,
    units: Sequence[_Unit],
    *,
    source: str = "",
    kinds: Iterable[str] = (),
    whole: str = "",
) -> Reading:
    read: list[OutputLine] = []
    varying = set(kinds)
    for unit in units:
        for text in unit.lines:
            steady, masks = masked(" ".join(text.split()), source, elsewhere=True)
            varying |= masks
            read.append(lines.of_text(steady))
    kept, more = read[:LONGEST], read[LONGEST:]
    told = [f"{unit.form.value} {unit.outline}" for unit in units if unit.outline]
    told += dict.fromkeys(map(_fixed, stated.fixed(shown))) if slot in _STATED else ()
    return Reading(
        slot,
        form,
        digests.key(whole or shown.strip()),
        tuple(kept),
        len(read),
        digests.key(*(line.digest for line in more)) if more else "",
        "; ".join(told),
        frozenset(varying),
    )


def _fixed(fact: Fact) -> str:
    """What no reduction of cost changes; of a shape, fewer samples change the first dimension."""
    if fact.kind is FactKind.SHAPE:
        sizes = fact.target.strip("()[], ").split(",")
        return f"shape of {len(sizes)}:{','.join(sizes[1:])}"
    return f"{fact.kind.value} {fact.target} {' '.join(fact.arguments)}".strip()
