"""Markdown, as MyST and notebooks have it, through markdown-it."""

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from verify.page.page import Block, Link, LinkKind, Parts, Prose, Role, Span, SpanKind

_DIRECTIVE = re.compile(r"^\{([\w:-]+)\}\s*(.*)$")
_PICTURES = ("image", "figure")
_REFERENCES = {"doc": LinkKind.DOCUMENT, "ref": LinkKind.LABEL, "download": LinkKind.FILE}
_ROLE_TARGET = re.compile(r"^.*<(?P<target>[^<>]+)>$", re.DOTALL)
# Options of a card, which stand before its words.
_CARD_LINK = re.compile(r"\A(?::[\w-]+:.*\n)*?:link:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_CARD_LINK_TYPE = re.compile(r"\A(?::[\w-]+:.*\n)*?:link-type:[ \t]*(\w+)", re.MULTILINE)
_LISTS = ("bullet_list", "ordered_list", "dl")
_ROLES = {"heading": Role.HEADING, "td": Role.TABLE_CELL, "th": Role.TABLE_CELL, "dt": Role.ITEM}


_MARKS = {"<sup": "^", "<sub": "_"}


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"linkify": True}).enable(["table", "strikethrough"])
    parser = parser.enable("linkify")
    if parser.linkify:
        parser.linkify.set({"fuzzy_link": False, "fuzzy_email": False})
    for plugin in (
        colon_fence_plugin,
        deflist_plugin,
        front_matter_plugin,
        myst_block_plugin,
        myst_role_plugin,
    ):
        parser.use(plugin)
    return parser.use(dollarmath_plugin, double_inline=True)


def read(
    text: str, parts: Parts, *, line: int = 1, cell: int | None = None, rows: int = 1
) -> list[tuple[str, int]]:
    """Read Markdown into `parts`.

    Args:
        text: the Markdown.
        parts: gets what was found.
        line: the line in the file where the text begins.
        cell: the notebook cell that it is the source of.
        rows: 1 where each line of the text has its own line in the file, 0 where they share one.

    Returns:
        The reStructuredText inside, each with its line.
    """
    walk = _Walk(parts, line, cell, rows)
    walk.run(_parser().parse(text))
    return walk.embedded


