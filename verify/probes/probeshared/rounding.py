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

from .arrays import Array, Type, np, without_warnings
from .events import Arithmetic

# SPU divides by Goldschmidt's iteration, twice by default.
_GOLDSCHMIDT_ITERATIONS = 2
# The division's own products are truncated, each by at most two units: ten of them, weighed by
# what they are multiplied with later.
_DIVISION_UNITS = 32
# The bounds are computed in float64, too.
_SAFETY = 1 + 2.0**-48


@dataclass(frozen=True, eq=False)
class Terms:
    """What an aggregation of one array of each party consists of.

    `types` are those of the parties' arrays, `values` their elements in float64; `weight_type` is
    that of the weights, None if there are none; `result` is what should come out.
    """

    types: tuple[Type, ...]
    values: tuple[Array, ...]
    weights: Array
    weight_type: Type | None
    is_sum: bool
    result: Array

    @property
    def parties(self) -> int:
        """How many arrays are aggregated."""
        return len(self.types)

    @property
    def together(self) -> Type:
        """A type that holds the arrays of all."""
        return np.result_type(*self.types)

    @property
    def divisor(self) -> float:
        """By what the sum is divided."""
        return 1.0 if self.is_sum else abs(float(self.weights.sum()))


@dataclass(frozen=True, eq=False)
class _Off:
    """An error of no more than Σ|x_p|·values_p + |result|·result + constant, element by element.

    Every bound is of that form: so that each element costs a few operations only.
    """

    values: Array
    result: float = 0.0
    constant: float = 0.0

    def __add__(self, other: "_Off") -> "_Off":
        return _Off(
            self.values + other.values,
            self.result + other.result,
            self.constant + other.constant,
        )

    def __mul__(self, factor: float) -> "_Off":
        return _Off(self.values * factor, self.result * factor, self.constant * factor)

    def of(self, terms: Terms) -> Array:
        """The error of each element."""
        total = np.abs(terms.result) * self.result + self.constant
        for array, share in zip(terms.values, self.values.tolist(), strict=True):
            if share:
                total = total + np.abs(array) * share
        return np.asarray(total)


@without_warnings
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
    values = tuple(array.astype(np.float64) for array in by_party)
    total = np.zeros_like(values[0])
    for value, weight in zip(values, each.tolist(), strict=True):
        total += value if weight == 1 else value * weight
    return Terms(
        types=tuple(array.dtype for array in by_party),
        values=values,
        weights=each,
        weight_type=None if given is None else given.dtype,
        is_sum=is_sum,
        result=total if is_sum else np.asarray(total / each.sum()),
    )


@without_warnings
def bound(of: Terms, arithmetic: Arithmetic, fxp_bits: int = 0) -> Array:
    """How far each element of the outcome may be from the reference.

    Args:
        of: the aggregation.
        arithmetic: how the aggregator computes.
        fxp_bits: the fractional bits of its fixed point, if it has one.
    """
    # The reference is computed in float64 as well.
    off = _OWN[arithmetic](of, fxp_bits) + _floating(of, _double())
    return (off * _SAFETY).of(of)


def _plain(of: Terms, _: int) -> _Off:
    computed, given = _sparse(of, 0), of.types[0]
    # A mean is returned in the first party's type; of whole numbers nothing is taken away, for a
    # mean that is cut to a whole number is none.
    if of.is_sum or given.kind != "f" or _unit(given) <= _unit(_returned_in(of)):
        return computed
    return computed + _rounded(computed, given)


def _sparse(of: Terms, _: int) -> _Off:
    if of.is_sum and of.together.kind != "f":
        return _nothing(of)
    inside, returned = _computed_in(of), _returned_in(of)
    computed = _floating(of, inside)
    return computed if inside == returned else computed + _rounded(computed, returned)


def _returned_in(of: Terms) -> Type:
    """The type of NumPy's average: that of float16 is one, too."""
    is_halved = of.together == np.float16 and of.weight_type is None
    return of.together if is_halved else _computed_in(of)


def _computed_in(of: Terms) -> Type:
    """The type in which NumPy adds and divides."""
    if of.is_sum:
        return of.together
    if of.together.kind != "f":
        return _double()
    if of.weight_type is None:
        return _single() if of.together == np.float16 else of.together
    return np.result_type(of.together, of.weight_type)


def _own(of: Terms, _: int) -> _Off:
    floats = [one for one in of.types if one.kind == "f"]
    return _floating(of, max(floats, key=_unit, default=_double()), spare=1)


