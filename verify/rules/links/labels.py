"""The labels of a whole site, as Sphinx's `:ref:` finds them."""

import difflib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from docutils import nodes

from verify.page import reader
from verify.page.page import Page
from verify.rules.links.files import OF_THE_BUILD, Files, Presence

# Where a page sets a label; read as text, because most sites are larger than what is checked.
_SET = re.compile(
    r"^\s*(?:\"\s*)?(?:\.\. +_(?!_)`?([^`:\n]+)`?:|\(([^()\s]+)\)=|:name: *(\S+))", re.MULTILINE
)


@dataclass(frozen=True)
class Labels:
    """Labels of all pages under a root, whether the pages are checked or not."""

    files: Files

    @cached_property
    def explicit(self) -> frozenset[str]:
        """The labels that pages set themselves."""
        found = set()
        for path in self.files.documents:
            text = path.read_text(encoding="utf-8", errors="replace")
            found |= {_normal(one) for match in _SET.findall(text) for one in match if one}
        return frozenset(found)

    @cached_property
    def _by_document(self) -> bool:
        """Whether labels made of titles have their document's name before them."""
        conf = self.files.root / "conf.py"
        if not conf.is_file():
            return False
        text = conf.read_text(encoding="utf-8", errors="replace")
        return bool(re.search(r"^\s*autosectionlabel_prefix_document *= *True", text, re.MULTILINE))

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
            return page is None or _normal(title) in _titles(page)
        if self._by_document:
            return False
        pages = (self.files.page(path) for path in self.files.documents)
        return any(wanted in _titles(page) for page in pages if page)

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
        for suffix in reader.SUFFIXES:
            path = self.files.root / f"{name.strip().lstrip('/')}{suffix}"
            if self.files.presence(path) is Presence.PRESENT:
                return path
        return None

    def nearest(self, label: str) -> str:
        """Return the label that was most likely meant, or ''."""
        document, colon, title = label.partition(":")
        path = self.document(document) if colon else None
        page = self.files.page(path) if path else None
        known = _titles(page) if page else self.explicit
        near = difflib.get_close_matches(_normal(title if page else label), sorted(known), 1)
        return "".join(f"{document}:{one}" if page else one for one in near)


def _titles(page: Page) -> set[str]:
    return {_normal(heading.text) for heading in page.headings}


def _normal(label: str) -> str:
    return str(nodes.fully_normalize_name(label))
