"""What the evaluator makes of constant expressions, and what it leaves open."""

import argparse
import ast
import inspect
import logging
import time
import typing
import warnings
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verify.page.code import literals, replay, texts
from verify.page.code.comparing import difference
from verify.page.code.facts import Fact, FactKind, of_notebook
from verify.page.code.values import UNKNOWN
from verify.page.reader import of_text
from verify.system.resources import TUTORIALS

KNOWN = [
    ("5 * 10", 50),
    ("2 ** 10", 1024),
    ("7 // 2 + 7 % 2", 4),
    ("-0.0", -0.0),
    ("1e-3", 0.001),
    ("~5", -6),
    ("not 0", True),
    ("1 < 2 < 3", True),
    ("'b' in 'abc'", True),
    ("None is None", True),
    ("0 or 'x'", "x"),
    ("1 and 2", 2),
    ("'yes' if 2 > 1 else nobody_knows", "yes"),
    ("int(50)", 50),
    ("int('0x1f', 16)", 31),
    ("float('1.5')", 1.5),
    ("str(1.0)", "1.0"),
    ("round(2.567, 1)", 2.6),
    ("dict(a=1)", {"a": 1}),
    ("dict(zip(['a', 'b'], [1, 2]))", {"a": 1, "b": 2}),
    ("{**{'a': 1}, 'b': 2}", {"a": 1, "b": 2}),
    ("{'a': 1, 'b': 2}['b']", 2),
    ("{'a': 1}.get('b', 5)", 5),
    ("list({'a': 1}.items())", [("a", 1)]),
    ("[*range(3), 9]", [0, 1, 2, 9]),
    ("list(range(2, 8, 3))", [2, 5]),
    ("len('abc')", 3),
    ("len(range(10**9))", 10**9),
    ("10**9 - 1 in range(10**9)", True),
    ("[1, 2, 3][-1]", 3),
    ("[1, 2, 3, 4][1:3]", [2, 3]),
    ("'abcdef'[::2]", "ace"),
    ("range(9)[2:4][1]", 3),
    ("(1,) + (2,)", (1, 2)),
    ("[0] * 3", [0, 0, 0]),
    ("'a' 'b'", "ab"),
    ("f'{1 + 1}-{3.14159:.2f}-{\"x\"!r}-{7:>{3}}'", "2-3.14-'x'-  7"),
    ("'%s has %d' % ('a', 2)", "a has 2"),
    ("'{}:{port}'.format('host', port=9000)", "host:9000"),
    ("'-'.join(['a', 'b']).upper()", "A-B"),
    ("' a,b '.strip().split(',')", ["a", "b"]),
    ("'a.csv'.replace('.csv', '')", "a"),
    ("[i * i for i in range(20) if i % 2]", [i * i for i in range(20) if i % 2]),
    ("{k: len(k) for k in ('a', 'bb')}", {"a": 1, "bb": 2}),
    ("sum(x + y for x in (1, 2) for y in (10, 20))", 66),
    ("sorted({3, 1, 2})", [1, 2, 3]),
    ("max(3, 5), min([4, 2])", (5, 2)),
    ("(lambda n, m=2: n * m)(4)", 8),
    ("[n := 3, n + 1]", [3, 4]),
    ("list(enumerate('ab', 1))", [(1, "a"), (2, "b")]),
    ("True + 1", 2),
    ("10**20 + 0.0", 1e20),
]

