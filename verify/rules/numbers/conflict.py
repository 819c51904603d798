# Chinese writes what it looks for in full width
"""Two numbers of a page that cannot both be right, and what the checks of numbers share."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, Prose
from verify.page.prose import numerals, sentences
from verify.system.words import Text, Words, joined

OPEN_LIST = re.compile(
    r"such as|e\.\s?g\.|for example|\betc\b|\.\.\.|…|and so on|and more|\bothers?\b|\brest\b|"
    r"remain|例如|比如|诸如|等|其余|其他|其它|剩余|剩下|部分",
    re.IGNORECASE,
)

# What is longer is data in the place of prose.
_LONGEST_SENTENCE = 2_000
LONGEST_PARAGRAPH = 20_000


@dataclass(frozen=True)
class Conflict:
    """Where a number stands, and a sentence that says what it contradicts."""

    piece: Prose
    offset: int
    message: Words
    suggestion: Text = ""
    severity: Severity = Severity.ERROR

    def finding(self, page: Page, kind: FindingKind) -> Finding:
        """The defect that it is."""
        line = self.piece.line_at(self.offset)
        return Finding(
            page.path, line, self.piece.cell, kind, self.severity, self.message, self.suggestion
        )


def sentences_of(text: str) -> Iterator[re.Match[str]]:
    """The sentences of a text, as far as they have the length of sentences."""
    for sentence in sentences.split(text):
        if sentence.end() - sentence.start() <= _LONGEST_SENTENCE:
            yield sentence


def shows(stated: str, value: float) -> bool:
    """Whether a number as written may stand for a value, rounded or cut to its decimals."""
    step = 10.0 ** -numerals.decimals(stated)
    difference = value - numerals.of_digits(stated)
    return -step / 2 - 1e-9 <= difference < step - 1e-9


def both(values: Iterable[object]) -> Text:
    """Several values, each of which may be meant."""
    return joined(map(str, values), zh="、", en=" and ")


def shown(value: float) -> str:
    """A number as a message shows it."""
    return f"{value:,.0f}" if value == int(value) else f"{value:.6g}"
