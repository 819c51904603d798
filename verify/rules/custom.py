"""What a documentation often has alike is its custom, and none of it is certainly wrong.

A slip is rare. Where much of what is written in one form is told, on several pages, the project
builds or writes in a way of its own, or we do not understand it. Each is told as a warning then,
which says so. A link to one target that many pages copy is no custom; nor is what an environment
decides, such as a name or a call: that has no form.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, fields
from typing import NamedTuple

from verify.finding import Finding, Severity
from verify.rules import recognised
from verify.system.words import Words, joined

_OFTEN = Words(
    zh="这份文档里有很多处都是这样，可能是它自己的写法。",
    en="Much of this documentation is so, which may be its own way.",
)
_AT_LEAST, _ON_PAGES = 8, 3


class Form(NamedTuple):
    """How the subject of a finding is written, and how much `of` the site is written so.

    If at least `one_in` so many is told, that is no slip any more. `is_copied` says that one slip
    may stand on many pages, as a target does that was moved; it counts once then.
    """

    name: Hashable
    of: int
    one_in: int = 2
    is_copied: bool = False


@dataclass(frozen=True)
class FormedFinding(Finding):
    """A finding whose subject has forms that a documentation may have its own way with."""

    forms: tuple[Form, ...] = ()


def formed(finding: Finding, *forms: Form) -> FormedFinding:
    """The finding, with the forms of its subject."""
    return FormedFinding(**vars(finding), forms=forms)


def settled(found: Iterable[Finding]) -> set[Finding]:
    """The findings, with a warning for each error that has the form of a custom."""
    findings = set(found)
    alike: dict[tuple[object, Form], list[Finding]] = defaultdict(list)
    for one in findings:
        for form in _forms(one):
            alike[one.kind, form].append(one)
    customs = {key for key, some in alike.items() if _is_custom(key[1], some)}
    return {
        _plain(one, is_custom=any((one.kind, form) in customs for form in _forms(one)))
        for one in findings
    }


def _forms(one: Finding) -> tuple[Form, ...]:
    return one.forms if isinstance(one, FormedFinding) else ()


def _is_custom(form: Form, some: list[Finding]) -> bool:
    said = (recognised.by(str(one.message)) for one in some)
    slips = {*said} if form.is_copied else {(one.file, one.line) for one in some}
    pages = {one.file for one in some}
    return len(slips) >= max(_AT_LEAST, form.of / form.one_in) and len(pages) >= _ON_PAGES


def _plain(one: Finding, *, is_custom: bool) -> Finding:
    """What everybody is told of it."""
    told = {each.name: getattr(one, each.name) for each in fields(Finding)}
    if is_custom and one.severity is Severity.ERROR:
        told["severity"] = Severity.WARNING
        told["suggestion"] = joined((one.suggestion, _OFTEN), zh="", en=" ")
    return Finding(**told)
