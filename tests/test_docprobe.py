"""The probes record what happens and change nothing of it."""

import json
import random
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from tests.fakes import Floats, Model, f32, small_model
from verify import evidence, records
from verify.evidence import Round, StepRun
from verify.execute.prepare import PROBES

OURS = (
    "docprobe",
    "keras",
    "secretflow",
    "secretflow_fl",
    "tensorflow",
    "watched",
    "watched_tools",
)
SAMPLES = Path(__file__).parent / "samples"


@pytest.fixture(autouse=True)
def probes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The probes' folder on the path, as in the documented environment; then all as before."""
    modules, finders = set(sys.modules), list(sys.meta_path)
    monkeypatch.syspath_prepend(str(PROBES))
    yield
    sys.meta_path[:] = finders
    for name in set(sys.modules) - modules:
        if name.split(".")[0] in OURS:
            del sys.modules[name]


def layers() -> Any:
    return import_module("docprobe.layers")


def logged(path: Path) -> list[dict[str, Any]]:
    return [{k: v for k, v in event.items() if k != "time"} for event in records.events(path)]


# Packages that a reader does not have.


def test_what_is_hidden_is_not_there_until_it_is_brought(modules: Path) -> None:
    write_module(modules, "watched", "from importlib.metadata import version\n")
    write_module(modules, "watched_tools.inner")
    info = modules / "Watched_Kit-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: Watched_Kit\nVersion: 1.5\n")
    hide = import_module("docprobe").hide
    hide({"watched-kit": ["watched", "watched_tools"]})
    for name in ("watched", "watched_tools.inner"):
        with pytest.raises(ModuleNotFoundError) as caught:
            import_module(name)
        missing = name.partition(".")[0]
        assert (str(caught.value), caught.value.name) == (f"No module named {missing!r}", missing)
        assert find_spec(missing) is None
    with pytest.raises(PackageNotFoundError):
        version("watched-kit")
    assert version("numpy") == np.__version__
    hide({})
    assert import_module("watched").version("watched-kit") == "1.5"
    assert import_module("watched_tools.inner").value == 1


def test_an_action_after_a_hidden_import_comes_once_it_is_brought(modules: Path) -> None:
    write_module(modules)
    seen: list[int] = []
    hide = import_module("docprobe").hide
    hide({"watched": ["watched"]})
    after("watched", lambda module: seen.append(module.value))
    with pytest.raises(ModuleNotFoundError):
        import_module("watched")
    assert seen == []
    hide({})
    import_module("watched")
    assert seen == [1]


# Layers as numbers.


def test_layers_are_described_in_order() -> None:
    described = layers().describe(small_model())
    assert described == [
        {
            "name": "input",
            "kind": "Layer",
            "trainable": True,
            "arrays": 0,
            "trainable_arrays": 0,
            "parameters": 0,
        },
        {
            "name": "frozen",
            "kind": "Dense",
            "trainable": False,
            "arrays": 1,
            "trainable_arrays": 0,
            "parameters": 2,
        },
        {
            "name": "free",
            "kind": "Dense",
            "trainable": True,
            "arrays": 2,
            "trainable_arrays": 2,
            "parameters": 3,
        },
    ]
    assert [evidence.Layer(**layer).name for layer in described] == ["input", "frozen", "free"]
    assert layers().counts(small_model()) == [0, 1, 2]


def test_a_flat_list_is_split_by_layer() -> None:
    assert layers().by_layer("abc", [0, 1, 2]) == [[], ["a"], ["b", "c"]]


def test_digests_are_of_every_array_by_layer() -> None:
    model = small_model()
    first = layers().digests(model.get_weights(), [0, 1, 2])
    assert [len(layer) for layer in first] == [0, 1, 2]
    assert layers().digests(model.get_weights(), [0, 1, 2]) == first
    model.layers[2].weights[1][0] = np.nextafter(np.float32(0.25), np.float32(1))
    second = layers().digests(model.get_weights(), [0, 1, 2])
    assert second[:2] == first[:2]
    assert second[2][0] == first[2][0]
    assert second[2][1] != first[2][1]


def test_digests_do_not_depend_on_the_layout_in_memory() -> None:
    one = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert layers().digests([one], [1]) == layers().digests([np.asfortranarray(one)], [1])


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (f32(1, 2), f32(1, 2), 0.0),
        (f32(1, 2), f32(1, 2.5), 0.5),
        (f32(1, 2), f32(-1, 2.5), 2.0),
        (f32(), f32(), 0.0),
        (f32(1), np.nextafter(f32(1), f32(2)), 2.0**-23),
        (f32(-3e38), f32(3e38), 2 * float(np.float32(3e38))),
    ],
)
def test_a_change_is_the_largest_of_any_element(
    before: Floats, after: Floats, expected: float
) -> None:
    assert layers().changes([before], [after], [0, 1]) == [0.0, expected]


