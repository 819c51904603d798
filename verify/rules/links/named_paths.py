"""The files that commands and sentences name are in the repository that the page belongs to.

Looked at are paths that begin in a folder of the repository, scripts that are started from a folder
that the reader has just gone into, targets of make and packages of Bazel. What a page has its
reader write, what stands in a container, and what has a placeholder is not judged.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from verify.finding import Finding, FindingKind, Severity
from verify.page.code import commands
from verify.page.code.commands import Command
from verify.page.page import Page, Role, SpanKind
from verify.rules import other_times
from verify.rules.checked_site import Site
from verify.rules.links.configuration import rooted
from verify.rules.links.files import Files
from verify.rules.links.repository_paths import RepositoryPaths
from verify.system.words import Words

_PATH = re.compile(r"(?:\./)?[\w.-]+(?:/[\w.-]+)*/?", re.ASCII)
_LEFT_OPEN = re.compile(
    r"\.\.\.|\b(?:your|my|some|foo|xxx)|example_|\b_?build\b|\bdist\b|/\.", re.IGNORECASE
)
_SUFFIX = re.compile(r"\.[A-Za-z]\w{0,9}$")
# They run, or write, somewhere else than in the reader's folder.
_ELSEWHERE = frozenset("docker podman nerdctl kubectl ssh scp rsync helm crictl lxc".split())
_WRITE = frozenset(
    "mkdir touch tee vi vim nano emacs code rm mv cp ln wget curl git tar unzip zip export".split()
)
_SCRIPTS = frozenset("sh bash zsh source . python python3".split())
_BAZEL = frozenset(("bazel", "bazelisk"))
_OUTPUT = re.compile(r"--?(?:o|out|output|save|dest|target|log|cache|work)\w*|\d?>+")
_MADE = re.compile(
    r"\b(?:creat|add|new\b|writ|generat|sav|output|mak|put|produc|nam|implement)|"
    "新|创建|添加|加入|实现|增加|生成|保存|写|输出|命名",
    re.IGNORECASE,
)
_CLONED = re.compile(r"([\w.-]+?)(?:\.git)?/?$")

_MISSING = Words(
    zh="这里写到 `{path}`，但代码仓库里没有。",
    en="`{path}` is named here, but the repository has none.",
)
_NOT_HERE = Words(
    zh="读者此前进入了 `{folder}`，那里没有 `{path}`。",
    en="The reader has gone into `{folder}`, where there is no `{path}`.",
)
_NO_TARGET = Words(
    zh="代码仓库的 Makefile 里没有目标 `{path}`。",
    en="No makefile of the repository has the target `{path}`.",
)
_MEANT = Words(zh="应为 `{path}`？", en="Is it `{path}`?")
_LOOK = Words(zh="请写出现有的路径，或删去。", en="Write the path as it is now, or leave it out.")


@dataclass(frozen=True)
class _Wrong:
    """A path that is not there, in a sentence."""

    path: str
    words: Words


def check(site: Site) -> Iterator[Finding]:
    """Find paths of the repository that are not in it; one that is named often counts once."""
    for part in rooted(site):
        paths = RepositoryPaths(Files(part).repository)
        for page in part.pages:
            if other_times.tells_of_them(page):
                continue
            told = set()
            for wrong, line, cell in (*_in_commands(page, paths), *_in_prose(page, paths)):
                if wrong.path not in told:
                    told.add(wrong.path)
                    yield _finding(page, line, cell, wrong, paths.meant(wrong.path))


_Place = tuple[_Wrong, int, int | None]


def _in_commands(page: Page, paths: RepositoryPaths) -> Iterator[_Place]:
    reader, headings = _Reader(paths), [p.line for p in page.prose if p.role is Role.HEADING]
    for command in commands.of_page(page):
        if headings and headings[0] < command.line:
            reader.folders = []  # a chapter begins where its reader likes
            headings = [line for line in headings if line > command.line]
        for wrong in reader.follow(command):
            yield wrong, command.line, command.code.cell


def _in_prose(page: Page, paths: RepositoryPaths) -> Iterator[_Place]:
    for piece in page.prose:
        for span in piece.spans:
            text = piece.text[span.start : span.end].strip("`")
            is_file = span.kind is SpanKind.CODE and _SUFFIX.search(text) and _PATH.fullmatch(text)
            if not is_file or _LEFT_OPEN.search(text) or _MADE.search(piece.words):
                continue
            if paths.lacks(text):
                yield _missing(text), piece.line_at(span.start), piece.cell


def _missing(path: str) -> _Wrong:
    return _Wrong(path, _MISSING.filled(path=path))


@dataclass
class _Reader:
    """Somebody who types the commands of a page; `folders` are those that they may be in now."""

    paths: RepositoryPaths
    folders: list[str] = field(default_factory=list)
    shown: str = ""
    is_elsewhere: bool = False
    is_lost: bool = False

    def follow(self, command: Command) -> Iterator[_Wrong]:
        """What is wrong with a command; then go where it leads."""
        program, given = command.program, command.words[1:]
        if program == "git" and given[:1] == ("clone",):
            cloned = {found[1] for word in given[1:] if (found := _CLONED.search(word))}
            self.is_elsewhere = not cloned & self.paths.names
        elif self.is_elsewhere or (program in _ELSEWHERE and given[:1] != ("build",)):
            return
        elif program in ("cd", "pushd"):
            yield from self._go(given[0] if given else "")
        elif self.is_lost:
            return
        elif program == "make":
            targets = [word for word in given if word.isidentifier()][: not self.folders]
            lacking = (one for one in targets if not self.paths.has_target(one))
            yield from (_Wrong(one, _NO_TARGET.filled(path=one)) for one in lacking)
        elif program in _BAZEL:
            labels = (word for word in given if word.startswith("//"))
            lacking = (one for one in labels if not self.paths.has_package(one))
            yield from map(_missing, lacking)
            yield from self._run(program, given)
        elif program not in _WRITE:
            yield from self._run(program, given)

    def _go(self, path: str) -> Iterator[_Wrong]:
        self.folders, self.shown, self.is_lost = [], path, True
        if path in self.paths.names:
            self.is_lost = False
        elif _PATH.fullmatch(path) and not path.startswith("."):
            first, _, rest = path.strip("/").partition("/")
            inner = rest if first in self.paths.names else f"{first}/{rest}".rstrip("/")
            self.folders = [one for one in self.paths.ending(inner) if one in self.paths.folders]
            self.is_lost = not self.folders
            if self.paths.lacks(path) or (self.is_lost and rest and inner == rest):
                yield _missing(path)

    def _run(self, program: str, given: tuple[str, ...]) -> Iterator[_Wrong]:
        words = (program, *given)
        scripts = {program} if program.startswith("./") else set()
        scripts |= set(given[:1]) if program in _SCRIPTS else set()
        for before, word in zip(words, given, strict=False):
            # What an option is given in two words may be called so at a hub, too.
            of_a_hub = before.startswith("-") and word.count("/") == 1 and not _SUFFIX.search(word)
            if not (_OUTPUT.fullmatch(before) or of_a_hub):
                yield from self._file(word, is_script=word in scripts)
        if program in scripts:
            yield from self._file(program, is_script=True)

    def _file(self, word: str, *, is_script: bool) -> Iterator[_Wrong]:
        if not _PATH.fullmatch(word) or _LEFT_OPEN.search(word):
            return
        name = word.removeprefix("./").rstrip("/")
        if self.paths.lacks(name) or self.paths.has_moved(name):
            yield _missing(name)
        elif "/" in name or not (is_script or _SUFFIX.search(name)):
            return
        elif known := [one for one in self.paths.ending(name) if one in self.paths.files]:
            if self.folders and not any(f"{one}/{name}" in known for one in self.folders):
                yield _Wrong(name, _NOT_HERE.filled(path=name, folder=self.shown))
        elif is_script and not self.paths.ending(name) and self.paths.scripts(name):
            yield _missing(name)


def _finding(page: Page, line: int, cell: int | None, wrong: _Wrong, meant: str | None) -> Finding:
    return Finding(
        page.path,
        line,
        cell,
        FindingKind.MISSING_PATH,
        Severity.WARNING,
        wrong.words,
        _MEANT.filled(path=meant) if meant else _LOOK,
    )
