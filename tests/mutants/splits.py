"""The sample of split learning: its page, what a contract says of it, and its records."""

from functools import cache
from pathlib import Path

import tomli

from tests.bilingual import in_both
from tests.checks import builders
from tests.mutants import recorded
from tests.mutants.recorded import Sample
from verify.checks import Case
from verify.contract import contract, pins
from verify.contract.calibration import Calibrated
from verify.contract.claim import Claim
from verify.contract.steps import Step
from verify.contract.training_terms import Training
from verify.page import reader
from verify.page.page import Page
from verify.upstream.pages import OfficialPage

_SAMPLES = Path(__file__).parent / "samples"
FOLDER = _SAMPLES / "split-evidence"
STEP = "train-split"
LABELS, OTHERS = "office", ("north", "east")
WIDTHS = {"north": 4, "east": 3, "office": 2}  # of the parties' features
HELD_OUT = 80
# Of these so many bear fruit, as the page's own seed draws them.
POSITIVES = 39
TRAINING = f"""
[[trainings]]
id = "split"
step = "{STEP}"
kind = "split"
epochs = 12
metrics = ["train_loss", "train_accuracy", "train_auc", "val_loss", "val_accuracy", "val_auc"]
parties = ["north", "east", "office"]
batch_size = 64
frozen = ["*/base/kept"]
split = {{ labels = "{LABELS}", hidden = {{ north = 6, east = 5, office = 3 }} }}
"""
_CLAIMS = in_both("""
[[claims]]
id = "low"
cell = 4
says = "the loss on plants held out falls"
documented = 0.45
relation = "falls to"
evidence = { measured = { series = "val_loss", trainings = ["split"] } }

[[claims]]
id = "ranks"
cell = 4
says = "which plants bear fruit ranks above which do not"
documented = 0.9
relation = ">="
tolerance = { detects = 0.35 }
evidence.measured.series = "val_auc"
evidence.measured.trainings = ["split"]
evidence.measured.documented_samples = 80
evidence.measured.positives = 39

[[claims]]
id = "right"
cell = 4
says = "most answers are right"
documented = 0.8
relation = ">="
evidence = { measured = { series = "val_accuracy", trainings = ["split"] } }
tolerance = { detects = 0.3 }

[[calibrated]]
id = "learns"
says = "three in four"
trainings = ["split"]
series = "train_accuracy"
value = 0.75
relation = "rises to"
detects = 0.3
origin = "the sample's run"

[[calibrated]]
id = "falls"
says = "the loss is halved"
trainings = ["split"]
series = "train_loss"
value = 0.4
relation = "falls to"
origin = "the sample's run"
""")


def page() -> Page:
    """The sample's own page."""
    file = _SAMPLES / "split.percent"
    return reader.of_text(file.read_text(encoding="utf-8"), file.with_suffix(".py"))


@cache
def sample() -> Sample:
    """The sample as a document, with its records."""
    edition = page()
    official = OfficialPage("v1", "1" * 40, edition.path.name, "b" * 40, edition.text)
    about = contract.PageReference(ref=official.ref, path=official.path, blob=official.blob)
    stated = tomli.loads(TRAINING + _CLAIMS)
    document = builders.contract_of(
        page=about,
        steps=[Step(id=cell.step, cells=[cell.index]) for cell in edition.cells if cell.step],
        trainings=[Training.model_validate(one) for one in stated["trainings"]],
        claims=[Claim.model_validate(one) for one in stated["claims"]],
    )
    name, profile = next(iter(document.profiles.items()))
    own = [Calibrated.model_validate(one) for one in stated["calibrated"]]
    profiles = {name: profile.model_copy(update={"calibrated": own})}
    document = document.model_copy(update={"profiles": profiles})
    case = Case(document, name, edition, pins.of_page(official))
    return Sample("split", case, recorded.events_in(FOLDER), (STEP,))
