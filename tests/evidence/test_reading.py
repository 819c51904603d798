"""What probes wrote is read back as it happened, even when a process was killed as it wrote."""

import json
from pathlib import Path
from typing import Any

import pytest

from verify.evidence import reading
from verify.evidence.evidence import (
    FailedTraining,
    Holder,
    Layer,
    Message,
    Reveal,
    Round,
    StepRun,
    TakenOver,
    TrainingRun,
    Turn,
    Weights,
)
from verify.probed import events

NOT_WHOLE = ", so the evidence of the run is not whole; run it again"
LAYERS = [
    {
        "name": "input",
        "kind": "InputLayer",
        "trainable": False,
        "arrays": 0,
        "trainable_arrays": 0,
        "parameters": 0,
    },
    {
        "name": "dense",
        "kind": "Dense",
        "trainable": True,
        "arrays": 2,
        "trainable_arrays": 2,
        "parameters": 6,
    },
]
STARTED = {"event": "started", "time": 1.0, "seed": None, "versions": {}}
BEGUN = {"event": "training-started", "time": 203, "kind": "local"}
STEPS = {
    "first": StepRun("first", 100.0, 10.0, "", None),
    "second": StepRun("second", 200.0, 10.0, "", None),
}
LOCAL: dict[str, Any] = {
    "event": "local-training",
    "samples": {},
    "history": {"loss": [2.0, 1.0]},
    "layers": LAYERS,
    "before": [[], ["a", "b"]],
    "after": [[], ["c", "d"]],
    "changes": [0.0, 0.5],
}
ROUND = {"parties": ["alice", "bob"], "fxp_bits": 18, "arithmetic": "secure", "seconds": 0.5}
FEDERATED: dict[str, Any] = {
    "event": "federated-training",
    "model": 3,
    "backend": "tensorflow",
    "apart": True,
    "parties": ["alice", "bob"],
    "history": {"loss": [2.0, 1.0]},
    "strategy": "fed_avg_w",
    "aggregator": "SecureAggregator",
    "sources": {"alice": "here", "bob": None},
    "rounds": [
        ROUND | {"reason": "it is not in the sample"},
        ROUND
        | {
            "weights": [64, 32],
            "error": 1e-7,
            "ratio": 0.5,
            "array": 1,
            "arrays": [8, 16],
            "alike": False,
            "given": 7,
            "inferred": 1e-6,
            "messages": [
                {
                    "sender": "alice",
                    "receiver": "carol",
                    "aggregate": False,
                    "arrays": 2,
                    "bytes": 48,
                    "elements": 6,
                    "plain": False,
                    "correlation": 0.25,
                    "uniform": [255.0],
                }
            ],
        },
    ],
    "challenge": [ROUND | {"fxp_bits": None, "arithmetic": "own", "fault": "OSError: gone"}],
}


def write(folder: Path, name: str, *events: dict[str, Any]) -> Path:
    file = folder / f"{name}.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    return file


def write_party(folder: Path, name: str, *later: dict[str, Any]) -> Path:
    built = {
        "event": "built",
        "time": 101,
        "party": name,
        "model": 3,
        "layers": LAYERS,
        "digests": [[], ["a", "b"]],
        "magnitudes": [0.0, 1.5],
    }
    return write(folder, f"model-3-{name}", built, *({"time": 102} | event for event in later))


def sent(change: float, *rows: list[int]) -> dict[str, Any]:
    return {"event": "sent", "changes": [0.0, change], "drift": [0.0, change], "rows": rows}


def idle(drift: float, *digests: str, **more: Any) -> dict[str, Any]:
    return {"event": "idle", "drift": [0.0, drift], "digests": [[], digests], **more}


READS = {"event": "reads", "time": 1.0, "stage": "train", "source": "here"}
FAULT = {"event": "fault", "time": 2.0, "reason": "联邦\u2028"}