OPEN = [
    "nobody_knows",
    "nobody_knows + 1",
    "1 / 0",
    "[1][5]",
    "{'a': 1}['b']",
    "int('x')",
    "'a' + 1",
    "9**9**9",
    "2 ** -10**9",
    "1 << 10**9",
    "'a' * 10**9",
    "10**9 * [0]",
    "[0] * 10**9",
    "list(range(10**9))",
    "sum(range(10**9))",
    "set(range(10**9))",
    "1.5 in range(10**9)",
    "bytes(10**9)",
    "f'{1:10000000000}'",
    "'%10000000000d' % 1",
    "'%*d' % (10**9, 1)",
    "'{:10000000000}'.format(1)",
    "'{:{}}'.format(1, 10**9)",
    "'{0.__class__}'.format(1)",
    "format(1, '10000000000')",
    "'a'.ljust(10**9)",
    "'a'.zfill(10**9)",
    "('a' * 4000).replace('', 'b' * 4000)",
    "str({'a', 'b'})",
    "list({'a', 'b'})",
    "open('/etc/passwd').read()",
    "__import__('os').getcwd()",
    "exec('x = 1')",
    "eval('1')",
    "input()",
    "id(1)",
    "hash('a')",
    "object()",
    "1 is 1",
    "().__class__",
    "print",
    "+" * 500 + "1",
    "[" * 80 + "]" * 80,
    "(lambda f: f(f))(lambda f: f(f))",
]


def same(one: object, other: object) -> bool:
    """Whether two constants are one, types and signs included."""
    return told(one) == told(other)


def told(value: object) -> str:
    """A constant as it is written; a set has no order that would count."""
    match value:
        case set() | frozenset():
            return f"{type(value).__name__}({sorted(map(told, value))})"
        case list() | tuple():
            return f"{type(value).__name__}({[*map(told, value)]})"
        case dict():
            pairs = [(told(key), told(one)) for key, one in value.items()]
            return f"{type(value).__name__}({pairs})"
    return f"{type(value).__name__} {value!r}"


def plain(value: object) -> object:
    """A value in Python's own containers."""
    match value:
        case list():
            return [plain(one) for one in value]
        case tuple():
            return tuple(plain(one) for one in value)
        case set():
            return set(value)
        case dict():
            return {key: plain(one) for key, one in value.items()}
    return value


@pytest.mark.parametrize(("expression", "value"), KNOWN)
def test_a_constant_expression_has_pythons_value(expression: str, value: object) -> None:
    assert same(plain(replay.literal(expression)), value)


@pytest.mark.parametrize("expression", OPEN, ids=lambda text: text[:40])
def test_what_no_reading_can_tell_or_is_too_large_is_unknown(expression: str) -> None:
    before = time.process_time()
    assert replay.literal(expression) is UNKNOWN
    assert time.process_time() - before < 1


DIFFERENT = [
    ("1", "True"),
    ("1", "1.0"),
    ("True", "1.0"),
    ("0", "False"),
    ("0", "None"),
    ("'1'", "1"),
    ("b'a'", "'a'"),
    ("-0.0", "0.0"),
    ("0.1", "0.1000000000000001"),
    ("10**20", "1e20"),
    ("2**53 + 1", "float(2**53)"),
    ("1", "1 + 0j"),
    ("(1,)", "1"),
    ("(1, 2)", "[1, 2]"),
    ("[]", "()"),
    ("{1}", "{True}"),
    ("{1: 2}", "{1.0: 2}"),
    ("set()", "{}"),
    ("frozenset([1])", "{1}"),
    ("'a b'", "'a  b'"),
    ("'\\n'", "'\\\\n'"),
    ("'?'", "nobody_knows"),
    ("nobody_knows", "nobody_knows"),
    ("[nobody_knows]", "[nobody_knows]"),
    ("f'{nobody_knows}'", "f'{nobody_knows}'"),
]
EQUAL = [
    ("0.1", "0.10000000000000001"),
    ("{1, 2}", "{2, 1}"),
    ("'a' 'b'", "'ab'"),
    ("'it\\'s'", '"it\'s"'),
    ("50", "5 * 10"),
    ("1_000", "10**3"),
    ("dict(a=1)", "{'a': 1}"),
    ("[0, 1]", "list(range(2))"),
    ("f'{1}'", "str(1)"),
]


def written(expression: str) -> str:
    return stated(f"import a\na.f({expression})")[-1].arguments[0]


def stated(code: str) -> list[Fact]:
    return list(of_notebook(of_text(f"# %%\n{code}", Path("page.py")))[0])


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_different_values_never_read_the_same(one: str, other: str) -> None:
    assert written(one) != written(other) or texts.is_unknown(written(one))


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_values_read_the_same(one: str, other: str) -> None:
    assert written(one) == written(other)
    assert not texts.is_unknown(written(one))


