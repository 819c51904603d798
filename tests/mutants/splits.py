"""Mutants of what a real split training recorded, judged by the checks of a run.

The records in `samples/split` are those of the probes in a training of two parties by Keras.
"""

import copy
import json
import tempfile
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from random import Random
from typing import Any

from tests.checks import builders
from tests.mutants.corruptions import Corruption, Logs
from tests.mutants.mutant import Mutant
from verify.checks import ALL, Case, Needs
from verify.contract.training_terms import Training
from verify.evidence import reading
from verify.evidence.evidence import Evidence, StepRun
from verify.finding import Verdict

FOLDER = Path(__file__).parent / "samples" / "split"
_STEP = "train"
_EACH = 2
_OTHER = {"alice": "bob", "bob": "alice"}
_SPLIT = {
    "id": "split",
    "step": _STEP,
    "kind": "split",
    "epochs": 2,
    "metrics": [f"{p}_{name}" for p in ("train", "val") for name in ("accuracy", "area", "loss")],
    "frozen": ["*/base/dense"],
    "parties": ["alice", "bob"],
    "batch_size": 16,
    "split": {"labels": "alice", "hidden": {"bob": 3}},
}


def mutants(seed: int) -> Iterator[Mutant]:
    """Some mutants of each kind."""
    for kind, (corruption, check) in CORRUPTIONS.items():
        seen = set()
        for number in range(_EACH):
            logs = copy.deepcopy(recorded())
            where = corruption(logs, Random(f"{seed} {kind} {number}"))  # noqa: S311
            if where not in seen:
                seen.add(where)
                judge = partial(_killers, logs)
                yield Mutant("evidence", kind, "two parties", where, (f"{check}*",), judge)


@cache
def recorded() -> Logs:
    """What the probes wrote, by file; not to be changed."""
    return {
        file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        for file in sorted(FOLDER.glob("*.jsonl"))
    }


def failures(logs: Logs) -> frozenset[str]:
    """The ids of the checks of the training that fail on these records."""
    case = _case(logs)
    some = [check for check in ALL if check.needs is Needs.RUN]
    judged = (
        check.judge(case, subject)
        for check in some
        for subject in check.subjects(case.contract)
        if subject.partition("/")[0] == _SPLIT["id"]
    )
    return frozenset(result.id for result in judged if result.verdict is Verdict.FAIL)


def _killers(logs: Logs) -> frozenset[str]:
    return failures(logs) - failures(recorded())


