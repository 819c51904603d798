"""How far numbers of two runs with the same seeds may lie apart, each band with its source.

Only two sources bound such a distance: the rounding of float32, and, for shares of right answers,
the number of samples that a share rests on. How fast rounding grows while a network trains is
bounded by nothing that we could cite, so a loss beyond the rounding of its own sum is divergent.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from verify.page.outputs import metrics
from verify.system.words import Text, Words

_ROUNDING = 2.0**-24  # half the distance of 1 from the next float32
_ERROR_RATE = 0.01
_FOUR_DIGITS, _SIX_DIGITS = 1.001e-3, 2e-6
# Each operation on numbers of 18 binary places, as SPU has by default and HEU encodes, may cut the
# last one off: eight of them one after the other reach three places further.
_FIXED_POINT = 2.0**-15
_FIXED_POINT_SOURCE = Words(
    zh="对 18 位二进制小数做八次运算，与 SPU 的计算方式相同",
    en="eight operations on numbers with 18 binary places, as SPU computes",
)
_COUNTED = Words(zh="整数是计数所得", en="whole numbers are counted")
_PRINTED = Words(
    zh="打印的末位数字和 float32 舍入", en="the last printed digit and float32 rounding"
)
_STORED = Words(
    zh="四位以上数字的末位，或 float32 所能保留的第六位",
    en="the last of four or more digits, or the sixth, as float32 keeps them",
)
_SHARES = Words(
    zh="{samples} 个样本的两个比例，{values} 个值，按 Agresti 与 Caffo（2000）的 {level:.0%} 区间",
    en="two shares of {samples} samples, {level:.0%} interval of Agresti and Caffo (2000) over "
    "{values} values",
)
_TERMS = Words(zh="{count} 项", en="{count} terms")
_UNKNOWN_TERMS = Words(zh="项数未知", en="an unknown number of terms")
_SUMS = Words(
    zh="任意顺序的 float32 求和（{terms}）；训练带来的放大没有上界",
    en="float32 sums of {terms} in any order; growth by training has no bound",
)
_SPAN = Words(zh="±{width:.2g}（依据：{source}）", en="±{width:.2g} ({source})")


@dataclass(frozen=True)
class Band:
    """The largest distance that its source explains."""

    width: float
    source: Text

    def holds(self, first: float, other: float) -> bool:
        """Whether two numbers lie within it; one that is not finite only equals itself."""
        return first == other or abs(first - other) <= self.width

    @property
    def words(self) -> Words:
        """Its width with the source."""
        return _SPAN.filled(width=self.width, source=self.source)


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
        return Band(0.0, _COUNTED)
    digits = min(map(_decimals, (first, other)))
    unit = 10.0**-digits if digits else 0.0
    width = unit * (1 + 1e-9) + _rounding(first, other)
    return Band(width, _PRINTED)


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
    return Band(width, _STORED)


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
    source = _SHARES.filled(samples=samples, level=1 - _ERROR_RATE, values=values)
    return Band(z * math.sqrt(variance) * (samples + 2) / samples, source)


def _of_mean(first: float, other: float, samples: int | None) -> Band:
    terms = samples or 2
    largest = max(abs(first), abs(other))
    width = (terms - 1) * 2 * _ROUNDING * largest if math.isfinite(largest) else 0.0
    known = _TERMS.filled(count=terms) if samples else _UNKNOWN_TERMS
    return Band(width, _SUMS.filled(terms=known))


def _decimals(number: str) -> int:
    mantissa, _, exponent = number.lower().partition("e")
    return len(mantissa.partition(".")[2]) - int(exponent or 0) if "." in mantissa else 0
