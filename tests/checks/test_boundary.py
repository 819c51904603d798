"""What crosses between the parties of a split training, and nearly the same that is not right."""

from dataclasses import replace
from typing import Any

import pytest

from tests.checks.builders import case, contract_of, evidence_of, holder, judged, run, training
from verify.checks import boundary
from verify.contract.training_terms import Training
from verify.evidence.evidence import Boundary, Crossing, Evaluation, Pass
from verify.finding import Result, Verdict

HOLDERS = tuple(
    holder(name=name, part=part)
    for name, part in (("alice", "base"), ("alice", "fuse"), ("bob", "base"))
)
# Two epochs of three batches, 128, 128 and 44 samples, and a validation of one.
PASSES = {
    party: (Pass("train", 3, 300, labels), Pass("val", 1, 50, labels)) * 2
    for party, labels in (("alice", True), ("bob", False))
}


def crossing(sender: str, receiver: str, way: Any, rows: int, count: int, **more: Any) -> Crossing:
    fields: dict[str, Any] = {
        "shapes": ((rows, 64),),
        "types": ("float32",),
        "bytes": rows * 64 * 4,
    }
    return Crossing(sender=sender, receiver=receiver, way=way, count=count, **fields | more)


CROSSINGS = (
    crossing("bob", "alice", "forward", 128, 4),
    crossing("alice", "bob", "backward", 128, 4),
    crossing("bob", "alice", "forward", 44, 2),
    crossing("alice", "bob", "backward", 44, 2),
    crossing("bob", "alice", "forward", 50, 2),
)


def documented(**changed: Any) -> Training:
    fields = {
        "kind": "split",
        "epochs": 2,
        "parties": ["alice", "bob"],
        "batch_size": 128,
        "split": {"labels": "alice", "hidden": {"bob": 64}},
        "layers": None,
        "frozen": None,
        "start": None,
    }
    return Training.model_validate(training().model_dump() | fields | changed)


def of(said: Training | None = None, **changed: Any) -> Result:
    """The judgement of a split training, recorded as it should be unless said otherwise."""
    about: dict[str, Any] = {
        "labels": "alice",
        "aggregates_at": "alice",
        "added": (),
        "crossings": CROSSINGS,
    }
    about |= {key: changed.pop(key) for key in (*about, "fault") if key in changed}
    fields: dict[str, Any] = {"passes": PASSES, "boundary": Boundary(**about)}
    fields |= changed
    recorded = run(*fields.pop("holders", HOLDERS), kind="split", **fields)
    document = contract_of(trainings=[said or documented()])
    return judged(boundary.CHECK, case(document=document, evidence=evidence_of(recorded)), "head")


def without(number: int, *others: Crossing) -> tuple[Crossing, ...]:
    return (*CROSSINGS[:number], *others, *CROSSINGS[number + 1 :])


def test_hidden_layers_there_and_gradients_back_pass() -> None:
    result = of()
    assert result.verdict is Verdict.PASS
    assert "forward 8 messages, bob to alice, 128x64, 44x64, 50x64" not in str(result.observed)
    assert str(result.observed).startswith(
        "forward 8 messages, bob to alice, 128x64 float32, 44x64 float32, 50x64 float32, "
    )
    assert "backward 6 messages, alice to bob" in str(result.observed)
    assert "what they tell of the data is not judged" in str(result.observed)


def test_what_is_put_around_it_is_told() -> None:
    assert "around that: label_dp at alice: LabelDP;" in str(
        of(added=("label_dp at alice: LabelDP",)).observed
    )


def test_what_is_evaluated_after_the_training_counts_as_well() -> None:
    def after(**bobs: Any) -> Result:
        own = {p: (replace(some[1]),) for p, some in PASSES.items()}
        own["bob"] = (replace(own["bob"][0], **bobs),)
        return of(evaluations=(Evaluation({"loss": 0.5}, own),))

    assert after().verdict is Verdict.PASS
    assert str(after(labels=True).observed) == "labels are seen by alice, bob"
    assert str(after(samples=49).observed) == "bob goes through other batches than alice"


