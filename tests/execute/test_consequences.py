"""A failure that an earlier one explains is told from one that the page has by itself."""

import pytest

from verify.evidence.failure import Failure
from verify.execute.consequences import Consequences
from verify.finding import Verdict
from verify.page.page import Block


def _cells(*sources: str) -> list[Block]:
    return [Block(source, 1, "python", i, kind="code") for i, source in enumerate(sources)]


def _failure(cell: int, line: int, raised: str) -> Failure:
    return Failure(Verdict.FAIL, f"the code raised {raised}", raised=raised, at=(cell, line))


@pytest.mark.parametrize(
    ("failed", "line", "later", "raised", "follows"),
    [
        # What the failed statement, or one after it, would have given.
        ("tree = plant()", 1, "tree.water()", "NameError: name 'tree' is not defined", True),
        ("bed()\ntree = 1", 1, "tree.water()", "NameError: name 'tree' is not defined", True),
        # What stood before it was there.
        ("tree = 1\nbed()", 2, "print(bush)", "NameError: name 'bush' is not defined", False),
        ("from garden import tree", 1, "tree()", "NameError: name 'tree' is not defined", True),
        # A value that has stayed what it was.
        ("tree = plant(tree)", 1, "tree.water()", "ValueError: it has no roots", True),
        ("bush = plant(bush)", 1, "tree.water()", "ValueError: it has no roots", False),
        ("tree.fit(water)", 1, "tree.pick()", "ValueError: not grown yet", True),
        # A file that was to be written.
        ("open('trees.csv', 'w').write(x)", 1, "read('trees.csv')", "FileNotFoundError: it", True),
        ("open('trees.csv', 'w').write(x)", 1, "read('beds.csv')", "FileNotFoundError: it", False),
        ("!wget https://a.example/trees.csv", 1, "read('trees.csv')", "OSError: none", True),
        # How a page imports and calls is its own.
        ("tree = plant()", 1, "from tree import x", "ImportError: cannot import name 'x'", False),
        (
            "tree = plant()",
            1,
            "grow(tree, a=1)",
            "TypeError: an unexpected keyword argument",
            False,
        ),
        (
            "%pip install trees",
            1,
            "import trees",
            "ModuleNotFoundError: No module named 'trees'",
            True,
        ),
        (
            "tree = plant()",
            1,
            "import trees",
            "ModuleNotFoundError: No module named 'trees'",
            False,
        ),
        # An object whose own attribute is gone, whatever it is given.
        (
            "x = dig()",
            1,
            "tree = Tree()\ntree.grow(x)",
            "AttributeError: 'Tree' object has no attribute 'grow'",
            False,
        ),
        ("x = dig()", 1, "x.grow()", "AttributeError: 'int' object has no attribute 'grow'", True),
        (
            "x = dig()",
            1,
            "y = x\ny.grow()",
            "AttributeError: 'int' object has no attribute 'grow'",
            True,
        ),
        ("x = dig()", 1, "plant(x)", "AttributeError: 'int' object has no attribute 'grow'", True),
        # What is opened for a while.
        (
            "with open('trees.csv', 'w') as f:\n    f.write(x)",
            2,
            "read('trees.csv')",
            "OSError: e",
            True,
        ),
        (
            "tree = 1\nwith bed() as b:\n    tree = plant(b)",
            3,
            "tree.water()",
            "ValueError: it has no roots",
            True,
        ),
        # What nobody has started.
        ("garden.init(['a'])", 1, "garden.put(1)", "RuntimeError: call init() first", True),
        ("garden.shut(['a'])", 1, "garden.put(1)", "RuntimeError: call init() first", False),
    ],
)
def test_what_rests_on_a_failed_cell_follows_from_it(
    failed: str, line: int, later: str, raised: str, *, follows: bool
) -> None:
    cells = _cells("import garden", failed, later)
    consequences = Consequences(cells)
    consequences.failed(_failure(1, line, "ValueError: it"), cells[1:2])
    assert consequences.of(cells[2:], _failure(2, 1, raised)) == ((1,) if follows else ())


def test_a_cell_that_runs_well_with_what_a_failed_one_left_is_known_too() -> None:
    cells = _cells("tree = 1", "tree = plant(tree)", "print(tree)", "print(1)")
    consequences = Consequences(cells)
    assert consequences.of(cells[2:3], None) == ()
    consequences.failed(_failure(1, 1, "ValueError: it"), cells[1:2])
    assert consequences.of(cells[2:3], None) == (1,)
    assert consequences.of(cells[3:], None) == ()


def test_a_consequence_of_a_consequence_names_what_it_began_with() -> None:
    cells = _cells("tree = plant()", "apple = tree.pick()", "eat(apple)")
    consequences = Consequences(cells)
    consequences.failed(_failure(0, 1, "ValueError: it"), cells[:1])
    second = _failure(1, 1, "NameError: name 'tree' is not defined")
    assert consequences.of(cells[1:2], second) == (0,)
    consequences.failed(second, cells[1:2])
    third = _failure(2, 1, "NameError: name 'apple' is not defined")
    assert consequences.of(cells[2:], third) == (0,)
