"""How far numbers of two runs with the same seeds may lie apart, each band with its source.

Only two sources bound such a distance: the rounding of float32, and, for shares of right answers,
the number of samples that a share rests on. How fast rounding grows while a network trains is
bounded by nothing that we could cite, so a loss beyond the rounding of its own sum is divergent.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from verify.page.outputs import metrics

_ROUNDING = 2.0**-24  # half the distance of 1 from the next float32
_ERROR_RATE = 0.01
_FOUR_DIGITS, _SIX_DIGITS = 1.001e-3, 2e-6
# Each operation on numbers of 18 binary places, as SPU has by default and HEU encodes, may cut the
# last one off: eight of them one after the other reach three places further.
_FIXED_POINT = 2.0**-15
_FIXED_POINT_SOURCE = "eight operations on numbers with 18 binary places, as SPU computes"


@dataclass(frozen=True)
class Band:
    """The largest distance that its source explains."""

    width: float
    source: str

    def holds(self, first: float, other: float) -> bool:
        """Whether two numbers lie within it; one that is not finite only equals itself."""
        return first == other or abs(first - other) <= self.width

    def __str__(self) -> str:
        return f"±{self.width:.2g} ({self.source})"


def of_series(name: str, first: float, other: float, *, samples: int | None, values: int) -> Band:
    """The band of one value of a training's series.

    Args:
        name: the series.
        first: its value in the first run.
        other: the same in the other run.
        samples: how many samples the value rests on, if that is known.
        values: how many values are compared, all of which may lie within their band at once.
    """
    counted = metrics.kind(name) is metrics.MetricKind.COUNTED
    if counted and samples and 0 <= min(first, other) <= max(first, other) <= 1:
        return _of_shares(first, other, samples, values)
    return _of_mean(first, other, samples)


def of_printed(first: str, other: str) -> Band:
    """The band of two printed numbers: float32, and the digit at which both were rounded.

    Whole numbers are counted, so they have none.
    """
    if _is_whole(first) and _is_whole(other):
        return Band(0.0, "whole numbers are counted")
    digits = min(map(_decimals, (first, other)))
    unit = 10.0**-digits if digits else 0.0
    width = unit * (1 + 1e-9) + _rounding(first, other)
    return Band(width, "the last printed digit and float32 rounding")


def of_stored(first: str, other: str) -> Band:
    """The band of a number that a page has stored: another processor sums in another order.

    Its last printed digit may differ if it is the fourth or a later one.
    """
    band = of_printed(first, other)
    if _is_whole(first) and _is_whole(other):
        return band
    largest = max(abs(float(first)), abs(float(other)))
    unit = band.width - _rounding(first, other)
    width = max(_SIX_DIGITS * largest, unit if unit <= _FOUR_DIGITS * largest else 0.0)
    return Band(width, "the last of four or more digits, or the sixth, as float32 keeps them")


def of_fixed_point(first: str, other: str) -> Band:
    """The same where a device that computes in fixed point may have made the number."""
    band = of_stored(first, other)
    if _is_whole(first) and _is_whole(other):
        return band
    width = _FIXED_POINT * max(1.0, abs(float(first)), abs(float(other)))
    return Band(width, _FIXED_POINT_SOURCE) if width > band.width else band


def _rounding(first: str, other: str) -> float:
    return 2 * _ROUNDING * max(abs(float(first)), abs(float(other)))


def _is_whole(number: str) -> bool:
    return number.lstrip("+-").isdigit()


def _of_shares(first: float, other: float, samples: int, values: int) -> Band:
    """Where the interval of Agresti and Caffo, good near 0 and 1 as well, reaches a difference."""
    shares = [(share * samples + 1) / (samples + 2) for share in (first, other)]
    variance = sum(share * (1 - share) / (samples + 2) for share in shares)
    z = NormalDist().inv_cdf(1 - _ERROR_RATE / (2 * values))
    source = (
        f"two shares of {samples} samples, {1 - _ERROR_RATE:.0%} interval of Agresti and Caffo "
        f"(2000) over {values} values"
    )
    return Band(z * math.sqrt(variance) * (samples + 2) / samples, source)


def _of_mean(first: float, other: float, samples: int | None) -> Band:
    terms = samples or 2
    largest = max(abs(first), abs(other))
    width = (terms - 1) * 2 * _ROUNDING * largest if math.isfinite(largest) else 0.0
    known = f"{terms} terms" if samples else "an unknown number of terms"
    return Band(width, f"float32 sums of {known} in any order; growth by training has no bound")


def _decimals(number: str) -> int:
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0) if "." in mantissa else 0
