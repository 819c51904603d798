"""What a round should yield: a weighted mean or a sum by NumPy in float64, and how exactly."""

from dataclasses import dataclass

import numpy as np

from verify.aggregators.trial import SPU_BITS, Aggregator, Array, Trial
from verify.probed import rounding


@dataclass(frozen=True, eq=False)
class Expected:
    """One layer of what should come out, and how far each element of it may be from that."""

    value: Array
    bound: Array


def expected(case: Trial) -> list[Expected] | None:
    """What should come out of a round, a layer each; None where nothing is defined.

    Not defined is what parties with other layers, or layers of other shapes, have in common, and
    a mean with more or fewer weights than parties.
    """
    if len({len(layers) for layers in case.by_party}) != 1 or not _is_weighted_well(case):
        return None
    by_layer = list(zip(*case.by_party, strict=True))
    if any(len({array.shape for array in arrays}) > 1 for arrays in by_layer):
        return None
    return [_expected(case, arrays) for arrays in by_layer]


def _expected(case: Trial, arrays: tuple[Array, ...]) -> Expected:
    weights = case.weights
    if case.axis:  # what is added is within each array, and counts the same
        arrays, weights = tuple(np.moveaxis(np.stack(arrays), case.axis, 0)), None
    of = rounding.terms(
        arrays,
        None if weights is None else np.asarray(weights),
        is_sum=case.operation == "sum",
    )
    bits = SPU_BITS if case.aggregator is Aggregator.SPU else case.fxp_bits
    return Expected(of.result, rounding.bound(of, case.aggregator.key, bits))


def _is_weighted_well(case: Trial) -> bool:
    if case.operation == "sum" or case.weights is None:
        return True
    return np.shape(np.asarray(case.weights)) == (len(case.by_party),)
