"""What a page has stored beside what a run put out: how alike they are, and where they differ.

Of itself a comparison knows four outcomes; that a difference depends on a change, or on chance, is
for those to say who know the page's code and what was changed of it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from verify.finding import Worded
from verify.page.outputs import lines, varying
from verify.page.outputs.forms import OF_OTHERS, Form
from verify.page.outputs.lines import BandOf, LineDifference, OutputLine
from verify.page.outputs.output_reading import CUT, TOTALS, Reading, Slot
from verify.system.words import Text, Words, joined

Lines = Sequence[OutputLine]

_LONGEST = 100
NOTHING = Words(zh="无", en="nothing")
_NONE_SUCH = Words(zh="没有这样的内容", en="nothing of the kind")
_LINES = Words(zh="{count} 行，摘要 {digest}", en="{count} lines, digest {digest}")
_IN = Words(zh="{text}中的 {number}", en="{number} in {text}")
_ARRAY = re.compile(r"array (\d+) dimensions ?(\w*)")
_OF_TYPE = Words(
    zh="{count} 维数组，类型 {dtype}", en="an array, dimensions: {count}, type: {dtype}"
)
_OF_NO_TYPE = Words(zh="{count} 维数组", en="an array, dimensions: {count}")
_TABLE = re.compile(r"table (\d+) columns (\S+)")
_OF_COLUMNS = Words(
    zh="{count} 列的表格（列名的摘要 {digest}）",
    en="a table, columns: {count} (digest of their names: {digest})",
)
_ELSE = Words(zh="第 {line} 行有别的内容", en="something else in line {line}")


class OutputClass(Worded):
    """How a stored output and a run's compare."""

    EQUAL = "equal", "the run shows the same", "运行显示的相同"
    WITHIN_BAND = (
        "within band",
        "numbers differ by no more than a band whose source is stated",
        "数值差异在有依据的允许范围之内",
    )
    DEPENDS = (
        "depends on a change",
        "the profile changed what it is computed from",
        "配置改动了它所依据的内容",
    )
    VARIES = (
        "varies by nature",
        "it differs in what no two runs, machines or releases share",
        "差异在于每次运行、每台机器或每个版本本来就不同的内容",
    )
    DIFFERENT = "different", "the run shows something else", "运行显示的不同"
    UNCHECKED = "unchecked", "it was not compared", "没有比较"

    @property
    def brief(self) -> Words:
        """Its name."""
        return _BRIEF[self]


_BRIEF = {
    OutputClass.EQUAL: Words(zh="相同", en="equal"),
    OutputClass.WITHIN_BAND: Words(zh="在允许范围之内", en="within band"),
    OutputClass.DEPENDS: Words(zh="受改动影响", en="depends on a change"),
    OutputClass.VARIES: Words(zh="本来就会变化", en="varies by nature"),
    OutputClass.DIFFERENT: Words(zh="不同", en="different"),
    OutputClass.UNCHECKED: Words(zh="未比较", en="unchecked"),
}


@dataclass(frozen=True)
class Comparison:
    """How one stored output compares: the first difference, both sides, and what explains it.

    `missing` says that the run put out nothing in its place; `hard` that it differs in what neither
    chance nor other data explain: types, dimensions, columns, or an exception on one side. `open`
    says that it decides nothing: others than the page wrote it, or its difference is explained.
    """

    kind: OutputClass
    stored: Reading
    says: Text = ""
    observed: Text = ""
    why: Text = ""
    missing: bool = False
    hard: bool = False
    open: bool = False

    def explained(self, kind: OutputClass, why: Text) -> "Comparison":
        """The same, of a class that something outside of the outputs explains."""
        return replace(self, kind=kind, why=why, open=True)


def compare(
    stored: Sequence[Reading], run: Sequence[Reading], band_of: BandOf
) -> Iterator[Comparison]:
    """Compare each output that a cell has stored with the one that a run has in its place.

    An exception that the page has not stored counts as well.
    """
    for slot in Slot:
        ours = [reading for reading in stored if reading.slot is slot]
        theirs = [reading for reading in run if reading.slot is slot]
        for one, other in zip_longest(ours, theirs):
            if one is not None:
                yield _compared(one, other, band_of)
            elif other is not None and slot is Slot.RAISED:
                observed = _quoted(other.lines[0].text)
                yield Comparison(OutputClass.DIFFERENT, other, NOTHING, observed, hard=True)


