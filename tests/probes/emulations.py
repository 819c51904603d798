"""How each of SecretFlow's aggregators computes the mean of one array of each party."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from tests.fakes import decoded, encoded
from tests.probes.builders import Array

Weights = Sequence[Any] | None


def sparse(arrays: Sequence[Array], weights: Weights, _: int = 0) -> Array:
    """NumPy's average."""
    return np.asarray(np.average(np.stack(arrays), axis=0, weights=weights))


def plain(arrays: Sequence[Array], weights: Weights, _: int = 0) -> Array:
    """NumPy's average, in the first party's type."""
    return sparse(arrays, weights).astype(arrays[0].dtype)


def own(arrays: Sequence[Array], weights: Weights, _: int = 0) -> Array:
    """One product upon the other, all in the arrays' type."""
    dtype = arrays[0].dtype
    each = [dtype.type(weight) for weight in weights or [1] * len(arrays)]
    total, weight = np.zeros_like(arrays[0]), dtype.type(0)
    for array, one in zip(arrays, each, strict=True):
        total, weight = total + array * one, dtype.type(weight + one)
    return np.asarray(total / weight)


def secure(arrays: Sequence[Array], weights: Weights, bits: int) -> Array:
    """Fixed point, of which each party truncates its product; no masks, for they cancel out."""
    each = weights or [1] * len(arrays)
    coded = [[encoded(array, w, bits)] for array, w in zip(arrays, each, strict=True)]
    (mean,) = decoded(coded, each, bits)
    return np.asarray(mean)


def spu(arrays: Sequence[Array], weights: Weights, bits: int) -> Array:
    """Fixed point all the way, with a division by Goldschmidt's iteration."""
    own = [np.vectorize(lambda x: _fixed(x, bits), otypes=[object])(array) for array in arrays]
    if weights is None:
        total, divisor = sum(own), _fixed(len(arrays), bits)
    else:
        each = [_fixed(weight, bits) for weight in weights]
        total = sum(_cut(array * one, bits) for array, one in zip(own, each, strict=True))
        divisor = sum(each)
    exponent = divisor.bit_length()  # of a mantissa in [0.5, 1)
    mantissa = (divisor << bits) >> exponent
    guess = _fixed(2.9142, bits) - 2 * mantissa
    quotient = _cut(total * guess, bits)
    error = (1 << bits) - _cut(mantissa * guess, bits)
    for _ in range(2):
        quotient += _cut(quotient * error, bits)
        error = _cut(error * error, bits)
    moved = exponent - bits
    quotient = quotient // 2**moved if moved >= 0 else quotient * 2**-moved
    return np.asarray(quotient.astype(np.float64) / 2.0**bits).astype(np.float32)


def _fixed(value: float, bits: int) -> int:
    return math.floor(math.ldexp(float(np.float32(value)), bits))


def _cut(product: Any, bits: int) -> Any:
    return product // 2**bits
