"""What must hold for every round that a documented training could run."""

from collections.abc import Callable
from dataclasses import dataclass

import hypothesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import HypothesisException

from verify.aggregators import generated_trials as cases
from verify.aggregators.generated_trials import Cases
from verify.aggregators.judging import TrialJudgement, TrialOutcome, judge
from verify.aggregators.trial import Aggregator, Run, Trial
from verify.system.words import Words

_NOT_TWICE = Words(zh="两次结果不同：{why}", en="not the same twice: {why}")


@dataclass(frozen=True)
class Property:
    """Rounds of a kind, each of which must yield the reference within the bound.

    `draw` gives the rounds for an aggregator, and for parties in processes of their own if told.
    """

    name: str
    sentence: Words
    draw: Callable[[Aggregator, bool], Cases]


PROPERTIES = (
    Property(
        "averages",
        Words(
            zh="浮点数的加权平均：两种类型，有正有负，1 到 4 维，2 到 5 个参与方",
            en="weighted means of floats: both types, either sign, 1 to 4 dimensions, "
            "2 to 5 parties",
        ),
        lambda aggregator, apart: cases.floats(aggregator, apart=apart),
    ),
    Property(
        "sums",
        Words(zh="这类浮点数的和", en="sums of such floats"),
        lambda aggregator, apart: cases.floats(aggregator, apart=apart, operation="sum"),
    ),
    Property(
        "extremes",
        Words(
            zh="刚好还能表示的数的加权平均", en="weighted means just within what can be represented"
        ),
        lambda aggregator, apart: cases.extremes(aggregator, apart=apart),
    ),
    Property(
        "integers",
        Words(
            zh="整数的平均，按样本数加权",
            en="means of whole numbers, weighted by numbers of samples",
        ),
        lambda aggregator, apart: cases.whole(aggregator, apart=apart),
    ),
    Property(
        "integers-fractional-weights",
        Words(zh="整数的平均，按分数加权", en="means of whole numbers, weighted by fractions"),
        lambda aggregator, apart: cases.whole(aggregator, apart=apart, fractional=True),
    ),
)


@dataclass(frozen=True)
class TriedProperty:
    """A property that was tried.

    `worst` is the judgement of the round that contradicts it, and None if none does.
    """

    cases: int
    ratio: float
    worst: TrialJudgement | None = None
    example: str = ""


class _ContradictedError(AssertionError):
    def __init__(self, case: Trial, judgement: TrialJudgement) -> None:
        super().__init__(f"{judgement.detail}: {case}")
        self.case = case
        self.judgement = judgement


def attempt(run: Run, drawn: Cases, examples: int, *, shrink: bool = True) -> TriedProperty:
    """Run rounds of a kind until one contradicts the reference; the same ones every time.

    Args:
        run: SecretFlow, or what stands in for it.
        drawn: the rounds.
        examples: how many.
        shrink: whether to look for the smallest contradiction, which takes many rounds.
    """
    tried, ratio = 0, 0.0

    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
        suppress_health_check=list(HealthCheck),
        report_multiple_bugs=False,
        print_blob=False,
    )
    @hypothesis.given(drawn)
    def holds(case: Trial) -> None:
        nonlocal tried, ratio
        judgement = judge(case, run(case))
        tried += 1
        if judgement.outcome is not TrialOutcome.CORRECT:
            raise _ContradictedError(case, judgement)
        ratio = max(ratio, judgement.ratio)

    try:
        holds()
    except _ContradictedError as contradicted:
        return TriedProperty(tried, ratio, contradicted.judgement, str(contradicted.case))
    except HypothesisException as flaky:  # another outcome when the same round is run again
        judgement = TrialJudgement(TrialOutcome.SILENT, _NOT_TWICE.filled(why=flaky))
        return TriedProperty(tried, ratio, judgement)
    return TriedProperty(tried, ratio)
