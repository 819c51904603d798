"""Mutants of what a page says of a training that went well: frozen layers, values, directions."""

import copy
from collections.abc import Iterator
from random import Random
from statistics import fmean
from typing import Any

from tests.mutants import recorded
from tests.mutants.corruptions import PARTIES, of_party, trained
from tests.mutants.mutant import Mutant
from tests.mutants.recorded import Sample
from verify.checks.measured import LAST
from verify.contract.claim import Claim
from verify.contract.training_terms import Training
from verify.page.outputs import metrics

_FAMILY = "statement"
# Of the sample's layers the first two are frozen: by name, by a pattern, by a range.
_RIGHT = (["input_1", "dense"], ["input*", "dens?"], ["0-1"], ["0-0", "dense"])
_WRONG = {
    "frozen by name, one forgotten": (["dense"], ["input_1"]),
    "frozen by name, one too many": (["input_1", "dense", "dense_1"],),
    "frozen by a name that no layer has": (["input_1", "dense", "dense_7"], ["inputs", "dense"]),
    "frozen by a pattern that misses": (["input*", "dense_?"], ["input*", "Dense"]),
    "frozen by a pattern that takes all": (["*"], ["input*", "dense*"]),
    "frozen by a range one further": (["1-2"], ["0-2"]),
    "frozen by a range one short": (["0-0"], ["1-1"]),
    "frozen by a range beyond all layers": (["0-1", "7-9"],),
}
_LITTLE = 1e-7
_FAR = 0.4


def mutants(greenhouses: Sample, split: Sample, seed: int) -> Iterator[Mutant]:
    """What a page may say wrongly of either training, and what it may say as well."""
    yield from _of_frozen(greenhouses, seed)
    yield from _of_claims(split)
    yield from _of_yardsticks(split)


def _of_frozen(sample: Sample, seed: int) -> Iterator[Mutant]:
    for stated in _RIGHT:
        trainings = _trainings(sample, stated)
        yield _mutant(sample, "frozen otherwise said", str(stated), trainings=trainings)
    for kind, some in _WRONG.items():
        for stated in some:
            trainings = _trainings(sample, stated)
            yield _mutant(sample, kind, str(stated), "freezing:together", trainings=trainings)
    chance = Random(f"{seed} frozen")  # noqa: S311
    for stated in chance.sample(_RIGHT, 3):
        yield _moved(sample, stated, chance)


def _trainings(sample: Sample, frozen: list[str]) -> list[Training]:
    """The trainings of the contract, the federated one with other words for what is frozen."""
    return [
        one.model_copy(update={"frozen": frozen}) if one.kind == "federated" else one
        for one in sample.document.contract.trainings
    ]


def _moved(sample: Sample, stated: list[str], chance: Random) -> Mutant:
    """A layer that is frozen by that word moves at one party, by little, in one turn."""
    logs, party = copy.deepcopy(sample.logs), chance.choice(PARTIES)
    chance.choice(of_party(logs, party, "sent"))["changes"][1] = _LITTLE
    trainings = _trainings(sample, stated)
    kind, says = "a layer frozen so moves", f"{stated}, by {_LITTLE:g} at {party}"
    return _mutant(sample, kind, says, "freezing:together", trainings=trainings, logs=logs)


def _of_claims(sample: Sample) -> Iterator[Mutant]:
    """What a page says that the training reaches, which it does not; and nearly what it reaches."""
    for claim in sample.document.contract.claims:
        seen = claim.evidence.measured if claim.evidence else None
        if seen is None:
            continue
        for kind, right, fields in _said(seen.series, _reached(sample, seen.series)):
            said = claim.model_copy(update=fields)
            meant = () if right else (f"claim:{claim.id}",)
            yield _mutant(sample, kind, f"{seen.series} {_told(said)}", *meant, claims=[said])


def _said(series: str, reached: float) -> Iterator[tuple[str, bool, dict[str, Any]]]:
    """What may be said of a metric that came to a value: the kind, whether it is right, and how."""
    if metrics.is_loss(series):
        yield "a documented loss far below", False, {"documented": reached / 4}
        yield "a loss said to rise", False, {"documented": reached * 4, "relation": "rises to"}
        yield "a loss said to stay above", False, {"documented": reached * 4, "relation": ">="}
        yield "a documented loss nearly reached", True, {"documented": reached * 0.99}
        yield "a documented loss far above", True, {"documented": reached * 4}
        yield "a loss that is below", True, {"documented": reached * 2, "relation": "falls below"}
    else:
        low = reached - _FAR
        yield "a metric said to stay below", False, {"documented": low, "relation": "<="}
        yield "a metric said to fall", False, {"documented": low, "relation": "falls to"}
        yield "a documented metric nearly reached", True, {"documented": reached + 0.01}
        yield "a documented metric far below", True, {"documented": low}
        yield "a metric that rises", True, {"documented": low, "relation": "rises above"}


def _of_yardsticks(sample: Sample) -> Iterator[Mutant]:
    """Yardsticks of the profile's own, out of the training's reach or turned round."""
    name, profile = next(iter(sample.document.contract.profiles.items()))
    for one in profile.calibrated:
        for kind, right, fields in _said(one.series, _reached(sample, one.series)):
            if right or "falls below" in fields.values():
                continue
            value = {"value": fields["documented"], "relation": fields.get("relation", "falls to")}
            own = one.model_copy(update=value)
            profiles = {name: profile.model_copy(update={"calibrated": [own]})}
            says, meant = f"{one.series} {own.relation} {own.value:.4g}", f"calibrated:{one.id}"
            yield _mutant(sample, f"yardstick: {kind}", says, meant, profiles=profiles)


def _reached(sample: Sample, series: str) -> float:
    """What the training came to in that: its last epochs' mean of a loss, or the last value."""
    values = trained(sample.logs, "split")["history"][series]
    return fmean(values[-LAST:]) if metrics.is_loss(series) else values[-1]


def _told(claim: Claim) -> str:
    return f"{claim.relation} {claim.documented:.4g}"


def _mutant(
    sample: Sample, kind: str, says: str, *meant: str, logs: Any = None, **stated: Any
) -> Mutant:
    def killers() -> frozenset[str]:
        return recorded.failures(sample.case(logs or sample.logs, **stated)) - sample.complaints

    return Mutant(_FAMILY, kind, sample.name, says, meant, killers, harmless=not meant)
