"""Every pair of a strategy and an aggregator in one table: what was seen of it."""

from collections.abc import Iterator, Sequence

from pydantic import BaseModel

from verify.contract.contract import Contract
from verify.contract.training_terms import CombinationOutcome, Flaw
from verify.evidence import combination_outcomes
from verify.evidence.combination_outcomes import Attempt
from verify.evidence.evidence import Evidence
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Text, Words, enumerated, joined

COLUMNS = (
    Words(zh="后端", en="back end"),
    Words(zh="策略", en="strategy"),
    Words(zh="聚合器", en="aggregator"),
    Words(zh="结果", en="outcome"),
    Words(zh="误差与上界之比", en="of its bound"),
    Words(zh="看到明文的一方", en="own numbers seen by"),
    Words(zh="上行字节", en="bytes up"),
    Words(zh="下行字节", en="bytes down"),
    Words(zh="每轮秒数", en="s a round"),
    Words(zh="分进程", en="apart"),
    Words(zh="缺陷", en="defect"),
)
_OUTCOMES = {
    CombinationOutcome.WORKS: Words(zh="可用", en="works"),
    CombinationOutcome.REFUSED: Words(zh="被拒绝", en="refused"),
    CombinationOutcome.BREAKS: Words(zh="出错", en="breaks"),
}
_FLAWS = {
    Flaw.PARTIES_DIFFER: Words(zh="各方不一致", en="parties-differ"),
    Flaw.ARRAYS_REPEATED: Words(zh="数组重复", en="arrays-repeated"),
}
_UNKNOWN = Words(zh="未知", en="unknown")
_NOBODY = Words(zh="无", en="nobody")


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
    undecidable: Text = ""
    seen_by: list[str] = []
    flaws: list[Flaw] = []
    sent_bytes: int | None = None
    received_bytes: int | None = None
    seconds_a_round: float | None = None
    seconds_apart: float | None = None
    defect: str = ""

    @property
    def row(self) -> tuple[Text, ...]:
        """What stands in the table, in the order of its columns."""
        works = self.outcome is CombinationOutcome.WORKS
        outcome = joined(
            (_OUTCOMES[self.outcome], *(_FLAWS[one] for one in self.flaws)), zh="，", en=", "
        )
        bound = _UNKNOWN if self.ratio is None else f"{self.ratio:.2g}"
        return (
            self.backend,
            self.strategy,
            self.aggregator,
            outcome,
            bound if works else "",
            (enumerated(self.seen_by) or _NOBODY) if works else "",
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
