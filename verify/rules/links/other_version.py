"""Links of the documentation to itself stay with the page's own version.

An absolute link to the same documentation leaves the version that the reader has chosen, unless
it names just that one. Links to source code on the main branch are common and wanted; only those
to a file that this release has not are reported.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.version import InvalidVersion, Version

from verify.finding import Finding, FindingKind, Severity
from verify.page import reader
from verify.page.page import Link, Page
from verify.rules.advice import write
from verify.rules.checked_site import Site
from verify.rules.links.configuration import Configuration, rooted
from verify.rules.links.files import Files, Presence
from verify.rules.links.repository_paths import RepositoryPaths
from verify.system.words import Text, Words, clause

_NOWHERE = Words(
    zh="`{url}` 失效：这个版本没有 `{path}`。",
    en="`{url}` leads nowhere: this version has no `{path}`.",
)
_NEWEST_CODE = Words(
    zh="`{url}` 指向最新的代码；这个版本没有 `{path}`。",
    en="`{url}` leads to the newest code; this release has no `{path}`.",
)
_LEAVES = Words(
    zh="`{url}` 离开了页面自己的版本，转到{whose}。",
    en="`{url}` leaves this page's version for {whose}.",
)
_NEWEST = Words(zh="当时最新的版本", en="whatever version is the newest")
_OF_VERSION = Words(zh="版本 {version}", en="version {version}")
_NO_SUCH_PAGE = Words(
    zh="{message}，而这个版本没有这样的页面。",
    en="{message}, and this version has no such page.",
)
_NAME_OWN = Words(zh="请写明页面自己的版本。", en="Name the page's own version.")
_LANGUAGE = re.compile(r"(?:en|zh)(?:[-_](?:US|CN|Hans|cn))?")
_MOVING = ("latest", "main", "master", "stable", "dev", "HEAD")
_VIEWS = ("blob", "tree", "raw", "edit", "blame")
_IN_A_REPOSITORY = re.compile(
    r"https?://(?:(?:www\.)?github\.com|colab\.research\.google\.com/github)/"
    r"(?P<name>[^/]+/[^/]+)/(?:blob|tree|raw)/(?P<version>[^/#?]+)/(?P<path>[^#?]*)"
)
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_VERSION = re.compile(r"^(?:refs/(?:tags|heads)/)?(?:release[-_/])?v?(\d+(?:\.\d+)*\S*)$")


@dataclass(frozen=True)
class _OwnPage:
    """A page of this documentation at an address of the web; `version` is '' if none is named."""

    version: str
    path: str
    anchor: str
    is_source: bool = False

    @property
    def is_code(self) -> bool:
        """Whether it is a file of the repository beside the documentation."""
        return self.is_source and not self.path.startswith("docs/")


def check(site: Site) -> Iterator[Finding]:
    """Find absolute links to this documentation that leave its version, or lead nowhere."""
    for part in rooted(site):
        judge = _Judge(Files(part), _project(part.root), _release(part))
        for page in part.pages:
            seen = set()
            for link in page.links:
                if link.target not in seen and (found := judge.finding(page, link)):
                    seen.add(link.target)
                    yield found


def _project(root: Path) -> str:
    """The project as addresses name it, as far as one does: a name of several words is a title."""
    told = Configuration(root).strings("project")
    return told[0].lower() if told else "secretflow"


def _release(site: Site) -> Version | None:
    number = site.environment.packages.get(_project(site.root)) if site.environment else None
    try:
        return Version(number) if number else None
    except InvalidVersion:
        return None


def _finding(
    page: Page, link: Link, kind: FindingKind, message: Words, suggestion: Text
) -> Finding:
    severity = Severity.ERROR if kind is FindingKind.BROKEN_LINK else Severity.WARNING
    return Finding(page.path, link.line, link.cell, kind, severity, message, suggestion)


def _number(version: str) -> Version | None:
    """The number of a tag or a release branch; None where it is none, such as a commit."""
    named = _VERSION.match(version)
    if named is None or _COMMIT.fullmatch(version):
        return None
    try:
        return Version(named[1])
    except InvalidVersion:
        return None


@dataclass(frozen=True)
class _Judge:
    files: Files
    project: str
    release: Version | None

    def finding(self, page: Page, link: Link) -> Finding | None:
        own = self.own_page(link.target)
        if own is None:
            return self.gone(page, link)
        there = self.repository_file(own) if own.is_source else self.page_file(own)
        if self.is_same(own.version):
            message = _NOWHERE.filled(url=link.target, path=own.path)
            missing = there is Presence.MISSING
            return _finding(page, link, FindingKind.BROKEN_LINK, message, "") if missing else None
        if own.is_code and own.version in _MOVING:
            message = _NEWEST_CODE.filled(url=link.target, path=own.path)
            suggestion = self.at_release(link, own)
            kind = FindingKind.OTHER_VERSION
            missing = there is Presence.MISSING
            return _finding(page, link, kind, message, suggestion) if missing else None
        if own.version and own.version not in _MOVING and not self.is_other(own.version):
            return None  # a commit, a branch of which nothing is known, or no release to compare
        return self.leaves(page, link, own, there)

    def gone(self, page: Page, link: Link) -> Finding | None:
        """A file on the main branch of the page's own repository, which does not have it."""
        own = self.in_own_repository(link.target)
        if own is None or own.version not in _MOVING or not own.path:
            return None
        if self.files.presence(self.files.repository / own.path) is not Presence.MISSING:
            return None
        message = _NEWEST_CODE.filled(url=link.target, path=own.path)
        return _finding(page, link, FindingKind.OTHER_VERSION, message, "")

    @cached_property
    def origin(self) -> str:
        """The owner and the name of the repository that this one was cloned from."""
        return RepositoryPaths(self.files.repository).origin

    def in_own_repository(self, target: str) -> _OwnPage | None:
        """Take an address apart if it is a file of the repository that this one was cloned from."""
        found = _IN_A_REPOSITORY.match(unquote(target))
        if found is None or found["name"].lower() != self.origin:
            return None
        return _OwnPage(found["version"], found["path"].rstrip("/"), "", is_source=True)

    def leaves(self, page: Page, link: Link, own: _OwnPage, there: Path | Presence) -> Finding:
        moving = not own.version or own.version in _MOVING
        whose = _NEWEST if moving else _OF_VERSION.filled(version=own.version)
        message = _LEAVES.filled(url=link.target, whose=whose)
        suggestion = self.at_release(link, own)
        if isinstance(there, Path) and not own.is_source:
            relative = Path(os.path.relpath(there, page.path.resolve().parent)).as_posix()
            suggestion = write(f"`{relative}{'#' + own.anchor if own.anchor else ''}`")
        elif there is Presence.MISSING:
            message = _NO_SUCH_PAGE.filled(message=clause(message))
        return _finding(page, link, FindingKind.OTHER_VERSION, message, suggestion)

    def is_other(self, version: str) -> bool:
        """Say whether a named version is certainly not the release's."""
        return self.release is not None and _number(version) is not None

    def own_page(self, target: str) -> _OwnPage | None:
        """Take an address apart if it is this documentation's."""
        try:
            url = urlsplit(target)
        except ValueError:
            return None
        parts = [unquote(part) for part in url.path.split("/") if part]
        host = (url.hostname or "").removeprefix("www.")
        if host == "secretflow.org.cn":
            return self.on_website(parts, url.fragment)
        if host == f"{self.project}.readthedocs.io":
            rest = [part for part in parts[:1] if not _LANGUAGE.fullmatch(part)] + parts[1:]
            return _OwnPage(rest[0], "/".join(rest[1:]), url.fragment) if rest else None
        return self.in_repository(host, parts, url.fragment)

    def in_repository(self, host: str, parts: list[str], anchor: str) -> _OwnPage | None:
        if host == "github.com" and parts[2:3] and parts[2] in _VIEWS:
            parts = parts[:2] + parts[3:]
        elif host != "raw.githubusercontent.com":
            return None
        if [part.lower() for part in parts[:2]] != ["secretflow", self.project] or not parts[3:]:
            return None
        return _OwnPage(parts[2], "/".join(parts[3:]), anchor, is_source=True)

    def on_website(self, parts: list[str], anchor: str) -> _OwnPage | None:
        rest = [part for part in parts[:1] if not _LANGUAGE.fullmatch(part)] + parts[1:]
        if rest[:2] != ["docs", self.project]:
            return None
        rest = rest[2:]
        version = ""
        for _ in range(2):  # the version and the language stand in either order
            if rest and _LANGUAGE.fullmatch(rest[0]):
                rest = rest[1:]
            elif rest and not version and (rest[0] in _MOVING or _VERSION.match(rest[0])):
                version, rest = rest[0], rest[1:]
        return _OwnPage(version, "/".join(rest), anchor) if rest else None

    def is_same(self, version: str) -> bool:
        """Say whether a named version is the release's, as far as it is named."""
        named = _number(version)
        if named is None or self.release is None:
            return False
        if named.is_prerelease or named.is_postrelease:
            return named == self.release
        return named.release == self.release.release[: len(named.release)]

    def page_file(self, own: _OwnPage) -> Path | Presence:
        """Return the file of a page of the website."""
        name = own.path.removesuffix("/").removesuffix(".html")
        # The root of a page such as README is the repository's, and the documentation lies below.
        tops = [self.files.root, *(path.parent for path in self.files.root.glob("doc*/conf.py"))]
        seen = set()
        for top, suffix in product(tops, (*reader.SUFFIXES, "")):
            path = (top / name).with_name((top / name).name + suffix)
            presence = self.files.presence(path)
            if presence is Presence.PRESENT:
                return path if path.is_file() else presence
            seen.add(presence)
        return Presence.UNKNOWN if Presence.UNKNOWN in seen else Presence.MISSING

    def repository_file(self, own: _OwnPage) -> Path | Presence:
        """Return the file of a path of the repository."""
        path = self.files.repository / own.path
        if own.path.startswith("docs/") and self.files.root.name == "docs":
            path = self.files.root / own.path.removeprefix("docs/")
        elif self.files.repository == self.files.root:
            return Presence.UNKNOWN
        presence = self.files.presence(path)
        return path if presence is Presence.PRESENT and path.is_file() else presence

    def at_release(self, link: Link, own: _OwnPage) -> Words:
        if self.release is None or not own.version:
            return _NAME_OWN
        old = f"/{own.version}/"
        return write(f"`{link.target.replace(old, f'/v{self.release}/', 1)}`")
