"""Checks that need nothing but texts: pins, order of steps, facts."""

import pytest

from tests.bilingual import words
from tests.checks.builders import EDITION, case, contract_of, edited, erratum, judged
from verify.checks import page_facts, pin_identity, step_order
from verify.contract.contract import FactRules, PageReference
from verify.finding import Verdict

STEP_CELLS = {"load": (1,), "train": (2,), "show": (3,)}


# Pins.


def test_a_contract_that_covers_the_pinned_page_passes() -> None:
    result = judged(pin_identity.CHECK, case())
    assert result.verdict is Verdict.PASS
    assert str(result.says) == "docs/small.py at v1, blob bbbbbbbbbbbb, 3 code cells"
    assert (str(result.observed), str(result.reason)) == ("", "")


@pytest.mark.parametrize("changed", [{"ref": "v2"}, {"path": "docs/other.py"}, {"blob": "a" * 40}])
def test_pins_of_another_page_fail(changed: dict[str, str]) -> None:
    page = PageReference.model_validate(contract_of().official.model_dump() | changed)
    result = judged(pin_identity.CHECK, case(document=contract_of(page=page)))
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"the page says {page.path} at {page.ref}, blob {page.blob[:12]}, 3 code cells; "
        "observed the pins are of docs/small.py at v1, blob bbbbbbbbbbbb "
        "(see `python -m verify pin`, the contract and the edition)"
    )


@pytest.mark.parametrize(
    ("cells", "observed"),
    [
        ([], "no step covers cell 1"),
        ([2], "no step covers cell 1; cell 2 belongs to 2 steps"),
        ([0, 1], "cell 0 is no code cell"),
        ([1, 4], "cell 4 is no code cell"),
    ],
)
def test_every_code_cell_belongs_to_one_step(cells: list[int], observed: str) -> None:
    steps = contract_of().steps
    first = steps[0].model_copy(update={"cells": cells})
    result = judged(pin_identity.CHECK, case(document=contract_of(steps=[first, *steps[1:]])))
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, observed)


@pytest.mark.parametrize(
    "marker", ["# %%", '# %% step="draw"', '# %% tags=["show"]', '# %% step="Show"']
)
def test_every_code_cell_of_the_edition_belongs_to_a_documented_step(marker: str) -> None:
    text = edited(('# %% step="show"\n', f'{marker}\nprint("hi")\n\n# %% step="show"\n'))
    result = judged(pin_identity.CHECK, case(text))
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        "the page says docs/small.py at v1, blob bbbbbbbbbbbb, 3 code cells; "
        "observed tutorial.py:15: a code cell without a documented step "
        "(see `python -m verify pin`, the contract and the edition)"
    )


@pytest.mark.parametrize(
    "cell",
    ["# %% [markdown]\n# Prose.", '# %% step="show"\nprint("hi")', "# %% [raw]\n# raw"],
)
def test_prose_and_a_second_cell_of_a_step_are_no_cells_without_a_step(cell: str) -> None:
    text = edited(('# %% step="show"\n', f'{cell}\n\n# %% step="show"\n'))
    assert judged(pin_identity.CHECK, case(text)).verdict is Verdict.PASS


# Steps.

SWAPPED = """\
# %% step="train"
epochs = 50

# %% step="load"
data = 1

# %% step="show"
print(data)
"""


@pytest.mark.parametrize("subject", ["load", "train", "show"])
def test_steps_in_the_documented_order_pass(subject: str) -> None:
    result = judged(step_order.CHECK, case(), subject)
    assert (result.verdict, str(result.observed)) == (Verdict.PASS, "")
    assert (result.step, result.cells) == (subject, STEP_CELLS[subject])


def test_cells_of_no_step_do_not_disturb_the_order() -> None:
    text = edited(('# %% step="train"', '# %%\nprint("hi")\n\n# %% step="train"'))
    assert judged(step_order.CHECK, case(text), "train").verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("subject", "says", "after"),
    [
        ("load", "step 1 of 3 loads", "it comes after train"),
        ("train", "step 2 of 3 after load trains", "it comes first"),
    ],
)
def test_swapped_steps_fail_with_both_orders(subject: str, says: str, after: str) -> None:
    result = judged(step_order.CHECK, case(SWAPPED), subject)
    assert result.verdict is Verdict.FAIL
    (cell,) = STEP_CELLS[subject]
    assert str(result.sentence) == (
        f"step {subject}, official cell {cell}: the page says {says}; observed {after}"
    )


