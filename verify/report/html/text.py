"""Captured text as the page shows it: as on a screen, and not too long."""

from dataclasses import dataclass

from verify.report import harmless
from verify.system.terminal_text import as_shown
from verify.system.words import Text, Words

LONGEST = 1600
_HEAD = 400


@dataclass(frozen=True)
class Clipped:
    """The head and the tail of a text, and how many characters between them are left out."""

    head: str
    cut: int = 0
    tail: str = ""

    @property
    def lines(self) -> int:
        """How many lines there are to see."""
        return (self.head + self.tail).count("\n") + 1 if self.head else 0


@dataclass(frozen=True)
class ClippedWords:
    """The same in both languages."""

    zh: Clipped
    en: Clipped


def clip_words(text: Text, longest: int) -> Clipped | ClippedWords:
    """What a check says, in as many languages as it does."""
    if isinstance(text, Words):
        return ClippedWords(clip(text.zh, longest), clip(text.en, longest))
    return clip(text, longest)


def clip(text: str, longest: int = LONGEST) -> Clipped:
    """A text without codes; if it is long, its beginning and, with most of the room, its end."""
    text = plain(text).strip("\n")
    if len(text) <= longest:
        return Clipped(text)
    head = min(_HEAD, longest // 4)
    return Clipped(text[:head], len(text) - longest, text[head - longest :])


def plain(text: str) -> str:
    """A text as a screen would show it in the end."""
    return harmless.plain(as_shown(text))
