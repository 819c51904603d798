"""Watches trainings on one machine: every call of a Keras model's `fit`."""

import functools
from typing import Any

from docprobe import layers
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

    @functools.wraps(original)
    def fit(model: Any, *args: Any, **kwargs: Any) -> Any:
        if not model.built:
            return original(model, *args, **kwargs)
        counts = layers.counts(model)
        before = model.get_weights()
        recorder.write("training-started", kind="local")
        history = original(model, *args, **kwargs)
        weights = model.get_weights()
        recorder.write(
            "training",
            kind="local",
            history={name: [float(v) for v in series] for name, series in history.history.items()},
            layers=layers.describe(model),
            before=layers.digests(before, counts),
            after=layers.digests(weights, counts),
            changes=layers.changes(before, weights, counts),
        )
        return history

    model_class.fit = fit
