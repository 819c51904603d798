"""Rules of what belongs to one party, set or section, and stands at another."""

from collections.abc import Iterator

from verify.finding import Finding
from verify.rules.checked_site import Site
from verify.rules.mixed import downloads, named_data, parties, remarks, sections, twins


def check(site: Site) -> Iterator[Finding]:
    """Find what was copied, and not adapted to what it stands at now."""
    for page in site.pages:
        yield from twins.of_page(page)
        yield from sections.of_page(page)
        yield from remarks.of_page(page)
        yield from downloads.of_page(page)
        yield from named_data.of_page(page)
        yield from parties.of_page(page)
        yield from parties.labels_of_page(page)
