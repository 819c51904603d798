"""Wrong aggregations, planted in the kernel beneath the page and beneath whoever watches it.

This runs in the documented environment: a cell of a mutant imports it.
"""

import functools
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import ray
from secretflow.device import reveal
from secretflow.security.aggregation import SecureAggregator
from secretflow_fl.ml.nn import FLModel

# The parties' processes cannot import this file, and need not.
ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])

Average = Callable[..., Any]
_COARSE_BITS = 8
_LARGE, _SMALL = 1e3, 1e-4

_average = SecureAggregator.average
_handle_file = FLModel._handle_file


def unweighted(aggregator: Any, data: Sequence[Any], _: Any) -> Any:
    """Every party counts the same, however many samples it has."""
    return _average(aggregator, data, axis=0)


def first_only(aggregator: Any, data: Sequence[Any], _: Any) -> Any:
    """The first party's weights pass for the average."""
    return data[0].to(aggregator._device)


def weights_rotated(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Each party counts with the samples of the next one."""
    first, *others = _samples(data, weights)
    return _average(aggregator, data, axis=0, weights=[*others, first])


def last_left_out(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """The last party does not count."""
    return _average(aggregator, data, axis=0, weights=[*_samples(data, weights)[:-1], 0])


def layer_skipped(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """The last array is the first party's own."""
    right = _average(aggregator, data, axis=0, weights=weights)
    own = data[0].to(aggregator._device)
    return aggregator._device(lambda mean, first: [*mean[:-1], first[-1]])(right, own)


def sign_lost(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Negative numbers become positive."""
    right = _average(aggregator, data, axis=0, weights=weights)
    return aggregator._device(lambda mean: [np.abs(array) for array in mean])(right)


def coarse(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Eight fractional bits are left of the eighteen that the aggregator promises."""
    right = _average(aggregator, data, axis=0, weights=weights)

    def rounded(mean: Sequence[Any]) -> list[Any]:
        return [np.round(array * 2.0**_COARSE_BITS) / 2.0**_COARSE_BITS for array in mean]

    return aggregator._device(rounded)(right)


def late(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Each round yields what the round before should have."""
    right = _average(aggregator, data, axis=0, weights=weights)
    earlier = getattr(aggregator, "earlier", right)
    aggregator.earlier = right
    return earlier


def clipped(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Large numbers are cut off, which no network of usual weights has."""
    return _treated(aggregator, data, weights, lambda array: np.clip(array, -_LARGE, _LARGE))


def negatives_clipped(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Large negative numbers are cut off."""
    return _treated(aggregator, data, weights, lambda array: np.maximum(array, -_LARGE))


def flushed(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Small numbers become 0."""
    return _treated(
        aggregator, data, weights, lambda array: np.where(np.abs(array) < _SMALL, 0, array)
    )


def first_array_clipped(aggregator: Any, data: Sequence[Any], weights: Any) -> Any:
    """Large numbers of the first array are cut off."""
    right = _average(aggregator, data, axis=0, weights=weights)
    return aggregator._device(lambda mean: [np.clip(mean[0], -_LARGE, _LARGE), *mean[1:]])(right)


def _treated(
    aggregator: Any, data: Sequence[Any], weights: Any, treat: Callable[[Any], Any]
) -> Any:
    """The right average, each array of which is treated."""
    right = _average(aggregator, data, axis=0, weights=weights)
    return aggregator._device(lambda mean: [treat(array) for array in mean])(right)


def _samples(data: Sequence[Any], weights: Any) -> list[Any]:
    """How many samples each party trained on; at the start all count the same."""
    return list(reveal(list(weights))) if weights is not None else [1] * len(data)


def plant(wrong: str) -> None:
    """Have the library aggregate by one of the functions above, until `heal`."""
    function = globals()[wrong]

    @functools.wraps(_average)
    def average(self: Any, data: Any, axis: Any = None, weights: Any = None) -> Any:  # noqa: ARG001
        return function(self, data, weights)

    SecureAggregator.average = average


def exchange() -> None:
    """Have the first two parties read each other's data, until `heal`."""

    @functools.wraps(_handle_file)
    def handle_file(self: Any, places: Any, *args: Any, dataset_builder: Any, **more: Any) -> Any:
        one, other, *_ = places
        swapped = {one: other, other: one}
        places, dataset_builder = (
            {device: given[swapped.get(device, device)] for device in given}
            for given in (places, dataset_builder)
        )
        return _handle_file(self, places, *args, dataset_builder=dataset_builder, **more)

    FLModel._handle_file = handle_file


def heal() -> None:
    """Have the library work as it did."""
    SecureAggregator.average, FLModel._handle_file = _average, _handle_file
