"""What can be wrong with the course of a split training, as its records have it."""

import math
from functools import partial
from random import Random

from tests.mutants.corruptions import Corruption, of, of_party, trained
from tests.mutants.recorded import HARMLESS, Logs
from tests.mutants.splits import HELD_OUT, LABELS, OTHERS, POSITIVES

_KEPT, _FREE = 0, 1  # layers of a base network


def _history(logs: Logs) -> dict[str, list[float]]:
    history: dict[str, list[float]] = trained(logs, "split")["history"]
    return history


def _loss_rises(logs: Logs, _: Random) -> str:
    _history(logs)["train_loss"].reverse()
    return "train_loss"


def _loss_stays(logs: Logs, _: Random) -> str:
    series = _history(logs)["val_loss"]
    series[:] = [series[0] * (1 + 0.001 * epoch) for epoch in range(len(series))]
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
    history = _history(logs)
    passes = [one for one in of_party(logs, LABELS, "pass-ended") if one["stage"] == "val"]
    epoch = len(history["val_accuracy"]) - 1
    for one in passes[epoch]["metrics"]:
        if one["name"] == "accuracy" and one["total"] < HELD_OUT:
            one["total"] += 1
            one["values"] = [one["total"] / one["count"]]
            history["val_accuracy"][epoch] = one["values"][0]
    return f"one of {HELD_OUT}, of which {POSITIVES} bear fruit"


def _series(logs: Logs, chance: Random, name: str) -> tuple[str, list[float]]:
    history = _history(logs)
    chosen = chance.choice([key for key in sorted(history) if name in key])
    return chosen, history[chosen]


def _off(name: str, logs: Logs, chance: Random) -> str:
    series, values = _series(logs, chance, name)
    values[chance.randrange(len(values))] *= 1 + chance.choice([1e-4, -1e-4, 1e-2])
    return series


def _exchanged(logs: Logs, chance: Random) -> str:
    series, values = _series(logs, chance, "")
    values.reverse()
    return f"the epochs of {series}"


def _other_stage(logs: Logs, chance: Random) -> str:
    """What was measured while training is told as the validation's, or the other way round."""
    history, name = _history(logs), chance.choice(["accuracy", "auc", "loss"])
    train, held = f"train_{name}", f"val_{name}"
    history[train], history[held] = history[held], history[train]
    return name


def _evaluated(logs: Logs, chance: Random) -> str:
    (event,) = of(logs, "kernel", "evaluation")
    name: str = chance.choice(sorted(event["values"]))
    event["values"][name] *= 1.001
    return name


def _epoch_lost(logs: Logs, chance: Random) -> str:
    series, values = _series(logs, chance, "")
    del values[-1]
    return series


def _drifts(layer: int, by: float, logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    last = [one for one in of_party(logs, party, "idle") if one["part"] == "base"][-1]
    last["drift"][layer] = by
    return f"layer {layer} of {party}"


def _thawed(logs: Logs, chance: Random) -> str:
    party = chance.choice(OTHERS)
    (built,) = of_party(logs, party, "built")
    built["layers"][_KEPT]["trainable"] = True
    return f"at {party}"


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
    "a split loss of no mean": (partial(_off, "loss"), "metrics"),
    "a split accuracy of no mean": (partial(_off, "accuracy"), "metrics"),
    "an area of no counts": (partial(_off, "auc"), "metrics"),
    "epochs exchanged": (_exchanged, "metrics"),
    "training told as validation": (_other_stage, "metrics"),
    "an evaluation told otherwise": (_evaluated, "metrics"),
    "an epoch of a series missing": (_epoch_lost, "series"),
    "a series of a split training missing": (_gone, "series"),
    "a frozen layer of a party moved": (partial(_drifts, _KEPT, 1e-7), "freezing"),
    "a free layer of a party stayed": (partial(_drifts, _FREE, 0.0), "freezing"),
    "a layer of a party unfrozen": (_thawed, "freezing"),
    "one sample more is right": (_one_more_right, HARMLESS),
}
