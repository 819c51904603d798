"""A repair changes every place that it names and not a letter more."""

from pathlib import Path

import pytest

from verify.errors import UsageError
from verify.ledger import repairing
from verify.ledger.erratum import Edit
from verify.page import reader


def rewrite(find: str, replace: str) -> Edit:
    return Edit(find=find, replace=replace)


@pytest.mark.parametrize(
    ("source", "edits", "becomes"),
    [
        pytest.param(
            "plot(run.series['x'], run.series [ 'y' ])  # 图",
            [rewrite("$RUN.series", "$RUN['series']")],
            "plot(run['series']['x'], run['series'] [ 'y' ])  # 图",
            id="an attribute becomes a key",
        ),
        pytest.param(
            "for part in parts:\n    lib.close( )\n    print(part)",
            [rewrite("$LIB.close()", "if $LIB.is_open():\n    $LIB.close()")],
            "for part in parts:\n    if lib.is_open():\n        lib.close( )\n    print(part)",
            id="a call is guarded, indented as it was",
        ),
        pytest.param(
            "train(net, epochs=3,\n      rate = 0.1, seed=1)",
            [rewrite("train($$$A, rate=$R, $$$B)", "train($$$A, learning_rate=$R, $$$B)")],
            "train(net, epochs=3,\n      learning_rate = 0.1, seed=1)",
            id="an argument is renamed",
        ),
        pytest.param(
            "from old.place import Tool, Other\nTool()",
            [rewrite("from old.place import $$$N", "from new.place import $$$N")],
            "from new.place import Tool, Other\nTool()",
            id="an import moves",
        ),
        pytest.param(
            "a.b.c(a.b.c(1))",
            [rewrite("a.b.c($X)", "a.d($X)")],
            "a.d(a.b.c(1))",
            id="the outermost place counts",
        ),
        pytest.param(
            "%matplotlib inline\n!ls $HOME\nx = old()",
            [rewrite("old()", "new()"), Edit(before="import os")],
            "import os\n%matplotlib inline\n!ls $HOME\nx = new()",
            id="magics and shell lines stay",
        ),
        pytest.param("x = 1", [Edit(install="plots")], "x = 1", id="an installation, no change"),
    ],
)
def test_code_is_repaired(source: str, edits: list[Edit], becomes: str) -> None:
    assert repairing.code(source, edits) == becomes


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (rewrite("$X.series", "$X"), "the repair finds no $X.series"),
        (rewrite("$X.rows", "if $X:"), "the repair leaves no Python behind (invalid syntax)"),
    ],
)
def test_a_repair_that_does_not_fit_is_said(edit: Edit, sentence: str) -> None:
    with pytest.raises(UsageError) as caught:
        repairing.code("y = table.rows", [edit])
    assert str(caught.value).startswith(sentence)


def test_prose_is_repaired_as_plain_text() -> None:
    edits = [rewrite("4 $X (of 5)", "3 $X (of 5)"), Edit(install="plots")]
    assert repairing.prose("It is 4 $X (of 5).", edits) == "It is 3 $X (of 5)."


@pytest.mark.parametrize(
    ("cell", "find", "found"),
    [
        ("# %%\nprint( total )", "print($X)", True),
        ("# %%\n# print(total)", "print($X)", False),
        ("# %% [markdown]\n# print(total)", "print($X)", False),
        ("# %% [markdown]\n# There are 5 (five).", "5 (five)", True),
        # Words in a code cell are those of its comments.
        ("# %%\nroom(7)  # for 8 guests", "8 guests", True),
        ("# %%\nroom('for 8 guests')", "8 guests", False),
        ("# %%\nroom(7", "8 guests", False),
    ],
)
def test_a_cell_is_asked_in_its_own_language(cell: str, find: str, *, found: bool) -> None:
    (only,) = reader.of_text(f"{cell}\n", Path("page.py")).cells
    assert repairing.finds(rewrite(find, ""), only) is found
    assert not repairing.finds(Edit(before="pass"), only)


TRAINED = "data = load()\n\nfit(\n    data\n)  # long\nshow(old)\nshow(old)"


@pytest.mark.parametrize(
    ("becomes", "line", "rest"),
    [
        pytest.param(
            TRAINED.replace("old", "new"),
            6,
            "show(new)\nshow(new)",
            id="what has run well and stands unchanged is not run again",
        ),
        pytest.param(
            TRAINED.replace("old", "new"), 7, TRAINED.replace("old", "new"), id="a changed one is"
        ),
        pytest.param(f"setup()\n{TRAINED}", 6, f"setup()\n{TRAINED}", id="something comes before"),
        pytest.param(TRAINED, None, TRAINED, id="nobody knows where it failed"),
        pytest.param(TRAINED, 1, TRAINED, id="it failed at once"),
        pytest.param(TRAINED, 4, TRAINED.partition("\n\n")[2], id="it failed inside a statement"),
    ],
)
def test_only_what_is_left_of_a_repaired_cell_runs(
    becomes: str, line: int | None, rest: str
) -> None:
    assert repairing.remaining(TRAINED, becomes, line) == rest


def test_a_cell_that_was_no_python_runs_whole() -> None:
    assert repairing.remaining("x = (\ny = 1", "x = 1\ny = 1", 2) == "x = 1\ny = 1"
