"""No word stands twice in a row, in English or in Chinese."""

import re
from collections.abc import Iterator
from functools import lru_cache

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import NO_PROSE, Page, Prose, Role
from verify.rules.checked_site import Site
from verify.system.words import Words

_TWICE = Words(zh="“{word}”连写了两遍。", en="“{word}” stands twice in a row.")
_ONCE = Words(zh="“{word}”只需写一遍。", en="Write “{word}” once.")

_LATIN = re.compile(
    r"(?<![\w.@/$<#:\\'\u2019-])(?P<word>[A-Za-z]+)\s+(?P<again>(?P=word))(?![\w@/(=<\\'\u2019-]|\.\w)",
    re.IGNORECASE | re.ASCII,
)
# English has sentences in which these follow each other, or says them twice for emphasis.
_MAY_REPEAT = {"that", "had", "very", "so", "no", "many", "much", "really", "do", "more", "far"}
_NEAR = 100
# "What it is is clear": the first verb ends the clause that is the subject of the second.
_ENDS_A_CLAUSE = re.compile(r"\b(?:what|all|where|who|how|why)\b[^.!?]{0,80}\bis$", re.IGNORECASE)
_FUNCTION_WORDS = (
    "a an and are as at be by can for from has have if in into is it its of on or that the their "
    "then there these they this to was we were which will with you your"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+(?:\s[\u4e00-\u9fff]+)*")
_REPEATED_HAN = re.compile(r"([\u4e00-\u9fff]{1,4})\s?\1")
# Chinese doubles verbs, adjectives, measure words and numerals, but not these.
_PARTICLES = set("的了和是在与及或把被将对从由为也就而并且到于给让向以但若则其该此")
_DOUBLED_BY_GRAMMAR = re.compile(r"[一两几很非十百千万每好大]|研究|讨论|考虑|思考|体验|了解|比较")
# 训练|训练|集: the second word belongs to a compound.
_ENDS_A_COMPOUND = set("集方器者量率值图表库机端层树数性式型组类法态期点")


def check(site: Site) -> Iterator[Finding]:
    """Find words that were written twice, also across a line's end."""
    for page in site.pages:
        for piece in page.prose:
            text = piece.masked(NO_PROSE)
            for word, at in _latin(piece, text):
                if _stands_so(page, piece, word):
                    yield _finding(page, piece, word, at)
            yield from (_finding(page, piece, *found) for found in _chinese(text))


def _finding(page: Page, piece: Prose, word: str, start: int) -> Finding:
    return Finding(
        page.path,
        piece.line_at(start),
        piece.cell,
        FindingKind.DOUBLED_WORD,
        Severity.WARNING,
        _TWICE.filled(word=word),
        _ONCE.filled(word=word),
    )


def _stands_so(page: Page, piece: Prose, word: str) -> bool:
    """Whether nothing sets the words apart in the source, as emphasis or quotation marks do."""
    source = page.text if piece.cell is None else page.cells[piece.cell].source
    return _is_twice_in(source, word)


@lru_cache(maxsize=64)  # a line of badges or links repeats one a thousand times
def _is_twice_in(source: str, word: str) -> bool:
    return bool(re.search(rf"\b{word}[\s>]+{word}\b", source, re.IGNORECASE))


def _latin(piece: Prose, text: str) -> Iterator[tuple[str, int]]:
    for found in _LATIN.finditer(text):
        word, again = found["word"], found["again"]
        if again.lower() in _MAY_REPEAT or _ENDS_A_CLAUSE.search(
            text, max(0, found.start() - _NEAR), found.end("word")
        ):
            continue
        if again.lower() in _FUNCTION_WORDS.split():
            is_wrong = again == word or (again.islower() and word.istitle())
        else:  # what is no function word may be a label, or a column's
            is_wrong = again == word and word.islower() and len(word) > 1
            is_wrong &= piece.role is not Role.TABLE_CELL
        if is_wrong:
            yield again, found.start("again")


def _chinese(text: str) -> Iterator[tuple[str, int]]:
    for run in _HAN.finditer(text):
        if not _REPEATED_HAN.search(run[0]):
            continue  # cutting costs time
        words = _words(run[0], run.start())
        for (before, _), (word, at), (after, _) in zip(
            words, words[1:], [*words[2:], ("", 0)], strict=False
        ):
            if before == word and _is_wrong_twice(word, after):
                yield word, at


def _words(text: str, at: int) -> list[tuple[str, int]]:
    import rjieba  # noqa: PLC0415  # it reads its dictionary at once, which few pages need

    found = []
    for word in rjieba.cut(text):
        if not word.isspace():
            found.append((word, at))
        at += len(word)
    return found


def _is_wrong_twice(word: str, after: str) -> bool:
    if len(word) == 1:
        return word in _PARTICLES
    return not _DOUBLED_BY_GRAMMAR.match(word) and after[:1] not in _ENDS_A_COMPOUND
