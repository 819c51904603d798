"""Since when a check fails, what is flaky, and what drifts; and what must not be called so."""

import random
import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.history.builders import ERRATUM, ERROR, FAIL, PASS, UNCHECKED, nights, run
from verify.finding import Verdict
from verify.history import slope, trends
from verify.history.record import RunRecord
from verify.history.slope import Floats


def seen(runs: Sequence[RunRecord], kind: str) -> list[str]:
    """What is said of the last run, given those before it in any order."""
    *past, last = runs
    found = trends.of(last, past[::-1])
    assert found == trends.of(last, past)
    return [str(trend.message) for trend in found if trend.kind == kind]


# Failing.


@pytest.mark.parametrize(
    ("verdicts", "sentence"),
    [
        ([PASS, FAIL], "c fails at v1 in this run; it held last on 2030-01-01 03:00 at v1."),
        (
            [PASS, FAIL, PASS, FAIL, FAIL, FAIL],
            (
                "c fails since 2030-01-04 03:00 at v1, in 3 runs; "
                "it held last on 2030-01-03 03:00 at v1."
            ),
        ),
        (
            [ERRATUM, FAIL, FAIL],
            (
                "c fails since 2030-01-02 03:00 at v1, in 2 runs; "
                "it held last on 2030-01-01 03:00 at v1."
            ),
        ),
        (
            [FAIL, FAIL],
            (
                "c fails since 2030-01-01 03:00 at v1, in 2 runs; "
                "no earlier run is known in which it held."
            ),
        ),
        (
            [PASS, ERROR, FAIL, UNCHECKED, ERROR, FAIL],
            (
                "c fails since 2030-01-03 03:00 at v1, in 2 runs; "
                "it held last on 2030-01-01 03:00 at v1."
            ),
        ),
    ],
)
def test_a_check_fails_since_its_last_unbroken_streak_began(
    verdicts: list[Verdict], sentence: str
) -> None:
    assert seen(nights(*verdicts), "failing") == [sentence]


@pytest.mark.parametrize("verdicts", [[PASS], [FAIL, PASS], [FAIL, ERRATUM], [FAIL]])
def test_what_holds_now_or_never_ran_before_does_not_fail(verdicts: list[Verdict]) -> None:
    assert seen(nights(*verdicts), "failing") == []


@pytest.mark.parametrize("verdict", [UNCHECKED, ERROR])
def test_a_run_that_was_cut_short_says_nothing_even_of_what_it_decided(verdict: Verdict) -> None:
    decided = {FAIL: ["c"], UNCHECKED: ["d"]}
    broken = run(1, verdict, verdicts=decided)
    assert trends.of(broken, nights(FAIL)) == []
    # Neither begins nor breaks a streak.
    assert (
        "in this run; it held last on 2030-01-01"
        in seen([run(0, PASS), broken, run(2, FAIL)], "failing")[0]
    )
    held = run(1, verdict, verdicts={PASS: ["c"]})
    assert "since 2030-01-01" in seen([run(0, FAIL), held, run(2, FAIL)], "failing")[0]


def test_a_check_that_a_run_left_open_says_nothing_of_it() -> None:
    unopened = run(1, PASS, verdicts={PASS: ["d"], UNCHECKED: ["c"]})
    (sentence,) = seen([run(0, FAIL), unopened, run(2, FAIL)], "failing")
    assert "since 2030-01-01 03:00 at v1, in 2 runs" in sentence


def test_runs_of_other_versions_editions_and_profiles_do_not_break_a_streak() -> None:
    others = [
        run(1, PASS, edition="published"),
        run(1, PASS, profile="real"),
        run(1, PASS, document="meadow"),
        run(1, PASS, ref="v2"),
    ]
    (sentence,) = seen([run(0, FAIL), *others, run(2, FAIL)], "failing")
    assert sentence.startswith("c fails since 2030-01-01 03:00 at v1, in 2 runs")


def test_the_version_is_named_in_which_a_check_last_held() -> None:
    (sentence,) = seen([run(0, PASS, ref="v1"), run(1, FAIL, ref="v2")], "failing")
    assert sentence == "c fails at v2 in this run; it held last on 2030-01-01 03:00 at v1."


