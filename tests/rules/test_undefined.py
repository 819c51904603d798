"""Undefined names: what must be flagged, and what must not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules import undefined


def found(tmp_path: Path, page: Page) -> list[Finding]:
    return sorted(undefined.check(pages.site(tmp_path, page)))


@pytest.mark.parametrize(
    ("cells", "names"),
    [
        pytest.param(["print(x)"], {"x"}, id="never defined"),
        pytest.param(["print(x)", "x = 1"], {"x"}, id="defined too late"),
        pytest.param(["import numpy", "np.zeros(3)"], {"np"}, id="imported by another name"),
        pytest.param(["def f():\n    return lr\nf()"], {"lr"}, id="inside a function"),
        pytest.param(["x = 1", "del x", "print(x)"], {"x"}, id="deleted before"),
        pytest.param(
            ["class A:\n    b = 1\n    def f(self):\n        return b"], {"b"}, id="a class's"
        ),
        pytest.param(["f(a=1)", "print(a)"], {"f", "a"}, id="only an argument's name"),
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
        pytest.param(["def f():\n    return x", "x = 1\nf()", "del x"], id="deleted afterwards"),
        pytest.param(
            ["x = 1", "for i in range(2):\n    del x\n    break", "x"], id="del in a loop"
        ),
        pytest.param(["x = 1", "with open('f'):\n    del x", "x"], id="del in a block"),
        pytest.param(["exec('x = 1')", "print(x)"], id="a text that is run"),
        pytest.param(["globals()['x'] = 1", "print(x)"], id="written into the table"),
        pytest.param(["globals().update(x=1)", "print(x)"], id="the table brought up to date"),
        pytest.param(["if 'x' not in globals():\n    print(2)\nprint(x)"], id="asked for"),
        pytest.param(["%%cython\ndef x(): pass", "print(x)"], id="another language may hand it on"),
        pytest.param(["match 1:\n    case [x, *y]:\n        print(x, y)"], id="match"),
        pytest.param(["ls", "whos"], id="magics without their sign"),
        pytest.param(["if (n := 3) > 2:\n    print(n)"], id="walrus"),
    ],
)
def test_a_name_that_something_defines_is_not_flagged(tmp_path: Path, cells: list[str]) -> None:
    findings = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert [f for f in findings if f.kind is FindingKind.UNDEFINED_NAME] == []


def test_the_later_definition_is_named(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, pages.notebook(tmp_path, "a = 1", "print(a, b)", "b = 2"))
    assert finding.cell == 1
    assert "only cell 2 defines it" in str(finding.message)


def test_names_of_blocks_that_only_show_code_are_not_judged(tmp_path: Path) -> None:
    page = pages.notebook(tmp_path, pages.prose("```python\nself.x = y\n```"), "a = 1")
    assert found(tmp_path, page) == []


def test_a_function_that_nothing_uses_is_a_warning(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, pages.notebook(tmp_path, "def f():\n    return lr"))
    assert finding.severity is Severity.WARNING


def test_what_only_an_unused_function_uses_is_a_warning(tmp_path: Path) -> None:
    cells = ["def f():\n    return lr", "def g():\n    return f()"]
    (finding,) = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert finding.severity is Severity.WARNING
    (finding,) = found(tmp_path, pages.notebook(tmp_path, *cells, "g()"))
    assert (finding.severity, finding.cell) == (Severity.ERROR, 0)
    (finding,) = found(tmp_path, pages.notebook(tmp_path, cells[0], "def g(x=f()):\n    pass"))
    assert (finding.severity, finding.cell) == (Severity.ERROR, 0)


def test_a_function_within_another_is_none_of_the_pages(tmp_path: Path) -> None:
    cells = [
        "def f():\n    return lr",
        "def g():\n    def f():\n        return 1\n    return f",
        "g()",
    ]
    (finding,) = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert finding.severity is Severity.WARNING
    (finding,) = found(tmp_path, pages.notebook(tmp_path, *cells, "f()"))
    assert finding.severity is Severity.ERROR


def test_functions_that_only_call_each_other_are_a_warning(tmp_path: Path) -> None:
    cells = ["def f():\n    return g(lr)", "def g(x):\n    return f() + x"]
    (finding,) = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("comment", "severity"),
    [
        ("# from trees import Plum, Pear", Severity.WARNING),
        ("# Pear = None", Severity.WARNING),
        ("# from trees import Pears", Severity.ERROR),
        ("# Pear trees are left out", Severity.ERROR),
    ],
)
def test_what_a_comment_would_define_is_for_the_reader_to_choose(
    tmp_path: Path, comment: str, severity: Severity
) -> None:
    cells = [f"{comment}\nkinds = []", "def f(kind):\n    return Pear() if kind else 1", "f(0)"]
    (finding,) = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert finding.severity is severity
    (finding,) = found(tmp_path, pages.notebook(tmp_path, cells[0], "Pear()"))
    assert finding.severity is Severity.ERROR


def test_of_many_uses_the_certain_one_is_told(tmp_path: Path) -> None:
    cells = ["def f():\n    return lr", "print(lr)"]
    (finding,) = found(tmp_path, pages.notebook(tmp_path, *cells))
    assert (finding.severity, finding.cell) == (Severity.ERROR, 1)


def test_a_sketch_that_the_page_replaces_is_not_flagged(tmp_path: Path) -> None:
    cells = ["def f(x):\n    return send(x)", "def f(x):\n    return x", "f(1)"]
    assert found(tmp_path, pages.notebook(tmp_path, *cells)) == []
    (finding,) = found(tmp_path, pages.notebook(tmp_path, cells[0], "f(1)", *cells[1:]))
    assert (finding.severity, finding.cell) == (Severity.ERROR, 0)


def test_a_name_that_is_missed_on_purpose_is_not_flagged(tmp_path: Path) -> None:
    cell = pages.code("absent")
    cell.metadata["tags"] = ["raises-exception"]
    (finding,) = found(tmp_path, pages.notebook(tmp_path, cell, "print(absent)"))
    assert finding.cell == 1


PROGRAM = """
# T

