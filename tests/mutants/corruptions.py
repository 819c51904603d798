"""What can be wrong with the records of a run: each function plants one defect, and says where."""

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from tests.mutants.recorded import Logs

PARTIES = ("north", "east", "south")
_FROZEN_LAYER, _FREE_LAYER = 1, 3
_MANY = 2**16

Corruption = Callable[[Logs, Random], str]


def of(logs: Logs, name: str, event: str) -> list[dict[str, Any]]:
    """The events of one sort that a file has."""
    return [each for each in logs[name] if each["event"] == event]


def of_party(logs: Logs, party: str, event: str) -> list[dict[str, Any]]:
    """The events of one sort that a party's model has."""
    return [each for each in log_of(logs, party) if each["event"] == event]


def log_of(logs: Logs, party: str) -> list[dict[str, Any]]:
    """All events of a party's model."""
    return next(log for name, log in logs.items() if name.endswith(f"-{party}"))


def _party(logs: Logs, chance: Random, event: str) -> tuple[str, list[dict[str, Any]]]:
    """One party, and its events of one sort."""
    party = chance.choice(PARTIES)
    return party, of_party(logs, party, event)


def trained(logs: Logs, kind: str = "federated") -> dict[str, Any]:
    """The end of the training of that kind."""
    (event,) = of(logs, "kernel", f"{kind}-training")
    return event


def _round(logs: Logs, chance: Random) -> tuple[int, dict[str, Any]]:
    """A round after that of the start weights."""
    rounds = trained(logs)["rounds"]
    number = chance.randrange(1, len(rounds))
    return number, rounds[number]


def _history_truncated(logs: Logs, chance: Random) -> str:
    kind = chance.choice(["local", "federated"])
    for series in trained(logs, kind)["history"].values():
        del series[-1]
    return f"the last epoch of the {kind} training"


def _series_missing(logs: Logs, chance: Random) -> str:
    history = trained(logs)["history"]
    gone: str = chance.choice(sorted(history))
    del history[gone]
    return gone


def _series_added(logs: Logs, _: Random) -> str:
    history = trained(logs)["history"]
    history["auc"] = list(history["accuracy"])
    return "auc"


def _party_missing(logs: Logs, chance: Random) -> str:
    party, _ = _party(logs, chance, "built")
    del logs[next(name for name in logs if name.endswith(f"-{party}"))]
    return party


def _frozen_moved(logs: Logs, chance: Random) -> str:
    party, turns = _party(logs, chance, "sent")
    chance.choice(turns)["changes"][_FROZEN_LAYER] = 1e-7
    return f"by 1e-7 at {party}, in one turn"


def _free_stayed(logs: Logs, chance: Random) -> str:
    party, turns = _party(logs, chance, "sent")
    for turn in turns:
        turn["changes"][_FREE_LAYER] = 0.0
    return f"at {party}"


def _unfrozen(logs: Logs, chance: Random) -> str:
    party, (built,) = _party(logs, chance, "built")
    built["layers"][_FROZEN_LAYER]["trainable"] = True
    return f"at {party}"


def _frozen_drifted(logs: Logs, chance: Random) -> str:
    drift = chance.choice([1e-3, float("nan")])
    party, idle = _party(logs, chance, "idle")
    idle[-1]["drift"][_FROZEN_LAYER] = drift
    return f"by {drift} at {party}"


def _random_start(logs: Logs, chance: Random) -> str:
    digest = f"{chance.getrandbits(256):064x}"
    for party in PARTIES:
        of_party(logs, party, "built")[0]["digests"][_FREE_LAYER][0] = digest
    return "one array, alike at all parties"


def _other_start(logs: Logs, chance: Random) -> str:
    party, (built,) = _party(logs, chance, "built")
    built["digests"][_FREE_LAYER][0] = "0" * 64
    return f"one array at {party}"


def _round_missing(logs: Logs, chance: Random) -> str:
    number, _ = _round(logs, chance)
    del trained(logs)["rounds"][number]
    return f"round {number}"


def _step_lost(logs: Logs, chance: Random) -> str:
    party, turns = _party(logs, chance, "sent")
    del chance.choice(turns)["rows"][-1]
    return f"one step of {party}"


def _samples_lost(logs: Logs, chance: Random) -> str:
    party, turns = _party(logs, chance, "sent")
    del chance.choice(turns)["rows"][0][-1]
    return f"one sample of {party}"


def _weights_swapped(logs: Logs, chance: Random) -> str:
    number, one = _round(logs, chance)
    one["weights"] = [*one["weights"][1:], one["weights"][0]]
    return f"in round {number}"


def _mean_off(logs: Logs, chance: Random) -> str:
    ratio = chance.choice([1.01, 3.0, float("nan")])
    number, one = _round(logs, chance)
    one["ratio"], one["error"] = ratio, 1e-4
    return f"by {ratio} times its bound in round {number}"


def _trial_off(logs: Logs, _: Random) -> str:
    (trial,) = trained(logs)["challenge"]
    trial["ratio"] = 40.0
    return "40 times its bound"


def _not_taken_over(logs: Logs, chance: Random) -> str:
    party, taken = _party(logs, chance, "received")
    chance.choice(taken[1:])["held"] += 1
    return f"once at {party}"


