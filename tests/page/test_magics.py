"""IPython's syntax is translated line for line, so that findings name the right line."""

import ast

import pytest

from verify.page.magics import python_of


@pytest.mark.parametrize(
    ("source", "names"),
    [
        pytest.param("%load_ext x\na = 1", {"a"}, id="line magic"),
        pytest.param("!ls -l\na = 1", {"a"}, id="shell line"),
        pytest.param("pip install x\na = 1", {"a"}, id="magic without its sign"),
        pytest.param("cat /tmp/pears/late.txt\na = 1", {"a"}, id="a path behind a command"),
        pytest.param("\ncd\n", set(), id="a command alone"),
        pytest.param("matplotlib inline\na = 1", {"a"}, id="another one"),
        pytest.param(" a = sum([1,\n         2])\nb = 1", {"a", "b"}, id="first line indented"),
        pytest.param("\n\ta = 1\n\tb = 2;", {"a", "b"}, id="all indented, after an empty line"),
        pytest.param("a = !ls", {"a"}, id="a shell line's output"),
        pytest.param("a, b = %time f()", {"a", "b"}, id="a magic's output"),
        pytest.param("%%time\na = 1", {"a"}, id="cell magic over Python"),
        pytest.param("\n%%capture out\na = 1", {"out", "a"}, id="captured output"),
        pytest.param("%%capture\n%%bash\na = 1", set(), id="cell magic in a cell magic"),
        pytest.param("%%bash\na = 1\nls", set(), id="another language"),
        pytest.param("%%!\na = 1", set(), id="a shell cell"),
        pytest.param("if x:\n    !ls\na = 1", {"a"}, id="a branch with a shell line alone"),
        pytest.param("!ls \\\n  -l\na = 1", {"a"}, id="a shell line over two lines"),
        pytest.param("x.y?\na = 1", {"a"}, id="help"),
        pytest.param("a = (7\n  % 3)", {"a"}, id="a remainder is no magic"),
        pytest.param('a = """\n%s\n!x\n"""', {"a"}, id="text in a string is no magic"),
        pytest.param(">>> a = 1", {"a"}, id="prompt"),
        pytest.param(";print a b", set(), id="a call without brackets"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_a_cell_can_be_parsed_and_keeps_its_lines(source: str, names: set[str]) -> None:
    python = python_of(source)
    assert python.count("\n") == source.count("\n")
    stored = [node for node in ast.walk(ast.parse(python)) if isinstance(node, ast.Name)]
    assert {node.id for node in stored if isinstance(node.ctx, ast.Store)} == names


def test_plain_python_stays_as_it_is() -> None:
    source = "\n\na = 1  # 100 per cent\n\nprint(a)\n"
    assert python_of(source) == source


@pytest.mark.parametrize("line", ["%time f(x)", "%timeit -n 10 f(x)", "y = %time f(x)"])
def test_the_python_of_a_timing_magic_stays_visible(line: str) -> None:
    calls = [node for node in ast.walk(ast.parse(python_of(line))) if isinstance(node, ast.Call)]
    assert [ast.unparse(call) for call in calls] == ["f(x)"]
