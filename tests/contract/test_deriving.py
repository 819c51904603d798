"""A contract is derived from a page alone: its code cells, its errata, and what makes it last."""

import json
from pathlib import Path

import pytest

from verify.contract import costs, deriving
from verify.contract.edition import Edition
from verify.environment import environment as environments
from verify.page.page import Page
from verify.upstream.pages import OfficialPage


def page(*cells: str) -> OfficialPage:
    made: list[dict[str, object]] = [
        {
            "cell_type": "markdown" if source.startswith("#") else "code",
            "metadata": {},
            "source": source,
            **({} if source.startswith("#") else {"outputs": [], "execution_count": None}),
        }
        for source in cells
    ]
    text = json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return OfficialPage("v1", "1" * 40, "docs/Some page.ipynb", "b" * 40, text)


def test_each_code_cell_is_a_step_described_by_what_it_states(tmp_path: Path) -> None:
    seen = page("# Words.", "import numpy as np\nnp.ones(3)", "# More.", "x = 5")
    derived = deriving.write(seen, environments.DEFAULT, tmp_path / "some")
    assert [(step.id, step.cells) for step in derived.steps] == [("cell-1", [1]), ("cell-3", [3])]
    assert [str(step.says) for step in derived.steps] == ["calls `ones`", "sets `x`"]
    assert derived.title.en == "The page Some page.ipynb"
    assert (derived.name, derived.editions) == ("some", (Edition.PUBLISHED,))
    assert derived.file == tmp_path / "some" / "contract.toml"
    assert derived.pins.digests == tuple(cell.sha256 for cell in parsed(seen).cells)


def parsed(seen: OfficialPage) -> Page:
    return seen.parsed


def test_what_the_ledger_knows_of_other_pages_is_found_on_this_one(tmp_path: Path) -> None:
    seen = page("import secretflow as sf\nsf.shutdown()\nsf.init(['a'])", "sf.shutdown()")
    derived = deriving.write(seen, environments.DEFAULT, tmp_path / "some")
    assert [(one.id, one.cells) for one in derived.errata] == [("shutdown-before-init", [0])]


@pytest.mark.parametrize(
    ("code", "places"),
    [
        ("m.fit(epochs=50)", ["`epochs` in calls of `fit`"]),
        ("n_epochs = 50", ["`n_epochs`"]),
        ("p = {'num_boost_round': 50}", ["`num_boost_round`"]),
        ("m.fit(epochs=50); m.fit(epochs=40)", ["`epochs` in calls of `fit`"]),
        ("p['n_estimators'] = 50", ["`n_estimators`"]),
        ("m.fit(epochs=5 * 10)", ["`epochs` in calls of `fit`"]),
        ("m.fit(num_rounds=50); fit(rounding=50)", ["`num_rounds` in calls of `fit`"]),
        ("m.fit(epochs=2)", []),
        ("m.fit(epochs=many)", []),
        ("m.fit(epochs=5.0, batch_size=50)", []),
        ("epochs = True", []),
        ("def broken(:\n    epochs = 50", []),
    ],
)
def test_whatever_says_how_often_something_is_repeated_is_cut(
    tmp_path: Path, code: str, places: list[str]
) -> None:
    derived = deriving.write(page("x = 1", code), environments.DEFAULT, tmp_path / "some")
    assert [str(change.places) for change in derived.changes_of("embedded")] == places
    assert all((change.steps, change.use) == (["cell-1"], 2) for change in derived.changes)


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("sf.init(num_cpus=64)", None),  # as many actors may be needed; Ray starts them one by one
        ("sf.init(object_store_memory=50 * 1024 ** 3)", None),  # a power may be anything
        ("sf.init(object_store_memory=50 * 1024 * 1024 * 1024)", 2 * 2**30),
        ("make(n_samples=100_000)", 1000),
        ("make(n_samples=100)", None),
        ("group(n_clusters=100)", 8),
        ("group(n_clusters=3)", None),
        ("make(samples_per_class=100_000)", None),
    ],
)
def test_what_asks_too_much_of_a_small_machine_is_cut(
    tmp_path: Path, code: str, use: int | None
) -> None:
    derived = deriving.write(page("x = 1", code), environments.DEFAULT, tmp_path / "some")
    assert [change.use for change in derived.changes] == ([use] if use else [])


@pytest.mark.parametrize(
    ("code", "small"),
    [
        ("GPT2Config()", True),
        ("transformers.GPT2Config(n_layer=12)", True),
        ("GPT2Config(n_layer=3, n_embd=96, n_head=3)", False),
        ("GPT2Config(**given)", False),
        ("GPT2Config.from_pretrained('gpt2')", False),
    ],
)
def test_a_network_is_small_where_a_page_leaves_its_size_to_the_library(
    tmp_path: Path, code: str, small: bool
) -> None:
    derived = deriving.write(page("x = 1", code), environments.DEFAULT, tmp_path / "some")
    (size,) = costs.rules().sizes
    assert [change.use for change in derived.changes] == ([size.use] if small else [])


_PARTIES = """\
import secretflow as sf
from secretflow.security.aggregation import PlainAggregator, SecureAggregator
from secretflow_fl.ml.nn import FLModel, SLModel
north, south = sf.PYU("north"), sf.PYU("south")
agg = SecureAggregator(north, [north, south])
"""
_FEDERATED = "m = FLModel(device_list=[north, south], model=f, aggregator=agg)"
_SPLIT = "m = SLModel(base_model_dict={north: f, south: g}, device_y=south, model_fuse=h)"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"{_FEDERATED}\nm.fit(x, y, epochs=5)", ("federated", 5, True, 1, None)),
        (f"{_FEDERATED}\nm.fit(x, y, epochs=5, aggregate_freq=3)", ("federated", 5, True, 3, None)),
        (
            f"agg = PlainAggregator(north)\n{_FEDERATED}\nm.fit(x, y, epochs=5)",
            ("federated", 5, False, 1, None),
        ),
        (f"{_SPLIT}\nm.fit(x, y, epochs=4)", ("split", 4, True, 1, "south")),
        # What is not written down is not claimed.
        (f"{_FEDERATED}\nm.fit(x, y, epochs=many)", None),
        (f"{_FEDERATED}\nm.predict(x, batch_size=5)", None),
        (f"{_SPLIT.replace('south, model', 'who, model')}\nm.fit(x, y, epochs=4)", None),
        ("m = Model()\nm.fit(x, y, epochs=4)", None),
    ],
)
def test_what_is_trained_among_parties_is_a_training(
    tmp_path: Path, code: str, said: tuple[object, ...] | None
) -> None:
    derived = deriving.write(page(_PARTIES, code), environments.DEFAULT, tmp_path / "some")
    told = [
        (t.kind, t.epochs, t.secure, t.aggregate_freq, t.split and t.split.labels)
        for t in derived.trainings
    ]
    assert told == ([said] if said else [])
    assert all(one.parties == ["north", "south"] for one in derived.trainings)
