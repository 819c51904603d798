"""Syntax: what must be flagged, and what must not."""

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
        pytest.param("x = f(ripe=True, more)\ny = 1", 1, id="an argument after a keyword's"),
        pytest.param("class a.b.C:\n    x = 1", 1, id="a class with dots in its name"),
        pytest.param("x =\ny = x", 1, id="no value"),
        pytest.param("x = 1\nprint(sorted((3, x))", 2, id="a bracket that the last line lacks"),
        pytest.param("x = serve(item) \u2192 None", 1, id="an arrow behind a value"),
        pytest.param("x = 1\nelif ripe:\n    f()", 2, id="another branch of nothing"),
        pytest.param('def f(a):\n"""Pick."""\n    return a', 2, id="a description too far left"),
        pytest.param("x = {0: rows of plums,\n     9: rows of plums }", 1, id="words alone"),
        pytest.param("a = 1\n\u200b\nb = 2", 2, id="an invisible character"),
        pytest.param("x = \u201ca\u201d", 1, id="typographic quotes"),
        pytest.param("f(a\uff0cb)", 1, id="a Chinese comma"),
        pytest.param(">>> x = (1\n>>> y", 1, id="a transcript's entry"),
        pytest.param("x =\n    load(1)\n", 1, id="a line broken in the middle"),
        pytest.param("import a\nx = f(a)\nreturn x", 3, id="a return in a program"),
        pytest.param("def f(a):\n    b = a\nreturn b", 3, id="a return that slipped out"),
        pytest.param("def f(a):\n    await a", 2, id="await in a plain function"),
        pytest.param("def f(a, a):\n    pass", 1, id="two parameters of one name"),
        pytest.param("def f():\n    x = 1\n    global x", 3, id="global after use"),
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
        pytest.param("print(sorted((3, x),", id="an excerpt of a call"),
        pytest.param("f(a, ...\nb)", id="something left out with dots"),
        pytest.param(">>> f(1)\n<object at 0x7f>\n>>> print(1)\n1", id="a transcript"),
        pytest.param("%pip install x\n!ls\nx?", id="magics"),
        pytest.param("await f()", id="await"),
        pytest.param("x = '\\d'", id="an escape that Python only warns of"),
        pytest.param("run(<input file>, <output file>)", id="names in angle brackets"),
        pytest.param("t = <<an operation>>\nprint(t)", id="a name in two of them"),
        pytest.param("f({{ name }})", id="a template's"),
        pytest.param("f(a=1, ...)\ng()", id="arguments left out"),
        pytest.param("f(\n    a=1,\n    ...\n)", id="arguments left out over lines"),
        pytest.param("d = {'a': 1, ...}\nprint(d)", id="entries left out"),
        pytest.param("serve(item: str) -> None", id="a signature"),
        pytest.param("serve(item: str) \u2192 None", id="a signature with an arrow"),
        pytest.param("a.b.stop(item: str[, now: bool])\n\nf(x=1) -> int", id="two signatures"),
        pytest.param("def f(x: int) -> str\n\ndef g()", id="functions without their bodies"),
        pytest.param("for node in graph.nodes", id="the head of a loop"),
        pytest.param("if a:\n    # do this\nelse:\n    # do that\n", id="comments for bodies"),
        pytest.param("- import old\n+ import new\n  x = 1", id="a difference"),
        pytest.param(" def f():\n-    a = 1\n+    a = 2\n", id="a difference inside"),
        pytest.param("In [1]: f(1)\nOut[1]: <object>", id="IPython's prompts"),
        pytest.param("f(1)\nTraceback (most recent call last):\n  File x", id="a traceback"),
        pytest.param("'a': 1,\n'b': [2],", id="entries alone"),
        pytest.param("else:\n    f()", id="another branch alone"),
        pytest.param("...\nelif ripe:\n    f()", id="another branch below dots"),
        pytest.param("def w():\n    pass\nreturn w", id="the end of a decorator"),
        pytest.param("yield x\nbreak", id="the inside of a loop"),
        pytest.param("nonlocal n\nn += 1", id="the inside of an inner function"),
        pytest.param("def pick(a: int) -> int:\n\nx = pick(1)", id="a signature with its colon"),
        pytest.param("def pick(a):\n    your code", id="a placeholder for a statement"),
        pytest.param("def pick(a):\n    add your code here", id="a longer placeholder"),
        pytest.param("x = pick(.., ripe=True)", id="two dots"),
        pytest.param("class A:\n  def f(self):\n  def g(self) -> int\n", id="methods' signatures"),
        pytest.param(
            "class A:\n    def f(\n        self,\n        b,\n    ):\n\nclass B:\n    x = 1",
            id="a signature over lines",
        ),
        pytest.param("class A:\n    def f(self, b):\n\n\na = A()", id="an empty line for a body"),
        pytest.param("class a.b.C(x: list[int] = [1],\n    y=1)", id="a class of an interface"),
        pytest.param("a.b.stop(item: list[str],\n    now: bool)", id="a signature with brackets"),
        pytest.param("class a.b.C", id="its name alone"),
        pytest.param("def Tree.grow(x):\n    y = x\n", id="a method of an interface"),
        pytest.param(
            '@property\ndef f(a):\n"""Pick."""\n\ndef g(b):\n"""\nSort.\n"""', id="described"
        ),
        pytest.param("x = pick(\n    ripe=True,\n    xxx,\n)", id="xxx for arguments"),
        pytest.param("x = pick(***)\ny = 1", id="stars for arguments"),
        pytest.param("def f():\n    ****\n    * Pick here *\n    ****\n", id="a frame of stars"),
        pytest.param("x = {0: rows of plums,\n     ...\n     9: rows of plums }", id="words"),
        pytest.param("x = pick(ripe=True, [more])\ny = 1", id="optional arguments"),
        pytest.param("# in each row\n    x = pick()\n    y = x", id="a comment further left"),
        pytest.param("TypeError: no plum\n\n    in file x", id="an exception alone"),
        pytest.param("x = # the plums\ny = x", id="a comment for a value"),
        pytest.param(
            "x = pick(\n    a=...,\n    b=xxx,\n    ...\n)\ny = x", id="dots of both kinds"
        ),
        pytest.param("x = pick(\n    a=f(b=xxx)\n    ...\n)", id="xxx and dots without a comma"),
    ],
)
def test_a_block_that_can_be_read_is_not_flagged(tmp_path: Path, block: str) -> None:
    assert found(tmp_path, pages.page(tmp_path, "a.md", f"```python\n{block}\n```\n")) == []


