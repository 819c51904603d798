"""The forms of links: by where they start, into which folder they lead, and to what kind of file.

Each depends on how a site is built. If most links of one form lead nowhere, the build has a way of
its own, such as another root, an ending that an extension adds, or anchors that a program writes.
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from pathlib import PurePosixPath

from verify.page.page import Link, LinkKind
from verify.rules.checked_site import Site
from verify.rules.custom import Form
from verify.rules.links import address

_FIRST = re.compile(r"[:/.]")  # what sets the first part of a label apart


def counted(site: Site) -> dict[Hashable, int]:
    """How many targets the pages have of each form; one that many pages have counts once."""
    targets: dict[Hashable, set[str]] = defaultdict(set)
    for page in site.pages:
        for link in page.links:
            for name in _names(link):
                targets[name].add(link.target)
    return {name: len(some) for name, some in targets.items()}


def of(links: Iterable[Link], site: Site, counts: dict[Hashable, int]) -> tuple[Form, ...]:
    """The forms of some links of a site, whose targets are counted."""
    names = dict.fromkeys(name for link in links for name in _names(link))
    return tuple(Form((site.root, name), counts[name], is_copied=True) for name in names)


def _names(link: Link) -> Iterator[Hashable]:
    target = link.target.strip()
    if link.kind is LinkKind.LABEL:
        yield link.kind
        yield link.kind, "begins", _FIRST.split(target)[0]
    elif link.kind is not LinkKind.UNDEFINED and not address.is_external(target):
        yield from _of_path(link.kind, *target.partition("#")[::2])


def _of_path(kind: LinkKind, written: str, anchor: str) -> Iterator[Hashable]:
    path = PurePosixPath(written)
    inner = [part for part in path.parts if part not in ("/", "..")]
    if written:
        yield kind, "ends", path.suffix
        yield kind, "starts", written[0] if written[0] == "/" else path.parts[:1] == ("..",)
        if len(inner) > 1:
            yield kind, "leads into", path.is_absolute(), inner[0]
    if anchor:
        yield kind, "anchor"
        yield kind, "anchor of", path.name