def test_events_are_read_in_order(tmp_path: Path) -> None:
    file = write(tmp_path, "kernel", READS, FAULT)
    assert reading.recorded(file) == [
        events.Reads(time=1, stage="train", source="here"),
        events.Fault(time=2, reason="联邦\u2028"),
    ]


def test_a_missing_or_empty_log_has_no_events(tmp_path: Path) -> None:
    assert reading.recorded(tmp_path / "missing.jsonl") == []
    assert reading.recorded(write(tmp_path, "empty")) == []


def test_a_log_cut_short_by_a_killed_process_keeps_its_whole_lines(tmp_path: Path) -> None:
    file = write(tmp_path, "whole", READS, FAULT)
    told, whole = reading.recorded(file), file.read_bytes()
    first = whole.index(b"\n") + 1
    cut = tmp_path / "cut.jsonl"
    for length in range(len(whole) + 1):
        cut.write_bytes(whole[:length])
        expected = (length >= first) + (length == len(whole))
        assert reading.recorded(cut) == told[:expected]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({**READS, "stage": 5}, "reads.stage: input should be a valid string"),
        ({**READS, "source": ["here"]}, "reads.source: input should be a valid string"),
        ({**READS, "extra": 5}, "reads.extra: unexpected keyword argument"),
        ({k: v for k, v in READS.items() if k != "stage"}, "reads.stage: field required"),
        ({k: v for k, v in READS.items() if k != "time"}, "reads.time: field required"),
        ({"event": "reads", "time": 1.0}, "reads.stage: field required"),
        (READS | {"event": "red"}, "input tag 'red' found using 'event' does not match"),
        ({"time": 1.0}, "unable to extract tag using discriminator 'event'"),
        (
            FEDERATED | {"time": 1.0, "rounds": [ROUND | {"fxp_bits": "18"}]},
            "federated-training.rounds.0.fxp_bits: input should be a valid integer",
        ),
        ("no object", "input should be an object"),
    ],
)
def test_a_line_that_no_probe_writes_is_told_with_its_file_and_number(
    tmp_path: Path, line: Any, said: str
) -> None:
    file = write(tmp_path, "kernel", STARTED, line, FAULT)
    assert [event.event for event in reading.recorded(file)] == ["started", "fault"]
    (damage,) = map(str, reading.damages([tmp_path]))
    assert damage.startswith(f"{file}:2: is no record of ours ({said}")
    assert damage.endswith(f"){NOT_WHOLE}")


@pytest.mark.parametrize(
    "line", [b"", b"cut short", b'{"event": "b"', b"[]", b'{"n": 1}', b'{"event": 7}', b"\xff\xfe"]
)
def test_a_damaged_line_is_named_and_the_others_are_kept(tmp_path: Path, line: bytes) -> None:
    file = write(tmp_path, "kernel", STARTED)
    assert reading.damages([tmp_path]) == []
    started, whole = file.read_bytes(), json.dumps(FAULT).encode()
    file.write_bytes(started + line + b"\n" + whole + b'\n{"event": "cut')
    assert [event.event for event in reading.recorded(file)] == ["started", "fault"]
    (damage,) = map(str, reading.damages([tmp_path]))
    assert damage.startswith(f"{file}:2: is no record of ours (")
    assert damage.endswith(f"){NOT_WHOLE}")


def test_damage_of_a_partys_log_counts_too(tmp_path: Path) -> None:
    write(tmp_path, "kernel", STARTED)
    (tmp_path / "model-3-alice.jsonl").write_text("\n\n")  # the first damage of a file is enough
    (tmp_path / "model-3-bob.jsonl").mkdir()
    named = [str(damage).partition(": ")[0] for damage in reading.damages([tmp_path])]
    assert named == [f"{tmp_path / 'model-3-alice.jsonl'}:1", f"{tmp_path / 'model-3-bob.jsonl'}:1"]
    assert "is no record of ours (No regular file)" in str(reading.damages([tmp_path])[1])


