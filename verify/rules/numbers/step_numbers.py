"""Headings that number steps count them: no two steps of a sequence have one number."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, Prose, Role
from verify.rules.checked_site import Site
from verify.system.words import Words

_STEP = re.compile(
    r"^\W*(?P<word>step|part|stage|phase|exercise)\s*(?P<number>\d{1,2})\b(?![.\d])"
    r"|^\W*(?:步骤\s*|第\s*)(?P<digits>\d{1,2})\s*步?(?=[：:、.\s])",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]{4,}|[\u4e00-\u9fff]{2}")

_SAYS = Words(
    zh="这里又是第 {number} 步，但第 {line} 行已经是第 {number} 步。",
    en="This is step {number} once more: line {line} has one already.",
)
_COUNT = Words(
    zh="这一步应为第 {next} 步，其后各步顺延。",
    en="Number it {next}, and those after it accordingly.",
)


@dataclass(frozen=True)
class _Step:
    number: int
    piece: Prose


def check(site: Site) -> Iterator[Finding]:
    """Find two headings of one sequence with the same number."""
    for page in site.pages:
        for one, before in _repeated(page):
            yield Finding(
                page.path,
                one.piece.line,
                one.piece.cell,
                FindingKind.ARITHMETIC,
                Severity.WARNING,
                _SAYS.filled(number=one.number, line=before.piece.line),
                _COUNT.filled(next=one.number + 1),
            )


def _repeated(page: Page) -> Iterator[tuple[_Step, _Step]]:
    """Steps with the number of the one before, in a sequence that begins at one and goes on.

    A heading of a higher level begins another sequence.
    """
    last: dict[int, _Step] = {}
    for piece in page.prose:
        if piece.role is not Role.HEADING:
            continue
        last = {level: step for level, step in last.items() if level <= piece.level}
        found = _STEP.match(piece.text)
        if found is None:
            continue
        one = _Step(int(found["number"] or found["digits"]), piece)
        before = last.get(piece.level)
        last[piece.level] = one
        if before and before.number == one.number > 1 and not _are_variants(before, one):
            yield one, before


def _are_variants(one: _Step, other: _Step) -> bool:
    """Whether two steps are one in two ways, such as on two systems: they share a word."""
    here, there = (set(_WORD.findall(step.piece.text.lower())) for step in (one, other))
    return bool((here & there) - {"step", "part", "stage", "phase", "exercise", "步骤"})
