"""Links, pictures, anchors and document names: what leads nowhere, and what must not be flagged."""

from pathlib import Path

import nbformat
import pytest

from tests.rules import orchard, pages
from verify.finding import Finding, Severity
from verify.page.page import Page
from verify.rules.links import links
from verify.upstream.pages import PATHS_NAME


def found(root: Path, page: Page) -> list[Finding]:
    return sorted(links.check(pages.site(root, page)))


@pytest.mark.parametrize(
    ("text", "kind", "suggestion"),
    [
        pytest.param(
            "[a](irigation.ipynb)",
            "broken-link",
            "Perhaps `irrigation.ipynb` is meant.",
            id="a misspelt page",
        ),
        pytest.param(
            "[a](pruning.ipynb)", "broken-link", "Write `pruning.md`.", id="another format"
        ),
        pytest.param(
            "[a](harvest.rst#x)",
            "broken-link",
            "Write `../notes/harvest.rst#x`.",
            id="another folder",
        ),
        pytest.param("[a](Pruning.md)", "broken-link", "Write `pruning.md`.", id="capitals"),
        pytest.param("[a](/prune/all.md)", "broken-link", "", id="from the root"),
        pytest.param(
            "[a](prunings.html)",
            "broken-link",
            "Perhaps `pruning.md` is meant.",
            id="HTML of no page",
        ),
        pytest.param(
            "[a](resources\\tree.png)",
            "broken-link",
            "Write `resources/tree.png`.",
            id="a backslash",
        ),
        pytest.param(
            "[a](../tools/measured.py)",
            "broken-link",
            "Perhaps `../tools/measure.py` is meant.",
            id="a file",
        ),
        pytest.param("<a href='prune.md'>a</a>", "broken-link", "", id="HTML"),
        pytest.param("| a |\n|---|\n| [a](no/such.md) |", "broken-link", "", id="in a table"),
        pytest.param(
            "![a](resources/Tree.png)",
            "broken-image",
            "Write `resources/tree.png`.",
            id="a picture's capitals",
        ),
        pytest.param(
            "<img src='tree.png'>",
            "broken-image",
            "Write `resources/tree.png`.",
            id="a picture in HTML",
        ),
        pytest.param(":::{figure} leaf.png\nA leaf\n:::", "broken-image", "", id="a figure"),
        pytest.param(
            "![a](attachment:a.png)",
            "broken-image",
            "Save it as a file beside the page.",
            id="nothing to attach to",
        ),
        pytest.param(
            "[a](pruning.md#tools-and-gloves)",
            "broken-anchor",
            "Write `#tools--gloves`.",
            id="an anchor elsewhere",
        ),
        pytest.param(
            "[a](pruning.md#rest-2)",
            "broken-anchor",
            "Write `#rest-1`.",
            id="one more than there are",
        ),
        pytest.param(
            "[a](irrigation.ipynb#Pressure-Gain)",
            "broken-anchor",
            "Write `#Pressure-Loss`.",
            id="in a notebook",
        ),
        pytest.param("[a](#nowhere)", "broken-anchor", "", id="an anchor of this page"),
        pytest.param("[a](#Page)", "broken-anchor", "Write `#page`.", id="an anchor's capitals"),
        pytest.param("[a]()", "empty-link", "Give it one.", id="nothing"),
        pytest.param("[a](#)", "empty-link", "Give it one.", id="a mere hash"),
        pytest.param("![a]()", "empty-link", "Give it one.", id="no picture"),
        pytest.param('<a href="">a</a>', "empty-link", "Give it one.", id="empty HTML"),
        pytest.param(
            '<p>\n<img src={require("./resources/treee.png").default}/>\n</p>',
            "broken-image",
            "Perhaps `./resources/tree.png` is meant.",
            id="what MDX imports",
        ),
        pytest.param(
            ":::{grid-item-card} A\n:link: felling\n:link-type: doc\n\nB\n:::",
            "broken-link",
            "",
            id="a card",
        ),
        pytest.param(
            "{doc}`prunning`", "broken-link", "Perhaps `pruning` is meant.", id="a document"
        ),
        pytest.param("{ref}`ripe-idx`", "broken-link", "Write `ripe-index`.", id="a label"),
        pytest.param(
            "```{toctree}\npruning\nrain\n```", "broken-link", "", id="a table of contents"
        ),
    ],
)
def test_what_leads_nowhere_is_an_error(
    tmp_path: Path, text: str, kind: str, suggestion: str
) -> None:
    (finding,) = found(tmp_path, orchard.page(tmp_path, f"# Page\n\n{text}\n"))
    assert (finding.kind.value, finding.severity) == (kind, Severity.ERROR)
    assert str(finding.suggestion) == suggestion


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "[a](irrigation.ipynb) [a](./pruning.md) [a](../notes/harvest.rst)", id="pages"
        ),
        pytest.param(
            "[a](pruning.html) [a](pruning) [a](/guide/pruning.md)", id="pages as they are built"
        ),
        pytest.param(
            "[a](../tools/measure.py) [a](../tools/) [a](resources)", id="files and folders"
        ),
        pytest.param(
            "[a](pruning.md#tools--gloves) [a](pruning.md#tools-gloves)", id="slug and id"
        ),
        pytest.param("[a](pruning.md#cut-angle) [a](#cut-angle) [a](cut-angle)", id="a label"),
        pytest.param(
            "[a](pruning.md#修剪-步骤) [a](pruning.md#%E4%BF%AE%E5%89%AA-%E6%AD%A5%E9%AA%A4)",
            id="Chinese anchors",
        ),
        pytest.param("[a](pruning.md#rest) [a](pruning.md#rest-1)", id="the same heading twice"),
        pytest.param(
            "[a](irrigation.ipynb#Pressure-Loss) [a](irrigation.ipynb#pressure-loss)",
            id="a notebook's anchors",
        ),
        pytest.param(
            "<a name='here'></a>\n\n[a](#here) [a](#page) [top](#top)", id="an anchor in HTML"
        ),
        pytest.param('[back to top](#) <a href="#">back to top</a>', id="the page's top"),
        pytest.param("![a](resources/tree.png) ![a](resources/tree.png?raw=true)", id="pictures"),
        pytest.param(
            "![a](<resources/水 管.png>) ![a](resources/%E6%B0%B4%20%E7%AE%A1.png)",
            id="spaces and Chinese",
        ),
        pytest.param(
            "![a](data:image/png;base64,AAAA) ![a](https://example.org/a.png)", id="no files"
        ),
        pytest.param("[a](../../src/x.py)", id="outside, where nothing is known"),
        pytest.param("[a](../source/orchard.tools.rst#orchard.tools.cut)", id="made by apidoc"),
        pytest.param("[a](../genindex.html) [a](../build/)", id="made by the build"),
        pytest.param(
            "[a](mailto:a@example.org) <https://example.org> [a](//example.org/a)",
            id="other schemes",
        ),
        pytest.param("`[a](no.md)`\n\n```text\n[a](no.md)\n```\n\n    [a](no.md)", id="code"),
        pytest.param("{doc}`pruning` {ref}`ripe-index` {doc}`/notes/harvest`", id="roles"),
        pytest.param(
            "```{toctree}\n:glob:\n\n*\nTitle <pruning>\nself\nWeb <https://example.org>\n```",
            id="a table of contents",
        ),
        pytest.param("[a](/docs/spu/latest/x)", id="from the website's root"),
        pytest.param(
            '<p>\n<img src={require("./resources/tree.png").default}/>\n'
            '<img src={useBaseUrl("/img/tree.png")}/>\n</p>',
            id="what MDX imports, or computes",
        ),
    ],
)
def test_what_leads_somewhere_is_not_flagged(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, orchard.page(tmp_path, f"# Page\n\n{text}\n")) == []


