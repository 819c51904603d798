"""Pages of three formats are read into one model, and everything has its line."""

import time
from pathlib import Path

import pytest

from tests.rules import pages
from verify.errors import UsageError
from verify.page import reader
from verify.page.page import LinkKind, Page, Role, SpanKind

MARKDOWN = """
    # A title

    Words with `code` and $x^2$,
    on *two* lines.

    - first
    - second [link](a.md "tip")

    | h1 | h2 |
    |----|----|
    | a  | b  |

    ![picture](p.png)

    ```python
    x = 1
    ```

    (here)=
    ## Deeper

    <a href="b.md"></a><img src="q.png"/>

    See {doc}`other <c>` and https://example.org/x.

    ```{eval-rst}
    .. image:: r.png
    ```

    ```{note}
    Inside a note.
    ```
    """

RST = """
    Title
    =====

    Words with ``code`` and :math:`x`,
    on two lines.

    - first
    - second `link <a.html>`_

    .. _here:

    Deeper
    ------

    .. code-block:: python
       :linenos:

       x = 1

    .. image:: p.png

    .. toctree::
       :maxdepth: 2

       one
       Two <two>

    .. some-card:: A card
       :link: three
       :link-type: doc

       Inside a card.

    See :doc:`other <c>`, :ref:`here`, :py:class:`~a.b.C` and `nowhere`_.
    """


def pieces(page: Page) -> list[tuple[str, int, Role]]:
    return [(piece.text, piece.line, piece.role) for piece in page.prose]


def links(page: Page) -> list[tuple[str, int, LinkKind]]:
    return [(link.target, link.line, link.kind) for link in page.links]


def test_markdown(tmp_path: Path) -> None:
    page = pages.page(tmp_path, "a.md", MARKDOWN)
    assert pieces(page) == [
        ("A title", 1, Role.HEADING),
        ("Words with code and x^2,\non two lines.", 3, Role.PARAGRAPH),
        ("first", 6, Role.ITEM),
        ("second link", 7, Role.ITEM),
        ("h1", 9, Role.TABLE_CELL),
        ("h2", 9, Role.TABLE_CELL),
        ("a", 11, Role.TABLE_CELL),
        ("b", 11, Role.TABLE_CELL),
        ("Deeper", 20, Role.HEADING),
        ("See other <c> and https://example.org/x.", 24, Role.PARAGRAPH),
        ("Inside a note.", 31, Role.PARAGRAPH),
    ]
    assert links(page) == [
        ("a.md", 7, LinkKind.LINK),
        ("p.png", 13, LinkKind.IMAGE),
        ("b.md", 22, LinkKind.LINK),
        ("q.png", 22, LinkKind.IMAGE),
        ("c", 24, LinkKind.DOCUMENT),
        ("https://example.org/x", 24, LinkKind.LINK),
        ("r.png", 27, LinkKind.IMAGE),
    ]
    assert [(code.source, code.language, code.line) for code in page.codes] == [
        ("x = 1", "python", 16)
    ]
    assert page.labels == ("here",)


def test_restructuredtext(tmp_path: Path) -> None:
    page = pages.page(tmp_path, "a.rst", RST)
    assert pieces(page) == [
        ("Title", 1, Role.HEADING),
        ("Words with code and x,\non two lines.", 4, Role.PARAGRAPH),
        ("first", 7, Role.ITEM),
        ("second link", 8, Role.ITEM),
        ("Deeper", 12, Role.HEADING),
        ("Inside a card.", 32, Role.PARAGRAPH),
        ("See other, here, ~a.b.C and `nowhere`_.", 34, Role.PARAGRAPH),
    ]
    assert [(target, kind) for target, _, kind in links(page)] == [
        ("a.html", LinkKind.LINK),
        ("p.png", LinkKind.IMAGE),
        ("one", LinkKind.DOCUMENT),
        ("Two <two>", LinkKind.DOCUMENT),
        ("three", LinkKind.DOCUMENT),
        ("c", LinkKind.DOCUMENT),
        ("here", LinkKind.LABEL),
        ("", LinkKind.UNDEFINED),
    ]
    assert [(code.source, code.language, code.line) for code in page.codes] == [
        ("x = 1", "python", 18)
    ]
    assert "here" in page.labels
    assert [name.dotted for name in page.names] == ["a.b.C"]


def test_a_notebook(tmp_path: Path) -> None:
    page = pages.notebook(
        tmp_path,
        pages.prose("# Title\n\n```python\ny = 1\n```\nTwo\nlines."),
        pages.code("a = 1\nprint(a)", pages.printed("1\n"), count=3),
    )
    shown, cell = page.codes
    assert (shown.cell, shown.runs, cell.cell, cell.runs) == (0, False, 1, True)
    assert (cell.execution_count, cell.outputs[0].name, cell.outputs[0].text) == (
        3,
        "stdout",
        "1\n",
    )
    text = page.path.read_text(encoding="utf-8").split("\n")
    assert "print(a)" in text[cell.line_of(1) - 1]
    assert "y = 1" in text[shown.line - 1]
    (_, last) = page.prose
    assert "lines." in text[last.line_at(last.text.index("lines")) - 1]