def test_uneven_epochs_are_told() -> None:
    uneven = {party: (replace(some[0], samples=256), *some[1:]) for party, some in PASSES.items()}
    crossings = (
        crossing("bob", "alice", "forward", 128, 3),
        crossing("alice", "bob", "backward", 128, 3),
        crossing("bob", "alice", "forward", 84, 1),
        crossing("alice", "bob", "backward", 84, 1),
        *CROSSINGS[2:],
    )
    result = of(passes=uneven, crossings=crossings)
    assert "epochs go through 256, 300 samples" in str(result.observed)
    assert result.verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("changed", "observed"),
    [
        ({"holders": HOLDERS[:2]}, "base networks are at alice"),
        ({"holders": (HOLDERS[0], HOLDERS[2])}, "the fuse network is at nobody"),
        (
            {"holders": (*HOLDERS, holder(name="bob", part="fuse"))},
            "the fuse network is at alice, bob",
        ),
        (
            {"passes": PASSES | {"bob": tuple(replace(p, labels=True) for p in PASSES["bob"])}},
            "labels are seen by alice, bob",
        ),
        (
            {"passes": PASSES | {"bob": (Pass("train", 3, 299, False), *PASSES["bob"][1:])}},
            "bob goes through other batches than alice",
        ),
        (
            {"crossings": without(0, crossing("bob", "alice", "forward", 128, 3))},
            "bob sends 7 messages for 8 batches",
        ),
        (
            {"crossings": without(1, crossing("alice", "bob", "backward", 128, 5))},
            "bob gets 7 messages for 6 batches",
        ),
        (
            {"crossings": (*CROSSINGS, crossing("bob", "alice", "other", 300, 1))},
            "bob sends alice 1 messages of 76,800 bytes that are neither",
        ),
        (
            {"crossings": (*CROSSINGS, crossing("alice", "bob", "forward", 128, 1))},
            "alice sends bob 1 messages of 32,768 bytes that are neither",
        ),
        (
            {"crossings": (*CROSSINGS, crossing("bob", "carol", "forward", 128, 8))},
            "bob sends carol 8 messages of 32,768 bytes that are neither",
        ),
        (
            {
                "crossings": without(
                    1, crossing("alice", "bob", "backward", 128, 4, shapes=((128, 8),))
                )
            },
            "bob gets gradients of 128x8, which it never sent",
        ),
        ({"crossings": ()}, "bob sends 0 messages for 8 batches"),
        (
            {
                "crossings": without(
                    3, crossing("alice", "bob", "backward", 44, 2, types=("float64",))
                )
            },
            "hidden layers and gradients of bob are of several types: float32, float64",
        ),
        (
            {"crossings": without(4, crossing("bob", "alice", "forward", 49, 2))},
            "bob sends hidden layers of 698 samples, and went through 700",
        ),
    ],
)
def test_nearly_the_same_fails(changed: dict[str, Any], observed: str) -> None:
    result = of(**changed)
    assert result.verdict is Verdict.FAIL
    assert str(result.observed).startswith(observed)


@pytest.mark.parametrize(
    ("stated", "observed"),
    [
        ({"split": {"labels": "bob"}}, "the fuse network is at alice"),
        (
            {"split": {"labels": "alice", "hidden": {"bob": 32}}},
            "bob sends 64 numbers a sample, not 32",
        ),
        ({"batch_size": 64}, "bob sends batches of more than 64 samples"),
        ({"parties": ["bob"]}, "base networks are at alice, bob"),
    ],
)
def test_what_the_page_says_otherwise_fails(stated: dict[str, Any], observed: str) -> None:
    result = of(documented(**stated))
    assert result.verdict is Verdict.FAIL
    assert observed in str(result.observed)


def test_what_was_not_seen_is_no_pass() -> None:
    assert of(boundary=None).verdict is Verdict.UNCHECKED
    elsewhere = of(aggregates_at="SPU(alice, bob)")
    assert (elsewhere.verdict, str(elsewhere.reason)) == (
        Verdict.UNCHECKED,
        "hidden layers are put together at SPU(alice, bob), which is not followed",
    )
    assert of(fault="RayError: gone").verdict is Verdict.ERROR


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "local"},
        {"split": None},
        {"split": {"labels": "alice", "hidden": {"carol": 64}}},
    ],
)
def test_a_split_training_says_how_and_no_other_does(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="split"):
        documented(**fields)