@pytest.mark.parametrize(
    ("badge", "words"),
    [
        (
            '<a href=""><img src="resources/tree.png"></a>',
            '<a href="">a <img src="resources/tree.png"></a>',
        ),
        ("[![](resources/tree.png)](#)", "[a ![](resources/tree.png)](#)"),
    ],
    ids=["HTML", "Markdown"],
)
def test_a_picture_alone_may_be_a_link_without_a_target(
    tmp_path: Path, badge: str, words: str
) -> None:
    (mild,) = found(tmp_path, orchard.page(tmp_path, f"# Page\n\n{badge}\n"))
    (grave,) = found(tmp_path, orchard.page(tmp_path, f"# Page\n\n{words}\n"))
    assert (mild.severity, grave.severity) == (Severity.WARNING, Severity.ERROR)


@pytest.mark.parametrize(
    ("address", "suggestion"),
    [
        pytest.param(
            "htpp://example.org/a", "Write `http://example.org/a`.", id="a misspelt scheme"
        ),
        pytest.param("htps://example.org/a", "Write `https://example.org/a`.", id="another"),
        pytest.param("https//example.org/a", "Write `https://example.org/a`.", id="no colon"),
        pytest.param("https:/example.org/a", "Write `https://example.org/a`.", id="one slash"),
        pytest.param(
            "https\uff1a//example.org/a", "Write `https://example.org/a`.", id="a Chinese colon"
        ),
        pytest.param("https://https://example.org", "Write `https://example.org`.", id="twice"),
        pytest.param(
            "https://a.orghttps://b.org",
            "Write `https://a.org` and `https://b.org` apart.",
            id="two in one",
        ),
        pytest.param(
            "https://a.org,https://b.org",
            "Write `https://a.org` and `https://b.org` apart.",
            id="two and a comma",
        ),
        pytest.param("www.example.org/a", "Write `https://www.example.org/a`.", id="no scheme"),
        pytest.param(
            "github.com/orchard/tools",
            "Write `https://github.com/orchard/tools`.",
            id="a bare host",
        ),
        pytest.param("“https://example.org”", "Write `https://example.org`.", id="in quotes"),
        pytest.param("https://example..org/a", "Correct the host's name.", id="two dots"),
        pytest.param("https:///a", "Write `https://a`.", id="no host"),
        pytest.param(
            "https://example.org/a\u3002",
            "End it after `https://example.org/a`.",
            id="a full stop inside",
        ),
        pytest.param(
            "C:\\Users\\me\\a.png", "Link to the file inside the documentation.", id="a drive"
        ),
    ],
)
def test_an_address_that_no_browser_can_follow_is_an_error(
    tmp_path: Path, address: str, suggestion: str
) -> None:
    (finding,) = found(tmp_path, orchard.page(tmp_path, f"[a]({address})\n"))
    assert (finding.kind.value, str(finding.suggestion)) == ("broken-link", suggestion)