@pytest.mark.parametrize("text", [None, "", '{"event": "started"', json.dumps(BEGUN) + "\n"])
def test_a_log_without_its_beginning_is_damaged(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "kernel.jsonl").write_text(text)
    assert [*map(str, reading.damages([tmp_path]))] == [
        f"{tmp_path / 'kernel.jsonl'}: is missing or lacks its beginning{NOT_WHOLE}"
    ]


def test_versions_are_those_of_the_last_start(tmp_path: Path) -> None:
    assert reading.versions(tmp_path) == {}
    started = [STARTED | {"versions": {"numpy": number}} for number in ("1", "3", "2")]
    write(tmp_path, "kernel", *started, BEGUN)
    assert reading.versions(tmp_path) == {"numpy": "2"}


def test_a_training_that_failed_is_told_of_the_step_that_it_failed_in(tmp_path: Path) -> None:
    made: dict[str, Any] = {
        "backend": "torch",
        "strategy": "fed_prox",
        "aggregator": "",
        "apart": True,
    }
    broke = made | {"stage": "training", "raised": "OSError", "message": "no", "own": False}
    event = broke | {"event": "failed"}
    write(tmp_path, "kernel", STARTED, BEGUN, event | {"time": 205}, event | {"time": 150})
    assert reading.failed([tmp_path], STEPS.values()) == (FailedTraining(step="second", **broke),)


def test_a_local_training_is_one_holder_and_one_phase(tmp_path: Path) -> None:
    write(tmp_path, "kernel", BEGUN, LOCAL | {"time": 205})
    layers = (
        Layer("input", "InputLayer", False, 0, 0, 0),
        Layer("dense", "Dense", True, 2, 2, 6),
    )
    holder = Holder(
        name="this machine",
        layers=layers,
        before=Weights(((), ("a", "b"))),
        after=Weights(((), ("c", "d"))),
        phases=((0.0, 0.5),),
        drift=(0.0, 0.5),
    )
    data = {holder.name: ()}
    training = TrainingRun("second", "local", {"loss": [2.0, 1.0]}, (holder,), data=data)
    assert reading.trainings([tmp_path], STEPS.values()) == {"second": [training]}


def test_a_federated_training_has_its_rounds_and_a_holder_for_each_party(tmp_path: Path) -> None:
    write(tmp_path, "kernel", FEDERATED | {"time": 105})
    write_party(tmp_path, "alice", idle(0.0, "a", "b"), sent(0.5), sent(0.25), idle(0.75, "c", "d"))
    write_party(tmp_path, "bob", sent(0.125), idle(0.75, "c", "d"))
    training = reading.trainings([tmp_path], STEPS.values())["first"][-1]
    assert (training.kind, training.history) == ("federated", {"loss": [2.0, 1.0]})
    assert (training.strategy, training.aggregator) == ("fed_avg_w", "SecureAggregator")
    assert training.sources == {"alice": "here", "bob": None}
    names = ("alice", "bob")
    message = Message("alice", "carol", False, 2, 48, 6, False, 0.25, (255.0,))
    assert training.rounds == (
        Round(2, (), 18, names, reason="it is not in the sample", arithmetic="secure", seconds=0.5),
        Round(
            *(2, (64, 32), 18, names, 1e-7, 0.5, 1, (8, 16), False, 7, 1e-6, (message,)),
            arithmetic="secure",
            seconds=0.5,
        ),
    )
    assert training.challenge == (Round(2, (), None, names, fault="OSError: gone", seconds=0.5),)
    alice, bob = training.holders
    assert (alice.name, bob.name) == ("alice", "bob")
    assert alice.before == Weights(((), ("a", "b")))
    assert alice.after == bob.after == Weights(((), ("c", "d")))
    assert alice.phases == ((0.0, 0.5), (0.0, 0.25))
    assert alice.drift == (0.0, 0.75)
    assert alice.magnitudes == (0.0, 1.5)


