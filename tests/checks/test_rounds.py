"""Aggregation comes as often as documented, weighted with the samples really trained on."""

from typing import Any

import pytest

from tests.checks.builders import averaged, federated, judged_together, party
from verify.checks import rounds
from verify.evidence.evidence import Holder, TrainingRun, Turn
from verify.finding import Result, Verdict


def of(run: TrainingRun, **documented: Any) -> Result:
    return judged_together(rounds.CHECK, run, **documented)


def turns(*batches: list[int], samples: int = 1) -> tuple[Turn, ...]:
    """Stretches of training, each given as the sizes of its batches."""
    return tuple(Turn(tuple((7,) * n for n in sizes), (0.0, 0.0, samples)) for sizes in batches)


def trained(*batches: list[int], **documented: Any) -> Result:
    """Two parties that trained on batches of these sizes between averages."""
    own = turns(*batches)
    weights = [(turn.samples,) * 2 for turn in own]
    run = federated(
        *(party(name, turns=own) for name in ("alice", "bob")),
        rounds=(averaged(), *(averaged(1, weights=w) for w in weights)),
    )
    return of(run, **documented)


def test_the_documented_rounds_pass() -> None:
    result = of(federated())
    assert (result.verdict, str(result.tolerance)) == (Verdict.PASS, "none: whole numbers")
    assert str(result.says) == (
        "2 epochs, an average every 2 steps and after the last, each party weighted by its samples"
    )
    assert str(result.observed) == (
        "5 averages, the first of the start weights, then after 2 and 1, 2 times steps; "
        "samples trained on: alice 10, bob 10"
    )


@pytest.mark.parametrize(
    ("batches", "documented"),
    [
        ([[2]] * 6, {"aggregate_freq": 1}),
        ([[2, 2], [2, 2], [2, 2], [2, 2]], {}),
        ([[2, 2], [1]] * 2, {}),
        ([[2, 2, 1]] * 2, {"aggregate_freq": 3}),
        ([[2, 2, 1]] * 2, {"aggregate_freq": 9}),
        ([[1]] * 2, {}),
        ([[2, 2], [1, 2], [2, 1]], {"epochs": 3}),  # the data end within an epoch
        ([[9, 1], [5, 30]], {"batch_size": None}),
        ([[2, 2], [2]] * 5, {"epochs": 5}),
    ],
)
def test_any_number_of_steps_and_a_short_last_round_pass(
    batches: list[list[int]], documented: dict[str, Any]
) -> None:
    result = trained(*batches, **documented)
    assert result.verdict is Verdict.PASS, str(result.observed)


@pytest.mark.parametrize(
    ("batches", "documented", "observed"),
    [
        ([[2], [2], [1]] * 2, {}, "trained 1, 6 times steps at a time"),
        ([[2, 2, 1]] * 2, {}, "trained 3, 2 times steps at a time"),
        ([[2], [2, 2]] * 2, {}, "trained 1 and 2, 2 times steps at a time"),
        ([[2, 2], [2]] * 2, {"epochs": 3}, "trained 2 and 1, 2 times steps at a time"),
        ([[2, 2], [2]] * 2, {"epochs": 4}, "trained 2 and 1, 2 times steps at a time"),
        ([], {}, "trained 0 steps at a time"),
        ([[4, 4], [4]] * 2, {}, "trained on batches of 4, 6 times"),
        ([[1, 1], [1]] * 2, {}, "trained on batches of 1, 6 times"),
        ([[2, 2], [3]] * 2, {}, "trained on batches of 2 and 2 and 3, 2 times"),
        ([[1, 1], [2]] * 2, {}, "trained on batches of 1 and 1 and 2, 2 times"),
    ],
)
def test_other_steps_and_batches_fail(
    batches: list[list[int]], documented: dict[str, Any], observed: str
) -> None:
    result = trained(*batches, **documented)
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith(f"alice {observed}; bob {observed}")


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_one_short_batch_more_than_epochs_fails(epochs: int) -> None:
    """The data end once an epoch: what is short besides was not trained with that batch size."""
    usual = [[2, 2], [1]] * epochs
    assert trained(*usual, epochs=epochs).verdict is Verdict.PASS
    result = trained([1, 2], *usual[1:], epochs=epochs)
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith("alice trained on batches of 1 and 2 and 1")


