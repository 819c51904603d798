"""Layers of a Keras model as plain numbers: what they are, their digests, how far they moved.

A model's weights are a list of arrays in the order of its layers; `counts` says how many belong
to each layer, so that a bare list (what an aggregator averages) can be read layer by layer.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np

Arrays = Sequence["np.ndarray[Any, Any]"]
Item = TypeVar("Item")


def describe(model: Any) -> list[dict[str, object]]:
    """One entry a layer, in the model's order."""
    return [
        {
            "name": layer.name,
            "kind": type(layer).__name__,
            "trainable": bool(layer.trainable),
            "arrays": len(layer.weights),
            "trainable_arrays": len(layer.trainable_weights),
            "parameters": int(sum(np.prod(w.shape) for w in layer.weights)),
        }
        for layer in model.layers
    ]


def counts(model: Any) -> list[int]:
    """How many arrays each layer owns."""
    return [len(layer.weights) for layer in model.layers]


def digests(arrays: Arrays, counts: Sequence[int]) -> list[list[str]]:
    """SHA-256 of every array's bytes in C order, by layer."""
    return by_layer([hashlib.sha256(a.tobytes()).hexdigest() for a in arrays], counts)


def changes(before: Arrays, after: Arrays, counts: Sequence[int]) -> list[float]:
    """Largest absolute change of any element, by layer; 0 where a layer has no weights."""
    differences = [_change(old, new) for old, new in zip(before, after, strict=True)]
    # numpy's maximum, unlike Python's, is NaN as soon as one number is.
    return [float(np.max(group, initial=0.0)) for group in by_layer(differences, counts)]


def _change(old: Any, new: Any) -> float:
    # Most layers are frozen: to see that nothing changed is many times faster than to subtract.
    if np.array_equal(old, new):
        return 0.0
    return float(np.max(np.abs(np.subtract(new, old, dtype=np.float64))))


def magnitudes(arrays: Arrays, counts: Sequence[int]) -> list[float]:
    """Largest absolute value of any element, by layer."""
    largest = [float(np.max(np.abs(a))) if a.size else 0.0 for a in arrays]
    return [max(group, default=0.0) for group in by_layer(largest, counts)]


def by_layer(items: Iterable[Item], counts: Sequence[int]) -> list[list[Item]]:
    """Split a flat list into one list a layer."""
    remaining = iter(items)
    return [[next(remaining) for _ in range(count)] for count in counts]
