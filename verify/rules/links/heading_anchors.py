"""The anchors of a page, by the rules of every builder that the pages meet.

GitHub and MyST make slugs, docutils makes ids, notebooks keep the heading's own words. An anchor
is broken where it is none of these: releases changed their builder, and readers use them all.
"""

import difflib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from docutils import nodes

from verify.page import directives
from verify.page.page import Page, Prose

# Anchors of Sphinx whose numbers only a build can tell.
_NUMBERED = re.compile(r"(?:id|section-?)\d+")
_GIVEN = re.compile(
    r"(?::|#\|\s*)?\b(?:name|label|id):[ \t]*([^\"\\\n]*[^\s\"\\])"  # options, also of cells
    r"|\{[^{}\n]*#([\w:./-]+)[^{}\n]*\}"  # attributes
    r"|<\w+\s[^<>\n]*?\b(?:id|name)=[\"']([^\"'<>\n]+)[\"']"  # raw HTML
    r"|\{figure-md\}[ \t]+([\w:./-]+)"
    r"|^\$\$[ \t]*\(([^()\n]+)\)",
    re.MULTILINE,
)
# Where builders other than Sphinx put what they read in code.
_OF_CODE = re.compile(r"^(?:\[\[autodoc\]\]|:::) +[A-Za-z_]", re.MULTILINE)
_ATTRIBUTES = re.compile(r"\s*\{[^{}]*\}$")
_DIRECTIVES = re.compile(r"(?:\.\. +([\w:.+-]+)::|[`:~]{3,} *\{([\w:.+-]+)\})")
_NO_SLUG = re.compile(r"[^\w\- ]")
_ALIKE = 0.6


@dataclass(frozen=True)
class HeadingAnchors:
    """What may follow the `#` in a link to a page; `shown` are those to propose."""

    exact: frozenset[str]
    folded: frozenset[str]
    shown: tuple[str, ...]

    def __contains__(self, anchor: object) -> bool:
        """Whether the anchor leads somewhere."""
        return anchor in self.exact or str(anchor).lower() in self.folded

    def nearest(self, anchor: str) -> str:
        """The anchor that was most likely meant, or ''."""
        by_fold = {one.lower(): one for one in reversed(self.shown)}
        near = difflib.get_close_matches(anchor.lower(), list(by_fold), 1, _ALIKE)
        return by_fold[near[0]] if near else ""


def given(text: str) -> frozenset[str]:
    """The labels that options and attributes give, wherever they stand."""
    return frozenset(one.strip() for found in _GIVEN.findall(text) for one in found if one.strip())


def of_pages(pages: Sequence[Page]) -> HeadingAnchors:
    """Return the anchors of a page, the first one, that includes the others."""
    exact, folded, shown = {"top"}, set[str](), list[str]()
    times: Counter[str] = Counter()
    for page in pages:
        labels = {*page.labels, *given(page.text)}
        exact |= {*labels, *map(nodes.make_id, labels)}
        for heading in page.headings:
            plain = " ".join(_ATTRIBUTES.sub("", heading.text).split())
            slug = slug_of(heading)
            numbered = f"{slug}-{times[slug]}" if times[slug] else slug
            times[slug] += 1
            exact |= {numbered, nodes.make_id(plain)}
            in_place = heading.text.strip().replace(" ", "-")
            if page.is_notebook:
                folded |= {in_place.lower(), plain.replace(" ", "-").lower()}
            if page.path.suffix == ".rst":
                shown.append(nodes.make_id(plain))
            else:
                shown.append(in_place if page.is_notebook else numbered)
    return HeadingAnchors(frozenset(exact), frozenset(folded), tuple(one for one in shown if one))


def slug_of(heading: Prose) -> str:
    """Return the slug that GitHub and MyST make of a heading."""
    text = _ATTRIBUTES.sub("", heading.text).strip().lower()
    return _NO_SLUG.sub("", text).replace(" ", "-").replace("\n", "-")


def is_undecided(page: Page, anchor: str) -> bool:
    """Say whether only a build can tell if the anchor exists: what it numbers or makes of code."""
    has_names = bool(page.names) or bool(_OF_CODE.search(page.text))
    of_autodoc = has_names and ("." in anchor or anchor.startswith("module-"))
    return (
        of_autodoc
        or bool(_NUMBERED.fullmatch(anchor))
        or any(
            ":" in name or directives.generates(name)
            for found in _DIRECTIVES.findall(page.text)
            for name in found
        )
    )
