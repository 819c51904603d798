"""Every name in a contract is one that there is: said with key and line where it is not."""

from pathlib import Path

import pytest

from tests import SAMPLES
from tests.bilingual import in_both
from tests.checks.builders import combination, contract_of, erratum, training
from verify.checks import ALL, Needs
from verify.contract import check_ids, contract
from verify.contract.claim import Claim
from verify.contract.training_terms import Split
from verify.errors import UsageError
from verify.system.resources import TUTORIALS

SAMPLE = in_both((SAMPLES / "contract.toml.txt").read_text(encoding="utf-8"))
UNDECIDED = '\n[profiles.full.undecided]\n"{}" = {{ zh = "太少", en = "too few" }}\n'
CALIBRATED = """
[[profiles.full.calibrated]]
id = "learns"
says = { zh = "学得到", en = "it learns" }
trainings = ["head"]
series = "accuracy"
value = 0.5
origin = { zh = "种子", en = "seeds" }
"""
VERSION = 'evidence = { version = "secretflow" }'
MEASURED = 'evidence = { measured = { series = "accuracy", trainings = ["head"] } }'


def read(folder: Path, text: str) -> contract.Contract:
    file = folder / contract.FILE_NAME
    file.write_text(text, encoding="utf-8")
    return contract.read(file)


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        read(folder, text)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize(
    "id_",
    [
        "loss:head",
        "series:head",
        "outputs:train",
        "repeat:load",
        "reveals",
        "claim:head-loss",  # what the page's output may give
    ],
)
def test_a_check_of_a_run_may_be_excused(tmp_path: Path, id_: str) -> None:
    excused = read(tmp_path, SAMPLE + UNDECIDED.format(id_)).excuses("full")
    assert str(excused[id_]) == "too few"


@pytest.mark.parametrize(
    "id_",
    ["loss:upper", "loss:heads", "loss", "head", "steps:train", "facts:load", "pins", "run:x"],
)
def test_what_is_no_check_of_a_run_is_not_excused(tmp_path: Path, id_: str) -> None:
    said = complaint(tmp_path, SAMPLE + UNDECIDED.format(id_))
    line = SAMPLE.count("\n") + 3
    assert said == (
        f'contract.toml:{line}: profiles.full.undecided.{id_}: names "{id_}", which the contract '
        "does not define."
    )


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ('trainings = ["head"]', 'trainings = ["tail"]', "profiles.full.calibrated.0.trainings"),
        ('series = "accuracy"', 'series = "auc"', "profiles.full.calibrated.0.series"),
        ("value = 0.5", 'against = ["tail"]\nrelation = "better"',
         "profiles.full.calibrated.0.against"),
    ],
)  # fmt: skip
def test_a_yardstick_names_trainings_and_their_series(
    tmp_path: Path, was: str, becomes: str, said: str
) -> None:
    assert read(tmp_path, SAMPLE + CALIBRATED).profiles["full"].calibrated
    assert CALIBRATED.count(was) == 1
    assert said in complaint(tmp_path, SAMPLE + CALIBRATED.replace(was, becomes))


def test_a_yardstick_is_there_once_in_a_profile(tmp_path: Path) -> None:
    said = complaint(tmp_path, SAMPLE + CALIBRATED * 2)
    assert 'profiles.full.calibrated.1.id: "learns" is the id of an earlier one too.' in said
    elsewhere = CALIBRATED.replace("full", "short")
    both = read(tmp_path, SAMPLE + CALIBRATED + elsewhere).profiles.values()
    assert [len(profile.calibrated) for profile in both] == [1, 1]


@pytest.mark.parametrize(
    ("was", "becomes", "where", "name"),
    [
        ('series = "accuracy"', 'series = "auc"', "50: claims.0.evidence", "auc"),
        ('name = "secretflow-1.11.0b1"', 'name = "secretflow-9"', "11: environment.name",
         "secretflow-9"),
        (MEASURED, VERSION.replace("secretflow", "secretfolw"), "50: claims.0.evidence.version",
         "secretfolw"),
    ],
)  # fmt: skip
def test_series_environments_and_packages_are_such_as_there_are(
    tmp_path: Path, was: str, becomes: str, where: str, name: str
) -> None:
    assert SAMPLE.count(was) == 1
    assert complaint(tmp_path, SAMPLE.replace(was, becomes)) == (
        f'contract.toml:{where}: names "{name}", which the contract does not define.'
    )


@pytest.mark.parametrize("package", ["secretflow", "tensorflow", "TensorFlow"])
def test_a_version_is_of_a_package_of_the_environment(tmp_path: Path, package: str) -> None:
    text = SAMPLE.replace(MEASURED, VERSION.replace("secretflow", package))
    (claim,) = read(tmp_path, text).claims
    assert claim.evidence is not None
    assert claim.evidence.version == package


def test_all_checks_of_a_run_can_be_named() -> None:
    """Whatever a check judges has an id that the contract knows."""
    document = contract_of(
        trainings=[
            training(),
            training(id="both", kind="federated"),
            training(id="parts", kind="split", split=Split(labels="alice")),
        ],
        errata=[erratum(id="known", cells=[2])],
        combinations=[combination()],
    )
    documents = [document, *map(contract.read, sorted(TUTORIALS.glob("*/contract.toml")))]
    for one in documents:
        known = check_ids.of_run(one)
        for check in ALL:
            if check.needs in (Needs.RUN, Needs.REPETITIONS) and check.kind.value != "erratum":
                asked = {check.id(subject) for subject in check.subjects(one)}
                assert asked <= known, one.name


def test_words_without_a_profile_are_said_of_every_one() -> None:
    words = {"zh": "没人数", "en": "nobody counts"}
    said = {"id": "x", "cell": 1, "says": words, "documented": 5}
    for undecided in (words, {"short": words, "full": words}):
        claim = Claim.model_validate({**said, "undecided": undecided})
        found = [str(claim.undecided_in(profile)) for profile in ("short", "full")]
        assert found == ["nobody counts"] * 2
    assert (
        Claim.model_validate({**said, "undecided": {"short": words}}).undecided_in("full") is None
    )
