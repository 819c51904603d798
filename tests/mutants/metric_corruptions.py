"""Metrics that several parties report together, made of the parties' own in a wrong way."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from tests.mutants.corruptions import PARTIES, Corruption, of_party, trained
from tests.mutants.recorded import HARMLESS, Logs

# What a party's metric came to, and on how many samples.
Own = tuple[float, float]
Mean = Callable[[Sequence[Own]], float]


def _mean(own: Sequence[Own]) -> float:
    return math.fsum(v * n for v, n in own) / math.fsum(n for _, n in own)


def _unweighted(own: Sequence[Own]) -> float:
    return math.fsum(value for value, _ in own) / len(own)


def _summed(own: Sequence[Own]) -> float:
    return math.fsum(value for value, _ in own)


def _without_last(own: Sequence[Own]) -> float:
    return _mean(own[:-1])


def _last(own: Sequence[Own]) -> float:
    return own[-1][0]


def _best(own: Sequence[Own]) -> float:
    return max(value for value, _ in own)


def _rotated(own: Sequence[Own]) -> float:
    samples = [n for _, n in own]
    return _mean([(v, n) for (v, _), n in zip(own, [*samples[1:], samples[0]], strict=True)])


def _squared(own: Sequence[Own]) -> float:
    return _mean([(value, n * n) for value, n in own])


def _rounded(own: Sequence[Own]) -> float:
    return _mean(own) * (1 + 2.0**-24)


def _hundredths(own: Sequence[Own]) -> float:
    return round(_mean(own), 2) + 0.01


def _made(how: Mean, logs: Logs, chance: Random) -> str:
    """Let a series of the training be made in that way in each epoch."""
    history = trained(logs)["history"]
    series: str = chance.choice(sorted(history))
    stage, name = ("val", series[4:]) if series.startswith("val_") else ("train", series)
    each = [_passes(logs, party, stage, name) for party in PARTIES]
    history[series] = [how(own) for own in zip(*each, strict=True)]
    return series


def _passes(logs: Logs, party: str, stage: str, name: str) -> list[Own]:
    """A party's own metric, by epoch."""
    return [
        (metric["values"][0], metric["count"])
        for one in of_party(logs, party, "pass-ended")
        if one["stage"] == stage
        for metric in one["metrics"]
        if metric["name"] == name
    ]


def _epochs_swapped(logs: Logs, chance: Random) -> str:
    history = trained(logs)["history"]
    series: str = chance.choice(sorted(history))
    history[series].reverse()
    return series


def _series_swapped(logs: Logs, chance: Random) -> str:
    history = trained(logs)["history"]
    prefix = chance.choice(["", "val_"])
    one, other = f"{prefix}loss", f"{prefix}accuracy"
    history[one], history[other] = history[other], history[one]
    return f"{one} and {other}"


_MEANS = {
    "a metric averaged without samples": _unweighted,
    "a metric summed": _summed,
    "a party left out of a metric": _without_last,
    "the last party's metric for all": _last,
    "the best party's metric for all": _best,
    "a metric weighted by the next party's samples": _rotated,
    "a metric weighted twice": _squared,
    "a metric a little off": _hundredths,
}
OF_METRICS: dict[str, tuple[Corruption, str]] = {
    **{kind: (partial(_made, how), "metrics") for kind, how in _MEANS.items()},
    "a metric's epochs swapped": (_epochs_swapped, "metrics"),
    "two metrics swapped": (_series_swapped, "metrics"),
    "a metric rounded once more": (partial(_made, _rounded), HARMLESS),
}
