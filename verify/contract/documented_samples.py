"""On how many samples a share that a page states rests, at least, as far as the page tells."""

import math
import re
from collections.abc import Iterable
from fractions import Fraction

from verify.page.code.facts import Fact, FactKind
from verify.page.outputs import metrics

_ROUNDING = 2.0**-24  # half the distance of 1 from the next float32
_DIGITS_OF_FLOAT32 = 7
_NUMBER = re.compile(r"\d+")


def of(series: str, value: str, facts: Iterable[Fact]) -> int | None:
    """The fewest samples that a series may rest on whose stated value is a share of all of them.

    Where the page tells how it divides its files, that is it: the larger part is trained on. Else
    it is the smallest denominator of any fraction that is written like the value; more samples
    would mean less noise, so that no claim is called contradicted that is not.

    Args:
        series: the metric.
        value: its value as the page's output writes it.
        facts: what the page's outputs state up to there.
    """
    if metrics.kind(series) is not metrics.MetricKind.COUNTED or not 0 <= float(value) <= 1:
        return None
    if parts := _parts(facts):
        return min(parts) if metrics.is_new_data(series) else max(parts)
    return _simplest(value)


def _parts(facts: Iterable[Fact]) -> tuple[int, int] | None:
    """The two parts of all files, where three numbers of files are a sum."""
    told = [fact for fact in facts if (fact.kind, fact.target) == (FactKind.QUANTITY, "files")]
    counts = [int(float(fact.arguments[0])) for fact in told if len(fact.arguments) == 1]
    for whole, one, other in zip(counts, counts[1:], counts[2:], strict=False):
        if whole == one + other and one != other:
            return one, other
    return None


def _simplest(value: str) -> int:
    """The smallest denominator of a fraction that is rounded to this text."""
    number, digits = Fraction(value), len(_decimals(value))
    half = Fraction(1, 2 * 10**digits)
    if digits > _DIGITS_OF_FLOAT32:
        half = max(half, Fraction(float(value) * _ROUNDING))
    return _between(number - half, number + half).denominator


def _decimals(value: str) -> str:
    mantissa, _, exponent = value.lower().partition("e")
    decimals = mantissa.partition(".")[2]
    return decimals.ljust(len(decimals) - min(int(exponent or 0), 0), "0")


def _between(low: Fraction, high: Fraction) -> Fraction:
    """The simplest fraction of an interval, by the continued fractions of its ends."""
    whole = math.ceil(low)
    if whole <= high:
        return Fraction(whole)
    floor = math.floor(low)
    return floor + 1 / _between(1 / (high - floor), 1 / (low - floor))
