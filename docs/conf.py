"""How Sphinx builds the documentation; `nox -s docs` does it."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from verify.finding import FindingKind
from verify.rules import explanation
from verify.system.words import Language

project = "SecretFlow docs-verify"
copyright = "the authors of secretflow-docs-verify"  # noqa: A001  # Sphinx names it so
extensions = ["myst_parser"]
exclude_patterns = ["_build", "_static", "_templates"]
# Examples of what is wrong cannot always be coloured as what they would be.
suppress_warnings = ["misc.highlighting_failure"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

html_theme = "pydata_sphinx_theme"
html_title = "docs-verify"
html_show_sourcelink = False
html_sidebars = {"index": []}
html_static_path = ["_static"]
html_css_files = ["wide.css"]
templates_path = ["_templates"]
html_theme_options = {
    "navbar_center": ["languages"],
    "navbar_end": ["theme-switcher"],
    "footer_start": [],
    "footer_end": [],
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
}


class TableOfRules(SphinxDirective):
    """All rules in the language of the page."""

    def run(self) -> list[nodes.Node]:
        """Read the table as if it stood on the page."""
        language = Language(self.env.docname.split("/")[0])
        return self.parse_text_to_nodes(explanation.table(language))


def setup(app: Sphinx) -> None:
    """Have the rules' pages while Sphinx builds; they are not kept among those that are written."""
    app.add_directive("table-of-rules", TableOfRules)
    app.connect("builder-inited", _write_rules)
    app.connect("build-finished", _remove_rules)


def _rules(app: Sphinx) -> dict[Path, str]:
    pages = {}
    for language in Language:
        folder = Path(app.srcdir, language.value, "rules")
        for kind in FindingKind:
            pages[folder / f"{kind.value}.md"] = explanation.markdown(kind, language)
    return pages


def _write_rules(app: Sphinx) -> None:
    for path, text in _rules(app).items():
        path.write_text(text, encoding="utf-8")


def _remove_rules(app: Sphinx, _: Exception | None) -> None:
    for path in _rules(app):
        path.unlink(missing_ok=True)
