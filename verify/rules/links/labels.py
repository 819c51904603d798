"""The labels of a whole site, as Sphinx's `:ref:` finds them."""

import difflib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from docutils import nodes

from verify.page import reader
from verify.page.page import Page
from verify.rules.links import inclusions
from verify.rules.links.files import OF_THE_BUILD, Files, Presence
from verify.rules.links.heading_anchors import given

# Where a page sets a label; read as text, because most sites are larger than what is checked.
_SET = re.compile(
    r"^[ \t>*+|-]*(?:\"\s*)?"
    r"(?:\.\. +_(?!_)(?:`([^`\n]+)`|([^`\n]*?[^`\n\\])):(?=\s|\\n|\"|$)|\(([^()\n]+)\)=)",
    re.MULTILINE,
)
# A heading as Markdown, a notebook or reStructuredText writes it.
_HEADING = re.compile(
    r"^[ \t>]*\"?#{1,6}[ \t]+(.+?)[ \t#]*(?:\\n)?(?:\",?)?[ \t]*$"
    r"|^[ \t>]*(\S[^\n]*?)[ \t]*\n[ \t>]*([-=~^\"'`*+#:.<>_])\3{2,}[ \t]*$",
    re.MULTILINE,
)
_MARKUP = re.compile(r"[*`\\]")


@dataclass(frozen=True)
class Labels:
    """Labels of all pages under a root, whether the pages are checked or not."""

    files: Files

    @cached_property
    def explicit(self) -> frozenset[str]:
        """The labels that pages set themselves."""
        found = set()
        for path, text in self.files.texts:
            inner = inclusions.within(text, path.parent, self.files.root, self.files.limit)
            for one in (text, *filter(None, inner.values())):
                found |= {_normal(label) for match in _SET.findall(one) for label in match if label}
                found |= {_normal(label) for label in given(one)}
        return frozenset(found)

    @property
    def _by_document(self) -> bool:
        """Whether labels made of titles have their document's name before them."""
        return self.files.configuration.says("autosectionlabel_prefix_document")

    def is_explicit(self, label: str) -> bool:
        """Whether a page sets a label itself."""
        return _normal(label) in self.explicit

    def leads_somewhere(self, label: str) -> bool | None:
        """Say whether a label is set; None where that cannot be known, as with other projects'."""
        wanted = _normal(label)
        if wanted in OF_THE_BUILD or wanted in self.explicit:
            return True
        if wanted.startswith("/"):
            return self._of_notebook_style(label)
        document, colon, title = label.partition(":")
        if colon:
            path = self.document(document)
            if path is None:
                return False if "/" in document else None
            page = self.files.page(path)
            return page is None or _normal(title) in self.titles(page) or self._is_open(page)
        if self.files.configuration.asks_others or self.files.configuration.has_gallery:
            return None
        return False if self._by_document else _MARKUP.sub("", wanted) in self._every_title

    @cached_property
    def _every_title(self) -> frozenset[str]:
        """All headings, looked for in the texts: to read thousands of pages takes long."""
        found = (one for _, text in self.files.texts for one in _HEADING.findall(text))
        return frozenset(_normal(_MARKUP.sub("", hashed or lined)) for hashed, lined, _ in found)

    def titles(self, page: Page) -> set[str]:
        """The headings of a page, and of what it includes, as Sphinx makes labels of them."""
        return {_normal(one.text) for part in self.files.whole(page) for one in part.headings}

    def _is_open(self, page: Page) -> bool:
        """Whether a page includes what cannot be read, such as what a build writes."""
        return None in self.files.included(page).values()

    def _of_notebook_style(self, label: str) -> bool | None:
        """Say whether `/path/page.ipynb#Heading` exists, which nbsphinx makes for every page."""
        name, hash_sign, anchor = label.lstrip("/").partition("#")
        known = {str(one.relative_to(self.files.root)).lower(): one for one in self.files.documents}
        path = known.get(name.lower())
        if path is None:
            return None if "." not in name else False
        page = self.files.page(path)
        return not hash_sign or page is None or anchor in self.files.anchors(page)

    def document(self, name: str) -> Path | None:
        """Return the file of a document's name, which counts from the root."""
        for suffix in (*reader.SUFFIXES, *self.files.configuration.suffixes):
            path = self.files.root / f"{name.strip().lstrip('/')}{suffix}"
            if self.files.presence(path) is Presence.PRESENT:
                return path
        return None

    def nearest(self, label: str) -> str:
        """Return the label that was most likely meant, or ''."""
        document, colon, title = label.partition(":")
        path = self.document(document) if colon else None
        page = self.files.page(path) if path else None
        known = self.titles(page) if page else self.explicit
        near = difflib.get_close_matches(_normal(title if page else label), sorted(known), 1)
        return "".join(f"{document}:{one}" if page else one for one in near)


def _normal(label: str) -> str:
    return str(nodes.fully_normalize_name(label))