@pytest.mark.parametrize(
    "block",
    [
        pytest.param("docker run -it --rm name:latest", id="a command"),
        pytest.param('The result is\ntable {\n  name: "a"\n}', id="an output"),
        pytest.param("Net(\n  (one): Linear(2, 3)\n  (two): Net(\n  )\n)", id="a network"),
    ],
)
def test_another_language_under_pythons_name_is_a_warning(tmp_path: Path, block: str) -> None:
    text = f"```python\n{block}\n```\n"
    (finding,) = found(tmp_path, pages.page(tmp_path, "a.md", text))
    assert (finding.kind, finding.severity) == (FindingKind.SYNTAX, Severity.WARNING)


@pytest.mark.parametrize(
    ("block", "error"),
    [
        ("t(f) = pick(f)\nprint(t)", "t = = pick(f)\nprint(t)"),
        ("def pick(*ripe, *green):\n    pass", "def pick(*ripe, green:\n    pass"),
        ("x = f(\n    a=1,\n    # or\n    a=2,\n)", "x = f(\n    a=1,\n    a=2,\n)"),
        (">>> for i in x:\n>>>     print(i)", ">>> for i in x:\n>>> print(i)"),
        ("print pears", "print = = pears"),
        ("x = f(y)\n  = y + 1", "x = f(y)\n  y + 1"),
        ("x = f(\u00b7 | y)", "x = f(\u2212 y)"),
        (" x = f(y)(z)\n  ^  ^\n", " x = f(y)(z)\n  x\n"),
        ("x = 1\nprint(x)\nRipe plums in all: 1", "x = 1\nprint(x)\nripe plums = 1"),
        (
            "x = T()\nprint(x)\nTree(\n  pear={ ripe=1 },\n)",
            "x = T()\nprint(x)\ny = Tree(\n  pear={ ripe=1 },\n)",
        ),
        ("pick()\n  row    ripe    all\n    1       2      3", "pick()\n  row = ripe\n  1"),
        ("x = pick()\nrow\tripe\tall", "x = pick()\nrow\tripe"),
        ("x = 1\nOutput:\n1  2", "x = 1\noutput:\n1  2"),
        ("x = 1\n%timeit f(x)\n2 ms per loop", "x = 1\n%timeit f(x)\n2 ms per tree"),
        ("def pick():\n    (the slow part of it)", "def pick():\n    (the slow, part of it)"),
        ('#!/bin/sh\nA="$(pick "$B")"\nB=2', 'A="$(pick "$B")"\nB=2'),
        ("x = f(\n    ripe= ,\n    rows= ,\n)", "x = f(\n    ripe= ,\n    rows=2,\n)"),
        ("x = pick(3) \u2776\ny = x", "x = pick(3) \u2714\ny = x"),
        ("x = (y - z\u00b2/2)\nx = y", "x = (y - z\uff0f2)\nx = y"),
        (
            "for i in rows(3):  # plain\nfor i in trees(3):",
            "for i in rows(3):  # plain\nfor i in trees(3):\n    x = i",
        ),
        ("// ripe ones\nx = {1, 2}", "/ ripe ones\nx = {1, 2}"),
        ("x = {1, 2} //shape:[2]\ny = x", "x = {1, 2} /shape:[2]\ny = x"),
        (
            "x = 1\nthe sum is 2, the weight of each tree is = x",
            "x = 1\nthe sum is 2, 'the weight of each tree' is = x",
        ),
    ],
    ids=[
        *("a definition", "several stars", "a choice", "prompts too many", "Python 2"),
        *(
            "a term that goes on",
            "a sign",
            "marks below",
            "an output behind a program",
            "an object",
            "a table",
            "a table of tabs",
            "a word above an output",
            "a time",
            "a sentence for a statement",
            "a script of a shell",
            "values to put in",
            "a number that the text speaks of",
            "a power",
            "how loops begin",
            "a remark of C",
            "a remark of C behind a statement",
            "words in a row",
        ),
    ],
)
def test_what_is_meant_for_people_is_a_warning(tmp_path: Path, block: str, error: str) -> None:
    def severities(text: str) -> list[Severity]:
        page = pages.page(tmp_path, "a.md", f"# T\n\n```python\n{text}\n```\n")
        return [one.severity for one in found(tmp_path, page)]

    assert severities(block) == [Severity.WARNING]
    assert Severity.ERROR in severities(error)


