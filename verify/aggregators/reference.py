"""What a round should yield: a weighted mean or a sum by NumPy in float64, and how exactly."""

from dataclasses import dataclass

import numpy as np

from verify.aggregators import rounding
from verify.aggregators.rounding import Terms
from verify.aggregators.trial import Array, Case


@dataclass(frozen=True, eq=False)
class Expected:
    """One layer of what should come out, and how far each element of it may be from that."""

    value: Array
    bound: Array


def expected(case: Case) -> list[Expected] | None:
    """What should come out of a round, a layer each; None where nothing is defined.

    Not defined is what parties with other layers, or layers of other shapes, have in common, and
    a mean with more or fewer weights than parties.
    """
    layers = {len(layers) for layers in case.by_party}
    weights = _weights(case)
    if len(layers) != 1 or weights is None:
        return None
    by_layer = list(zip(*case.by_party, strict=True))
    if any(len({array.shape for array in arrays}) > 1 for arrays in by_layer):
        return None
    with np.errstate(all="ignore"):  # what is infinite or no number must come out so
        return [_expected(case, arrays, weights) for arrays in by_layer]


def _expected(case: Case, arrays: tuple[Array, ...], weights: Array) -> Expected:
    stacked = np.moveaxis(np.stack([array.astype(np.float64) for array in arrays]), case.axis, 0)
    weighted = case.operation == "average" and case.weights is not None
    ours = weights if case.axis == 0 else np.ones(len(stacked))
    products = stacked * ours.reshape((-1,) + (1,) * (stacked.ndim - 1))
    total = products.sum(axis=0)
    result = total if case.operation == "sum" else total / ours.sum()
    terms = Terms(
        given=arrays[0].dtype,
        together=np.result_type(*(array.dtype for array in arrays)),
        values=stacked,
        weights=ours,
        weighted=weighted,
        size=np.abs(products).sum(axis=0),
        total=total,
        result=result,
    )
    return Expected(result, rounding.bound(case, terms))


def _weights(case: Case) -> Array | None:
    if case.operation == "sum" or case.weights is None:
        return np.ones(len(case.by_party))
    weights = np.asarray(case.weights, np.float64)
    return weights if weights.shape == (len(case.by_party),) else None
