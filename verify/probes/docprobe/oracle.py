"""What an aggregation should yield, and how far the fixed point may be from it.

An independent reference in float64 (a product of a float32 and a number of samples is exact
there). `by_party` has one array of each party, all of one layer.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
# Four times half a unit in the last place of a float64, relative to the value.
_FEW_ROUNDINGS = 4 * 2.0**-53
_SINGLE = 2.0**-24


def weighted_mean(by_party: Sequence[Array], weights: Sequence[float]) -> Array:
    """The mean of one array of each party, in float64.

    Args:
        by_party: one array a party, of the same shape.
        weights: one number a party, as the samples that it trained on.

    Raises:
        ValueError: the shapes differ, or there is not one weight for each party.
    """
    total = np.zeros(_shape(by_party), np.float64)
    for array, weight in zip(by_party, weights, strict=True):
        total += array.astype(np.float64) * float(weight)
    return total / float(sum(weights))


def secure_bound(by_party: Sequence[Array], weights: Sequence[float], fxp_bits: int) -> Array:
    """How far each element of a secure average may be from the mean, in float64.

    Every party encodes x·w with `fxp_bits` fractional bits and truncates, which costs less than
    2^-fxp_bits a party; the product before it is rounded to the array's own type (not for a weight
    of 1). The few roundings to float64, here and there, are the last term.
    """
    total = float(sum(weights))
    shape = _shape(by_party)
    product, size = np.zeros(shape, np.float64), np.zeros(shape, np.float64)
    for array, weight in zip(by_party, weights, strict=True):
        one = np.abs(array.astype(np.float64)) * abs(float(weight))
        size += one
        if weight != 1 and array.dtype.kind == "f":
            product += one * _unit(array.dtype)
    fixed_point = len(by_party) * 2.0**-fxp_bits / total
    return fixed_point + (product + size * _FEW_ROUNDINGS) / total


def shared_bound(by_party: Sequence[Array], weights: Sequence[float], fxp_bits: int) -> Array:
    """How far each element of an average over secret shares may be from the mean, in float64.

    The SPU computes in fixed point with `fxp_bits` fractional bits and returns a float32. Each
    product is truncated, by at most two units; the division is Goldschmidt's, twice iterated from
    2.9142 - 2c for a divisor c·2^m with c in [0.5, 1), whose error each iteration squares; its own
    products are truncated too, which costs less than 32 units of the quotient.
    """
    unit, total = 2.0**-fxp_bits, abs(float(sum(weights)))
    mean = np.abs(weighted_mean(by_party, weights))
    above = np.zeros(mean.shape, np.float64)
    for array, weight in zip(by_party, weights, strict=True):
        values = np.abs(array.astype(np.float64))
        # What is no float32 is rounded to one before it is shared.
        encoded = unit + values * (_SINGLE if array.dtype != np.float32 else 0)
        weight_error = 0.0 if float(weight).is_integer() else abs(float(weight)) * _SINGLE + unit
        above += abs(float(weight)) * encoded + (values + encoded) * weight_error + 2 * unit
    above /= total
    mantissa = math.frexp(total)[0]
    share = abs(1 - mantissa * (2.9142 - 2 * mantissa)) ** 4 + 32 * unit
    return above + (mean + above) * share + 2 * unit * (1 + 1 / total) + mean * _SINGLE


def plain_bound(by_party: Sequence[Array], weights: Sequence[float]) -> Array:
    """How far each element of a plain average may be from the mean, in float64.

    A sum of n products in the arrays' own type rounds at most n times for the products, n - 1 times
    for the sum and once for the division (Higham, Accuracy and Stability, section 3.1). What is too
    small for the type is lost up to its smallest number, each time.
    """
    size = np.zeros(_shape(by_party), np.float64)
    for array, weight in zip(by_party, weights, strict=True):
        size += np.abs(array.astype(np.float64)) * abs(float(weight))
    coarsest = max((a.dtype for a in by_party if a.dtype.kind == "f"), key=_unit, default=None)
    unit = _unit(coarsest) if coarsest else 2.0**-53
    least = float(np.finfo(coarsest or np.float64).smallest_subnormal)
    total = float(sum(weights))
    return size * (2 * len(by_party) * unit / total) + least * (1 + len(by_party) / total)


def _unit(dtype: Any) -> float:
    """Half a unit in the last place of 1."""
    return float(np.finfo(dtype).eps) / 2


def _shape(by_party: Sequence[Array]) -> tuple[int, ...]:
    shapes: set[tuple[int, ...]] = {array.shape for array in by_party}
    if len(shapes) != 1:
        raise ValueError(f"parties hold arrays of other shapes: {sorted(shapes)}")
    return shapes.pop()
