"""Aggregators that do not bear large, small or negative numbers, as the trial of a run sees them.

Each is carried out on the numbers of the trial, and the probes' own auditor records the round.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from functools import partial
from random import Random
from typing import Any

import numpy as np
from docprobe import audit

from tests.fakes import decoded, encoded
from tests.mutants.corruptions import Corruption, trained
from tests.mutants.recorded import HARMLESS, Logs
from verify.probed import trials

Array = np.ndarray[Any, Any]
Arrays = list[Array]
# A wrong way to treat one array, at a size that chance chooses; and what it did, in words.
Wrong = Callable[[Array, float], Array]
_LARGE, _SMALL = (1e2, 1e3, 1e4), (1e-3, 1e-2, 1e-4)


def _secure(sent: Sequence[Arrays], weights: Sequence[float], bits: int) -> Arrays:
    """The mean as SecureAggregator computes it."""
    coded = [[encoded(a, w, bits) for a in own] for own, w in zip(sent, weights, strict=True)]
    return decoded(coded, weights, bits)


def _clipped(array: Array, size: float) -> Array:
    return np.clip(array, -size, size)


def _negatives_clipped(array: Array, size: float) -> Array:
    return np.maximum(array, -size)


def _positives_clipped(array: Array, size: float) -> Array:
    return np.minimum(array, size)


def _flushed(array: Array, size: float) -> Array:
    return np.where(np.abs(array) < size, 0.0, array)


def _wrapped(array: Array, size: float) -> Array:
    return (array + size) % (2 * size) - size


def _halved(array: Array, _: float) -> Array:
    largest = float(np.finfo(np.float16).max)
    return np.clip(array, -largest, largest).astype(np.float16).astype(np.float64)


def _scaled(array: Array, size: float) -> Array:
    return array * min(1.0, size / float(np.linalg.norm(array)))


def _same(array: Array, _: float) -> Array:
    return array


def _after(wrong: Wrong, sizes: Sequence[float], logs: Logs, chance: Random) -> str:
    """All arrays of the aggregate are treated so."""
    size = chance.choice(sizes)
    _tried(logs, lambda sent, mean: [wrong(array, size) for array in mean(sent)])
    return f"at {size:g}"


def _one_array(wrong: Wrong, sizes: Sequence[float], logs: Logs, chance: Random) -> str:
    """One array of the aggregate is treated so."""
    size, place = chance.choice(sizes), chance.randrange(3)  # the last one is a single number

    def mean_of(sent: Sequence[Arrays], mean: Callable[[Sequence[Arrays]], Arrays]) -> Arrays:
        right = mean(sent)
        right[place] = wrong(right[place], size)
        return right

    _tried(logs, mean_of)
    return f"array {place} at {size:g}"


def _one_party(wrong: Wrong, sizes: Sequence[float], logs: Logs, chance: Random) -> str:
    """What one party sends is treated so."""
    size, place = chance.choice(sizes), chance.randrange(3)

    def mean_of(sent: Sequence[Arrays], mean: Callable[[Sequence[Arrays]], Arrays]) -> Arrays:
        treated = [wrong(a, size).astype(np.float32) for a in sent[place]]
        return mean([*sent[:place], treated, *sent[place + 1 :]])

    _tried(logs, mean_of)
    return f"party {place} at {size:g}"


def _tried(
    logs: Logs,
    mean_of: Callable[[Sequence[Arrays], Callable[[Sequence[Arrays]], Arrays]], Arrays],
) -> None:
    """Put the auditor's record of such an aggregator in the place of the one that was recorded."""
    (trial,) = trained(logs)["challenge"]
    weights, bits = trial["weights"], trial["fxp_bits"]
    sent = trials.numbers(len(weights))
    mean = partial(_secure, weights=weights, bits=bits)
    aggregate = mean_of(sent, mean)
    found, _ = audit.examine(
        len(sent), trial["arithmetic"], bits, [], {}, *sent, *weights, aggregate
    )
    trial |= asdict(found) | {"messages": []}


OF_TRIALS: dict[str, tuple[Corruption, str]] = {
    "an aggregate clipped": (partial(_after, _clipped, _LARGE), "aggregation"),
    "an aggregate's negatives clipped": (
        partial(_after, _negatives_clipped, _LARGE),
        "aggregation",
    ),
    "an aggregate's positives clipped": (
        partial(_after, _positives_clipped, _LARGE),
        "aggregation",
    ),
    "an aggregate flushed to zero": (partial(_after, _flushed, _SMALL), "aggregation"),
    "an aggregate that wraps around": (partial(_after, _wrapped, _LARGE), "aggregation"),
    "an aggregate in half precision": (partial(_after, _halved, (0.0,)), "aggregation"),
    "an aggregate scaled to a norm": (partial(_after, _scaled, _LARGE), "aggregation"),
    "one array clipped": (partial(_one_array, _clipped, _LARGE), "aggregation"),
    "one array flushed to zero": (partial(_one_array, _flushed, _SMALL), "aggregation"),
    "one party's weights clipped": (partial(_one_party, _clipped, _LARGE), "aggregation"),
    "one party's weights flushed to zero": (partial(_one_party, _flushed, _SMALL), "aggregation"),
    "an aggregate clipped beyond all numbers": (partial(_after, _clipped, (1e6,)), HARMLESS),
    "an aggregate that keeps to its promise": (partial(_after, _same, (0.0,)), HARMLESS),
}
