"""Mutants of what real runs recorded, judged by the checks of a run.

The records in `samples/evidence` and `samples/split-evidence` are those of the probes in runs of
the sample tutorials.
"""

import copy
from collections.abc import Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from random import Random

import tomli

from tests.bilingual import in_both, words
from tests.mutants import drifts, recorded, splits, statements, trainings
from tests.mutants.corruptions import CORRUPTIONS, Corruption
from tests.mutants.metric_corruptions import OF_METRICS
from tests.mutants.mutant import Mutant
from tests.mutants.recorded import HARMLESS, Logs, Sample
from tests.mutants.split_corruptions import OF_BOUNDARIES
from tests.mutants.split_courses import OF_COURSES
from tests.mutants.trial_corruptions import OF_TRIALS
from verify.checks import Case, Needs
from verify.contract import pins
from verify.contract.calibration import Calibrated
from verify.contract.claim import Claim
from verify.contract.training_terms import Training
from verify.page import reader

FOLDER = Path(__file__).parent / "samples" / "evidence"
_STEPS = ("office", "together")
_PRINTING = "office-history"
_EACH = 2
_CLAIMS = in_both("""
[[claims]]
id = "learns"
cell = 14
says = "together they learn which seedlings need water"
documented = 0.6
relation = ">="
evidence = { measured = { series = "accuracy", trainings = ["together"] } }
tolerance = { source = "binomial noise of 240 seedlings" }

[[claims]]
id = "loss"
cell = 14
says = "together they come down to a loss of 0.7"
documented = 0.7
relation = "falls to"
evidence = { measured = { series = "loss", trainings = ["together"] } }

[[claims]]
id = "fractional-bits"
cell = 14
says = "numbers keep 18 fractional bits"
documented = 18
evidence = { aggregation = { training = "together", of_round = "fxp_bits" } }
""")
_CALIBRATED = Calibrated(
    id="learns",
    says=words("they learn something of made-up seedlings"),
    trainings=["together"],
    series="accuracy",
    value=0.5,
    origin=words("one run gave 0.62"),
)


def mutants(seed: int) -> Iterator[Mutant]:
    """Some mutants of each kind."""
    yield from planted(greenhouses(), CORRUPTIONS | OF_METRICS | OF_TRIALS, seed)
    yield from planted(splits.sample(), OF_BOUNDARIES | OF_COURSES, seed)
    yield from statements.mutants(greenhouses(), splits.sample(), seed)


def planted(
    sample: Sample, corruptions: Mapping[str, tuple[Corruption, str]], seed: int
) -> Iterator[Mutant]:
    """Some mutants of each kind of a sample's records."""
    for kind, (corruption, check) in corruptions.items():
        seen = set()
        for number in range(_EACH):
            logs = copy.deepcopy(sample.logs)
            where = corruption(logs, Random(f"{seed} {kind} {number}"))  # noqa: S311
            if where not in seen:
                seen.add(where)
                judge = partial(_differing if check == "repeat" else _killers, sample, logs)
                meant = () if check == HARMLESS else (f"{check}*",)
                yield Mutant("evidence", kind, sample.name, where, meant, judge, harmless=not meant)


def _killers(sample: Sample, logs: Logs) -> frozenset[str]:
    return recorded.failures(sample.case(logs)) - sample.complaints


def _differing(sample: Sample, logs: Logs) -> frozenset[str]:
    return recorded.failures(sample.case(sample.logs, logs), Needs.REPETITIONS)


def _logs() -> Logs:
    """What the probes wrote, and what a step printed."""
    (cell,) = reader.read(trainings.SAMPLE).cells_of_step(_PRINTING)
    (output,) = cell.outputs
    printed = {"event": recorded.PRINTED, "text": output.text}
    return {**recorded.events_in(FOLDER), recorded.PRINTED: [printed]}


@cache
def greenhouses() -> Sample:
    """The sample as a document that has not run; it promises that trainings repeat themselves."""
    told = trainings.local(_STEPS[0]) + trainings.federated(_STEPS[1])
    stated = tomli.loads(told + _CLAIMS)
    pinned = drifts.sample()
    promised = {"reproducible": True}
    profile = next(iter(pinned.contract.profiles))
    document = pinned.contract.model_copy(
        update={
            "steps": [s for s in pinned.contract.steps if s.id in (*_STEPS, _PRINTING)],
            "trainings": [Training.model_validate(one | promised) for one in stated["trainings"]],
            "claims": [Claim.model_validate(one) for one in stated["claims"]],
            "profiles": {
                profile: pinned.contract.profiles[profile].model_copy(
                    update={"calibrated": [_CALIBRATED]}
                )
            },
        }
    )
    edition = reader.read(trainings.SAMPLE)
    case = Case(document, profile, edition, pins.of_page(pinned.page))
    return Sample("greenhouses", case, _logs(), _STEPS, _PRINTING)
