"""How far an aggregator's own arithmetic may be from exact, element by element.

All bounds are worst cases that follow from how each aggregator computes; none is measured.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from verify.aggregators.trial import SPU_BITS, Aggregator, Array, Case

_DOUBLE = 2.0**-53
_SINGLE = 2.0**-24
# The smallest positive number of the type with that relative error.
_LEAST = {_DOUBLE: 2.0**-1074, _SINGLE: 2.0**-149}
_SPU_UNIT = 2.0**-SPU_BITS
# SPU divides by Goldschmidt's iteration, twice by default.
_GOLDSCHMIDT_ITERATIONS = 2
# The division's own products are truncated, each by at most two units: ten of them, weighed by
# what they are multiplied with later.
_DIVISION_UNITS = 32


@dataclass(frozen=True, eq=False)
class Terms:
    """What an aggregation of one layer consists of, in float64.

    `values` stacks the parties' arrays; `size` is the sum of all |x·w|, `total` that of x·w,
    `result` what should come out. `given` is the type of the first party's array, `together` one
    that holds the arrays of all.
    """

    given: "np.dtype[Any]"
    together: "np.dtype[Any]"
    values: Array
    weights: Array
    weighted: bool
    size: Array
    total: Array
    result: Array

    @property
    def parties(self) -> int:
        """How many arrays are aggregated."""
        return len(self.weights)

    @property
    def weight(self) -> Array:
        """By what the sum is divided, without dimensions; NumPy's, for it may be zero."""
        return np.asarray(np.abs(self.weights.sum()))

    @property
    def weight_size(self) -> Array:
        """The sum of all |w|, more than `weight` if some are negative."""
        return np.asarray(np.abs(self.weights).sum())

    @property
    def unit(self) -> float:
        """The relative error of one rounding to a float type that holds all arrays."""
        return float(np.finfo(self.together).eps) / 2


def bound(case: Case, terms: Terms) -> Array:
    """How far the result for one layer of a round may be from the reference, elementwise."""
    own = _OWN[case.aggregator](case, terms)
    # The reference is computed in float64 as well.
    return np.asarray(own + _quotient(case, terms, _DOUBLE))


def _sums(count: int, unit: float) -> float:
    """The relative error of that many roundings, one upon the other."""
    return count * unit / (1 - count * unit)


def _quotient(case: Case, terms: Terms, unit: float) -> Array:
    """A weighted sum, and its division by the sum of the weights, in floating point."""
    above = _sums(terms.parties + 1, unit) * terms.size
    return above if case.operation == "sum" else _divided(above, terms, unit)


def _divided(above: Array, terms: Terms, unit: float) -> Array:
    below = _sums(terms.parties + 1, unit) * terms.weight_size * np.abs(terms.result)
    # A product or the quotient may be less than what the type can hold.
    least = _LEAST[unit]
    return np.asarray((above + below + terms.parties * least) / terms.weight + least)


def _secure(case: Case, terms: Terms) -> Array:
    """Each party's x·w is rounded to the layer's type, then truncated to 2^-fxp_bits.

    Whole numbers are added as they are.
    """
    above = np.asarray(_DOUBLE * np.abs(terms.total))  # it is decoded to float64
    if terms.given.kind == "f":
        multiplied = any(w != 1 for w in terms.weights)
        # A weight that the layer's type does not hold is rounded, too.
        weighed = any(float(terms.together.type(w)) != w for w in terms.weights)
        share = terms.unit * (multiplied + weighed) * (1 + terms.unit)
        above = above + terms.parties * 2.0**-case.fxp_bits + share * terms.size
    elif case.operation == "sum":
        return 0 * above
    return above if case.operation == "sum" else _divided(above, terms, _DOUBLE)


def _plain(case: Case, terms: Terms) -> Array:
    """NumPy adds in the arrays' type, in that of weight times array where there are weights."""
    floating = terms.together.kind == "f"
    if case.operation == "sum":
        return _quotient(case, terms, terms.unit) if floating else 0 * terms.size
    single = floating and not terms.weighted
    computed = _quotient(case, terms, terms.unit if single else _DOUBLE)
    if case.aggregator is not Aggregator.PLAIN or terms.given.kind != "f":
        return computed
    # It returns the first party's type.
    limits = np.finfo(terms.given)
    rounded = np.abs(terms.result) * (float(limits.eps) / 2) + float(limits.smallest_subnormal)
    return np.asarray(computed + rounded)


def _spu(case: Case, terms: Terms) -> Array:
    """Fixed point all the way; what comes out is a float32."""
    unit, whole = _SPU_UNIT, terms.together.kind != "f"
    values = np.abs(terms.values)
    encoded = 0 * values if whole else unit + values * (_SINGLE if terms.unit < _SINGLE else 0)
    returned = 0.0 if whole and case.operation == "sum" else _SINGLE
    returned_error = np.abs(terms.result) * returned
    if case.operation == "sum":
        return np.asarray(encoded.sum(axis=0) + returned_error)
    weights = np.abs(terms.weights).reshape((-1,) + (1,) * (values.ndim - 1))
    encoded_weights = np.where(weights == np.round(weights), 0, weights * _SINGLE + unit)
    if terms.weighted:
        products = weights * encoded + (values + encoded) * encoded_weights + 2 * unit
    else:
        products = encoded
    below = encoded_weights.sum() / terms.weight
    above = products.sum(axis=0) / terms.weight + np.abs(terms.result) * below
    share = _goldschmidt(terms.weight, below) + _DIVISION_UNITS * unit
    division = (np.abs(terms.result) + above) * share
    truncated = 2 * unit * (1 + 1 / terms.weight)
    return np.asarray((above + division) / (1 - below) + truncated + returned_error)


def _goldschmidt(divisor: Array, uncertain: Array) -> float:
    """The relative error of SPU's division by a number that it knows up to some share.

    With the divisor as c·2^m, c in [0.5, 1), it starts from 2.9142 - 2c for 1/c; each iteration
    squares the relative error of that. That is 5.4e-5 at most, just below a power of two.
    """
    mantissas = (math.frexp(divisor * (1 + share))[0] for share in (-uncertain, 0, uncertain))
    guess = max(abs(1 - c * (2.9142 - 2 * c)) for c in mantissas)
    return float(guess ** (2**_GOLDSCHMIDT_ITERATIONS))


_OWN: dict[Aggregator, Callable[[Case, Terms], Array]] = {
    Aggregator.SECURE: _secure,
    Aggregator.PLAIN: _plain,
    Aggregator.SPARSE: _plain,
    Aggregator.SPU: _spu,
}