@pytest.mark.parametrize(
    "address",
    [
        "https://web.archive.org/web/2013/http://example.org/",
        "https://example.org/go?to=https://example.com",
        "https://zh.example.org/wiki/果树",
        "https://example.org/a.html#tree果树",
        "https://example.org/badge/甜，不酸-FF0000",
        "https://user@example.org:8080/a_(b)?c=d,e;f#g",
        "http://localhost:8265",
        "ftp://example.org/a",
        "s3://bucket/a",
    ],
)
def test_an_unusual_address_is_not_flagged(tmp_path: Path, address: str) -> None:
    assert found(tmp_path, orchard.page(tmp_path, f"[a](<{address}>)\n")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("在https://example.org/a查看。", ["End it after `https://example.org/a`."]),
        ("在 https://example.org/a 查看。", []),
        ("在 https://example.org/a果 查看。", ["End it after `https://example.org/a`."]),
        ("在 https://example.org/a%E6%9E%9C 查看。", []),
        ("[查看](https://example.org/a查看)", []),
        ("在 https://example.org/Plum果树.md 查看。", []),
        ("![](https://example.org/Plum果树)", []),
    ],
)
def test_only_an_address_that_nobody_set_apart_goes_on_into_words(
    tmp_path: Path, text: str, expected: list[str]
) -> None:
    said = found(tmp_path, orchard.page(tmp_path, f"{text}\n"))
    assert [str(one.suggestion) for one in said] == expected


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        pytest.param(":doc:`pruning` :doc:`x </notes/harvest>`", 0, id="documents"),
        pytest.param(":doc:`prunning` :doc:`/irrigation`", 2, id="documents that are not"),
        pytest.param(":ref:`ripe-index` :ref:`Pick <Ripe-Index>` :ref:`genindex`", 0, id="labels"),
        pytest.param(
            ":ref:`guide/pruning:Tools & Gloves` :ref:`notes/harvest:Ripeness Index`",
            0,
            id="labels of titles",
        ),
        pytest.param(
            ":ref:`x </guide/irrigation.ipynb>` :ref:`y </guide/irrigation.ipynb#pressure-loss>`",
            0,
            id="labels of notebooks",
        ),
        pytest.param(
            ":ref:`ripe` :ref:`guide/pruning:Tools and Gloves` :ref:`x </guide/none.ipynb>`",
            3,
            id="labels that are not",
        ),
        pytest.param(":ref:`python:if`", 0, id="another project's label"),
        pytest.param(
            ":download:`a <../tools/measure.py>` :download:`b <../tools/data.csv>`",
            1,
            id="downloads",
        ),
        pytest.param(
            ".. literalinclude:: ../tools/measure.py\n\n.. literalinclude:: /tools/none.py",
            1,
            id="included files",
        ),
        pytest.param(
            ".. image:: resources/tree.*\n\n.. figure:: resources/leaf.png", 1, id="pictures"
        ),
        pytest.param(
            "Harvest_ `Page`_ `Sand and Clay`_\n\n.. _Harvest: ../notes/harvest.rst",
            1,
            id="references by name",
        ),
        pytest.param("A weight w_, x_i_ and **kwargs.", 0, id="names of code"),
        pytest.param(
            ".. toctree::\n   :glob:\n\n   *\n   Winter <pruning>\n   self\n   missing/page",
            1,
            id="a table of contents",
        ),
        pytest.param(
            ".. toctree::\n\n   resources/tree.grown\n   resources/tree.png",
            1,
            id="a suffix of an extension, and of a picture",
        ),
        pytest.param(
            ".. grid-item-card:: A\n   :link: ../notes/harvest\n   :link-type: doc\n\n   B\n\n"
            ".. grid-item-card:: C\n   :link: digging\n   :link-type: doc\n\n   D\n\n"
            ".. grid-item-card:: E\n   :link: https://example.org\n\n   F",
            1,
            id="cards",
        ),
    ],
)
def test_restructured_text_is_resolved_as_sphinx_does(
    tmp_path: Path, text: str, broken: int
) -> None:
    page = orchard.page(tmp_path, f"Page\n====\n\n{text}\n", "guide/page.rst")
    assert len(found(tmp_path, page)) == broken


