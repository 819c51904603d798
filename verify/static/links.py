"""Every link, anchor, picture and document name of a page leads somewhere, as the build resolves it."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from verify.static import address, anchors, reader
from verify.static.files import Files, Presence
from verify.static.finding import Finding, FindingKind, Severity
from verify.static.labels import Labels
from verify.static.page import Link, LinkKind, Page
from verify.static.site import Site

_TITLED = re.compile(r"^.+<(?P<target>[^<>]+)>$")
_BACK_TO_TOP = re.compile(r"top|\u9876|\u8fd4\u56de|back", re.IGNORECASE)
_OF_THE_WEBSITE = re.compile(r"^/(?:docs|zh-CN|en-US|zh|en)(?:/|$)")
_PAGES = (*reader.SUFFIXES, ".html")
_ATTACHMENT = "attachment:"


@dataclass(frozen=True)
class Problem:
    """What is wrong with a link, before it is known how often the page has it."""

    kind: FindingKind
    message: str
    suggestion: str = ""


def check(site: Site) -> Iterator[Finding]:
    """Find links that lead nowhere; the same mistake counts once a page."""
    files = Files(site)
    resolver = _Resolver(files, Labels(files))
    for page in site.pages:
        found: dict[tuple[Problem, object], list[Link]] = {}
        for i, link in enumerate(page.links):
            if problem := resolver.problem(page, link):
                same = link.target.strip("#") or i
                found.setdefault((problem, same), []).append(link)
        for (problem, _), links in found.items():
            first = links[0]
            others = sorted({link.line for link in links} - {first.line})
            also = f" So it is in {_lines(others)}." if others else ""
            yield Finding(
                page.path,
                first.line,
                first.cell,
                problem.kind,
                Severity.ERROR,
                problem.message + also,
                problem.suggestion,
            )


def _lines(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:5])
    more = len(numbers) - 5
    return f"line{'s' * (len(numbers) > 1)} {shown}" + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class _Resolver:
    files: Files
    labels: Labels

    def problem(self, page: Page, link: Link) -> Problem | None:
        match link.kind:
            case LinkKind.LABEL:
                return self.label(link)
            case LinkKind.DOCUMENT:
                return self.document(page, link)
            case LinkKind.UNDEFINED:
                message = f"`{link.text}` is shown as it is, for the page defines no such target."
                return Problem(FindingKind.BROKEN_LINK, message, "Write `` `text <address>`_ ``.")
            case _:
                return self.target(page, link)

    def target(self, page: Page, link: Link) -> Problem | None:
        target = link.target.strip()
        broken = _BROKEN.get(link.kind, FindingKind.BROKEN_LINK)
        if target in ("", "#"):
            return self.empty(link)
        if target.startswith(_ATTACHMENT):
            return self.attachment(page, link)
        if wrong := address.fault(link):
            if _in_brackets(page, target):
                return None  # what is wrong is the link around it
            return Problem(broken, f"The address `{unquote(target)}` {wrong[0]}.", wrong[1])
        if address.is_external(target):
            return None
        name, _, anchor = target.partition("#")
        name, anchor = unquote(name.partition("?")[0]), unquote(anchor)
        if not name:
            return self.anchor(page, page, link, anchor) if anchor else None
        if _OF_THE_WEBSITE.match(name) and not (self.files.root / name.split("/")[1]).exists():
            return None
        path = self.find(page, name, link.kind)
        if path is Presence.UNKNOWN or self.is_label(link, name) or self.is_built(page, name):
            return None
        if path is Presence.MISSING:
            return self.missing(page, link, name, anchor, broken)
        if anchor and path.suffix in reader.SUFFIXES and (other := self.files.page(path)):
            return self.anchor(page, other, link, anchor)
        return None

    def empty(self, link: Link) -> Problem | None:
        if link.target.strip() == "#" and _BACK_TO_TOP.search(link.text):
            return None
        what = "picture" if link.kind is LinkKind.IMAGE else "link"
        words = f" `{' '.join(link.text.split())}`" if link.text.strip() else ""
        return Problem(FindingKind.EMPTY_LINK, f"The {what}{words} has no target.", "Give it one.")

    def attachment(self, page: Page, link: Link) -> Problem | None:
        name = unquote(link.target.removeprefix(_ATTACHMENT))
        if page.notebook is None or link.cell is None:
            message = f"The picture `{name}` is attached to a cell, but this page has no cells."
            return Problem(FindingKind.BROKEN_IMAGE, message, "Save it as a file beside the page.")
        here = list(page.notebook.node.cells[link.cell].get("attachments", {}))
        if name in here:
            return None
        message = f"The cell has no attachment `{name}`."
        suggestion = f"Write `{_ATTACHMENT}{here[0]}`." if len(here) == 1 else ""
        return Problem(FindingKind.BROKEN_IMAGE, message, suggestion)

    def is_label(self, link: Link, name: str) -> bool:
        """MyST takes a bare word for a label."""
        bare = link.kind is LinkKind.LINK and "/" not in name and "." not in name
        return bare and bool(self.labels.leads_somewhere(name))

    def is_built(self, page: Page, name: str) -> bool:
        """A folder of the root that is not there is most often one that a build makes."""
        folder = Path(os.path.normpath(page.path.resolve().parent / name))
        return name.endswith("/") and folder.parent == self.files.root

    def find(self, page: Page, name: str, kind: LinkKind) -> Path | Presence:
        """Return the file that a name stands for, or why there is none."""
        unknown = False
        for candidate in self.candidates(page, name, kind):
            presence = self.files.presence(candidate)
            if presence is Presence.PRESENT:
                return candidate
            unknown |= presence is Presence.UNKNOWN
        return Presence.UNKNOWN if unknown else Presence.MISSING

    def candidates(self, page: Page, name: str, kind: LinkKind) -> Iterator[Path]:
        bases = [page.path.resolve().parent]
        if name.startswith("/"):
            bases = [self.files.root, self.files.repository]
        for base in bases:
            path = Path(os.path.normpath(base / name.lstrip("/")))
            if kind is not LinkKind.DOCUMENT:
                yield path
            if kind is LinkKind.IMAGE and path.name.endswith(".*"):
                yield from path.parent.glob(path.name)
            if kind in (LinkKind.LINK, LinkKind.DOCUMENT):
                stem = path.name
                for suffix in _PAGES:
                    stem = stem.removesuffix(suffix)
                is_source = path.suffix in reader.SUFFIXES
                suffixes = [path.suffix] if is_source else reader.SUFFIXES
                yield from (path.with_name(stem + suffix) for suffix in suffixes)

    def missing(self, page: Page, link: Link, name: str, anchor: str, kind: FindingKind) -> Problem:
        wanted = next(iter(self.candidates(page, name, link.kind)))
        is_page = link.kind is LinkKind.DOCUMENT or (
            link.kind is LinkKind.LINK and (wanted.suffix in _PAGES or not wanted.suffix)
        )
        shown = self.shown(wanted)
        if link.kind is LinkKind.DOCUMENT:
            shown = self.shown(wanted.with_suffix("")) if wanted.suffix in _PAGES else shown
            message = f"There is no document `{shown}`."
        else:
            message = f"The {link.kind.value} `{name}` leads nowhere: there is no `{shown}`."
        found = self.files.alike(Path(str(wanted).replace("\\", "/")), document=is_page)
        if found is None:
            return Problem(kind, message)
        other, same = found
        right = self.written(page, other, name, link.kind, anchor)
        if str(other).lower() == str(wanted).lower():
            message = f"{message.removesuffix('.')}, only `{other.name}`, and capitals count."
        return Problem(
            kind, message, f"Write `{right}`." if same else f"Perhaps `{right}` is meant."
        )

    def written(self, page: Page, other: Path, name: str, kind: LinkKind, anchor: str) -> str:
        """Return how the page would write a link to another file, in the manner of this one."""
        relative = Path(os.path.relpath(other, page.path.resolve().parent)).as_posix()
        if name.startswith("/"):
            relative = f"/{other.relative_to(self.files.root).as_posix()}"
        elif name.startswith("./") and not relative.startswith("."):
            relative = f"./{relative}"
        bare = kind is LinkKind.DOCUMENT and not name.endswith(reader.SUFFIXES)
        relative = relative.removesuffix(other.suffix) if bare else relative
        return f"{relative}#{anchor}" if anchor else relative

    def shown(self, path: Path) -> str:
        inside = path.is_relative_to(self.files.root)
        return (path.relative_to(self.files.root) if inside else path).as_posix()

    def anchor(self, page: Page, other: Page, link: Link, anchor: str) -> Problem | None:
        known = self.files.anchors(other)
        if anchor in known or anchors.is_undecided(other, anchor):
            return None
        if page is other and self.labels.leads_somewhere(anchor):
            return None
        whose = "This page" if page is other else f"`{self.shown(other.path.resolve())}`"
        message = f"{whose} has no heading or label for the anchor `#{anchor}`."
        near = known.nearest(anchor)
        suggestion = f"Write `#{near}`." if near else ""
        return Problem(FindingKind.BROKEN_ANCHOR, message, suggestion)

    def label(self, link: Link) -> Problem | None:
        if self.labels.leads_somewhere(link.target) is not False:
            return None
        message = f"No page sets the label `{link.target}`."
        near = self.labels.nearest(link.target)
        return Problem(FindingKind.BROKEN_LINK, message, f"Write `{near}`." if near else "")

    def document(self, page: Page, link: Link) -> Problem | None:
        titled = _TITLED.match(link.target)
        name = (titled["target"] if titled else link.target).strip()
        if name == "self" or address.is_external(name):
            return None
        if "*" in name or "[" in name:
            return None  # a pattern of `:glob:` may match nothing
        path = self.find(page, name, link.kind)
        if path is not Presence.MISSING:
            return None
        return self.missing(page, link, name, "", FindingKind.BROKEN_LINK)


def _in_brackets(page: Page, target: str) -> bool:
    """Whether an address was found by itself inside what was meant to be a link."""
    begin = re.escape(re.split(r"[^!-~]", unquote(target), maxsplit=1)[0])
    return bool(re.search(rf"[\]\uff3d]\s?[(\uff08]\s*{begin}[^\s()]*\uff09", page.text))


_BROKEN = {LinkKind.IMAGE: FindingKind.BROKEN_IMAGE}