@pytest.mark.parametrize("position", [0, 1])
def test_a_change_to_nan_is_never_overlooked(position: int) -> None:
    after = [f32(1), f32(1)]
    after[position] = f32(float("nan"))
    assert np.isnan(layers().changes([f32(1), f32(1)], after, [2])[0])


def test_weights_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        layers().changes([f32(1), f32(2)], [f32(1)], [2])


def test_magnitudes_are_the_largest_absolute_values() -> None:
    weights = [f32(1, -2), f32(), f32(0.5)]
    assert layers().magnitudes(weights, [0, 1, 2]) == [0.0, 2.0, 0.5]


@settings(deadline=None)
@given(
    weights=arrays.arrays(np.float32, st.integers(1, 5), elements=st.floats(-1e6, 1e6, width=32)),
    shift=st.floats(-1e3, 1e3, width=32),
)
def test_a_change_is_the_same_in_both_directions_and_zero_to_itself(
    weights: Floats, shift: float
) -> None:
    moved = weights + np.float32(shift)
    there, back = (
        layers().changes([weights], [moved], [1]),
        layers().changes([moved], [weights], [1]),
    )
    assert there == back
    assert layers().changes([weights], [weights], [1]) == [0.0]
    assert (there[0] == 0) == bool(np.all(weights == moved))


# Acting on imports.


