"""Links that readers see as text: what must be flagged, and what must not."""

from pathlib import Path

import pytest

from tests.rules import orchard, pages
from verify.finding import Severity
from verify.rules.links import malformed


@pytest.mark.parametrize(
    ("text", "kind", "suggestion"),
    [
        pytest.param(
            "[a] (https://example.org)",
            "broken-link",
            "Write `[a](https://example.org)`.",
            id="a space between",
        ),
        pytest.param(
            "[a]\uff08https://example.org\uff09",
            "broken-link",
            "Write `[a](https://example.org)`.",
            id="full-width brackets",
        ),
        pytest.param(
            "见[文档](page.md\uff09\u3002",
            "broken-link",
            "Write `[文档](page.md)`.",
            id="one full-width bracket",
        ),
        pytest.param(
            "[a](https://example.org and so on",
            "broken-link",
            "Write `[a](https://example.org)`.",
            id="never closed",
        ),
        pytest.param(
            "[a](https://example.org /b)",
            "broken-link",
            "Write `[a](https://example.org/b)`.",
            id="a space in an address",
        ),
        pytest.param(
            "![a](my tree.png)",
            "broken-image",
            "Write `![a](<my tree.png>)`.",
            id="a space in a name",
        ),
        pytest.param(
            "(a)[https://example.org]",
            "broken-link",
            "Write `[a](https://example.org)`.",
            id="the wrong way round",
        ),
        pytest.param(
            "[a](file:///home/me/a.md)",
            "broken-link",
            "Link to the file inside the documentation.",
            id="a file of the author's",
        ),
        pytest.param(
            "[a]\uff1a(https://example.org)",
            "broken-link",
            "Write `[a](https://example.org)`.",
            id="a colon between",
        ),
        pytest.param(
            "See [the list][tools].",
            "broken-link",
            "Define `[tools]: address`, or write `[the list](address)`.",
            id="a name that is not defined",
        ),
        pytest.param(
            "Open https//example.org", "broken-link", "Correct its beginning.", id="no colon"
        ),
        pytest.param(
            "Open htpp://example.org",
            "broken-link",
            "Correct its beginning.",
            id="a misspelt scheme",
        ),
        pytest.param(
            '<a href="https://example.org>a</a>',
            "broken-link",
            "Close the tag and its quotation marks.",
            id="a quote left open",
        ),
        pytest.param(
            "`a <https://example.org>`_",
            "broken-link",
            "Write `[a](https://example.org)`.",
            id="a link of reStructuredText",
        ),
        pytest.param(
            ":doc:`pruning`",
            "broken-link",
            "Write a Markdown link.",
            id="a role of reStructuredText",
        ),
        pytest.param(
            ".. image:: tree.png",
            "broken-image",
            "Write `![](tree.png)`.",
            id="a picture of reStructuredText",
        ),
    ],
)
@pytest.mark.parametrize("name", ["a.md", "a.ipynb"])
def test_markup_that_markdown_shows_is_an_error(
    tmp_path: Path, name: str, text: str, kind: str, suggestion: str
) -> None:
    page = orchard.page(tmp_path, f"# A\n\n{text}\n", name)
    (finding,) = malformed.check(pages.site(tmp_path, page))
    assert (finding.kind.value, finding.severity) == (kind, Severity.ERROR)
    assert str(finding.suggestion) == suggestion


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[a](https://example.org) [b]( b.md ) ![c](<my tree.png>)", id="links"),
        pytest.param(
            "Shown in [12] (https://example.org) and [Doe21] (https://example.org).", id="citations"
        ),
        pytest.param("`[a] (https://example.org)` and `https//example.org`", id="inline code"),
        pytest.param("```text\n[a] (https://example.org)\n```", id="a block of code"),
        pytest.param("The interval $[0](x)$ and `a[0][1]`, the item x[i][j].", id="indices"),
        pytest.param(
            "See [the list][tools] and [tools].\n\n[tools]: b.md", id="a name that is defined"
        ),
        pytest.param("[[a]](https://example.org)[[b]](https://example.com)", id="two links"),
        pytest.param("It says \\[tools\\]\\[list\\].", id="escaped brackets"),
        pytest.param("An optional [argument] (see below), and [x] (or y).", id="brackets of prose"),
        pytest.param("{doc}`pruning` and the role `:doc:`.", id="roles"),
        pytest.param(
            "Served over http/2, by http://localhost:80 or https://example.org.", id="addresses"
        ),
    ],
)
def test_what_markdown_shows_as_it_should_is_not_flagged(tmp_path: Path, text: str) -> None:
    page = pages.page(tmp_path, "a.md", f"# A\n\n{text}\n")
    assert list(malformed.check(pages.site(tmp_path, page))) == []


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        pytest.param(
            "See [a](https://example.org).",
            "Write `` `a <https://example.org>`_ ``.",
            id="a link of Markdown",
        ),
        pytest.param(
            "![a](tree.png)", "Write `` .. image:: tree.png ``.", id="a picture of Markdown"
        ),
        pytest.param(
            "See a <https://example.org>_ here.",
            "Write `` `a <https://example.org>`_ ``.",
            id="no backticks",
        ),
        pytest.param(
            "See `a <https://example.org>` here.",
            "Write `` `a <https://example.org>`_ ``.",
            id="no underscore",
        ),
        pytest.param(
            "见`文档 <https://example.org>`_ \u3002",
            "Put a space, or a backslash and a space, before it.",
            id="no space before",
        ),
        pytest.param(
            "见:ref:`ripe-index` \u3002",
            "Put a space, or a backslash and a space, before it.",
            id="no space before a role",
        ),
        pytest.param("Open http:/example.org now.", "Correct its beginning.", id="one slash"),
    ],
)
def test_markup_that_restructured_text_shows_is_an_error(
    tmp_path: Path, text: str, suggestion: str
) -> None:
    page = pages.page(tmp_path, "a.rst", f"A\n=\n\n{text}\n")
    (finding,) = malformed.check(pages.site(tmp_path, page))
    assert (finding.severity, str(finding.suggestion)) == (Severity.ERROR, suggestion)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "`a <https://example.org>`_ and `b <b.md>`__ and <https://example.org>.", id="links"
        ),
        pytest.param("::\n\n   [a](https://example.org)", id="a block of code"),
        pytest.param(
            "``[a](https://example.org)`` and ``a <https://example.org>``", id="inline code"
        ),
        pytest.param(":doc:`a <b>`, :ref:`c`. 见 :ref:`d` \u3002", id="roles"),
        pytest.param("Cited in [1]_ and [x] (or y).\n\n.. [1] A paper.", id="footnotes"),
    ],
)
def test_what_restructured_text_shows_as_it_should_is_not_flagged(
    tmp_path: Path, text: str
) -> None:
    page = pages.page(tmp_path, "a.rst", f"A\n=\n\n{text}\n")
    assert list(malformed.check(pages.site(tmp_path, page))) == []


