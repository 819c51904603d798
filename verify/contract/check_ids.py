"""How the checks of a run are called: a contract says which of them a profile excuses."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from verify.contract import derived_claims
from verify.finding import CheckKind

if TYPE_CHECKING:
    from verify.contract.contract import Contract

# What is asked of the data of a training.
DATA_ASPECTS = SAMPLES, CLASSES, RANGE = "samples", "classes", "range"
# What a text says is decided by the text: no profile excuses it. Steps run, or they do not.
_OF_TEXT = {
    CheckKind.PINS,
    CheckKind.STEPS,
    CheckKind.FACTS,
    CheckKind.DRIFT,
    CheckKind.PACKAGES,
    CheckKind.ERRATUM,
    CheckKind.ANCHOR,
    CheckKind.NUMBERS,
    CheckKind.RUN,
}


def of_run(contract: "Contract") -> set[str]:
    """The ids of all checks of a run that a contract gives subjects to."""
    return {kind.id_of(subject) for kind in CheckKind for subject in _subjects(contract, kind)}


def _subjects(contract: "Contract", kind: CheckKind) -> Iterable[str]:
    """What a kind of check judges; most judge trainings."""
    if kind in _OF_TEXT:
        return ()
    trainings = (t.id for t in contract.trainings if kind is not CheckKind.LOSS or t.has_loss)
    steps = [step.id for step in contract.steps]
    others: dict[CheckKind, Iterable[str]] = {
        CheckKind.OUTPUTS: steps,
        CheckKind.REPEAT: steps,
        CheckKind.REVEALS: [""],
        CheckKind.RULES: [""],
        CheckKind.DATA: (f"{t.id}/{aspect}" for t in contract.trainings for aspect in DATA_ASPECTS),
        CheckKind.METRICS: (f"{t.id}/{series}" for t in contract.trainings for series in t.metrics),
        CheckKind.COMBINATION: [
            "",
            *(pair.id for one in contract.combinations for pair in one.pairs),
        ],
        CheckKind.CALIBRATED: (c.id for p in contract.profiles.values() for c in p.calibrated),
        CheckKind.CLAIM: _claims(contract),
    }
    return others.get(kind, trainings)


def _claims(contract: "Contract") -> Iterator[str]:
    """The written claims, and those that the page's outputs may give."""
    yield from (claim.id for claim in contract.claims)
    for training in contract.trainings:
        yield from (derived_claims.id_of(training.id, series) for series in training.metrics)
