"""Trainings on one machine are recorded and return what they returned."""

import random
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docprobe
import numpy as np
import pytest

from tests.fakes import small_model
from tests.probes.builders import logged, write_module


@pytest.fixture(params=["keras.engine", "keras.src.engine"])
def model(request: pytest.FixtureRequest, modules: Path, tmp_path: Path) -> Any:
    """A small model of this release's Keras, watched; its evidence is in `tmp_path`."""
    text = "from tests import fakes\n\n\nclass Model(fakes.Model):\n    fit = fakes.Model.fit\n"
    write_module(modules, f"{request.param}.training", text)
    callbacks = request.param.replace("engine", "callbacks")
    write_module(modules, callbacks, "class Callback:\n    def on_test_begin(self, logs): ...\n")
    docprobe.start(str(tmp_path), seed=5)
    import_module(callbacks)
    return import_module(f"{request.param}.training").Model(*small_model().layers)


def test_a_training_is_recorded_and_returns_what_it_returned(tmp_path: Path, model: Any) -> None:
    history = model.fit([0.25, 0.25], epochs=2)
    assert [float(value) for value in history.history["loss"]] == [1.0, 0.5]
    started, begun, training = logged(tmp_path / "kernel.jsonl")
    assert (started["event"], started["seed"]) == ("started", 5)
    assert started["versions"]["numpy"] == np.__version__
    assert (begun["event"], begun["kind"]) == ("training-started", "local")
    assert training["history"] == {"loss": [1.0, 0.5]}
    assert training["changes"] == [0.0, 0.0, 1.0]
    assert training["before"][1] == training["after"][1]
    assert training["before"][2] != training["after"][2]


@pytest.mark.parametrize(
    ("validation", "samples"), [((), {"train": 3}), ((1.0, 2.0), {"train": 3, "val": 2})]
)
@pytest.mark.parametrize("epochs", [1, 3])
def test_the_samples_behind_each_series_are_those_of_one_epoch(
    tmp_path: Path, model: Any, validation: tuple[float, ...], samples: dict[str, int], epochs: int
) -> None:
    model.fit([0.5, 0.5, 0.5], epochs=epochs, validation=validation)
    (training,) = logged(tmp_path / "kernel.jsonl", "local-training")
    assert training["samples"] == samples


def test_a_pages_own_callbacks_stay_its_own(model: Any) -> None:
    ended: list[int] = []
    own = SimpleNamespace(on_epoch_end=lambda epoch, _: ended.append(epoch))
    callbacks = [own]
    model.fit([0.5], 2, callbacks)
    assert (callbacks, ended) == ([own], [0, 1])


def test_callbacks_that_keras_has_set_up_are_left_alone(tmp_path: Path, model: Any) -> None:
    model.fit([0.5], callbacks=iter(()))
    (training,) = logged(tmp_path / "kernel.jsonl", "local-training")
    assert training["samples"] == {}


def test_a_model_that_is_not_built_yet_trains_unrecorded(tmp_path: Path, model: Any) -> None:
    model.built = False
    assert model.fit([0.5]).history["loss"] == [1.0]
    assert [event["event"] for event in logged(tmp_path / "kernel.jsonl")] == ["started"]


def test_seeds_are_set_when_the_page_imports_tensorflow_or_pytorch(
    tmp_path: Path, modules: Path
) -> None:
    text = "class random:\n    seeds = []\n    set_seed = seeds.append\n"
    write_module(modules, "tensorflow", text)
    write_module(modules, "torch", "seeds = []\nmanual_seed = seeds.append\n")
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    docprobe.start(str(tmp_path), seed=11)
    try:
        assert import_module("torch").seeds == [11]
        assert import_module("tensorflow").random.seeds == [11]
        drawn = (random.random(), float(np.random.rand()))  # noqa: NPY002, S311
        random.seed(11)
        np.random.seed(11)  # noqa: NPY002
        assert drawn == (random.random(), float(np.random.rand()))  # noqa: NPY002, S311
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002
