"""The page of what was measured, in both languages."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests import PROJECT
from tests.benchmarks import estimates, plot
from tests.benchmarks import wording as words
from tests.benchmarks.contenders import BARE, CHECKERS, OURS, RUNNERS
from tests.benchmarks.record import Record, Sample
from tests.benchmarks.rounds import TREE
from tests.benchmarks.series import SERIES, costs
from tests.benchmarks.workloads import CELLS, DOCUMENTS, ONE, SLEEPING, TRAINING
from verify.system.words import Language, Text, said

_NAME = "benchmarks"
_MORE_CELLS = len(CELLS.cells) - len(ONE.cells)
_MORE_DOCUMENTS = DOCUMENTS.documents - ONE.documents
_MILLI = 1000.0
_SIZES_THAT_TELL = 3
_PLACES = ("--peers", "--upstream", "--out")
# What we may cost beyond bare nbclient: of a notebook, of a cell, of a training.
_MOST_NOTEBOOK_S, _MOST_CELL_S, _MOST_RATIO = 0.150, 0.002, 1.05

Seconds = Callable[[Sample], float]
Row = Sequence[Text]


def cpu(sample: Sample) -> float:
    """Its seconds of processors."""
    return sample.cpu_s


def wall(sample: Sample) -> float:
    """Its seconds of waiting."""
    return sample.wall_s


def write(record: Record, docs: Path = PROJECT / "docs") -> None:
    """Write the page and its plot in both languages."""
    for language in Language:
        folder = docs / language.value
        plot.write(record, folder / f"{_NAME}.svg", language)
        (folder / f"{_NAME}.md").write_text(text(record, language), encoding="utf-8")


def text(record: Record, language: Language) -> str:
    """The page in a language."""
    setting = record.setting
    lines: list[Text] = [
        words.TITLE,
        words.MADE.filled(
            day=setting.day,
            cpu=setting.cpu,
            cores=setting.cores,
            memory=f"{setting.memory_gib:.0f}",
            system=setting.system,
            python=setting.python,
            rounds=setting.rounds,
        ),
        *([words.BUSY.filled(load=f"{setting.load:.1f}")] if setting.busy else []),
        words.COUNTED if setting.whole else words.WAITED_FOR,
        words.REPEAT,
        f"```bash\n{_command(record)}\n```",
        words.RUNS,
        words.RUNS_READ.filled(cells=_MORE_CELLS, documents=_MORE_DOCUMENTS),
        _table(words.RUNS_HEAD, _runs(record), language),
        words.BEYOND,
        _table(words.BEYOND_HEAD, _beyond(record), language),
        words.CHECKS,
        *(
            [
                words.CHECKS_READ.filled(tree=setting.tree),
                _table(words.CHECKS_HEAD, _checks(record), language),
            ]
            if setting.tree
            else [words.PART_NOT_MEASURED]
        ),
        words.GROWS,
        words.GROWS_READ,
        words.PLOT.filled(file=f"{_NAME}.svg"),
        _table(words.GROWS_HEAD, _grows(record), language),
        words.COMMANDS,
        words.COMMANDS_READ.filled(environment=setting.environment),
        _table(words.COMMANDS_HEAD, _commands(record), language),
    ]
    return "\n\n".join(said(line, language) for line in lines) + "\n"


def _command(record: Record) -> str:
    given = list(_arguments(record))
    return " ".join(["uvx nox -s bench", *(["--", *given] if given else [])])


def _arguments(record: Record) -> Iterable[str]:
    """What a reader asks nox for: without what nox adds, and without folders of this machine."""
    parts = iter(record.setting.arguments[1:])  # after the command's name
    for part in parts:
        if part.split("=")[0] not in _PLACES:
            yield part
        elif "=" not in part:
            next(parts, None)


def _table(head: Row, rows: Iterable[Row], language: Language) -> str:
    shown = [[said(cell, language) for cell in row] for row in (head, *rows)]
    shown.insert(1, ["---"] * len(head))
    return "\n".join(f"| {' | '.join(row)} |" for row in shown)


def _cell(values: Sequence[float], digits: int = 2, scale: float = 1.0, unit: str = "") -> str:
    """A median with its interval; a dash for what was not measured."""
    return f"{estimates.of(values).shown(digits, scale)}{unit}" if values else words.NOTHING


def _paired(one: Sequence[Sample], less: Sequence[Sample], of: Seconds) -> list[float]:
    """The differences of two, taken within each round."""
    before = {sample.round: of(sample) for sample in less}
    return [of(each) - before[each.round] for each in one if each.round in before]


def _runs(record: Record) -> Iterable[Row]:
    for runner in RUNNERS:
        one, cells, documents, sleeping = (
            record.of(shape.name, runner.name) for shape in (ONE, CELLS, DOCUMENTS, SLEEPING)
        )
        yield (
            f"`{runner.name}`",
            _cell([each.cpu_s for each in one]),
            _cell([each.wall_s for each in one]),
            _cell(_paired(documents, one, cpu), scale=1 / _MORE_DOCUMENTS),
            _cell(_paired(cells, one, cpu), 1, _MILLI / _MORE_CELLS),
            _cell(_paired(sleeping, one, cpu), 0, _MILLI / len(SLEEPING.cells)),
        )


def _beyond(record: Record) -> Iterable[Row]:
    """Our cost beside that of the barest runner, and what we allow ourselves."""
    start, documents, cells = (
        {
            each.round: each.cpu_s - bare.cpu_s
            for each in record.of(shape.name, OURS)
            for bare in record.of(shape.name, BARE)
            if bare.round == each.round
        }
        for shape in (ONE, DOCUMENTS, CELLS)
    )
    yield words.START, _cell(list(start.values()), 0, _MILLI, " ms"), words.NOTHING, words.NOTHING
    for says, more, count, most, digits in (
        (words.NOTEBOOK, documents, _MORE_DOCUMENTS, _MOST_NOTEBOOK_S, 0),
        (words.CELL, cells, _MORE_CELLS, _MOST_CELL_S, 1),
    ):
        each_s = [(more[i] - start[i]) / count for i in more if i in start]
        limit = f"{most * _MILLI:.0f} ms"
        yield says, _cell(each_s, digits, _MILLI, " ms"), limit, _kept(each_s, most)
    ours, bare = (record.of(TRAINING.name, name) for name in (OURS, BARE))
    by_round = {one.round: one.cpu_s for one in bare}
    ratios = [one.cpu_s / by_round[one.round] for one in ours if one.round in by_round]
    measured = _cell(ratios, 3) if ratios else words.NOT_MEASURED
    yield words.TRAINING, measured, f"{_MOST_RATIO}", _kept(ratios, _MOST_RATIO)


def _kept(values: Sequence[float], most: float) -> Text:
    return words.kept(estimates.of(values).median <= most) if values else words.NOTHING


def _checks(record: Record) -> Iterable[Row]:
    for checker in CHECKERS:
        found = record.of(TREE, checker.name)
        seconds = (_cell([of(one) for one in found]) for of in (cpu, wall))
        yield f"`{checker.name}`", *seconds, words.LOOKS_FOR[checker.name]


def _grows(record: Record) -> Iterable[Row]:
    for one in SERIES:
        points = [(size, estimates.of(values).median) for size, values in costs(record, one)]
        shown = ", ".join(f"{size:,}: {seconds:.2f}" for size, seconds in points)
        if len(points) < _SIZES_THAT_TELL:
            yield one.says, shown or words.NOTHING, *[words.NOTHING] * 3
            continue
        grown = estimates.growth(points)
        linear = words.LINEAR if grown.linear else words.FASTER
        yield one.says, shown, f"{grown.each_s * _MILLI:.1f} ms", f"{grown.power:.2f}", linear


def _commands(record: Record) -> Iterable[Row]:
    versions = record.setting.versions
    for one in (*RUNNERS, *CHECKERS):
        shown = " ".join(f"'{part}'" if " " in part else part for part in one.command)
        remark = words.PROGRAM if one.program else words.NOTHING
        yield f"`{one.name}`", versions[one.package], f"`{shown}`", remark