@pytest.mark.parametrize(
    ("notations", "block", "severity"),
    [
        (4, "def pick(x: row[3]{ripe}):\n    return x", Severity.WARNING),
        (3, "def pick(x: row[3]{ripe}):\n    return x", Severity.ERROR),
        (4, "x = pick(3))\ny = x", Severity.ERROR),
    ],
    ids=["many", "few", "a bracket"],
)
def test_a_page_in_a_notation_of_its_own_writes_what_is_no_statement(
    tmp_path: Path, notations: int, block: str, severity: Severity
) -> None:
    codes = [*(f"t(f{i}) = pick(f)" for i in range(notations)), block]
    text = "\n\n".join(f"```python\n{code}\n```" for code in codes)
    *_, finding = found(tmp_path, pages.page(tmp_path, "a.md", f"# T\n\n{text}\n"))
    assert finding.severity is severity


@pytest.mark.parametrize("language", ["", "bash", "json", "text"])
def test_blocks_of_other_languages_are_not_ours(tmp_path: Path, language: str) -> None:
    text = f"```{language}\nfor x in\n```\n"
    assert found(tmp_path, pages.page(tmp_path, "a.md", text)) == []


def test_a_block_of_restructuredtext_is_flagged_on_its_line(tmp_path: Path) -> None:
    text = "T\n=\n\n.. code-block:: python\n\n   a = 1\n   b = (\n   c]\n"
    (finding,) = found(tmp_path, pages.page(tmp_path, "a.rst", text))
    assert finding.line == 8


@pytest.mark.parametrize("line", ["return 1", "yield 1", "break", "nonlocal x", "x = yield"])
def test_a_cell_is_no_function(tmp_path: Path, line: str) -> None:
    (finding,) = found(tmp_path, pages.notebook(tmp_path, f"x = 1\n{line}"))
    assert (finding.severity, finding.line) == (Severity.ERROR, finding.line)
    assert f"`{line}` is refused by Python" in str(finding.message)


@pytest.mark.parametrize(
    "cell",
    [
        "await f()",
        " x = [1,\n      2]\nprint(x)",
        "f?",
        "!ls",
        "%%bash\nfor x in",
        "x = 1;",
        ";f a",
    ],
)
def test_what_ipython_allows_is_not_flagged(tmp_path: Path, cell: str) -> None:
    assert found(tmp_path, pages.notebook(tmp_path, cell)) == []


@pytest.mark.parametrize("line", ["x is 'a'", "assert (x, 'why')", "x = ['a' ('b')]"])
def test_what_python_warns_of_is_a_warning(tmp_path: Path, line: str) -> None:
    (finding,) = found(tmp_path, pages.notebook(tmp_path, f"x = 1\n{line}"))
    assert finding.severity is Severity.WARNING


def test_a_mistake_that_is_shown_on_purpose_is_not_flagged(tmp_path: Path) -> None:
    cell = pages.code("x = = 1")
    cell.metadata["tags"] = ["raises-exception"]
    assert found(tmp_path, pages.notebook(tmp_path, cell, "y = 1")) == []
