"""What the configuration of a documentation says of its build. It is read, never run."""

import ast
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from pathlib import Path

from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.system import regular_files


class Builder(Enum):
    """What makes a website of a folder; NONE where readers see the files themselves."""

    SPHINX = "Sphinx"
    MYST = "MyST"
    OTHER = "another"
    NONE = "none"


_FILES = {
    Builder.SPHINX: ("conf.py", "_toc.yml"),
    Builder.MYST: ("myst.yml",),
    Builder.OTHER: (
        *("mkdocs.yml", "mkdocs.yaml", "docusaurus.config.js", "docusaurus.config.ts"),
        *("hugo.toml", "hugo.yaml", "book.toml", "_quarto.yml", "_config.yml", "antora.yml"),
        *(".vitepress", "astro.config.mjs", "SUMMARY.md", "_book.yaml", "_toc.yaml", "_index.yaml"),
        "_toctree.yml",
    ),
}
# A site that is made of folders with a table of contents each.
_OF_PARTS = ("_book.yaml", "_toc.yaml")
# A configuration that copies files brings pages from elsewhere before the build.
_COPIES = re.compile(r"\b(?:shutil\.(?:copy\w*|move)|copytree|copy_tree)\(")
# Extensions that write pages of their own before the build.
_WRITE_PAGES = (
    "autoapi",
    "autodoc2",
    "sphinx_gallery",
    "sphinxcontrib.apidoc",
    "sphinx_multiversion",
    "sphinx.ext.apidoc",
    "breathe",
    "exhale",
    "nbgallery",
    "ablog",
    "sphinx_js",
)


@dataclass(frozen=True)
class Configuration:
    """The configuration in a documentation's root."""

    root: Path

    @cached_property
    def builder(self) -> Builder:
        """By which file there is."""
        for builder, names in _FILES.items():
            if any((self.root / name).exists() for name in names):
                return builder
        in_parts = (one for name in _OF_PARTS for one in self.root.glob(f"*/{name}"))
        return Builder.OTHER if next(in_parts, None) else Builder.NONE

    @cached_property
    def text(self) -> str:
        """The configuration as it is written, with lists of redirects beside it."""
        names = (*(name for some in _FILES.values() for name in some), "_redirects")
        files = (self.root / name for name in (*names, *self.strings("rediraffe_redirects")))
        found = []
        for path in files:
            with suppress(OSError):  # there is none, or nothing that is to be read
                found.append(regular_files.text(path, errors="replace"))
        return "\n".join(found)

    @cached_property
    def _values(self) -> dict[str, list[ast.expr]]:
        """What the configuration gives its names, anywhere, also by adding to them."""
        found: dict[str, list[ast.expr]] = {}
        path = self.root / "conf.py"
        try:
            tree = ast.parse(regular_files.text(path, errors="replace"))
        except (OSError, SyntaxError, ValueError):
            return found
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign) and node.value:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    whole = target.value if isinstance(target, ast.Subscript) else target
                    if isinstance(whole, ast.Name):
                        found.setdefault(whole.id, []).append(node.value)
            elif isinstance(node, ast.Call):
                called = node.func.value if isinstance(node.func, ast.Attribute) else None
                if isinstance(called, ast.Name):
                    found.setdefault(called.id, []).extend(node.args)
        return found

    def strings(self, name: str) -> tuple[str, ...]:
        """All texts in the values of a name."""
        return tuple(
            part.value
            for value in self._values.get(name, ())
            for part in ast.walk(value)
            if isinstance(part, ast.Constant) and isinstance(part.value, str)
        )

    def says(self, name: str) -> bool:
        """Whether a name is given a value that is not plainly empty or false."""
        return any(map(_says_something, self._values.get(name, ())))

    def has_extension(self, *names: str) -> bool:
        """Whether one of some extensions is on."""
        return any(one.startswith(names) for one in self.strings("extensions"))

    @cached_property
    def suffixes(self) -> tuple[str, ...]:
        """The suffixes of pages beside the common ones."""
        formats = ("source_suffix", "nbsphinx_custom_formats", "nb_custom_formats")
        told = (one for name in formats for one in self.strings(name))
        return tuple(dict.fromkeys(one for one in told if re.fullmatch(r"(?:\.\w+)+", one)))

    @cached_property
    def folders_served(self) -> tuple[Path, ...]:
        """Folders whose files the build copies beside its pages."""
        return tuple(self.root / one for one in self.strings("html_extra_path"))

    @property
    def asks_others(self) -> bool:
        """Whether a name that is not here may be found in another project's inventory."""
        return self.has_extension("sphinx.ext.intersphinx") and self.says("intersphinx_mapping")

    @property
    def copies_files(self) -> bool:
        """Whether the build copies files from elsewhere, to places that nobody can tell."""
        return _COPIES.search(self.text) is not None

    @property
    def writes_pages(self) -> bool:
        """Whether the build writes pages that no source has, wherever it likes."""
        return self.has_extension(*_WRITE_PAGES) or "builder-inited" in self.text

    def mentions(self, name: str) -> bool:
        """Whether the configuration knows of a file or folder, as redirects and galleries do."""
        return bool(re.search(rf"(?<=['\"/]){re.escape(name)}(?=['\"/.#\s])", self.text))


def _says_something(value: ast.expr) -> bool:
    try:
        return bool(ast.literal_eval(value))
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return True  # what only a run can tell


def rooted(site: Site) -> Iterator[Site]:
    """A site in parts, each with the root of the documentation that its pages belong to."""
    roots: dict[Path, Path] = {}
    pages: dict[Path, list[Page]] = {}
    for page in site.pages:
        folder = page.path.resolve().parent
        if folder not in roots:
            roots[folder] = _root_of(folder, site.root)
        pages.setdefault(roots[folder], []).append(page)
    for root, some in pages.items():
        yield replace(site, root=root, pages=tuple(some))


def _root_of(folder: Path, top: Path) -> Path:
    """The nearest folder with a configuration: inside of `top` if the page is, else above it."""
    folders = (folder, *folder.parents)
    inside = [one for one in folders if one.is_relative_to(top)]
    marked = (one for one in inside or folders if Configuration(one).builder is not Builder.NONE)
    return next(marked, top)
