"""What a documentation often has alike is its custom, and none of it is certainly wrong.

A slip is rare. Where much of what is written in one form is told, on several pages, the project
builds or writes in a way of its own, or we do not understand it. Each is told as a warning then,
which says so. A link to one target that many pages copy is no custom; nor is what an environment
decides, such as a name or a call: that has no form.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from verify.finding import Finding, Form, Severity
from verify.rules import recognised
from verify.system.words import Words, joined

_OFTEN = Words(
    zh="这份文档里有很多处都是这样，可能是它自己的写法。",
    en="Much of this documentation is so, which may be its own way.",
)
_AT_LEAST, _ON_PAGES = 8, 3


def settled(found: Iterable[Finding]) -> set[Finding]:
    """The findings, with a warning for each error that has the form of a custom."""
    findings = set(found)
    alike: dict[tuple[object, Form], list[Finding]] = defaultdict(list)
    for one in findings:
        for form in one.forms:
            alike[one.kind, form].append(one)
    customs = {key for key, some in alike.items() if _is_custom(key[1], some)}
    return {
        _as_warning(one) if any((one.kind, form) in customs for form in one.forms) else one
        for one in findings
    }


def _is_custom(form: Form, some: list[Finding]) -> bool:
    said = (recognised.by(str(one.message)) for one in some)
    slips = {*said} if form.is_copied else {(one.file, one.line) for one in some}
    pages = {one.file for one in some}
    return len(slips) >= max(_AT_LEAST, form.of / form.one_in) and len(pages) >= _ON_PAGES


def _as_warning(one: Finding) -> Finding:
    if one.severity is not Severity.ERROR:
        return one
    suggestion = joined((one.suggestion, _OFTEN), zh="", en=" ")
    return replace(one, severity=Severity.WARNING, suggestion=suggestion)