@pytest.mark.parametrize(
    "batches", [[[2, 2]] * 3, [[2, 2], [2], [2, 2]], [[2, 2], [2], [2, 2], [1], [2]]]
)
def test_averages_of_an_epoch_are_the_ceiling_and_not_the_floor_of_its_steps(
    batches: list[list[int]],
) -> None:
    """Three steps in twos are two averages an epoch, the second of them after one step."""
    assert trained(*[[2, 2], [2]] * 2).verdict is Verdict.PASS
    result = trained(*batches, batch_size=None)
    assert result.verdict is Verdict.FAIL
    assert " steps at a time" in str(result.observed)


def shortened(name: str) -> Holder:
    return party(name, turns=party(name).turns[:3])


@pytest.mark.parametrize(
    ("run", "observed"),
    [
        (
            federated(rounds=(averaged(weights=(4, 4)), *map(averaged, range(1, 5)))),
            "the start weights were not averaged",
        ),
        (
            federated(rounds=tuple(map(averaged, range(4)))),
            "alice trained 4 times between 3 averages; bob trained 4 times between 3 averages",
        ),
        (
            federated(party("alice"), shortened("bob")),
            "bob trained 2 and 1 and 2 steps at a time; bob trained 3 times between 4 averages",
        ),
        (
            federated(rounds=(*map(averaged, range(3)), averaged(3, weights=(4, 2)), averaged(4))),
            "round 3 weights bob with 2 samples, which trained on 4",
        ),
        (
            federated(rounds=(averaged(), *(averaged(n, weights=()) for n in range(1, 5)))),
            (
                "round 1 weights alice with 0 samples, which trained on 4; "
                "round 2 weights alice with 0 samples, which trained on 1; "
                "round 3 weights alice with 0 samples, which trained on 4; and 5 more"
            ),
        ),
        (
            federated(sources={"alice": "/data/bob", "bob": "/data/bob"}),
            "alice is told to read /data/bob and reads /data/alice",
        ),
        (
            federated(party("alice", sources=("/data/alice", "/data/bob")), party("bob")),
            "alice is told to read /data/alice and reads /data/alice, /data/bob",
        ),
    ],
)
def test_what_else_goes_wrong_is_named(run: TrainingRun, observed: str) -> None:
    result = of(run)
    assert (result.verdict, str(result.observed)) == (Verdict.FAIL, observed)


@pytest.mark.parametrize(
    "run",
    [
        federated(sources={}),
        federated(sources={"alice": None, "bob": None}),
        federated(party("alice", sources=()), party("bob", sources=())),
        federated(rounds=(averaged(), *(averaged(n, error=None, weights=()) for n in range(1, 5)))),
        federated(rounds=(averaged(), *(averaged(n, names=("bob", "alice")) for n in range(1, 5)))),
    ],
)
def test_what_was_not_seen_is_no_fault(run: TrainingRun) -> None:
    assert of(run).verdict is Verdict.PASS


def test_many_parties_with_unequal_numbers_pass_and_each_is_weighted_by_its_own() -> None:
    own = {"alice": turns([2, 2], [1]), "bob": turns([2, 2], [2]), "carol": turns([2, 1], [2])}
    parties = [party(name, turns=some, sources=()) for name, some in own.items()]
    weights = (), (4, 4, 3), (1, 2, 2)

    def run(*order: str) -> TrainingRun:
        return federated(
            *parties, rounds=tuple(averaged(weights=w, names=order) for w in weights), sources={}
        )

    assert of(run("alice", "bob", "carol"), epochs=1).verdict is Verdict.PASS
    swapped = of(run("alice", "carol", "bob"), epochs=1)
    assert swapped.verdict is Verdict.FAIL
    assert str(swapped.observed).startswith(
        "round 1 weights bob with 3 samples, which trained on 4"
    )


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        (federated(rounds=()), "no round was seen"),
        (TrainingRun("train", "federated", {}, (), rounds=(averaged(),)), "no party was seen"),
    ],
)
def test_without_rounds_or_parties_nothing_is_decided(run: TrainingRun, reason: str) -> None:
    result = of(run)
    assert (result.verdict, str(result.reason)) == (Verdict.UNCHECKED, reason)


def test_a_fault_of_a_probe_is_an_error_of_ours() -> None:
    result = of(federated(party("alice"), party("bob", fault="TypeError: ragged", turns=())))
    assert (result.verdict, str(result.observed)) == (Verdict.ERROR, "TypeError: ragged")
