"""Every output that a published page has stored is put beside the run's, and classed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.checks.builders import contract_of, erratum, judged
from tests.checks.published_pages import SOURCES, Outputs, case, page
from tests.page.outputs.outputs import error, figure, log, printed, result
from verify.checks import stored_outputs
from verify.contract import pins
from verify.evidence.evidence import Applied, Shown
from verify.evidence.repetition.likeness import Difference
from verify.evidence.repetition.step_comparison import StepComparison
from verify.finding import Result, Verdict

EPOCHS = Applied("epochs", 1, "load", "50", "2", "time")


def judge(stored: Outputs, run: Outputs, **more: Any) -> Result:
    return judged(stored_outputs.CHECK, case(stored, run, **more), "show")


def test_outputs_are_counted_by_class_and_told() -> None:
    stored = [printed("8 hens"), log("2024-01-01 00:00:00,1 INFO up"), result("<a.Cow at 0x7f1>")]
    run = [printed("8 hens"), log("2025-01-01 00:00:00,1 INFO down"), result("<a.Cow at 0x7f2>")]
    found = judge(stored, run)
    assert (found.verdict, found.outputs) == (
        Verdict.PASS,
        ("equal", "varies by nature", "varies by nature"),
    )
    assert str(found.observed) == "1 equal, 2 varies by nature (what libraries log; address)"


def test_what_others_wrote_decides_nothing() -> None:
    lines = [log("2024-01-01 00:00:00,1 INFO up")]
    found = judge(lines, [])
    assert (found.verdict, str(found.reason)) == (Verdict.UNCHECKED, "what libraries log")
    assert judge([*lines, result("1")], [result("1")]).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("stored", "run", "says", "observed"),
    [
        (
            [printed("hens\n7 hens")],
            [printed("hens\n8 hens")],
            "in the stored output of cell 3 (printed) 7",
            "8 in “8 hens”",
        ),
        (
            [result("Index(['a'])")],
            [result("['a']")],
            "in the stored output of cell 3 (result) “Index(['a'])”",
            "“['a']”",
        ),
        (
            [result("1"), figure()],
            [result("2")],
            "in the stored output of cell 3 (result) 1",
            "2 in “2”; and 1 more outputs differ",
        ),
    ],
)
def test_another_output_fails_and_shows_both_sides(
    stored: Outputs, run: Outputs, says: str, observed: str
) -> None:
    found = judge(stored, run)
    assert (found.verdict, str(found.says), str(found.observed)) == (Verdict.FAIL, says, observed)


def test_a_stored_exception_where_the_run_succeeds_fails() -> None:
    raises = error("ValueError", "no pears")
    assert judge([raises], [raises]).verdict is Verdict.PASS
    assert judge([raises], []).verdict is Verdict.FAIL


def test_what_depends_on_a_change_is_not_decided_and_names_it() -> None:
    found = judge([printed("loss 0.5")], [printed("loss 0.9")], applied=(EPOCHS,))
    assert (found.verdict, str(found.reason), found.outputs) == (
        Verdict.UNCHECKED,
        "epochs of cell 1: 50 → 2",
        ("depends on a change",),
    )
    assert judge([printed("loss 0.5")], [printed("loss 0.5")], applied=(EPOCHS,)).outputs == (
        "equal",
    )
    (kind,) = judge(
        [printed("loss 0.5")], [printed("loss 0.9")], applied=(EPOCHS,), code="print(np.pi)"
    ).outputs
    assert kind == "different"


@pytest.mark.parametrize(
    ("stored", "run"),
    [
        ([printed("<class 'a.Cow'> 1")], [printed("<class 'a.Hen'> 2")]),
        ([result("array([1., 2.])")], [result("array([[1., 3.]])")]),
        ([error("ValueError", "no pears")], []),
    ],
)
def test_no_change_and_no_chance_explains_another_type(stored: Outputs, run: Outputs) -> None:
    assert judge(stored, run, applied=(EPOCHS,)).verdict is Verdict.FAIL
    assert judge(stored, run, code="np.random.rand(2)").verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("code", "kind"),
    [("import cows\ncows.show()", "depends on a change"), ("np.show()", "different")],
)
def test_another_version_of_a_package_explains_another_type_of_what_it_shows(
    code: str, kind: str
) -> None:
    repair = [{"install": "cows==2", "instead": "cows==1", "module": "cows"}]
    shown = (Shown("known", 0, "it broke"),)
    stored, run = [printed("<class 'a.Cow'> 1")], [printed("<class 'a.Hen'> 2")]
    seen = case(stored, run, code=code, ran={"errata": shown})
    known = contract_of(errata=(erratum(apply=repair),))
    (found,) = judged(stored_outputs.CHECK, replace(seen, contract=known), "show").outputs
    assert found == kind


def test_a_draw_without_a_seed_varies() -> None:
    found = judge([result("0.5432")], [result("0.1234")], code="np.random.rand()")
    assert (found.verdict, found.outputs) == (Verdict.UNCHECKED, ("varies by nature",))
    assert str(found.reason) == "numpy.random.rand draws without a seed (cell 3)"
    assert judge([result("0.5432")], [], code="np.random.rand()").verdict is Verdict.FAIL
    seeded = "np.random.seed(1); np.random.rand()"
    assert judge([result("0.5432")], [result("0.1234")], code=seeded).verdict is Verdict.FAIL


def test_what_the_machine_lacks_may_be_missing() -> None:
    stored, code = [printed("GPU 0: Tesla T4")], "torch.cuda.get_device_name(0)"
    assert judge(stored, [], code=code).outputs == ("varies by nature",)
    assert judge(stored, [], code="torch.show()").outputs == ("different",)


def test_what_two_runs_show_otherwise_varies() -> None:
    differs = StepComparison("show", (Difference("it shows", "1", "2"),))
    found = judge([result("1")], [result("2")], repeated={"show": differs})
    assert (found.verdict, found.outputs) == (Verdict.UNCHECKED, ("varies by nature",))
    assert str(found.reason) == "two runs with the same seeds differ: it shows 1 vs 2"
    alike = StepComparison("show", ())
    assert judge([result("1")], [result("2")], repeated={"show": alike}).verdict is Verdict.FAIL


def test_a_repair_in_the_cell_is_a_change() -> None:
    ran = {"errata": (Shown("known", 3, "it raised"),)}
    found = judge([result("1")], [result("2")], ran=ran)
    assert (found.verdict, str(found.reason)) == (Verdict.UNCHECKED, "the repair of known")
    elsewhere = {"errata": (Shown("known", 2, "it raised"),)}
    assert judge([result("1")], [result("2")], ran=elsewhere).verdict is Verdict.FAIL


def test_fixed_point_has_a_band_where_a_page_computes_in_it() -> None:
    stored, run = [result("array(4.999962)")], [result("array(5.)")]
    found = judge(stored, run, code="SPU(conf)(f)(x)")
    assert (found.verdict, found.outputs) == (Verdict.PASS, ("within band",))
    assert str(found.tolerance).endswith("as SPU computes")
    assert judge(stored, run).verdict is Verdict.FAIL


@pytest.mark.parametrize("run", [[result("7")], [result("8")], [result("rose")]])
def test_pins_compare_as_the_page_does(run: Outputs) -> None:
    of_page, of_pins = (judge([result("7")], run, pinned=pinned) for pinned in (False, True))
    assert (of_page.verdict, of_page.outputs) == (of_pins.verdict, of_pins.outputs)


def test_of_pins_no_word_is_told() -> None:
    found = judge([printed("a rose")], [printed("a tulip")], pinned=True)
    assert str(found.says) == "in the stored output of cell 3 (printed) something else in line 1"
    assert str(found.observed) == "“a tulip”"


def test_a_cell_that_did_not_run_is_not_compared() -> None:
    found = judge([result("1")], [], ran={"skipped": (3,)})
    assert (found.verdict, str(found.reason), found.outputs) == (
        Verdict.UNCHECKED,
        "the cell did not run",
        ("unchecked",),
    )


def test_each_step_that_has_anything_stored_is_compared(tmp_path: Path) -> None:
    document = contract_of(folder=tmp_path)
    assert stored_outputs.CHECK.subjects(document) == ["load", "train", "show"]  # nothing is known
    pins.write(pins.of_page(page([result("1")], SOURCES)), document.pins_path)
    assert stored_outputs.CHECK.subjects(document) == ["show"]
    assert stored_outputs.CHECK.subjects(contract_of(page=None, folder=tmp_path)) == []
