"""Packages that a page imports, but that the documented installation does not bring."""

import difflib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from verify.environment import contents
from verify.environment.contents import Installed
from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.page.code import installs, made_modules
from verify.page.page import Page, Prose, SpanKind
from verify.rules.advice import meant
from verify.rules.api.interface_questions import Answer, Verdict
from verify.rules.api.uses import Use
from verify.system import kept
from verify.system.words import Words

_NO_PACKAGE = Words(zh="没有名为 `{name}` 的包。", en="There is no package `{name}`.")
_NOT_BROUGHT = Words(
    zh="导入了 `{name}`，但安装 {root} 时不会带来它。",
    en="`{name}` is imported, but installing {root} does not bring it.",
)
_TELL = Words(
    zh="请告诉读者安装含有 `{name}` 的包。",
    en="Tell the reader to install the package that has `{name}`.",
)
_TELL_PIP = Words(
    zh="请告诉读者运行 `pip install {package}`。",
    en="Tell the reader to `pip install {package}`.",
)

_CONTAINER = re.compile(r"\b(?:docker|podman)\s+(?:run|pull|exec|compose|build)\b")
# A notebook's reader has Jupyter.
_OF_NOTEBOOKS = "ipykernel"


@dataclass(frozen=True, eq=False)
class _Installation:
    """An environment's content, and the package that its reader is told to install."""

    has: Installed
    root: str

    @cached_property
    def brought_by(self) -> Callable[[frozenset[str]], frozenset[str]]:
        """What packages bring; most pages name the same ones."""
        return cache(lambda roots: self.has.brought_by(sorted(roots)))


def undocumented(
    environment: Environment, imports: Iterable[tuple[Page, Use, Answer]]
) -> Iterator[Finding]:
    """Find the packages, each at its first import on a page."""
    installation = _Installation(_installed(environment), _root(environment))
    seen: set[tuple[Path, str]] = set()
    for page, use, answer in imports:
        top = str(use.path).split(".")[0]
        # Some distributions bring a copy of a module that Python has itself.
        if top in sys.stdlib_module_names or (page.path, top) in seen:
            continue
        seen.add((page.path, top))
        if said := _problem(page, top, answer, installation):
            message, suggestion = said
            place = use.place
            yield Finding(
                page.path,
                place.code.line_of(place.row),
                place.code.cell,
                FindingKind.UNDOCUMENTED_PACKAGE,
                Severity.ERROR,
                message,
                suggestion,
            )


def _problem(
    page: Page, top: str, answer: Answer, installation: _Installation
) -> tuple[Words, Words] | None:
    has, root = installation.has, installation.root
    texts = _texts(page)
    said = installs.told(texts)
    providers = has.providers.get(top, [])
    if not providers:
        if answer.verdict is not Verdict.MISSING or answer.sort != "nothing":
            return None  # of the standard library
        # Which modules a package or an image brings is not known without it.
        unknown = any(name not in has.requires for name in said)
        if unknown or _uses_container(page) or made_modules.elsewhere(page):
            return None
        if near := difflib.get_close_matches(top, list(has.providers), n=1, cutoff=0.85):
            return _NO_PACKAGE.filled(name=top), meant(near[0])
        return _NOT_BROUGHT.filled(name=top, root=root), _TELL.filled(name=top)
    besides = installs.requirements(texts)
    roots = {root, *besides, *({_OF_NOTEBOOKS} if page.is_notebook else ())}
    if installation.brought_by(frozenset(roots)).intersection(providers):
        return None
    return _NOT_BROUGHT.filled(name=top, root=root), _TELL_PIP.filled(package=providers[0])


def _uses_container(page: Page) -> bool:
    return any(_CONTAINER.search(code.source) for code in page.codes)


def _texts(page: Page) -> list[str]:
    return [*(code.source for code in page.codes), *map(_with_ends_of_commands, page.prose)]


def _with_ends_of_commands(piece: Prose) -> str:
    """The text with a backtick where a command in it ends, and its sentence goes on."""
    text = piece.text
    for span in reversed(piece.spans):
        if span.kind is SpanKind.CODE and " install " in text[span.start : span.end]:
            text = f"{text[: span.end]}`{text[span.end :]}"
    return text


def _root(environment: Environment) -> str:
    """What the installation page tells the reader to install: first in the lock's source."""
    source = environment.lock.with_suffix(".in")
    if not source.is_file():  # somebody else's environment
        return "secretflow"
    lines = (line.split("#")[0].strip() for line in source.read_text("utf-8").splitlines())
    return canonicalize_name(Requirement(next(line for line in lines if line)).name)


def _installed(environment: Environment) -> Installed:
    file = kept.file("installed", environment.content, *_programs())
    told = kept.read(file)
    if told is None:
        told = asdict(contents.ask(environment))
        kept.write(file, told)
    return Installed(**told)


def _programs() -> list[bytes]:
    return [program.read_bytes() for program in sorted(contents.PROGRAM.parent.glob("*.py"))]
