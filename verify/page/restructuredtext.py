"""reStructuredText through docutils, with Sphinx's directives and roles read as far as we need.

A directive that docutils does not know holds text if Sphinx or a common extension has it so; a role
that it does not know is taken for inline code, or for a reference where Sphinx makes it one.
"""

import re
from typing import Any, ClassVar

import docutils.core
import docutils.utils
from docutils import nodes
from docutils.parsers.rst import Directive, Parser, directives, roles
from docutils.parsers.rst.directives.admonitions import BaseAdmonition
from docutils.parsers.rst.languages import en

from verify.page import directives as known
from verify.page.page import (
    PICTURE,
    Block,
    Complaint,
    Link,
    LinkKind,
    Name,
    Parts,
    Prose,
    Role,
    Span,
    SpanKind,
)

_DIRECTIVES = re.compile(
    r"^[^\S\n]*(?:\|[^|\n]+\|\s+)?\.\. +(?:\|[^|\n]+\| +)?([\w:.+-]+)::", re.MULTILINE
)
_ROLES = re.compile(r":([\w:.+-]+):`")
_TITLED = re.compile(r"^(?P<title>.*?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
# A reference by a name that the page lacks; without backticks it may be a name of code.
_REFERENCE = re.compile(r"^`[^`]+`__?$", re.DOTALL)
_OF_PYTHON = {"class", "func", "meth", "mod", "attr", "exc", "obj", "data"}
# Those of docutils that Sphinx has again, with options of its own.
_OF_SPHINX = {"math", "rubric", *known.INCLUDES}
_ROLES_OF_SPHINX = {"pep", "rfc"}
# What Sphinx adds to docutils' own: https://www.sphinx-doc.org/en/master/usage/restructuredtext/directives.html
_OF_ADMONITIONS = {"collapsible": directives.unchanged, "open": directives.unchanged}
_BETWEEN_PARTS = re.compile(r"[\^+]{3,}\s*$")
_ENOUGH = 12  # characters by which a line is known again
_NEAR = 3
_SETTINGS = {
    "report_level": 5,
    "halt_level": 5,
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "doctitle_xform": False,  # as in Sphinx: a page's only section is no title apart
    "warning_stream": False,
    "syntax_highlight": "none",
    "_disable_config": True,
}


def read(text: str, parts: Parts, *, line: int = 1) -> None:
    """Read reStructuredText that begins at a line of its file into `parts`."""
    for name in known.CODE:
        directives.register_directive(name, _CodeBlock)
    for name in set(_DIRECTIVES.findall(text)) - known.CODE:
        if name in _OF_SPHINX or name not in en.directives:
            directives.register_directive(name, _Unknown)
    BaseAdmonition.option_spec.update(_OF_ADMONITIONS)
    for name in set(_ROLES.findall(text)):
        if name not in en.roles or name in _ROLES_OF_SPHINX:
            roles.register_local_role(name, _role)
    parser = _Parser(line, parts)
    document = docutils.core.publish_doctree(text, parser=parser, settings_overrides=_SETTINGS)
    document.walkabout(_Reader(document, text, line, parts))
    # By now docutils has moved the names of targets to what they stand before.
    parts.labels += [*document.nameids, *document.ids]


class _Parser(Parser):  # type: ignore[misc]  # docutils publishes no types
    """docutils' own, which tells what it complains of; the text begins at line `first`."""

    def __init__(self, first: int, parts: Parts) -> None:
        super().__init__()
        self.first = first
        self.parts = parts

    def parse(self, inputstring: str, document: nodes.document) -> None:
        """Parse as docutils does; transforms come later, and are heard as well."""
        document.reporter.attach_observer(self.hear)
        super().parse(inputstring, document)

    def hear(self, message: nodes.system_message) -> None:
        """Note a complaint, without the source that docutils shows below it."""
        said = message.children[0].astext() if message.children else ""
        line = message.get("line") or 1
        self.parts.complaints.append(Complaint(message["level"], said, self.first + line - 1))


class _AnyOption(dict[str, Any]):
    def __getitem__(self, _: str) -> Any:  # noqa: ANN401  # what docutils calls with a value
        return directives.unchanged


class _Any(Directive):  # type: ignore[misc]
    """A directive that takes whatever is written."""

    optional_arguments: ClassVar[int] = 100
    final_argument_whitespace: ClassVar[bool] = True
    has_content: ClassVar[bool] = True
    option_spec: ClassVar[Any] = _AnyOption(name=directives.unchanged)  # an empty one means none


class _CodeBlock(_Any):
    """A block of code, with the options of Sphinx; all that it takes is its language."""

    optional_arguments: ClassVar[int] = 1
    final_argument_whitespace: ClassVar[bool] = False

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        block = nodes.literal_block(text, text, classes=["code", *self.arguments[:1]])
        block.line = self.content_offset + 1
        return [block]


class _Unknown(_Any):
    """A directive of Sphinx or of an extension."""

    def run(self) -> list[nodes.Node]:
        argument = " ".join(self.arguments).strip()
        kind = self.name.rpartition(":")[2]
        if kind == "toctree":
            return [
                _pointer(LinkKind.DOCUMENT, entry.strip(), self.content_offset + 1 + i)
                for i, entry in enumerate(self.content)
                if entry.strip()
            ]
        if kind in known.INCLUDES:
            return [_pointer(LinkKind.FILE, argument, self.lineno)]
        if kind in known.AUTODOC:
            return [_pointer(None, argument, self.lineno)]
        container = nodes.container()
        if "link" in self.options:
            told = str(self.options.get("link-type", "url"))
            reference = known.REFERENCES.get(told, LinkKind.LINK)
            container += _pointer(reference, str(self.options["link"]), self.lineno)
        if known.holds_text(self.name):
            if "card" in self.name:  # its header and footer are set apart by such lines
                for row, line in enumerate(self.content):
                    self.content[row] = "" if _BETWEEN_PARTS.match(line) else line
            self.parse_content(container)
        return [container]

    def parse_content(self, container: nodes.container) -> None:
        """Parse the content; a description of a domain's may have sections, as Sphinx reads it."""
        memo = self.state.memo
        styles, level = memo.title_styles, memo.section_level
        memo.title_styles, memo.section_level = [], 0
        try:
            self.state.nested_parse(
                self.content, self.content_offset, container, match_titles=self.has_sections
            )
        finally:
            memo.title_styles, memo.section_level = styles, level

    @property
    def has_sections(self) -> bool:
        """Whether the content may have titles of its own."""
        return ":" in self.name or known.describes(self.name)


def _pointer(kind: LinkKind | None, target: str, line: int | None) -> nodes.Element:
    found = nodes.comment()  # an element of docutils that no text stands in
    found["pointer"] = (kind, target)
    found.line = line
    return found


def _role(
    name: str,
    rawtext: str,
    text: str,
    lineno: int,
    *_: object,
    **__: object,
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    kind = name.rpartition(":")[2]
    text = docutils.utils.unescape(text)
    found = _TITLED.match(text)
    shown = nodes.literal(rawtext, found["title"] if found else text)
    if reference := known.of_reference(name):
        target = found["target"] if found else text
        return [shown, _pointer(reference, target, lineno)], []
    if kind in _OF_PYTHON:
        target = (found["target"] if found else text).lstrip("~!")
        return [shown, _pointer(None, target.removesuffix("()"), lineno)], []
    return [shown], []


class _Reader(nodes.SparseNodeVisitor):  # type: ignore[misc]
    """Collects from the tree; `first` is the line of the text's first line in its file."""

    def __init__(self, document: nodes.document, text: str, first: int, parts: Parts) -> None:
        super().__init__(document)
        self.first = first
        self.lines = text.split("\n")
        self.parts = parts
        self.level = 0
        self.open: list[tuple[int, list[int]]] = []
        self.in_table = False

    def line(self, node: nodes.Node) -> int:
        """The line of a node, or of the nearest around it that has one."""
        at: nodes.Node | None = node
        while at is not None and not at.line:
            at = at.parent
        return (at.line if at is not None and at.line else 1) + self.first - 1

    def line_of_text(self, node: nodes.Node, text: str) -> int:
        """Where a text begins: docutils gives its first line or its last, by how it was written."""
        given = self.line(node) - self.first
        begin = text.partition("\n")[0].strip()[:_ENOUGH]
        reach = text.count("\n") + _NEAR
        around = range(max(0, given - reach), min(len(self.lines), given + reach + 1))
        places = [row for row in around if begin and begin in self.lines[row]]
        return min(places, key=lambda row: abs(row - given), default=given) + self.first

    def line_of_target(self, node: nodes.Node, target: str) -> int:
        """Where a target is written: docutils gives the line of the paragraph around it."""
        given = self.line(node)
        for row in range(given - self.first, len(self.lines)):
            if target and target in self.lines[row]:
                return row + self.first
            if not self.lines[row].strip():
                break
        return given

    def visit_section(self, _: nodes.Node) -> None:
        self.level += 1

    def depart_section(self, _: nodes.Node) -> None:
        self.level -= 1

    def enter_group(self, _: nodes.Node) -> None:
        self.parts.groups += 1
        self.open.append((self.parts.groups, [-1, -1]))

    def leave_group(self, _: nodes.Node) -> None:
        self.open.pop()

    visit_bullet_list = visit_enumerated_list = visit_table = enter_group
    depart_bullet_list = depart_enumerated_list = depart_table = leave_group

    def visit_list_item(self, _: nodes.Node) -> None:
        self.open[-1][1][0] += 1

    def visit_row(self, _: nodes.Node) -> None:
        self.open[-1][1][:] = [self.open[-1][1][0] + 1, -1]

    def visit_entry(self, _: nodes.Node) -> None:
        self.open[-1][1][1] += 1

    def visit_literal_block(self, node: nodes.Element) -> None:
        language = next((name for name in node["classes"] if name != "code"), "")
        text = node.astext()
        self.parts.codes.append(Block(text, self.line_of_text(node, text), str(language).lower()))
        raise nodes.SkipNode

    def visit_doctest_block(self, node: nodes.Element) -> None:
        self.parts.codes.append(Block(node.astext(), self.line(node), "pycon"))
        raise nodes.SkipNode

    def visit_title(self, node: nodes.TextElement) -> None:
        in_table = isinstance(node.parent, nodes.table)
        self.piece(node, Role.PARAGRAPH if in_table else Role.HEADING)

    def visit_paragraph(self, node: nodes.TextElement) -> None:
        parent = node.parent
        if isinstance(parent, nodes.entry):
            self.piece(node, Role.TABLE_CELL)
        else:
            self.piece(node, Role.ITEM if isinstance(parent, nodes.list_item) else Role.PARAGRAPH)

    visit_term = visit_paragraph

    def piece(self, node: nodes.TextElement, role: Role) -> None:
        text, spans = "", []
        for child in node.findall(lambda one: isinstance(one, nodes.Text | nodes.image)):
            around = child.parent
            # Without a mark, ten to the sixth would be 106.
            text += "^" if isinstance(around, nodes.superscript) else ""
            before = len(text)
            is_picture = isinstance(child, nodes.image)
            text += PICTURE if is_picture else child.astext()
            if is_picture or isinstance(around, nodes.literal):
                spans.append(Span(before, len(text), SpanKind.CODE))
            elif isinstance(around, nodes.math):
                spans.append(Span(before, len(text), SpanKind.MATH))
            elif "://" in child.astext() and isinstance(around, nodes.reference):
                spans.append(Span(before, len(text), SpanKind.URL))
        group, place = self.open[-1] if self.open else (None, [])
        self.parts.prose.append(
            Prose(
                text,
                self.line_of_text(node, text),
                role,
                level=max(1, self.level) if role is Role.HEADING else 0,
                group=group,
                place=tuple(number for number in place if number >= 0),
                spans=tuple(spans),
            )
        )

    def visit_image(self, node: nodes.Element) -> None:
        picture = Link(node["uri"], node.get("alt", ""), LinkKind.IMAGE, self.line(node))
        self.parts.links.append(picture)

    def visit_reference(self, node: nodes.Element) -> None:
        target = node.get("refuri")
        if target is None and node.get("refname"):
            target = f"#{node['refname']}"
        if target is None and node.get("refid"):
            return  # docutils has found it on this page
        line = self.line_of_target(node, target or "")
        self.parts.links.append(Link(target or "", node.astext(), LinkKind.LINK, line))

    def visit_problematic(self, node: nodes.Element) -> None:
        text = node.astext()
        if _REFERENCE.match(text):
            line = self.line_of_target(node, text)
            self.parts.links.append(Link("", text, LinkKind.UNDEFINED, line))
        raise nodes.SkipNode

    def visit_system_message(self, _: nodes.Element) -> None:
        raise nodes.SkipNode

    def visit_comment(self, node: nodes.Element) -> None:
        if "pointer" in node:
            kind, target = node["pointer"]
            if kind is None:
                self.parts.names.append(Name(target, self.line(node)))
            else:
                self.parts.links.append(Link(target, "", kind, self.line_of_target(node, target)))
        raise nodes.SkipNode
