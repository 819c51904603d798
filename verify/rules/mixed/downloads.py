"""What the prose links to for a download is what the code fetches, and opens.

Only one file a side is compared, of the same kind: a page with several may mean any of them.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.system.words import Words

_OTHER = Words(
    zh="正文链接到 `{named}`，代码下载的却是 `{fetched}`。",
    en="The text links to `{named}`, but the code fetches `{fetched}`.",
)
_OPENED = Words(
    zh="代码下载的是 `{fetched}`，解压的却是 `{named}`。",
    en="The code fetches `{fetched}`, but unpacks `{named}`.",
)
_SAME = Words(zh="请写同一个文件。", en="Name the same file in both places.")

_ARCHIVE = r"[\w.-]+\.(?:zip|tar\.gz|tgz|tar|gz|7z|rar)"
_URL = re.compile(rf"https?://[^\s'\"()<>]+/(?P<name>{_ARCHIVE})(?![\w.])")
_UNPACKS = re.compile(rf"\b(?:unzip|tar|gunzip)\s(?:-\w+\s+)*['\"]?(?P<name>{_ARCHIVE})(?![\w./])")
_RENAMES = re.compile(r"\s-[oO]\s|--output|\bmv\b|\bcp\b|rename|>\s*\S")


def of_page(page: Page) -> Iterator[Finding]:
    """Find a download that is named otherwise where it is fetched."""
    fetched = {found["name"] for code in page.codes for found in _URL.finditer(code.source)}
    if len(fetched) != 1:
        return
    (name,) = fetched
    linked = [link for link in page.links if (one := _file(link.target)) and _is_kin(one, name)]
    others = {_file(link.target) for link in linked} - {name}
    if len(others) == 1 and len({_file(link.target) for link in linked}) == 1:
        link = linked[0]
        said = _OTHER.filled(named=others.pop(), fetched=name)
        yield _finding(page, link.line, link.cell, said)
    for code in page.codes:
        for found in _UNPACKS.finditer(code.source):
            if found["name"] != name and not any(_RENAMES.search(c.source) for c in page.codes):
                row = code.source.count("\n", 0, found.start())
                said = _OPENED.filled(named=found["name"], fetched=name)
                yield _finding(page, code.line_of(row), code.cell, said)


def _file(address: str) -> str:
    """The archive that an address of the web ends in, or nothing."""
    try:
        url = urlsplit(address)
    except ValueError:
        return ""
    name = unquote(url.path).rpartition("/")[2]
    return name if url.scheme in ("http", "https") and re.fullmatch(_ARCHIVE, name) else ""


def _is_kin(one: str, other: str) -> bool:
    return one.partition(".")[2] == other.partition(".")[2]


def _finding(page: Page, line: int, cell: int | None, said: Words) -> Finding:
    return Finding(page.path, line, cell, FindingKind.MIXED_UP, Severity.WARNING, said, _SAME)
