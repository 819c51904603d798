"""A page's own loop in PyTorch is told by what its optimizer does, and no more is claimed."""

import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docprobe
import pytest

from tests.fakes import Linear, Module, Tensor, small_network
from tests.probes.builders import logged, write_module
from verify.evidence import reading
from verify.evidence.evidence import StepRun, TrainingRun

OPTIMIZER = """\
pre, post = [], []
register_optimizer_step_pre_hook, register_optimizer_step_post_hook = pre.append, post.append

class SGD:
    def __init__(self, parameters):
        self.param_groups = [{"params": list(parameters)}]

    def step(self):
        for hook in pre:
            hook(self, (), {})
        for tensor in self.param_groups[0]["params"]:
            tensor.array += tensor.requires_grad
        for hook in post:
            hook(self, (), {})
"""
Cell = Callable[..., None]


@pytest.fixture
def cell(modules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cell:
    """Runs a cell of a page whose kernel is watched; its evidence is in `tmp_path`."""
    ended: list[Callable[..., None]] = []
    shell = SimpleNamespace(
        events=SimpleNamespace(register=lambda _, told: ended.append(told)),
        system=None,
        user_ns={},
    )
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    write_module(modules, "torch.optim.optimizer", OPTIMIZER)
    docprobe.start(str(tmp_path))
    made = import_module("torch.optim.optimizer").SGD

    def run(source: str, name: str = "__main__", **variables: Any) -> None:
        page = {"__name__": name, "SGD": made, **variables}
        exec(source, page)  # noqa: S102  # as a kernel does
        for told in ended:
            told(None)

    return run


def trained(folder: Path) -> list[TrainingRun]:
    steps = [StepRun("train", 0, time.time() + 60, "", None)]
    return reading.trainings([folder], steps).get("train", [])


def test_a_loop_is_told_by_its_steps_and_what_they_change(tmp_path: Path, cell: Cell) -> None:
    cell(
        "own = SGD(net.parameters())\nfor _ in range(3):\n    own.step()",
        net=small_network(),
    )
    (run,) = trained(tmp_path)
    (holder,) = run.holders
    assert (run.kind, run.history, run.backend) == ("local", {}, "torch")
    assert [layer.name for layer in holder.layers] == ["body.first", "body.third", "head"]
    assert holder.drift == (0.0, 0.0, 3.0)
    assert holder.after is not None
    assert holder.before.digests[0] == holder.after.digests[0]
    assert holder.before.digests[2] != holder.after.digests[2]
    assert str(run.unseen).endswith("only what its optimizer changed (3 steps of SGD)")


def test_a_network_in_a_function_is_found(tmp_path: Path, cell: Cell) -> None:
    source = (
        "def train():\n    net = make()\n    own = SGD(net.parameters())\n    own.step()\n\ntrain()"
    )
    cell(source, make=small_network)
    (run,) = trained(tmp_path)
    assert run.holders[0].drift == (0.0, 0.0, 1.0)


def test_the_network_is_the_one_that_holds_what_is_changed(tmp_path: Path, cell: Cell) -> None:
    whole, other = small_network(), small_network()
    cell("own = SGD(net.parts['head'].parameters())\nown.step()", other=other, net=whole)
    (run,) = trained(tmp_path)
    assert [layer.name for layer in run.holders[0].layers] == ["body.first", "body.third", "head"]


def test_what_no_variable_holds_is_said_to_be_unseen(tmp_path: Path, cell: Cell) -> None:
    loose = [Tensor(1, requires_grad=True)]
    cell("own = SGD(loose)\nown.step()\nown.step()", loose=loose)
    (run,) = trained(tmp_path)
    assert run.holders == ()
    (event,) = logged(tmp_path / "kernel.jsonl", "optimizer-steps")
    assert event["steps"] == 2
    assert event["unseen"].startswith("no variable of the page's holds the network")


def test_a_network_that_is_too_large_is_not_copied(
    tmp_path: Path, cell: Cell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("docprobe.torch_loops._MOST", 4)
    cell("own = SGD(net.parameters())\nown.step()", net=small_network())
    (event,) = logged(tmp_path / "kernel.jsonl", "optimizer-steps")
    assert (event["layers"], event["steps"]) == ([], 1)
    assert "numbers" in event["unseen"]


def test_each_cell_and_each_optimizer_is_told_apart(tmp_path: Path, cell: Cell) -> None:
    nets = {"net": small_network(), "head": Module(only=Linear(Tensor(1, requires_grad=True)))}
    cell("a, b = SGD(net.parameters()), SGD(head.parameters())\na.step()\nb.step()", **nets)
    cell("a = SGD(net.parameters())\na.step()", **nets)
    assert [len(run.holders[0].layers) for run in trained(tmp_path)] == [3, 1, 3]
    cell("pass")
    assert len(trained(tmp_path)) == 3


def test_training_inside_a_library_is_the_library_s(tmp_path: Path, cell: Cell) -> None:
    cell("own = SGD(net.parameters())\nown.step()", "secretflow_fl.worker", net=small_network())
    assert trained(tmp_path) == []


@pytest.mark.usefixtures("cell")
def test_a_release_without_hooks_is_left_as_it_is(tmp_path: Path, modules: Path) -> None:
    write_module(modules, "torch.optim.older", "value = 1\n")
    module = import_module("torch.optim.older")
    docprobe.torch_loops._hook(module, docprobe.torch_loops._Watch(None))  # type: ignore[arg-type]
    assert trained(tmp_path) == []