def test_later_runs_count_for_nothing() -> None:
    assert trends.of(run(1, PASS), nights(PASS, PASS, FAIL)) == []


# Flaky.


def test_what_changes_with_nothing_else_is_flaky_and_the_runs_are_named() -> None:
    (sentence,) = seen(nights(PASS, FAIL, PASS, ERROR, PASS, FAIL, PASS), "flaky")
    assert sentence == (
        "c is flaky: with the same page, edition, tool, lock and machine it came out as pass in "
        "4 runs, but as fail on 2030-01-02 03:00, 2030-01-06 03:00."
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"blob": "c" * 40},
        {"lock": "2" * 64},
        {"tool": "tool 2"},
        {"inputs": "other code"},
        {"machine": "two cores"},
        {"profile": "real"},
        {"edition": "published"},
        {"ref": "v2"},
    ],
)
def test_what_changes_with_its_inputs_is_not_flaky(changed: dict[str, str]) -> None:
    before, after = nights(PASS, PASS), [run(2, FAIL, **changed), run(3, FAIL, **changed)]
    assert seen([*before, *after], "flaky") == []
    assert seen([*before, *after, run(4, FAIL)], "flaky") != []  # the first inputs again


@pytest.mark.parametrize(
    "verdicts", [[PASS] * 5, [PASS, ERROR, PASS], [PASS, UNCHECKED, PASS], [FAIL, FAIL], [FAIL]]
)
def test_what_always_comes_out_the_same_is_not_flaky(verdicts: list[Verdict]) -> None:
    assert seen(nights(*verdicts), "flaky") == []


def test_nothing_is_flaky_where_it_is_not_known_what_a_run_rests_on() -> None:
    assert seen(nights(PASS, FAIL, PASS, inputs=""), "flaky") == []


# Drifting.


def series(values: Iterable[float]) -> list[RunRecord]:
    return [run(night, numbers={"pears.loss": value}) for night, value in enumerate(values)]


def timings(values: Iterable[float]) -> list[RunRecord]:
    return [run(night, seconds={"pick": value}) for night, value in enumerate(values)]


def noise(size: int) -> Floats:
    return np.random.default_rng(3).normal(size=size)


def test_a_number_that_rises_through_the_noise_drifts() -> None:
    (sentence,) = seen(series(1 + 0.02 * noise(30) + np.linspace(0, 0.2, 30)), "drift")
    assert re.fullmatch(
        r"pears\.loss rose from 0\.9\d+ to 1\.2\d* over 30 runs with the same page, edition, "
        r"tool, lock and machine \(Mann-Kendall, p = \de-\d\d\)\.",
        sentence,
    )


def test_a_step_that_becomes_slower_drifts_and_has_seconds() -> None:
    (sentence,) = seen(timings(20 + 0.5 * noise(30) + np.linspace(0, 10, 30)), "drift")
    assert sentence.startswith("run:pick rose from ")
    assert " s over 30 runs" in sentence


