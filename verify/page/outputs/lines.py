"""Lines of outputs, and where those of two outputs differ: the one way in which texts compare.

A line is a digest of what it says without its numbers, and the numbers. So what is known of a page
can be kept without a word of the page; where the page is at hand, the line itself is there, too.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from verify.page.outputs.bands import Band
from verify.page.outputs.forms import NUMBER
from verify.system import digests

# The band of two numbers as they are printed.
BandOf = Callable[[str, str], Band]


@dataclass(frozen=True)
class OutputLine:
    """One line: the digest of what it says without numbers, and these; `text` if it is known."""

    digest: str
    numbers: tuple[str, ...] = ()
    text: str = field(default="", compare=False)


NO_LINE = OutputLine("")


@dataclass(frozen=True)
class LineDifference:
    """Where two lines differ: in what they say, or in a number of each, and how far it may be."""

    place: int
    first: OutputLine
    other: OutputLine
    numbers: tuple[str, str] | None = None
    band: Band | None = None

    @property
    def within(self) -> bool:
        """Whether only a number differs, by no more than its band."""
        if self.numbers is None or self.band is None:
            return False
        first, other = map(float, self.numbers)
        return self.band.holds(first, other)


def of_text(text: str) -> OutputLine:
    """A line whose varying parts have been masked."""
    if not text:
        return NO_LINE
    return OutputLine(digests.key(NUMBER.sub("#", text)), tuple(NUMBER.findall(text)), text)


def differences(
    first: Sequence[OutputLine], other: Sequence[OutputLine], band_of: BandOf
) -> Iterator[LineDifference]:
    """Where the lines of two outputs differ; after one that says something else none compares."""
    pairs = zip_longest(first, other, fillvalue=NO_LINE)
    for place, (line, same) in enumerate(pairs):
        if line.digest != same.digest or len(line.numbers) != len(same.numbers):
            yield LineDifference(place, line, same)
            return
        for both in zip(line.numbers, same.numbers, strict=True):
            if both[0] != both[1] and not _equal(*both):
                yield LineDifference(place, line, same, both, band_of(*both))


def _equal(first: str, other: str) -> bool:
    """Whether two numbers are the same, however they are written; nan is what it is."""
    one, another = float(first), float(other)
    return one == another or (one != one and another != another)  # noqa: PLR0124
