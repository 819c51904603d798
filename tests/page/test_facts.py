"""Facts are read from code without running it, whatever its variables are called."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import SAMPLES
from verify.page import reader
from verify.page.code import facts, texts
from verify.page.code.facts import Fact, FactKind

ONE = (SAMPLES / "edition_one.percent").read_text(encoding="utf-8")
TWO = (SAMPLES / "edition_two.percent").read_text(encoding="utf-8")


def stated(code: str) -> list[str]:
    """What one cell states, as text."""
    return [str(fact) for fact in of_cells(code)[0]]


def of_cells(*cells: str) -> dict[int, tuple[Fact, ...]]:
    text = "\n".join(f"# %%\n{cell}" for cell in cells)
    return facts.of_notebook(reader.of_text(text, Path("page.py")))


def of_text(text: str) -> dict[int, tuple[Fact, ...]]:
    return facts.of_notebook(reader.of_text(text, Path("page.py")))


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("import a\na.f(1)", ["a.f(1)"], id="import"),
        pytest.param("import a.b\na.b.f(1)", ["a.b.f(1)"], id="import of a submodule"),
        pytest.param("import a.b as c\nc.f(1)", ["a.b.f(1)"], id="import under another name"),
        pytest.param("from a.b import f\nf(1)", ["a.b.f(1)"], id="import from"),
        pytest.param("from a import f as g\ng(1)", ["a.f(1)"], id="import from, renamed"),
        pytest.param("import a\nb = a\nb.f()", ["a.f()"], id="assignment"),
        pytest.param("import a\nb = c = a.f\nb()\nc()", ["a.f()", "a.f()"], id="two targets"),
        pytest.param("import a\nb: object = a\nb.f()", ["a.f()"], id="annotated"),
        pytest.param(
            "import a\nx, y = a.f(1), a.f(2)\na.g(y, x)",
            ["a.f(1)", "a.f(2)", "a.g(a.f(2), a.f(1))"],
            id="tuple to tuple",
        ),
        pytest.param(
            "import a\nx, y = a.pair()\na.g(x, y)",
            ["a.pair()", "a.g(a.pair()[0], a.pair()[1])"],
            id="the elements of what a call makes",
        ),
        pytest.param(
            "import a\nfor x in a.layers[:249]:\n    x.trainable = False",
            ["a.layers[:249][].trainable = False"],
            id="element of a loop",
        ),
        pytest.param(
            "import a\nfor i, x in enumerate(a.layers):\n    a.show(i, x)",
            ["a.show(enumerate(a.layers)[][0], a.layers[])"],
            id="numbered elements of a loop",
        ),
        pytest.param(
            "import a\nfor x in a.all:\n    a.f(x)\nelse:\n    a.g(1)",
            ["a.f(a.all[])", "a.g(1)"],
            id="else of a loop",
        ),
        pytest.param(
            "import a\ndef f(x, *, y=a.default()):\n    a.g(x, y)\nf(1)",
            ["a.default()", "a.g(1, a.default())"],
            id="a function is stated where it is called",
        ),
        pytest.param(
            "import a\nn = a.get(5)\ndef f():\n    a.g(n)",
            ["a.get(5)", "a.g(a.get(5))"],
            id="outer names in a function",
        ),
        pytest.param(
            "import a\nx = a.f()\ndef g():\n    x = a.h()\na.use(x)",
            ["a.f()", "a.h()", "a.use(a.f())"],
            id="inner names stay inside",
        ),
        pytest.param(
            "import a\ndef outer():\n    def inner(x):\n        a.f(2, x)\n    return inner",
            ["a.f(2, ?)"],
            id="function in a function",
        ),
        pytest.param(
            "import a\nclass C:\n    def m(self):\n        a.f(self, 1)",
            ["a.f(<own class>(), 1)"],
            id="method of a class",
        ),
        pytest.param(
            'import a\nd = {a.x: 1, "k": a.y, **a.rest}\na.f(d)',
            ["a.f({a.x: 1, 'k': a.y, **: a.rest})"],
            id="dictionary",
        ),
        pytest.param("import a\na.f([1, (2, 3)])", ["a.f([1, (2, 3)])"], id="list and tuple"),
        pytest.param(
            "import a\na.f(a.x[1:2], a.x[:3], a.x[4:], a.x[::5], a.x[0], a.x['k'])",
            ["a.f(a.x[1:2], a.x[:3], a.x[4:], a.x[::5], a.x[0], a.x['k'])"],
            id="slices and keys",
        ),
        pytest.param("import a\na.f(1, z=2, b=3)", ["a.f(1, b=3, z=2)"], id="keywords are sorted"),
        pytest.param("import a\na.f(*a.x, **a.y)", ["a.f(*a.x, **=a.y)"], id="starred"),
        pytest.param(
            "import a\nm = a.Model(1024)\nm.compile(loss='mse')\nm.fit(epochs=5)",
            ["a.Model(1024)", "a.Model(1024).compile(loss='mse')", "a.Model(1024).fit(epochs=5)"],
            id="methods of an instance",
        ),
        pytest.param(
            "import a\nm = a.Model(size=3)\nm.run()",
            ["a.Model(size=3)", "a.Model().run()"],
            id="an instance with more than plain arguments is called by its class",
        ),
        pytest.param(
            "import a\na.f(1)(a.g(2))", ["a.f(1)", "a.g(2)", "a.f(1)(a.g(2))"], id="twice"
        ),
        pytest.param("import a\na.f(-1, -0.5)", ["a.f(-1, -0.5)"], id="negative numbers"),
        pytest.param("epochs = 50", ["epochs = 50"], id="constant"),
        pytest.param("epochs: int = 50", ["epochs = 50"], id="annotated constant"),
        pytest.param("shift = -3", ["shift = -3"], id="negative constant"),
        pytest.param("import a\na.layer.free = True", ["a.layer.free = True"], id="setting"),
        pytest.param("import a\na.shift = -2", ["a.shift = -2"], id="negative setting"),
        pytest.param("x.free = True", ["?.free = True"], id="setting of an unknown thing"),
        pytest.param("import a\nn = 5\na.f(n)", ["n = 5", "a.f(5)"], id="constant in a call"),
        pytest.param(
            "import a\nn = 5\nn += 1\na.f(n)", ["n = 5", "a.f(6)"], id="a number counted on"
        ),
        pytest.param(
            "import a\nx = a.one\nwith a.open(1) as x:\n    a.f(x)",
            ["a.open(1)", "a.f(a.open(1))"],
            id="with",
        ),
        pytest.param("print(1)\nsorted([3])", [], id="builtins"),
        pytest.param(
            "def f(): ...\nf(1)", ["<own function>(1)"], id="functions of the document itself"
        ),
        pytest.param("def f(): ...\nf()", [], id="such a function without arguments"),
        pytest.param("f(1)", [], id="a function that nobody defined"),
        pytest.param(
            "def f(): ...\nf('b', z=2, a=True)",
            ["<own function>('b', 2, True)"],
            id="what such a function is handed, whatever its parameters are called",
        ),
        pytest.param(
            "import a\ndef f(): ...\na.run(f, f(1), [f])",
            ["<own function>(1)", "a.run(<own function>, None, [<own function>])"],
            id="such a function handed on",
        ),
        pytest.param(
            "import a\ndef f(): ...\nf(a.g(1), k=f(a.h(2)))",
            ["a.g(1)", "a.h(2)", "<own function>(a.h(2))", "<own function>(None, a.g(1))"],
            id="a call inside such a function's is stated once",
        ),
        pytest.param(
            "import a\ndef f(): ...\nf(*a.x, **a.y)",
            ["<own function>(*a.x, a.y)"],
            id="such a function with starred arguments",
        ),
        pytest.param(
            "import a\ndef f():\n    return a.g(1)",
            ["a.g(1)", "return = a.g(1)"],
            id="what a function returns",
        ),
        pytest.param(
            "import a\ndef f(last):\n    parts = a.read()\n    if last:\n"
            "        return parts[1], 2\n    return parts[0], 3",
            ["a.read()", "return = (a.read()[1], 2)", "return = (a.read()[0], 3)"],
            id="each return",
        ),
        pytest.param("def f():\n    return -1", ["return = -1"], id="a returned number"),
        pytest.param("def f(x):\n    return x", [], id="a returned thing that nobody knows"),
        pytest.param("def f():\n    return", [], id="a return of nothing"),
        pytest.param(
            "def f():\n    def g():\n        return 1\n    return g",
            ["return = 1"],
            id="a returned function of the document itself",
        ),
        pytest.param("'{}'.format(1)", [], id="methods of a literal string"),
        pytest.param("import a\nprint(a.f(1))", ["a.f(1)"], id="a call inside a builtin's"),
        pytest.param(
            "import a\na.f(1 + 2, lambda: 3)",
            ["return = 3", "a.f(3, <own function>)"],
            id="computed",
        ),
        pytest.param("import a\na.f(x, 1)", ["a.f(?, 1)"], id="a name that nobody knows"),
        pytest.param(
            "import a\ndef f(x, y=2):\n    a.g(x, y)", ["a.g(?, ?)"], id="a function nobody calls"
        ),
        pytest.param(
            "import a\ndef plot(s, c='red'):\n    a.plot(s, color=c)\nplot([1])\nplot([2], 'blue')",
            ["a.plot([1], color='red')", "a.plot([2], color='blue')"],
            id="a helper that plots",
        ),
        pytest.param(
            "import a\ndef f(x, share):\n    a.g(x)\nf(1, 0.8)",
            ["a.g(1)", "<own function>(0.8)"],
            id="an argument that reaches nothing stated",
        ),
        pytest.param(
            "import a\ndef f(n):\n    def g(x):\n        a.h(n, x)\n    return g\na.run(f(3))",
            ["a.h(3, ?)", "<own function>(3)", "a.run(<own function>)"],
            id="a function that a function makes",
        ),
        pytest.param(
            "import a\nclass C:\n    def __init__(self, n):\n        self.net = a.Net(n)\n"
            "    def run(self, x):\n        self.net.fit(x)\nC(5).run(6)",
            ["a.Net(5)", "a.Net(5).fit(6)"],
            id="an instance of a class",
        ),
        pytest.param(
            "import a\nclass C(a.M):\n    def __init__(self):\n        super().__init__()\n"
            "        self.net = a.Net()\n    def forward(self, x):\n        return self.net(x)\n"
            "a.fit(C)",
            ["a.Net()", "a.Net()(?)", "return = a.Net()()", "a.fit(<own class>)"],
            id="a class that is handed on",
        ),
        pytest.param(
            "import a\nfor p in ['x', 'y']:\n    a.f(p)",
            ["a.f('x')", "a.f('y')"],
            id="known elements",
        ),
        pytest.param(
            "import a\nc = dict(k=1)\nc['j'] = 2\na.f(**c)", ["a.f(j=2, k=1)"], id="known keywords"
        ),
        pytest.param(
            "import a\nl = []\nfor x in a.all:\n    l.append(x)\na.f(l)",
            ["a.f(?)"],
            id="a list open",
        ),
        pytest.param(
            "import a\nx = a.f()\na.g(x + 1, len(x), -x, x < 2, f'n{x}')",
            ["a.f()", "a.g((a.f() + 1), len(a.f()), (- a.f()), (a.f() < 2), text('n', a.f()))"],
            id="computed from what a call makes",
        ),
        pytest.param("epochs = 5 * 10", ["epochs = 50"], id="a constant that is computed"),
        pytest.param(
            "import a\nif a.f(1):\n    a.g(2)\nelif a.f(3):\n    a.g(4)",
            ["a.f(1)", "a.g(2)", "a.f(3)", "a.g(4)"],
            id="both branches",
        ),
        pytest.param(
            "import a\ntry:\n    a.f(1)\nexcept ValueError:\n    a.g(2)\nfinally:\n    a.h(3)",
            ["a.f(1)", "a.g(2)", "a.h(3)"],
            id="try",
        ),
        pytest.param("import a\n[a.f(i, 1) for i in a.x]", ["a.f(a.x[], 1)"], id="comprehension"),
        pytest.param("import a\nasync def f():\n    await a.g(1)", ["a.g(1)"], id="async"),
        pytest.param("import a\n# a.f(1)\n'a.f(2)'", [], id="comments and strings"),
        pytest.param(
            "import a\n%time a.f(1)\n!a.f(2)\n%m n 3\na.f(4)",
            ["a.f(1)", "<shell>.run_line_magic('m', 'n 3')", "a.f(4)"],
            id="magics",
        ),
        pytest.param("", [], id="empty cell"),
    ],
)
def test_what_code_states(code: str, expected: list[str]) -> None:
    assert stated(code) == expected


def test_kinds_tell_calls_constants_settings_and_returns_apart() -> None:
    code = "import a\nn = 5\na.x = 6\na.f(n, k=7)\ndef f():\n    return n\ndef g(x): ...\ng(8)"
    (found,) = of_cells(code).values()
    assert found == (
        Fact(FactKind.CONSTANT, "n", ("5",)),
        Fact(FactKind.SETTING, "a.x", ("6",)),
        Fact(FactKind.CALL, "a.f", ("5", "k=7")),
        Fact(FactKind.RETURN, "return", ("5",)),
        Fact(FactKind.CALL, texts.OWN, ("8",)),
    )


def test_later_cells_know_the_names_of_earlier_ones_and_not_the_other_way_round() -> None:
    found = of_cells("f(1)", "from a import f\nf(2)", "f(3)")
    assert [list(map(str, some)) for some in found.values()] == [[], ["a.f(2)"], ["a.f(3)"]]


def test_prose_states_nothing() -> None:
    text = "# %% [markdown]\n# epochs = 50\n\n# %%\nepochs = 51\n"
    assert {i: list(map(str, some)) for i, some in of_text(text).items()} == {1: ["epochs = 51"]}


def test_a_syntax_error_is_the_only_fact_of_its_cell() -> None:
    found = of_cells("import a", "a.f(1)\na.g(", "a.h(2)")
    assert found[1] == (Fact(FactKind.SYNTAX, "syntax error", ("'(' was never closed",)),)
    assert str(found[1][0]) == "syntax error = '(' was never closed"
    assert [str(fact) for fact in found[2]] == ["a.h(2)"]


def test_two_editions_that_name_their_variables_differently_state_equal_facts() -> None:
    one, two = of_text(ONE), of_text(TWO)
    assert {i: sorted(map(str, f)) for i, f in one.items()} == {
        i: sorted(map(str, f)) for i, f in two.items()
    }
    assert sum(map(len, one.values())) == 15


def literals(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each literal of an edition stands, and its text; one that is code, not prose."""
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant):
            end = node.end_col_offset
            yield node.lineno, node.col_offset, lines[node.lineno - 1][node.col_offset : end]


