"""Links as the build of their own tree resolves them: each right one has a wrong neighbour."""

import subprocess
from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, Severity
from verify.rules import checked_site
from verify.rules.links import links, other_version

SPHINX = "project = 'Orchard'\n"
OTHERS = SPHINX + "extensions = ['sphinx.ext.intersphinx']\n"
MYST = SPHINX + "extensions = ['myst_parser']\n"


def found(root: Path, files: dict[str, str]) -> list[Finding]:
    """What is found in some files, all of which are written below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return sorted(links.check(checked_site.open_site([root])))


def kinds(root: Path, files: dict[str, str]) -> list[tuple[str, Severity]]:
    return [(one.kind.value, one.severity) for one in found(root, files)]


BROKEN_LINK = [("broken-link", Severity.ERROR)]
BROKEN_ANCHOR = [("broken-anchor", Severity.ERROR)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [("plums/late", []), ("v2.1", []), ("plums/early", BROKEN_LINK), ("v2.2", BROKEN_LINK)],
)
def test_a_label_of_myst_may_hold_slashes_and_dots(
    tmp_path: Path, target: str, expected: object
) -> None:
    page = f"(plums/late)=\n# Plums\n\n(v2.1)=\n## New\n\nSee [there]({target}).\n"
    assert kinds(tmp_path, {"conf.py": MYST, "page.md": page}) == expected


@pytest.mark.parametrize(
    ("mark", "label", "expected"),
    [
        ("```{figure} a.png\n:name: the big tree\n```", "the big tree", []),
        ("## Cut {#cut-it}", "cut-it", []),
        ("Some [words]{#wise .red}.", "wise", []),
        ("```{math}\n:label: mass\na\n```", "mass", []),
        ("## Cut", "cut-it", BROKEN_LINK),
    ],
)
def test_labels_are_given_by_options_and_attributes(
    tmp_path: Path, mark: str, label: str, expected: object
) -> None:
    page = f"# Page\n\n{mark}\n\nSee {{ref}}`this <{label}>`.\n"
    assert kinds(tmp_path, {"conf.py": MYST, "a.png": "", "page.md": page}) == expected


@pytest.mark.parametrize(("title", "expected"), [("Dry Years", []), ("Wet Years", BROKEN_LINK)])
def test_headings_of_an_included_file_are_the_pages_own(
    tmp_path: Path, title: str, expected: object
) -> None:
    files = {
        "NEWS.md": "# News\n\n## Dry Years\n",
        "docs/conf.py": SPHINX + "autosectionlabel_prefix_document = True\n",
        "docs/news.rst": ".. include:: ../NEWS.md\n   :parser: myst_parser.sphinx_\n",
        "docs/page.rst": f"Page\n====\n\nSee :ref:`news:{title}`.\n",
    }
    (tmp_path / ".git").mkdir()
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(("anchor", "expected"), [("sowing", []), ("mowing", BROKEN_ANCHOR)])
def test_anchors_of_an_included_file_are_the_pages_own(
    tmp_path: Path, anchor: str, expected: object
) -> None:
    files = {
        "conf.py": MYST,
        "field.inc": "## Sowing\n",
        "work.md": "# Work\n\n```{include} field.inc\n```\n",
        "page.md": f"# Page\n\nSee [it](work.md#{anchor}).\n",
    }
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(("label", "expected"), [("tools", []), ("tolls", BROKEN_LINK)])
def test_a_page_that_is_included_links_from_there(
    tmp_path: Path, label: str, expected: object
) -> None:
    files = {
        "conf.py": MYST,
        "inner/part.md": f"See [them]({label}.md).\n",
        "tools.md": "# Tools\n",
        "page.md": "# Page\n\n```{include} inner/part.md\n```\n",
    }
    assert kinds(tmp_path, files) == expected


CONF = (
    SPHINX
    + """
