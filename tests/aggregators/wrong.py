"""Aggregators that are wrong in ways that a careless test does not see, to try ours with."""

from collections.abc import Callable, Sequence

import numpy as np

from verify.aggregators.trial import Answer, Array, Layers, Run, Trial, TrialResult

Weights = Sequence[float]
Average = Callable[[Sequence[Layers], Weights], Layers]


def right(by_party: Sequence[Layers], weights: Weights) -> Layers:
    """What all of them should be."""
    return tuple(_mean(arrays, weights) for arrays in zip(*by_party, strict=True))


def unweighted(by_party: Sequence[Layers], weights: Weights) -> Layers:
    """Every party counts the same, however many samples it has."""
    return right(by_party, np.ones(len(weights)).tolist())


def first_only(by_party: Sequence[Layers], _: Weights) -> Layers:
    """The first party's arrays, and nobody else's."""
    return by_party[0]


def swapped(by_party: Sequence[Layers], weights: Weights) -> Layers:
    """Each party has another's weight."""
    return right(by_party, list(reversed(weights)))


def layer_skipped(by_party: Sequence[Layers], weights: Weights) -> Layers:
    """The last layer stays as the first party has it."""
    return (*right(by_party, weights)[:-1], by_party[0][-1])


def sign_lost(by_party: Sequence[Layers], weights: Weights) -> Layers:
    """Negative values come out positive."""
    return tuple(np.abs(layer) for layer in right(by_party, weights))


WRONG: dict[str, Average] = {
    each.__name__: each for each in (unweighted, first_only, swapped, layer_skipped, sign_lost)
}


def stand_in(average: Average) -> Run:
    """Run rounds of averaging with a plain function in place of SecretFlow."""

    def run(case: Trial) -> Answer:
        weights = np.ones(len(case.by_party)) if case.weights is None else np.array(case.weights)
        return TrialResult(average(case.by_party, weights.tolist()), case.bare)

    return run


def _mean(arrays: Sequence[Array], weights: Weights) -> Array:
    return np.asarray(np.average(np.stack(arrays).astype(np.float64), axis=0, weights=weights))
