"""Every link, anchor, picture and document name of a page leads somewhere."""

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import unquote

from verify.finding import Finding, FindingKind, Severity
from verify.page import reader
from verify.page.page import Link, LinkKind, Page
from verify.rules.advice import write
from verify.rules.checked_site import Site
from verify.rules.custom import formed
from verify.rules.links import address, forms, heading_anchors
from verify.rules.links.configuration import Builder, rooted
from verify.rules.links.files import Files
from verify.rules.links.heading_anchors import HeadingAnchors
from verify.rules.links.labels import Labels
from verify.rules.links.link_targets import Target
from verify.system import regular_files
from verify.system.words import Text, Words, clause, enumerated, joined

_ALSO = Words(zh="同样的问题还在第 {lines} 行。", en="So it is in line {lines}.")
_ALSO_LINES = Words(zh="同样的问题还在第 {lines} 行。", en="So it is in lines {lines}.")
_AND_MORE = Words(
    zh="同样的问题还在第 {lines} 行，以及另外 {more} 行。",
    en="So it is in lines {lines} and {more} more.",
)
ADDRESS = Words(zh="网址 `{address}` {fault}。", en="The address `{address}` {fault}.")
_NO_TARGET_OF_NAME = Words(
    zh="`{text}` 会原样显示，因为页面没有定义这个目标。",
    en="`{text}` is shown as it is, for the page defines no such target.",
)
_NO_DOCUMENT = Words(zh="没有文档 `{name}`。", en="There is no document `{name}`.")
_NOWHERE = Words(
    zh="{what} `{name}` 失效：没有 `{path}`。",
    en="The {what} `{name}` leads nowhere: there is no `{path}`.",
)
_CAPITALS = Words(
    zh="{message}，只有大小写不同的 `{name}`。",
    en="{message}, only `{name}`, and capitals count.",
)
_PERHAPS = Words(zh="可能是想写 `{name}`。", en="Perhaps `{name}` is meant.")
_NAMED = {
    LinkKind.LINK: Words(zh="链接", en="link"),
    LinkKind.IMAGE: Words(zh="图片", en="picture"),
    LinkKind.FILE: Words(zh="文件", en="file"),
}
_EMPTY = Words(zh="{what}没有目标。", en="The {what} has no target.")
_EMPTY_NAMED = Words(zh="{what} `{text}` 没有目标。", en="The {what} `{text}` has no target.")
_GIVE_ONE = Words(zh="请给它一个目标。", en="Give it one.")
_NO_CELLS = Words(
    zh="图片 `{name}` 是单元格的附件，但这个页面没有单元格。",
    en="The picture `{name}` is attached to a cell, but this page has no cells.",
)
_SAVE = Words(zh="请把它存成页面旁边的文件。", en="Save it as a file beside the page.")
_NO_ATTACHMENT = Words(zh="单元格没有附件 `{name}`。", en="The cell has no attachment `{name}`.")
_NO_ANCHOR = Words(
    zh="{whose}没有与锚点 `#{anchor}` 对应的标题或标签。",
    en="{whose} has no heading or label for the anchor `#{anchor}`.",
)
_THIS_PAGE = Words(zh="本页面", en="This page")
_OTHER_PAGE = Words(zh="`{path}` 中", en="`{path}`")
_NO_LABEL = Words(zh="没有页面设置标签 `{label}`。", en="No page sets the label `{label}`.")
_TITLED = re.compile(r"^.+<(?P<target>[^<>]+)>$")
_BACK_TO_TOP = re.compile(r"top|\u9876|\u8fd4\u56de|back", re.IGNORECASE)
_OF_THE_WEBSITE = re.compile(r"^/(?:docs|zh-CN|en-US|zh|en)(?:/|$)")
# What a template puts in before the build.
_TEMPLATE = re.compile(r"\{\{.*\}\}|\{%.*%\}")
_ATTACHMENT = "attachment:"
_WORD = re.compile(r"[^/.]+")
_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_OF_CODE = re.compile(r"[A-Z]\w*|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_SHOWN = 5
_AUTODOC = ("sphinx.ext.auto", "autodoc", "autoapi")


@dataclass(frozen=True)
class LinkProblem:
    """What is wrong with a link, before it is known how often the page has it."""

    kind: FindingKind
    message: Text
    suggestion: Text = ""
    severity: Severity = Severity.ERROR


def check(site: Site) -> Iterator[Finding]:
    """Find links that lead nowhere; the same mistake counts once a page."""
    for part in rooted(site):
        files = Files(part)
        resolver = _Resolver(files, Labels(files), forms.counted(part))
        for page in part.pages:
            yield from _of_page(page, resolver)


def _of_page(page: Page, resolver: "_Resolver") -> Iterator[Finding]:
    found: dict[tuple[LinkProblem, object], list[Link]] = {}
    known: dict[Link, LinkProblem | None] = {}
    for i, link in enumerate(page.links):
        alike = replace(link, line=0)
        if alike not in known:
            known[alike] = resolver.problem_wherever_shown(page, link)
        if problem := known[alike]:
            same = link.target.strip("#") or i
            found.setdefault((problem, same), []).append(link)
    for (problem, _), links in found.items():
        first = links[0]
        others = sorted({link.line for link in links} - {first.line})
        told = Finding(
            page.path,
            first.line,
            first.cell,
            problem.kind,
            problem.severity,
            joined((problem.message, _also(others)), zh="", en=" "),
            problem.suggestion,
        )
        yield formed(told, *forms.of(links, resolver.files.site, resolver.counts))


def _also(numbers: list[int]) -> Text:
    more = len(numbers) - _SHOWN
    template = _AND_MORE if more > 0 else _ALSO_LINES if len(numbers) > 1 else _ALSO
    lines = enumerated(numbers[:_SHOWN])
    return template.filled(lines=lines, more=more) if numbers else ""


@dataclass(frozen=True)
class _Resolver:
    files: Files
    labels: Labels
    counts: dict[Hashable, int]  # of targets, by their forms

    def problem_wherever_shown(self, page: Page, link: Link) -> LinkProblem | None:
        """What is wrong with a link, unless it is right on a page that includes this one."""
        problem = self.problem(page, link)
        if problem is None:
            return None
        if any(self.problem(other, link) is None for other in self.files.includers(page)):
            return None
        sure = self.files.configuration.builder is not Builder.OTHER
        return problem if sure else replace(problem, severity=Severity.WARNING)

    def problem(self, page: Page, link: Link) -> LinkProblem | None:
        match link.kind:
            case LinkKind.LABEL:
                return self.label(link)
            case LinkKind.DOCUMENT:
                return self.document(page, link)
            case LinkKind.UNDEFINED:
                return self.undefined(page, link)
            case _ if link.target.strip() in ("", "#"):
                return self.empty(link)
            case _ if link.target.startswith(_ATTACHMENT):
                return self.attachment(page, link)
            case _:
                return self.address(page, link) or self.target(page, link)

    def address(self, page: Page, link: Link) -> LinkProblem | None:
        wrong = address.fault(link, page)
        if wrong is None or _in_brackets(page, link.target) or _is_spoken_of(link):
            return None
        shown = unquote(link.target).strip()
        message = ADDRESS.filled(address=shown, fault=wrong[0])
        severity = Severity.ERROR if self.is_made_link(page, link) else Severity.WARNING
        return LinkProblem(_broken(link), message, wrong[1], severity)

    def is_made_link(self, page: Page, link: Link) -> bool:
        """Whether an address is one for the build, to which MyST's bare ones are mere text."""
        is_bare = address.is_bare(link) and page.path.suffix == ".md"
        settings = self.files.configuration
        return not is_bare or settings.builder is not Builder.SPHINX or settings.takes_addresses

    def target(self, page: Page, link: Link) -> LinkProblem | None:
        written, _, anchor = link.target.strip().partition("#")
        name, anchor = unquote(written.partition("?")[0]), unquote(anchor)
        is_elsewhere = address.is_external(link.target.strip()) or self.is_of_the_website(name)
        if is_elsewhere or _TEMPLATE.search(link.target):
            return None
        if not name:
            return self.anchor(page, page, anchor) if anchor else None
        target = Target(self.files, page, name, link.kind)
        path = target.find()
        if path is None:
            known = not target.is_missing or self.is_label(page, link, name)
            return None if known else self.missing(target, anchor, _broken(link))
        other = self.files.page(path) if anchor and path.suffix in reader.SUFFIXES else None
        return self.anchor(page, other, anchor) if other else None

    def is_of_the_website(self, name: str) -> bool:
        if not _OF_THE_WEBSITE.match(name):
            return False
        return not regular_files.is_there(self.files.root / name.split("/")[1])

    def is_label(self, page: Page, link: Link, name: str) -> bool:
        """MyST looks for what is no file among the labels, and among the names of code."""
        if link.kind is not LinkKind.LINK or page.path.suffix == ".rst":
            return False
        of_code = _DOTTED.fullmatch(name) and self.files.configuration.has_extension(*_AUTODOC)
        known = self.labels.leads_somewhere(name) is not False if _WORD.fullmatch(name) else False
        return bool(of_code) or known or self.labels.is_explicit(name)

    def undefined(self, page: Page, link: Link) -> LinkProblem | None:
        """A name that docutils knows no address for, unless it stands around the page's text."""
        name = " ".join(link.text.strip("`_").split())
        inner = self.files.included(page).values()
        around = "\n".join((self.files.configuration.text, *filter(None, inner)))
        if None in inner or re.search(rf"_`?{re.escape(name)}`?:", around, re.IGNORECASE):
            return None
        message = _NO_TARGET_OF_NAME.filled(text=link.text)
        return LinkProblem(FindingKind.BROKEN_LINK, message, write("`` `text <address>`_ ``"))

    def document(self, page: Page, link: Link) -> LinkProblem | None:
        titled = _TITLED.match(link.target)
        name = (titled["target"] if titled else link.target).strip()
        is_pattern = "*" in name or "[" in name  # of `:glob:`, which may match nothing
        if name == "self" or is_pattern or address.is_external(name):
            return None
        target = Target(self.files, page, name, link.kind)
        if target.find() or not target.is_missing:
            return None
        found = target.alike()
        is_elsewhere = found is None or not found[1]
        if is_elsewhere and (self.is_of_others(page, link) or self.files.is_package(name)):
            return None
        return self.missing(target, "", FindingKind.BROKEN_LINK)

    def is_of_others(self, page: Page, link: Link) -> bool:
        """Whether intersphinx may find a document of `:doc:`, which no toctree asks it for."""
        plain = re.fullmatch(r"[\w-][\w./-]*", link.target)
        roles = (f"`{link.target}`", f"<{link.target}>`")
        return (
            bool(plain)
            and self.files.configuration.asks_others
            and any(role in page.text for role in roles)
        )

    def sureness(self, target: Target) -> Severity:
        """A whole folder that is not there may be written by a program before the build."""
        return Severity.WARNING if target.may_be_built else Severity.ERROR

    def missing(self, target: Target, anchor: str, kind: FindingKind) -> LinkProblem | None:
        if _is_made(target):
            return None
        message = _NO_DOCUMENT.filled(name=target.shown)
        if target.kind is not LinkKind.DOCUMENT:
            what = _NAMED.get(target.kind, target.kind.value)
            message = _NOWHERE.filled(what=what, name=target.name, path=target.shown)
        found = target.alike()
        if found is None:
            problem = LinkProblem(kind, message, severity=self.sureness(target))
            return None if target.may_be_copied else problem
        other, same = found
        severity = Severity.ERROR if same and other.stem != "index" else self.sureness(target)
        if target.differs_in_capitals(other):
            message = _CAPITALS.filled(message=clause(message), name=other.name)
        right = target.written(other, anchor)
        suggestion = write(f"`{right}`") if same else _PERHAPS.filled(name=right)
        return LinkProblem(kind, message, suggestion, severity)

    def empty(self, link: Link) -> LinkProblem | None:
        if link.target.strip() == "#" and _BACK_TO_TOP.search(link.text):
            return None
        what = _NAMED[LinkKind.IMAGE if link.kind is LinkKind.IMAGE else LinkKind.LINK]
        text = " ".join(link.text.split())
        message = (_EMPTY_NAMED if text else _EMPTY).filled(what=what, text=text)
        # Around a picture alone, such as a badge, it may be there for its looks.
        sure = text or link.kind is LinkKind.IMAGE
        severity = Severity.ERROR if sure else Severity.WARNING
        return LinkProblem(FindingKind.EMPTY_LINK, message, _GIVE_ONE, severity)

    def attachment(self, page: Page, link: Link) -> LinkProblem | None:
        written = link.target.removeprefix(_ATTACHMENT)
        name = unquote(written)
        if link.cell is None:
            return LinkProblem(FindingKind.BROKEN_IMAGE, _NO_CELLS.filled(name=name), _SAVE)
        here = page.cells[link.cell].attachments
        if name in here or written in here:  # editors keep either form
            return None
        suggestion = write(f"`{_ATTACHMENT}{here[0]}`") if len(here) == 1 else ""
        return LinkProblem(FindingKind.BROKEN_IMAGE, _NO_ATTACHMENT.filled(name=name), suggestion)

    def anchor(self, page: Page, other: Page, anchor: str) -> LinkProblem | None:
        known = self.files.anchors(other)
        parts = self.files.whole(other)
        if "=" in anchor or self.is_written_otherwise(known, anchor):
            return None  # of a program that shows the page, or of another builder
        if anchor in known or any(heading_anchors.is_undecided(one, anchor) for one in parts):
            return None
        if None in self.files.included(other).values():
            return None
        if page is other and self.is_of_code(known, anchor):
            return None
        if page is other and self.labels.leads_somewhere(anchor):
            return None  # MyST looks for labels on all pages
        path = self.files.shown(other.path.resolve())
        whose = _THIS_PAGE if page is other else _OTHER_PAGE.filled(path=path)
        message = _NO_ANCHOR.filled(whose=whose, anchor=anchor)
        near = known.nearest(anchor)
        suggestion = write(f"`#{near}`") if near else ""
        # A website that shows the files themselves, as it does a README, finds any capitals.
        is_shown = self.files.configuration.builder is Builder.NONE or _is_readme(other)
        sure = not is_shown or anchor.lower() not in known
        severity = Severity.ERROR if sure else Severity.WARNING
        return LinkProblem(FindingKind.BROKEN_ANCHOR, message, suggestion, severity)

    def is_of_code(self, known: HeadingAnchors, anchor: str) -> bool:
        """Whether MyST may find a name of code, here or in another project's inventory."""
        settings = self.files.configuration
        looked_for = settings.has_extension(*_AUTODOC) or settings.asks_others
        return looked_for and bool(_OF_CODE.fullmatch(anchor)) and anchor.lower() not in known

    def is_written_otherwise(self, known: HeadingAnchors, anchor: str) -> bool:
        """Whether another builder may make the anchor of a heading: with underscores, or dots."""
        slug = re.sub(r"[\W_]+", "-", anchor.lower())
        return self.files.configuration.builder is Builder.OTHER and slug in known

    def label(self, link: Link) -> LinkProblem | None:
        if self.labels.leads_somewhere(link.target) is not False:
            return None
        message = _NO_LABEL.filled(label=link.target)
        near = self.labels.nearest(link.target)
        return LinkProblem(FindingKind.BROKEN_LINK, message, write(f"`{near}`") if near else "")


def _is_readme(page: Page) -> bool:
    return page.path.suffix == ".md" and page.path.stem.lower().startswith("readme")


def _is_made(target: Target) -> bool:
    """Whether code of the page names the file, and so may write it."""
    name = Path(target.name).name
    codes = (code for code in target.page.codes if code.runs or code.is_python)
    return any(name in code.source for code in codes)


def _broken(link: Link) -> FindingKind:
    is_picture = link.kind is LinkKind.IMAGE
    return FindingKind.BROKEN_IMAGE if is_picture else FindingKind.BROKEN_LINK


def _is_spoken_of(link: Link) -> bool:
    """Whether the text names an address, such as a scheme, that its format took for a link."""
    return link.target.startswith("file:") and link.text.strip() == link.target.strip()


def _in_brackets(page: Page, target: str) -> bool:
    """Whether an address was found by itself inside what was meant to be a link."""
    begin = re.escape(re.split(r"[^!-~]", unquote(target), maxsplit=1)[0])
    return bool(re.search(rf"[\]\uff3d]\s?[(\uff08]\s*{begin}[^\s()]*\uff09", page.text))
