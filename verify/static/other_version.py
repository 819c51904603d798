"""Links of the documentation to itself stay with the page's own version.

An absolute link to the same documentation leaves the version that the reader has chosen, unless
it names just that one. Links to source code on the main branch are common and wanted; only those
to a file that this release has not are reported.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from packaging.version import InvalidVersion, Version

from verify.static import reader
from verify.static.files import Files, Presence
from verify.static.finding import Finding, FindingKind, Severity
from verify.static.page import Link, Page
from verify.static.site import Site

_PROJECT = re.compile(r"^project *= *['\"]([\w-]+)['\"]", re.MULTILINE)
_LANGUAGE = re.compile(r"(?:en|zh)(?:[-_](?:US|CN|Hans|cn))?")
_MOVING = ("latest", "main", "master", "stable", "dev", "HEAD")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_VERSION = re.compile(r"^(?:refs/(?:tags|heads)/)?(?:release[-_/])?v?(\d+(?:\.\d+)*\S*)$")


@dataclass(frozen=True)
class _OwnPage:
    """A page of this documentation at an address of the web; `version` is '' if none is named."""

    version: str
    path: str
    anchor: str
    is_source: bool = False


def check(site: Site) -> Iterator[Finding]:
    """Find absolute links to this documentation that leave its version, or lead nowhere."""
    judge = _Judge(Files(site), _project(site.root), _release(site))
    for page in site.pages:
        seen = set()
        for link in page.links:
            if link.target not in seen and (found := judge.finding(page, link)):
                seen.add(link.target)
                yield found


def _project(root: Path) -> str:
    conf = root / "conf.py"
    text = conf.read_text(encoding="utf-8", errors="replace") if conf.is_file() else ""
    told = _PROJECT.search(text)
    return told[1].lower() if told else "secretflow"


def _release(site: Site) -> Version | None:
    number = site.environment.packages.get(_project(site.root)) if site.environment else None
    try:
        return Version(number) if number else None
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
            return None
        there = self.repository_file(own) if own.is_source else self.page_file(own)
        if self.is_same(own.version):
            if there is not Presence.MISSING:
                return None
            message = f"`{link.target}` leads nowhere: this version has no `{own.path}`."
            return self._finding(page, link, FindingKind.BROKEN_LINK, message, "")
        if own.version and own.version not in _MOVING and self.other(own.version) is None:
            return None  # a commit, or a branch of which nothing is known
        moving = not own.version or own.version in _MOVING
        if own.is_source and moving and not own.path.startswith("docs/"):
            if there is not Presence.MISSING:
                return None
            message = f"`{link.target}` leads to the newest code; this release has no `{own.path}`."
            return self._finding(
                page, link, FindingKind.OTHER_VERSION, message, self.at_release(link, own)
            )
        if not moving and self.release is None:
            return None
        whose = f"version {own.version}" if not moving else "whatever version is the newest"
        message = f"`{link.target}` leaves this page's version for {whose}."
        suggestion = self.at_release(link, own)
        if isinstance(there, Path):
            relative = Path(os.path.relpath(there, page.path.resolve().parent)).as_posix()
            suggestion = f"Write `{relative}{'#' + own.anchor if own.anchor else ''}`."
        elif there is Presence.MISSING:
            message = f"{message.removesuffix('.')}, and this version has no such page."
        return self._finding(page, link, FindingKind.OTHER_VERSION, message, suggestion)

    def _finding(
        self, page: Page, link: Link, kind: FindingKind, message: str, suggestion: str
    ) -> Finding:
        severity = Severity.ERROR if kind is FindingKind.BROKEN_LINK else Severity.WARNING
        return Finding(page.path, link.line, link.cell, kind, severity, message, suggestion)

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
        repository = ["secretflow", self.project]
        if [part.lower() for part in parts[:2]] != repository:
            return None
        if host == "github.com" and len(parts) > 3 and parts[2] in ("blob", "tree", "raw", "edit"):
            return _OwnPage(parts[3], "/".join(parts[4:]), url.fragment, is_source=True)
        if host == "raw.githubusercontent.com" and len(parts) > 3:
            return _OwnPage(parts[2], "/".join(parts[3:]), url.fragment, is_source=True)
        return None

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
        other = self.other(version)
        if other is None or self.release is None:
            return False
        named = _VERSION.match(version)
        short = len(other.release) < len(self.release.release) or not other.is_prerelease
        if named and short:
            return other.release == self.release.release[: len(other.release)]
        return other == self.release

    def other(self, version: str) -> Version | None:
        named = _VERSION.match(version)
        if named is None or _COMMIT.fullmatch(version):
            return None
        try:
            return Version(named[1])
        except InvalidVersion:
            return None

    def page_file(self, own: _OwnPage) -> Path | Presence:
        """Return the file of a page of the website."""
        name = own.path.removesuffix(".html").removesuffix("/")
        wanted = self.files.root / name
        seen = set()
        for suffix in (*reader.SUFFIXES, ""):
            path = wanted.with_name(wanted.name + suffix)
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

    def at_release(self, link: Link, own: _OwnPage) -> str:
        if self.release is None or not own.version:
            return "Name the page's own version."
        old = f"/{own.version}/"
        return f"Write `{link.target.replace(old, f'/v{self.release}/', 1)}`."