def test_a_notebook_whose_sources_are_single_strings_names_one_line(tmp_path: Path) -> None:
    cell = r'{"cell_type": "code", "source": "a = 1\nb = a", "outputs": [], "metadata": {}'
    cell += ', "execution_count": null}'
    head = '{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": ['
    (tmp_path / "a.ipynb").write_text(f"{head}\n{cell}\n]}}", encoding="utf-8")
    (code,) = reader.read(tmp_path / "a.ipynb").codes
    assert code.line_of(1) == code.line


def test_what_is_no_prose_can_be_blanked_out(tmp_path: Path) -> None:
    text = "Use `fit` for 3 rounds, see https://example.org/3 for $n=3$."
    (piece,) = pages.page(tmp_path, "a.md", text).prose
    assert [span.kind for span in piece.spans] == [SpanKind.CODE, SpanKind.URL, SpanKind.MATH]
    assert piece.words.split() == ["Use", "for", "3", "rounds,", "see", "for", "."]
    assert len(piece.words) == len(piece.text)


def test_a_bar_that_is_drawn_again_and_again_is_read_in_its_last_state(tmp_path: Path) -> None:
    drawn = pages.printed("0%|\r50%|\r100%|\n\x1b[31mdone\x1b[0m\n")
    (cell,) = pages.notebook(tmp_path, pages.code("f()", drawn)).codes
    assert cell.outputs[0].text == "100%|\ndone\n"


@pytest.mark.parametrize(
    ("text", "chinese"),
    [("只有中文的一页", True), ("English with 一 word, in a long line", False), ("", False)],
)
def test_the_language_is_told_by_characters(tmp_path: Path, text: str, *, chinese: bool) -> None:
    assert pages.page(tmp_path, "a.md", text).is_chinese is chinese


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.ipynb", b"{", "not a readable notebook"),
        ("a.md", b"\xff\xfe\xff", "cannot be read"),
        ("a.txt", b"", "no page"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=says):
        reader.read(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.md", "```{mermaid}\ngraph LR\n```\n\nText.", ["Text."]),
        ("a.md", "```{math}\n:label: m\na = (b\n```\n\nText.", ["Text."]),
        ("a.md", "```{note}\n:class: wide\n\nText.\n```", ["Text."]),
        ("a.md", "\\begin{align}\na\n\\end{align}\n\nText.", ["Text."]),
        ("a.md", "Text.[^1]\n\n[^1]: Below.", ["Text.", "Below."]),
        ("a.rst", ".. graphviz::\n\n   digraph { a -> b }\n\nText.", ["Text."]),
        ("a.rst", ".. tip-box::\n\n   Text.\n", ["Text."]),
        ("a.rst", ".. card::\n\n   Head\n   ^^^^\n   Text.\n", ["Head", "Text."]),
    ],
)
def test_diagrams_and_formulas_are_no_prose(
    tmp_path: Path, name: str, text: str, words: list[str]
) -> None:
    assert [piece.text for piece in pages.page(tmp_path, name, text).prose] == words


def test_options_are_no_part_of_the_code_of_a_directive(tmp_path: Path) -> None:
    text = "```{code-cell} ipython3\n---\ntags: [hide]\n---\nx = 1\n```\n\n```{code-block} python\n"
    page = pages.page(tmp_path, "a.md", f"{text}:linenos:\n\ny = 2\n```\n")
    assert [(code.source, code.line) for code in page.codes if code.runs] == []
    assert [(code.source.strip(), code.line) for code in page.codes] == [
        ("x = 1", 5),
        ("y = 2", 11),
    ]


def test_a_directive_knows_the_addresses_that_are_defined_around_it(tmp_path: Path) -> None:
    text = "```{note}\nSee [this][there].\n```\n\n[there]: b.md\n"
    assert links(pages.page(tmp_path, "a.md", text)) == [("b.md", 2, LinkKind.LINK)]


def test_what_docutils_complains_of_is_kept_with_its_line(tmp_path: Path) -> None:
    page = pages.page(tmp_path, "a.md", "# A\n\n```{eval-rst}\nOne **word**s.\n```\n")
    assert [(one.level, one.line) for one in page.complaints] == [(2, 4)]


@pytest.mark.parametrize("suffix", [".md", ".rst"])
def test_reading_takes_as_long_as_the_text_is(tmp_path: Path, suffix: str) -> None:
    def seconds(times: int) -> float:
        page = pages.page(tmp_path, f"a{suffix}", "One *word* after another.\n\n" * times)
        begun = time.process_time()
        assert len(page.prose) == times
        return time.process_time() - begun

    seconds(10)
    # The least of some: a busy machine takes its part of any of them.
    assert min(map(seconds, [4000] * 3)) < 12 * min(map(seconds, [1000] * 3))
