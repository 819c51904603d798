"""What parties report together is worked out anew from each one's own numbers and samples."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.checks.builders import case, contract_of, evidence_of, federated, judged, together
from verify.checks import party_metrics
from verify.evidence.evidence import Evaluation, Metric, Pass
from verify.finding import Result, Verdict

# Of each party: how many samples it has to train and to validate, and its losses there by epoch.
ALICE = (60, 20, (0.5, 0.25), (0.75, 0.5))
BOB = (20, 10, (1.5, 1.25), (1.5, 1.25))
HISTORY = {"loss": [0.75, 0.5], "val_loss": [1.0, 0.75]}
PLAIN = {"loss": [1.0, 0.75], "val_loss": [1.125, 0.875]}
RELEASE = "secretflow-1.11.0b1"  # whose ledger knows of metrics that are carried on

Samples = tuple[int, int, tuple[float, ...], tuple[float, ...]]


def metric(value: float, count: float, **changed: Any) -> Metric:
    fields: dict[str, Any] = {
        "name": "loss",
        "kind": "Mean",
        "values": (value,),
        "total": value * count,
        "count": count,
    }
    return Metric(**fields | changed)


def went(stage: str, value: float, samples: int, **changed: Any) -> Pass:
    counted = changed.pop("count", samples)
    return Pass(stage, 2, samples, True, (metric(value, counted, **changed),))


def passes(party: Samples) -> tuple[Pass, ...]:
    train, val, losses, held = party
    pairs = zip(losses, held, strict=True)
    return tuple(p for a, b in pairs for p in (went("train", a, train), went("val", b, val)))


def of(
    series: str = "loss",
    history: dict[str, list[float]] | None = None,
    *,
    own: Mapping[str, tuple[Pass, ...]] | None = None,
    release: str = RELEASE,
    **changed: Any,
) -> Result:
    """The judgement of one series."""
    own = own or {"alice": passes(ALICE), "bob": passes(BOB)}
    run = federated(history=history or HISTORY, passes=own, **changed)
    document = contract_of(trainings=[together(metrics=[*run.history])])
    named = document.environment.model_copy(update={"name": release})
    document = document.model_copy(update={"environment": named})
    return judged(
        party_metrics.CHECK, case(document=document, evidence=evidence_of(run)), f"head/{series}"
    )


@pytest.mark.parametrize("series", ["loss", "val_loss"])
def test_the_mean_over_all_samples_passes(series: str) -> None:
    result = of(series)
    assert result.verdict is Verdict.PASS
    assert str(result.observed).startswith("2 values worked out anew, off by at most 0")


@pytest.mark.parametrize(
    ("series", "observed"),
    [
        (
            "loss",
            "epoch 1 is 1, and the parties' samples (alice 60, bob 20) come to 0.75: the parties",
        ),
        ("val_loss", "epoch 1 is 1.125, and the parties' samples (alice 20, bob 10) come to 1"),
    ],
)
def test_the_plain_mean_of_unequal_parties_fails(series: str, observed: str) -> None:
    result = of(series, PLAIN)
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith(observed)
    assert "own values are averaged without them" in str(result.observed)


@pytest.mark.parametrize(
    ("backend", "release", "verdict"),
    [
        ("torch", RELEASE, Verdict.ERRATUM),
        ("torch", "small-1", Verdict.FAIL),
        ("tensorflow", RELEASE, Verdict.FAIL),
    ],
)
def test_a_plain_mean_is_known_of_pytorch_alone(
    backend: str, release: str, verdict: Verdict
) -> None:
    assert of("loss", PLAIN, backend=backend, release=release).verdict is verdict
    other = PLAIN | {"loss": [1.0, 0.7]}
    assert of("loss", other, backend=backend, release=release).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("history", "verdict"),
    [
        ({"loss": [0.75, 0.5]}, Verdict.PASS),
        ({"loss": [0.75 + 1e-8, 0.5 - 1e-8]}, Verdict.PASS),
        ({"loss": [0.75, 0.5001]}, Verdict.FAIL),
        ({"loss": [0.5, 0.25]}, Verdict.FAIL),  # one party's own
        ({"loss": [0.5, 0.75]}, Verdict.FAIL),  # epochs the other way round
        ({"loss": [float("nan"), 0.5]}, Verdict.FAIL),
    ],
)
def test_only_roundings_are_allowed(history: dict[str, list[float]], verdict: Verdict) -> None:
    assert of("loss", history).verdict is verdict


def test_parties_with_as_many_samples_show_no_difference_and_that_is_said() -> None:
    own = {party: (went("train", 0.5, 10), went("train", 0.25, 10)) for party in ("alice", "bob")}
    result = of("loss", {"loss": [0.5, 0.25]}, own=own)
    assert result.verdict is Verdict.PASS
    assert str(result.observed).endswith("all have as many, so that a plain mean comes to the same")


CARRIED = {
    "alice": (
        went("train", 0.5, 60),
        went("val", 0.75, 20),
        went("train", 0.5, 60, count=80),
        went("val", 0.5, 20),
    )
}


@pytest.mark.parametrize(
    ("release", "verdict"), [(RELEASE, Verdict.ERRATUM), ("small-1", Verdict.FAIL)]
)
def test_metrics_that_count_the_validation_in_are_known_or_wrong(
    release: str, verdict: Verdict
) -> None:
    history = {"loss": [0.5, 0.5], "val_loss": [0.75, 0.5]}
    result = of("loss", history, own=CARRIED, release=release)
    assert result.verdict is verdict
    assert of("val_loss", history, own=CARRIED, release=release).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("stated", "release", "verdict"),
    [
        ([0.5, 0.25], RELEASE, Verdict.PASS),
        ([0.75, 0.125], RELEASE, Verdict.ERRATUM),
        ([0.75, 0.125], "small-1", Verdict.FAIL),
        ([0.75, 0.2], RELEASE, Verdict.FAIL),
    ],
)
def test_the_loss_of_the_last_batch_is_known_or_wrong(
    stated: list[float], release: str, verdict: Verdict
) -> None:
    passes = went("train", 0.5, 10, last=0.75), went("train", 0.25, 10, last=0.125)
    result = of("loss", {"loss": stated}, own={"alice": passes}, release=release)
    assert result.verdict is verdict
    assert ("it is the last batch's" in str(result.observed)) == (verdict is not Verdict.PASS)


def test_a_wrong_value_is_no_known_defect() -> None:
    history = {"loss": [0.5, 0.75], "val_loss": [0.75, 0.5]}
    assert of("loss", history, own=CARRIED).verdict is Verdict.FAIL


UNKNOWN = Metric(name="loss", kind="KendallRankCorrCoef", values=(0.75,))


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        ({"alice": ()}, "no party's own metric of that name was seen"),
        ({"alice": (went("train", 0.75, 10),)}, "alice went through its data 1 times for 2 values"),
        (
            {"alice": (went("train", 0.75, 10, count=40), went("train", 0.5, 10, count=40))},
            "it is a mean over 40 values, of a party that went through 10 samples",
        ),
        (
            {"alice": (Pass("train", 1, 9, True, (UNKNOWN,)),) * 2},
            "what the parties know of it (KendallRankCorrCoef) is no mean over samples",
        ),
    ],
)
def test_what_cannot_be_worked_out_says_why(own: dict[str, tuple[Pass, ...]], reason: str) -> None:
    result = of("loss", own=own)
    assert result.verdict is Verdict.UNCHECKED
    assert str(result.reason).startswith(reason)


def test_a_series_that_is_not_reported_or_a_training_that_did_not_end_is_unchecked() -> None:
    document = contract_of(trainings=[together(metrics=["auc"])])
    missing = case(document=document, evidence=evidence_of(federated(history=HISTORY)))
    result = judged(party_metrics.CHECK, missing, "head/auc")
    assert (result.verdict, str(result.reason)) == (
        Verdict.UNCHECKED,
        "the training reports no auc",
    )
    broken = judged(
        party_metrics.CHECK, case(document=document, evidence=evidence_of()), "head/auc"
    )
    assert broken.verdict is Verdict.UNCHECKED


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"val_loss": 1.0}, Verdict.PASS),
        ({"loss": 1.0, "auc": 0.5}, Verdict.PASS),
        ({"loss": 1.125}, Verdict.FAIL),
    ],
)
def test_evaluations_after_the_training_are_worked_out_too(
    values: dict[str, float], verdict: Verdict
) -> None:
    own = {"alice": (went("val", 0.75, 20),), "bob": (went("val", 1.5, 10),)}
    result = of("val_loss", evaluations=(Evaluation(values, own),))
    assert result.verdict is verdict
    assert of("loss", evaluations=(Evaluation(values, own),)).verdict is Verdict.PASS
