"""What a round of aggregation should yield, and how far an aggregator may be from it.

The reference is a weighted mean or a sum in float64. The bounds are worst cases, element by
element, that follow from how each aggregator computes; none is measured. Roundings add up as in
Higham, Accuracy and Stability of Numerical Algorithms, section 3.1.

SecretFlow's arithmetic, as its sources and NumPy's have it:

- `plain`: NumPy's average. Without weights it adds and divides in the arrays' type (whole numbers
  in float64, float16 in float32); with weights, in a type that holds arrays and weights: of float32
  arrays and numbers of samples that is float64. The outcome gets the first party's type.
- `sparse`: the same, but the outcome keeps the type in which it was computed.
- `secure`: each party multiplies in its arrays' type, to which the weight is rounded before, and
  truncates to a multiple of 2^-fxp_bits; the rest is exact, but for roundings to float64.
- `spu`: fixed point all the way; what comes out is a float32.
- `own`: an aggregator of a page's own, which may compute all in the arrays' type.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .events import Arithmetic

Array = np.ndarray[Any, Any]
Type = np.dtype[Any]

_DOUBLE: Type = np.dtype(np.float64)
_SINGLE: Type = np.dtype(np.float32)
# SPU divides by Goldschmidt's iteration, twice by default.
_GOLDSCHMIDT_ITERATIONS = 2
# The division's own products are truncated, each by at most two units: ten of them, weighed by
# what they are multiplied with later.
_DIVISION_UNITS = 32
# The bounds are computed in float64, too.
_SAFETY = 1 + 2.0**-48


@dataclass(frozen=True, eq=False)
class Terms:
    """What an aggregation of one array of each party consists of, in float64.

    `types` are those of the parties' arrays, `values` their absolute values; `weight_type` is that
    of the weights, None if there are none; `size` is the sum of all |x·w|, `total` that of x·w,
    `result` what should come out.
    """

    types: tuple[Type, ...]
    values: tuple[Array, ...]
    weights: Array
    weight_type: Type | None
    is_sum: bool
    size: Array
    total: Array
    result: Array

    @property
    def parties(self) -> int:
        """How many arrays are aggregated."""
        return len(self.types)

    @property
    def together(self) -> Type:
        """A type that holds the arrays of all."""
        return np.result_type(*self.types)


@np.errstate(all="ignore")  # what is infinite or no number must come out so
def terms(
    by_party: Sequence[Array], weights: Sequence[Any] | Array | None = None, *, is_sum: bool = False
) -> Terms:
    """What a round should yield, and what it is made of.

    Args:
        by_party: one array a party, of the same shape.
        weights: one number a party, as the samples that it trained on; None if all count the same.
        is_sum: whether it is a sum in place of a mean, without weights.

    Raises:
        ValueError: the shapes differ, or there is not one weight for each party.
    """
    given = None if weights is None or is_sum else np.asarray(weights)
    each = np.ones(len(by_party)) if given is None else given.astype(np.float64)
    shapes: set[tuple[int, ...]] = {array.shape for array in by_party}
    if len(shapes) != 1:
        raise ValueError(f"parties hold arrays of other shapes: {sorted(shapes)}")
    if each.shape != (len(by_party),):
        raise ValueError(f"{len(by_party)} parties have weights of shape {each.shape}")
    values = [array.astype(np.float64) for array in by_party]
    total, size = np.zeros_like(values[0]), np.zeros_like(values[0])
    for value, weight in zip(values, each, strict=True):
        product = value * weight
        total += product
        size += np.abs(product)
    return Terms(
        types=tuple(array.dtype for array in by_party),
        values=tuple(np.abs(value, out=value) for value in values),
        weights=each,
        weight_type=None if given is None else given.dtype,
        is_sum=is_sum,
        size=size,
        total=total,
        result=total if is_sum else np.asarray(total / each.sum()),
    )


@np.errstate(all="ignore")
def bound(of: Terms, arithmetic: Arithmetic, fxp_bits: int = 0) -> Array:
    """How far each element of the outcome may be from the reference.

    Args:
        of: the aggregation.
        arithmetic: how the aggregator computes.
        fxp_bits: the fractional bits of its fixed point, if it has one.
    """
    # The reference is computed in float64 as well.
    return np.asarray((_OWN[arithmetic](of, fxp_bits) + _floating(of, _DOUBLE)) * _SAFETY)


def _plain(of: Terms, _: int) -> Array:
    computed, given = _sparse(of, 0), of.types[0]
    # A mean is returned in the first party's type; of whole numbers nothing is taken away, for a
    # mean that is cut to a whole number is none.
    if of.is_sum or given.kind != "f" or _unit(given) <= _unit(_returned_in(of)):
        return computed
    return computed + _rounded(of, computed, given)


def _sparse(of: Terms, _: int) -> Array:
    if of.is_sum and of.together.kind != "f":
        return np.zeros_like(of.size)
    inside, returned = _computed_in(of), _returned_in(of)
    computed = _floating(of, inside)
    return computed if inside == returned else computed + _rounded(of, computed, returned)


def _returned_in(of: Terms) -> Type:
    """The type of NumPy's average: that of float16 is one, too."""
    is_halved = of.together == np.float16 and of.weight_type is None
    return of.together if is_halved else _computed_in(of)


def _computed_in(of: Terms) -> Type:
    """The type in which NumPy adds and divides."""
    if of.is_sum:
        return of.together
    if of.together.kind != "f":
        return _DOUBLE
    if of.weight_type is None:
        return _SINGLE if of.together == np.float16 else of.together
    return np.result_type(of.together, of.weight_type)


def _own(of: Terms, _: int) -> Array:
    floats = [one for one in of.types if one.kind == "f"]
    return _floating(of, max(floats, key=_unit, default=_DOUBLE), spare=1)


