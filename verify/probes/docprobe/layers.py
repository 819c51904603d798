"""Layers of a network as plain numbers: what they are, their digests, how far they moved.

A network's weights are a list of arrays in the order of its layers; `counts` says how many belong
to each layer, so that a bare list (what an aggregator averages) can be read layer by layer.

Keras says itself what its layers are. In PyTorch a layer is a module with parameters or buffers of
its own, known by its path (`features.0`), in the order of the state dictionary. Activations,
pooling, dropout and containers hold nothing that could be frozen or sent, so that they do not
count: AlexNet has the eight layers that everybody counts.
"""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from probeshared.arrays import Array, np
from probeshared.events import LayerEvent

Arrays = Sequence[Array]
Item = TypeVar("Item")
_PIECE = 2**18


@dataclass(frozen=True)
class _Module:
    """A PyTorch module with arrays of its own, shown as Keras shows a layer."""

    name: str
    kind: str
    weights: Sequence[Any]
    trainable: bool

    @property
    def trainable_weights(self) -> list[Any]:
        return [tensor for tensor in self.weights if tensor.requires_grad]


def describe(model: Any) -> list[LayerEvent]:
    """One entry a layer, in the model's order."""
    return [
        LayerEvent(
            name=str(layer.name),
            kind=getattr(layer, "kind", type(layer).__name__),
            trainable=bool(layer.trainable),
            arrays=len(layer.weights),
            trainable_arrays=len(layer.trainable_weights),
            parameters=int(sum(np.prod(w.shape) for w in layer.weights)),
        )
        for layer in _layers(model)
    ]


def counts(model: Any) -> list[int]:
    """How many arrays each layer owns."""
    return [len(layer.weights) for layer in _layers(model)]


def weights(model: Any) -> list[Array]:
    """All arrays as they are now; those of PyTorch are the live ones, to be copied if kept."""
    if _is_torch(model):
        return [tensor.cpu().numpy() for tensor in model.state_dict().values()]
    return list(model.get_weights())


def _is_torch(model: Any) -> bool:
    return hasattr(model, "state_dict")


def _layers(model: Any) -> Iterator[Any]:
    return _modules(model) if _is_torch(model) else _leaves(model)


def _leaves(model: Any) -> Iterator[Any]:
    """The layers of a Keras model; where it has another model for one, the layers of that."""
    for layer in model.layers:
        if hasattr(layer, "layers"):
            yield from _leaves(layer)
        else:
            yield layer


def _modules(network: Any) -> Iterator[_Module]:
    tensors = network.state_dict(keep_vars=True)
    for path, names in itertools.groupby(tensors, key=lambda name: str(name).rpartition(".")[0]):
        module = network.get_submodule(path)
        kind = type(module).__name__
        own = list(module.parameters(recurse=False))
        # Without parameters nothing is frozen: Keras says the same of a layer without weights.
        trainable = not own or any(parameter.requires_grad for parameter in own)
        yield _Module(path or kind, kind, [tensors[name] for name in names], trainable)


def digests(arrays: Arrays, counts: Sequence[int]) -> list[list[str]]:
    """SHA-256 of every array's bytes in C order, by layer."""
    return by_layer([hashlib.sha256(_octets(array)).hexdigest() for array in arrays], counts)


def _octets(array: Array) -> memoryview:
    """The bytes of an array in C order, without a copy if they lie in that order."""
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def changes(before: Arrays, after: Arrays, counts: Sequence[int]) -> list[float]:
    """Largest absolute change of any element, by layer; 0 where a layer has no weights."""
    differences = [_change(old, new) for old, new in zip(before, after, strict=True)]
    # numpy's maximum, unlike Python's, is NaN as soon as one number is.
    return [float(np.max(group, initial=0.0)) for group in by_layer(differences, counts)]


def _change(old: Array, new: Array) -> float:
    if old.shape != new.shape:
        raise ValueError(f"an array of shape {old.shape} became one of {new.shape}")
    largest = 0.0
    flat = old.reshape(-1), new.reshape(-1)
    for start in range(0, old.size, _PIECE):  # a difference in float64 is twice the weights' size
        was, now = (array[start : start + _PIECE] for array in flat)
        # Most layers are frozen: to see that nothing changed is many times faster than to subtract.
        if not np.array_equal(was, now):
            moved = np.max(np.abs(np.subtract(now, was, dtype=np.float64)))
            largest = float(np.maximum(largest, moved))
    return largest


def magnitudes(arrays: Arrays, counts: Sequence[int]) -> list[float]:
    """Largest absolute value of any element, by layer."""
    largest = [float(np.max(np.abs([a.min(), a.max()]))) if a.size else 0.0 for a in arrays]
    return [max(group, default=0.0) for group in by_layer(largest, counts)]


def by_layer(items: Iterable[Item], counts: Sequence[int]) -> list[list[Item]]:
    """Split a flat list into one list a layer."""
    remaining = iter(items)
    return [[next(remaining) for _ in range(count)] for count in counts]
