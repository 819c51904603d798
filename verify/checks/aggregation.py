"""Each aggregate is the weighted mean of what the parties sent, and each party takes it over.

Every round that was looked into is held against an independent mean in float64 within the analytic
bound of the aggregator. Parties that hold the same data send the same weights, of which a wrong
mean looks right: so the page's aggregator also had to average numbers of ours (the challenge).
"""

import math
from collections.abc import Iterator
from typing import Any

from verify.checks.case import Case, federated_ids, listed, of_training, verdict
from verify.checks.observed import NO_ROUND
from verify.contract.training_terms import Training
from verify.evidence import by_probes
from verify.evidence.evidence import Round, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.system.words import Text, Words, joined

# Strategies that average weights; others average gradients or updates, the start weights apart.
_OF_WEIGHTS = ("fed_avg_w", "fed_prox")
_OF_WEIGHTS_SAYS = Words(
    zh="各参与方的权重按样本数求平均，各方以平均值继续训练",
    en="the parties' weights are averaged by samples, and each party goes on with the average",
)
_SAYS = Words(
    zh="各参与方所发的内容按样本数求平均", en="what the parties send is averaged by samples"
)
_ROUND = Words(zh="第 {number} 轮", en="round {number}")
_TRIAL = Words(zh="用我们给出的数试算", en="a trial with numbers of ours")
_BEYOND = Words(
    zh="在数组 {array} 中为上界的 {ratio:.3g} 倍", en="{ratio:.3g} times its bound in array {array}"
)
_OFF = Words(zh="{name}偏差 {error:.2g}：{why}", en="{name} is off by {error:.2g}: {why}")
_TAKEN = Words(
    zh="{party} 只采用了 {of} 次平均中的 {taken} 次",
    en="{party} took over {taken} of {of} averages",
)
_HOLDS_OTHERS = Words(
    zh="第 {number} 轮：{party} 持有的权重与发给它的不同",
    en="round {number}: {party} holds other weights than it was given",
)
_GOES_ON_OTHERWISE = Words(
    zh="第 {number} 轮：{party} 继续训练时用的不是平均值",
    en="round {number}: {party} goes on with something else than the average",
)
_SEEN = Words(
    zh="检查了 {of} 轮中的 {examined} 轮，偏差至多 {error:.2g}，为上界的 {share}；"
    "用不相等的数试算，偏差为上界的 {trial}",
    en="{examined} of {of} rounds looked into, off by at most {error:.2g} and {share} of the "
    "bound; a trial with unequal numbers {trial} of it",
)
_ALIKE = Words(
    zh="有 {rounds} 轮各参与方所发内容相同", en="in {rounds} rounds all parties sent the same"
)
_TOLERANCES = {
    "spu": Words(
        zh="定点数，{bits} 个小数位，以及 SPU 的除法（Goldschmidt 算法）",
        en="fixed point with {bits} fractional bits, and SPU's division (Goldschmidt's)",
    ),
    "secure": Words(
        zh="截断为定点数的误差 n·2^-{bits}/Σw（依据 SecureAggregator 的文档和编码方式），"
        "加上每个乘积和权重末位的一半",
        en="n·2^-{bits}/Σw for truncation to fixed point (documentation and encoding of "
        "SecureAggregator), and half a unit in the last place of each product and weight",
    ),
    "plain": Words(
        zh="NumPy 的舍入误差（Higham，3.1 节）：先以 float64 加权，再转为数组自己的类型",
        en="NumPy's roundings (Higham, section 3.1): with weights in float64, then to the arrays' "
        "own type",
    ),
    "sparse": Words(
        zh="NumPy 的舍入误差（Higham，3.1 节），以 float64 加权",
        en="NumPy's roundings (Higham, section 3.1), with weights in float64",
    ),
    "own": Words(
        zh="数组自己类型的 2n 次舍入（Higham，3.1 节）",
        en="2n roundings of the arrays' own type (Higham, section 3.1)",
    ),
}


def _judge(_: Case, __: Training, run: TrainingRun) -> dict[str, Any]:
    of_weights = run.strategy in _OF_WEIGHTS
    said = _OF_WEIGHTS_SAYS if of_weights else _SAYS
    fields: dict[str, Any] = {"says": said, "tolerance": _tolerance(run.rounds)}
    if fault := next((r.fault for r in run.rounds if r.fault), ""):
        return fields | {"verdict": Verdict.ERROR, "observed": by_probes.told(fault)}
    problems = [*_wrong(run), *(_not_taken_over(run) if of_weights else ())]
    unseen = not _examined(run.rounds) or not _examined(run.challenge)
    if unseen and not problems:
        reasons = [r.reason or r.fault for r in (*run.rounds, *run.challenge)]
        reason = by_probes.told(next(filter(None, reasons), "")) or NO_ROUND
        return fields | {"verdict": Verdict.UNCHECKED, "reason": reason}
    return fields | {
        "verdict": verdict(not problems),
        "observed": listed(problems) or _summary(run),
    }


def _examined(rounds: tuple[Round, ...]) -> list[Round]:
    return [one for one in rounds if one.ratio is not None]


def _wrong(run: TrainingRun) -> Iterator[Words]:
    named = [(_ROUND.filled(number=number), one) for number, one in enumerate(run.rounds)]
    for name, one in [*named, *((_TRIAL, r) for r in run.challenge)]:
        if one.ratio is not None and not one.ratio <= 1:  # NaN is no small number
            why = by_probes.told(one.reason) or _BEYOND.filled(ratio=one.ratio, array=one.array)
            yield _OFF.filled(name=name, error=one.error, why=why)


def _not_taken_over(run: TrainingRun) -> Iterator[Words]:
    for holder in run.holders:
        taken = holder.taken_over
        if len(taken) != len(run.rounds):
            yield _TAKEN.filled(party=holder.name, taken=len(taken), of=len(run.rounds))
            continue
        for number, (one, own) in enumerate(zip(run.rounds, taken, strict=True)):
            if not own.kept:
                yield _HOLDS_OTHERS.filled(number=number, party=holder.name)
            elif one.given is not None and own.held != one.given:
                yield _GOES_ON_OTHERWISE.filled(number=number, party=holder.name)


def _summary(run: TrainingRun) -> Text:
    examined = _examined(run.rounds)
    error, worst = (max(getattr(r, name) for r in examined) for name in ("error", "ratio"))
    trial = max(r.ratio or 0.0 for r in run.challenge)
    alike = sum(r.alike for r in examined)
    seen = _SEEN.filled(
        examined=len(examined),
        of=len(run.rounds),
        error=error,
        share=_share(worst),
        trial=_share(trial),
    )
    return joined((seen, _ALIKE.filled(rounds=alike) if alike else None))


def _share(ratio: float) -> str:
    """A part of the bound, rounded down: what keeps within it must not read as all of it."""
    return f"{math.floor(ratio * 1e4) / 1e4:g}"


def _tolerance(rounds: tuple[Round, ...]) -> Words:
    bits = next((r.fxp_bits for r in rounds if r.fxp_bits is not None), None)
    how = next((r.arithmetic for r in rounds), "own")
    return _TOLERANCES[how].filled(bits=bits)


CHECK = of_training(CheckKind.AGGREGATION, _judge, federated_ids)
