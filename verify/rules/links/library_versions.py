"""Links into the documentation of a library lead to the release that the environment has.

Only addresses that name a release in numbers are judged; `stable` and `latest` are nobody's.
"""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Link
from verify.rules.checked_site import Site
from verify.system.words import Words

_OTHER = Words(
    zh="`{url}` 是 {library} {linked} 的文档，而环境里是 {installed}。",
    en="`{url}` documents {library} {linked}, but the environment has {installed}.",
)
_LINK_TO = Words(
    zh="请链接到 {library} {installed} 的文档。",
    en="Link to the documentation of {library} {installed}.",
)

_NUMBER = r"(?:release[-_]|r|v)?(?P<number>\d+\.\d+(?:\.\d+)*)(?:\.x)?"
# Where the sites of libraries have the release in their addresses, by the host.
_SITES = {
    "tensorflow.org": ("tensorflow", rf"/versions/{_NUMBER}/"),
    "pytorch.org": ("torch", rf"/docs/{_NUMBER}/"),
    "docs.pytorch.org": ("torch", rf"/docs/{_NUMBER}/"),
    "keras.io": ("keras", rf"/{_NUMBER}/"),
    "scikit-learn.org": ("scikit-learn", rf"/{_NUMBER}/"),
    "numpy.org": ("numpy", rf"/doc/{_NUMBER}/"),
    "pandas.pydata.org": ("pandas", rf"/(?:pandas-docs/version|docs/version|docs)/{_NUMBER}/"),
    "docs.scipy.org": ("scipy", rf"/doc/scipy-{_NUMBER}/"),
    "matplotlib.org": ("matplotlib", rf"/{_NUMBER}/"),
    "docs.ray.io": ("ray", rf"/en/releases-{_NUMBER}/"),
}
_READ_THE_DOCS = re.compile(r"(?P<project>[\w-]+)\.readthedocs\.io")
_ON_READ_THE_DOCS = rf"/\w+(?:-\w+)?/{_NUMBER}/"


def check(site: Site) -> Iterator[Finding]:
    """Find links to another release of a library than the environment's."""
    if site.environment is None:
        return
    packages = site.environment.packages
    for page in site.pages:
        for link in {one.target: one for one in reversed(page.links)}.values():
            if found := _other(link, packages):
                library, linked, installed = found
                told = {"library": library, "linked": linked, "installed": installed}
                yield Finding(
                    page.path,
                    link.line,
                    link.cell,
                    FindingKind.OTHER_VERSION,
                    Severity.WARNING,
                    _OTHER.filled(url=link.target, **told),
                    _LINK_TO.filled(**told),
                )


def _other(link: Link, packages: Mapping[str, str]) -> tuple[str, str, str] | None:
    """The library, the release that a link names, and the one that there is, if they differ."""
    try:
        url = urlsplit(link.target)
    except ValueError:
        return None
    host = (url.hostname or "").removeprefix("www.")
    read_the_docs = _READ_THE_DOCS.fullmatch(host)
    if read_the_docs:
        library, pattern = read_the_docs["project"], _ON_READ_THE_DOCS
    elif host in _SITES:
        library, pattern = _SITES[host]
    else:
        return None
    named = re.match(pattern, f"{url.path}/")
    installed = packages.get(canonicalize_name(library))
    if named is None or installed is None or library == "secretflow":
        return None
    try:
        linked, there = Version(named["number"]).release, Version(installed).release
    except InvalidVersion:
        return None
    known = min(len(linked), 2)  # fixes in the third number change no documentation
    return None if linked[:known] == there[:known] else (library, named["number"], installed)
