"""Sentences that compare: what is said to be better, worse, alike or faster, in which measure.

A conclusion keeps the words for both sides; which trainings they stand for is for others to tell.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from verify.page.page import Prose, Role
from verify.rules.outputs import vocabulary


class ConclusionRelation(Enum):
    """What the first side is said to be, compared with the second."""

    BETTER = "better than"
    WORSE = "worse than"
    ALIKE = "about the same as"
    FASTER = "faster to converge than"
    SLOWER = "slower to converge than"


@dataclass(frozen=True)
class Conclusion:
    """A sentence that compares. `other` is empty where the sentence names one side alone.

    `measure` is a metric's name in small letters, or empty where the sentence says no more than
    that the results are better; `of_training` tells data that was trained on from validation data,
    None if the sentence does not.
    """

    piece: Prose
    offset: int
    sentence: str
    one: str
    other: str
    relation: ConclusionRelation
    measure: str
    of_training: bool | None

    @property
    def line(self) -> int:
        """The line in the file where the sentence begins."""
        return self.piece.line_at(self.offset)


_NEAR = 30
_SAID = {
    "alike": vocabulary.ALIKE,
    "faster": vocabulary.FASTER,
    "slower": vocabulary.SLOWER,
    "worse": vocabulary.WORSE,
    "lower": vocabulary.LOWER,
    "higher": vocabulary.HIGHER,
    "better": vocabulary.BETTER,
}


def of(piece: Prose) -> Iterator[Conclusion]:
    """The sentences of a piece of prose that compare results."""
    if piece.role in (Role.HEADING, Role.TABLE_CELL) or not _says(piece.text):
        return
    for match in vocabulary.SENTENCE.finditer(piece.text):
        if found := _conclusion(piece, match.start(), match[0]):
            yield found


def _says(text: str) -> set[str]:
    return {name for name, pattern in _SAID.items() if pattern.search(text)}


def _conclusion(piece: Prose, offset: int, sentence: str) -> Conclusion | None:
    if vocabulary.QUESTION.search(sentence) or vocabulary.GENERAL.search(sentence):
        return None
    relation, measure = _relation(sentence), _measure(sentence)
    quick = relation in (ConclusionRelation.FASTER, ConclusionRelation.SLOWER)
    if relation is None or not (measure or quick or vocabulary.PERFORMANCE.search(sentence)):
        return None
    if not quick and not measure and vocabulary.COST.search(sentence):
        return None
    one, other = _sides(sentence)
    on_new = bool(vocabulary.ON_NEW_DATA.search(sentence))
    on_known = bool(vocabulary.ON_TRAINING_DATA.search(sentence))
    return Conclusion(
        piece,
        offset + len(sentence) - len(sentence.lstrip()),
        sentence.strip(),
        one,
        other,
        relation,
        measure,
        of_training=False if on_new else True if on_known else None,
    )


def _relation(sentence: str) -> ConclusionRelation | None:
    """What is said; None where a sentence says several things, or that something is not so."""
    said = _says(sentence)
    if "alike" in said:
        return ConclusionRelation.ALIKE if said <= {"alike", "worse"} else None
    less_is_better = _measure(sentence) in ("loss", "error")
    relations = {
        "faster": ConclusionRelation.FASTER,
        "slower": ConclusionRelation.SLOWER,
        "worse": ConclusionRelation.WORSE,
        "better": ConclusionRelation.BETTER,
        "higher": ConclusionRelation.WORSE if less_is_better else ConclusionRelation.BETTER,
        "lower": ConclusionRelation.BETTER if less_is_better else ConclusionRelation.WORSE,
    }
    if less_is_better and said == {"worse"} and vocabulary.LESS.search(sentence):
        return ConclusionRelation.BETTER
    told = {relations[name] for name in said}
    if len(told) != 1 or (_is_negated(sentence, said) and not vocabulary.NOT_ONLY.search(sentence)):
        return None
    return told.pop()


def _is_negated(sentence: str, said: set[str]) -> bool:
    """Whether a word of negation stands shortly before the comparison, in the same clause."""
    verb = next(m for name in said if (m := _SAID[name].search(sentence)))
    before = vocabulary.COMMA.split(sentence[: verb.start()])[-1]
    return bool(vocabulary.NOT.search(before[-_NEAR:]))


def _measure(sentence: str) -> str:
    return next(
        (name for name, pattern in vocabulary.MEASURES.items() if pattern.search(sentence)), ""
    )


def _sides(sentence: str) -> tuple[str, str]:
    for pattern in vocabulary.SIDES:
        if match := pattern.search(sentence):
            return match["one"], match["other"]
    return sentence, ""