def test_unknown_equals_nothing_not_even_itself() -> None:
    assert UNKNOWN != UNKNOWN  # noqa: PLR0124
    assert [fact.unknown for fact in stated("import a\na.f(x, [1, x], '?', k=y)")] == [3]


def call(*arguments: str) -> Fact:
    return Fact(FactKind.CALL, "a.f", arguments)


@pytest.mark.parametrize(
    ("page", "ours", "differs"),
    [
        (["1"], ["1"], False),
        (["1"], ["2"], True),
        (["?"], ["?"], False),
        (["?"], ["[1, 2]"], False),
        (["k=?"], ["k=5"], False),
        (["k=?"], ["j=5"], True),
        (["?", "1"], ["?", "2"], True),
        (["?"], ["?", "1"], True),
        (["{'a': ?, 'b': 2}"], ["{'a': 1, 'b': 2}"], False),
        (["{'a': ?, 'b': 2}"], ["{'a': ?, 'b': 3}"], True),
        (["{'a': ?, 'b': 2}"], ["{'a': 5, 'b': ?}"], False),
        (["'?'"], ["'!'"], True),
    ],
)
def test_what_is_unknown_is_neither_equal_nor_different(
    page: list[str], ours: list[str], *, differs: bool
) -> None:
    missing, added = difference([call(*page)], [call(*ours)])
    assert (bool(missing), bool(added)) == (differs, differs)


def test_each_fact_stands_for_one_other() -> None:
    assert difference([call("?"), call("1")], [call("1")]) == ([call("?")], [])
    assert difference([call("1")], [call("2"), call("?")]) == ([], [call("2")])


