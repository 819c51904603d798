"""Checks and steps as the page lists them: each with its place, its words, and what to do."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from verify.finding import CheckKind, Result, Verdict
from verify.report.entries import StepEntry
from verify.report.html.cell_outputs import ShownOutput
from verify.report.html.text import Clipped, ClippedWords, clip_words
from verify.system.words import Text, Words, joined

# What a reader has to act on comes first. A warning contradicts nothing.
ORDER = ("fail", "error", "erratum", "warning", "unchecked", "pass")
_LONGEST = 800  # characters of one thing that a check says
_STEP = Words(zh="步骤 {id}：{what}", en="step {id}: {what}")
_WHY = Words(zh="（原因：{reason}）", en="({reason})")

# The name of a caption, and what stands under it.
Said = tuple[str, Clipped | ClippedWords]


class Listed(Protocol):
    """What can be counted, filtered and linked."""

    @property
    def anchor(self) -> str:
        """Its address on the page."""

    @property
    def verdict(self) -> str:
        """One of `ORDER`."""

    @property
    def kind(self) -> str:
        """The kind of its check."""

    @property
    def sentence(self) -> Text:
        """All that matters of it in one sentence."""


class ReportAnchors:
    """Addresses on the page, no two of them the same."""

    def __init__(self) -> None:
        self._taken = Counter[str]()

    def __call__(self, *parts: str) -> str:
        """The address of what is called so; its parts hold no white space in the end."""
        name = "-".join(".".join(parts).split())
        self._taken[name] += 1
        return name if self._taken[name] == 1 else f"{name}~{self._taken[name]}"


@dataclass(frozen=True)
class Item:
    """A check with its place on the page."""

    anchor: str
    result: Result

    @property
    def verdict(self) -> str:
        """How it came out."""
        return "warning" if self.result.warns else self.result.verdict.value

    @property
    def kind(self) -> str:
        """The kind of its check."""
        return str(self.result.kind.value)

    @property
    def sentence(self) -> Text:
        """What happened."""
        return self.result.words

    @property
    def in_full(self) -> bool:
        """Whether it is more than a check that found nothing: a claim, or not verified."""
        return is_claim(self.result) or self.verdict != Verdict.PASS.value

    @property
    def brief(self) -> Clipped | ClippedWords:
        """All of it in one line."""
        return clip_words(self.sentence, _LONGEST)

    @property
    def said(self) -> list[Said]:
        """What is known of it, each with the name of its caption."""
        said: dict[str, Text] = {
            ("shows" if self.result.kind is CheckKind.CALIBRATED else "says"): self.result.says,
            "observed": self.result.observed,
            "tolerance": self.result.tolerance,
            "basis": self.result.basis.words if self.result.basis else "",
            "because": self.result.reason,
        }
        return clipped(said)


@dataclass(frozen=True)
class StepView:
    """A step beside what happened: its outputs, and the checks that speak of it."""

    anchor: str
    entry: StepEntry
    output: ShownOutput
    items: tuple[Item, ...]

    kind = CheckKind.RUN.value

    @property
    def verdict(self) -> str:
        """How it ran."""
        return self.entry.verdict.value

    @property
    def sentence(self) -> Text:
        """What happened."""
        what = self.entry.observed or self.entry.says
        why = _WHY.filled(reason=self.entry.reason) if self.entry.reason else None
        return joined((_STEP.filled(id=self.entry.id, what=what), why), zh="", en=" ")

    @property
    def counts(self) -> dict[str, int]:
        """How many of its checks came out how."""
        return counted(self.items)

    @property
    def needs_look(self) -> bool:
        """Whether somebody has to look at one of its checks."""
        return any(map(is_open, self.items))

    @property
    def said(self) -> list[Said]:
        """What it came to, if that is more than that it ran."""
        said: dict[str, Text] = {"observed": self.entry.observed, "because": self.entry.reason}
        return clipped(said)


def clipped(said: dict[str, Text]) -> list[Said]:
    """What there is to say, each with the name of its caption."""
    return [(name, clip_words(text, _LONGEST)) for name, text in said.items() if text]


def brief(text: Text) -> Clipped | ClippedWords:
    """A sentence, which may be long."""
    return clip_words(text, _LONGEST)


def order(listed: Listed) -> int:
    """The key by which what needs somebody comes first."""
    return ORDER.index(listed.verdict)


def counted(listed: Iterable[Listed]) -> dict[str, int]:
    """How many came out how, in order, without those of which there are none."""
    counts = Counter(one.verdict for one in listed)
    return {verdict: counts[verdict] for verdict in ORDER if counts[verdict]}


def is_claim(result: Result) -> bool:
    """Whether a result is about what a sentence of the page says."""
    return result.kind is CheckKind.CLAIM


def is_open(listed: Listed) -> bool:
    """Whether somebody has to look at it."""
    return listed.verdict in (Verdict.FAIL.value, Verdict.ERROR.value, "warning")
