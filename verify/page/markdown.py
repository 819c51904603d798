"""Markdown, as MyST and notebooks have it, through markdown-it."""

import re
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role.index import myst_role

from verify.page import components, directives
from verify.page.page import PICTURE, Block, Link, LinkKind, Parts, Prose, Role, Span, SpanKind

_DIRECTIVE = re.compile(r"^\{([\w:-]+)\}\s*(.*)$")
_ROLE_TARGET = re.compile(r"^.*<(?P<target>[^<>]+)>$", re.DOTALL)
# The options of a directive, which stand before what it holds; those of a card may be a link.
_OPTIONS = re.compile(r"\A(?:[ \t]*:[\w-]+:.*(?:\n|\Z))+\n?|\A---\n(?:.*\n)*?---(?:\n|\Z)")
_CARD_LINK = re.compile(r"^:?link:[ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_CARD_LINK_TYPE = re.compile(r"^:?link-type:[ \t]*(\w+)", re.MULTILINE)
_NO_PROSE_IN = ("code", "kbd", "pre", "samp", "script", "style", "textarea", "tt")
# `src={require("./x.png").default}`.
_MODULE = re.compile(r"\{\s*require\(\s*[\"']([^\"'\n]+)[\"']\s*\)(?:\.default)?\s*\}")
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
        amsmath_plugin,
        colon_fence_plugin,
        deflist_plugin,
        footnote_plugin,
        front_matter_plugin,
        myst_block_plugin,
    ):
        parser.use(plugin)
    parser.inline.ruler.before("backticks", "myst_role", _role)
    return parser.use(dollarmath_plugin, double_inline=True).disable("footnote_inline")


def _role(state: StateInline, silent: bool) -> bool:  # noqa: FBT001  # as markdown-it calls it
    # The plugin copies the rest of the text before it looks for the brace.
    return state.src[state.pos] == "{" and myst_role(state, silent)


def read(
    text: str,
    parts: Parts,
    *,
    line: int = 1,
    cell: int | None = None,
    rows: int = 1,
    env: EnvType | None = None,
) -> list[tuple[str, int]]:
    """Read Markdown into `parts`.

    Args:
        text: the Markdown.
        parts: gets what was found.
        line: the line in the file where the text begins.
        cell: the notebook cell that it is the source of.
        rows: 1 where each line of the text has its own line in the file, 0 where they share one.
        env: what the text around it defines, such as the addresses of `[name]: address`.

    Returns:
        The reStructuredText inside, each with its line.
    """
    walk = _Walk(parts, line, cell, rows, {} if env is None else env)
    walk.run(_parser().parse(text, walk.env))
    return walk.embedded


@dataclass
class _Walk:
    parts: Parts
    first: int
    cell: int | None
    rows: int
    env: EnvType
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
            case "html_block" if inside := components.inside(token.content):
                self.of_html(_read_html(token.content), start)
                self.container(inside, "", start, start)
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
        self.directive(directive[1], directive[2].strip(), token.content, start)

    def directive(self, name: str, argument: str, content: str, start: int) -> None:
        found = _OPTIONS.match(content)
        options, content = (found[0], content[found.end() :]) if found else ("", content)
        begins = start + 1 + options.count("\n")
        if name == "eval-rst":
            self.embedded.append((options + content, self.at(start + 1)))
        elif name in directives.PICTURES:
            self.link(argument, "", LinkKind.IMAGE, start)
        elif name == "toctree":
            for i, entry in enumerate(content.split("\n")):
                if entry.strip():
                    self.link(entry.strip(), "", LinkKind.DOCUMENT, begins + i)
        elif name in directives.CODE:
            self.code(content, argument.lower(), begins)
        elif name in directives.INCLUDES:
            self.link(argument, "", LinkKind.FILE, start)
        elif directives.holds_text(name):
            self.container(content, options, begins, start + 1)

    def container(self, content: str, options: str, begins: int, start: int) -> None:
        if found := _CARD_LINK.search(options):
            told = _CARD_LINK_TYPE.search(options)
            kind = directives.REFERENCES.get(told[1] if told else "url", LinkKind.LINK)
            self.link(found[1], "", kind, start + options.count("\n", 0, found.start()))
        line, cell, rows = self.at(begins), self.cell, self.rows
        self.embedded += read(content, self.parts, line=line, cell=cell, rows=rows, env=self.env)

    def code(self, source: str, language: str, row: int) -> None:
        self.parts.codes.append(Block(source, self.at(row), language, self.cell, self.rows))

    def link(self, target: str, text: str, kind: LinkKind, row: int) -> None:
        self.parts.links.append(Link(target, text, kind, self.at(row), self.cell))

    def html(self, content: str, row: int) -> None:
        reader = _Html()
        reader.feed(content)
        self.of_html(reader, row)
        for text, offset in reader.texts:
            self.parts.prose.append(
                Prose(text, self.at(row + offset), Role.PARAGRAPH, self.cell, self.rows)
            )

    def inline(self, token: Token, start: int) -> None:  # noqa: C901  # one case a kind
        line, row, html = _Line(), start, _Html()
        hrefs: list[tuple[str, int, int]] = []
        for child in token.children or []:
            match child.type:
                case "text" | "text_special":
                    line.add(child.content, SpanKind.CODE if html.silent else None)
                    html.shows(child.content)
                case "softbreak" | "hardbreak":
                    line.add("\n")
                    row += 1
                case "code_inline":
                    line.add(child.content, SpanKind.CODE)
                    html.shows(child.content)
                case "math_inline" | "math_inline_double":
                    line.add(child.content, SpanKind.MATH)
                    row += child.content.count("\n")
                case "myst_role":
                    line.add(child.content, SpanKind.CODE)
                    self.role(child, row)
                case "image":
                    line.add(PICTURE, SpanKind.CODE)
                    self.link(str(child.attrs.get("src", "")), child.content, LinkKind.IMAGE, row)
                case "link_open":
                    hrefs.append((str(child.attrs.get("href", "")), len(line.pieces), row))
                case "link_close":
                    href, began, its_row = hrefs.pop()
                    self.link(href, line.since(began).replace(PICTURE, ""), LinkKind.LINK, its_row)
                    if len(line.pieces) == began:  # MyST puts the title of the target there
                        line.add(PICTURE, SpanKind.CODE)
                case "html_inline":
                    html.first_row = row - start - html.getpos()[0] + 1
                    html.feed(child.content)
                    # Without a mark `10<sup>6</sup>` would be 106.
                    line.add(_MARKS.get(child.content[:4].lower(), ""))
        self.of_html(html, start)
        text, spans = "".join(line.pieces), line.spans
        if text.strip(f"{PICTURE} \n"):
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
        kind = directives.of_reference(str(token.meta.get("name", "")))
        if kind:
            found = _ROLE_TARGET.match(token.content)
            target = found["target"] if found else token.content
            self.link(target, token.content, kind, row)

    def of_html(self, html: "_Html", row: int) -> None:
        for one in html.links:
            self.link(one.target, one.text, one.kind, row + one.row)
        self.parts.labels += html.ids


