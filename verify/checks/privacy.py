"""Nobody sees a party's own weights: what leaves a party is masked, and masked anew each round.

Numbers hidden by a one-time pad are uniform over 64 bits and have nothing to do with the numbers
inside; so has the difference between two rounds, unless a pad was used twice. What the average
itself tells is another matter, and said.
"""

import math
from collections.abc import Iterator
from typing import Any

import scipy  # its parts, which take a second, come with their first use

from verify.checks.case import Case, federated_ids, listed, of_training, verdict
from verify.contract.training_terms import Training
from verify.evidence.evidence import Message, TrainingRun
from verify.finding import CheckKind, Verdict

# The chance that any test of a whole training fails although all is well.
FALSE_ALARM = 1e-6
_BYTES = 8
_FREEDOM = 255
# Below five expected counts for each value, chi-square is no good approximation (Cochran).
_FEWEST = 5 * 256
_PAIR = 2


def _judge(_: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "says": "only masked weights leave a party"
        if training.secure
        else "the parties' weights are aggregated in the open",
        "tolerance": f"chi-square of each byte and correlation, on up to 65,536 numbers a message; "
        f"false alarms {FALSE_ALARM:g} a training",
    }
    weights = [m for r in run.rounds for m in r.messages if m.elements]
    if not weights:
        reasons = filter(None, (r.fault or r.reason for r in run.rounds))
        return fields | {
            "verdict": Verdict.UNCHECKED,
            "reason": next(reasons, "no message with weights was seen"),
        }
    if not training.secure:
        who = sorted({m.receiver for m in weights if m.plain})
        return fields | {
            "verdict": verdict(bool(who)),
            "observed": f"{', '.join(who) or 'nobody'} saw them",
        }
    problems = list(dict.fromkeys(_problems(weights, len(run.rounds[0].names))))
    shown = listed(problems) or _summary(run, weights)
    return fields | {"verdict": verdict(not problems), "observed": shown}


def _problems(messages: list[Message], parties: int) -> Iterator[str]:
    tests = len(messages) * (2 * _BYTES + parties)
    chance = FALSE_ALARM / tests
    farthest = float(scipy.stats.chi2.isf(chance, _FREEDOM))
    # Of independent numbers, r·√n is close to normal (Fisher).
    strongest = float(scipy.stats.norm.isf(chance / 2))
    for message in messages:
        way = f"what {message.sender} sent to {message.receiver}"
        if message.plain:
            yield f"{way} are its own weights"
            continue
        if not message.uniform:
            yield f"{way} is not masked"
        if abs(message.correlation) * math.sqrt(message.elements) > strongest:
            yield f"{way} correlates with weights by {message.correlation:.2g}"
        if message.elements >= _FEWEST:
            if any(not value <= farthest for value in message.uniform):
                yield f"{way} is not uniform"
            if any(not value <= farthest for value in message.fresh):
                yield f"{way} is masked as in the round before"


def _summary(run: TrainingRun, messages: list[Message]) -> str:
    who = sorted({m.receiver for m in messages})
    parts = [f"{len(messages)} messages to {', '.join(who)}, none to be told from chance"]
    few = [m for m in messages if m.elements < _FEWEST]
    if few:
        parts[0] += f" (uniformity not tested below {_FEWEST} numbers)"
    parts.append(f"{', '.join(who)} also learns how many samples each party trained on")
    inferred = [r.inferred for r in run.rounds if r.inferred is not None]
    if inferred:
        names = " and ".join(run.rounds[0].names)
        parts.append(
            f"{names} are two: from the average each computes the other's weights to within "
            f"{max(inferred):.1g}, whatever the masks"
        )
    elif run.rounds[0].parties > _PAIR:
        parts.append(f"any {run.rounds[0].parties - 1} parties together can compute the last one's")
    return "; ".join(parts)


CHECK = of_training(CheckKind.PRIVACY, _judge, federated_ids)