def test_a_step_that_stands_where_it_belongs_passes_beside_swapped_ones() -> None:
    assert judged(step_order.CHECK, case(SWAPPED), "show").verdict is Verdict.PASS


def test_a_step_that_stands_in_two_places_fails_alone() -> None:
    """Also where its first cell stands where it belongs."""
    text = edited(('# %% step="show"', '# %% step="load"\ndata = 2\n\n# %% step="show"'))
    result = judged(step_order.CHECK, case(text), "load")
    assert (result.verdict, str(result.observed)) == (
        Verdict.FAIL,
        "it stands in 2 places, with train between them",
    )
    for other in ("train", "show"):
        assert judged(step_order.CHECK, case(text), other).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "between", ["# %% [markdown]\n# Prose.", '# %%\nprint("of no step")', "# %% [raw]\n# raw"]
)
def test_a_step_of_several_cells_in_a_row_passes(between: str) -> None:
    second = f'{between}\n\n# %% step="load"\ndata = 2\n\n'
    text = edited(('# %% step="train"', f'{second}# %% step="train"'))
    assert judged(step_order.CHECK, case(text), "load").verdict is Verdict.PASS


def test_a_missing_step_fails_alone() -> None:
    text = edited(('# %% step="train"\n', "# %%\n"))
    result = judged(step_order.CHECK, case(text), "train")
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        "step train, official cell 2: the page says step 2 of 3 after load trains; "
        "observed no cell of tutorial.py carries out this step"
    )
    for other in ("load", "show"):
        assert judged(step_order.CHECK, case(text), other).verdict is Verdict.PASS


# Facts.


@pytest.mark.parametrize("subject", ["load", "train", "show"])
def test_an_edition_that_states_the_pages_facts_passes(subject: str) -> None:
    text = edited(("np", "numpy"), text=EDITION.replace("np.load", "numpy.load"))
    text = edited(("import numpy as numpy", "import numpy"), text=text)
    for edition in (EDITION, text, EDITION.replace("data", "flowers_")):
        result = judged(page_facts.CHECK, case(edition), subject)
        assert (result.verdict, str(result.says), str(result.observed)) == (Verdict.PASS, "", "")
        assert (result.step, result.cells) == (subject, STEP_CELLS[subject])


@pytest.mark.parametrize(
    ("was", "becomes", "step", "said", "observed"),
    [
        pytest.param(
            "size=180",
            "size=181",
            "load",
            "numpy.load('flowers', size=180)",
            "numpy.load('flowers', size=181) (tutorial.py:5)",
            id="another number",
        ),
        pytest.param(
            '"flowers"',
            '"flower"',
            "load",
            "numpy.load('flowers', size=180)",
            "numpy.load('flower', size=180) (tutorial.py:5)",
            id="another word",
        ),
        pytest.param(
            ", seed=1",
            "",
            "train",
            "numpy.load().fit(epochs=50, seed=1)",
            "numpy.load().fit(epochs=50) (tutorial.py:11)",
            id="a keyword less",
        ),
        pytest.param(
            "seed=1",
            "seed=1, shuffle=True",
            "train",
            "numpy.load().fit(epochs=50, seed=1)",
            "numpy.load().fit(epochs=50, seed=1, shuffle=True) (tutorial.py:11)",
            id="a keyword more",
        ),
        pytest.param(
            "draw(history.series)\n",
            "pass\n",
            "show",
            "plots.draw(numpy.load().fit().series)",
            "nothing of the kind (tutorial.py:15)",
            id="a call less",
        ),
        pytest.param(
            "draw(history.series)\n",
            "draw(history.series)\ndraw(2)\n",
            "show",
            "nothing of the kind",
            "plots.draw(2) (tutorial.py:15)",
            id="a call more",
        ),
        pytest.param(
            "draw(history.series)\n",
            "draw(history.series)\ndraw(history.series)\n",
            "show",
            "nothing of the kind",
            "plots.draw(numpy.load().fit().series) (tutorial.py:15)",
            id="a call twice",
        ),
        pytest.param(
            "draw(history.series)",
            "draw(history.series",
            "show",
            "plots.draw(numpy.load().fit().series)",
            "syntax error = '(' was never closed (tutorial.py:15)",
            id="a syntax error",
        ),
        pytest.param(
            '# %% step="show"',
            "# %%",
            "show",
            "plots.draw(numpy.load().fit().series)",
            "nothing of the kind",
            id="no cell at all",
        ),
    ],
)
def test_an_edition_that_states_other_facts_fails_and_says_both(
    was: str, becomes: str, step: str, said: str, observed: str
) -> None:
    mutant = case(edited((was, becomes)))
    result = judged(page_facts.CHECK, mutant, step)
    assert result.verdict is Verdict.FAIL
    (cell,) = STEP_CELLS[step]
    assert str(result.sentence) == (
        f"step {step}, official cell {cell}: the page says {said}; observed {observed}"
    )
    others = STEP_CELLS.keys() - {step}
    assert {judged(page_facts.CHECK, mutant, other).verdict for other in others} == {Verdict.PASS}


