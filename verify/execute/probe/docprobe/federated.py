"""Watches federated trainings from the driver: models, rounds of aggregation, histories."""

import functools
import itertools
from typing import Any

from docprobe.importing import after
from docprobe.party import Watched
from docprobe.recording import Recorder

# Where releases keep the class: 1.11 to 1.13, earlier ones.
_MODEL_MODULES = ("secretflow_fl.ml.nn.fl.fl_model", "secretflow.ml.nn.fl.fl_model")
_AGGREGATOR_MODULE = "secretflow.security.aggregation.secure_aggregator"

# Of one aggregation: the number of parties, handles of their weights, the fractional bits.
_Average = tuple[int, Any, int]

_numbers = itertools.count()


def watch(recorder: Recorder) -> None:
    """Record every federated training and the aggregations inside it."""
    rounds: list[_Average] = []
    after(_AGGREGATOR_MODULE, lambda module: _wrap_average(module.SecureAggregator, rounds))
    for name in _MODEL_MODULES:
        after(name, lambda module: _wrap_model(module, recorder, rounds))


def _wrap_average(aggregator_class: Any, rounds: list[_Average]) -> None:
    original = aggregator_class.average

    @functools.wraps(original)
    def average(self: Any, data: Any, axis: Any = None, weights: Any = None) -> Any:
        # Sample numbers are still being computed: keep the handles, reveal them after the training.
        rounds.append((len(data), weights, self._fxp_bits))
        return original(self, data, axis=axis, weights=weights)

    aggregator_class.average = average


def _wrap_model(module: Any, recorder: Recorder, rounds: list[_Average]) -> None:
    dispatch, fit = module.dispatch_strategy, module.FLModel.fit
    init_workers = module.FLModel.init_workers

    @functools.wraps(init_workers)
    def numbered_init_workers(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._docprobe_number = next(_numbers)
        module.dispatch_strategy = functools.partial(watched_dispatch, self._docprobe_number)
        try:
            return init_workers(self, *args, **kwargs)
        finally:
            module.dispatch_strategy = dispatch

    def watched_dispatch(
        number: int, *args: Any, builder_base: Any = None, device: Any = None, **kwargs: Any
    ) -> Any:
        # Only a builder function can be watched; a torch back end hands over a description.
        if callable(builder_base) and "torch" not in args:
            builder_base = Watched(builder_base, recorder.folder, number, device.party)
        return dispatch(*args, builder_base=builder_base, device=device, **kwargs)

    @functools.wraps(fit)
    def recorded_fit(self: Any, *args: Any, **kwargs: Any) -> Any:
        from secretflow.device import reveal, wait  # there only once the page imported it

        del rounds[:]
        recorder.write("training-started", kind="federated", model=self._docprobe_number)
        result = fit(self, *args, **kwargs)
        history = result["global_history"] if isinstance(result, dict) else result.global_history
        # One read per party after the training: the party records the digests of what it holds.
        wait([worker.get_weights() for worker in self._workers.values()])
        recorder.write(
            "training",
            kind="federated",
            model=self._docprobe_number,
            parties=[device.party for device in self._workers],
            history={name: [float(v) for v in series] for name, series in history.items()},
            rounds=[
                {"parties": parties, "weights": reveal(weights), "fxp_bits": bits}
                for parties, weights, bits in rounds
            ],
        )
        del rounds[:]
        return result

    module.FLModel.init_workers = numbered_init_workers
    module.FLModel.fit = recorded_fit
