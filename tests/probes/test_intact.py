"""Probes notice that they are replaced or patched, and who else records."""

import importlib
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import docprobe
import pytest
from docprobe import importing, intact, layers, local, strategy
from docprobe.recording import Recorder
from probeshared import events

from tests.probes.builders import logged, record, write_module

TRAINING = """\
import keras.callbacks

class History:
    history = {}

class Model:
    built, layers, metrics = True, (), ()

    def get_weights(self):
        return []

    def fit(self, callbacks=()):
        return History()
"""


def told(folder: Path) -> list[str]:
    """What is said to have been changed."""
    return [one["what"] for one in logged(folder / "kernel.jsonl", "tampered")]


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    return Recorder(str(tmp_path), "kernel")


def test_probes_are_what_they_are(tmp_path: Path, recorder: Recorder) -> None:
    assert list(intact.changes()) == []
    record(recorder, events.Intact(asked=""))
    assert told(tmp_path) == []


def _forged(*_: object, **__: object) -> list[float]:
    return [0.5]


def test_what_is_replaced_is_told_once_and_all_else_still_recorded(
    tmp_path: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layers, "changes", _forged)
    monkeypatch.setattr(strategy.Party, "trained", _forged)
    record(recorder, events.Fault(reason="one"))
    record(recorder, events.Fault(reason="two"))
    assert told(tmp_path) == ["docprobe.layers.changes", "docprobe.strategy.Party.trained"]
    assert len(logged(tmp_path / "kernel.jsonl", "fault")) == 2
    monkeypatch.undo()
    record(recorder, events.Intact(asked=""))
    assert len(told(tmp_path)) == 2  # what was told stays told


@pytest.mark.parametrize("part", ["__code__", "__defaults__", "__kwdefaults__"])
def test_what_is_patched_within_is_told(monkeypatch: pytest.MonkeyPatch, part: str) -> None:
    other = {"__code__": _forged.__code__, "__defaults__": (1,), "__kwdefaults__": {"a": 1}}
    monkeypatch.setattr(layers.changes, part, other[part])
    assert list(intact.changes()) == ["docprobe.layers.changes"]


def test_what_a_decorator_hides_is_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    inner = strategy.Party.trained.__wrapped__  # type: ignore[attr-defined]
    monkeypatch.setattr(inner, "__code__", _forged.__code__)
    assert list(intact.changes()) == ["docprobe.strategy.Party.trained"]


def test_a_name_that_hides_one_of_pythons_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "float", lambda _: 0.0, raising=False)
    assert list(intact.changes()) == ["docprobe.layers.float"]


def test_what_python_puts_into_modules_is_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layers, "__warningregistry__", {}, raising=False)
    monkeypatch.setattr(docprobe, "another", ModuleType("docprobe.another"), raising=False)
    assert list(intact.changes()) == []


def test_a_record_that_no_probe_makes_is_told(tmp_path: Path, recorder: Recorder) -> None:
    recorder.write(events.Fault(reason="forged"))
    assert told(tmp_path) == ["what records"]


def _hooked(folder: Path) -> Any:
    write_module(folder, "keras.callbacks", "class Callback:\n    pass\n")
    write_module(folder, "keras.engine.training", TRAINING)
    return importlib.import_module("keras.engine.training").Model


def test_a_hook_whose_inner_part_is_exchanged_is_told(
    tmp_path: Path, modules: Path, recorder: Recorder
) -> None:
    local.watch(recorder)
    model = _hooked(modules)
    model().fit()
    assert told(tmp_path) == []
    hook: FunctionType = model.fit
    names = hook.__code__.co_freevars
    (hook.__closure__ or ())[names.index("original")].cell_contents = lambda _: None
    record(recorder, events.Intact(asked=""))
    assert told(tmp_path) == ["keras.engine.training.Model"]


@pytest.mark.parametrize("own", [True, False])
def test_a_library_of_the_pages_own_is_not_watched(
    tmp_path: Path, modules: Path, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, *, own: bool
) -> None:
    monkeypatch.setattr(importing, "_SCRATCH", str(modules if own else tmp_path / "elsewhere"))
    local.watch(recorder)
    _hooked(modules)().fit()
    assert bool(logged(tmp_path / "kernel.jsonl", "local-training")) is not own