@dataclass
class _Walk:
    parts: Parts
    first: int
    cell: int | None
    rows: int
    embedded: list[tuple[str, int]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    groups: list[int] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    column: int = 0
    level: int = 0
    line: int = 0  # of the last block that had one: cells of a table share their row's

    def run(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.map:
                self.line = token.map[0]
            name = token.type.removesuffix("_open").removesuffix("_close")
            if token.nesting == 1:
                self.enter(name, token)
            elif token.nesting == -1:
                self.leave(name)
            else:
                self.block(token)

    def at(self, row: int) -> int:
        return self.first + row * self.rows

    def enter(self, name: str, token: Token) -> None:
        self.open.append(name)
        if name in (*_LISTS, "table"):
            self.parts.groups += 1
            self.groups.append(self.parts.groups)
            self.counts.append(0)
        elif name == "heading":
            self.level = int(token.tag[1:])
        elif name in ("list_item", "tr", "dt"):
            self.counts[-1] += 1
            self.column = 0
        elif name in ("td", "th"):
            self.column += 1

    def leave(self, name: str) -> None:
        self.open.pop()
        if name in (*_LISTS, "table"):
            self.groups.pop()
            self.counts.pop()

    def block(self, token: Token) -> None:
        start = token.map[0] if token.map else self.line
        match token.type:
            case "inline":
                self.inline(token, start)
            case "fence" | "colon_fence":
                self.fence(token, start)
            case "code_block":
                self.code(token.content, "", start)
            case "html_block":
                self.html(token.content, start)
            case "myst_target":
                self.parts.labels.append(token.content)

    def fence(self, token: Token, start: int) -> None:
        info = token.info.strip()
        directive = _DIRECTIVE.match(info)
        if directive is None:
            language = re.split(r"[\s{,]", info, maxsplit=1)[0].lower()
            self.code(token.content.removesuffix("\n"), language, start + 1)
            return
        name, argument = directive[1], directive[2].strip()
        if name == "eval-rst":
            self.embedded.append((token.content, self.at(start + 1)))
        elif name in _PICTURES:
            self.link(argument, "", LinkKind.IMAGE, start)
        elif name == "toctree":
            for i, entry in enumerate(token.content.split("\n")):
                if entry.strip() and not entry.lstrip().startswith(":"):
                    self.link(entry.strip(), "", LinkKind.DOCUMENT, start + 1 + i)
        elif name in ("code-block", "code", "code-cell", "sourcecode"):
            self.code(token.content, argument.lower(), start + 1)
        elif name in ("include", "literalinclude"):
            self.link(argument, "", LinkKind.FILE, start)
        else:  # admonitions and the like hold Markdown
            if found := _CARD_LINK.search(token.content):
                told = _CARD_LINK_TYPE.search(token.content)
                kind = _REFERENCES.get(told[1] if told else "url", LinkKind.LINK)
                self.link(
                    found[1], "", kind, start + 1 + token.content.count("\n", 0, found.start())
                )
            self.embedded += read(
                token.content, self.parts, line=self.at(start + 1), cell=self.cell, rows=self.rows
            )

    def code(self, source: str, language: str, row: int) -> None:
        self.parts.codes.append(Block(source, self.at(row), language, self.cell, self.rows))

    def link(self, target: str, text: str, kind: LinkKind, row: int) -> None:
        self.parts.links.append(Link(target, text, kind, self.at(row), self.cell))

    def html(self, content: str, row: int) -> None:
        reader = _Html()
        reader.feed(content)
        for kind, target, offset in reader.links:
            self.link(target, "", kind, row + offset)
        self.parts.labels += reader.ids
        for text, offset in reader.texts:
            self.parts.prose.append(
                Prose(text, self.at(row + offset), Role.PARAGRAPH, self.cell, self.rows)
            )

    def inline(self, token: Token, start: int) -> None:  # noqa: C901  # one case a kind
        text, spans, row = "", [], start
        hrefs: list[tuple[str, int, int]] = []
        for child in token.children or []:
            before = len(text)
            match child.type:
                case "text" | "text_special":
                    text += child.content
                case "softbreak" | "hardbreak":
                    text, row = text + "\n", row + 1
                case "code_inline":
                    text += child.content
                    spans.append(Span(before, len(text), SpanKind.CODE))
                case "math_inline" | "math_inline_double":
                    text += child.content
                    row += child.content.count("\n")
                    spans.append(Span(before, len(text), SpanKind.MATH))
                case "myst_role":
                    text += child.content
                    spans.append(Span(before, len(text), SpanKind.CODE))
                    self.role(child, row)
                case "image":
                    self.link(str(child.attrs.get("src", "")), child.content, LinkKind.IMAGE, row)
                case "link_open":
                    hrefs.append((str(child.attrs.get("href", "")), before, row))
                case "link_close":
                    href, began, its_row = hrefs.pop()
                    self.link(href, text[began:], LinkKind.LINK, its_row)
                    if "://" in text[began:]:
                        spans.append(Span(began, len(text), SpanKind.URL))
                case "html_inline":
                    self.inline_html(child.content, row)
                    # Without a mark `10<sup>6</sup>` would be 106.
                    text += _MARKS.get(child.content[:4].lower(), "")
        if text.strip():
            self.parts.prose.append(
                Prose(
                    text,
                    self.at(start),
                    self.place_role(),
                    self.cell,
                    self.rows,
                    level=self.level if "heading" in self.open else 0,
                    group=self.groups[-1] if self.groups else None,
                    place=self.place(),
                    spans=tuple(spans),
                )
            )

    def place_role(self) -> Role:
        for name in reversed(self.open):
            if name in _ROLES:
                return _ROLES[name]
            if name in ("list_item", "dd"):
                return Role.ITEM
        return Role.PARAGRAPH

    def place(self) -> tuple[int, ...]:
        if not self.counts:
            return ()
        in_table = "table" in self.open
        return (self.counts[-1] - 1, self.column - 1) if in_table else (self.counts[-1] - 1,)

    def role(self, token: Token, row: int) -> None:
        name = str(token.meta.get("name", "")).rpartition(":")[2]
        if name in _REFERENCES:
            found = _ROLE_TARGET.match(token.content)
            target = found["target"] if found else token.content
            self.link(target, token.content, _REFERENCES[name], row)

    def inline_html(self, content: str, row: int) -> None:
        reader = _Html()
        reader.feed(content)
        for kind, target, _ in reader.links:
            self.link(target, "", kind, row)
        self.parts.labels += reader.ids


class _Html(HTMLParser):
    """The links, anchors and words of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[LinkKind, str, int]] = []
        self.ids: list[str] = []
        self.texts: list[tuple[str, int]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        row = self.getpos()[0] - 1
        if tag == "a" and "href" in values:
            self.links.append((LinkKind.LINK, values["href"], row))
        if tag == "img":
            self.links.append((LinkKind.IMAGE, values.get("src", ""), row))
        self.ids += [values[key] for key in ("id", "name") if values.get(key)]
        self.silent += tag in ("script", "style", "code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in ("script", "style", "code", "pre")

    def handle_data(self, data: str) -> None:
        if data.strip() and not self.silent:
            lead = len(data) - len(data.lstrip())
            row = self.getpos()[0] - 1 + data.count("\n", 0, lead)
            self.texts.append((data.strip(), row))
