"""The parts of Keras and SecretFlow that the probes touch, without either."""

from types import SimpleNamespace
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float32]]


def f32(*values: float) -> Floats:
    """A vector as Keras keeps it."""
    return np.array(values, dtype=np.float32)


class Layer:
    """A layer as Keras shows it."""

    def __init__(self, name: str, *weights: Floats, trainable: bool = True) -> None:
        self.name, self.weights, self.trainable = name, list(weights), trainable

    @property
    def trainable_weights(self) -> list[Floats]:
        return self.weights if self.trainable else []


class Dense(Layer):
    """A second kind of layer."""


class Model:
    """A model as Keras shows it."""

    built = True

    def __init__(self, *own: Layer) -> None:
        self.layers = list(own)

    def get_weights(self) -> list[Floats]:
        return [weight.copy() for layer in self.layers for weight in layer.weights]

    def set_weights(self, weights: list[Floats]) -> None:
        remaining = iter(weights)
        for layer in self.layers:
            layer.weights = [next(remaining).copy() for _ in layer.weights]

    def fit(self, data: float, epochs: int = 1) -> Any:
        """Train: every free weight grows by `data` an epoch."""
        for layer in self.layers:
            if layer.trainable:
                layer.weights = [w + np.float32(data * epochs) for w in layer.weights]
        return SimpleNamespace(history={"loss": [np.float32(1 / (n + 1)) for n in range(epochs)]})


def small_model() -> Model:
    """Three layers: one without weights, a frozen one, a free one."""
    return Model(
        Layer("input"),
        Dense("frozen", f32(1, -2), trainable=False),
        Dense("free", f32(0.5), f32(0.25, 0.125)),
    )


class SecureAggregator:
    """Averages as SecretFlow does, without a secret."""

    _fxp_bits = 18

    def average(self, data: list[Any], axis: Any = None, weights: Any = None) -> Any:
        assert axis == 0
        shares = weights or [1] * len(data)
        scaled = [[w * share for w in own] for own, share in zip(data, shares, strict=True)]
        return [sum(same) / sum(shares) for same in zip(*scaled, strict=True)]


class Worker:
    """One party's model in the party's process."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def get_weights(self) -> list[Floats]:
        return self.model.get_weights()