def one_character_changed(literal: str) -> Iterator[str]:
    """Each way to change one character of a literal that leaves it a literal."""
    if literal in ("True", "False"):
        yield str(literal == "False")
        return
    for position, character in enumerate(literal):
        if character.isalnum():
            other = "7" if character != "7" else "8"
            yield literal[:position] + other + literal[position + 1 :]


MUTANTS = [
    (line, column, literal, other)
    for line, column, literal in literals(ONE)
    for other in one_character_changed(literal)
]


def test_every_literal_of_the_sample_is_mutated() -> None:
    assert len({(line, column) for line, column, *_ in MUTANTS}) == 21


@pytest.mark.parametrize(("line", "column", "literal", "other"), MUTANTS)
def test_one_character_of_a_literal_changes_the_facts(
    line: int, column: int, literal: str, other: str
) -> None:
    lines = ONE.split("\n")
    was = lines[line - 1]
    lines[line - 1] = was[:column] + other + was[column + len(literal) :]
    assert of_text("\n".join(lines)) != of_text(ONE)


NUMBERS = st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False))
PLAIN = st.one_of(NUMBERS, st.text(), st.booleans(), st.none())


@settings(deadline=None)
@given(first=PLAIN, second=PLAIN)
def test_two_calls_state_the_same_only_if_their_literals_are_the_same(
    first: object, second: object
) -> None:
    same = of_arguments(first) == of_arguments(second)
    assert same == (repr(first) == repr(second))


