"""Syntax and undefined names: what must be flagged, and what must not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules import syntax


def found(tmp_path: Path, page: Page) -> list[Finding]:
    return sorted(syntax.check(pages.site(tmp_path, page)))


@pytest.mark.parametrize(
    ("block", "row"),
    [
        pytest.param("x = (1\ny = 2", 1, id="an open bracket"),
        pytest.param("a = 1\nprint('x)", 2, id="an open string"),
        pytest.param("d = {\n  'a': {}\n  'b': {}\n}", 2, id="a comma left out"),
        pytest.param("for i in range(3)\n    f(i)", 1, id="a colon left out"),
        pytest.param("def f():\nreturn 1", 2, id="an indent left out"),
        pytest.param("a = 1\n\u200b\nb = 2", 2, id="an invisible character"),
        pytest.param("x = \u201ca\u201d", 1, id="typographic quotes"),
        pytest.param("f(a\uff0cb)", 1, id="a Chinese comma"),
        pytest.param(">>> x = (1\n>>> y", 1, id="a transcript's entry"),
    ],
)
def test_a_block_that_python_refuses_is_an_error_on_its_line(
    tmp_path: Path, block: str, row: int
) -> None:
    text = f"# T\n\n```python\n{block}\n```\n"
    (finding,) = found(tmp_path, pages.page(tmp_path, "a.md", text))
    assert (finding.kind, finding.severity) == (FindingKind.SYNTAX, Severity.ERROR)
    assert finding.line == 3 + row


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("x = 1", id="Python"),
        pytest.param("    indented = 1\n    more = 2", id="the inside of a function"),
        pytest.param("return x", id="a return alone"),
        pytest.param("class A:\n    def f(self, x):", id="an excerpt that ends early"),
        pytest.param("f(a, ...\nb)", id="something left out with dots"),
        pytest.param(">>> f(1)\n<object at 0x7f>\n>>> print(1)\n1", id="a transcript"),
        pytest.param("%pip install x\n!ls\nx?", id="magics"),
        pytest.param("await f()", id="await"),
        pytest.param("x = '\\d'", id="an escape that Python only warns of"),
    ],
)
def test_a_block_that_can_be_read_is_not_flagged(tmp_path: Path, block: str) -> None:
    assert found(tmp_path, pages.page(tmp_path, "a.md", f"```python\n{block}\n```\n")) == []


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("docker run -it --rm name:latest", id="a command"),
        pytest.param('The result is\ntable {\n  name: "a"\n}', id="an output"),
    ],
)
def test_another_language_under_pythons_name_is_a_warning(tmp_path: Path, block: str) -> None:
    text = f"```python\n{block}\n```\n"
    (finding,) = found(tmp_path, pages.page(tmp_path, "a.md", text))
    assert (finding.kind, finding.severity) == (FindingKind.SYNTAX, Severity.WARNING)


@pytest.mark.parametrize("language", ["", "bash", "json", "text"])
def test_blocks_of_other_languages_are_not_ours(tmp_path: Path, language: str) -> None:
    text = f"```{language}\nfor x in\n```\n"
    assert found(tmp_path, pages.page(tmp_path, "a.md", text)) == []


def test_a_block_of_restructuredtext_is_flagged_on_its_line(tmp_path: Path) -> None:
    text = "T\n=\n\n.. code-block:: python\n\n   a = 1\n   b = (\n   c]\n"
    (finding,) = found(tmp_path, pages.page(tmp_path, "a.rst", text))
    assert finding.line == 8


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        pytest.param(["print(x)"], {"x"}, id="never defined"),
        pytest.param(["print(x)", "x = 1"], {"x"}, id="defined too late"),
        pytest.param(["import numpy", "np.zeros(3)"], {"np"}, id="imported by another name"),
        pytest.param(["def f():\n    return lr\nf()"], {"lr"}, id="inside a function"),
        pytest.param(["x = 1", "del x", "print(x)"], {"x"}, id="deleted before"),
        pytest.param(["x = [i for i in range(3)]", "print(i)"], {"i"}, id="a comprehension's name"),
        pytest.param(["%%bash\nx=1", "print(x)"], {"x"}, id="defined in another language"),
    ],
)
def test_a_name_that_nothing_before_defines_is_an_error(
    tmp_path: Path, cells: list[str], names: set[str]
) -> None:
    findings = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert {f.kind for f in findings} == {FindingKind.UNDEFINED_NAME}
    assert {str(f.message).split("`")[1] for f in findings} == names


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["x = 1", "print(x)"], id="a cell before"),
        pytest.param(["def f():\n    return x", "x = 1", "f()"], id="before the call"),
        pytest.param(["for i in range(3):\n    pass", "print(i)"], id="a loop's name"),
        pytest.param(["with open('f') as g:\n    pass", "g.name"], id="a with's name"),
        pytest.param(["x = !ls", "print(x)"], id="a shell line's output"),
        pytest.param(["%%capture log\nf = 1", "log.show()"], id="captured output"),
        pytest.param(["%run other.ipynb", "print(x)"], id="another notebook may define it"),
        pytest.param(["from os.path import *", "join('a')"], id="everything imported"),
        pytest.param(["display(1)", "print(_, __name__, Out[1], _3)"], id="IPython's own names"),
        pytest.param(["try:\n    x\nexcept NameError:\n    x = 1"], id="tried"),
        pytest.param(["x = (", "print(x)"], id="a broken cell would define it"),
        pytest.param(["global x\nx = 1", "x"], id="global"),
        pytest.param(["if (n := 3) > 2:\n    print(n)"], id="walrus"),
    ],
)
def test_a_name_that_something_defines_is_not_flagged(tmp_path: Path, cells: list[str]) -> None:
    findings = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert [f for f in findings if f.kind is FindingKind.UNDEFINED_NAME] == []


def test_the_later_definition_is_named(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, pages.notebook(tmp_path, "a = 1", "print(a, b)", "b = 2"))
    assert finding.cell == 1
    assert "only cell 2 defines it" in finding.message


def test_names_of_blocks_that_only_show_code_are_not_judged(tmp_path: Path) -> None:
    page = pages.notebook(tmp_path, pages.prose("```python\nself.x = y\n```"), "a = 1")
    assert found(tmp_path, page) == []