def write_module(folder: Path, name: str = "watched", text: str = "value = 1\n") -> None:
    path = folder.joinpath(*name.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def modules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "modules"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def after(name: str, action: Callable[[Any], None]) -> None:
    import_module("docprobe.importing").after(name, action)


def test_an_action_comes_after_the_import_once_and_with_the_whole_module(modules: Path) -> None:
    write_module(modules)
    seen: list[int] = []
    finders = len(sys.meta_path)
    after("watched", lambda module: seen.append(module.value))
    assert seen == []
    assert "watched" not in sys.modules
    assert import_module("watched").value == 1
    import_module("watched")
    assert seen == [1]
    assert len(sys.meta_path) == finders


def test_an_action_on_what_is_imported_already_comes_at_once(modules: Path) -> None:
    write_module(modules)
    module = import_module("watched")
    seen: list[Any] = []
    after("watched", seen.append)
    assert seen == [module]


def test_two_actions_on_one_module_both_come(modules: Path) -> None:
    write_module(modules)
    seen: list[str] = []
    after("watched", lambda _: seen.append("one"))
    after("watched", lambda _: seen.append("two"))
    import_module("watched")
    assert sorted(seen) == ["one", "two"]


def test_asking_whether_a_module_is_there_does_not_use_up_the_action(modules: Path) -> None:
    write_module(modules)
    seen: list[int] = []
    after("watched", lambda module: seen.append(module.value))
    assert find_spec("watched") is not None
    assert find_spec("watched") is not None
    assert seen == []
    import_module("watched")
    assert seen == [1]


def test_a_module_inside_a_package_is_watched(modules: Path) -> None:
    write_module(modules, "watched.deep.inner")
    write_module(modules, "watched.deep.other", "value = 2\n")
    seen: list[int] = []
    after("watched.deep.inner", lambda module: seen.append(module.value))
    assert import_module("watched.deep.other").value == 2
    assert seen == []
    import_module("watched.deep.inner")
    assert seen == [1]


def test_a_missing_module_is_missing_as_ever(modules: Path) -> None:
    assert modules.exists()
    after("watched", lambda _: pytest.fail("there is nothing to act on"))
    with pytest.raises(ModuleNotFoundError, match="No module named 'watched'"):
        import_module("watched")


def test_a_module_that_breaks_breaks_as_ever_and_is_watched_when_it_is_repaired(
    modules: Path,
) -> None:
    write_module(modules, text="1 / 0\n")
    seen: list[int] = []
    after("watched", lambda module: seen.append(module.value))
    with pytest.raises(ZeroDivisionError):
        import_module("watched")
    assert seen == []
    write_module(modules, text="value = 1234\n")
    import_module("watched")
    assert seen == [1234]


def test_versions_are_those_of_what_is_installed() -> None:
    assert import_module("docprobe.importing").versions()["numpy"] == np.__version__


# Recording.


def test_records_are_whole_lines_at_once(tmp_path: Path) -> None:
    recorder = import_module("docprobe.recording").Recorder(str(tmp_path), "kernel")
    recorder.write("one", number=np.float32(0.5), path=tmp_path, count=np.int64(3))
    recorder.write("two", text="联邦\n")
    assert logged(tmp_path / "kernel.jsonl") == [
        {"event": "one", "number": 0.5, "path": str(tmp_path), "count": 3},
        {"event": "two", "text": "联邦\n"},
    ]


# One party's model.


def watched_party(folder: Path) -> Model:
    party = import_module("docprobe.party")
    model: Model = party.Watched(small_model, str(folder), 7, "alice")()
    return model


def test_a_party_gets_the_model_that_the_page_builds(tmp_path: Path) -> None:
    model, plain = watched_party(tmp_path), small_model()
    for ours, theirs in zip(model.get_weights(), plain.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)
    model.set_weights([weight + 1 for weight in plain.get_weights()])
    assert np.array_equal(model.layers[1].weights[0], [2, -1])


def test_a_party_records_what_it_built(tmp_path: Path) -> None:
    watched_party(tmp_path)
    (built,) = logged(tmp_path / "model-7-alice.jsonl")
    assert (built["event"], built["party"], built["model"]) == ("built", "alice", 7)
    assert [layer["name"] for layer in built["layers"]] == ["input", "frozen", "free"]
    assert built["magnitudes"] == [0.0, 2.0, 0.5]
    assert built["digests"] == layers().digests(small_model().get_weights(), [0, 1, 2])


def test_a_phase_is_what_changed_between_receiving_and_sending(tmp_path: Path) -> None:
    model = watched_party(tmp_path)
    model.get_weights()
    model.fit(0.5)
    model.get_weights()
    averaged = [weight + np.float32(0.25) for weight in small_model().get_weights()]
    model.set_weights(averaged)
    model.fit(0.125)
    model.get_weights()
    model.set_weights(averaged)
    model.get_weights()
    events = logged(tmp_path / "model-7-alice.jsonl")[1:]
    assert [event["event"] for event in events] == ["idle", "sent", "sent", "idle"]
    assert [event["changes"] for event in events] == [
        [0.0, 0.0, 0.0],
        [0.0, 0.0, 0.5],
        [0.0, 0.0, 0.125],
        [0.0, 0.0, 0.0],
    ]
    assert [event["drift"] for event in events] == [
        [0.0, 0.0, 0.0],
        [0.0, 0.0, 0.5],
        [0.0, 0.25, 0.375],
        [0.0, 0.25, 0.25],
    ]
    assert [index for index, event in enumerate(events) if "digests" in event] == [0, 3]


def test_the_weights_that_a_party_read_do_not_change_under_it(tmp_path: Path) -> None:
    model = watched_party(tmp_path)
    held = model.get_weights()
    model.fit(1)
    assert np.array_equal(held[1], [0.5])


# Trainings on one machine.


@pytest.fixture(params=["keras.engine.training", "keras.src.engine.training"])
def keras(request: pytest.FixtureRequest, modules: Path) -> str:
    """Where this release of Keras keeps its Model: a subclass of our fake."""
    text = "from tests import fakes\n\n\nclass Model(fakes.Model):\n    fit = fakes.Model.fit\n"
    write_module(modules, request.param, text)
    return str(request.param)


def test_a_local_training_is_recorded_and_returns_what_it_returned(
    tmp_path: Path, keras: str
) -> None:
    (tmp_path / "old.jsonl").write_text("of an earlier run\n")
    import_module("docprobe").start(str(tmp_path), seed=5)
    model = import_module(keras).Model(*small_model().layers)
    history = model.fit(0.5, epochs=2)
    assert [float(value) for value in history.history["loss"]] == [1.0, 0.5]
    assert not (tmp_path / "old.jsonl").exists()
    started, begun, training = logged(tmp_path / "kernel.jsonl")
    assert (started["event"], started["seed"]) == ("started", 5)
    assert begun == {"event": "training-started", "kind": "local"}
    assert training["history"] == {"loss": [1.0, 0.5]}
    assert training["changes"] == [0.0, 0.0, 1.0]
    assert training["before"][1] == training["after"][1]
    assert training["before"][2] != training["after"][2]


def test_a_model_that_is_not_built_yet_trains_unrecorded(tmp_path: Path, keras: str) -> None:
    import_module("docprobe").start(str(tmp_path))
    model = import_module(keras).Model()
    model.built = False
    assert model.fit(0.5).history["loss"] == [1.0]
    assert [event["event"] for event in logged(tmp_path / "kernel.jsonl")] == ["started"]


# Seeds.


def test_a_seed_is_set_when_the_page_imports_tensorflow(tmp_path: Path, modules: Path) -> None:
    text = "class random:\n    seeds = []\n    set_seed = seeds.append\n"
    write_module(modules, "tensorflow", text)
    import_module("docprobe").start(str(tmp_path), seed=11)
    python, numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        assert import_module("tensorflow").random.seeds == [11]
        drawn = (random.random(), float(np.random.rand()))  # noqa: NPY002, S311
        random.seed(11)
        np.random.seed(11)  # noqa: NPY002
        assert drawn == (random.random(), float(np.random.rand()))  # noqa: NPY002, S311
    finally:
        random.setstate(python)
        np.random.set_state(numpy)  # noqa: NPY002


# Federated trainings.


class Device(NamedTuple):
    """A party's device."""

    party: str


PARTIES = (Device("alice"), Device("bob"))


@pytest.fixture(params=["secretflow_fl.ml.nn.fl.fl_model", "secretflow.ml.nn.fl.fl_model"])
def federated(request: pytest.FixtureRequest, modules: Path, tmp_path: Path) -> Any:
    """A SecretFlow of two parties, watched, with its evidence in `tmp_path`."""
    text = (
        "from tests import fakes\n\n\nclass SecureAggregator(fakes.SecureAggregator):\n    pass\n"
    )
    write_module(modules, "secretflow.security.aggregation.secure_aggregator", text)
    write_module(modules, "secretflow.device", "reveal = wait = lambda value: value\n")
    write_module(modules, request.param, (SAMPLES / "fl_model.py.txt").read_text())
    import_module("docprobe").start(str(tmp_path))
    module = import_module(request.param)
    secure = import_module("secretflow.security.aggregation.secure_aggregator")
    return SimpleNamespace(FLModel=module.FLModel, aggregator=secure.SecureAggregator())


def test_a_federated_training_is_recorded_by_driver_and_parties(
    tmp_path: Path, federated: Any
) -> None:
    model = federated.FLModel(PARTIES, small_model, federated.aggregator)
    result = model.fit(2, weights=[3, 1])
    assert result == {"global_history": {"loss": [1, 1]}}
    steps = {"train": StepRun("train", 0, time.time() + 60, "", None)}
    training = records.trainings([tmp_path], steps.values())["train"]
    assert (training.kind, training.history) == ("federated", {"loss": [1.0, 1.0]})
    assert training.rounds == (Round(2, (3, 1), 18), Round(2, (3, 1), 18))
    alice, bob = training.holders
    assert (alice.name, bob.name) == ("alice", "bob")
    assert alice.phases == ((0.0, 0.0, 1.0), (0.0, 0.0, 1.0))
    assert bob.phases == ((0.0, 0.0, 2.0), (0.0, 0.0, 2.0))
    assert alice.drift == bob.drift == (0.0, 0.0, 2.5)
    assert alice.before == bob.before
    assert alice.after == bob.after


def test_models_of_one_run_are_told_apart(tmp_path: Path, federated: Any) -> None:
    for epochs in (1, 2):
        model = federated.FLModel(PARTIES, small_model, federated.aggregator)
        model.fit(epochs)
    trained = [e for e in logged(tmp_path / "kernel.jsonl") if e["event"] == "training"]
    assert len({event["model"] for event in trained}) == 2
    assert [len(event["rounds"]) for event in trained] == [1, 2]
    assert trained[0]["rounds"] == [{"parties": 2, "weights": None, "fxp_bits": 18}]
    for event in trained:
        for party in ("alice", "bob"):
            assert (tmp_path / f"model-{event['model']}-{party}.jsonl").exists()


def test_a_torch_model_is_left_alone(tmp_path: Path, federated: Any) -> None:
    model = federated.FLModel(PARTIES, small_model, federated.aggregator, backend="torch")
    model.fit(1)
    assert list(tmp_path.glob("model-*")) == []


# Serving.


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_folder_is_served_over_loopback_alone(
    tmp_path: Path, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "archive.tgz").write_bytes(b"\x00\xffcontent")
    import_module("docprobe.serving").serve(str(tmp_path), port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/archive.tgz") as answer:
        assert answer.read() == b"\x00\xffcontent"
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/missing.tgz")
    missing.value.close()
    assert missing.value.code == 404
    assert capfd.readouterr() == ("", "")


def test_a_record_is_json_that_evidence_reads(tmp_path: Path) -> None:
    recorder = import_module("docprobe.recording").Recorder(str(tmp_path), "kernel")
    recorder.write("nan", value=float("nan"))
    assert np.isnan(json.loads((tmp_path / "kernel.jsonl").read_text())["value"])
