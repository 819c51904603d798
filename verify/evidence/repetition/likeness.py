"""How like two runs are: three classes, and a difference between two observations."""

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass

from verify.finding import Worded
from verify.system.words import Text, Words


class Likeness(Worded):
    """How like two runs of a step are; the later member outweighs the earlier."""

    BIT_EQUAL = (
        "bit-equal",
        "nothing differs but what differs by its nature, such as durations",
        "逐位相同（耗时等除外）",
    )
    WITHIN_BAND = (
        "within band",
        "numbers differ by no more than a band whose source is stated",
        "数值差异在有依据的允许范围之内",
    )
    DIVERGENT = (
        "divergent",
        "something differs by more, or is of a kind for which no band exists",
        "差异超出允许范围，或没有可用的允许范围",
    )

    @property
    def brief(self) -> Words:
        """Its name."""
        return _BRIEF[self]


_BRIEF = {
    Likeness.BIT_EQUAL: Words(zh="逐位相同", en="bit-equal"),
    Likeness.WITHIN_BAND: Words(zh="在允许范围之内", en="within band"),
    Likeness.DIVERGENT: Words(zh="超出允许范围", en="divergent"),
}
_VERSUS = Words(zh="{what} {first}，另一次为 {other}", en="{what} {first} vs {other}")

_WEIGHT = {likeness: weight for weight, likeness in enumerate(Likeness)}


def worst(some: Iterable[Likeness]) -> Likeness:
    """The likeness of the whole."""
    return max(some, key=_WEIGHT.__getitem__, default=Likeness.BIT_EQUAL)


@dataclass(frozen=True)
class Difference:
    """What differs, in the first run and in another; `band` is its width with the source.

    `derived` marks what only shows again what a training computed: a figure, a progress bar.
    """

    what: Text
    first: Text
    other: Text
    _: KW_ONLY
    likeness: Likeness = Likeness.DIVERGENT
    band: Text = ""
    derived: bool = False

    @property
    def sentence(self) -> Words:
        """It for people, without the band."""
        return _VERSUS.filled(what=self.what, first=self.first, other=self.other)
