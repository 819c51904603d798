"""The ladder of Keras applications: what its text alone must say, whatever a run shows."""

from dataclasses import replace

import pytest

from verify.checks import ALL, Case, Needs
from verify.contract import contract, pins
from verify.finding import Verdict
from verify.page import reader
from verify.page.page import Block
from verify.system.resources import TUTORIALS

FOLDER = TUTORIALS / "keras-applications-ladder"
CONTRACT = contract.read(FOLDER / contract.FILE_NAME)
EDITION = reader.read(CONTRACT.edition_path)
RUNGS = ["mobilenet", "mobilenet-v2", "efficientnet-b0", "resnet50", "inception-v3"]


def failed(*cells: Block) -> set[str]:
    """The checks of its text that fail when the edition has these cells."""
    edition = replace(EDITION, cells=cells)
    case = Case(CONTRACT, "embedded", edition, pins.NONE)
    return {
        result.id
        for check in ALL
        if check.needs is Needs.TEXT
        for subject in check.subjects(CONTRACT)
        if (result := check.judge(case, subject)).verdict is Verdict.FAIL
    }


def test_the_smallest_comes_first_and_is_all_that_a_quick_run_trains() -> None:
    trained = [(training.id, training.step) for training in CONTRACT.trainings]
    assert trained[: len(RUNGS)] == [(rung, f"train-{rung}") for rung in RUNGS]
    assert CONTRACT.profiles["quick"].until == "train-mobilenet"
    assert [file.called for file in CONTRACT.files_of("quick")] == ["flower_photos.tgz", RUNGS[0]]


@pytest.mark.parametrize("name", ["embedded", "real", "full"])
def test_every_rung_has_weights_of_its_own_in_every_profile_that_gets_there(name: str) -> None:
    of_each = {one.id: CONTRACT.weights_of(one, name) for one in CONTRACT.trainings}
    assert {file.called for file in of_each.values() if file} == set(RUNGS)
    assert all(
        (file.program is not None) == (name == "embedded") for file in of_each.values() if file
    )


@pytest.mark.parametrize("name", ["quick", "embedded"])
def test_each_network_gets_the_stand_in_that_was_pretrained_as_that_network(name: str) -> None:
    weights = [file for file in CONTRACT.files_of(name) if file.holds_weights]
    assert weights
    for file in weights:
        (network,) = file.arguments[1:]
        assert network.lower() == file.called.replace("-", "")


def test_both_ends_of_the_ladder_rest_on_five_seeds() -> None:
    for rung in ("mobilenet", "inception-v3"):
        one, more = CONTRACT.training(rung), CONTRACT.training(f"{rung}-more-seeds")
        assert one.seeds + more.seeds == 5
        alike = {"id": one.id, "step": one.step, "seeds": one.seeds}
        assert more.model_copy(update=alike) == one


@pytest.mark.parametrize(
    ("step", "was", "becomes", "noticed"),
    [
        ("model-builder", "trainable = False", "trainable = True", "frozen-before-compiled"),
        ("model-builder", "layers[:-3]", "layers[:-4]", "frozen-before-compiled"),
        ("model-builder", '"sparse_categorical', '"categorical', "loss"),
        (
            "train-mobilenet",
            "mobilenet.preprocess_input",
            "mobilenet_v2.preprocess_input",
            "mobilenet-sees-what-it-expects",
        ),
        ("train-resnet50", '"imagenet"', "None", "resnet50-comes-pretrained"),
        (
            "train-inception-v3",
            "inception_v3.InceptionV3(",
            "inception_v3.InceptionV4(",
            "inception-v3-comes-pretrained",
        ),
    ],
)
def test_a_changed_rung_is_caught(step: str, was: str, becomes: str, noticed: str) -> None:
    (cell,) = EDITION.cells_of_step(step)
    assert was in cell.source
    changed = replace(cell, source=cell.source.replace(was, becomes))
    assert f"claim:{noticed}" in failed(*(changed if c == cell else c for c in EDITION.cells))


def test_another_order_is_caught() -> None:
    (first,), (last,) = (
        EDITION.cells_of_step(f"train-{rung}") for rung in ("mobilenet", "inception-v3")
    )
    swapped = {first.index: last, last.index: first}
    cells = (swapped.get(cell.index, cell) for cell in EDITION.cells)
    assert {"steps:train-mobilenet", "steps:train-inception-v3"} <= failed(*cells)


def test_a_missing_rung_is_caught() -> None:
    left = (cell for cell in EDITION.cells if cell.step != "train-mobilenet")
    assert "steps:train-mobilenet" in failed(*left)


def test_the_edition_as_it_is_fails_nowhere() -> None:
    assert failed(*EDITION.cells) == set()
