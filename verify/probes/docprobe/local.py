"""Watches trainings on one machine: every call of a Keras model's `fit`."""

import functools
import inspect
import sys
from typing import Any

from probeshared import events

from docprobe import data_parts, layers
from docprobe.importing import after
from docprobe.recording import Recorder

# Where Keras keeps its Model class: 2.12 and earlier, 2.13 and later.
_MODULES = ("keras.engine.training", "keras.src.engine.training")


def watch(recorder: Recorder) -> None:
    """Record every training, with the weights' digests before and after it."""
    for module in _MODULES:
        after(module, lambda training: _wrap(training.Model, recorder))


def _wrap(model_class: Any, recorder: Recorder) -> None:
    original = model_class.fit
    signature = inspect.signature(original)

    @functools.wraps(original)
    def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
        if not model.built:
            return original(model, *args, **kwargs)
        counts = layers.counts(model)
        before = model.get_weights()
        recorder.write(events.TrainingStarted(kind="local"))
        counted: dict[str, int] = {}
        bound = signature.bind(model, *args, **kwargs)
        own = bound.arguments.get("callbacks")
        # A list of callbacks that Keras has set up itself takes no more of them.
        if own is None or isinstance(own, (list, tuple)):
            bound.arguments["callbacks"] = [*(own or ()), _counter(counted)]
        history = original(*bound.args, **bound.kwargs)
        weights = model.get_weights()
        recorder.write(
            events.LocalTraining(
                samples=counted,
                history={name: list(map(float, own)) for name, own in history.history.items()},
                layers=layers.describe(model),
                before=layers.digests(before, counts),
                after=layers.digests(weights, counts),
                changes=layers.changes(before, weights, counts),
                data=data_parts.of_fit(bound.arguments),
            )
        )
        return history

    model_class.fit = fit


def _counter(counted: dict[str, int]) -> Any:
    """A callback that keeps how many samples the last epoch's metrics rest on."""
    callbacks = sys.modules.get("keras.callbacks") or sys.modules["keras.src.callbacks"]

    class Counter(callbacks.Callback):  # type: ignore[misc, name-defined]
        part = "train"

        def on_test_begin(self, _logs: object = None) -> None:
            self._count()  # validation starts: the metrics are still those of the training
            self.part = "val"

        def on_epoch_end(self, _epoch: int, _logs: object = None) -> None:
            self._count()
            self.part = "train"

        def _count(self) -> None:
            means = [m for m in self.model.metrics if m.name == "loss" and hasattr(m, "count")]
            if means:
                counted[self.part] = int(means[0].count.numpy())

    return Counter()
