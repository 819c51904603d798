"""What the stored output of a cell tells of trainings and measurements.

Understood are the progress bars of Keras and tqdm as Keras, SecretFlow and others write them,
lines such as `Epoch [3/20], loss: 0.4`, lines of results below a line that only names the epoch, as
loops in PyTorch print them, the rounds of boosting, and printed histories.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.page.outputs.metrics import MetricKind, kind
from verify.page.page import Block
from verify.page.prose.numerals import whole

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?(?:e[-+]?\d+)?|\.\d+|nan|inf)"
_HEADER = re.compile(
    r"(?<![\w/])(?:epoch|round|iter(?:ation)?)s?\s*[:=#]?\s*\[?\s*(\d+)\s*(?:(?:/|of)\s*(\d+))?\s*\]?",
    re.IGNORECASE,
)
_BOOSTING = re.compile(
    rf"^(\([^)]*\)\s*)?(?:INFO:\w+:)?\[(\d+)\]\s+((?:[\w.-]+:{_NUMBER}\s*)+)", re.IGNORECASE
)
_PAIR = re.compile(
    rf"(?<!\w)['\"]?([A-Za-z][\w-]*(?: [A-Za-z][\w-]*){{0,3}})['\"]?\s*[:=]\s*"
    rf"(?:tensor\(|array\()?({_NUMBER})(?![\w.:])%?",
    re.IGNORECASE,
)
_PROGRESS = re.compile(
    r"(?<!\d)(\d+)/(\d+)\s*(?:\[[=>.]*\]|\[\d|[\u2501\s]+\d+[ms]|- \d+m?s)|\d+it \[|it/s|s/it|/step"
)
_BAR_OF_TQDM = re.compile(r"\d%\|[^|]*\| *\d+/\d+ \[\d")
_COUNTED = re.compile(r"(?<![\d:])(\d+)it\s\[")
_STEPS = re.compile(r"(?<![\d:])(\d+)/(\d+)\s*(?:\[|[\u2501]|- \d)")
# Of what data the results of a line are; `Test error:` says it for the next line.
_PHASE = re.compile(r"\W*(train|val|test|eval)(?:id|ing|idation|uation)?\b", re.IGNORECASE)
_PREFIXES = {"train": "train_", "val": "val_", "test": "test_", "eval": "eval_"}
_OF_DATA = re.compile(r"^(?:train|val|test|eval)(?:id|ing|idation|uation)?_")
# A line that gives a result is short.
_LONGEST = 200
_HISTORY = re.compile(r"['\"](\w+)['\"]: \[([^\]]*)\]")
_VALUE = re.compile(
    rf"(?:tensor\(|array\()?({_NUMBER})(?:, dtype=[\w.]+)?\)?\s*(?:,|$)", re.IGNORECASE
)
# Told beside metrics, but none.
_NO_METRIC = re.compile(
    r"(?:eta|epochs?|steps?|batch(?:_size)?|lr|learning_rate|seed|\w*time\w*|\w*elapsed\w*|size|n|k)"
)
# What Ray writes of an exception that nobody took has names and numbers, but no metrics.
_OF_RAY = "RAY_IGNORE_UNHANDLED_ERRORS"
# A party's process may write into the line of a progress bar.
_INTRUDER = re.compile(r"(?<=.)\((?:\w+ )?pid=\d.*|(?<=.)\d{4}-\d\d-\d\d \d\d:\d\d:\d\d.*")


@dataclass(frozen=True)
class LoggedTraining:
    """A training as an output tells it, or an evaluation, whose series have one value.

    `series` has the values of each metric, one for each epoch told; `epochs` are the numbers of
    these epochs, `total` how many the output announces, `steps` how many an epoch has.
    """

    cell: int
    series: dict[str, tuple[float, ...]]
    epochs: tuple[int, ...] = ()
    total: int | None = None
    steps: int | None = None


class _Growing:
    """A training whose log is being read; `lines` are those of each epoch, by their place."""

    def __init__(self, total: int | None) -> None:
        self.epochs: dict[int, dict[str, float]] = {}
        self.lines: dict[int, list[int]] = {}
        self.total = total
        self.last = -1
        self.steps: int | None = None

    def add(self, epoch: int, place: int, told: dict[str, float]) -> None:
        self.epochs.setdefault(epoch, {}).update(told)
        self.lines.setdefault(epoch, []).append(place)

    def done(self, cell: int) -> LoggedTraining:
        told = [epoch for epoch, metrics in self.epochs.items() if metrics]
        names = dict.fromkeys(name for epoch in told for name in self.epochs[epoch])
        series = {
            name: tuple(self.epochs[e][name] for e in told if name in self.epochs[e])
            for name in names
        }
        return LoggedTraining(cell, series, tuple(told), self.total, self.steps)


def trainings(code: Block) -> tuple[LoggedTraining, ...]:
    """The trainings that a cell's output tells, in order."""
    done = tuple(one.done(code.index) for one in _read(list(_lines(code))))
    done = tuple(one for one in done if one.series)
    return done or tuple(_histories(code))


def at_end(code: Block) -> str:
    """A cell's output without what it tells of epochs before the last ones."""
    lines = list(_lines(code))
    before = {
        place
        for training in _read(lines)
        for epoch in list(training.epochs)[:-1]
        for place in training.lines.get(epoch, ())
    }
    return "\n".join(line for place, line in enumerate(lines) if place not in before)


