"""What became of each pair of a strategy and an aggregator that a run tried."""

from collections.abc import Iterator
from dataclasses import dataclass

from verify.contract.training_terms import CombinationOutcome, Flaw, Pair
from verify.evidence import by_probes
from verify.evidence.evidence import Evidence, FailedTraining, Round, TrainingRun
from verify.system.words import Text, Words

_NO_ROUND = Words(zh="没有看到任何一轮聚合", en="no round was seen")
# The first rounds wait for processes to start, the last one for the end of the training.
_UNUSUAL = slice(1, -1)


@dataclass(frozen=True)
class Attempt:
    """One training of a pair.

    `symptom` is the exception that it ended with. If it came to its end: `ratio` is the largest
    error of an aggregate as a share of its bound, None where `why` says that nobody can tell;
    `seen_by` are those who saw a party's own numbers; one party sent and received so many bytes in
    the last round, and a usual one took `seconds`.
    """

    step: str
    apart: bool
    outcome: CombinationOutcome
    symptom: str = ""
    ratio: float | None = None
    why: Text = ""
    seen_by: tuple[str, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    sent_bytes: int | None = None
    received_bytes: int | None = None
    seconds: float | None = None

    @property
    def is_within(self) -> bool | None:
        """Whether each aggregate is within its bound; None if nobody can tell."""
        return None if self.ratio is None else self.ratio <= 1


def tried(evidence: Evidence) -> dict[Pair, list[FailedTraining | TrainingRun]]:
    """The federated trainings that a run tried, by their pair."""
    found: dict[Pair, list[FailedTraining | TrainingRun]] = {}
    ended = (run for runs in evidence.trainings.values() for run in runs)
    trainings: list[FailedTraining | TrainingRun] = [r for r in ended if r.kind == "federated"]
    for one in [*trainings, *evidence.failed]:
        found.setdefault(Pair(one.backend, one.strategy, one.aggregator), []).append(one)
    return found


def of(evidence: Evidence, pair: Pair) -> list[Attempt]:
    """What became of the trainings of one pair."""
    trainings = tried(evidence).get(pair, ())
    return [_failed(t) if isinstance(t, FailedTraining) else _ended(t) for t in trainings]


def _failed(failed: FailedTraining) -> Attempt:
    outcome = CombinationOutcome.REFUSED if failed.own else CombinationOutcome.BREAKS
    return Attempt(failed.step, failed.apart, outcome, symptom=failed.sentence)


def _ended(run: TrainingRun) -> Attempt:
    ratio, why = _worst([*run.rounds, *run.challenge])
    ends = [_wire(run.rounds[-1], holder.name) for holder in run.holders] if run.rounds else []
    seconds = [one.seconds for one in run.rounds[_UNUSUAL] if one.seconds is not None]
    plain = {m.receiver for one in run.rounds for m in one.messages if m.plain and not m.aggregate}
    return Attempt(
        run.step,
        run.apart,
        CombinationOutcome.WORKS,
        ratio=ratio,
        why=why,
        seen_by=tuple(sorted(plain)),
        flaws=tuple(_flaws(run)),
        sent_bytes=max((up for up, _ in ends), default=None),
        received_bytes=max((down for _, down in ends), default=None),
        seconds=min(seconds, default=None),
    )


def _worst(rounds: list[Round]) -> tuple[float | None, Text]:
    """The largest share of a bound, NaN first; or why it is not known of every round."""
    known = [one.ratio for one in rounds if one.ratio is not None]
    wrong = [ratio for ratio in known if not ratio <= 1]  # NaN is no small number
    if wrong:
        return max(wrong), ""
    unknown = [one.fault or one.reason for one in rounds if one.ratio is None]
    if unknown or not known:
        return None, by_probes.told(next(iter(unknown), "")) or _NO_ROUND
    return max(known), ""


def _wire(one: Round, party: str) -> tuple[int, int]:
    """The bytes that left a party in a round, and those that came to it."""
    return (
        sum(m.bytes for m in one.messages if m.sender == party),
        sum(m.bytes for m in one.messages if m.receiver == party),
    )


def _flaws(run: TrainingRun) -> Iterator[Flaw]:
    """What is wrong with a training whose aggregates may all be right."""
    if len({holder.after for holder in run.holders}) > 1:
        yield Flaw.PARTIES_DIFFER
    first, *later = [one.arrays for one in run.rounds if one.arrays] or [()]
    if any(len(arrays) > len(first) for arrays in later):
        yield Flaw.ARRAYS_REPEATED