def of_arguments(value: object) -> list[str]:
    return stated(f"import a\na.f(1, key={value!r})")


@settings(deadline=None)
@given(
    keywords=st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 9), min_size=1),
    data=st.data(),
)
def test_the_order_of_keywords_does_not_matter(
    keywords: dict[str, int], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(list(keywords.items())))
    ordered = ", ".join(f"{name}={value}" for name, value in keywords.items())
    other = ", ".join(f"{name}={value}" for name, value in shuffled)
    assert stated(f"import m\nm.f({ordered})") == stated(f"import m\nm.f({other})")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("import a.b, c", ["a", "c"]),
        ("from a.b import c", ["a"]),
        ("from . import sibling", []),
        ("def f():\n    import inner", ["inner"]),
        ("if True:\n    from a import *", ["a"]),
        ("import (", []),
        ("# import a\n%load_ext autoreload", []),
        ("%matplotlib inline", ["matplotlib"]),
        ("get_ipython().run_line_magic('pylab', '')", ["matplotlib"]),
        ("matplotlib('inline')", []),
    ],
)
def test_imported_modules_are_the_top_level_ones(code: str, expected: list[str]) -> None:
    document = reader.of_text(f"# %%\n{code}\n", Path("page.py"))
    assert list(facts.imported_modules(document)) == expected


def test_a_module_is_found_in_the_first_cell_that_imports_it() -> None:
    text = "# %% [markdown]\n# prose\n\n# %%\nimport a\n\n# %%\nimport a, b\n"
    assert facts.imported_modules(reader.of_text(text, Path("page.py"))) == {"a": 1, "b": 2}