@pytest.mark.parametrize(
    ("what", "runs"),
    [
        ("noise", series(1 + 0.2 * noise(40))),
        ("always the same", series([0.5] * 40)),
        ("one that is far off", series([1.0] * 39 + [50.0])),
        ("too few", series(np.linspace(1, 2, 11))),
        ("less than anybody acts on", series(np.linspace(1, 1.04, 40))),
        ("seconds that nobody acts on", timings(np.linspace(20, 23, 40))),
        ("less than a second", timings(np.linspace(0.1, 0.9, 40))),
        (
            "slow on another machine",
            timings([20.0] * 20)
            + [
                one.model_copy(
                    update={"machine": "slow", "started": one.started + timedelta(days=20)}
                )
                for one in timings([60.0] * 20)
            ],
        ),
        (
            "a run of ours that failed between",
            series([1.0] * 20)
            + [run(20 + night, ERROR, numbers={"pears.loss": 2.0 + night}) for night in range(20)]
            + [run(41, numbers={"pears.loss": 1.0})],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_drift(what: str, runs: list[RunRecord]) -> None:
    assert seen(runs, "drift") == [], what


def test_of_several_numbers_a_drift_has_to_be_as_much_rarer() -> None:
    """Bonferroni's correction: p = 0.0007 is rare enough alone, but not for one of two numbers."""
    rises = 1 + 0.05 * np.random.default_rng(0).normal(size=14) + np.linspace(0, 0.35, 14)
    assert trends.FALSE_ALARM / 2 < slope.of(rises.tolist()).chance < trends.FALSE_ALARM
    assert seen(series(rises), "drift") != []

    def beside(*other: float) -> list[str]:
        nights_ = enumerate(zip(rises, other * 7, strict=True))
        return seen([run(n, numbers={"a": one, "b": two}) for n, (one, two) in nights_], "drift")

    assert beside(1.0, 2.0) == []
    assert beside(1.0, 1.001) != []  # it cannot drift by what matters, so that it counts for none


def test_a_change_below_the_least_that_matters_is_no_drift_however_steady() -> None:
    least = 1 + trends.NUMBER_SHARE
    assert seen(series(np.linspace(1, least + 0.02, 40)), "drift") != []
    assert seen(series(np.linspace(1, least - 0.005, 40)), "drift") == []
    # One night that is far off makes the span large, and the change no larger.
    once = np.linspace(1, least - 0.005, 40)
    once[20] = 3
    assert seen(series(once), "drift") == []


def test_what_changed_long_ago_is_forgotten() -> None:
    values = np.concatenate([np.linspace(1, 2, 30), 2 + 0.01 * noise(trends.RECENT)])
    assert seen(series(values[:30]), "drift") != []
    assert seen(series(values), "drift") == []


# How often it errs: documents with 50 numbers each, none of which drifts, or a number that does.

NUMBERS = 50


def correlated(phi: float, size: int, seed: int) -> Floats:
    """Independent numbers whose noise follows that of the night before; standard deviation 1."""
    fresh = np.random.default_rng(seed).normal(size=(size, NUMBERS))
    values: Floats = fresh.copy()
    for night in range(1, size):
        values[night] = phi * values[night - 1] + np.sqrt(1 - phi**2) * fresh[night]
    return values


def alarms(values: Any) -> int:
    """How many of these numbers are said to drift; their noise is large beside their level."""
    runs = [
        run(night, numbers={f"n{i}": value for i, value in enumerate(row)})
        for night, row in enumerate(values.tolist())
    ]
    return sum(trend.kind == "drift" for trend in trends.of(runs[-1], runs))


@pytest.mark.parametrize(("phi", "most"), [(0.0, 0), (0.3, 0), (0.5, 1)])
@pytest.mark.parametrize("size", [12, 25, 40])
def test_false_alarms_are_rare_even_where_a_night_follows_the_one_before(
    phi: float, most: int, size: int
) -> None:
    assert sum(alarms(correlated(phi, size, seed)) for seed in range(6)) <= most


def test_a_drift_of_six_deviations_in_forty_nights_is_found() -> None:
    slope = 6 * np.linspace(0, 1, 40)[:, None]
    assert sum(alarms(correlated(0.0, 40, seed) + slope) for seed in range(2)) >= 2 * NUMBERS * 0.9


# Whatever the past was.

_past_runs = st.builds(run, st.integers(0, 30), st.sampled_from(Verdict))
pasts = st.lists(_past_runs, max_size=8, unique_by=lambda one: one.started)


@given(pasts, st.randoms(use_true_random=False), st.sampled_from(Verdict))
def test_trends_rest_neither_on_the_order_of_runs_nor_on_runs_of_others(
    past: list[RunRecord], chance: random.Random, verdict: Verdict
) -> None:
    last = run(31, verdict)
    found = trends.of(last, past)
    others = [one.model_copy(update={"profile": "real"}) for one in past]
    mixed = [*past, *others]
    chance.shuffle(mixed)
    assert trends.of(last, mixed) == found
    assert verdict is Verdict.FAIL or not [one for one in found if one.kind == "failing"]