def test_a_changed_constant_is_said_with_the_calls_that_use_it() -> None:
    result = judged(page_facts.CHECK, case(edited(("epochs = 50", "epochs = 5"))), "train")
    assert str(result.says) == "epochs = 50; numpy.load().fit(epochs=50, seed=1)"
    assert str(result.observed) == "epochs = 5; numpy.load().fit(epochs=5, seed=1) (tutorial.py:11)"


@pytest.mark.parametrize(
    ("free", "verdict"),
    [
        ([], Verdict.FAIL),
        (["plots.*"], Verdict.PASS),
        (["plots.*", "!plots.draw"], Verdict.FAIL),
        (["plots.*", "!plots.other"], Verdict.PASS),
        (["!plots.draw", "plots.*"], Verdict.PASS),
        (["plot"], Verdict.FAIL),
    ],
)
def test_only_what_the_contract_frees_may_differ(free: list[str], verdict: Verdict) -> None:
    document = contract_of(facts=FactRules(free=free))
    text = edited(("draw(history.series)", "draw(1)"))
    assert judged(page_facts.CHECK, case(text, document=document), "show").verdict is verdict


REPAIR = erratum(
    id="wrong-size",
    apply=[{"find": "np.load($DATA, size=180)", "replace": "np.load($DATA, size=181)"}],
)


def test_a_declared_repair_is_an_erratum() -> None:
    document = contract_of(errata=[REPAIR])
    result = judged(page_facts.CHECK, case(edited(("180", "181")), document=document), "load")
    assert result.verdict is Verdict.ERRATUM
    assert str(result.sentence) == (
        "step load, official cell 1: the edition states the facts that the official page states "
        "(repaired as erratum wrong-size says)"
    )


@pytest.mark.parametrize("size", ["180", "182"])
def test_a_repair_other_than_declared_fails(size: str) -> None:
    document = contract_of(errata=[REPAIR])
    text = EDITION.replace("180", size)
    result = judged(page_facts.CHECK, case(text, document=document), "load")
    assert result.verdict is Verdict.FAIL
    assert str(result.says) == "numpy.load('flowers', size=181)"
    assert str(result.observed) == f"numpy.load('flowers', size={size}) (tutorial.py:5)"


def test_an_erratum_that_the_page_has_repaired_itself_is_none() -> None:
    text = edited(("180", "181"))
    document = contract_of(errata=[REPAIR])
    result = judged(page_facts.CHECK, case(text, page=text, document=document), "load")
    assert (result.verdict, result.errata) == (Verdict.PASS, ())


def test_an_edition_may_leave_what_is_only_a_matter_of_text() -> None:
    text_only = REPAIR.model_copy(update={"kind": "text", "symptom": words("a wrong size")})
    document = contract_of(errata=[text_only])
    texts = [EDITION, edited(("180", "181")), edited(("180", "182"))]
    verdicts = [
        judged(page_facts.CHECK, case(text, document=document), "load").verdict for text in texts
    ]
    assert verdicts == [Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL]


def test_an_erratum_of_one_step_excuses_no_other() -> None:
    document = contract_of(errata=[REPAIR])
    text = edited(("180", "181"), ("seed=1", "seed=2"))
    assert judged(page_facts.CHECK, case(text, document=document), "train").verdict is Verdict.FAIL


UNREAD = ('np.load("flowers", size=180)', 'np.load("flowers", size=180, when=nobody_knows)')


def test_what_reading_does_not_know_is_told_as_not_compared() -> None:
    page = edited(UNREAD)
    result = judged(page_facts.CHECK, case(page, page=page), "load")
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "not compared: numpy.load: argument when",
    )
    more = '\ndata.fit(epochs=5)\n\n# %% step="train"'
    page = edited(UNREAD, ('\n\n# %% step="train"', more))
    result = judged(page_facts.CHECK, case(page, page=page), "load")
    assert result.verdict is Verdict.PASS
    assert str(result.reason) == "not compared: numpy.load: argument when"
    other = page.replace("epochs=5)", "epochs=6)")
    assert judged(page_facts.CHECK, case(other, page=page), "load").verdict is Verdict.FAIL
