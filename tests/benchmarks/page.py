"""The page of what was measured, in both languages."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests import PROJECT
from tests.benchmarks import estimates, plot
from tests.benchmarks import wording as words
from tests.benchmarks.contenders import BARE, CHECKERS, OURS, RUNNERS
from tests.benchmarks.estimates import Estimate
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
        f"```bash\nuvx nox -s bench -- {' '.join(_arguments(record))}".rstrip() + "\n```",
        words.RUNS,
        words.RUNS_READ.filled(cells=_MORE_CELLS, documents=_MORE_DOCUMENTS),
        _table(words.RUNS_HEAD, _runs(record), language),
        words.BEYOND,
        _table(words.BEYOND_HEAD, _beyond(record), language),
        words.CHECKS,
        words.CHECKS_READ.filled(tree=setting.tree),
        _table(words.CHECKS_HEAD, _checks(record), language),
        words.GROWS,
        words.GROWS_READ,
        words.PLOT.filled(file=f"{_NAME}.svg"),
        _table(words.GROWS_HEAD, _grows(record), language),
        words.COMMANDS,
        words.COMMANDS_READ.filled(environment=setting.environment),
        _table(words.COMMANDS_HEAD, _commands(record), language),
    ]
    return "\n\n".join(said(line, language) for line in lines) + "\n"


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


def _paired(one: Sequence[Sample], less: Sequence[Sample], of: Seconds) -> Estimate:
    """The difference of two, taken within each round."""
    before = {sample.round: of(sample) for sample in less}
    return estimates.of([of(each) - before[each.round] for each in one if each.round in before])


def _runs(record: Record) -> Iterable[Row]:
    for runner in RUNNERS:
        one, cells, documents, sleeping = (
            record.of(shape.name, runner.name) for shape in (ONE, CELLS, DOCUMENTS, SLEEPING)
        )
        yield (
            f"`{runner.name}`",
            estimates.of([each.cpu_s for each in one]).shown(),
            estimates.of([each.wall_s for each in one]).shown(),
            _paired(documents, one, cpu).shown(scale=1 / _MORE_DOCUMENTS),
            _paired(cells, one, cpu).shown(1, _MILLI / _MORE_CELLS),
            _paired(sleeping, one, cpu).shown(0, _MILLI / len(SLEEPING.cells)),
        )


def _extra(record: Record, shape: str, of: Seconds) -> Estimate:
    """What we cost at a shape beyond bare nbclient and beyond what the first notebook costs."""
    ours, bare = ({one.round: of(one) for one in record.of(shape, name)} for name in (OURS, BARE))
    our_start, bare_start = (
        {one.round: of(one) for one in record.of(ONE.name, name)} for name in (OURS, BARE)
    )
    return estimates.of([(ours[i] - our_start[i]) - (bare[i] - bare_start[i]) for i in ours])


def _beyond(record: Record) -> Iterable[Row]:
    """Our cost beside that of the barest runner, and what we allow ourselves."""
    ours, bare = (record.of(ONE.name, name) for name in (OURS, BARE))
    start = _paired(ours, bare, cpu)
    notebook, cell = (_extra(record, shape.name, cpu) for shape in (DOCUMENTS, CELLS))
    yield words.START, f"{start.shown(0, _MILLI)} ms", words.NO_LIMIT, words.NO_LIMIT
    each = notebook.median / _MORE_DOCUMENTS
    yield (
        words.NOTEBOOK,
        f"{notebook.shown(0, _MILLI / _MORE_DOCUMENTS)} ms",
        f"{_MOST_NOTEBOOK_S * _MILLI:.0f} ms",
        words.kept(each <= _MOST_NOTEBOOK_S),
    )
    each = cell.median / _MORE_CELLS
    yield (
        words.CELL,
        f"{cell.shown(1, _MILLI / _MORE_CELLS)} ms",
        f"{_MOST_CELL_S * _MILLI:.0f} ms",
        words.kept(each <= _MOST_CELL_S),
    )
    ours, bare = (record.of(TRAINING.name, name) for name in (OURS, BARE))
    if not ours:
        yield words.TRAINING, words.NOT_MEASURED, f"{_MOST_RATIO}", words.NO_LIMIT
        return
    by_round = {one.round: one.cpu_s for one in bare}
    ratio = estimates.of([one.cpu_s / by_round[one.round] for one in ours])
    kept = words.kept(ratio.median <= _MOST_RATIO)
    yield words.TRAINING, ratio.shown(3), f"{_MOST_RATIO}", kept


def _checks(record: Record) -> Iterable[Row]:
    for checker in CHECKERS:
        found = record.of(TREE, checker.name)
        yield (
            f"`{checker.name}`",
            *(estimates.of([of(one) for one in found]).shown() for of in (cpu, wall)),
            words.LOOKS_FOR[checker.name],
        )


def _grows(record: Record) -> Iterable[Row]:
    for one in SERIES:
        points = [(size, estimates.of(values).median) for size, values in costs(record, one)]
        if len(points) < _SIZES_THAT_TELL:
            continue
        grown = estimates.growth(points)
        shown = ", ".join(f"{size:,}: {seconds:.2f}" for size, seconds in points)
        linear = words.LINEAR if grown.linear else words.FASTER
        yield one.says, shown, f"{grown.each_s * _MILLI:.1f} ms", f"{grown.power:.2f}", linear


def _commands(record: Record) -> Iterable[Row]:
    versions = record.setting.versions
    for one in (*RUNNERS, *CHECKERS):
        shown = " ".join(f"'{part}'" if " " in part else part for part in one.command)
        remark = words.PROGRAM if one.program else words.NO_PROGRAM
        yield f"`{one.name}`", versions[one.package], f"`{shown}`", remark
