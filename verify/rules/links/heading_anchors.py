"""The anchors of a page, by the rules of every builder that the pages meet.

GitHub and MyST make slugs, docutils makes ids, notebooks keep the heading's own words. An anchor
is broken where it is none of these: releases changed their builder, and readers use them all.
"""

import difflib
import re
from collections import Counter
from dataclasses import dataclass

from docutils import nodes

from verify.page.page import Page, Prose

# Anchors of Sphinx whose numbers only a build can tell.
_NUMBERED = re.compile(r"(?:id|section-?)\d+")
_GIVEN = re.compile(r":(?:name|label):\s*([^\s\"\\]+)|\{#([\w:.-]+)")
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


def of_page(page: Page) -> HeadingAnchors:
    """Return the anchors of a page."""
    exact = {"top", *page.labels, *(nodes.make_id(label) for label in page.labels)}
    exact.update(one for pair in _GIVEN.findall(page.text) for one in pair if one)
    folded, shown = set(), []
    times: Counter[str] = Counter()
    for heading in page.headings:
        plain = " ".join(heading.text.split())
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
    return _NO_SLUG.sub("", heading.text.strip().lower()).replace(" ", "-").replace("\n", "-")


def is_undecided(page: Page, anchor: str) -> bool:
    """Say whether only a build can tell if the anchor exists: numbered ids, and autodoc's names."""
    of_autodoc = bool(page.names) and ("." in anchor or anchor.startswith("module-"))
    return of_autodoc or bool(_NUMBERED.fullmatch(anchor))