extensions = ["sphinx.ext.autosummary"]
redirects = {"pruning-old": "page.html", f"{1}": "x"}
html_extra_path = ["public"]
sphinx_gallery_conf = {"gallery_dirs": "auto_orchard"}
source_suffix = {".rst": "restructuredtext", ".txt": "restructuredtext"}
"""
)
INDEX = """Index
=====

.. autosummary::
   :toctree: tools/api

   spade

See `it <{target}>`_.
"""


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("tools/api/spade.html", []),
        ("pruning-old.html", []),
        ("form.pdf", []),
        ("auto_orchard/plot.html", []),
        ("other.html", []),
        ("pruning-new.html", BROKEN_LINK),
        ("report.pdf", BROKEN_LINK),
        # A whole folder that is not there may be written before the build.
        ("auto_garden/plot.html", [("broken-link", Severity.WARNING)]),
    ],
)
def test_what_a_build_makes_is_known_by_its_configuration(
    tmp_path: Path, target: str, expected: object
) -> None:
    files = {
        "conf.py": CONF,
        "public/form.pdf": "",
        "other.txt": "Other\n=====\n",
        "index.rst": INDEX.replace("{target}", target),
    }
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("directive", "expected"), [("click:: orchard.app:main", []), ("note:: Main", BROKEN_ANCHOR)]
)
def test_anchors_that_a_directive_makes_of_code_are_not_judged(
    tmp_path: Path, directive: str, expected: object
) -> None:
    files = {
        "conf.py": SPHINX,
        "cli.rst": f"Commands\n========\n\n.. {directive}\n   :prog: orchard\n",
        "index.rst": "Index\n=====\n\nSee `it <cli.html#orchard-cut>`_.\n",
    }
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("conf", "expected"),
    [
        (SPHINX, BROKEN_LINK),
        (
            SPHINX
            + "extensions = ['sphinx.ext.intersphinx']\nintersphinx_mapping = {'a': ('b', None)}\n",
            [],
        ),
        (
            SPHINX + "extensions = ['sphinx.ext.intersphinx']\nintersphinx_mapping = {}\n",
            BROKEN_LINK,
        ),
    ],
)
def test_a_label_may_be_another_projects(tmp_path: Path, conf: str, expected: object) -> None:
    page = "Page\n====\n\nSee :ref:`their-label` and :external:ref:`hers`.\n"
    assert kinds(tmp_path, {"conf.py": conf, "page.rst": page}) == expected


@pytest.mark.parametrize(
    ("epilog", "expected"), [(".. _Orchard: https://example.org", []), ("", BROKEN_LINK)]
)
def test_names_may_be_defined_around_a_page(tmp_path: Path, epilog: str, expected: object) -> None:
    conf = f'{SPHINX}rst_epilog = """\n{epilog}\n"""\n'
    page = "Page\n====\n\nSee `Orchard`_.\n"
    assert kinds(tmp_path, {"conf.py": conf, "page.rst": page}) == expected


def test_each_page_has_the_root_of_its_own_documentation(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    files = {
        "one/conf.py": SPHINX,
        "one/start.rst": "Start\n=====\n",
        "one/deep/page.rst": "Page\n====\n\nSee :doc:`/start`.\n",
        "two/conf.py": SPHINX,
        "two/page.rst": "Page\n====\n\nSee :doc:`/start`.\n",
    }
    (one,) = found(tmp_path, files)
    assert one.file == tmp_path / "two/page.rst"


@pytest.mark.parametrize(
    ("does", "severity"),
    [
        ("shutil.copytree(elsewhere, 'notes')", Severity.WARNING),
        ("release = settings.copy()", Severity.ERROR),
    ],
)
def test_a_document_may_be_copied_by_the_configuration(
    tmp_path: Path, does: str, severity: Severity
) -> None:
    files = {"conf.py": SPHINX + does + "\n", "index.rst": "I\n=\n\n.. toctree::\n\n   plums\n"}
    expected = [("broken-link", severity)] if severity is Severity.ERROR else []
    assert kinds(tmp_path, files) == expected
    files["pears/plums.md"] = "# Plums\n"  # which may be meant
    assert kinds(tmp_path, files) == [("broken-link", Severity.ERROR)]


@pytest.mark.parametrize(("entry", "expected"), [("plums.rst", []), ("pears.rst", BROKEN_LINK)])
def test_a_document_is_found_under_any_suffix(tmp_path: Path, entry: str, expected: object) -> None:
    index = f"I\n=\n\n.. toctree::\n\n   {entry}\n"
    files = {"conf.py": MYST, "index.rst": index, "plums.md": "# Plums\n"}
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("extension", "expected"),
    [("sphinx_gallery.gen_gallery", []), ("sphinx.ext.todo", BROKEN_LINK)],
)
def test_a_gallery_sets_labels_of_its_own(tmp_path: Path, extension: str, expected: object) -> None:
    conf = f"{SPHINX}extensions = ['{extension}']\n"
    files = {"conf.py": conf, "index.rst": "I\n=\n\nSee :ref:`plums`.\n"}
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("target", "expected"), [("{{ page_of(tree) }}", []), ("page_of(tree)", BROKEN_LINK)]
)
def test_a_target_of_a_template_is_filled_in_by_the_build(
    tmp_path: Path, target: str, expected: object
) -> None:
    files = {"conf.py": SPHINX, "index.rst": f"I\n=\n\nSee `it <{target}>`__.\n"}
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [("ripe *plums*", []), ("Late", []), ("In Rows", []), ("unripe plums", BROKEN_LINK)],
)
def test_a_heading_of_any_page_may_be_a_label(tmp_path: Path, title: str, expected: object) -> None:
    cell = pages.prose("# Start\n\n## In `rows`")
    pages.notebook(tmp_path, cell, name="rows.ipynb")
    files = {
        "conf.py": SPHINX,
        "index.rst": f"Index\n=====\n\nSee :ref:`{title}`.\n",
        "plums.md": "# Ripe *plums*\n\nLate\n----\n",
    }
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(("config", "severity"), [("mkdocs.yml", Severity.WARNING), ("x", None)])
def test_where_another_builder_makes_the_site_it_is_a_warning(
    tmp_path: Path, config: str, severity: Severity | None
) -> None:
    files = {config: "", "page.md": "# Page\n\n## A part\n\n[a](#a_part) [b](gone.md)\n"}
    anchors = [] if severity else BROKEN_ANCHOR
    links_ = [("broken-link", severity or Severity.ERROR)]
    assert kinds(tmp_path, files) == sorted([*anchors, *links_])


def test_what_a_cell_writes_is_there(tmp_path: Path) -> None:
    cells = [pages.code('draw().save("yield.png")'), pages.prose("[a](yield.png) [b](loss.png)")]
    page = pages.notebook(tmp_path, *cells)
    (one,) = links.check(pages.site(tmp_path, page))
    assert "loss.png" in str(one.message)


@pytest.mark.parametrize(
    ("project", "expected"), [("Orchard", 1), ("Orchard Data Library", 0), ("", 0)]
)
def test_a_project_of_several_words_has_no_address(
    tmp_path: Path, project: str, expected: int
) -> None:
    (tmp_path / "conf.py").write_text(f"project = '{project}'\n", encoding="utf-8")
    page = pages.page(tmp_path, "page.md", "[a](https://orchard.readthedocs.io/en/latest/a.html)")
    assert len(list(other_version.check(pages.site(tmp_path, page)))) == expected


def test_html_code_in_a_sentence_is_code(tmp_path: Path) -> None:
    text = "# Page\n\nWrite <code>[it](gone.md \\[a\\]</code>, not [this](gone.md).\n"
    page = pages.page(tmp_path, "page.md", text)
    assert [piece.words.split()[:2] for piece in page.prose][1] == ["Write", ","]


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("file:///home/ann/tree.html", BROKEN_LINK),
        ('https://example.org/?q=label:"new+tree"', []),
        ('"https://example.org"', BROKEN_LINK),
    ],
)
def test_quotation_marks_may_belong_to_an_address(
    tmp_path: Path, address: str, expected: object
) -> None:
    page = f"Page\n====\n\nSee `it <{address}>`_.\n"
    assert kinds(tmp_path, {"page.rst": page}) == expected


def test_a_scheme_that_a_text_speaks_of_is_no_link(tmp_path: Path) -> None:
    assert kinds(tmp_path, {"page.rst": "Page\n====\n\nBegin it with file:// there.\n"}) == []


@pytest.mark.parametrize(
    ("anchor", "expected"),
    [("Tree.cut", []), ("Tree", []), ("cut", BROKEN_ANCHOR), ("Spade", BROKEN_ANCHOR)],
)
def test_an_anchor_of_myst_may_be_a_name_of_code(
    tmp_path: Path, anchor: str, expected: object
) -> None:
    conf = f"{SPHINX}extensions = ['sphinx.ext.autodoc']\nautosectionlabel_prefix_document = True\n"
    page = f"# Page\n\n## Spade\n\nSee [it](#{anchor}).\n"
    assert kinds(tmp_path, {"conf.py": conf, "page.md": page}) == expected


@pytest.mark.parametrize(
    ("settings", "text", "expected"),
    [
        (
            OTHERS + "intersphinx_mapping = {'a': ('https://a.example', None)}\n",
            ":doc:`pruning`",
            [],
        ),
        (OTHERS, ":doc:`pruning`", BROKEN_LINK),
        (
            OTHERS + "intersphinx_mapping = {'a': ('https://a.example', None)}\n",
            ".. toctree::\n\n   pruning",
            BROKEN_LINK,
        ),
    ],
)
def test_a_document_of_a_role_may_be_another_projects(
    tmp_path: Path, settings: str, text: str, expected: object
) -> None:
    page = f"Trees\n=====\n\n{text}\n"
    assert kinds(tmp_path, {"conf.py": settings, "page.rst": page}) == expected


@pytest.mark.parametrize(
    ("target", "expected"), [("../soil", []), ("/soil", []), ("../sand", BROKEN_LINK)]
)
def test_a_document_above_the_root_is_looked_for_in_the_root(
    tmp_path: Path, target: str, expected: object
) -> None:
    files = {"conf.py": SPHINX, "soil.rst": "Soil\n====\n"}
    page = f"Trees\n=====\n\nSee :doc:`{target}`.\n"
    assert kinds(tmp_path, {**files, "page.rst": page}) == expected


@pytest.mark.parametrize(
    ("ignored", "expected"),
    [
        ("/made/\n", []),
        ("made/*.txt\n", []),
        ("/other/\n", BROKEN_LINK),
        ("*.txt\n", BROKEN_LINK),
    ],
)
def test_a_folder_that_git_ignores_is_written_by_the_build(
    tmp_path: Path, ignored: str, expected: object
) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    files = {"conf.py": SPHINX, ".gitignore": ignored, "deep/a.rst": "A\n=\n"}
    page = "Trees\n=====\n\n`There <made/tree.txt>`_.\n"
    assert kinds(tmp_path, {**files, "page.rst": page}) == expected


@pytest.mark.parametrize(("name", "expected"), [("orchard", []), ("meadow", BROKEN_LINK)])
def test_a_package_has_a_page_of_sphinx_apidoc(tmp_path: Path, name: str, expected: object) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    files = {"orchard/__init__.py": "", "docs/conf.py": SPHINX}
    page = f"Modules\n=======\n\n.. toctree::\n\n   {name}\n"
    assert kinds(tmp_path, {**files, "docs/page.rst": page}) == expected


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("[[autodoc]] Tree\n\nSee [it](#orchard.Tree.grow).\n", []),
        ("::: orchard.Tree\n\nSee [it](#orchard.Tree.grow).\n", []),
        ("Tree\n\nSee [it](#orchard.Tree.grow).\n", BROKEN_ANCHOR),
    ],
)
def test_what_is_read_in_code_has_anchors_of_its_own(
    tmp_path: Path, page: str, expected: object
) -> None:
    assert kinds(tmp_path, {"page.md": f"# Page\n\n{page}"}) == expected


@pytest.mark.parametrize(("anchor", "expected"), [("wet", []), ("dry", BROKEN_ANCHOR)])
def test_raw_html_sets_an_anchor(tmp_path: Path, anchor: str, expected: object) -> None:
    page = f"""Trees\n=====\n\n- ``wet`` :raw-html:`<a id="wet" href="#">x</a>`

