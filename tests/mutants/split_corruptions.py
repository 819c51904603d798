"""What can be wrong at the boundary of a split training, as its records have it."""

import math
from functools import partial
from random import Random
from typing import Any

from tests.mutants.corruptions import Corruption, log_of, of_party, trained
from tests.mutants.recorded import HARMLESS, Logs
from tests.mutants.splits import LABELS, OTHERS, WIDTHS

Crossing = dict[str, Any]


def _crossings(logs: Logs, party: str, way: str = "") -> list[Crossing]:
    """What crosses between a party without labels and the one with them."""
    ends = ("sender", "receiver")
    some: list[Crossing] = trained(logs, "split")["crossings"]
    return [c for c in some if party in (c[e] for e in ends) and way in ("", c["way"])]


def _added(logs: Logs, like: Crossing, **changed: Any) -> None:
    trained(logs, "split")["crossings"].append(like | changed)


def _shaped(crossing: Crossing, *shape: int) -> None:
    crossing["shapes"] = [list(shape)]
    crossing["bytes"] = 4 * math.prod(shape)


def _wider(logs: Logs, chance: Random) -> str:
    party, by = chance.choice(OTHERS), chance.choice([1, 6])
    for crossing in _crossings(logs, party):
        ((rows, width),) = crossing["shapes"]
        _shaped(crossing, rows, width + by)
    return f"{by} more at {party}"


def _gradient_wider(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    crossing = chance.choice(_crossings(logs, party, "backward"))
    ((rows, width),) = crossing["shapes"]
    _shaped(crossing, rows, width + 1)
    return f"of {rows} samples, at {party}"


def _elsewhere(way: str, end: str, logs: Logs, chance: Random) -> str:
    party, other = chance.sample(OTHERS, 2)
    crossing = chance.choice(_crossings(logs, party, way))
    crossing[end] = other
    return f"{party}'s, {other}"


def _beside(logs: Logs, chance: Random) -> str:
    """A party sends its hidden layers to another one as well."""
    party, other = chance.sample(OTHERS, 2)
    _added(logs, chance.choice(_crossings(logs, party, "forward")), receiver=other)
    return f"{party} to {other}"


def _features_instead(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    for crossing in _crossings(logs, party):
        _shaped(crossing, crossing["shapes"][0][0], WIDTHS[party])
    return f"of {party}"


def _features_once(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    one = chance.choice(_crossings(logs, party, "forward"))
    shape = [one["shapes"][0][0], WIDTHS[party]]
    _added(logs, one, way="other", shapes=[shape], bytes=4 * math.prod(shape), count=1)
    return f"of {party}"


def _typed(way: str, logs: Logs, chance: Random) -> str:
    party, name = chance.choice(OTHERS), chance.choice(["float64", "float16", "int8"])
    for crossing in _crossings(logs, party, way):
        crossing["types"] = [name]
    return f"{name} at {party}"


def _typed_once(logs: Logs, chance: Random) -> str:
    party, name = chance.choice(OTHERS), chance.choice(["float64", "float16"])
    one = chance.choice(_crossings(logs, party, "forward"))
    one["types"] = [name]
    return f"{name} at {party}, of {one['shapes'][0][0]} samples"


def _labels_too(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    chance.choice(of_party(logs, party, "pass-ended"))["labels"] = True
    return f"{party}, once"


def _labels_nowhere(logs: Logs, _: Random) -> str:
    for one in of_party(logs, LABELS, "pass-ended"):
        one["labels"] = False
    return LABELS


def _counted(way: str, by: int, logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    one = chance.choice(_crossings(logs, party, way))
    one["count"] += by
    return f"{way} at {party}, of {one['shapes'][0][0]} samples"


def _rows_lost(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    rows = chance.choice([c["shapes"][0][0] for c in _crossings(logs, party, "backward")])
    for crossing in _crossings(logs, party):
        if crossing["shapes"][0][0] == rows:
            _shaped(crossing, rows - 1, crossing["shapes"][0][1])
    return f"{rows} → {rows - 1} samples at {party}"


def _larger_batches(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    for crossing in _crossings(logs, party):
        ((rows, width),) = crossing["shapes"]
        _shaped(crossing, 2 * rows, width)
    return party


def _other_batches(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    one = chance.choice(of_party(logs, party, "pass-ended"))
    one["samples"] -= 1
    return f"a sample less at {party}, once"


def _part_lost(logs: Logs, chance: Random) -> str:
    party, part = chance.choice([("north", "base"), ("east", "base"), (LABELS, "fuse")])
    log = log_of(logs, party)
    log[:] = [event for event in log if event.get("part") != part]
    return f"{part} of {party}"


def _fuse_moved(logs: Logs, chance: Random) -> str:
    party, own = chance.choice(OTHERS), log_of(logs, LABELS)
    moved = [event for event in own if event.get("part") == "fuse"]
    own[:] = [event for event in own if event.get("part") != "fuse"]
    theirs = [e | {"party": party} if e["event"] == "built" else e for e in moved]
    log = log_of(logs, party)
    log[:] = sorted(log + theirs, key=lambda event: event["time"])
    return f"to {party}"


def _silent(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    gone = _crossings(logs, party)
    crossings = trained(logs, "split")["crossings"]
    crossings[:] = [one for one in crossings if one not in gone]
    return party


def _told_apart(logs: Logs, chance: Random) -> str:
    """The same messages, told in another order and in two lots."""
    crossings = trained(logs, "split")["crossings"]
    chance.shuffle(crossings)
    one = next(c for c in crossings if c["count"] > 1)
    one["count"] -= 1
    crossings.append(one | {"count": 1})
    return "in another order"


_BOUNDARY = "boundary"
OF_BOUNDARIES: dict[str, tuple[Corruption, str]] = {
    "a hidden layer wider": (_wider, _BOUNDARY),
    "a gradient wider than its hidden layer": (_gradient_wider, _BOUNDARY),
    "a gradient to the wrong party": (partial(_elsewhere, "backward", "receiver"), _BOUNDARY),
    "a hidden layer to the wrong party": (partial(_elsewhere, "forward", "receiver"), _BOUNDARY),
    "a hidden layer from the wrong party": (partial(_elsewhere, "forward", "sender"), _BOUNDARY),
    "a hidden layer to one party more": (_beside, _BOUNDARY),
    "features in place of hidden layers": (_features_instead, _BOUNDARY),
    "features beside hidden layers": (_features_once, _BOUNDARY),
    "hidden layers of another type": (partial(_typed, "forward"), _BOUNDARY),
    "gradients of another type": (partial(_typed, "backward"), _BOUNDARY),
    "a hidden layer of another type": (_typed_once, _BOUNDARY),
    "labels at another party, too": (_labels_too, _BOUNDARY),
    "labels nowhere": (_labels_nowhere, _BOUNDARY),
    "a hidden layer lost": (partial(_counted, "forward", -1), _BOUNDARY),
    "a hidden layer twice": (partial(_counted, "forward", 1), _BOUNDARY),
    "a gradient lost": (partial(_counted, "backward", -1), _BOUNDARY),
    "a sample lost on the way": (_rows_lost, _BOUNDARY),
    "batches larger than documented": (_larger_batches, _BOUNDARY),
    "a party that goes through other data": (_other_batches, _BOUNDARY),
    "a part of the network missing": (_part_lost, _BOUNDARY),
    "a fuse network at another party": (_fuse_moved, _BOUNDARY),
    "a party that sends nothing": (_silent, _BOUNDARY),
    "messages told in another order": (_told_apart, HARMLESS),
}
