"""English words are spelt right, in prose, in pictures' texts, in comments and docstrings."""

import ast
import io
import json
import re
import shutil
import subprocess
import sysconfig
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from verify.errors import ResourceError
from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Block, LinkKind, Page, SpanKind
from verify.rules.advice import write
from verify.rules.checked_site import Site
from verify.rules.wording import catalogues, near_names
from verify.system.words import Words, joined

_MISSPELT = Words(zh="“{word}”拼写有误。", en="“{word}” is misspelt.")
_MISSPELT_OFTEN = Words(
    zh="“{word}”拼写有误（本页面共 {count} 处）。",
    en="“{word}” is misspelt ({count} times on this page).",
)

_CONFIG = Path(__file__).with_name("typos.toml")
_LATIN = re.compile(r"[A-Za-z]+")
_OF_A_SHELL = {"bash", "sh", "shell", "zsh", "yaml", "yml", "toml", "dockerfile", "ini"}
_SHELL_COMMENT = re.compile(r"^\s*#(?!!)(.*)")
_BEGINS_A_STATEMENT = {tokenize.ENCODING, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]{7,}")  # shorter capitals are acronyms
# `train(model)` is a name of code, “the call(number of passages)” lacks a space.
_CALL = re.compile(r"\((?!\w+ \w+ \w)")
_IN_A_NAME = re.compile(r"[A-Za-z0-9_@/\\:~&+$%#-]|\.(?=[A-Za-z0-9_])")
# A line that lists people: capitals, initials and what joins them.
_PEOPLE = re.compile(r"(?:[A-Z][\w.'\u2019-]*|and|&|et|al\.?|[,;*\s\d])+", re.ASCII)
_ONLY_CODE_HAS = ast.Call | ast.Assign | ast.Attribute | ast.Subscript | ast.Import | ast.ImportFrom
# Half a character, as a notebook can hold it, is one byte then as it is one character.
_HALF = "replace"


@dataclass(frozen=True)
class _Line:
    """A line of plain text, and where it stands."""

    text: str
    path: Path
    line: int
    cell: int | None
    # Of code: the page's words. Its names may be spelt as they like, but not in two ways.
    beside: Page | None = None


@dataclass(frozen=True)
class _Misspelling:
    where: _Line
    start: int
    word: str
    corrections: tuple[str, ...]


# By these English is told from other languages, in pages with enough words.
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]+")
_SMALL = frozenset("the of and to is for with this".split())
_ENOUGH, _SHARE = 100, 0.02


def check(site: Site) -> Iterator[Finding]:
    """Find misspelt words: one finding for a word on a page, at its first place.

    Raises:
        ResourceError: the spelling checker is not installed, or fails.
    """
    lines = [line for page in site.pages if not _is_foreign(page) for line in _lines(page)]
    lines += [line for path, page in catalogues.of_site(site) for line in _translated(path, page)]
    found: dict[tuple[Path, str], list[_Misspelling]] = {}
    for one in _misspelt(lines):
        if _is_prose(one):
            found.setdefault((one.where.path, one.word.lower()), []).append(one)
    for places in found.values():
        first = min(places, key=lambda one: one.where.line)
        message = _MISSPELT_OFTEN if len(places) > 1 else _MISSPELT
        right = joined((f"“{word}”" for word in first.corrections), zh="或", en=" or ")
        yield Finding(
            first.where.path,
            first.where.line,
            first.where.cell,
            FindingKind.SPELLING,
            Severity.WARNING,
            message.filled(word=first.word, count=len(places)),
            write(right),
        )
    for page in site.pages:
        told = {word for path, word in found if path == page.path}
        yield from near_names.of_page(page, told)


def _is_foreign(page: Page) -> bool:
    """Whether a page in Latin letters is in another language than English, by its small words."""
    words = [word.lower() for piece in page.prose for word in _LATIN.findall(piece.words)]
    small = sum(word in _SMALL for word in words)
    return not page.is_chinese and len(words) >= _ENOUGH and small < _SHARE * len(words)


def _lines(page: Page) -> Iterator[_Line]:
    for piece in page.prose:
        for row, text in enumerate(piece.words.split("\n")):
            yield _Line(text, page.path, piece.line + row * piece.rows, piece.cell)
        for span in piece.spans:
            if span.kind is SpanKind.CODE:
                text = piece.text[span.start : span.end].replace("\n", " ")
                yield _Line(text, page.path, piece.line_at(span.start), piece.cell, page)
    for link in page.links:
        if link.kind is LinkKind.IMAGE and " " in link.text:  # else mostly a file's name
            yield _Line(link.text.replace("\n", " "), page.path, link.line, link.cell)
    for code in page.codes:
        for row, text in remarks(code):
            yield _Line(text, page.path, code.line_of(row), code.cell)


