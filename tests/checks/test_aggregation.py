"""An aggregate is the weighted mean of what the parties sent, and the parties go on with it."""

import math
from dataclasses import replace
from typing import Any

import pytest

from tests.checks.builders import averaged, federated, judged_together, party
from verify.checks import aggregation
from verify.evidence.evidence import Holder, TakenOver, TrainingRun
from verify.finding import Result, Verdict


def of(run: TrainingRun) -> Result:
    return judged_together(aggregation.CHECK, run)


def with_round(number: int, **changed: Any) -> TrainingRun:
    """A training in which one round was otherwise."""
    run = federated()
    return replace(
        run,
        rounds=tuple(replace(r, **changed) if n == number else r for n, r in enumerate(run.rounds)),
    )


def taking(name: str, number: int, own: TakenOver) -> Holder:
    """A party that took over one average otherwise."""
    taken = list(party(name).taken_over)
    taken[number] = own
    return party(name, taken_over=tuple(taken))


def test_a_mean_within_its_bound_that_all_go_on_with_passes() -> None:
    result = of(federated())
    assert (result.verdict, result.step, result.cells) == (Verdict.PASS, "train", (2,))
    assert str(result.says) == (
        "the parties' weights are averaged by samples, and each party goes on with the average"
    )
    assert str(result.observed) == (
        "5 of 5 rounds looked into, off by at most 1e-07 and 0.5 of the bound; "
        "a trial with unequal numbers 0.25 of it"
    )
    assert str(result.tolerance).startswith("n·2^-18/Σw for truncation to fixed point")


def test_that_all_sent_the_same_is_said() -> None:
    assert str(of(with_round(2, alike=True)).observed).endswith(
        "; in 1 rounds all parties sent the same"
    )


def test_without_fixed_point_the_arrays_own_precision_is_the_tolerance() -> None:
    rounds = tuple(averaged(n, fxp_bits=None, arithmetic="own") for n in range(5))
    result = of(federated(rounds=rounds))
    assert result.verdict is Verdict.PASS
    assert str(result.tolerance).startswith("2n roundings of the arrays' own type")


@pytest.mark.parametrize(
    ("run", "observed"),
    [
        (
            with_round(3, ratio=1.001, error=0.5, array=7),
            "round 3 is off by 0.5: 1 times its bound in array 7",
        ),
        (
            with_round(0, ratio=math.nan, error=math.nan),
            "round 0 is off by nan: nan times its bound in array 0",
        ),
        (
            with_round(1, ratio=math.inf, error=math.inf, reason="arrays of other shapes came out"),
            "round 1 is off by inf: arrays of other shapes came out",
        ),
        (
            federated(challenge=(averaged(ratio=2e5, error=0.25),)),
            "a trial with numbers of ours is off by 0.25: 2e+05 times its bound in array 0",
        ),
        (
            federated(party("alice"), party("bob", taken_over=())),
            "bob took over 0 of 5 averages",
        ),
        (
            federated(
                taking("alice", 4, TakenOver(False, 4)),
                party("bob"),
            ),
            "round 4: alice holds other weights than it was given",
        ),
        (
            federated(
                party("alice"),
                taking("bob", 0, TakenOver(True, 99)),
            ),
            "round 0: bob goes on with something else than the average",
        ),
    ],
)
def test_another_aggregate_and_a_party_that_does_not_take_it_over_fail(
    run: TrainingRun, observed: str
) -> None:
    result = of(run)
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, observed)


def test_each_party_is_held_to_what_it_took_over() -> None:
    late = taking("bob", 0, TakenOver(True, 99))
    observed = str(of(federated(party("alice", taken_over=()), late)).observed)
    assert "alice took over 0 of 5 averages" in observed
    assert "round 0: bob goes on with something else" in observed


@pytest.mark.parametrize(("ratio", "share"), [(1.0, "1"), (0.99995, "0.9999"), (0.5, "0.5")])
def test_what_keeps_within_its_bound_is_told_as_less_than_all_of_it(
    ratio: float, share: str
) -> None:
    result = of(with_round(3, ratio=ratio))
    assert result.verdict is Verdict.PASS
    assert f" and {share} of the bound" in str(result.observed)


def test_a_trial_that_is_exact_is_off_by_nothing() -> None:
    result = of(federated(challenge=(averaged(ratio=0.0, error=0.0),)))
    assert str(result.observed).endswith("a trial with unequal numbers 0 of it")


def test_many_problems_are_counted() -> None:
    rounds = tuple(averaged(n, ratio=9.0) for n in range(5))
    observed = str(of(federated(rounds=rounds)).observed)
    assert observed.endswith("; and 2 more")
    assert observed.count("its bound") == 3


UNSEEN: dict[str, Any] = {"error": None, "ratio": None, "given": None}


def test_rounds_that_were_not_looked_into_count_as_rounds() -> None:
    result = of(with_round(2, **UNSEEN, reason="it is not in the sample"))
    assert result.verdict is Verdict.PASS
    assert str(result.observed).startswith("4 of 5 rounds looked into")


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (federated(party("alice", taken_over=()), rounds=()), "no round was seen"),
        (federated(challenge=()), "no round was seen"),
        (
            federated(rounds=tuple(averaged(n, **UNSEEN, reason="shared") for n in range(5))),
            "shared",
        ),
        (federated(challenge=(averaged(**UNSEEN, reason="it takes less"),)), "it takes less"),
        (federated(challenge=(averaged(**UNSEEN, fault="OSError: gone"),)), "OSError: gone"),
    ],
)
def test_what_was_not_seen_decides_nothing(run: TrainingRun, reason: str) -> None:
    result = of(run)
    assert (result.verdict, str(result.reason), str(result.observed)) == (
        Verdict.UNCHECKED,
        reason,
        "",
    )


def test_a_wrong_round_fails_although_the_trial_was_not_seen() -> None:
    assert of(replace(with_round(1, ratio=3.0), challenge=())).verdict is Verdict.FAIL


def test_a_fault_of_a_probe_is_an_error_of_ours() -> None:
    result = of(with_round(2, **UNSEEN, fault="MemoryError: no room"))
    assert (result.verdict, str(result.observed)) == (Verdict.ERROR, "MemoryError: no room")


@pytest.mark.parametrize("strategy", ["fed_avg_g", "fed_avg_u", "fed_scr", "fed_stc"])
def test_where_no_weights_are_averaged_parties_hold_other_numbers(strategy: str) -> None:
    deaf = federated(party("alice", taken_over=()), strategy=strategy)
    result = of(deaf)
    assert (result.verdict, str(result.says)) == (
        Verdict.PASS,
        "what the parties send is averaged by samples",
    )
    wrong = replace(deaf, challenge=(averaged(ratio=7.0),))
    assert of(wrong).verdict is Verdict.FAIL
    assert of(replace(deaf, strategy="fed_prox")).verdict is Verdict.FAIL
