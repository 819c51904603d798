"""Emphasis and code of a text, and of its translations, are read as such, and not shown as stars.

reStructuredText takes stars and backticks for markup only beside a space or a mark; Markdown takes
no stars between a mark and a letter. Chinese is written without spaces, so a translation loses what
its English text has.
"""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, SpanKind
from verify.rules.checked_site import Site
from verify.rules.links.configuration import Builder, Configuration, rooted
from verify.rules.wording import catalogues
from verify.system.words import Words, clause

_STRONG = re.compile(r"(?<![*\\])\*\*(?P<inner>[^*\W](?:[^*\n]*[^*\s\\])?)\*\*(?!\*)")
_INLINE = re.compile(
    r"(?<![*\\`:])(?P<role>:[a-z][\w:+-]*:)?(?P<mark>\*\*|\*|``|`)(?P<inner>[^*`\s](?:[^*`\n]*[^*`\s\\])?)"
    r"(?P=mark)(?P<link>_{0,2})(?![*`])"
)
_WIDE_ROLE = re.compile(r"\uff1a(?:doc|ref|numref|math|any|term|download|func|class|meth):`")
_ROLES = "doc|ref|numref|math|any|term|download|obj|(?:py:)?(?:func|class|meth|mod|attr|data|exc)"
# What only MyST and reStructuredText read, and not with a space within.
_APART = re.compile(rf"(?<![\w:`])(?::(?:{_ROLES}):|\{{(?:{_ROLES})\}})[ ]+`[^`\n]*`?")
_VARIABLE = re.compile(r"\{[A-Z_][A-Z0-9_]*\}")
_NUMBER = re.compile(r"(\s*)(\d{1,2})[.)]\s*")
_LONG = 40

_SHOWN = Words(
    zh="`{shown}` 不会被当作标记，读者看到的是符号本身。",
    en="`{shown}` is not read as markup: the reader sees the very signs.",
)
_OFTEN = Words(zh="{said}（本文件共 {count} 处）。", en="{said} ({count} times in this file).")
_SPACE = Words(
    zh="在标记外侧加一个空格，或把标点移到标记之外。",
    en="Put a space outside of the markup, or the punctuation outside of it.",
)
_FORMULA = Words(
    zh="`{name}` 到下一个 `$` 之间会被当作公式，读者看不到原来的文字。",
    en="From `{name}` up to the next `$` all is taken for a formula, and not shown as written.",
)
_ESCAPE = Words(
    zh="写成 `\\{name}`，或放进反引号。", en="Write `\\{name}`, or put it between backticks."
)
_JOIN = Words(
    zh="去掉角色与反引号之间的空格。", en="Leave out the space between the role and the backtick."
)
_EMPTY = Words(zh="列表的第 {number} 项是空的。", en="Item {number} of the list is empty.")
_FILL = Words(
    zh="补上内容，或删去这个编号。", en="Write what belongs here, or leave the number out."
)
_COLON = Words(
    zh="角色名之前用半角冒号和空格。", en="Write a plain colon, and a space before the role."
)


def check(site: Site) -> Iterator[Finding]:
    """Find markup that is shown as it is written, or hides what is written."""
    for part in rooted(site):
        configuration = Configuration(part.root)
        for page in part.pages:
            yield from _of_page(page)
            if page.path.suffix == ".md":
                yield from _empty_items(page)
                if _reads_formulas(configuration):
                    yield from _variables(page)
    for catalogue, translated in catalogues.of_site(site):
        if translated:
            yield from _of_catalogue(catalogue, translated, site)


def _of_page(page: Page) -> Iterator[Finding]:
    """The same mistake is one finding a file: who does not know of it makes it throughout."""
    lost = [
        (piece, found)
        for piece in page.prose
        for found in _STRONG.finditer(piece.words)
        if not piece.words[found.start() - 1 : found.start()].isdigit()  # a power, of some code
    ]
    if lost:
        piece, found = lost[0]
        said = _counted(_SHOWN.filled(shown=_cut(found[0])), len(lost))
        yield _finding(page.path, piece.line_at(found.start()), piece.cell, said)
    if not page.is_notebook:
        yield from _of_roles(page)


