"""A number that a page promises its readers comes from a training that its seed repeats.

PyTorch, notes "Reproducibility", and Keras, recipe "Reproducibility in Keras models": without seeds
a training gives another result each time, in its second or third digit.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Role
from verify.page.prose import sentences
from verify.rules.method.practice import Practice
from verify.system.words import Words

_PROMISED = Words(
    zh="页面许诺读者得到 {number}，训练却没有设置任何种子：每次运行的结果都不同。",
    en="The page promises {number}, but its training sets no seed: each run gives another result.",
)
_SET = Words(
    zh="请设置种子，或写明结果约为多少、每次不同。",
    en="Set the seeds, or say that it is about that much and differs each time.",
)

_PROMISES = re.compile(
    r"\b(?:you(?:'ll| will| should)?|will|should|must|always|exactly|expect(?:ed)?)\b"
    r"[^.]{0,40}?\b(?:see|get|obtain|reach|achieve|be|observe|yield|find)s?\b|\bexactly\b"
    r"|(?:应该?|将|会|必定|总是)(?:能|可以)?(?:看到|得到|达到|为|是|获得)|正好|恰好",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"about|around|roughly|approximately|nearly|almost|over|above|more than|at least|up to|~|≈|"
    r"similar|vary|varies|differ|may|might|could|大约|约|左右|接近|超过|以上|至少|可能|不同",
    re.IGNORECASE,
)
_METRIC = re.compile(
    r"accuracy|\bAUC\b|\bloss\b|\bF1\b|precision|recall|perplexity|准确率|精度|损失|召回率",
    re.IGNORECASE,
)
_PRECISE = re.compile(r"(?<![\w.])(?:0\.\d{2,}|\d{1,2}\.\d+\s?%)(?![\w.]*\d)", re.ASCII)
_SEEDED = re.compile(
    r"seed|random_state|PRNGKey|random\.key\(|RandomState\(\d|default_rng\(\d", re.IGNORECASE
)


_SCORES = re.compile(r"\bscore\(|evaluate\(|accuracy|_error\(|\bauc\b", re.IGNORECASE)


def _is_score(number: str, found: Practice) -> bool:
    """Whether a cell that scores a model has printed the number."""
    cells = (cell for cell in found.cells if _SCORES.search(cell.source))
    return any(number in output.text for cell in cells for output in cell.outputs)


def check(found: Practice) -> Iterator[Finding]:
    """Find sentences that promise a metric to its digits on a page that sets no seed."""
    if not found.fits or _SEEDED.search(found.page.text):
        return
    for piece in found.page.prose:
        if piece.role in (Role.TABLE_CELL, Role.HEADING):
            continue
        for sentence in sentences.split(piece.words):
            text = sentence[0]
            number = _PRECISE.search(text)
            if not number or not _PROMISES.search(text) or _HEDGED.search(text):
                continue
            if _METRIC.search(text) or _is_score(number[0], found):
                yield Finding(
                    found.page.path,
                    piece.line_at(sentence.start() + number.start()),
                    piece.cell,
                    FindingKind.UNSEEDED,
                    Severity.WARNING,
                    _PROMISED.filled(number=number[0]),
                    _SET,
                )
                return