def _translated(path: Path, page: Page | None) -> Iterator[_Line]:
    """The words of translations, but for those that the page has as well."""
    known = set(_LATIN.findall(page.text)) if page else set()
    for entry in catalogues.readable(path):
        new = _LATIN.sub(lambda word: " " if word[0] in known else word[0], entry.msgstr)
        yield _Line(new.replace("\n", " "), path, entry.linenum, None)


def remarks(code: Block) -> Iterator[tuple[int, str]]:
    """The lines of comments and docstrings, each with its 0-based row in the source."""
    if code.language in _OF_A_SHELL:
        for row, text in enumerate(code.source.split("\n")):
            if found := _SHELL_COMMENT.match(text):
                yield row, found[1]
    if not code.is_python:
        return
    before = tokenize.ENCODING
    try:
        for token in tokenize.generate_tokens(io.StringIO(code.python).readline):
            is_docstring = token.type == tokenize.STRING and before in _BEGINS_A_STATEMENT
            if is_docstring or (token.type == tokenize.COMMENT and not _is_code(token.string)):
                for i, text in enumerate(token.string.split("\n")):
                    yield token.start[0] - 1 + i, text.lstrip("# ")
            if token.type not in (tokenize.NL, tokenize.COMMENT):
                before = token.type
    except (tokenize.TokenError, SyntaxError):
        return  # what comes after the broken place is not read


def _is_code(comment: str) -> bool:
    """Whether a comment is code that was switched off."""
    try:
        tree = ast.parse(comment.lstrip("#").strip())
    except (SyntaxError, ValueError):
        return False
    return any(isinstance(node, _ONLY_CODE_HAS) for node in ast.walk(tree))


def _misspelt(lines: list[_Line]) -> Iterator[_Misspelling]:
    if not lines:
        return
    text = "\n".join(line.text for line in lines)
    for answer in map(json.loads, _ask(text)):
        if answer.get("type") != "typo":
            continue
        where = lines[answer["line_num"] - 1]
        start = len(where.text.encode(errors=_HALF)[: answer["byte_offset"]].decode())
        yield _Misspelling(where, start, answer["typo"], tuple(answer["corrections"]))


def _ask(text: str) -> Iterable[str]:
    program = shutil.which("typos", path=sysconfig.get_path("scripts")) or shutil.which("typos")
    if program is None:
        raise ResourceError(
            Words(
                zh="缺少拼写检查器；请安装软件包 `typos`。",
                en="The spelling checker is missing; install the package `typos`.",
            )
        )
    command = [program, "--isolated", "--config", str(_CONFIG), "--format", "json", "-"]
    done = subprocess.run(
        command, input=text.encode(errors=_HALF), capture_output=True, check=False
    )
    if done.returncode not in (0, 2):  # 2: it has found something
        problem = done.stderr.decode(errors="replace").strip()
        raise ResourceError(
            Words(
                zh="拼写检查器出错：{problem}。", en="The spelling checker failed: {problem}."
            ).filled(problem=problem)
        )
    return done.stdout.decode().splitlines()


def _is_prose(one: _Misspelling) -> bool:
    """Whether the word stands alone in running text, and is no part of an identifier or a name."""
    if page := one.where.beside:
        rest = page.text.replace(one.word, "", 1)
        # `ttest` is a test of its own.
        meant = [right for right in one.corrections if not one.word.endswith(right)]
        return one.word not in rest and any(right in rest for right in meant)
    text, end = one.where.text, one.start + len(one.word)
    start = one.start
    while start and _IN_A_NAME.match(text, start - 1):
        start -= 1
    while end < len(text) and _IN_A_NAME.match(text, end):
        end += 1
    whole, after = text[start:end].rstrip(":/"), text[end:]
    is_plain = one.word in whole.split("-") and all(map(_WORD.fullmatch, whole.split("-")))
    is_name_in_code = _CALL.match(after) or after.lstrip().startswith("=")
    is_named = _is_abbreviated(one, after) or _is_person(one) or after.startswith(" et al")
    return is_plain and not (is_name_in_code or is_named)


def _is_abbreviated(one: _Misspelling, after: str) -> bool:
    cut = any(right.lower().startswith(one.word.lower()) for right in one.corrections)
    return cut and one.word[0].isupper() and after.startswith(".")


def _is_person(one: _Misspelling) -> bool:
    text = one.where.text.strip()
    listed = _PEOPLE.fullmatch(text) and ("," in text or " and " in text)
    return one.word[0].isupper() and bool(listed)
