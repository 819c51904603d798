"""What a run may put out that is something else than what the page has stored.

An operator looks at the outputs that a page has stored of one cell, and yields what a run would
have put out in their place. What it changes certainly makes another result of it.
"""

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.mutants.places import misspelt

Output = dict[str, Any]


@dataclass(frozen=True)
class Rerun:
    """The outputs of a run in place of those stored; `hard` if nothing could explain them."""

    outputs: list[Output]
    says: str
    hard: bool = False


OutputOperator = Callable[[Sequence[Output]], Iterator[Rerun]]

# Lines in which something may vary by nature: what the operators change stays away from them.
_FLEETING = re.compile(
    r"0x[0-9a-f]+|\d:\d\d|\d{4}-\d\d|/|\d ?(?:[nmuµ]?s|it|MB|kB)\b|time|took|pid|port|%\||Epoch"
    r"|INFO|WARN|\d+\.\d+\.\d+|at http|[0-9a-f]{8,}|Downloading|Collecting|Requirement",
    re.IGNORECASE,
)
# A compiler's program, a download or a library's log: whole texts that are nobody's result.
_OF_OTHERS = re.compile(
    r"HloModule|ENTRY |module @|Downloading|^Collecting |^huggingface/", re.MULTILINE
)
_NUMBER = re.compile(r"(?<![\w.\-+])\d+(?:\.\d+)?(?![\w.])")
_WORD = re.compile(r"(?<![\w.'\"<])[A-Za-z]{5,}(?![\w.'\"(=])")
_KEY = re.compile(r"(?<=[{ (\[])'(\w{3,})'(?=:|,|\])")
_EPOCH = re.compile(r"(?m)^Epoch (\d+)/(\d+)\n")
BAR = re.compile(r"\b(\d+)/(\d+) \[")
_METRIC = re.compile(r"\b(loss|accuracy|auc|val_loss|val_accuracy)(?=: \d)")
_METRIC_VALUE = re.compile(r"(?<=loss: )(\d+\.\d+)")
_CELL = re.compile(r"(?<=<td>)(\d+\.\d+)(?=</td>)")
# Of the head, after which the rows begin; a row's own name is data.
_HEAD = re.compile(r"(?s)(?<=<th>)([A-Za-z][\w ()]{2,})(?=</th>)(?=.*<tbody>)")
_ROW = re.compile(r"(?s)<tr>\s*<th>\d+</th>.*?</tr>\s*")
_DTYPE = re.compile(r"dtype=(float|int)(\d+)")
_ROWS = re.compile(r"(\d+)(?= rows [x×] \d+ columns)")
_AXES = re.compile(r"with (\d+) Axes")


def texts(outputs: Sequence[Output]) -> Iterator[tuple[int, str, str]]:
    """Where the texts of outputs are: number, form, the text."""
    for number, output in enumerate(outputs):
        if output["output_type"] == "stream":
            yield number, output["name"], output["text"]
        elif output["output_type"] != "error":
            for form in ("text/html", "text/plain"):
                if form in output["data"]:
                    yield number, form, output["data"][form]


def with_text(outputs: Sequence[Output], number: int, form: str, text: str) -> list[Output]:
    changed = copy.deepcopy(list(outputs))
    if changed[number]["output_type"] == "stream":
        changed[number]["text"] = text
    else:
        changed[number]["data"][form] = text
        if form == "text/html":  # what only a terminal would show says the same
            changed[number]["data"]["text/plain"] += " "
    return changed


def _is_value(output: Output) -> bool:
    """Whether an output is a result in words alone: no table, no picture."""
    data = output.get("data", {})
    return bool(data) and not any(k.startswith("image/") or k == "text/html" for k in data)


def _lines(outputs: Sequence[Output]) -> Iterator[tuple[int, str, str, re.Match[str]]]:
    """Lines of a page's own that a run has to print again: number, form, the text, the line."""
    for number, form, text in texts(outputs):
        if form == "stdout" or (form == "text/plain" and _is_value(outputs[number])):
            if _OF_OTHERS.search(text):
                continue
            for line in re.finditer(r"(?m)^.*\w.*$", text):
                if len(line[0]) < 200 and not _FLEETING.search(line[0]):
                    yield number, form, text, line


def _substituted(  # noqa: PLR0917
    outputs: Sequence[Output],
    number: int,
    form: str,
    text: str,
    span: tuple[int, int],
    becomes: str,
    *,
    hard: bool = False,
) -> Rerun:
    start, end = span
    says = f"{' '.join(text[start:end].split()) or 'nothing'} → {becomes.strip() or 'nothing'}"
    changed = with_text(outputs, number, form, text[:start] + becomes + text[end:])
    return Rerun(changed, says[:70], hard)