def test_the_line_is_that_of_the_markup(tmp_path: Path) -> None:
    page = pages.page(tmp_path, "a.md", "# A\n\nOne\ntwo [a] (https://example.org)\nthree.\n")
    (finding,) = malformed.check(pages.site(tmp_path, page))
    assert finding.line == 4


@pytest.mark.parametrize(("tag", "expected"), [("choice", 0), ("div", 1)])
def test_markdown_between_tags_of_a_component_is_markdown(
    tmp_path: Path, tag: str, expected: int
) -> None:
    text = f"# T\n\n<{tag} id='a'>\n[pears](https://example.org/pears) are ripe.\n\n</{tag}>\n"
    page = pages.page(tmp_path, "page.md", text)
    assert len(list(malformed.check(pages.site(tmp_path, page)))) == expected


@pytest.mark.parametrize(("many", "conf", "expected"), [(4, 0, 0), (3, 0, 3), (4, 1, 4)])
def test_a_folder_full_of_roles_has_a_builder_that_knows_them(
    tmp_path: Path, many: int, conf: int, expected: int
) -> None:
    if conf:
        (tmp_path / "conf.py").write_text("extensions = ['myst_parser']\n", encoding="utf-8")
    text = "# A\n\nSee :numref:`the tree` and (:ref:`pruning`).\n"
    some = [pages.page(tmp_path, f"{i}.md", text) for i in range(many)]
    assert len(list(malformed.check(pages.site(tmp_path, *some)))) == 2 * expected


@pytest.mark.parametrize(
    ("config", "name", "expected"),
    [
        ("plugins: [autorefs]", "orchard.Tree", 0),
        ("plugins: [autorefs]", "the tree", 1),
        ("plugins: [search]", "orchard.Tree", 1),
    ],
)
def test_a_build_may_look_up_names_of_code(
    tmp_path: Path, config: str, name: str, expected: int
) -> None:
    (tmp_path / "mkdocs.yml").write_text(config, encoding="utf-8")
    page = pages.page(tmp_path, "a.md", f"# A\n\nSee [{name}][].\n")
    assert len(list(malformed.check(pages.site(tmp_path, page)))) == expected


@pytest.mark.parametrize(
    ("twin", "expected"),
    [(".. THIS FILE WAS AUTOMATICALLY GENERATED BY SPHINX-GALLERY.", 0), ("", 1)],
)
def test_a_notebook_made_of_a_program_is_not_what_readers_see(
    tmp_path: Path, twin: str, expected: int
) -> None:
    (tmp_path / "a.rst").write_text(f"{twin}\n\nA\n=\n", encoding="utf-8")
    page = pages.notebook(tmp_path, pages.prose("See :doc:`pruning`."), name="a.ipynb")
    assert len(list(malformed.check(pages.site(tmp_path, page)))) == expected


@pytest.mark.parametrize(
    ("conf", "severity"),
    [
        ("extensions = ['nbsphinx']\n", Severity.WARNING),
        ("extensions = ['myst_nb']\n", Severity.ERROR),
    ],
    ids=["pandoc", "MyST"],
)
def test_markdown_within_html_of_a_notebook_is_read_by_pandoc_alone(
    tmp_path: Path, conf: str, severity: Severity
) -> None:
    (tmp_path / "conf.py").write_text(conf)
    cell = pages.prose("<div>\nSee [it](https://example.org).\n</div>")
    site = pages.site(tmp_path, pages.notebook(tmp_path, cell))
    (finding,) = malformed.check(site)
    assert finding.severity is severity
