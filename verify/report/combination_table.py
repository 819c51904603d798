"""Every pair of a strategy and an aggregator in one table: what was seen of it."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from verify.contract.contract import Contract
from verify.contract.training_terms import CombinationOutcome, Flaw
from verify.evidence import combination_outcomes
from verify.evidence.combination_outcomes import Attempt
from verify.evidence.evidence import Evidence
from verify.finding import CheckKind, Result, Verdict

COLUMNS = (
    "back end",
    "strategy",
    "aggregator",
    "outcome",
    "of its bound",
    "own numbers seen by",
    "bytes up",
    "bytes down",
    "s a round",
    "apart",
    "defect",
)


class CombinationEntry(BaseModel):
    """One pair as it was seen.

    `ratio` is the largest error of an aggregate as a share of its bound, null where it is not
    known; bytes are those of one party and round; `seconds_a_round` with all parties in one
    process, `seconds_apart` with a process for each.
    """

    id: str
    backend: str
    strategy: str
    aggregator: str
    verdict: Verdict
    outcome: CombinationOutcome
    symptom: str = ""
    ratio: float | None = None
    undecidable: str = ""
    seen_by: list[str] = []
    flaws: list[Flaw] = []
    sent_bytes: int | None = None
    received_bytes: int | None = None
    seconds_a_round: float | None = None
    seconds_apart: float | None = None
    defect: str = ""

    @property
    def row(self) -> tuple[str, ...]:
        """What stands in the table, in the order of its columns."""
        works = self.outcome is CombinationOutcome.WORKS
        flaws = "".join(f", {flaw.value}" for flaw in self.flaws)
        bound = "unknown" if self.ratio is None else f"{self.ratio:.2g}"
        return (
            self.backend,
            self.strategy,
            self.aggregator,
            self.outcome.value + flaws,
            bound if works else "",
            (", ".join(self.seen_by) or "nobody") if works else "",
            _number(self.sent_bytes),
            _number(self.received_bytes),
            _seconds(self.seconds_a_round),
            _seconds(self.seconds_apart),
            self.defect,
        )


def of(contract: Contract, evidence: Evidence, results: Sequence[Result]) -> list[CombinationEntry]:
    """An entry for each pair that was tried, in the order of the contract."""
    return list(_entries(contract, evidence, results))


def _entries(
    contract: Contract, evidence: Evidence, results: Sequence[Result]
) -> Iterator[CombinationEntry]:
    verdicts = {result.id: result.verdict for result in results}
    for said in contract.combinations:
        for pair in said.pairs:
            seen = combination_outcomes.of(evidence, pair)
            if not seen:
                continue
            worst = max(seen, key=_severity)
            known = CheckKind.COMBINATION.id_of(pair.id)
            yield CombinationEntry(
                id=pair.id,
                backend=pair.backend,
                strategy=pair.strategy,
                aggregator=pair.aggregator,
                verdict=verdicts.get(known, Verdict.UNCHECKED),
                outcome=worst.outcome,
                symptom=worst.symptom,
                ratio=worst.ratio,
                undecidable=worst.why,
                seen_by=list(worst.seen_by),
                flaws=list(worst.flaws),
                sent_bytes=worst.sent_bytes,
                received_bytes=worst.received_bytes,
                seconds_a_round=_time(seen, apart=False),
                seconds_apart=_time(seen, apart=True),
                defect=said.defect,
            )


def _severity(seen: Attempt) -> tuple[bool, bool, int]:
    """What is told where several trainings of a pair came out differently."""
    return (
        seen.outcome is not CombinationOutcome.WORKS,
        seen.is_within is not True,
        len(seen.flaws),
    )


def _time(seen: Sequence[Attempt], *, apart: bool) -> float | None:
    times = [one.seconds for one in seen if one.apart is apart and one.seconds is not None]
    return min(times, default=None)


def _number(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2g}"