def line_dropped(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A line that was printed is missing."""
    for number, form, text, line in _lines(outputs):
        if form == "stdout" and text.count("\n") > 1:
            start, end = line.span()
            yield _substituted(outputs, number, form, text, (start, end + 1), "")


def line_added(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """Something more is printed."""
    for number, form, text, line in _lines(outputs):
        if form == "stdout":
            where = (line.start(), line.start())
            yield _substituted(outputs, number, form, text, where, "nobody has seen this before\n")


def word_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A line says something else."""
    for number, form, text, line in _lines(outputs):
        for word in list(_WORD.finditer(line[0]))[:1]:
            start, end = (line.start() + at for at in word.span())
            yield _substituted(outputs, number, form, text, (start, end), misspelt(word[0]))


def number_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A number is far from what it was."""
    for number, form, text, line in _lines(outputs):
        for found in list(_NUMBER.finditer(line[0]))[:1]:
            start, end = (line.start() + at for at in found.span())
            yield _substituted(outputs, number, form, text, (start, end), _other(found[0]))


def _other(number: str) -> str:
    return (
        f"{float(number) * 1.5 + 1:.{len(number.partition('.')[2])}f}"
        if "." in number
        else (str(int(number) + 1))
    )


def key_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A key of a dictionary, or a name in a list, is another one."""
    for number, form, text, line in _lines(outputs):
        for found in list(_KEY.finditer(line[0]))[:1]:
            start, end = (line.start() + at for at in found.span(1))
            yield _substituted(outputs, number, form, text, (start, end), misspelt(found[1]))


def type_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """An array's numbers have another type."""
    yield from _in_values(outputs, _DTYPE, lambda found: f"dtype={found[1]}16", hard=True)


def dimension_added(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """An array has a dimension more."""
    for number, form, text in texts(outputs):
        if form == "text/plain" and re.match(r"(?:Device)?[aA]rray\(\[", text):
            first, last = text.index("["), text.rindex("]") + 1
            inner = f"[{text[first:last]}]"
            changed = with_text(outputs, number, form, text[:first] + inner + text[last:])
            yield Rerun(changed, "one pair of brackets more", hard=True)


def bracket_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A list is a tuple, or the other way round."""
    for number, form, text in texts(outputs):
        for one, other in (("[]", "()"), ("()", "[]")):
            if form == "text/plain" and text[:1] == one[0] and text[-1:] == one[1]:
                changed = with_text(outputs, number, form, f"{other[0]}{text[1:-1]}{other[1]}")
                yield Rerun(changed, f"{one} → {other}", hard=True)


def cell_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A number in a table is another one."""
    yield from _in_tables(outputs, _CELL, lambda found: _other(found[0]))


def column_renamed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A column of a table has another name."""
    yield from _in_tables(outputs, _HEAD, lambda found: misspelt(found[0]), hard=True)


def row_dropped(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A row of a table is missing."""
    yield from _in_tables(outputs, _ROW, lambda _: "")


def rows_counted(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A table has more rows than are shown, and another number of them."""
    yield from _in_tables(outputs, _ROWS, lambda found: str(int(found[0]) + 1))


def _in_tables(
    outputs: Sequence[Output],
    pattern: re.Pattern[str],
    becomes: Callable[[re.Match[str]], str],
    *,
    hard: bool = False,
) -> Iterator[Rerun]:
    for number, form, text in texts(outputs):
        if form == "text/html" and 'class="dataframe"' in text:
            for found in pattern.finditer(text):
                yield _substituted(
                    outputs, number, form, text, found.span(), becomes(found), hard=hard
                )


def _in_values(
    outputs: Sequence[Output],
    pattern: re.Pattern[str],
    becomes: Callable[[re.Match[str]], str],
    *,
    hard: bool = False,
) -> Iterator[Rerun]:
    for number, form, text in texts(outputs):
        if form == "text/plain" and _is_value(outputs[number]):
            for found in list(pattern.finditer(text))[:1]:
                yield _substituted(
                    outputs, number, form, text, found.span(), becomes(found), hard=hard
                )


def raises(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """The cell raises an exception where it went well."""
    if outputs and not any(o["output_type"] == "error" for o in outputs):
        error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
        for said in (outputs, []):
            yield Rerun([*copy.deepcopy(list(said)), error], "KeyError: 'x'", hard=True)


def succeeds(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """The cell goes well where it raised."""
    left = [output for output in outputs if output["output_type"] != "error"]
    if len(left) < len(outputs):
        yield Rerun(copy.deepcopy(left), "no exception", hard=True)


def raises_otherwise(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """Another exception, or the same for another reason."""
    for number, output in enumerate(outputs):
        for key in ("ename", "evalue"):
            if output["output_type"] == "error" and output.get(key):
                changed = copy.deepcopy(list(outputs))
                changed[number][key] = f"Other{output[key]}"
                yield Rerun(changed, f"{key} {changed[number][key][:40]}", hard=True)


def result_missing(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A result, or something displayed, is missing."""
    yield from _missing(outputs, picture=False)


def figure_missing(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A figure is missing."""
    yield from _missing(outputs, picture=True)


def _missing(outputs: Sequence[Output], *, picture: bool) -> Iterator[Rerun]:
    for number, output in enumerate(outputs):
        data = output.get("data", {})
        if _OF_OTHERS.search(str(data.get("text/plain", ""))):
            continue
        if data and any(kind.startswith("image/") for kind in data) == picture:
            yield Rerun([o for i, o in enumerate(outputs) if i != number], "nothing in its place")


def axes_added(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A figure has more axes."""
    for number, form, text in texts(outputs):
        for found in _AXES.finditer(text):
            if form == "text/plain":
                more = f"with {int(found[1]) + 1} Axes"
                yield _substituted(outputs, number, form, text, found.span(), more)


def total_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """Progress bars lead to somewhere else."""
    for number, form, text in texts(outputs):
        totals = dict.fromkeys(found[2] for found in BAR.finditer(text))
        if totals and not _OF_OTHERS.search(text):
            total = next(reversed(totals))
            more = str(int(total) + 1)
            told = re.sub(rf"\b(\d+)/{total} \[", rf"\1/{more} [", text)
            told = told.replace(f"{total}/{more} [", f"{more}/{more} [")
            yield Rerun(with_text(outputs, number, form, told), f"/{total} → /{more}")


def epoch_missing(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A training ends an epoch early."""
    for number, form, text in texts(outputs):
        found = list(_EPOCH.finditer(text)) if form == "stdout" else []
        if len(found) > 1:
            last = found[-1]
            yield Rerun(
                with_text(outputs, number, form, text[: last.start()]), f"no {last[0].strip()}"
            )


def metric_renamed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A training tells of another metric, in each epoch."""
    for number, form, text, last in _last_in_trainings(outputs, _METRIC):
        name = last[1]
        told = re.sub(rf"\b{name}(?=: \d)", f"other_{name}", text)
        yield Rerun(with_text(outputs, number, form, told), f"{name} → other_{name}", hard=True)


def metric_changed(outputs: Sequence[Output]) -> Iterator[Rerun]:
    """A training reaches something else in its last epoch."""
    for number, form, text, last in _last_in_trainings(outputs, _METRIC_VALUE):
        yield _substituted(outputs, number, form, text, last.span(1), _other(last[1]))


def _last_in_trainings(
    outputs: Sequence[Output], pattern: re.Pattern[str]
) -> Iterator[tuple[int, str, str, re.Match[str]]]:
    """The last that fits, in each log of a training: number, form, the text, the match."""
    for number, form, text in texts(outputs):
        if form == "stdout" and len(_EPOCH.findall(text)) > 1:
            for last in list(pattern.finditer(text))[-1:]:
                yield number, form, text, last


OTHERWISE: dict[str, OutputOperator] = {
    "a line missing": line_dropped,
    "a line more": line_added,
    "a line that says something else": word_changed,
    "a number that is another": number_changed,
    "a key that is another": key_changed,
    "an array of another type": type_changed,
    "an array with a dimension more": dimension_added,
    "a list that is a tuple": bracket_changed,
    "a table's cell": cell_changed,
    "a table's column renamed": column_renamed,
    "a table's row missing": row_dropped,
    "a table of another length": rows_counted,
    "an exception in place of success": raises,
    "success in place of an exception": succeeds,
    "another exception": raises_otherwise,
    "a result missing": result_missing,
    "a figure missing": figure_missing,
    "a figure with more axes": axes_added,
    "a progress bar's total": total_changed,
    "an epoch missing in a log": epoch_missing,
    "another metric in a log": metric_renamed,
    "another value in a log": metric_changed,
}