ATOMS = st.one_of(
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.none(),
    st.text(max_size=5),
    st.binary(max_size=3),
    st.complex_numbers(allow_nan=False, allow_infinity=False),
).map(repr)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of smaller ones."""
    few = st.lists(inner, min_size=1, max_size=3)
    two = st.tuples(inner, inner)
    signs = st.sampled_from("+ - * / // % ** << >> & | ^ < <= == != in is and or".split())
    names = "len str int float bool list tuple sorted sum max min abs repr round set dict range any"
    methods = ["strip()", "upper()", "split()", "count(1)", "items()", "title()", "index(1)"]
    return st.one_of(
        st.tuples(two, signs).map(lambda p: f"({p[0][0]} {p[1]} {p[0][1]})"),
        st.tuples(st.sampled_from(["-", "+", "~", "not "]), inner).map(lambda p: f"({p[0]}{p[1]})"),
        few.map(lambda p: f"[{', '.join(p)}]"),
        few.map(lambda p: f"({', '.join(p)},)"),
        few.map(lambda p: f"{{{', '.join(p)}}}"),
        st.lists(two, max_size=3).map(lambda p: f"{{{', '.join(f'{k}: {v}' for k, v in p)}}}"),
        st.tuples(inner, inner, inner).map(lambda p: f"({p[0]} if {p[1]} else {p[2]})"),
        two.map(lambda p: f"{p[0]}[{p[1]}]"),
        two.map(lambda p: f"{p[0]}[{p[1]}:]"),
        st.tuples(st.sampled_from(names.split()), few).map(lambda p: f"{p[0]}({', '.join(p[1])})"),
        st.tuples(inner, st.sampled_from(methods)).map(lambda p: f"{p[0]}.{p[1]}"),
        two.map(lambda p: f"[x for x in {p[0]} if {p[1]}]"),
        two.map(lambda p: f"'%s %r' % ({p[0]}, {p[1]})"),
        two.map(lambda p: f"'{{}} {{:>4}}'.format({p[0]}, {p[1]})"),
        inner.map(lambda p: f"(lambda x: x)({p})"),
    )


def test_a_set_is_the_same_in_any_order() -> None:
    large = 3.3557656101061732e16 + 0j
    assert same({4, large, 0}, {0, large, 4})
    assert not same({1, 2}, {1, 2.0})
    assert not same([1, 2], [2, 1])


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.recursive(ATOMS, grown, max_leaves=8))
def test_the_evaluator_agrees_with_python_or_does_not_know(expression: str) -> None:
    found = replay.literal(expression)
    if found is UNKNOWN:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            value = eval(expression, {})  # noqa: S307  # it is made of literals
        except Exception:  # noqa: BLE001  # a part that the evaluator left open breaks: no value
            return
    # Of what can be gone through only once, the evaluator has the elements.
    once = not isinstance(value, int | float | complex | str | bytes | list | tuple | set | dict)
    value = list(value) if once and not isinstance(value, range) and value is not None else value
    assert same(plain(found), value)


LINES = st.sampled_from(
    [
        "x = x + x", "x = [x, x]", "x = (x,)", "x = {x: x}", "x.append(x)", "x.extend(x)",
        "x *= 99", "x = f'{x}{x}'", "x = lambda: x()", "x = x()", "x = x(x)", "x = str(x)", "x = 2",
        "x = 'ab'", "x = [1]", "x = a.f(x)", "x.y = x", "x[x] = x", "del x", "global x",
        "a.g(x, *x)",
        "for x in x: x = x", "while x: x = a.f(x)", "def x(y=x): return y, x", "import a as x",
        "class x(x): y = x", "with x as x: pass", "x = [x for x in x for x in x]", "x, *x = x",
        "try: x = 1\nexcept E as x: x = 2", "if x: x = 3\nelse: x = 4", "x = x if x else x",
        "raise x",
        "def x(*a, **k): return x(*a, **k)", "x = [y := x, y]", "return x", "x = x[x:x]", "x = -x",
        "match x:\n case [y, *x]: x = y", "async def x(): await x", "def x(): yield x", "x |= {1}",
        "@x\ndef x(): return x", "class x:\n def __init__(self, y): self.y = x(y)\nx = x(x)",
        "for i in range(99):\n for j in range(99):\n  x = [x, i, j]", "x = x.y.z(x)", "x = (x < x)",
    ]
)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(st.lists(LINES, max_size=30))
def test_no_code_whatever_is_too_much(lines: list[str]) -> None:
    before = time.process_time()
    stated("import a\nx = 1\n" + "\n".join(lines))
    assert time.process_time() - before < 10


@pytest.mark.parametrize(
    "code",
    [
        "x = 1\n" + "x = [x, x]\n" * 200 + "import a\na.f(x, x == x, str(x))",
        "x = ()\n" + "x = (x,)\n" * 5000 + "import a\na.f({x: 1}, x)",
        "import a\nx = a.f()\n" + "x = x + x\n" * 500 + "a.g(x)",
        "import a\na.f(" + "-" * 3000 + "1)",
        "import a\na.f(" + "1 + " * 3000 + "1)",
        "import a\n"
        + "".join(f"{'el' * bool(i)}if a.x == {i}:\n    b = {i}\n" for i in range(800)),
        "def f(n):\n" + "    f(n)\n" * 20 + "f(1)",
        "x = [0]\nfor i in range(200):\n    x.extend(x)\nimport a\na.f(x)",
        "a\0b",
    ],
    ids=lambda code: code[:30],
)
def test_reading_is_bounded(code: str) -> None:
    before = time.process_time()
    stated(code)
    assert time.process_time() - before < 10


@pytest.mark.parametrize(
    "path", sorted(TUTORIALS.glob("*/tutorial.py")), ids=lambda p: p.parent.name
)
def test_every_expression_of_our_pages_can_be_read_alone(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.expr):
            replay.constant(node, {})


@pytest.mark.parametrize("module", [argparse, ast, typing, logging], ids=lambda m: m.__name__)
def test_any_module_of_pythons_own_can_be_read(module: ModuleType) -> None:
    page = of_text(f"# %%\n{inspect.getsource(module)}", Path("page.py"))
    assert of_notebook(page)
    assert literals.of_page(page)


def test_tokens_that_make_no_sense_are_a_syntax_error() -> None:
    (fact,) = stated("import a\nif 1:\n        a.f(!)\n    a.g()")
    assert fact.kind is FactKind.SYNTAX
