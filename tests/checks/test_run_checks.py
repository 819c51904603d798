"""Checks of what a run recorded, each beside near-identical runs that must fail."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.checks.builders import (
    ROUND,
    WEIGHTS,
    case,
    combination,
    contract_of,
    erratum,
    evidence_of,
    holder,
    judged,
    run,
    shortened,
    training,
)
from verify.checks import (
    ALL,
    Check,
    Needs,
    freezing,
    losses,
    series,
    start_weights,
)
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.contract.profiles import FileRow
from verify.contract.training_terms import Training
from verify.evidence.evidence import THIS_MACHINE, Applied, Evidence, Layer, TrainingRun, Weights
from verify.finding import CheckKind, Result, Verdict

WHERE = "step train, official cell 2: the page says "
FILE = {"one": ("p",), "two": ("q",)}


def of(check: Check, *runs: TrainingRun, document: Contract | None = None, **more: Any) -> Result:
    """The judgement of the training `head`."""
    return judged(check, case(document=document, evidence=evidence_of(*runs, **more)), "head")


def test_every_kind_of_check_is_listed_once() -> None:
    assert {check.kind for check in ALL} == set(CheckKind) - {CheckKind.RUN}
    assert len(ALL) == len(set(ALL))


@pytest.mark.parametrize("edition", Edition)
def test_ids_of_all_checks_of_an_edition_differ(edition: Edition) -> None:
    document = contract_of(errata=[erratum(id="a"), erratum(id="b", kind="text")])
    checks = [check for check in ALL if edition in check.editions]
    ids = [check.id(subject) for check in checks for subject in check.subjects(document)]
    assert len(ids) == len(set(ids))
    stated = {Edition.CORRECTED: "facts:load", Edition.PUBLISHED: "drift:load"}[edition]
    assert {"pins", "steps:load", stated, "erratum:a", "claim:accurate", "anchor:accurate"} <= set(
        ids
    )


@pytest.mark.parametrize(
    "check", [series.CHECK, start_weights.CHECK, freezing.CHECK, losses.CHECK], ids=lambda c: c.kind
)
@pytest.mark.parametrize("evidence", [None, evidence_of()])
def test_a_training_that_did_not_end_decides_nothing(
    check: Check, evidence: Evidence | None
) -> None:
    result = judged(check, case(evidence=evidence), "head")
    assert (result.verdict, result.step, result.cells) == (Verdict.UNCHECKED, "train", (2,))
    assert str(result.reason) == "the training did not come to its end in this run"
    assert check.needs is Needs.RUN


def test_every_check_of_a_run_names_the_step_after_which_it_can_judge() -> None:
    document = contract_of(
        trainings=[training(), *(training(id=kind, kind=kind) for kind in ("federated", "split"))],
        errata=[erratum(id="known", cells=[2])],
        combinations=[combination()],
    )
    after = {
        check.id(subject): check.step_of(document, subject)
        for check in ALL
        if check.step_of
        for subject in check.subjects(document)
    }
    of_steps = {kind.partition(":")[0] for kind in after}
    assert of_steps | {CheckKind.RULES.value} == {  # which rest on no step, and come last
        check.kind.value for check in ALL if check.needs in (Needs.RUN, Needs.RUNS)
    }
    assert after.pop("outputs:show") == after.pop("reveals") == "show"
    assert after.pop("outputs:load") == "load"  # without pins any step may have something stored
    assert set(after.values()) == {"train"}


# Series.


ALONE = holder(name=THIS_MACHINE)
ALICE, BOB = holder(name="alice"), holder(name="bob")
BOTH = training(kind="federated", parties=["bob", "alice"])


def recorded(
    *runs: TrainingRun,
    document: Contract | None = None,
    applied: tuple[Applied, ...] = (shortened("train"),),
) -> Result:
    """What the check of the series says of the training `head`, shortened to two epochs."""
    evidence = evidence_of(*runs)
    return judged(series.CHECK, case(document=document, evidence=evidence, applied=applied), "head")


def test_the_documented_series_in_the_profiles_length_pass() -> None:
    result = recorded(run(ALONE))
    assert result.verdict is Verdict.PASS
    assert str(result.says) == "training at this machine with series accuracy of 2, loss of 2"
    assert str(result.observed) == "training at this machine with accuracy of 2, loss of 2"


@pytest.mark.parametrize(
    ("history", "observed"),
    [
        ({"loss": [2.0, 1.0]}, "loss of 2"),
        ({"loss": [2.0], "accuracy": [0.5]}, "accuracy of 1, loss of 1"),
        ({"loss": [2.0, 1.0], "accuracy": [0.5]}, "accuracy of 1, loss of 2"),
        (
            {"loss": [2.0, 1.0], "accuracy": [0.5, 0.6], "auc": [1.0, 1.0]},
            "accuracy of 2, auc of 2, loss of 2",
        ),
        ({"loss": [2.0, 1.0], "acc": [0.5, 0.6]}, "acc of 2, loss of 2"),
    ],
)
def test_other_series_fail(history: dict[str, list[float]], observed: str) -> None:
    result = recorded(run(ALONE, history=history))
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"{WHERE}training at this machine with series accuracy of 2, loss of 2; "
        f"observed training at this machine with {observed}"
    )


@pytest.mark.parametrize("holders", [(ALICE, BOB), (BOB, ALICE)])
def test_the_documented_parties_in_any_order_pass(holders: tuple[Any, ...]) -> None:
    result = recorded(run(*holders, kind="federated"), document=contract_of(trainings=[BOTH]))
    assert result.verdict is Verdict.PASS
    assert str(result.says) == "training at alice, bob with series accuracy of 2, loss of 2"


@pytest.mark.parametrize(
    ("holders", "seen"),
    [
        ((ALICE,), "alice"),
        ((ALICE, BOB, holder(name="carol")), "alice, bob, carol"),
        ((ALICE, holder(name="carol")), "alice, carol"),
        ((ALICE, ALICE), "alice, alice"),
        ((ALONE,), "this machine"),
        ((), "nobody"),
    ],
)
def test_other_parties_fail(holders: tuple[Any, ...], seen: str) -> None:
    trained = replace(run(kind="federated"), holders=holders)
    result = recorded(trained, document=contract_of(trainings=[BOTH]))
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"{WHERE}training at alice, bob with series accuracy of 2, loss of 2; "
        f"observed training at {seen} with accuracy of 2, loss of 2"
    )


@pytest.mark.parametrize(
    ("holders", "seen"), [((ALICE, BOB), "alice, bob"), ((ALICE,), "alice"), ((), "nobody")]
)
def test_parties_in_a_training_of_one_machine_fail(holders: tuple[Any, ...], seen: str) -> None:
    result = recorded(replace(run(), holders=holders))
    assert result.verdict is Verdict.FAIL
    assert str(result.observed) == f"training at {seen} with accuracy of 2, loss of 2"


def test_without_an_override_the_documented_epochs_are_expected() -> None:
    result = recorded(run(ALONE), applied=())
    assert result.verdict is Verdict.FAIL
    assert str(result.says) == "training at this machine with series accuracy of 50, loss of 50"
    full = {name: [1.0] * 50 for name in ("loss", "accuracy")}
    assert recorded(run(ALONE, history=full), applied=()).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("applied", "epochs"),
    [
        ((), 50),
        ((shortened("train", 3),), 3),
        ((shortened("show", 4),), 4),
        ((shortened(None, 4),), 4),
        ((shortened("load", 5),), 50),
        ((shortened("show", 4), shortened("train", 3)), 3),
        ((shortened("train", 3), shortened("show", 4)), 3),
        ((shortened("load", 5), shortened("show", 4)), 4),
        ((shortened("load", 5), shortened("train", 3)), 3),
        ((shortened("train", 3, "data size"),), 50),
        ((shortened("train", 9, "data size"), shortened("show", 4)), 4),
    ],
)
def test_an_override_in_a_trainings_own_step_counts_before_a_shared_one(
    applied: tuple[Applied, ...], epochs: int
) -> None:
    head, other = training(), training(id="other", step="load", epochs=60)
    document = contract_of(trainings=[head, other])
    assert case(document=document, applied=applied).epochs(head) == epochs


def test_trainings_may_be_shortened_differently() -> None:
    head, other = training(), training(id="other", step="load", epochs=60)
    document = contract_of(trainings=[head, other])
    both = case(document=document, applied=(shortened("load", 5), shortened("train", 3)))
    assert (both.epochs(head), both.epochs(other)) == (3, 5)
    one = case(document=document, applied=(shortened("train", 3),))
    assert (one.epochs(head), one.epochs(other)) == (3, 60)


# Losses.


def test_a_falling_loss_passes() -> None:
    result = of(losses.CHECK, run(history={"loss": [2.0, 3.0, 1.5], "val_loss": [1.0, 2.0, 3.0]}))
    assert (result.verdict, str(result.observed)) == (Verdict.PASS, "loss 2, 3, 1.5")


@pytest.mark.parametrize(
    ("history", "observed"),
    [
        ({"loss": [1.0, 1.0]}, "loss 1, 1"),
        ({"loss": [1.0, 0.5, 1.25]}, "loss 1, 0.5, 1.25"),
        ({"loss": [2.0, math.nan]}, "loss is not finite"),
        ({"loss": [math.inf, 1.0]}, "loss is not finite"),
        ({"loss": [2.0, 1.0], "val_loss": [1.0, math.nan]}, "val_loss is not finite"),
    ],
)
def test_a_loss_that_does_not_fall_or_is_no_number_fails(
    history: dict[str, list[float]], observed: str
) -> None:
    result = of(losses.CHECK, run(history=history))
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"step train, official cell 2: expected: the training makes progress; observed {observed}"
    )


@pytest.mark.parametrize("history", [{"loss": [2.0]}, {"accuracy": [0.5, 0.6]}, {}])
def test_one_epoch_shows_no_course(history: dict[str, list[float]]) -> None:
    result = of(losses.CHECK, run(history=history))
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, "one epoch shows no course")


@pytest.mark.parametrize(
    ("series", "asked"), [(["accuracy", "loss"], ["head"]), (["accuracy", "val_loss"], [])]
)
def test_only_a_training_that_returns_its_loss_is_asked(
    series: list[str], asked: list[str]
) -> None:
    (head,) = contract_of().trainings
    document = contract_of(trainings=[head.model_copy(update={"metrics": series})])
    assert losses.CHECK.subjects(document) == asked


def left_open(history: dict[str, list[float]], undecided: dict[str, str]) -> Result:
    """What is said of a loss whose course the profile leaves open."""
    document = contract_of()
    short = document.profiles["short"].model_copy(update={"undecided": undecided})
    document = contract_of(profiles=document.profiles | {"short": short})
    return of(losses.CHECK, run(history=history), document=document)


@pytest.mark.parametrize("values", [[1.0, 1.25], [1.0, 0.5]])
def test_a_loss_whose_course_the_profile_leaves_open_decides_nothing(values: list[float]) -> None:
    result = left_open({"loss": values}, {"loss:head": "too few steps"})
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, "too few steps")
    assert str(result.observed) == f"loss {', '.join(f'{value:g}' for value in values)}"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_loss_that_is_no_number_is_no_series_even_where_its_course_is_left_open(
    value: float,
) -> None:
    history = {"loss": [1.0, value], "accuracy": [0.5, 0.6]}
    assert left_open(history, {"loss:head": "too few steps"}).verdict is Verdict.UNCHECKED
    document = contract_of(trainings=[training(epochs=2)])
    result = of(series.CHECK, run(history=history), document=document)
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).endswith("with accuracy of 2, loss of 1")


@pytest.mark.parametrize("left", ["loss:other", "head", "loss", "claim:head"])
def test_what_the_profile_leaves_open_elsewhere_excuses_no_loss(left: str) -> None:
    result = left_open({"loss": [1.0, 1.25]}, {left: "too few steps"})
    assert result.verdict is Verdict.FAIL


# Weights at the start.


def started(*digests: tuple[str, ...], name: str = "alice") -> Any:
    return holder(name=name, before=Weights(((), *digests, ("r",))))


def test_a_pretrained_start_equals_the_file() -> None:
    result = of(start_weights.CHECK, run(started(("p",), ("q",))), weights_files={WEIGHTS: FILE})
    assert result.verdict is Verdict.PASS
    assert str(result.observed) == "2 equal it (alice)"


@pytest.mark.parametrize(
    ("start", "digests", "wanted", "equal"),
    [
        ("pretrained", (("p",), ("x",)), 2, 1),
        ("pretrained", (("x",), ("y",)), 2, 0),
        ("pretrained", (("q",), ("p",)), 2, 1),
        ("pretrained", (("p",),), 2, 1),
        ("random", (("p",), ("x",)), 0, 1),
        ("random", (("p",), ("q",)), 0, 2),
    ],
)
def test_another_start_fails(
    start: str, digests: tuple[tuple[str, ...], ...], wanted: int, equal: int
) -> None:
    document = contract_of(trainings=[training(start=start)])
    result = of(
        start_weights.CHECK,
        run(started(*digests)),
        document=document,
        weights_files={WEIGHTS: FILE},
    )
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"{WHERE}it starts from {start} weights, so that {wanted} of the 2 layers with weights "
        f"equal the pretrained file; observed {equal} equal it (alice); "
        "tolerance none: SHA-256 of every array"
    )


@pytest.mark.parametrize(
    ("replaces", "digests", "verdict", "observed"),
    [
        (["two"], (("p",), ("x",)), Verdict.PASS, "1 equal it (alice)"),
        (["one"], (("x",), ("q",)), Verdict.PASS, "1 equal it (alice)"),
        (["one"], (("q",),), Verdict.PASS, "1 equal it (alice)"),
        ([], (("q",),), Verdict.FAIL, "0 equal it (alice)"),
        (["two"], (("y",), ("p",), ("x",)), Verdict.PASS, "1 equal it (alice)"),
        (["one", "two"], (("x",), ("y",)), Verdict.PASS, "0 equal it (alice)"),
        (["two"], (("p",), ("q",)), Verdict.FAIL, "2 equal it (alice); two equals it"),
        (["two"], (("x",), ("q",)), Verdict.FAIL, "1 equal it (alice); two equals it"),
        (["two"], (("x",), ("y",)), Verdict.FAIL, "0 equal it (alice)"),
        (["six"], (("p",), ("q",)), Verdict.FAIL, "2 equal it (alice); the file has no layer six"),
    ],
)
def test_replaced_layers_differ_from_the_file_and_no_others(
    replaces: list[str], digests: tuple[tuple[str, ...], ...], verdict: Verdict, observed: str
) -> None:
    document = contract_of(trainings=[training(replaces=replaces)])
    result = of(
        start_weights.CHECK,
        run(started(*digests)),
        document=document,
        weights_files={WEIGHTS: FILE},
    )
    assert (result.verdict, str(result.observed)) == (verdict, observed)


@pytest.mark.parametrize(
    ("others", "bob", "verdict"),
    [
        ([], "r", Verdict.PASS),
        ([], "other", Verdict.FAIL),
        # Where a file is expected, a random start cannot be told from it without its digests.
        ([training(id="b", start="pretrained", step="show")], "r", Verdict.UNCHECKED),
    ],
)
def test_without_any_pretrained_weights_a_random_start_is_alike_for_all_parties(
    others: list[Training], bob: str, verdict: Verdict
) -> None:
    document = contract_of(trainings=[training(start="random"), *others])
    parties = (holder(), holder(name="bob", before=Weights(((), ("p",), (bob,)))))
    evidence = evidence_of(run(*parties, kind="federated"))
    assert (
        judged(start_weights.CHECK, case(document=document, evidence=evidence), "head").verdict
        is verdict
    )


def test_a_random_start_equals_the_file_nowhere() -> None:
    document = contract_of(trainings=[training(start="random")])
    result = of(
        start_weights.CHECK,
        run(started(("x",), ("y",))),
        document=document,
        weights_files={WEIGHTS: FILE},
    )
    assert result.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("changed", "digests", "verdict"),
    [
        ({"weights": "larger"}, (("x",), ("y",)), Verdict.PASS),
        ({"weights": "larger"}, (("p",), ("q",)), Verdict.FAIL),
        ({"weights": "smaller"}, (("p",), ("q",)), Verdict.UNCHECKED),
    ],
)
def test_each_training_starts_from_its_own_file(
    changed: dict[str, Any], digests: tuple[tuple[str, ...], ...], verdict: Verdict
) -> None:
    rows = [FileRow(name=name, url=f"https://a.example/{name}.pth") for name in ("other", "larger")]
    document = contract_of(trainings=[training(**changed)], files=rows)
    files = {"other": FILE, "larger": {"x": ("x",), "y": ("y",)}}
    result = of(start_weights.CHECK, run(started(*digests)), document=document, weights_files=files)
    assert result.verdict is verdict


@pytest.mark.parametrize("start", ["pretrained", "random"])
def test_parties_that_start_differently_fail(start: str) -> None:
    both = (started(("p",), ("q",)), started(("p",), ("x",), name="bob"))
    document = contract_of(trainings=[training(start=start)])
    result = of(start_weights.CHECK, run(*both), document=document, weights_files={WEIGHTS: FILE})
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"{WHERE}all parties start alike, with the same seed and the same weights; "
        "observed the parties built different weights"
    )


def test_without_the_files_digests_nothing_is_decided() -> None:
    result = of(start_weights.CHECK, run())
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "the digests of the weights are not known",
    )


def continues(*holders: Any, ran: bool = True) -> Result:
    first = training(id="before", step="load")
    document = contract_of(trainings=[first, training(start="before")])
    runs = [run(*holders, step="load")] if ran else []
    evidence = evidence_of(*runs, run())
    return judged(start_weights.CHECK, case(document=document, evidence=evidence), "head")


def test_a_training_that_continues_starts_where_the_earlier_one_ended() -> None:
    result = continues(holder(after=holder().before))
    assert (result.verdict, str(result.observed)) == (Verdict.PASS, "the same weights")


def test_a_training_that_continues_from_elsewhere_fails() -> None:
    result = continues(holder())
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"{WHERE}it continues from the weights that before ended with; observed other weights; "
        "tolerance none: SHA-256 of every array"
    )


@pytest.mark.parametrize(
    "digests",
    [
        ((), ("p",)),
        ((), ("p",), ("r",), ("s",)),
        ((), ("p",), ("r", "s")),
        ((), ("p", "r")),
    ],
)
def test_another_number_of_layers_or_arrays_is_no_continuation(
    digests: tuple[tuple[str, ...], ...],
) -> None:
    """The network begins with layers p and r; as far as both go, the digests may be the same."""
    assert continues(holder(after=Weights(digests))).verdict is Verdict.FAIL


@pytest.mark.parametrize(("after", "ran"), [(None, True), (Weights(()), False)])
def test_an_earlier_training_without_an_end_decides_nothing(
    after: Weights | None, *, ran: bool
) -> None:
    result = continues(holder(after=after), ran=ran)
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "before did not come to its end",
    )


# Freezing.

SAID = "the first 2 of 3 layers are frozen and the rest train"
FREE = Layer("base", "Dense", True, 1, 1, 2)
FIXED = Layer("head", "Dense", False, 1, 0, 2)


def test_frozen_layers_that_stay_and_free_ones_that_move_pass() -> None:
    result = of(freezing.CHECK, run())
    assert (result.verdict, str(result.says)) == (Verdict.PASS, SAID)
    assert str(result.observed) == "so it was; frozen layers drifted by at most 0"
    assert str(result.tolerance) == "0 on one's own data"


@pytest.mark.parametrize(
    ("changed", "observed"),
    [
        (
            {"phases": ((0.0, 1e-9, 0.5),)},
            "layer 1 (base) at alice moved by 1e-09 while it trained",
        ),
        (
            {"phases": ((0.0, 0.0, 0.5), (0.0, math.nan, 0.5), (0.0, 0.0, 0.5))},
            "layer 1 (base) at alice moved by nan while it trained",
        ),
        ({"phases": ((0.0, 0.0, 0.0),)}, "layer 2 (head) at alice did not move"),
        ({"phases": ()}, "layer 2 (head) at alice did not move"),
        ({"drift": (0.0, 1e-9, 0.5)}, "layer 1 (base) at alice drifted by 1e-09, more than 0"),
        ({"drift": (0.0, math.nan, 0.5)}, "layer 1 (base) at alice drifted by nan, more than 0"),
        (
            {"layers": (holder().layers[0], FREE, holder().layers[2])},
            "layer 1 (base) at alice is free",
        ),
        ({"layers": (*holder().layers[:2], FIXED)}, "layer 2 (head) at alice is frozen"),
        ({"layers": holder().layers[:2]}, "alice has 2 layers"),
    ],
)
def test_a_frozen_layer_that_moves_and_a_free_one_that_stays_fail(
    changed: dict[str, Any], observed: str
) -> None:
    result = of(freezing.CHECK, run(holder(**changed)))
    assert result.verdict is Verdict.FAIL
    assert str(result.sentence) == (
        f"{WHERE}{SAID}; observed {observed}; tolerance 0 on one's own data"
    )


@pytest.mark.parametrize(
    ("frozen", "observed"),
    [(1, "layer 1 (base) at alice is frozen; layer 1 (base) at alice did not move"), (3, None)],
)
def test_one_layer_more_or_less_fails(frozen: int, observed: str | None) -> None:
    document = contract_of(trainings=[training(frozen=frozen)])
    result = of(freezing.CHECK, run(), document=document)
    assert result.verdict is Verdict.FAIL
    assert observed is None or str(result.observed) == observed


def test_one_party_that_errs_is_enough_and_is_named() -> None:
    bob = holder(name="bob", phases=((0.0, 0.25, 0.5),))
    result = of(freezing.CHECK, run(holder(), bob))
    assert str(result.observed) == "layer 1 (base) at bob moved by 0.25 while it trained"


def test_many_problems_are_counted() -> None:
    bad = holder(layers=(*holder().layers[:1], FREE, FIXED), phases=((0.0, 0.25, 0.0),))
    result = of(freezing.CHECK, run(bad, replace(bad, name="bob")))
    assert str(result.observed).endswith("; and 5 more")
    assert str(result.observed).count(" at alice") == 3


def test_without_a_network_nothing_is_decided() -> None:
    result = of(freezing.CHECK, replace(run(), holders=()))
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, "no network was seen")


BOUND = freezing.rounding_bound((ROUND, ROUND), 1.0)


@pytest.mark.parametrize(
    ("drift", "verdict"),
    [(0.0, Verdict.PASS), (BOUND, Verdict.PASS), (math.nextafter(BOUND, 1), Verdict.FAIL)],
)
def test_aggregation_may_move_frozen_layers_up_to_the_bound_and_not_beyond(
    drift: float, verdict: Verdict
) -> None:
    moved = holder(drift=(0.0, drift, 0.5))
    result = of(freezing.CHECK, run(moved, rounds=(ROUND, ROUND)))
    assert result.verdict is verdict
    assert str(result.tolerance).startswith(
        "0 on one's own data; over 2 rounds of aggregation 1.6e-07 and more for large weights"
    )


def test_aggregation_excuses_no_change_on_ones_own_data() -> None:
    moved = holder(phases=((0.0, BOUND / 2, 0.5),))
    assert of(freezing.CHECK, run(moved, rounds=(ROUND, ROUND))).verdict is Verdict.FAIL
