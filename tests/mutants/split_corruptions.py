"""What can be wrong with the records of a split training: at its boundary, and in its course."""

import math
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from tests.mutants.corruptions import Corruption, of_party, trained
from tests.mutants.recorded import HARMLESS, Logs
from tests.mutants.splits import HELD_OUT, LABELS, OTHERS, POSITIVES, WIDTHS

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


def _part(change: Callable[[dict[str, Any]], Any], logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    (built,) = of_party(logs, party, "built")
    change(built)
    return party


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
    "a party without a base network": (partial(_part, lambda b: b.update(part="")), _BOUNDARY),
    "a fuse network at another party": (partial(_part, lambda b: b.update(part="fuse")), _BOUNDARY),
    "a party that sends nothing": (_silent, _BOUNDARY),
    "messages told in another order": (_told_apart, HARMLESS),
}


def _history(logs: Logs) -> dict[str, list[float]]:
    history: dict[str, list[float]] = trained(logs, "split")["history"]
    return history


def _loss_rises(logs: Logs, _: Random) -> str:
    _history(logs)["train_loss"].reverse()
    return "train_loss"


def _loss_stays(logs: Logs, chance: Random) -> str:
    series = _history(logs)["val_loss"]
    series[:] = [series[0] * (1 + 0.01 * chance.random()) for _ in series]
    return "val_loss as at its beginning"


def _loss_ends_high(logs: Logs, chance: Random) -> str:
    by, series = chance.choice([3, 5]), _history(logs)["val_loss"]
    series[-5:] = [by * value for value in series[-5:]]
    return f"{by} times as high in the last epochs"


def _loss_infinite(logs: Logs, chance: Random) -> str:
    name = chance.choice(["train_loss", "val_loss"])
    _history(logs)[name][chance.randrange(3, 12)] = chance.choice([math.inf, math.nan])
    return name


def _at(value: float, name: str, logs: Logs, chance: Random) -> str:
    series = _history(logs)[name]
    series[:] = [value + 0.02 * chance.random() for _ in series]
    return f"{name} {value:g}"


def _reversed(name: str, logs: Logs, _: Random) -> str:
    series = _history(logs)[name]
    series[:] = [1 - value for value in series]
    return f"{name}: 1 less it"


def _in_percent(name: str, logs: Logs, _: Random) -> str:
    series = _history(logs)[name]
    series[:] = [value / 100 for value in series]
    return f"{name}: a hundredth of it"


def _forgets(name: str, logs: Logs, _: Random) -> str:
    _history(logs)[name].reverse()
    return f"{name} falls"


def _gone(logs: Logs, chance: Random) -> str:
    name = chance.choice(["val_loss", "val_accuracy", "val_auc"])
    del _history(logs)[name]
    return name


def _replaced(logs: Logs, chance: Random) -> str:
    one, other = chance.choice([("val_auc", "val_loss"), ("val_accuracy", "val_loss")])
    history = _history(logs)
    history[one], history[other] = history[other], history[one]
    return f"{one} and {other}"


def _one_more_right(logs: Logs, _: Random) -> str:
    """Another machine gets one sample more right, and its loss and area are a little better."""
    history, epoch = _history(logs), -1
    for one in of_party(logs, LABELS, "pass-ended")[-1]["metrics"]:
        if one["name"] == "accuracy" and one["total"] < HELD_OUT:
            one["total"] += 1
            one["values"] = [one["total"] / one["count"]]
            history["val_accuracy"][epoch] = one["values"][0]
    return f"one of {HELD_OUT}, of which {POSITIVES} bear fruit"


OF_COURSES: dict[str, tuple[Corruption, str]] = {
    "a split loss rises": (_loss_rises, "loss"),
    "a split loss is no number": (_loss_infinite, "loss"),
    "a split loss stays": (_loss_stays, "claim:low"),
    "a split loss ends high": (_loss_ends_high, "claim:low"),
    "an area at chance": (partial(_at, 0.5, "val_auc"), "claim:ranks"),
    "an area reversed": (partial(_reversed, "val_auc"), "claim:ranks"),
    "an area in another unit": (partial(_in_percent, "val_auc"), "claim:ranks"),
    "an accuracy at chance": (partial(_at, 0.5, "val_accuracy"), "claim:right"),
    "an accuracy reversed": (partial(_reversed, "val_accuracy"), "claim:right"),
    "a metric of the validation missing": (_gone, "claim"),
    "an error in a share's place": (_replaced, "claim"),
    "a yardstick not reached": (partial(_at, 0.4, "train_accuracy"), "calibrated:learns"),
    "a yardstick lost again": (partial(_forgets, "train_accuracy"), "calibrated:learns"),
    "a loss above its yardstick": (partial(_at, 0.9, "train_loss"), "calibrated:falls"),
    "one sample more is right": (_one_more_right, HARMLESS),
}