def _not_kept(logs: Logs, chance: Random) -> str:
    party, taken = _party(logs, chance, "received")
    chance.choice(taken)["kept"] = False
    return f"once at {party}"


def _data_exchanged(logs: Logs, chance: Random) -> str:
    one, other = chance.sample(PARTIES, 2)
    reads = {party: of_party(logs, party, "reads") for party in (one, other)}
    for mine, theirs in zip(reads[one], reads[other], strict=True):
        mine["source"], theirs["source"] = theirs["source"], mine["source"]
    return f"{one} and {other}"


def _message(logs: Logs, chance: Random, **changed: Any) -> str:
    number, one = _round(logs, chance)
    message = chance.choice([m for m in one["messages"] if m.get("elements")])
    message.update(changed)
    return f"{message['sender']} to {message['receiver']} in round {number}"


def _revealed(logs: Logs, _: Random) -> str:
    done = trained(logs)
    event = {"event": "revealed", "page": True, "caller": "__main__", "bytes": 500}
    logs["kernel"].append(event | {"time": done["time"]})
    return "500 bytes"


def _loss_rises(logs: Logs, chance: Random) -> str:
    kind = chance.choice(["local", "federated"])
    trained(logs, kind)["history"]["loss"].reverse()
    return f"in the {kind} training"


def _loss_infinite(logs: Logs, chance: Random) -> str:
    series = chance.choice(["loss", "val_loss"])
    trained(logs)["history"][series][-1] = chance.choice([float("inf"), float("nan")])
    return series


def _accuracy_collapses(logs: Logs, _: Random) -> str:
    history = trained(logs)["history"]
    history["accuracy"] = [0.2 for _ in history["accuracy"]]
    return "0.2 from the first epoch on"


def _loss_stays_high(logs: Logs, chance: Random) -> str:
    history = trained(logs)["history"]
    level = chance.choice([2.0, 90.0])
    history["loss"] = [level + 0.001, *(level for _ in history["loss"][1:])]
    return f"at {level:g}"


def _loss_never_fell(logs: Logs, _: Random) -> str:
    history = trained(logs)["history"]
    history["loss"] = [0.6 for _ in history["loss"]]
    return "0.6 from the first epoch on"


def _bits_lost(logs: Logs, _: Random) -> str:
    for one in trained(logs)["rounds"]:
        one["fxp_bits"] = 8
    return "8 fractional bits in each round"


def _key_missing(logs: Logs, _: Random) -> str:
    (printed,) = of(logs, "printed", "printed")
    printed["text"] = printed["text"].replace(", 'accuracy'", "")
    return "accuracy"


def _other_end(logs: Logs, chance: Random) -> str:
    party, idle = _party(logs, chance, "idle")
    idle[-1]["digests"][_FREE_LAYER][0] = f"{chance.getrandbits(256):064x}"
    return f"other weights at {party}"


def _other_history(logs: Logs, chance: Random) -> str:
    history = trained(logs)["history"]
    series = chance.choice(sorted(history))
    history[series][-1] *= 1.001
    return f"a thousandth in {series}"


_FAR = [9999.0] * 8
CORRUPTIONS: dict[str, tuple[Corruption, str]] = {
    "history truncated": (_history_truncated, "series"),
    "a series missing": (_series_missing, "series"),
    "a series that nobody asked for": (_series_added, "series"),
    "a party missing": (_party_missing, "series"),
    "a frozen layer moved": (_frozen_moved, "freezing"),
    "a free layer stayed": (_free_stayed, "freezing"),
    "layers unfrozen": (_unfrozen, "freezing"),
    "a frozen layer drifted": (_frozen_drifted, "freezing"),
    "weights random": (_random_start, "start"),
    "other weights at one party": (_other_start, "start"),
    "a round missing": (_round_missing, "rounds"),
    "a step lost": (_step_lost, "rounds"),
    "a sample lost": (_samples_lost, "rounds"),
    "sample weights swapped": (_weights_swapped, "rounds"),
    "party data exchanged": (_data_exchanged, "rounds"),
    "aggregate off": (_mean_off, "aggregation"),
    "aggregate of the trial off": (_trial_off, "aggregation"),
    "aggregate not taken over": (_not_taken_over, "aggregation"),
    "other weights kept": (_not_kept, "aggregation"),
    "a message in the open": (partial(_message, plain=True), "privacy"),
    "a message that is no noise": (partial(_message, correlation=0.9), "privacy"),
    "an uneven mask": (partial(_message, elements=_MANY, uniform=_FAR), "privacy"),
    "a mask used twice": (partial(_message, elements=_MANY, fresh=_FAR), "privacy"),
    "revealed without need": (_revealed, "reveals"),
    "the loss rises": (_loss_rises, "loss"),
    "the loss is no number": (_loss_infinite, "loss"),
    "an accuracy collapses": (_accuracy_collapses, "claim"),
    "stand-ins teach nothing": (_accuracy_collapses, "calibrated"),
    "a loss stays high": (_loss_stays_high, "claim:loss"),
    "a loss never fell": (_loss_never_fell, "claim:loss"),
    "fractional bits lost": (_bits_lost, "claim"),
    "a key missing in an output": (_key_missing, "outputs"),
    "a second run ends otherwise": (_other_end, "repeat"),
    "a second run tells otherwise": (_other_history, "repeat"),
}
