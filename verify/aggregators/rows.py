"""Awkward rounds, one of each kind: data or weights that are not everyday ones."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from verify.aggregators.generated_trials import limit
from verify.aggregators.trial import Aggregator, Array, Layers, Trial

_ALL = tuple(Aggregator)
_ZERO_ONE = (0, 1)


@dataclass(frozen=True)
class Row:
    """A round of a kind that is not an everyday one.

    With `answerable` it must be answered correctly, for nothing is wrong with it; otherwise it may
    be refused as well. `make` gives it for an aggregator.
    """

    name: str
    sentence: str
    make: Callable[[Aggregator], Trial]
    answerable: bool = False
    aggregators: tuple[Aggregator, ...] = _ALL


def _floats(*values: float) -> Array:
    return np.array(values, np.float32)


def _doubles(*values: float) -> Array:
    return np.array(values, np.float64)


def _wholes(*values: int) -> Array:
    return np.array(values, np.int64)


def _of(*by_party: Layers, **fields: object) -> Callable[[Aggregator], Trial]:
    made = Trial(Aggregator.PLAIN, by_party)
    return lambda aggregator: replace(made, aggregator=aggregator, **fields)  # type: ignore[arg-type]


def _two(**fields: object) -> Callable[[Aggregator], Trial]:
    return _of((_floats(0.75, -3),), (_floats(-6.5, 2),), **fields)


def _near_limit(first: float, second: float) -> Callable[[Aggregator], Trial]:
    """Two parties with these shares of what can be represented, as doubles."""

    def make(aggregator: Aggregator) -> Trial:
        top = 2.0**75 if aggregator is Aggregator.SPU else limit(Aggregator.SECURE)
        by_party = (_doubles(first * top),), (_doubles(second * top),)
        return _of(*by_party, weights=[1, 2])(aggregator)

    return make


def _first(value: float) -> Callable[[Aggregator], Trial]:
    return _of((_floats(0.75, value),), (_floats(-6.5, 2),), weights=[1, 3])


_SCALARS = ((np.array(1.5, np.float32),), (np.array(-4.25, np.float32),))
_SPARSE = (Aggregator.SPARSE,)

ROWS = (
    Row("zero-dimensional", "layers that are single numbers", _of(*_SCALARS), answerable=True),
    Row(
        "zero-dimensional-bare",
        "a single number instead of a list of layers",
        _of(*_SCALARS, bare=True),
        answerable=True,
    ),
    Row(
        "empty-layer",
        "a layer without elements beside another",
        _of((_floats(2), _floats()), (_floats(5), _floats())),
    ),
    Row(
        "float-and-double-layers",
        "float32 and float64 layers in one model",
        _of((_floats(2), _doubles(3)), (_floats(5), _doubles(-4))),
    ),
    Row(
        "counter-layer",
        "a layer that counts, int64, among float32 ones",
        _of((_floats(2), _wholes(10)), (_floats(5), _wholes(20))),
    ),
    Row(
        "float-and-double-parties",
        "one party's layers are float32, the other's float64",
        _of((_floats(2),), (_doubles(5),)),
    ),
    Row(
        "float-and-integer-parties",
        "one party's layers are float32, the other's int64",
        _of((_floats(2.5),), (_wholes(5),)),
    ),
    Row(
        "large-integers",
        "whole numbers that need more than 32 bits",
        _of((_wholes(2**40, -(2**40)),), (_wholes(2**41, 2**33),)),
        answerable=True,
    ),
    Row("nan", "a NaN", _first(np.nan)),
    Row("infinity", "an infinity", _first(np.inf)),
    Row("minus-infinity", "a negative infinity", _first(-np.inf)),
    Row(
        "nan-beside-infinity",
        "a NaN and an infinity in one layer",
        _of((_floats(np.nan, np.inf),), (_floats(1, 2),)),
    ),
    Row("above-range", "a value above the range that can be represented", _near_limit(1.5, 0.1)),
    Row("far-above-range", "a value far above that range", _near_limit(64, 0.1)),
    Row("below-range", "a value below that range", _near_limit(-1.5, 0.1)),
    Row("sum-above-range", "values in that range whose sum is not", _near_limit(0.9, 0.45)),
    Row(
        "broadcastable-shapes",
        "shapes that differ, but that NumPy broadcasts",
        _of((_floats(0.75, -3),), (_floats(-6.5),), discard=True),
    ),
    Row(
        "different-shapes",
        "shapes that differ",
        _of((_floats(0.75, -3),), (_floats(-6.5, 2, 1),)),
    ),
    Row(
        "missing-layer",
        "one party has a layer less",
        _of((_floats(0.75), _floats(-3)), (_floats(-6.5),)),
    ),
    Row("weights-zero", "weights that are all zero", _two(weights=[0, 0])),
    Row("weights-cancel", "weights that add up to zero", _two(weights=[2, -2])),
    Row("weight-negative", "a negative weight", _two(weights=[-1, 3])),
    Row("weight-nan", "a weight that is NaN", _two(weights=[np.nan, 3])),
    Row("weights-large", "weights in the tens of millions", _two(weights=[2**26, 2**25])),
    Row("weights-too-many", "more weights than parties", _two(weights=[1, 2, 3])),
    Row("weights-too-few", "fewer weights than parties", _two(weights=[2])),
    Row("weight-single", "one number for all weights", _two(weights=2)),
    Row(
        "party-missing",
        "a party that takes part brings nothing",
        _two(participants=(0, 1, 2), weights=[1, 3]),
    ),
    Row(
        "party-twice",
        "a party brings data twice, another none",
        _two(participants=_ZERO_ONE, holders=(0, 0)),
    ),
    Row(
        "party-foreign",
        "data of a party that does not take part",
        _two(participants=_ZERO_ONE, holders=(0, 2)),
    ),
    Row(
        "after-a-refusal",
        "a round after one with infinities",
        _two(refusal_first=True, weights=[1, 3], discard=True),
        answerable=True,
    ),
    Row(
        "another-axis",
        "an axis other than that of the parties",
        _of((_floats(0.75, -3),), (_floats(-6.5, 2),), bare=True, axis=1),
    ),
    Row(
        "sparse-bare",
        "a sparse vector itself instead of a list of layers",
        _of((_floats(0, 2),), (_floats(3, 0),), bare=True, coding="coo"),
        answerable=True,
        aggregators=_SPARSE,
    ),
)

# A process of the simulation is needed for this one.
APART_ROWS = (
    Row(
        "party-dies",
        "a party's process ends before the round",
        _two(killed=1),
        aggregators=(Aggregator.SECURE,),
    ),
)
