"""Watches SecretFlow's own estimators, trees and linear models: that they trained, and how."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from probeshared import events
from probeshared.arrays import np

from docprobe.importing import after
from docprobe.recording import Recorder

# Modules, their classes, and the methods that train; what a release does not have is not seen.
_ESTIMATORS = (
    ("secretflow.ml.boost.sgb_v.factory.factory", "SGBFactory", ("train", "fit")),
    ("secretflow.ml.boost.ss_xgb_v.booster", "Xgb", ("train",)),
    ("secretflow_fl.ml.boost.homo_boost.homo_booster", "SFXgboost", ("train",)),
    ("secretflow.ml.linear.ss_sgd.model", "SSRegression", ("fit",)),
    ("secretflow.ml.linear.ss_glm.model", "SSGLM", ("fit_irls", "fit_sgd")),
    ("secretflow.ml.linear.hess_sgd.model", "HESSLogisticRegression", ("fit",)),
    ("secretflow.ml.linear.fl_lr_mix", "FlLogisticRegressionMix", ("fit",)),
    ("secretflow.ml.linear.fl_lr_v", "FlLogisticRegressionVertical", ("fit",)),
)
_CALLBACKS = "secretflow.ml.boost.core.callback"
_ROUNDS = ("epochs", "num_boost_round", "n_estimators", "n_iter")
_SHOWN = (bool, int, float, str)


class _Watch:
    """Which training runs now; one method that trains may call another."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.is_training = False
        self.containers: list[Any] = []


def watch(recorder: Recorder) -> None:
    """Record every training of these estimators."""
    watching = _Watch(recorder)
    after(_CALLBACKS, lambda module: _wrap_callbacks(module.CallbackContainer, watching))
    for name, owner, methods in _ESTIMATORS:
        after(name, functools.partial(_wrap, owner=owner, methods=methods, watching=watching))


def _wrap(module: Any, *, owner: str, methods: tuple[str, ...], watching: _Watch) -> None:
    estimator = getattr(module, owner, None)
    for method in methods:
        if hasattr(estimator, method):
            original = getattr(estimator, method)
            setattr(estimator, method, _watched(original, owner, method, watching))


def _wrap_callbacks(container: Any, watching: _Watch) -> None:
    """Keep what is told about metrics while trees grow."""
    create = container.__init__

    @functools.wraps(create)
    def kept_create(self: Any, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        watching.containers.append(self)

    container.__init__ = kept_create


def _watched(
    original: Callable[..., Any], owner: str, method: str, watching: _Watch
) -> Callable[..., Any]:
    signature = inspect.signature(original)

    @functools.wraps(original)
    def train(self: Any, *args: Any, **kwargs: Any) -> Any:
        if watching.is_training:
            return original(self, *args, **kwargs)
        watching.is_training, watching.containers = True, []
        try:
            result = original(self, *args, **kwargs)
        finally:
            watching.is_training = False
        with watching.recorder.guarded():
            given = signature.bind(self, *args, **kwargs)
            given.apply_defaults()
            parameters = dict(_parameters(given.arguments))
            watching.recorder.write(
                events.EstimatorTraining(
                    estimator=owner,
                    method=method,
                    parameters={name: str(value) for name, value in parameters.items()},
                    rounds=_rounds(parameters),
                    history=dict(_history(watching.containers)),
                )
            )
        return result

    return train


def _parameters(arguments: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Arguments that are numbers or words, those in a dictionary of parameters too."""
    for name, value in arguments.items():
        if isinstance(value, _SHOWN):
            yield name, value
        elif isinstance(value, dict):
            yield from ((key, own) for key, own in value.items() if isinstance(own, _SHOWN))


def _rounds(parameters: Mapping[str, Any]) -> int | None:
    found = (parameters[name] for name in _ROUNDS if isinstance(parameters.get(name), int))
    return next(found, None)


def _history(containers: list[Any]) -> Iterator[tuple[str, list[float]]]:
    for container in containers[-1:]:
        for data, metrics in container.history.items():
            for metric, values in metrics.items():
                yield f"{data}_{metric}", [float(np.mean(value)) for value in values]
