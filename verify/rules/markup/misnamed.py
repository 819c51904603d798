"""Directives and roles of reStructuredText that are nearly ones that docutils or Sphinx has.

An extension may bring any name, so only a slip of a well-known one is told: what stands below the
directive is then not shown at all, and a role is shown as an error.
"""

import re
from collections.abc import Iterator
from difflib import get_close_matches

from docutils.parsers.rst.languages import en

from verify.finding import Finding, FindingKind, Severity
from verify.page import directives
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.system.words import Words

_NO_DIRECTIVE = Words(
    zh="没有名为 `{name}` 的指令，它的内容不会显示；有 `{meant}`。",
    en="There is no directive `{name}`, so what it holds is not shown; there is `{meant}`.",
)
_NO_ROLE = Words(
    zh="没有名为 `{name}` 的角色；有 `{meant}`。",
    en="There is no role `{name}`; there is `{meant}`.",
)
_WRITE = Words(zh="请改为 `{meant}`。", en="Write `{meant}`.")

_DIRECTIVE = re.compile(r"^[^\S\n]*\.\. (?P<name>[a-z][a-z-]{3,})::(?=\s|$)", re.MULTILINE)
_ROLE = re.compile(r"(?<![\w:`]):(?P<name>[a-z]{4,}):`[^`\n]+`")
_ROLES_OF_SPHINX = (
    "ref doc numref download term abbr command dfn file guilabel kbd mailheader menuselection "
    "mimetype option program samp class func meth attr mod exc obj data const envvar keyword token"
).split()
_ALIKE = 0.7
_NEAREST = 5
_SHORT = 3  # `ref` has many relatives


def check(site: Site) -> Iterator[Finding]:
    """Find slips of well-known names."""
    known = {*en.directives, *directives.well_known()}
    roles = {*en.roles, *_ROLES_OF_SPHINX}
    for page in site.pages:
        if page.path.suffix == ".rst":
            yield from _slips(page, _DIRECTIVE, known, _NO_DIRECTIVE)
            yield from _slips(page, _ROLE, roles, _NO_ROLE)


def _slips(page: Page, pattern: re.Pattern[str], known: set[str], says: Words) -> Iterator[Finding]:
    own = known | set(re.findall(r"role:: *([\w-]+)", page.text))
    shown = "\n".join(code.source for code in page.codes)
    for found in pattern.finditer(page.text):
        name = found["name"]
        near = [] if name in own else get_close_matches(name, known, n=_NEAREST, cutoff=_ALIKE)
        slips = [one for one in near if _is_slip(name, one)]
        # A page on markup shows it in a block; a plural or another ending may be a name of its own.
        if slips and found[0].strip() not in shown:
            yield Finding(
                page.path,
                page.text.count("\n", 0, found.start("name")) + 1,
                None,
                FindingKind.MARKUP,
                Severity.WARNING,
                says.filled(name=name, meant=slips[0]),
                _WRITE.filled(meant=slips[0]),
            )


def _is_slip(name: str, meant: str) -> bool:
    """Whether one letter is doubled, left out, or swapped with the next."""
    if sorted(name) == sorted(meant):
        return True
    longer, shorter = sorted((name, meant), key=len, reverse=True)
    left = [longer[:i] + longer[i + 1 :] for i in range(len(longer))]
    return (
        len(shorter) > _SHORT
        and len(longer) == len(shorter) + 1
        and shorter in left
        and not longer.endswith("s")
    )
