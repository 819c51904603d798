"""Arithmetic in prose that contradicts itself."""

from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.rules.numbers import equations, listings, splits, summaries, sums, tables
from verify.rules.numbers.conflict import Conflict


def check(site: Site) -> Iterator[Finding]:
    """Totals, listings, shares, products and differences that the page's own numbers refute."""
    for page in site.pages:
        for conflict in _conflicts(page):
            yield conflict.finding(page, FindingKind.ARITHMETIC)


def _conflicts(page: Page) -> Iterator[Conflict]:
    for piece in page.prose:
        yield from equations.conflicts(piece)
    yield from listings.conflicts(page)
    yield from sums.conflicts(page)
    yield from splits.conflicts(page)
    yield from tables.conflicts(page)
    yield from summaries.conflicts(page)
