"""The parser of reStructuredText complains of nothing, for what it refuses is not shown.

docutils says so itself, with the roles and directives of Sphinx known to it. What depends on the
rest of the documentation, such as a substitution that its configuration makes, is left out.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Complaint, Page
from verify.rules.checked_site import Site
from verify.rules.custom import Form, formed
from verify.rules.links.configuration import rooted
from verify.rules.links.files import Files
from verify.system.words import Words, enumerated, joined

_NOT_SHOWN = Words(
    zh="这里的内容没有按原意显示，docutils 报告：`{said}`。",
    en="What stands here is not shown as it was meant, for docutils says: {said}.",
)
_COMPLAINS = Words(
    zh="docutils 对这里的内容报告：`{said}`。",
    en="What stands here makes docutils say: {said}.",
)
_ALSO = Words(zh="同样的问题还在第 {lines} 行。", en="So it is in line {lines}.")
_EMPTY_LINE = Words(
    zh="请在指令与它的内容之间留一个空行。",
    en="Put an empty line between the directive and what it holds.",
)
_SPACE = Words(
    zh="请在标记结束处加一个空格，或一个反斜杠和一个空格。",
    en="Put a space, or a backslash and a space, where the markup ends.",
)
_EMPTY_LINE_AFTER = Words(zh="请在它后面留一个空行。", en="Put an empty line after it.")
_CORRECT = Words(zh="请改正标记。", en="Correct the markup.")

_WARNING, _ERROR = 2, 3
# What the rules of links tell, what we keep docutils from doing, and what its settings decide.
_TOLD_ELSEWHERE = re.compile(
    r"Unknown target name|Duplicate (?:implicit|explicit) target|disabled|deactivated"
    r"|Unknown (?:interpreted text role|directive type)|No (?:role|directive) entry|no content"
    r"|Hyperlink target .* is not referenced|Possible (?:title|incomplete)|Field list ends"
)
# Nothing is lost by these, whatever level they have.
_HARMLESS = re.compile(r"Unexpected indentation|Title (?:under|over)line too short|Duplicate ID")
_SUBSTITUTION = re.compile(
    r"(?:Undefined substitution referenced: |Substitution definition )\"(?P<name>.+?)\""
)
_OF_DIRECTIVE = re.compile(r"Error in \"([^\"]+)\" directive")
_OF_SPHINX = {"release", "version", "today", "translation progress"}
_OF_A_TEMPLATE = re.compile(r"\{%|\{\{[^{}]*\}\}")


@dataclass(frozen=True)
class _Directives:
    """The directives of a site, which an extension may give other arguments and options."""

    site: Site

    def forms(self, said: str) -> tuple[Form, ...]:
        """How often the pages have the directive that docutils complains of."""
        name = _OF_DIRECTIVE.search(said)
        if name is None:
            return ()
        uses = re.compile(rf"^[^\S\n]*\.\. +(?:\|[^|\n]+\| +)?{re.escape(name[1])}::", re.MULTILINE)
        of = sum(len(uses.findall(page.text)) for page in self.site.pages)
        return (Form((self.site.root, name[1]), of),)


def check(site: Site) -> Iterator[Finding]:
    """Find what docutils refuses, or reads otherwise than it was meant."""
    for part in rooted(site):
        files = Files(part)
        for page in part.pages:
            if page.complaints and not _OF_A_TEMPLATE.search(page.text):
                yield from _of_page(page, files, _Directives(part))


def _of_page(page: Page, files: Files, directives: "_Directives") -> Iterator[Finding]:
    lines: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in page.complaints:
        if one.level >= _WARNING and not _TOLD_ELSEWHERE.search(one.said):
            found = _SUBSTITUTION.search(one.said)
            if not found or not _is_defined(found["name"], page, files):
                lines[one.level, " ".join(one.said.split())].append(one.line)
    for (level, said), at in lines.items():
        others = sorted(set(at[1:]) - {at[0]})
        told = _finding(page, Complaint(level, said, at[0]), others)
        yield formed(told, *directives.forms(said))


def _finding(page: Page, one: Complaint, others: list[int]) -> Finding:
    sure = one.level >= _ERROR and not _HARMLESS.search(one.said)
    says = (_NOT_SHOWN if sure else _COMPLAINS).filled(said=one.said.rstrip("."))
    also = _ALSO.filled(lines=enumerated(others)) if others else ""
    return Finding(
        page.path,
        one.line,
        None,
        FindingKind.MARKUP,
        Severity.ERROR if sure else Severity.WARNING,
        joined((says, also), zh="", en=" "),
        _remedy(one.said),
    )


def _remedy(said: str) -> Words:
    if "maximum" in said and "supplied" in said:
        return _EMPTY_LINE
    if "start-string without end-string" in said:
        return _SPACE
    if "without a blank line" in said:
        return _EMPTY_LINE_AFTER
    return _CORRECT


def _is_defined(name: str, page: Page, files: Files) -> bool:
    """Whether a substitution is Sphinx's, made around the page, or by what we do not read."""
    own = rf"^[^\S\n]*\.\.\s+\|{re.escape(name)}\|\s+raw::"  # which we do not read
    if re.search(own, page.text, re.MULTILINE | re.IGNORECASE):
        return True
    inner = files.included(page).values()
    outer = (other.text for other in files.includers(page))
    around = "\n".join((files.configuration.text, *filter(None, inner), *outer))
    return None in inner or name.lower() in _OF_SPHINX or f"|{name}|" in around