`There <#{anchor}>`_.\n"""
    assert kinds(tmp_path, {"conf.py": SPHINX, "page.rst": page}) == expected


@pytest.mark.parametrize(
    ("settings", "name", "severity"),
    [
        ({}, "page", Severity.WARNING),
        ({"conf.py": MYST}, "README", Severity.WARNING),
        ({"conf.py": MYST}, "page", Severity.ERROR),
    ],
    ids=["files as they are", "a README", "Sphinx"],
)
def test_capitals_of_an_anchor_may_not_count_where_files_are_shown(
    tmp_path: Path, settings: dict[str, str], name: str, severity: Severity
) -> None:
    files = {**settings, f"{name}.md": "# Ripe pears\n\nSee [them](#Ripe-Pears).\n"}
    assert kinds(tmp_path, files) == [("broken-anchor", severity)]


@pytest.mark.parametrize(
    ("extension", "severity"), [("linkify", Severity.ERROR), ("dollarmath", Severity.WARNING)]
)
def test_an_address_in_the_text_is_a_link_only_where_myst_makes_one(
    tmp_path: Path, extension: str, severity: Severity
) -> None:
    conf = f"{MYST}myst_enable_extensions = ['{extension}']\n"
    files = {"conf.py": conf, "page.md": "# Page\n\n在https://example.org/a查看。\n"}
    assert kinds(tmp_path, files) == [("broken-link", severity)]


@pytest.mark.parametrize(
    ("folder", "target", "expected"),
    [
        ("source", "notes/Plums", []),
        ("source", "notes/plums.png", BROKEN_LINK),
        ("pages", "notes/Plums", BROKEN_LINK),
    ],
)
def test_a_program_above_a_folder_of_sources_may_copy_pages_into_it(
    tmp_path: Path, folder: str, target: str, expected: object
) -> None:
    (tmp_path / "build.py").write_text("shutil.copytree(notes, there)\n", encoding="utf-8")
    (tmp_path / folder).mkdir()
    files = {"conf.py": SPHINX, "index.rst": f"Page\n====\n\nSee `plums <{target}>`_.\n"}
    assert kinds(tmp_path / folder, files) == expected


@pytest.mark.parametrize(
    ("extension", "name", "expected"),
    [
        ("sphinx_gallery.gen_gallery", "pick", []),
        ("sphinx_gallery.gen_gallery", "prune", BROKEN_LINK),
        ("sphinx.ext.todo", "pick", BROKEN_LINK),
    ],
)
def test_a_gallery_makes_a_page_of_a_program_beside_the_pages(
    tmp_path: Path, extension: str, name: str, expected: object
) -> None:
    (tmp_path / "lessons").mkdir()
    (tmp_path / "lessons" / "pick.py").write_text("pick()\n", encoding="utf-8")
    files = {
        "conf.py": f"extensions = ['{extension}']\n",
        "index.rst": f"Page\n====\n\n.. toctree::\n\n   lessons/{name}\n",
    }
    assert kinds(tmp_path, files) == expected


@pytest.mark.parametrize(("name", "expected"), [("tally", []), ("tale", BROKEN_LINK)])
def test_a_program_beside_the_configuration_may_write_a_page(
    tmp_path: Path, name: str, expected: object
) -> None:
    files = {
        "conf.py": SPHINX,
        "count.py": "open('tally.md', 'w').write('# Tally')\n",
        "index.rst": f"Page\n====\n\n.. toctree::\n\n   {name}\n",
    }
    assert kinds(tmp_path, files) == expected