def _secure(of: Terms, fxp_bits: int) -> _Off:
    shares, truncated = np.zeros(of.parties), 0.0
    for party, (kind, weight) in enumerate(zip(of.types, of.weights.tolist(), strict=True)):
        if kind.kind != "f":
            continue  # whole numbers are added as they are
        held = abs(float(kind.type(weight)))
        lost = abs(held - abs(weight))
        # A power of two only moves the point.
        rounded = 0.0 if math.frexp(held)[0] in (0.0, 0.5) else _unit(kind)
        shares[party] = (lost if math.isfinite(lost) else 0.0) + held * rounded
        truncated += 2.0**-fxp_bits
    above = _Off(shares, constant=truncated)
    if of.is_sum and of.together.kind != "f":
        return above
    # It is decoded to float64.
    above += (above + _Off(np.zeros(of.parties), of.divisor)) * _unit(_double())
    if of.is_sum:
        return above
    # The weights are added in their own type.
    summed_in = of.weight_type if of.weight_type and of.weight_type.kind == "f" else _double()
    return _quotient(of, above, _weights_off(of, summed_in), _double())


def _spu(of: Terms, fxp_bits: int) -> _Off:
    unit, single = 2.0**-fxp_bits, _unit(_single())
    shares, constant, uncertain = np.zeros(of.parties), 0.0, 0.0
    for party, (kind, weight) in enumerate(zip(of.types, map(float, abs(of.weights)), strict=True)):
        # What is no float32 is rounded to one before it is shared; whole numbers are exact.
        is_float = kind.kind == "f"
        rounded = single if is_float and _unit(kind) < single else 0.0
        encoded = unit if is_float else 0.0
        weight_error = 0.0 if float(weight).is_integer() else weight * single + unit
        uncertain += weight_error
        if of.weight_type is None:
            shares[party], constant = rounded, constant + encoded
        else:
            shares[party] = (weight + weight_error) * rounded + weight_error
            constant += (weight + weight_error) * encoded + 2 * unit
    above, one = _Off(shares, constant=constant), _Off(np.zeros(of.parties), 1.0)
    returned = one * (single if of.together.kind == "f" or not of.is_sum else 0.0)
    if of.is_sum:
        return above + returned
    if not of.divisor > uncertain:
        return _nothing(of, math.inf)
    below = uncertain / of.divisor
    above = above * (1 / of.divisor) + one * below
    share = _goldschmidt(of.divisor, below) + _DIVISION_UNITS * unit
    computed = (above + (one + above) * share) * (1 / (1 - below))
    return computed + _nothing(of, 2 * unit * (1 + 1 / of.divisor)) + returned


def _goldschmidt(divisor: float, uncertain: float) -> float:
    """The relative error of SPU's division by a number that it knows up to some share.

    With the divisor as c·2^m, c in [0.5, 1), it starts from 2.9142 - 2c for 1/c; each iteration
    squares the relative error of that. That is 5.4e-5 at most, just below a power of two.
    """
    mantissas = (math.frexp(divisor * (1 + share))[0] for share in (-uncertain, 0, uncertain))
    guess = max(abs(1 - c * (2.9142 - 2 * c)) for c in mantissas)
    return float(guess ** (2**_GOLDSCHMIDT_ITERATIONS))


def _floating(of: Terms, computed_in: Type, *, spare: int = 0) -> _Off:
    """A weighted sum in a type, and its division by the sum of the weights.

    On its way to the sum each term is rounded once for each addition, once for its product, and
    once more if the type does not hold what it is given.
    """
    is_weighted = of.weight_type is not None
    converted = any(not _holds(computed_in, kind) for kind in of.types)
    count = of.parties - 1 + is_weighted + converted + spare
    # A product may be less than what the type can hold.
    lost = of.parties * _least(computed_in) if is_weighted else 0.0
    above = _Off(np.abs(of.weights) * _chain(count, _unit(computed_in)), constant=lost)
    if of.is_sum:
        return above
    return _quotient(of, above, _weights_off(of, computed_in), computed_in)


def _quotient(of: Terms, above: _Off, below: float, computed_in: Type) -> _Off:
    """The error of a quotient whose numerator and denominator are off by so much at most."""
    if not of.divisor > below:
        return _nothing(of, math.inf)
    off = (above + _Off(np.zeros(of.parties), below)) * (1 / (of.divisor - below))
    return off + _rounded(off, computed_in)


def _rounded(off: _Off, kind: Type) -> _Off:
    """Half a unit in the last place of what should come out, or of what is off by so much."""
    unit = _unit(kind)
    return off * unit + _Off(np.zeros_like(off.values), unit, _least(kind))


def _nothing(of: Terms, constant: float = 0.0) -> _Off:
    """No error, or one that is the same for all elements."""
    return _Off(np.zeros(of.parties), constant=constant)


def _chain(count: int, unit: float) -> float:
    """The relative error of that many roundings, one upon the other."""
    return count * unit / (1 - count * unit)


def _double() -> Type:
    return np.dtype(np.float64)


def _single() -> Type:
    return np.dtype(np.float32)


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


_OWN: dict[Arithmetic, Callable[[Terms, int], _Off]] = {
    "plain": _plain,
    "sparse": _sparse,
    "secure": _secure,
    "spu": _spu,
    "own": _own,
}