def test_a_partys_turns_and_what_it_took_over_and_read_are_told(tmp_path: Path) -> None:
    write(tmp_path, "kernel", FEDERATED | {"time": 105})
    write_party(
        tmp_path,
        "alice",
        {"event": "reads", "stage": "train", "source": "here"},
        {"event": "received", "kept": True, "held": 5},
        sent(0.5, [1, 2], [3]),
        {"event": "received", "kept": False, "held": 6},
        {"event": "reads", "stage": "eval", "source": "elsewhere"},
        {"event": "reads", "stage": "train", "source": None},
        {"event": "evaluated", "rows": [[7, 8], [9]]},
        {"event": "fault", "reason": "OSError: full"},
    )
    (alice,) = reading.trainings([tmp_path], STEPS.values())["first"][-1].holders
    assert alice.turns == (Turn(((1, 2), (3,)), (0.0, 0.5)),)
    assert alice.turns[0].samples == 3
    assert alice.taken_over == (TakenOver(True, 5), TakenOver(False, 6))
    assert alice.evaluations == ((7, 8, 9),)
    assert (alice.sources, alice.fault) == (("here",), "OSError: full")


def test_samples_that_several_parties_hold_count_once(tmp_path: Path) -> None:
    history = {"loss": [2.0, 1.0], "val_loss": [2.0, 1.0]}
    write(tmp_path, "kernel", FEDERATED | {"time": 105, "history": history})
    for party, own in (("alice", 1), ("bob", 5)):
        evaluated = {"event": "evaluated", "rows": [[own, 9]]}
        epoch = (sent(0.5, [own, 2]), sent(0.5, [3]), evaluated)
        write_party(tmp_path, party, *epoch, *epoch)
    training = reading.trainings([tmp_path], STEPS.values())["first"][-1]
    assert training.samples == {"loss": 4, "val_loss": 3}


def test_samples_are_those_of_the_first_epoch_and_not_of_all(tmp_path: Path) -> None:
    """Each epoch may draw others: what it shows rests on its own, however many there are later."""
    history = {"loss": [2.0, 1.0], "val_loss": [2.0, 1.0]}
    write(tmp_path, "kernel", FEDERATED | {"time": 105, "history": history})
    epochs = [
        (sent(0.5, [first, first + 1]), {"event": "evaluated", "rows": [[first + 2]]})
        for first in (10, 20)
    ]
    write_party(tmp_path, "alice", *epochs[0], *epochs[1])
    training = reading.trainings([tmp_path], STEPS.values())["first"][-1]
    assert training.samples == {"loss": 2, "val_loss": 1}


def test_trainings_of_one_model_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "kernel", FEDERATED | {"time": 105}, FEDERATED | {"time": 205})
    first = (sent(0.5, [1]), idle(0.5, "c", "d"))
    second = (sent(0.25, [2]), idle(0.75, "e", "f"))
    write_party(tmp_path, "alice", *first, *({"time": 202} | event for event in second))
    both = reading.trainings([tmp_path], STEPS.values())
    told = [
        (holder.before.digests[1], holder.after and holder.after.digests[1], holder.phases)
        for runs in both.values()
        for run in runs
        for holder in run.holders
    ]
    assert told == [
        (("a", "b"), ("c", "d"), ((0.0, 0.5),)),
        (("c", "d"), ("e", "f"), ((0.0, 0.25),)),
    ]


def test_a_model_that_is_loaded_later_counts_as_built_then(tmp_path: Path) -> None:
    write(tmp_path, "kernel", FEDERATED | {"time": 105})
    log = write_party(tmp_path, "alice", sent(0.5))
    again = json.loads(log.read_text().splitlines()[0]) | {"time": 103, "digests": [[], ["x", "y"]]}
    events = [again, sent(0.25) | {"time": 104}]
    log.write_text(log.read_text() + "".join(json.dumps(event) + "\n" for event in events))
    (alice,) = reading.trainings([tmp_path], STEPS.values())["first"][-1].holders
    assert (alice.before, alice.phases) == (Weights(((), ("x", "y"))), ((0.0, 0.25),))