def _secure(of: Terms, fxp_bits: int) -> Array:
    above = np.zeros_like(of.size)
    for kind, values, weight in zip(of.types, of.values, of.weights.tolist(), strict=True):
        if kind.kind != "f":
            continue  # whole numbers are added as they are
        held = abs(float(kind.type(weight)))
        lost = abs(held - abs(weight))
        # A power of two only moves the point.
        share = 0.0 if abs(math.frexp(held)[0]) in (0.0, 0.5) else _unit(kind)
        above += values * ((lost if math.isfinite(lost) else 0.0) + held * share) + 2.0**-fxp_bits
    if of.is_sum and of.together.kind != "f":
        return above
    above = above + _unit(_DOUBLE) * (np.abs(of.total) + above)  # it is decoded to float64
    if of.is_sum:
        return above
    # The weights are added in their own type.
    summed_in = of.weight_type if of.weight_type and of.weight_type.kind == "f" else _DOUBLE
    return _quotient(of, above, _weights_off(of, summed_in), _DOUBLE)


def _spu(of: Terms, fxp_bits: int) -> Array:
    unit, single = 2.0**-fxp_bits, _unit(_SINGLE)
    above, uncertain = np.zeros_like(of.size), 0.0
    for kind, values, weight in zip(of.types, of.values, np.abs(of.weights).tolist(), strict=True):
        # What is no float32 is rounded to one before it is shared.
        rounded = single if _unit(kind) < single else 0.0
        encoded = unit + values * rounded if kind.kind == "f" else np.zeros_like(values)
        weight_error = 0.0 if float(weight).is_integer() else weight * single + unit
        uncertain += weight_error
        if of.weight_type is not None:
            encoded = weight * encoded + (values + encoded) * weight_error + 2 * unit
        above += encoded
    is_float = of.together.kind == "f"
    returned = np.abs(of.result) * (single if is_float or not of.is_sum else 0.0)
    if of.is_sum:
        return above + returned
    weight = np.abs(of.weights.sum())
    above, below = above / weight, uncertain / weight
    above = above + np.abs(of.result) * below
    share = _goldschmidt(weight, below) + _DIVISION_UNITS * unit
    division = (np.abs(of.result) + above) * share
    return np.asarray((above + division) / (1 - below) + 2 * unit * (1 + 1 / weight) + returned)


def _goldschmidt(divisor: float, uncertain: float) -> float:
    """The relative error of SPU's division by a number that it knows up to some share.

    With the divisor as c·2^m, c in [0.5, 1), it starts from 2.9142 - 2c for 1/c; each iteration
    squares the relative error of that. That is 5.4e-5 at most, just below a power of two.
    """
    mantissas = (math.frexp(divisor * (1 + share))[0] for share in (-uncertain, 0, uncertain))
    guess = max(abs(1 - c * (2.9142 - 2 * c)) for c in mantissas)
    return float(guess ** (2**_GOLDSCHMIDT_ITERATIONS))


def _floating(of: Terms, computed_in: Type, *, spare: int = 0) -> Array:
    """A weighted sum in a type, and its division by the sum of the weights.

    On its way to the sum each term is rounded once for each addition, once for its product, and
    once more if the type does not hold what it is given.
    """
    unit, is_weighted = _unit(computed_in), of.weight_type is not None
    converted = any(not _holds(computed_in, kind) for kind in of.types)
    above = _chain(of.parties - 1 + is_weighted + converted + spare, unit) * of.size
    if of.is_sum:
        return above
    if is_weighted:  # a product may be less than what the type can hold
        above = above + of.parties * _least(computed_in)
    return _quotient(of, above, _weights_off(of, computed_in), computed_in)


def _quotient(of: Terms, above: Array, below: float, computed_in: Type) -> Array:
    """The error of a quotient whose numerator and denominator are off by so much at most."""
    weight = np.abs(of.weights.sum())
    off = (above + np.abs(of.result) * below) / (weight - below)
    off = np.where(weight > below, off, np.inf)
    return off + _rounded(of, off, computed_in)


def _rounded(of: Terms, off: Array, kind: Type) -> Array:
    """Half a unit in the last place of what should come out, or of what is off by so much."""
    return np.asarray((np.abs(of.result) + off) * _unit(kind) + _least(kind))


def _chain(count: int, unit: float) -> float:
    """The relative error of that many roundings, one upon the other."""
    return count * unit / (1 - count * unit)


def _holds(kind: Type, other: Type) -> bool:
    """Whether a float type holds each number of another type, of whole numbers or not."""
    if other.kind in "iu":
        return other.itemsize * 8 <= int(np.finfo(kind).nmant)
    return other.kind != "f" or other.itemsize <= kind.itemsize


def _unit(kind: Type) -> float:
    """Half a unit in the last place of 1; whole numbers have none."""
    return float(np.finfo(kind).eps) / 2 if kind.kind == "f" else 0.0


def _least(kind: Type) -> float:
    """Half the smallest number of a type, as far as float64 has one."""
    return max(float(np.finfo(kind).smallest_subnormal) / 2, 2.0**-1074)


def _weights_off(of: Terms, kind: Type) -> float:
    """How far the sum of the weights may be off in a type: not at all if it holds whole ones."""
    size, unit = float(np.abs(of.weights).sum()), _unit(kind)
    is_exact = size <= 1 / unit and bool(np.all(of.weights == np.round(of.weights)))
    return 0.0 if is_exact else _chain(of.parties, unit) * size


_OWN: dict[Arithmetic, Callable[[Terms, int], Array]] = {
    "plain": _plain,
    "sparse": _sparse,
    "secure": _secure,
    "spu": _spu,
    "own": _own,
}
