"""A profile changes the declared literals and nothing else."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.bilingual import words
from verify.contract.profiles import Override
from verify.errors import UsageError
from verify.evidence.evidence import Applied
from verify.execute import profile
from verify.page import reader
from verify.page.page import Page


def override(**changed: Any) -> Override:
    """`epochs=50` of every `fit` becomes 2, unless told otherwise."""
    fields = {
        "parameter": "epochs",
        "call": "fit",
        "argument": "epochs",
        "documented": 50,
        "use": 2,
        "reason": words("time"),
    }
    return Override.model_validate(fields | changed)


ASSIGNED = override(call=None, argument=None, assign="epochs")
ARCHIVE = override(
    parameter="archive", call="get_file", argument=1, documented="https://a/b", use="{archive}"
)
WEIGHTS = override(
    parameter="weights", call="Net", argument="weights", documented="imagenet", use="{weights}"
)
VALUES = {"archive": "http://127.0.0.1/b", "weights": "/kept/it's.h5"}


EITHER = override(call=None, argument=None, assign=["epochs", "rounds"])
BY_NAME_TOO = override(
    parameter="archive", call="get_file", argument=[1, "origin"], documented="x", use="{archive}"
)


def document(*cells: str) -> Page:
    text = "\n".join(f'# %% step="step-{i}"\n{cell}' for i, cell in enumerate(cells))
    return reader.of_text(text, Path("page.py"))


def applied(cell: str, *overrides: Override) -> str:
    """The cell after the overrides."""
    node, _ = profile.apply(document(cell), list(overrides), VALUES)
    return str(node.cells[0].source)


@pytest.mark.parametrize(
    ("one", "cell", "expected"),
    [
        (override(), "m.fit(x, epochs=50)", "m.fit(x, epochs=2)"),
        (override(), "fit(epochs=50)", "fit(epochs=2)"),
        (EITHER, "rounds = 50\nepochs = 50\nother = 50", "rounds = 2\nepochs = 2\nother = 50"),
        (BY_NAME_TOO, "get_file(0, 'x')", "get_file(0, 'http://127.0.0.1/b')"),
        (BY_NAME_TOO, "get_file(origin='x')", "get_file(origin='http://127.0.0.1/b')"),
        (override(), "a().b[0].fit(epochs=50)", "a().b[0].fit(epochs=2)"),
        (override(), "m.fit(epochs = 50 , x=50)  # 50", "m.fit(epochs = 2 , x=50)  # 50"),
        (override(), "m.fit(epochs=(50))", "m.fit(epochs=2)"),
        (override(), "m.fit(\n    x,\n    epochs=50,\n)", "m.fit(\n    x,\n    epochs=2,\n)"),
        (override(), "m.fit(epochs=49)", "m.fit(epochs=2)"),
        (override(), "m.fit(n.fit(epochs=50), epochs=50)", "m.fit(n.fit(epochs=2), epochs=2)"),
        (override(), "def f():\n    m.fit(epochs=50)", "def f():\n    m.fit(epochs=2)"),
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
    ],
)
def test_a_declared_literal_is_replaced(one: Override, cell: str, expected: str) -> None:
    assert applied(cell, one) == expected


@pytest.mark.parametrize(
    ("one", "cell"),
    [
        (override(), "m.fit(x, epochs=n)"),
        (override(), "m.fit(x, epochs=5 * 10)"),
        (override(), "m.fit(x, epochs=n\n    + 1)"),
        (override(), "m.fit(x, epochs={[]: 1})"),
        (override(), "m.fit(x, epochs='50')"),
        (override(), "m.fit(x, epochs=50.0)"),
        (override(), "m.fit(x, epochs=True)"),
        (override(), "m.fit(x, epochs=None)"),
        (override(), "m.fit(x, 50)"),
        (override(), "m.refit(epochs=50)"),
        (override(), "fit['x'](epochs=50)"),
        (ASSIGNED, "m.epochs = 50"),
        (ASSIGNED, "epochs = n"),
        (ASSIGNED, "f(epochs=50)"),
        (ARCHIVE, "get_file('https://a/b', path)"),
        (ARCHIVE, "get_file('x', origin='https://a/b')"),
        (WEIGHTS, "Net(weights=None)"),
    ],
)
def test_anything_else_stays_and_the_override_is_missed(one: Override, cell: str) -> None:
    elsewhere = "fit(epochs=50)\nepochs = 50\nget_file(0, 'x')\nNet(weights='x')"
    node, _ = profile.apply(document(cell, elsewhere), [one], VALUES)
    assert node.cells[0].source == cell
    with pytest.raises(UsageError):
        profile.apply(document(cell), [one], VALUES)


@pytest.mark.parametrize(
    ("one", "name"), [(override(), "fit"), (ASSIGNED, "epochs"), (EITHER, "epochs or rounds")]
)
def test_an_override_that_finds_no_place_is_bad_input(one: Override, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        profile.apply(document("x = 1"), [one], VALUES)
    assert str(caught.value) == (
        f"page.py: the profile changes {name}, which no cell contains; "
        "correct the override in the contract."
    )


def test_every_change_is_listed_with_its_step_and_what_stood_there() -> None:
    cells = ("x = 1", "m.fit(epochs=50)\nm.fit(epochs=49)", "epochs = 50")
    _, changes = profile.apply(document(*cells), [override(), ASSIGNED], VALUES)
    assert changes == [
        Applied("epochs", 1, "step-1", "50", "2", words("time")),
        Applied("epochs", 1, "step-1", "49", "2", words("time")),
        Applied("epochs", 2, "step-2", "50", "2", words("time")),
    ]
    assert str(changes[0]) == "epochs (step-1): 50 → 2"


def test_the_edition_itself_stays_as_it_is() -> None:
    edition = document("m.fit(epochs=50)")
    node, _ = profile.apply(edition, [override()], VALUES)
    assert edition.cells[0].source == "m.fit(epochs=50)"
    assert node.cells[0].source == "m.fit(epochs=2)"


def test_prose_and_broken_cells_stay_as_they_are() -> None:
    text = (
        "# %% [markdown]\n# m.fit(epochs=50)\n\n# %%\nm.fit(epochs=50\n\n# %%\nm.fit(epochs=50)\n"
    )
    edition = reader.of_text(text, Path("page.py"))
    node, changes = profile.apply(edition, [override()], VALUES)
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
    node, changes = profile.apply(edition, [override()], VALUES)
    fit = f"h = m.fit({spaces}epochs{spaces}={spaces}"
    assert node.cells[1].source == cell.replace(f"{fit}50", f"{fit}2")
    assert len(changes) == 1
    assert node.cells[0].source == "start = 1"