def _compared(stored: Reading, run: Reading | None, band_of: BandOf) -> Comparison:
    if run and stored.digest == run.digest:
        return Comparison(OutputClass.EQUAL, stored)
    if _by_others(stored, run):
        return Comparison(OutputClass.VARIES, stored, why=stored.form.words, open=True)
    raised = stored.slot is Slot.RAISED
    if run is None:
        says = _quoted(stored.lines[0].text if stored.lines else "")
        says = stored.form.words if says == NOTHING else says
        return Comparison(OutputClass.DIFFERENT, stored, says, NOTHING, missing=True, hard=raised)
    ours, theirs = _told_by_both(stored, run)
    found = list(lines.differences(ours, theirs, band_of))
    if beyond := next((one for one in found if not one.within), None):
        says, observed = _told(beyond)
    elif (stored.count, stored.rest) != (run.count, run.rest):
        says, observed = (
            _LINES.filled(count=one.count, digest=one.rest[:6]) for one in (stored, run)
        )
    else:
        return _alike(stored, run, dict.fromkeys(one.band.source for one in found if one.band))
    hard = raised or not _same_outline(stored.outline, run.outline)
    if hard and not raised and beyond and beyond.numbers:  # of more weight than the numbers
        says, observed = (_outline(one) for one in (stored, run))
    return Comparison(OutputClass.DIFFERENT, stored, says, observed, hard=hard)


def _outline(reading: Reading) -> Text:
    """What neither chance nor other data changes of it, in words."""
    if array := _ARRAY.fullmatch(reading.outline):
        told = _OF_TYPE if array[2] else _OF_NO_TYPE
        return told.filled(count=array[1], dtype=array[2])
    if table := _TABLE.fullmatch(reading.outline):
        return _OF_COLUMNS.filled(count=table[1], digest=table[2])
    return reading.outline or _NONE_SUCH


def _told_by_both(stored: Reading, run: Reading) -> tuple[Lines, Lines]:
    """The lines of both; how long a training is only where both say so, as logs differ in that."""
    both = stored.lines, run.lines
    told = [line.text for some in both for line in some if line.text.startswith(TOTALS)]
    if not any("None" in text for text in told):
        return both
    ours, theirs = ([one for one in some if not one.text.startswith(TOTALS)] for some in both)
    return ours, theirs


def _same_outline(stored: str, run: str) -> bool:
    """Whether two outlines agree; one that is cut need not have all that the other has."""
    names, others = (set(outline.split(", ")) for outline in (stored, run))
    if CUT in names | others:
        return names - {CUT} <= others or others - {CUT} <= names
    return stored == run


def _by_others(stored: Reading, run: Reading | None) -> bool:
    """Whether an output is of those that the page's own code does not write."""
    if stored.form is Form.PROGRESS:
        return run is None or run.form is Form.LOG
    return stored.form in OF_OTHERS and (run is None or run.form in (*OF_OTHERS, Form.PROGRESS))


def _alike(stored: Reading, run: Reading, bands: Iterable[Text]) -> Comparison:
    if source := joined(bands):
        return Comparison(OutputClass.WITHIN_BAND, stored, why=source)
    if kinds := stored.varying | run.varying:
        return Comparison(OutputClass.VARIES, stored, why=varying.told(kinds))
    return Comparison(OutputClass.EQUAL, stored)


def _told(difference: LineDifference) -> tuple[Text, Text]:
    """Both sides of a difference; of a pinned page only which line it is."""
    line, same = difference.first, difference.other
    if difference.numbers:
        says, observed = difference.numbers
        return says, _IN.filled(number=observed, text=_quoted(same.text))
    if line.text or line is lines.NO_LINE:
        return _quoted(line.text), _quoted(same.text)
    return _ELSE.filled(line=difference.place + 1), _quoted(same.text)


def _quoted(text: str) -> Text:
    if not text:
        return NOTHING
    return f"“{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}”"
