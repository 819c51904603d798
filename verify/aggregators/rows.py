"""Awkward rounds, one of each kind: data or weights that are not everyday ones."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from verify.aggregators.generated_trials import limit
from verify.aggregators.trial import Aggregator, Array, Layers, Trial
from verify.system.words import Words

_ALL = tuple(Aggregator)
_ZERO_ONE = (0, 1)


@dataclass(frozen=True)
class Row:
    """A round of a kind that is not an everyday one.

    With `answerable` it must be answered correctly, for nothing is wrong with it; otherwise it may
    be refused as well. `make` gives it for an aggregator.
    """

    name: str
    sentence: Words
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
    Row(
        "zero-dimensional",
        Words(zh="层只是一个数", en="layers that are single numbers"),
        _of(*_SCALARS),
        answerable=True,
    ),
    Row(
        "zero-dimensional-bare",
        Words(zh="给的是一个数，不是层的列表", en="a single number instead of a list of layers"),
        _of(*_SCALARS, bare=True),
        answerable=True,
    ),
    Row(
        "empty-layer",
        Words(zh="一个没有元素的层与另一层在一起", en="a layer without elements beside another"),
        _of((_floats(2), _floats()), (_floats(5), _floats())),
    ),
    Row(
        "float-and-double-layers",
        Words(
            zh="一个模型里既有 float32 层又有 float64 层",
            en="float32 and float64 layers in one model",
        ),
        _of((_floats(2), _doubles(3)), (_floats(5), _doubles(-4))),
    ),
    Row(
        "counter-layer",
        Words(
            zh="float32 层之间有一个计数的 int64 层",
            en="a layer that counts, int64, among float32 ones",
        ),
        _of((_floats(2), _wholes(10)), (_floats(5), _wholes(20))),
    ),
    Row(
        "float-and-double-parties",
        Words(
            zh="一个参与方的层是 float32，另一个是 float64",
            en="one party's layers are float32, the other's float64",
        ),
        _of((_floats(2),), (_doubles(5),)),
    ),
    Row(
        "float-and-integer-parties",
        Words(
            zh="一个参与方的层是 float32，另一个是 int64",
            en="one party's layers are float32, the other's int64",
        ),
        _of((_floats(2.5),), (_wholes(5),)),
    ),
    Row(
        "large-integers",
        Words(zh="32 位放不下的整数", en="whole numbers that need more than 32 bits"),
        _of((_wholes(2**40, -(2**40)),), (_wholes(2**41, 2**33),)),
        answerable=True,
    ),
    Row("nan", Words(zh="一个 NaN", en="a NaN"), _first(np.nan)),
    Row("infinity", Words(zh="一个无穷大", en="an infinity"), _first(np.inf)),
    Row("minus-infinity", Words(zh="一个负无穷大", en="a negative infinity"), _first(-np.inf)),
    Row(
        "nan-beside-infinity",
        Words(zh="一层里既有 NaN 又有无穷大", en="a NaN and an infinity in one layer"),
        _of((_floats(np.nan, np.inf),), (_floats(1, 2),)),
    ),
    Row(
        "above-range",
        Words(zh="一个数大于能表示的范围", en="a value above the range that can be represented"),
        _near_limit(1.5, 0.1),
    ),
    Row(
        "far-above-range",
        Words(zh="一个数远大于这个范围", en="a value far above that range"),
        _near_limit(64, 0.1),
    ),
    Row(
        "below-range",
        Words(zh="一个数小于这个范围", en="a value below that range"),
        _near_limit(-1.5, 0.1),
    ),
    Row(
        "sum-above-range",
        Words(zh="数都在范围之内，和却不在", en="values in that range whose sum is not"),
        _near_limit(0.9, 0.45),
    ),
    Row(
        "broadcastable-shapes",
        Words(zh="形状不同，但 NumPy 会广播", en="shapes that differ, but that NumPy broadcasts"),
        _of((_floats(0.75, -3),), (_floats(-6.5),), discard=True),
    ),
    Row(
        "different-shapes",
        Words(zh="形状不同", en="shapes that differ"),
        _of((_floats(0.75, -3),), (_floats(-6.5, 2, 1),)),
    ),
    Row(
        "missing-layer",
        Words(zh="一个参与方少一层", en="one party has a layer less"),
        _of((_floats(0.75), _floats(-3)), (_floats(-6.5),)),
    ),
    Row(
        "weights-zero", Words(zh="权重全为零", en="weights that are all zero"), _two(weights=[0, 0])
    ),
    Row(
        "weights-cancel",
        Words(zh="权重之和为零", en="weights that add up to zero"),
        _two(weights=[2, -2]),
    ),
    Row("weight-negative", Words(zh="一个负的权重", en="a negative weight"), _two(weights=[-1, 3])),
    Row(
        "weight-nan",
        Words(zh="一个权重是 NaN", en="a weight that is NaN"),
        _two(weights=[np.nan, 3]),
    ),
    Row(
        "weights-large",
        Words(zh="几千万的权重", en="weights in the tens of millions"),
        _two(weights=[2**26, 2**25]),
    ),
    Row(
        "weights-too-many",
        Words(zh="权重比参与方多", en="more weights than parties"),
        _two(weights=[1, 2, 3]),
    ),
    Row(
        "weights-too-few",
        Words(zh="权重比参与方少", en="fewer weights than parties"),
        _two(weights=[2]),
    ),
    Row(
        "weight-single",
        Words(zh="所有权重只给一个数", en="one number for all weights"),
        _two(weights=2),
    ),
    Row(
        "party-missing",
        Words(zh="有一个参与方什么也没有带来", en="a party that takes part brings nothing"),
        _two(participants=(0, 1, 2), weights=[1, 3]),
    ),
    Row(
        "party-twice",
        Words(
            zh="一个参与方带来两次数据，另一个参与方没有",
            en="a party brings data twice, another none",
        ),
        _two(participants=_ZERO_ONE, holders=(0, 0)),
    ),
    Row(
        "party-foreign",
        Words(zh="有不参加的参与方的数据", en="data of a party that does not take part"),
        _two(participants=_ZERO_ONE, holders=(0, 2)),
    ),
    Row(
        "after-a-refusal",
        Words(zh="上一轮有无穷大，这是其后的一轮", en="a round after one with infinities"),
        _two(refusal_first=True, weights=[1, 3], discard=True),
        answerable=True,
    ),
    Row(
        "another-axis",
        Words(zh="轴不是各参与方所在的那一个", en="an axis other than that of the parties"),
        _of((_floats(0.75, -3),), (_floats(-6.5, 2),), bare=True, axis=1),
    ),
    Row(
        "sparse-bare",
        Words(
            zh="给的是稀疏向量本身，不是层的列表",
            en="a sparse vector itself instead of a list of layers",
        ),
        _of((_floats(0, 2),), (_floats(3, 0),), bare=True, coding="coo"),
        answerable=True,
        aggregators=_SPARSE,
    ),
)

# A process of the simulation is needed for this one.
APART_ROWS = (
    Row(
        "party-dies",
        Words(zh="一个参与方的进程在这一轮之前结束", en="a party's process ends before the round"),
        _two(killed=1),
        aggregators=(Aggregator.SECURE,),
    ),
)
