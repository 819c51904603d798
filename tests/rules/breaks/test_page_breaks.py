"""Which release breaks a page first, and by which change of the library."""

from pathlib import Path

import pytest

from tests.rules.breaks.libraries import Files, releases
from verify.page import reader
from verify.rules.breaks import page_breaks

TREES = "class Tree:\n    def __init__(self, age): ...\n    def cut(self, deep): ...\n"


def broken(
    tmp_path: Path, code: str, files: dict[str, Files], **packages: set[str]
) -> list[tuple[tuple[str, ...], str]]:
    """The releases that break a page, and the change that does."""
    page = reader.of_text(f"# A page\n\n```python\n{code}\n```\n", tmp_path / "page.md")
    found = page_breaks.of_page(page, releases(tmp_path, files, **packages))
    return [(one.releases, str(one.change)) for one in found]


@pytest.mark.parametrize(
    ("code", "second", "told"),
    [
        pytest.param("from orchard.trees import Tree", {"trees.py": TREES}, [], id="it stays"),
        pytest.param(
            "from orchard.trees import Tree\nTree(1)",
            {"trees.py": "", "wood/trees.py": TREES},
            [(("2",), "`orchard.trees.Tree` moved to `orchard.wood.trees.Tree`")],
            id="a name moves",
        ),
        pytest.param(
            "from orchard.trees import Tree",
            {"wood/trees.py": TREES},
            [(("2",), "`orchard.trees` moved to `orchard.wood.trees`")],
            id="a module moves",
        ),
        pytest.param(
            "from orchard.trees import Tree\nimport orchard.trees",
            {"press.py": ""},
            [(("2",), "`orchard.trees` was removed")],
            id="a module goes, and all that is in it",
        ),
        pytest.param(
            "from orchard.trees import Tree",
            {"trees.py": "", "press.py": "class Tree: ...\n"},
            [(("2",), "`orchard.trees.Tree` was removed")],
            id="what was there under its name before has not come from elsewhere",
        ),
        pytest.param(
            "from orchard.trees import Tree\nTree(1).cut(2)",
            {"trees.py": TREES.replace("cut", "fell")},
            [(("2",), "`orchard.trees.Tree.cut` was removed")],
            id="a method goes",
        ),
        pytest.param(
            "from orchard.trees import Tree\nTree(1).cut(deep=2)",
            {"trees.py": TREES.replace("deep", "depth")},
            [(("2",), "`cut` no longer takes the argument `deep`")],
            id="an argument goes",
        ),
        pytest.param(
            "from orchard.trees import Tree\nTree(1)",
            {"trees.py": TREES.replace("age)", "age, kind)")},
            [(("2",), "`Tree` wants the argument `kind`")],
            id="an argument comes",
        ),
        pytest.param(
            "from orchard.trees import Tree\nTree(1)",
            {"trees.py": TREES.replace("age)", "age, kind=None)")},
            [],
            id="an argument comes that nobody has to give",
        ),
        pytest.param(
            "try:\n    from orchard.trees import Tree\nexcept ImportError:\n    Tree = None",
            {"trees.py": ""},
            [],
            id="the page looks after itself",
        ),
    ],
)
def test_a_change_between_two_releases_is_named(
    tmp_path: Path, code: str, second: Files, told: list[tuple[tuple[str, ...], str]]
) -> None:
    first = {"trees.py": TREES, "press.py": "class Tree: ...\n"}
    files = {
        version: {"orchard/__init__.py": "", **{f"orchard/{n}": t for n, t in some.items()}}
        for version, some in {"1": first, "2": second}.items()
    }
    assert broken(tmp_path, code, files) == told


def test_releases_that_break_it_stand_together(tmp_path: Path) -> None:
    there, gone = {"orchard/trees.py": TREES}, {"orchard/__init__.py": ""}
    files = {"1": there, "2": gone, "3": there, "4": gone, "5": gone}
    removed = "`orchard.trees` was removed"
    assert broken(tmp_path, "import orchard.trees", files) == [
        (("2",), removed),
        (("4", "5"), removed),
    ]


def test_what_came_later_is_told_with_its_old_home(tmp_path: Path) -> None:
    files = {"1": {"orchard/trees.py": TREES}, "2": {"garden/trees.py": TREES}}
    assert broken(tmp_path, "import garden", files) == [(("1",), "`garden` came only with 2")]
    nested = {"1": {"orchard/wood/trees.py": TREES}, "2": {"garden/wood/trees.py": TREES}}
    nested = {
        version: {**files, "orchard/__init__.py": "", "garden/__init__.py": ""}
        for version, files in nested.items()
    }
    told = "`garden.wood.trees` came only with 2; it was `orchard.wood.trees` before"
    assert broken(tmp_path / "nested", "import garden.wood.trees", nested) == [(("1",), told)]


def test_what_was_never_there_is_told_apart(tmp_path: Path) -> None:
    files = {"1": {"orchard/wood/trees.py": TREES}, "2": {"orchard/wood/trees.py": TREES}}
    assert broken(tmp_path, "import orchard.woood.trees", files) == [
        (("1", "2"), "none of these releases has `orchard.woood`")
    ]
    assert broken(tmp_path, "from orchard.wood.trees import Tree\nTree(1, soil=2)", files) == [
        (("1", "2"), "`Tree` takes no argument `soil`")
    ]


def test_of_what_an_older_release_does_not_tell_nothing_is_claimed(tmp_path: Path) -> None:
    files = {
        "1": {"orchard/trees.py": "globals().update(grown())\n"},
        "2": {"orchard/trees.py": TREES},
    }
    assert broken(tmp_path, "from orchard.trees import Bush", files) == [
        (("2",), "there is no `orchard.trees.Bush` (of earlier releases nothing is sure)")
    ]


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import spade", [(("2",), "installing secretflow no longer brings `spade`")]),
        ("# pip install spade\nimport spade", []),
        ("import rake", [(("1",), "installing secretflow brings `rake` only since 2")]),
        ("import nothing, json, page", []),
        (
            "import sklearn.tree",
            [(("2",), "installing secretflow no longer brings `scikit-learn`")],
        ),
    ],
)
def test_packages_that_an_installation_brings_are_compared(
    tmp_path: Path, code: str, told: list[tuple[tuple[str, ...], str]]
) -> None:
    files = {"1": {"orchard/a.py": ""}, "2": {"orchard/a.py": ""}}
    found = broken(tmp_path, code, files, v1={"spade", "scikit-learn"}, v2={"rake"})
    assert found == told


def test_places_are_cells_of_a_notebook_and_lines_of_a_text(tmp_path: Path) -> None:
    files = {"1": {"orchard/trees.py": TREES}, "2": {"orchard/__init__.py": ""}}
    some = releases(tmp_path, files)
    text = "A page.\n\n.. code-block:: python\n\n   import orchard.trees\n\n:py:class:`orchard`\n"
    (found,) = page_breaks.of_page(reader.of_text(text, tmp_path / "page.rst"), some)
    assert (found.places, found.written) == ([5], ["orchard.trees"])
    script = "# %% [markdown]\n# A\n\n# %%\nx = 1\n\n# %%\nimport orchard.trees\n"
    (found,) = page_breaks.of_page(reader.of_text(script, tmp_path / "page.py"), some)
    assert (found.places, found.first) == ([2], "2")
