"""All properties and awkward rounds, tried with the real aggregators, and what is known of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from verify.aggregators.judging import TrialJudgement, TrialOutcome, judge
from verify.aggregators.laboratory import Setting
from verify.aggregators.properties import PROPERTIES, Property, attempt
from verify.aggregators.rows import APART_ROWS, ROWS, Row
from verify.aggregators.trial import Aggregator, Run
from verify.ledger.ledger import Ledger
from verify.system.words import Tell, Text, Words

_TRYING = Words(zh="{of}，{setting}：{what}", en="{of}, {setting}: {what}")
_AWKWARD = Words(zh="{count} 个特殊的轮次", en="{count} awkward rounds")
_EXAMPLE = Words(zh="{what}：{example}", en="{what}: {example}")

# SPU exists only where each party has a process.
_TOGETHER = (Aggregator.SECURE, Aggregator.PLAIN, Aggregator.SPARSE)
# A round among processes takes a tenth of a second, all in one process a thousandth.
_FEWER = {Aggregator.SPU: 2}
_FEWER_APART = 5


@dataclass(frozen=True)
class Cell:
    """What an aggregator did with rounds of a kind.

    `defect` is the ledger's entry that explains it. `contradicts` says whether something is
    expected of such rounds that did not happen.
    """

    aggregator: Aggregator
    name: str
    sentence: Text
    outcome: TrialOutcome
    detail: Text
    rounds: int
    ratio: float
    contradicts: bool
    defect: str | None

    @property
    def key(self) -> str:
        """The name under which the ledger knows it."""
        return f"{self.aggregator.key}/{self.name}"

    @property
    def is_new(self) -> bool:
        """Whether it contradicts what is expected, and no entry of the ledger says so."""
        return self.contradicts and self.defect is None


def survey(
    run: Run, setting: Setting, examples: int, ledger: Ledger, progress: Tell
) -> Iterator[Cell]:
    """Try what a setting allows.

    Args:
        run: SecretFlow in that setting.
        setting: how the parties run.
        examples: rounds for each property where all parties share a process; fewer elsewhere.
        ledger: the known defects.
        progress: hears what is tried.
    """
    apart = setting is Setting.APART
    for aggregator in Aggregator if apart else _TOGETHER:
        for one in PROPERTIES:
            progress(_TRYING.filled(of=aggregator.value, setting=setting.words, what=one.sentence))
            count = _rounds(aggregator, examples) if apart else examples
            yield _property(run, aggregator, one, count, ledger, apart=apart)
        rows = _rows(aggregator, apart=apart)
        progress(
            _TRYING.filled(
                of=aggregator.value,
                setting=setting.words,
                what=_AWKWARD.filled(count=len(rows)),
            )
        )
        for row in rows:
            yield _row(run, aggregator, row, ledger)


def merged(cells: Iterable[Cell]) -> list[Cell]:
    """One cell for each aggregator and kind of rounds: the worst of several settings."""
    by_key: dict[str, Cell] = {}
    for cell in cells:
        other = by_key.get(cell.key)
        by_key[cell.key] = _joined(other, cell) if other else cell
    return list(by_key.values())


def stale(cells: Iterable[Cell], ledger: Ledger) -> list[str]:
    """What the ledger says was found, but was not."""
    seen = {cell.key for cell in cells if cell.contradicts}
    return sorted(key for defect in ledger.defects for key in defect.found if key not in seen)


def _rounds(aggregator: Aggregator, examples: int) -> int:
    return max(1, examples // _FEWER.get(aggregator, _FEWER_APART))


def _rows(aggregator: Aggregator, *, apart: bool) -> list[Row]:
    rows = APART_ROWS if apart and aggregator in _TOGETHER else ROWS
    return [row for row in rows if aggregator in row.aggregators]


def _property(
    run: Run, aggregator: Aggregator, one: Property, examples: int, ledger: Ledger, *, apart: bool
) -> Cell:
    defect = _known(aggregator, one.name, ledger)
    # Looking for a small contradiction takes hundreds of rounds: only where it is cheap and new.
    shrink = not apart and defect is None
    trial = attempt(run, one.draw(aggregator, apart), examples, shrink=shrink)
    worst = trial.worst or TrialJudgement(TrialOutcome.CORRECT, "")
    return Cell(
        aggregator=aggregator,
        name=one.name,
        sentence=one.sentence,
        outcome=worst.outcome,
        detail=_EXAMPLE.filled(what=worst.detail, example=trial.example) if trial.worst else "",
        rounds=trial.cases,
        ratio=trial.ratio,
        contradicts=trial.worst is not None,
        defect=defect,
    )


def _row(run: Run, aggregator: Aggregator, row: Row, ledger: Ledger) -> Cell:
    case = row.make(aggregator)
    judgement = judge(case, run(case))
    wrong = judgement.outcome in (TrialOutcome.SILENT, TrialOutcome.DIED)
    return Cell(
        aggregator=aggregator,
        name=row.name,
        sentence=row.sentence,
        outcome=judgement.outcome,
        detail=judgement.detail,
        rounds=1,
        ratio=judgement.ratio,
        contradicts=wrong or (row.answerable and judgement.outcome is not TrialOutcome.CORRECT),
        defect=_known(aggregator, row.name, ledger),
    )


def _known(aggregator: Aggregator, name: str, ledger: Ledger) -> str | None:
    defect = ledger.of(f"{aggregator.key}/{name}")
    return defect.id if defect else None


def _joined(one: Cell, other: Cell) -> Cell:
    worse = other if other.contradicts and not one.contradicts else one
    return Cell(
        **{
            **vars(worse),
            "rounds": one.rounds + other.rounds,
            "ratio": max(one.ratio, other.ratio),
        }
    )
