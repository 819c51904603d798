"""Each aggregate is the weighted mean of what the parties sent, and each party takes it over.

Every round that was looked into is held against an independent mean in float64 within the analytic
bound of the aggregator. Parties that hold the same data send the same weights, of which a wrong
mean looks right: so the page's aggregator also had to average numbers of ours (the challenge).
"""

import math
from collections.abc import Iterator
from typing import Any

from verify.checks.case import Case, federated_ids, listed, of_training, verdict
from verify.contract.training_terms import Training
from verify.evidence.evidence import Round, TrainingRun
from verify.finding import CheckKind, Verdict

# Strategies that average weights; others average gradients or updates, the start weights apart.
_OF_WEIGHTS = ("fed_avg_w", "fed_prox")


def _judge(_: Case, __: Training, run: TrainingRun) -> dict[str, Any]:
    of_weights = run.strategy in _OF_WEIGHTS
    said = (
        "the parties' weights are averaged by samples, and each party goes on with the average"
        if of_weights
        else "what the parties send is averaged by samples"
    )
    fields: dict[str, Any] = {"says": said, "tolerance": _tolerance(run.rounds)}
    if fault := next((r.fault for r in run.rounds if r.fault), ""):
        return fields | {"verdict": Verdict.ERROR, "observed": fault}
    problems = [*_wrong(run), *(_not_taken_over(run) if of_weights else ())]
    unseen = not _examined(run.rounds) or not _examined(run.challenge)
    if unseen and not problems:
        reasons = [r.reason or r.fault for r in (*run.rounds, *run.challenge)]
        reason = next(filter(None, reasons), "no round was seen")
        return fields | {"verdict": Verdict.UNCHECKED, "reason": reason}
    return fields | {
        "verdict": verdict(not problems),
        "observed": listed(problems) or _summary(run),
    }


def _examined(rounds: tuple[Round, ...]) -> list[Round]:
    return [one for one in rounds if one.ratio is not None]


def _wrong(run: TrainingRun) -> Iterator[str]:
    named = [(f"round {number}", one) for number, one in enumerate(run.rounds)]
    for name, one in [*named, *(("a trial with numbers of ours", r) for r in run.challenge)]:
        if one.ratio is not None and not one.ratio <= 1:  # NaN is no small number
            why = one.reason or f"{one.ratio:.3g} times its bound in array {one.array}"
            yield f"{name} is off by {one.error:.2g}: {why}"


def _not_taken_over(run: TrainingRun) -> Iterator[str]:
    for holder in run.holders:
        taken = holder.taken_over
        if len(taken) != len(run.rounds):
            yield f"{holder.name} took over {len(taken)} of {len(run.rounds)} averages"
            continue
        for number, (one, own) in enumerate(zip(run.rounds, taken, strict=True)):
            if not own.kept:
                yield f"round {number}: {holder.name} holds other weights than it was given"
            elif one.given is not None and own.held != one.given:
                yield f"round {number}: {holder.name} goes on with something else than the average"


def _summary(run: TrainingRun) -> str:
    examined = _examined(run.rounds)
    error, worst = (max(getattr(r, name) for r in examined) for name in ("error", "ratio"))
    trial = max(r.ratio or 0.0 for r in run.challenge)
    alike = sum(r.alike for r in examined)
    return (
        f"{len(examined)} of {len(run.rounds)} rounds looked into, off by at most "
        f"{error:.2g} and {_share(worst)} of the bound; a trial with unequal numbers "
        f"{_share(trial)} of it"
        + (f"; in {alike} rounds all parties sent the same" if alike else "")
    )


def _share(ratio: float) -> str:
    """A part of the bound, rounded down: what keeps within it must not read as all of it."""
    return f"{math.floor(ratio * 1e4) / 1e4:g}"


def _tolerance(rounds: tuple[Round, ...]) -> str:
    bits = next((r.fxp_bits for r in rounds if r.fxp_bits is not None), None)
    how = next((r.arithmetic for r in rounds), "own")
    return {
        "spu": f"fixed point with {bits} fractional bits, and SPU's division (Goldschmidt's)",
        "secure": f"n·2^-{bits}/Σw for truncation to fixed point (documentation and encoding of "
        "SecureAggregator), and half a unit in the last place of each product and weight",
        "plain": "NumPy's roundings (Higham, section 3.1): with weights in float64, then to the "
        "arrays' own type",
        "sparse": "NumPy's roundings (Higham, section 3.1), with weights in float64",
        "own": "2n roundings of the arrays' own type (Higham, section 3.1)",
    }[how]


CHECK = of_training(CheckKind.AGGREGATION, _judge, federated_ids)