def _lines_of_code(page: Page) -> set[int]:
    return {code.line + i for code in page.codes for i in range(code.source.count("\n") + 1)}


def _of_roles(page: Page) -> Iterator[Finding]:
    shown = _lines_of_code(page)
    apart = [
        (line, found)
        for line, text in enumerate(page.text.split("\n"), start=1)
        if line not in shown
        for found in _APART.finditer(text)
    ]
    if apart:
        line, found = apart[0]
        said = _counted(_SHOWN.filled(shown=_cut(found[0].replace("`", ""))), len(apart))
        yield _finding(page.path, line, None, said, _JOIN)


def _reads_formulas(configuration: Configuration) -> bool:
    """Whether what stands between two dollars is a formula: on GitHub it is, in MyST on demand."""
    wanted = "dollarmath" in configuration.strings("myst_enable_extensions")
    return wanted or configuration.builder in (Builder.NONE, Builder.MYST)


def _variables(page: Page) -> Iterator[Finding]:
    """Variables of a shell, two of which make a formula of all that stands between them."""
    for piece in page.prose:
        for span in piece.spans:
            text = piece.text[span.start : span.end].strip("$")
            if span.kind is SpanKind.MATH and (found := _VARIABLE.match(text)):
                name = f"${found[0]}"
                said, advice = _FORMULA.filled(name=name), _ESCAPE.filled(name=name)
                yield _finding(page.path, piece.line_at(span.start), piece.cell, said, advice)


def _empty_items(page: Page) -> Iterator[Finding]:
    """Numbers of a list that nothing follows."""
    lines = page.text.split("\n")
    shown = _lines_of_code(page)
    for i, line in enumerate(lines, start=1):
        if (found := _NUMBER.fullmatch(line)) and i not in shown:
            after = next((other for other in lines[i:] if other.strip()), "")
            if len(after) - len(after.lstrip()) <= len(found[1]):
                yield _finding(page.path, i, None, _EMPTY.filled(number=found[2]), _FILL)


def _of_catalogue(path: Path, page: Page, site: Site) -> Iterator[Finding]:
    is_rst = page.path.suffix == ".rst" or (
        page.is_notebook and Configuration(site.root).has_extension("nbsphinx")
    )
    entries = [one for one in catalogues.readable(path) if one.translated()]
    wide = [(one, found) for one in entries if (found := _WIDE_ROLE.search(one.msgstr))]
    if wide and is_rst:
        said = _SHOWN.filled(shown=wide[0][1][0])
        yield _finding(path, wide[0][0].linenum, None, _counted(said, len(wide)), _COLON)
    lost = [
        (entry, shown)
        for entry in entries
        if next(_shown(entry.msgid, is_rst=is_rst), None) is None
        for shown in _shown(entry.msgstr, is_rst=is_rst)
    ]
    if lost:
        said = _SHOWN.filled(shown=_cut(lost[0][1]))
        yield _finding(path, lost[0][0].linenum, None, _counted(said, len(lost)))


def _shown(text: str, *, is_rst: bool) -> Iterator[str]:
    """Markup of a text that no parser takes for such."""
    for found in (_INLINE if is_rst else _STRONG).finditer(text):
        before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
        inner = found["inner"]
        if is_rst:
            lost = before.isalnum() or after.isalnum()
        else:
            lost = (_is_mark(inner[-1]) and after.isalnum()) or (
                _is_mark(inner[0]) and before.isalnum()
            )
        if lost:
            yield found[0]


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith(("P", "S"))


def _counted(said: Words, count: int) -> Words:
    return _OFTEN.filled(said=clause(said), count=count) if count > 1 else said


def _cut(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def _finding(
    path: Path, line: int, cell: int | None, said: Words, suggestion: Words = _SPACE
) -> Finding:
    return Finding(path, line, cell, FindingKind.MARKUP, Severity.WARNING, said, suggestion)