@pytest.mark.parametrize(("key", "expected"), [("a b.png", 0), ("a%20b.png", 0), ("a.png", 1)])
def test_an_attachment_has_its_name_plain_or_as_in_an_address(
    tmp_path: Path, key: str, expected: int
) -> None:
    cell = nbformat.v4.new_markdown_cell("![a](attachment:a%20b.png)")
    cell["attachments"] = {key: {"image/png": "AAAA"}}
    assert len(found(tmp_path, pages.notebook(tmp_path, cell))) == expected


def test_an_attached_picture_is_that_of_its_own_cell(tmp_path: Path) -> None:
    attached = nbformat.v4.new_markdown_cell("![a](attachment:a.png)")
    attached["attachments"] = {"a.png": {"image/png": "AAAA"}}
    other = pages.prose("Text.\n\n![a](attachment:a.png)")
    (finding,) = found(tmp_path, pages.notebook(tmp_path, attached, other))
    assert (finding.kind.value, finding.cell) == ("broken-image", 1)


def test_a_mistake_that_a_page_repeats_is_told_once(tmp_path: Path) -> None:
    text = "[a](no.md)\n\n[b](no.md)\n\n[c](none.md)\n\n[d]()\n\n[d]()\n"
    findings = found(tmp_path, pages.page(tmp_path, "a.md", text))
    assert [finding.line for finding in findings] == [1, 5, 7, 9]
    assert str(findings[0].message).endswith("So it is in line 3.")


def test_a_file_outside_the_documentation_is_looked_up_in_the_list_of_the_repository(
    tmp_path: Path,
) -> None:
    (tmp_path / PATHS_NAME).write_text("docs/a.md\nsrc/tools/cut.py\n", encoding="utf-8")
    root = tmp_path / "docs"
    page = orchard.page(root, "[a](../../src/tools/cut.py) [b](../../src/) [c](../../src/saw.py)\n")
    (finding,) = found(root, page)
    assert "src/saw.py" in str(finding.message)


def test_a_file_outside_the_documentation_is_looked_up_in_the_clone(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "LICENSE").write_text("", encoding="utf-8")
    root = tmp_path / "docs"
    page = orchard.page(root, "[a](../../LICENSE) [b](../../LICENCE)\n")
    (finding,) = found(root, page)
    assert "`../../LICENCE`" in str(finding.message)


def test_the_line_is_that_of_the_link_also_in_a_paragraph_of_many(tmp_path: Path) -> None:
    text = "A\n=\n\nOne\ntwo `a <no.md>`_\nthree :doc:`none`\nfour `Nothing`_.\n"
    findings = found(tmp_path, pages.page(tmp_path, "a.rst", text))
    assert [finding.line for finding in findings] == [5, 6, 7]


def test_a_draft_outside_the_root_is_judged_as_the_page_of_its_name(tmp_path: Path) -> None:
    root = tmp_path / "docs"
    for name in ("deep/page.md", "deep/there.md"):
        pages.page(root, name, "# T")
    draft = pages.page(tmp_path, "draft/page.md", "[a](there.md)\n\n[b](gone.md)")
    (one,) = found(root, draft)
    assert "`gone.md` leads nowhere: there is no `deep/gone.md`" in str(one.message)
