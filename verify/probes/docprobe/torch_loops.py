"""Watches loops of a page's own that train networks of PyTorch in the kernel.

Such a loop has no method that could be watched, as Keras has: what is seen is that an optimizer
steps, and what its steps change in the network that the page has in a variable. Losses and metrics
stay the page's own.
"""

import sys
from collections.abc import Iterator
from importlib import import_module
from types import FrameType
from typing import Any

from probeshared import events

from docprobe import data_parts, layers
from docprobe.importing import after
from docprobe.recording import Recorder

_PAGE = "__main__"
_LIBRARY = "secretflow"
# Copies of larger networks would cost more than what they tell is worth.
_MOST = 50_000_000
_TOO_LARGE = f"the network has more than {_MOST:,} numbers"
_NOT_FOUND = "no variable of the page's holds the network that the optimizer changes"


class _Loop:
    """The steps of one optimizer in a cell, and the network before them."""

    def __init__(self, optimizer: Any, frame: FrameType | None) -> None:
        self.name = type(optimizer).__name__
        self.steps = 0
        self.parts: dict[str, data_parts.Part] = {}
        self.network, self.unseen = None, _NOT_FOUND
        wanted = {id(tensor) for group in optimizer.param_groups for tensor in group["params"]}
        for value in _variables(frame):
            if hasattr(value, "parameters") and hasattr(value, "state_dict"):
                own = list(value.parameters())
                if wanted <= {id(tensor) for tensor in own}:
                    large = sum(tensor.numel() for tensor in own) > _MOST
                    self.network, self.unseen = value, _TOO_LARGE if large else ""
                    break
        self.before = () if self.unseen else [a.copy() for a in layers.weights(self.network)]

    def given(self, inputs: Any) -> None:
        """Take note of what the network is given: to train it, or else to see how good it is."""
        stage = "train" if getattr(self.network, "training", True) else "val"
        self.parts.setdefault(stage, data_parts.Part(stage, rows=True)).add(inputs, None)

    def ended(self) -> events.OptimizerSteps:
        """What the steps came to."""
        if self.unseen:
            return events.OptimizerSteps(
                optimizer=self.name,
                steps=self.steps,
                layers=[],
                before=[],
                after=[],
                changes=[],
                unseen=self.unseen,
            )
        counts, now = layers.counts(self.network), layers.weights(self.network)
        return events.OptimizerSteps(
            optimizer=self.name,
            steps=self.steps,
            layers=layers.describe(self.network),
            before=layers.digests(self.before, counts),
            after=layers.digests(now, counts),
            changes=layers.changes(self.before, now, counts),
            data=tuple(part.told() for part in self.parts.values()),
        )


def _frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The frames of a call, from the innermost up to the page's own."""
    while frame is not None:
        yield frame
        if frame.f_globals.get("__name__") == _PAGE and frame.f_locals is frame.f_globals:
            return
        frame = frame.f_back


def _variables(frame: FrameType | None) -> Iterator[Any]:
    """What the page has in variables: those of its functions first."""
    for each in _frames(frame):
        if each.f_globals.get("__name__") == _PAGE:
            yield from list(each.f_locals.values())
    yield from list(vars(sys.modules[_PAGE]).values())


class _Watch:
    """The loops of the cell that runs now, by their optimizer."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.loops: dict[int, _Loop] = {}
        self.inputs: Any = None

    def begins(self, optimizer: Any, *_: object) -> None:
        """An optimizer is about to step."""
        frame = sys._getframe(1)  # noqa: SLF001
        # A library's own training is its business; where parties share the kernel, theirs too.
        if id(optimizer) in self.loops or _is_of_library(frame):
            return
        with self.recorder.guarded():
            self.loops[id(optimizer)] = _Loop(optimizer, frame)
            if self.inputs is None:
                # Of all modules: a hook in the page's own would be saved with it.
                hooks = import_module("torch.nn.modules.module")
                self.inputs = hooks.register_module_forward_pre_hook(self.given)

    def given(self, module: Any, inputs: Any) -> None:
        """A network is given something."""
        for loop in self.loops.values():
            if loop.network is module and not loop.unseen:
                loop.given(inputs)

    def stepped(self, optimizer: Any, *_: object) -> None:
        """It has."""
        if loop := self.loops.get(id(optimizer)):
            loop.steps += 1

    def tell(self, *_: object) -> None:
        """Record what the loops of a cell came to."""
        loops, self.loops = self.loops, {}
        if self.inputs is not None:
            self.inputs.remove()
            self.inputs = None
        with self.recorder.guarded():
            for loop in loops.values():
                self.recorder.write(loop.ended())


def watch(recorder: Recorder) -> None:
    """Record what each cell's optimizers did, at the cell's end."""
    shell: Any = import_module("IPython").get_ipython()
    if shell is None:
        return
    watching = _Watch(recorder)
    shell.events.register("post_run_cell", watching.tell)
    after("torch.optim.optimizer", lambda module: _hook(module, watching))


def _hook(module: Any, watching: _Watch) -> None:
    # Releases of PyTorch before 2.0 have no such hooks: there nothing is seen.
    if hasattr(module, "register_optimizer_step_pre_hook"):
        module.register_optimizer_step_pre_hook(watching.begins)
        module.register_optimizer_step_post_hook(watching.stepped)


def _is_of_library(frame: FrameType) -> bool:
    names = (str(each.f_globals.get("__name__", "")) for each in _frames(frame))
    return any(name.startswith(_LIBRARY) for name in names)
