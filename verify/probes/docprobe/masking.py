"""What somebody who sees a message can tell of the numbers inside.

Judged on a sample of at most `SAMPLE` elements, spread evenly over the whole message.
"""

from collections.abc import Sequence

from probeshared.arrays import Array, np

SAMPLE = 2**16
_BYTE_VALUES = 256


def sample(arrays: Sequence[Array]) -> Array:
    """Elements spread evenly over the arrays, flat, in their own type."""
    total = sum(array.size for array in arrays)
    stride = max(1, -(-total // SAMPLE))
    parts, skip = [], 0
    for array in arrays:
        parts.append(array.reshape(-1)[skip::stride])
        skip = (skip - array.size) % stride
    return np.concatenate(parts) if parts else np.zeros(0)


def chi_square(numbers: Array) -> list[float]:
    """How far the values of each byte of 64-bit numbers are from uniform, lowest byte first.

    Pearson's statistic over 256 values: for uniform bytes it has 255 degrees of freedom.
    """
    octets = numbers.astype("<u8").view(np.uint8).reshape(-1, 8)
    expected = len(octets) / _BYTE_VALUES
    counts = (np.bincount(column, minlength=_BYTE_VALUES) for column in octets.T)
    return [float(np.sum((count - expected) ** 2) / expected) for count in counts]


def correlation(seen: Array, plain: Array) -> float:
    """Pearson's correlation; 0 where one of both does not vary. NaN and infinity count as 0."""
    a, b = (np.nan_to_num(x.astype(np.float64), posinf=0.0, neginf=0.0) for x in (seen, plain))
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
    return float(np.dot(a, b)) / scale if scale else 0.0