def _read_html(html: str) -> "_Html":
    reader = _Html()
    reader.feed(html)
    reader.links.clear()  # they stand in what is read as Markdown
    return reader


class _Line:
    """The text of a paragraph as it grows, and what in it is no prose."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.spans: list[Span] = []
        self.length = 0

    def add(self, text: str, kind: SpanKind | None = None) -> None:
        if kind:
            self.spans.append(Span(self.length, self.length + len(text), kind))
        self.pieces.append(text)
        self.length += len(text)

    def since(self, piece: int) -> str:
        """What was added from a piece on, which is a link's; a link may show its address."""
        text = "".join(self.pieces[piece:])
        if "://" in text:
            self.spans.append(Span(self.length - len(text), self.length, SpanKind.URL))
        return text


@dataclass
class _HtmlLink:
    """A link or picture of HTML, in a row of the piece; `text` grows until the link ends."""

    target: str
    kind: LinkKind
    row: int
    text: str = ""


def _of_module(value: str | None) -> str | None:
    """A target, which MDX may write as a module's; None where only a program knows it."""
    if value is None or not value.startswith("{"):
        return value
    module = _MODULE.match(value)
    return module[1] if module else None


class _Html(HTMLParser):
    """The links, anchors and words of a piece of HTML, which begins in `first_row`."""

    def __init__(self) -> None:
        super().__init__()
        self.first_row = 0
        self.links: list[_HtmlLink] = []
        self.open: _HtmlLink | None = None
        self.ids: list[str] = []
        self.texts: list[tuple[str, int]] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        row = self.first_row + self.getpos()[0] - 1
        if tag == "a" and (target := _of_module(values.get("href"))) is not None:
            self.open = _HtmlLink(target, LinkKind.LINK, row)
            self.links.append(self.open)
        # Without a target a picture only takes up space.
        if tag == "img" and (target := _of_module(values.get("src"))) is not None:
            self.links.append(_HtmlLink(target, LinkKind.IMAGE, row))
        self.ids += [values[key] for key in ("id", "name") if values.get(key)]
        self.silent += tag in _NO_PROSE_IN

    def handle_endtag(self, tag: str) -> None:
        self.silent = max(0, self.silent - (tag in _NO_PROSE_IN))
        if tag == "a":
            self.open = None

    def shows(self, text: str) -> None:
        """Take what stands in a link for its text."""
        if self.open:
            self.open.text += text

    def handle_data(self, data: str) -> None:
        self.shows(data)
        if data.strip() and not self.silent:
            lead = len(data) - len(data.lstrip())
            row = self.getpos()[0] - 1 + data.count("\n", 0, lead)
            self.texts.append((data.strip(), row))