Start it:

```python
import sea
boat = sea.Boat()
crew = sea.Crew(boat)
```

Then go:

```python
{}
```
"""


@pytest.mark.parametrize(
    ("block", "name"),
    [
        pytest.param("crew.sail(boat, harbour)", "harbour", id="it goes on"),
        pytest.param("import sky\nwind = sky.wind(compass)", "compass", id="a program of its own"),
        pytest.param("import sky\nwind = np.zeros(sky.size)", "np", id="a module"),
        pytest.param("crew.sail(boat, crews)", "crews", id="a slip"),
        pytest.param("import sky\nangels = sky.winds()\nangles.sail(boat)", "angles", id="letters"),
    ],
)
def test_a_name_that_no_block_of_a_text_defines_is_a_warning(
    tmp_path: Path, block: str, name: str
) -> None:
    (finding,) = found(tmp_path, pages.page(tmp_path, "a.md", PROGRAM.format(block)))
    assert (finding.severity, finding.line) == (Severity.WARNING, 14 + block.count("\n"))
    assert f"`{name}`" in str(finding.message)


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("crew.sail(boat)", id="all is defined"),
        pytest.param("sail(boats, harbour)", id="a piece of something else"),
        pytest.param("import sky\nwind = sky.wind(my_compass)", id="a reader's own"),
        pytest.param("import sky\n# your compass here\nsky.wind(compass)", id="a comment asks"),
        pytest.param("import sky\nsky.wind(compass, ...)", id="something left out"),
        pytest.param("import sky\nsky.wind(a, b, c, d)", id="much is missing"),
        pytest.param("import sky\nsky.wind(boat)\narray([1, 2], dtype=float)", id="an answer"),
        pytest.param("from sky import *\nwind(compass)", id="all that a module has"),
        pytest.param("import sky\nclass A(sky.B):\n    c: D", id="a definition alone"),
        pytest.param("crew.sail(boat, go)", id="the prose names it"),
    ],
)
def test_pieces_of_programs_in_a_text_are_not_judged(tmp_path: Path, block: str) -> None:
    assert found(tmp_path, pages.page(tmp_path, "a.md", PROGRAM.format(block))) == []


@pytest.mark.parametrize(("name", "is_told"), [("wind_id", False), ("winds", True)])
def test_what_the_prose_names_is_a_slip_if_it_is_nearly_a_name_of_the_code(
    tmp_path: Path, name: str, *, is_told: bool
) -> None:
    text = PROGRAM.format(f"import sky\nwind = sky.get({name})") + f"\n`{name}` is any wind's.\n"
    assert bool(found(tmp_path, pages.page(tmp_path, "a.md", text))) is is_told


def test_a_name_that_is_defined_further_down_is_left_to_the_reader(tmp_path: Path) -> None:
    text = PROGRAM.format("crew.sail(boat, harbour)") + "\n```python\nharbour = 1\n```\n"
    assert found(tmp_path, pages.page(tmp_path, "a.md", text)) == []


@pytest.mark.parametrize(
    ("uses", "severity"),
    [
        (["def g(f):\n    return f(1)", "f = max"], []),
        (["def g(f):\n    return f(1)"], [Severity.WARNING]),
        (["f()"], [Severity.ERROR]),
    ],
    ids=["replaced before", "another's parameter", "called"],
)
def test_a_function_is_used_where_its_own_name_is_read(
    tmp_path: Path, uses: list[str], severity: list[Severity]
) -> None:
    page = pages.notebook(tmp_path, "def f(x=1):\n    return pears(x)", *uses)
    assert [one.severity for one in found(tmp_path, page)] == severity


@pytest.mark.parametrize(
    ("made", "told"), [("tables", 1), ("table", 0), ("table1", 0), ("tables, other", 0)]
)
def test_a_word_of_the_prose_does_not_excuse_a_slip(tmp_path: Path, made: str, told: int) -> None:
    """Of a name that is made, and never used, nearly the same one is meant, not the word."""
    text = f"# A table\n\n```python\nimport sea\n{made} = sea.chart()\n```\n\n"
    if "other" in made:
        text += "```python\nsea.sail(tables)\n```\n\n"
    page = pages.page(tmp_path, "a.md", f"{text}The table:\n\n```python\nprint(table.size)\n```\n")
    assert len(found(tmp_path, page)) == told