def _case(logs: Logs) -> Case:
    document = builders.contract_of(trainings=[Training.model_validate(_SPLIT)], claims=[])
    run = StepRun(_STEP, 0, logs["kernel"][-1]["time"] + 60, "", None)
    with tempfile.TemporaryDirectory() as folder:
        for name, log in logs.items():
            lines = "".join(f"{json.dumps(event)}\n" for event in log)
            (Path(folder) / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        trainings = reading.trainings([Path(folder)], [run])
    evidence = Evidence(steps={_STEP: run}, trainings=trainings)
    return builders.case(document=document, evidence=evidence, profile_name="full")


def _trained(logs: Logs) -> dict[str, Any]:
    (event,) = (e for e in logs["kernel"] if e["event"] == "split-training")
    return event


def _of(logs: Logs, party: str, event: str, **fields: Any) -> list[dict[str, Any]]:
    return [
        e
        for e in logs[f"model-1000-{party}"]
        if e["event"] == event and all(e[key] == value for key, value in fields.items())
    ]


def _crossing(logs: Logs, chance: Random, way: str | None = None) -> dict[str, Any]:
    some = [c for c in _trained(logs)["crossings"] if way in (None, c["way"])]
    return chance.choice(some)


def _message_lost(logs: Logs, chance: Random, way: str) -> str:
    one = _crossing(logs, chance, way)
    one["count"] -= 1
    return f"one of {one['shapes']}"


def _another_message(logs: Logs, chance: Random) -> str:
    sender = chance.choice([*_OTHER])
    more = {"sender": sender, "receiver": _OTHER[sender], "way": "other", "count": 1}
    form = {"shapes": [[55, 2]], "types": ["float32"], "bytes": 440}
    _trained(logs)["crossings"].append(more | form)
    return f"by {sender}"


def _to_somebody_else(logs: Logs, chance: Random) -> str:
    one = _crossing(logs, chance, "forward")
    one["receiver"] = "carol"
    return f"{one['shapes']}"


def _other_form(logs: Logs, chance: Random, way: str) -> str:
    one = _crossing(logs, chance, way)
    one["shapes"] = [[*shape[:-1], shape[-1] + chance.randrange(1, 9)] for shape in one["shapes"]]
    return f"{one['shapes']}"


def _batches_too_large(logs: Logs, chance: Random) -> str:
    one = _crossing(logs, chance, "forward")
    one["shapes"] = [[17 + chance.randrange(9), 3]]
    return f"{one['shapes']}"


def _labels(logs: Logs, chance: Random, party: str, *, held: bool) -> str:
    passes = _of(logs, party, "pass-ended", stage=chance.choice(["train", "val"]))
    for one in passes if not held else [chance.choice(passes)]:
        one["labels"] = held
    if not held:
        for one in _of(logs, party, "pass-ended"):
            one["labels"] = False
    return f"at {party}"


def _other_batches(logs: Logs, chance: Random) -> str:
    party = chance.choice([*_OTHER])
    one = chance.choice(_of(logs, party, "pass-ended"))
    one["samples"] -= 1
    return f"a sample of {party} in {one['stage']}"


def _part_lost(logs: Logs, chance: Random) -> str:
    party, part = chance.choice([("alice", "base"), ("alice", "fuse"), ("bob", "base")])
    log = logs[f"model-1000-{party}"]
    log[:] = [e for e in log if e.get("part") != part]
    return f"{part} of {party}"


def _fuse_moved(logs: Logs, _: Random) -> str:
    log = logs["model-1000-alice"]
    fuse = [e for e in log if e.get("part") == "fuse"]
    log[:] = [e for e in log if e.get("part") != "fuse"]
    theirs = [e | {"party": "bob"} if e["event"] == "built" else e for e in fuse]
    logs["model-1000-bob"] = sorted(logs["model-1000-bob"] + theirs, key=lambda e: e["time"])
    return "to bob"


def _drift(logs: Logs, chance: Random, *, frozen: bool) -> str:
    party = chance.choice([*_OTHER])
    layer = 0 if frozen else 1
    final = _of(logs, party, "idle", part="base")[-1]
    final["drift"][layer] = 1e-7 if frozen else 0.0
    return f"layer {layer} of {party}"


def _thawed(logs: Logs, chance: Random) -> str:
    party = chance.choice([*_OTHER])
    (built,) = _of(logs, party, "built", part="base")
    built["layers"][0]["trainable"] = True
    return f"at {party}"


def _series(logs: Logs, chance: Random, name: str = "") -> tuple[str, list[float]]:
    history = _trained(logs)["history"]
    chosen = chance.choice([key for key in sorted(history) if name in key])
    return chosen, history[chosen]


def _off(logs: Logs, chance: Random, name: str) -> str:
    series, values = _series(logs, chance, name)
    values[chance.randrange(len(values))] *= 1 + chance.choice([1e-5, -1e-4, 1e-2])
    return series


def _exchanged(logs: Logs, chance: Random) -> str:
    history = _trained(logs)["history"]
    series = chance.choice([name for name in sorted(history) if len({*history[name]}) > 1])
    history[series].reverse()
    return f"the epochs of {series}"


def _other_part(logs: Logs, chance: Random) -> str:
    """What was measured while training is told as the validation's, or the other way round."""
    history = _trained(logs)["history"]
    name = chance.choice(["accuracy", "area", "loss"])
    train, held = f"train_{name}", f"val_{name}"
    history[train], history[held] = history[held], history[train]
    return name


def _evaluated(logs: Logs, chance: Random) -> str:
    (event,) = (e for e in logs["kernel"] if e["event"] == "evaluation")
    name: str = chance.choice(sorted(event["values"]))
    event["values"][name] *= 1.001
    return name


def _miscounted(logs: Logs, chance: Random) -> str:
    """An area of other counts than its party has."""
    one = chance.choice(_of(logs, "alice", "pass-ended"))
    (area,) = (m for m in one["metrics"] if m["name"] == "area")
    _trained(logs)["history"][f"{one['stage']}_area"][0] = 1 - area["values"][0]
    return f"in {one['stage']}"


def _truncated(logs: Logs, chance: Random) -> str:
    series, values = _series(logs, chance)
    del values[-1]
    return series


def _missing(logs: Logs, chance: Random) -> str:
    series, _ = _series(logs, chance)
    del _trained(logs)["history"][series]
    return series


def _rises(logs: Logs, _: Random) -> str:
    losses = _trained(logs)["history"]["train_loss"]
    losses[:] = [0.5, 0.75]
    return "train_loss"


def _infinite(logs: Logs, chance: Random) -> str:
    series, values = _series(logs, chance, "loss")
    values[-1] = chance.choice([float("inf"), float("nan")])
    return series


def _with(function: Callable[..., str], *args: Any, **more: Any) -> Corruption:
    return lambda logs, chance: function(logs, chance, *args, **more)


CORRUPTIONS: dict[str, tuple[Corruption, str]] = {
    "a hidden layer that is not sent": (_with(_message_lost, "forward"), "boundary"),
    "a gradient that does not come back": (_with(_message_lost, "backward"), "boundary"),
    "something else that crosses": (_another_message, "boundary"),
    "a hidden layer to somebody else": (_to_somebody_else, "boundary"),
    "a hidden layer of another width": (_with(_other_form, "forward"), "boundary"),
    "a gradient of another form": (_with(_other_form, "backward"), "boundary"),
    "batches too large": (_batches_too_large, "boundary"),
    "labels where none should be": (_with(_labels, "bob", held=True), "boundary"),
    "labels nowhere": (_with(_labels, "alice", held=False), "boundary"),
    "other batches at one party": (_other_batches, "boundary"),
    "a part of the network missing": (_part_lost, "boundary"),
    "the fuse network at the other party": (_fuse_moved, "boundary"),
    "a frozen layer of a party moved": (_with(_drift, frozen=True), "freezing"),
    "a free layer of a party stayed": (_with(_drift, frozen=False), "freezing"),
    "a layer of a party unfrozen": (_thawed, "freezing"),
    "a loss of no mean": (_with(_off, "loss"), "metrics"),
    "an accuracy of no mean": (_with(_off, "accuracy"), "metrics"),
    "an area of no counts": (_with(_off, "area"), "metrics"),
    "an area the other way round": (_miscounted, "metrics"),
    "epochs exchanged": (_exchanged, "metrics"),
    "training told as validation": (_other_part, "metrics"),
    "an evaluation told otherwise": (_evaluated, "metrics"),
    "an epoch of a series missing": (_truncated, "series"),
    "a series of a split training missing": (_missing, "series"),
    "the loss of a split training rises": (_rises, "loss"),
    "a loss of a split training is no number": (_infinite, "loss"),
}
