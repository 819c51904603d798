"""Links that were meant as such, but are shown to the reader as the text they are written in."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page, Prose, SpanKind
from verify.rules.advice import IN_DOCUMENTATION, write
from verify.rules.checked_site import Site
from verify.rules.custom import Form, formed
from verify.rules.links.configuration import Builder, Configuration, rooted
from verify.system.words import Words

_AS_IT_IS = Words(zh="`{text}` 会原样显示：{why}。", en="`{text}` is shown as it is: {why}.")
_REVERSED_BRACKETS = Words(
    zh="`{text}` 会原样显示，因为两种括号写反了。",
    en="`{text}` is shown as it is, for the brackets are the wrong way round.",
)
_BEGINNING = Words(
    zh="网址 `{address}` 不是以正确的 `http://` 或 `https://` 开头。",
    en="The address `{address}` begins with no proper `http://` or `https://`.",
)
_CORRECT_BEGINNING = Words(zh="请改正网址的开头。", en="Correct its beginning.")
_OPEN_TAG = Words(
    zh="标签 `{tag}` 会原样显示，因为它没有按 HTML 的规则闭合或加引号。",
    en="The tag `{tag}` is shown as it is, for it is not closed or quoted as HTML has it.",
)
_CLOSE_TAG = Words(zh="请补全标签和引号。", en="Close the tag and its quotation marks.")
_UNDEFINED = Words(
    zh="`{text}` 会原样显示，因为这里没有定义 `[{name}]:`。",
    en="`{text}` is shown as it is, for nothing here defines `[{name}]:`.",
)
_DEFINE = Words(
    zh="请定义 `[{name}]: 网址`，或写成 `[{text}](网址)`。",
    en="Define `[{name}]: address`, or write `[{text}](address)`.",
)
_IS_RST = Words(
    zh="{text} 是 reStructuredText 的写法，Markdown 会原样显示。",
    en="{text} is reStructuredText, which Markdown shows as it is.",
)
_RST_LINK_IS_CODE = Words(
    zh="`` `{code}`_ `` 是 reStructuredText 的链接，Markdown 会显示成代码。",
    en="`` `{code}`_ `` is a link of reStructuredText, which Markdown shows as code.",
)
_MARKDOWN_LINK = Words(zh="请写成 Markdown 链接。", en="Write a Markdown link.")
_IS_MARKDOWN = Words(
    zh="`{text}` 是 Markdown 的写法，reStructuredText 会原样显示。",
    en="`{text}` is Markdown, which reStructuredText shows as it is.",
)
_UNQUOTED_LINK = Words(
    zh="`{text}` 会原样显示，因为链接要写在反引号之间。",
    en="`{text}` is shown as it is, for a link stands between backticks.",
)
_GLUED = Words(
    zh="`` {text} `` 会原样显示，因为它与前面的文字没有隔开。",
    en="`` {text} `` is shown as it is, for nothing sets it apart from the word before.",
)
_PUT_SPACE = Words(
    zh="请在它前面加一个空格，或一个反斜杠和一个空格。",
    en="Put a space, or a backslash and a space, before it.",
)
_UNDERSCORE = Words(
    zh="`` {text} `` 会原样显示，因为链接要以下划线结尾。",
    en="`` {text} `` is shown as it is, for a link ends in an underscore.",
)
_INTO_COMPUTER = Words(
    zh="链接不能指向作者自己的电脑", en="no link may lead into its author's own computer"
)
_NEVER_CLOSED = Words(zh="括号没有闭合", en="the bracket is never closed")
_COLON = Words(zh="`]` 与 `(` 之间有冒号", en="there is a colon between `]` and `(`")
_SPACE = Words(zh="`]` 与 `(` 之间有空格", en="there is a space between `]` and `(`")
_FULL_WIDTH = Words(zh="括号是全角的", en="its brackets are full-width")
_SPACE_IN_ADDRESS = Words(zh="网址中有空格", en="there is a space in the address")
_NO_LINK = Words(zh="这不是 Markdown 认识的链接", en="it is no link that Markdown understands")
_FILE = (
    r"[^\s()\[\]<>\uff08\uff09]*\.(?:md|rst|ipynb|html?|png|jpe?g|svg|gif|webp|py|pdf|csv|zip)\b"
)
_SPACED = r"[\w./-]+(?: [\w.-]+)+\.(?:md|ipynb|rst|png|jpg|svg)\b"
_TARGET = rf"(?:https?:/|file:/|\.{{0,2}}/[\w.]|#[^\W\d]|www\.|{_FILE}|{_SPACED})"
_LINK = re.compile(
    r"(?P<picture>!?)(?P<open>[\[\uff3b])(?P<text>[^\[\]\n\uff3b\uff3d]{1,150})(?P<close>[\]\uff3d])"
    rf"(?P<gap>\s{{0,3}}[:\uff1a]?\s{{0,3}})(?P<paren>[(\uff08])(?P<pad>\s*)(?P<target>[<\"']?{_TARGET}[^()\n\uff08\uff09]*)(?P<end>[)\uff09]?)"
)
_REVERSED = re.compile(rf"\((?P<text>[^()\n]{{1,150}})\)\[(?P<target>{_TARGET}[^\[\]\n]*)\]")
_BY_NAME = re.compile(r"(?<![\w\]])\[(?P<text>[^\[\]\n]{2,150})\]\[(?P<name>[^\[\]\n]*)\](?![\[(])")
# `[12] (address)` is how papers are cited.
_CITATION = re.compile(r"[\w+.-]*\d+[a-z]?(?:,\s*\d+)*")
_NAMED = re.compile(r"[^\W\d][\w-]{2,}")
_TAG = re.compile(r"<(?:a\s+[^<>\n]{0,40}href|img\s+[^<>\n]{0,40}src)\s*=", re.IGNORECASE)
_RST_LINK = re.compile(rf"(?P<text>.*?)\s*<(?P<target>{_TARGET}[^<>]*)>", re.DOTALL)
_RST_ROLE = re.compile(r":(?P<name>doc|ref|numref|download|any|term)(?P<colon>:)\s*$")
# A folder without a known builder whose pages have many roles has one that knows them.
_ANY_ROLE = re.compile(
    r"(?<![\w:]):(?:doc|ref|numref|cite|eqref|label|download|any|term):`[^`\n]+`"
)
_FEW = 3
# Extensions of MkDocs that make links of `[orchard.Tree][]`.
_FINDS_NAMES = re.compile(r"\b(?:autorefs|mkdocstrings)\b")
_OF_CODE = re.compile(r"\[`?\w+(?:\.\w+)+`?\](?:\[\])?$")
_ROLE_REACH = 40  # the longest of them, and blanks: a line may be megabytes long
_RST_PICTURE = re.compile(r"^\.\. +(?:image|figure):: *(?P<target>\S+)", re.MULTILINE)
_UNQUOTED = re.compile(r"(?P<text>\w[^\s<>`]*)\s*<(?P<target>https?://[^\s<>]+)>_")
_NO_UNDERSCORE = re.compile(
    rf"(?<![:`\w])`(?P<text>[^`<>\n]+?)\s*<(?P<target>{_TARGET}[^<>`\s]*)>`(?![_`])"
)
# docutils takes backticks for markup only where a word begins.
_NO_SPACE = re.compile(
    rf"(?<=\w)(?:`[^`<>\n]+\s<(?:{_TARGET})[^<>`]*>`__?|:(?:doc|ref|numref|download|any):\S+)"
)
_ADDRESS = re.compile(
    r"(?<![\w./:-])(?:"
    r"(?P<broken>https?(?::/(?![/\s])|//(?=\w)|[;\uff1a]/{1,2}|:\\\\))"
    r"|(?P<scheme>h(?:ttp|tttp|ttpp|tpp|tps|tp|ttsp|ptt)s{0,2}|ttps?)://)\S"
)


@dataclass(frozen=True)
class _Shown:
    """A piece of text that shows markup, from an offset on.

    `written` is what may be meant to be shown, where an author escapes its brackets. `in_html` is
    Markdown within HTML, which pandoc reads all the same.
    """

    offset: int
    message: Words
    suggestion: Words
    kind: FindingKind = FindingKind.BROKEN_LINK
    written: str = ""
    in_html: bool = False


@dataclass(frozen=True)
class _Build:
    """How sure it is what readers see, and what the build itself makes links of."""

    severity: Severity
    myst_notebooks: bool
    own_roles: bool
    finds_names: bool
    by_name: Form


def check(site: Site) -> Iterator[Finding]:
    """Find markup of links in what the reader is shown."""
    for part in rooted(site):
        # Not every builder reads Markdown as CommonMark has it.
        configuration = Configuration(part.root)
        own = configuration.builder is Builder.NONE and sum(map(_has_role, part.pages)) > _FEW
        sure = not own and configuration.builder is not Builder.OTHER
        build = _Build(
            Severity.ERROR if sure else Severity.WARNING,
            myst_notebooks=configuration.has_myst_notebooks,
            own_roles=own,
            finds_names=_FINDS_NAMES.search(configuration.text) is not None,
            by_name=Form((part.root, "by name"), len(part.pages), is_copied=True),
        )
        for page in part.pages:
            yield from _of_page(page, build)


def _has_role(page: Page) -> bool:
    return page.path.suffix == ".md" and _ANY_ROLE.search(page.text) is not None


def _of_page(page: Page, build: _Build) -> Iterator[Finding]:
    rst = page.path.suffix == ".rst"
    loose = [*_NO_UNDERSCORE.finditer(page.text)] if rst else []
    seen = set()
    for piece in page.prose:
        text = _without_code(piece)
        for shown in _in_rst(loose, text) if rst else _in_markdown(piece, text):
            is_role = build.own_roles and shown.suggestion is _MARKDOWN_LINK
            if is_role or (shown.written and _is_meant(shown.written, page, build)):
                continue
            at = (piece.line_at(shown.offset), piece.cell, shown.message)
            if at not in seen:
                seen.add(at)
                line, cell, message = at
                is_pandoc = shown.in_html and page.is_notebook and not build.myst_notebooks
                told = Finding(
                    page.path,
                    line,
                    cell,
                    shown.kind,
                    Severity.WARNING if is_pandoc else build.severity,
                    message,
                    shown.suggestion,
                )
                yield formed(told, build.by_name) if shown.written else told


def _is_meant(written: str, page: Page, build: _Build) -> bool:
    """Whether brackets are escaped, are those of two links, or hold a name that the build finds."""
    if build.finds_names and _OF_CODE.search(written):
        return True
    in_notebook = (json.dumps(written, ensure_ascii=one)[1:-1] for one in (True, False))
    return not any(one in page.text for one in (written, *in_notebook))


def _without_code(piece: Prose) -> str:
    text = list(piece.text)
    for span in piece.spans:
        if span.kind is not SpanKind.URL:
            text[span.start : span.end] = [
                c if c == "\n" else "\0" for c in text[span.start : span.end]
            ]
    return "".join(text)


def _in_both(text: str) -> Iterator[_Shown]:
    for found in _REVERSED.finditer(text):
        yield _Shown(
            found.start(),
            _REVERSED_BRACKETS.filled(text=found[0]),
            write(f"`[{found['text']}]({found['target']})`"),
        )
    for found in _ADDRESS.finditer(text):
        if (found["scheme"] or "").lower() in ("http", "https"):
            continue
        shown = re.split(r"[\s<>)\]\uff09\u3002\uff0c]", text[found.start() :], maxsplit=1)[0]
        yield _Shown(found.start(), _BEGINNING.filled(address=shown), _CORRECT_BEGINNING)
    for found in _TAG.finditer(text):
        shown = text[found.start() : found.start() + 40].partition("\n")[0]
        yield _Shown(found.start(), _OPEN_TAG.filled(tag=shown), _CLOSE_TAG)


def _in_markdown(piece: Prose, text: str) -> Iterator[_Shown]:
    yield from _in_both(text)
    for found in _LINK.finditer(text):
        if found["gap"] and _CITATION.fullmatch(found["text"].strip()):
            continue
        why = _why(found)
        yield _Shown(
            found.start(),
            _AS_IT_IS.filled(text=_line(found[0]), why=why),
            _right(found),
            FindingKind.BROKEN_IMAGE if found["picture"] else FindingKind.BROKEN_LINK,
            in_html=why is _NO_LINK,
        )
    for found in _BY_NAME.finditer(text):
        if _NAMED.search(found["name"] or found["text"]) and not _CITATION.fullmatch(found["text"]):
            name = found["name"] or found["text"]
            yield _Shown(
                found.start(),
                _UNDEFINED.filled(text=found[0], name=name),
                _DEFINE.filled(text=found["text"], name=name),
                written=found[0],
            )
    for found in _RST_PICTURE.finditer(text):
        yield _Shown(
            found.start(),
            _IS_RST.filled(text=f"`{found[0]}`"),
            write(f"`![]({found['target']})`"),
            FindingKind.BROKEN_IMAGE,
        )
    for span in piece.spans:
        if span.kind is SpanKind.CODE:
            yield from _rst_in_markdown(piece.text, span.start, span.end)


def _rst_in_markdown(text: str, start: int, end: int) -> Iterator[_Shown]:
    code = text[start:end]
    link = _RST_LINK.fullmatch(code)
    if link and text[end : end + 1] == "_":
        yield _Shown(
            start,
            _RST_LINK_IS_CODE.filled(code=code),
            write(f"`[{link['text']}]({link['target']})`"),
        )
    role = _RST_ROLE.search(text, max(0, start - _ROLE_REACH), start)
    if role:
        yield _Shown(
            role.start(),
            _IS_RST.filled(text=f"`` :{role['name']}:`{code}` ``"),
            _MARKDOWN_LINK,
        )


def _in_rst(loose: list[re.Match[str]], text: str) -> Iterator[_Shown]:
    yield from _in_both(text)
    for found in _LINK.finditer(text):
        if found["gap"] and _CITATION.fullmatch(found["text"].strip()):
            continue
        picture = bool(found["picture"])
        right = (
            f".. image:: {_target(found)}" if picture else f"`{found['text']} <{_target(found)}>`_"
        )
        yield _Shown(
            found.start(),
            _IS_MARKDOWN.filled(text=_line(found[0])),
            write(f"`` {right} ``"),
            FindingKind.BROKEN_IMAGE if picture else FindingKind.BROKEN_LINK,
        )
    for found in _UNQUOTED.finditer(text):
        yield _Shown(
            found.start(),
            _UNQUOTED_LINK.filled(text=found[0]),
            write(f"`` `{found['text']} <{found['target']}>`_ ``"),
        )
    for found in _NO_SPACE.finditer(text):
        yield _Shown(found.start(), _GLUED.filled(text=found[0]), _PUT_SPACE)
    for found in loose:
        shown = f"{found['text'].strip()} <{found['target']}>"
        at = text.find(shown)
        if at >= 0:
            yield _Shown(
                at,
                _UNDERSCORE.filled(text=found[0]),
                write(f"`` `{shown}`_ ``"),
            )


def _why(found: re.Match[str]) -> Words:
    if _target(found).startswith("file:"):
        return _INTO_COMPUTER
    if not found["end"]:
        return _NEVER_CLOSED
    if found["gap"]:
        return _COLON if found["gap"].strip() else _SPACE
    if found["paren"] + found["end"] + found["open"] + found["close"] != "()[]":
        return _FULL_WIDTH
    if re.search(r"\s", found["target"].strip()):
        return _SPACE_IN_ADDRESS
    return _NO_LINK


def _right(found: re.Match[str]) -> Words:
    target = _target(found)
    if target.startswith("file:"):
        return IN_DOCUMENTATION
    return write(f"`{found['picture']}[{found['text'].strip()}]({target})`")


def _target(found: re.Match[str]) -> str:
    target = found["target"].strip().strip("<>\"'")
    if re.search(r"\s(?!/)", target) and target.startswith("http"):
        return target.split()[0]
    if target.startswith("http"):
        return "".join(target.split())
    return f"<{target}>" if " " in target and found["end"] else target.split(" ")[0]


def _line(text: str) -> str:
    return " ".join(text.split())