def test_reveals_belong_to_the_step_during_which_they_came(tmp_path: Path) -> None:
    event = {"event": "revealed", "page": True, "caller": "__main__", "bytes": 8}
    write(tmp_path, "kernel", *(event | {"time": time} for time in (105, 150, 205)))
    assert reading.reveals([tmp_path], STEPS.values()) == (
        Reveal("first", True, "__main__", 8),
        Reveal("second", True, "__main__", 8),
    )


def test_a_party_whose_log_ends_early_has_no_weights_at_the_end(tmp_path: Path) -> None:
    write(tmp_path, "kernel", FEDERATED | {"time": 105})
    log = write_party(tmp_path, "alice", sent(0.5), idle(0.75, "c", "d"))
    log.write_text(log.read_text(encoding="utf-8")[:-5], encoding="utf-8")
    (alice,) = reading.trainings([tmp_path], STEPS.values())["first"][-1].holders
    assert (alice.after, alice.drift, alice.phases) == (None, (), ((0.0, 0.5),))


@pytest.mark.parametrize("text", ["", '{"event": "b'])
def test_a_party_that_never_built_its_model_is_no_holder(tmp_path: Path, text: str) -> None:
    write(tmp_path, "kernel", FEDERATED | {"time": 105})
    write_party(tmp_path, "alice", idle(0.0, "a", "b"))
    (tmp_path / "model-3-bob.jsonl").write_text(text, encoding="utf-8")
    assert [h.name for h in reading.trainings([tmp_path], STEPS.values())["first"][-1].holders] == [
        "alice"
    ]


@pytest.mark.parametrize(
    ("time", "step"),
    [(100, "first"), (110, "first"), (99.9, None), (150, None), (205, "second"), (211, None)],
)
def test_a_training_belongs_to_the_step_during_which_it_ended(
    tmp_path: Path, time: float, step: str | None
) -> None:
    write(tmp_path, "kernel", LOCAL | {"time": time})
    assert list(reading.trainings([tmp_path], STEPS.values())) == ([step] if step else [])


def test_a_training_that_did_not_end_is_none(tmp_path: Path) -> None:
    file = write(tmp_path, "kernel", BEGUN, LOCAL)
    text = file.read_text(encoding="utf-8")
    file.write_text(text[:-1], encoding="utf-8")
    assert reading.trainings([tmp_path], STEPS.values()) == {}


def test_layers_without_weights_are_left_out_on_demand() -> None:
    weights = Weights((("a",), (), ("b", "c"), ()))
    assert weights.of_weighted_layers() == (("a",), ("b", "c"))


def test_a_training_needs_a_log_of_each_party(tmp_path: Path) -> None:
    one = {"event": "split-training", "time": 3, "model": 1000, "backend": "torch", "apart": True}
    one |= {"strategy": "split_nn", "parties": ["alice", "bob"], "labels": "bob"}
    one |= {"aggregates_at": "bob", "added": [], "history": {}, "crossings": []}
    write(tmp_path, "kernel", STARTED, one)
    write(tmp_path, "model-1000-alice")
    lost = tmp_path / "model-1000-bob.jsonl"
    assert [*map(str, reading.damages([tmp_path]))] == [f"{lost}: is missing{NOT_WHOLE}"]
    write(tmp_path, "model-1000-bob")
    assert reading.damages([tmp_path]) == []


def test_what_the_probes_say_of_themselves_is_damage(tmp_path: Path) -> None:
    told = {"event": "tampered", "time": 2, "what": "docprobe.layers.changes"}
    file = write(tmp_path, "kernel", STARTED, {"event": "intact", "asked": "", "time": 1}, told)
    (damage,) = map(str, reading.damages([tmp_path], [(file, "was changed after it was recorded")]))
    assert damage.startswith(f"{file}:3: the page changed docprobe.layers.changes, so ")
