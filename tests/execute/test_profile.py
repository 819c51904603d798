"""A profile changes the declared literals and nothing else."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.bilingual import words
from verify.contract.profiles import Change
from verify.errors import UsageError
from verify.evidence.evidence import Applied
from verify.execute import profile
from verify.page import reader
from verify.page.page import Page


def change(**changed: Any) -> Change:
    """`epochs=50` of every `fit` becomes 2, unless told otherwise."""
    fields = {
        "profiles": "short",
        "call": "fit",
        "argument": "epochs",
        "use": 2,
        "reason": words("time"),
    }
    return Change.model_validate(fields | changed)


ASSIGNED = change(call=None, argument=None, assign="epochs")
ARCHIVE = change(call="get_file", argument=1, use="{archive}")
WEIGHTS = change(call="Net", argument="weights", use="{weights}")
VALUES = {"archive": "http://127.0.0.1/b", "weights": "/kept/it's.h5"}
EITHER = change(call=None, argument=None, assign=["epochs", "rounds"])
BOTH = change(assign="epochs")
BY_NAME_TOO = change(call="get_file", argument=[1, "origin"], use="{archive}")
OF_MODEL = change(call="model.fit")
KEY = change(call=None, argument=None, key=["trees", "depth"])
SIZES = change(call="Net", argument="sizes", use=[4, 4])
SHARE = change(call="sample", argument="frac", use=0.1)
SMALL = change(call="Config", argument=None, use={"layers": 2, "width": 8})


def document(*cells: str) -> Page:
    text = "\n".join(f'# %% step="step-{i}"\n{cell}' for i, cell in enumerate(cells))
    return reader.of_text(text, Path("page.py"))


def applied(cell: str, *changes: Change) -> str:
    """The cell after the changes."""
    node, _ = profile.apply(document(cell), list(changes), VALUES)
    return str(node.cells[0].source)


@pytest.mark.parametrize(
    ("one", "cell", "expected"),
    [
        (change(), "m.fit(x, epochs=50)", "m.fit(x, epochs=2)"),
        (change(), "fit(epochs=50)", "fit(epochs=2)"),
        (EITHER, "rounds = 50\nepochs = 50\nother = 50", "rounds = 2\nepochs = 2\nother = 50"),
        (BY_NAME_TOO, "get_file(0, 'x')", "get_file(0, 'http://127.0.0.1/b')"),
        (BY_NAME_TOO, "get_file(origin='x')", "get_file(origin='http://127.0.0.1/b')"),
        (change(), "a().b[0].fit(epochs=50)", "a().b[0].fit(epochs=2)"),
        (change(), "m.fit(epochs = 50 , x=50)  # 50", "m.fit(epochs = 2 , x=50)  # 50"),
        (change(), "m.fit(epochs=(50))", "m.fit(epochs=2)"),
        (change(), "m.fit(\n    x,\n    epochs=50,\n)", "m.fit(\n    x,\n    epochs=2,\n)"),
        (change(), "m.fit(epochs=49)", "m.fit(epochs=2)"),
        (change(), "m.fit(n.fit(epochs=50), epochs=50)", "m.fit(n.fit(epochs=2), epochs=2)"),
        (change(), "def f():\n    m.fit(epochs=50)", "def f():\n    m.fit(epochs=2)"),
        (ASSIGNED, "epochs = 50", "epochs = 2"),
        (ASSIGNED, "a = epochs = 50", "a = epochs = 2"),
        (ASSIGNED, "epochs = 50; batch = 50", "epochs = 2; batch = 50"),
        (ARCHIVE, "get_file('x', 'https://a/b')", "get_file('x', 'http://127.0.0.1/b')"),
        (
            ARCHIVE,
            "get_file(\n    'x',\n    'https://a'\n    '/b',\n)",
            "get_file(\n    'x',\n    'http://127.0.0.1/b',\n)",
        ),
        (WEIGHTS, "Net(weights='imagenet')", 'Net(weights="/kept/it\'s.h5")'),
        (BOTH, "epochs = 50\nm.fit(epochs=50)", "epochs = 2\nm.fit(epochs=2)"),
        (OF_MODEL, "model.fit(epochs=9)\nm.fit(epochs=9)", "model.fit(epochs=2)\nm.fit(epochs=9)"),
        (OF_MODEL, "my.model.fit(epochs=9)", "my.model.fit(epochs=2)"),
        (KEY, "p = {'trees': 14, 'seed': 14}", "p = {'trees': 2, 'seed': 14}"),
        (KEY, 'train(params={"depth": (5), **more})', 'train(params={"depth": 2, **more})'),
        (KEY, "params['depth'] = 5; depth = 5", "params['depth'] = 2; depth = 5"),
        (change(), "m.fit(x, epochs=5 * (11 - 1))", "m.fit(x, epochs=2)"),
        (SIZES, "Net(sizes=[64, 32, 8])", "Net(sizes=[4, 4])"),
        (SHARE, "d.sample(frac=0.9, seed=0.9)", "d.sample(frac=0.1, seed=0.9)"),
        (SMALL, "c = nn.Config()", "c = nn.Config(layers=2, width=8)"),
        (SMALL, "Config(4, width=5,)", "Config(4, width=5, layers=2)"),
    ],
)
def test_a_declared_literal_is_replaced(one: Change, cell: str, expected: str) -> None:
    assert applied(cell, one) == expected


@pytest.mark.parametrize(
    ("one", "cell"),
    [
        (change(), "m.fit(x, epochs=n)"),
        (change(), "m.fit(x, epochs=5 * 10.0)"),
        (change(), "m.fit(x, epochs=5 // 0)"),
        (change(), "m.fit(x, epochs=n\n    + 1)"),
        (change(), "m.fit(x, epochs={[]: 1})"),
        (change(), "m.fit(x, epochs='50')"),
        (change(), "m.fit(x, epochs=50.0)"),
        (change(), "m.fit(x, epochs=True)"),
        (change(), "m.fit(x, epochs=None)"),
        (change(), "m.fit(x, 50)"),
        (change(), "m.refit(epochs=50)"),
        (change(), "fit['x'](epochs=50)"),
        (ASSIGNED, "m.epochs = 50"),
        (ASSIGNED, "epochs = n"),
        (ASSIGNED, "f(epochs=50)"),
        (ARCHIVE, "get_file('https://a/b', path)"),
        (ARCHIVE, "get_file('x', origin='https://a/b')"),
        (WEIGHTS, "Net(weights=None)"),
        (OF_MODEL, "m.fit(epochs=50)"),
        (OF_MODEL, "remodel.fit(epochs=50)"),
        (OF_MODEL, "model().fit(epochs=50)"),
        (KEY, "p = {trees: 14}\ntrees = 14\nf(trees=14)"),
        (KEY, "p = {'trees': n}"),
        (SIZES, "Net(sizes=(64, 32))"),
        (SHARE, "d.sample(frac=1)"),
        (SMALL, "Config(layers=9, width=9)"),
        (SMALL, "Config(**given)"),
        (SMALL, "Config"),
    ],
)
def test_anything_else_stays_and_the_change_is_missed(one: Change, cell: str) -> None:
    elsewhere = (
        "model.fit(epochs=50)\nepochs = 50\nget_file(0, 'x')\nNet(weights='x', sizes=[1])\n"
        "{'trees': 3}\nd.sample(frac=1.0)\nConfig()"
    )
    node, _ = profile.apply(document(cell, elsewhere), [one], VALUES)
    assert node.cells[0].source == cell
    with pytest.raises(UsageError):
        profile.apply(document(cell), [one], VALUES)


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (change(), "`epochs` in calls of `fit` to 2, but no cell of any step has such"),
        (ASSIGNED, "`epochs` to 2, but no cell of any step has such"),
        (EITHER, "`epochs` or `rounds` to 2, but no cell of any step has such"),
        (
            BOTH,
            "`epochs` in calls of `fit` or `epochs` to 2, but no cell of any step has such",
        ),
        (
            ARCHIVE,
            "argument 2 in calls of `get_file` to '{archive}', but no cell of any step has such",
        ),
        (change(steps=["step-0"]), "`fit` to 2, but no cell of step-0 has such"),
    ],
)
def test_a_change_that_finds_no_place_is_bad_input(one: Change, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        profile.apply(document("x = 1"), [one], VALUES)
    assert str(caught.value).startswith("page.py: a profile changes ")
    assert str(caught.value).endswith(
        f"{said} a value of this type; correct `changes` in the contract."
    )


def test_each_of_two_changes_must_find_a_place() -> None:
    with pytest.raises(UsageError, match="`rounds`"):
        applied("epochs = 50", ASSIGNED, change(call=None, argument=None, assign="rounds"))


def test_a_change_of_some_steps_leaves_the_others() -> None:
    cells = ("m.fit(epochs=50)", "m.fit(epochs=50)")
    node, changes = profile.apply(document(*cells), [change(steps=["step-1"])], VALUES)
    assert [cell.source for cell in node.cells] == ["m.fit(epochs=50)", "m.fit(epochs=2)"]
    assert [one.step for one in changes] == ["step-1"]


def test_every_change_is_listed_with_its_step_and_what_stood_there() -> None:
    cells = ("get_file('x', 'y')", "m.fit(epochs=50)\nm.fit(epochs=49)", "rounds = 50")
    own = change(name="how long", call=None, argument=None, assign="rounds")
    _, changes = profile.apply(document(*cells), [change(), ARCHIVE, own], VALUES)
    assert changes == [
        Applied("get_file, argument 2", 0, "step-0", "'y'", "'http://127.0.0.1/b'", words("time")),
        Applied("epochs", 1, "step-1", "50", "2", words("time")),
        Applied("epochs", 1, "step-1", "49", "2", words("time")),
        Applied("how long", 2, "step-2", "50", "2", words("time")),
    ]
    assert str(changes[1]) == "epochs (step-1): 50 → 2"


def test_the_edition_itself_stays_as_it_is() -> None:
    edition = document("m.fit(epochs=50)")
    node, _ = profile.apply(edition, [change()], VALUES)
    assert edition.cells[0].source == "m.fit(epochs=50)"
    assert node.cells[0].source == "m.fit(epochs=2)"


def test_prose_and_broken_cells_stay_as_they_are() -> None:
    text = (
        "# %% [markdown]\n# m.fit(epochs=50)\n\n# %%\nm.fit(epochs=50\n\n# %%\nm.fit(epochs=50)\n"
    )
    edition = reader.of_text(text, Path("page.py"))
    node, changes = profile.apply(edition, [change()], VALUES)
    assert [cell.source for cell in node.cells] == [
        "m.fit(epochs=50)",
        "m.fit(epochs=50",
        "m.fit(epochs=2)",
    ]
    assert [change.cell for change in changes] == [2]


def test_no_overrides_leave_the_document_as_it_is() -> None:
    edition = document("%load_ext autoreload\nm.fit( epochs=50 )")
    node, changes = profile.apply(edition, [], VALUES)
    assert [cell.source for cell in node.cells] == [cell.source for cell in edition.cells]
    assert changes == []


OTHER_LINES = st.sampled_from(
    [
        "%load_ext autoreload",
        "%matplotlib inline",
        "!ls -l",
        "# !ls -l",
        "# %matplotlib inline",
        "# # %time",
        "if x :\n    pass\n    !ls",
        "files = !ls",
        "ls",
        "cat file.txt",
        "time = 5",
        "?m",
        "m.fit?",
        "# ?m",
        "'\u2028\x0c'",
        "# a comment: fit(epochs=50)",
        "text = 'fit(epochs=50)'",
        "x   =  [1,2,\n      3]",
        "def f( a,b ):\n\treturn a",
        "if x :\n    pass ;  y = 2",
        "",
        "epochs_ = 50",
        "m.fit(x,  epochs = n)",
        "π = '联邦 · “fit”'",
        "f'{x!r:>{10}}'",
        "lambda: (yield)",
        "x = 0x_FF + 1_000 + 1e-4",
    ]
)


@given(before=st.lists(OTHER_LINES), after=st.lists(OTHER_LINES), spaces=st.text(" ", max_size=3))
@example(before=["%load_ext autoreload"], after=["!ls"], spaces=" ")
def test_everything_else_of_a_cell_stays_untouched(
    before: list[str], after: list[str], spaces: str
) -> None:
    cell = "\n".join([*before, f"h = m.fit({spaces}epochs{spaces}={spaces}50{spaces})", *after])
    page = nbformat.v4.new_notebook()
    page.cells = [nbformat.v4.new_code_cell("start = 1"), nbformat.v4.new_code_cell(cell)]
    edition = reader.of_text(nbformat.writes(page), Path("page.ipynb"))
    node, changes = profile.apply(edition, [change()], VALUES)
    fit = f"h = m.fit({spaces}epochs{spaces}={spaces}"
    assert node.cells[1].source == cell.replace(f"{fit}50", f"{fit}2")
    assert len(changes) == 1
    assert node.cells[0].source == "start = 1"