def _read(lines: list[str]) -> list[_Growing]:
    found: list[_Growing] = []
    current, source, phase = 0, "", ""
    named = False  # by a line that says nothing else
    for place, line in enumerate(lines):
        if boosting := _BOOSTING.match(line):
            # Every party's process says the same.
            source = source or (boosting[1] or " ")
            if (boosting[1] or " ") == source:
                current = _begin(found, whole(boosting[2]), None)
                found[-1].add(current, place, pairs(boosting[3].replace("-", "_")))
            continue
        header = _HEADER.search(line)
        if header:
            told = pairs(line[header.end() :])
            named = not re.search(r"\w", line[: header.start()] + line[header.end() :])
            if not (header[2] or told or named):
                continue
            current, phase = _begin(found, whole(header[1]), whole(header[2] or "0") or None), ""
        elif found and named and not _PROGRESS.search(line):
            told, phase = _of_phase(line, phase)
        elif found and found[-1].total is not None and _PROGRESS.search(line):
            told = pairs(line)
        else:
            continue
        steps = _STEPS.findall(line[: header.start()] if header else line)
        counted = _COUNTED.findall(line)  # a bar that knows no total
        if steps or counted:
            found[-1].steps = whole(steps[-1][1] if steps else counted[-1])
        found[-1].add(current, place, told)
    return found


def _of_phase(line: str, phase: str) -> tuple[dict[str, float], str]:
    """The metrics of a line below an epoch's name, and what the next line is of."""
    if len(line) > _LONGEST:
        return {}, ""
    told = {name: value for name, value in pairs(line).items() if kind(name) != MetricKind.OTHER}
    if found := _PHASE.match(line):
        phase = _PREFIXES[found[1].lower()]
    known = {name: name if of_all_data(name) != name else phase + name for name in told}
    return {known[name]: value for name, value in told.items()}, "" if told else phase


def tells(line: str) -> bool:
    """Whether a line belongs to the log of a training, or is a progress bar."""
    boosts = _BOOSTING.match(line)
    header = _HEADER.search(line)
    return bool(boosts or _PROGRESS.search(line) or (header and (header[2] or _PAIR.search(line))))


def bars(line: str) -> list[str]:
    """Where the progress bars of a line lead to."""
    return [total for _, total in _STEPS.findall(line)]


def is_cut(line: str) -> bool:
    """Whether a line is a bar of tqdm that lacks its end."""
    return bool(_BAR_OF_TQDM.search(line)) and not line.rstrip().endswith("]")


def of_all_data(name: str) -> str:
    """A metric's name without the part of the data that it is of, such as `val_`."""
    return _OF_DATA.sub("", name)


def unnumbered(name: str) -> str:
    """A metric's name without the number by which Keras tells its objects apart."""
    return re.sub(r"_\d+$", "", name)


def figures(code: Block) -> Iterator[tuple[str, LoggedTraining]]:
    """The single results that a cell prints, such as `(small) auc: 0.9`, with what names each."""
    for line in _lines(code):
        if len(line) > _LONGEST or _HEADER.search(line) or _PROGRESS.search(line):
            continue
        first = _PAIR.search(line)
        if first and (told := pairs(line)):
            series: dict[str, tuple[float, ...]] = {name: (value,) for name, value in told.items()}
            yield line[: first.start()], LoggedTraining(code.index, series)


def pairs(text: str) -> dict[str, float]:
    """The metrics in a text such as `loss: 0.3 - Val Acc: 0.8`, by names in lower case."""
    found = {}
    for match in _PAIR.finditer(text):
        name = re.sub(r"[\s-]+", "_", match[1].strip()).lower()
        if not _NO_METRIC.fullmatch(name):
            found[name] = float(match[2]) / (100 if match[0].endswith("%") else 1)
    return found


def _begin(found: list[_Growing], epoch: int, total: int | None) -> int:
    """Note that an epoch begins or goes on; an earlier one than the last begins a new training."""
    if not found or epoch < found[-1].last or total != found[-1].total:
        found.append(_Growing(total))
    found[-1].last = epoch
    found[-1].epochs.setdefault(epoch, {})
    return epoch


def _lines(code: Block) -> Iterator[str]:
    for output in code.outputs:
        if output.name != "error":
            raises = _OF_RAY in output.text
            for line in output.text.split("\n"):
                if raises and not _PROGRESS.search(line):
                    continue
                # Older versions of Keras go back in the line instead of to its start.
                yield _INTRUDER.sub("", line.rsplit("\b", 1)[-1])


def _histories(code: Block) -> Iterator[LoggedTraining]:
    for line in "\n".join(o.text for o in code.outputs if o.name in ("stdout", "display")).split(
        "}"
    ):
        series = {
            name.lower(): tuple(float(value) for value in _VALUE.findall(values))
            for name, values in _HISTORY.findall(line)
        }
        lengths = {len(values) for values in series.values()}
        if series and lengths != {0} and any("loss" in name for name in series):
            longest = max(lengths)
            yield LoggedTraining(code.index, series, tuple(range(1, longest + 1)))
