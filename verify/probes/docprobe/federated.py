"""Watches federated trainings from the driver: models, rounds of aggregation, histories."""

import copy
import functools
import inspect
import itertools
from collections.abc import Callable, Mapping
from typing import Any, Literal

from probeshared import events
from probeshared.arrays import np

from docprobe import dispatching, raised, strategy
from docprobe.importing import after, running_ray
from docprobe.messages import Messages
from docprobe.recording import Recorder
from docprobe.round_watch import RoundWatch, challenge

# Where releases keep the class: 1.11 to 1.13, earlier ones.
_MODEL_MODULES = ("secretflow_fl.ml.nn.fl.fl_model", "secretflow.ml.nn.fl.fl_model")

_numbers = itertools.count()


def watch(recorder: Recorder, messages: Messages, every: int) -> None:
    """Record every federated training and the aggregations inside it.

    Args:
        recorder: the kernel's.
        messages: what devices send each other.
        every: of many rounds every so many are looked into.
    """
    for name in _MODEL_MODULES:
        after(name, lambda module: _wrap_model(module, recorder, messages, every))


def _wrap_model(module: Any, recorder: Recorder, messages: Messages, every: int) -> None:
    dispatch, fit = module.dispatch_strategy, module.FLModel.fit
    init_workers, signature = module.FLModel.init_workers, inspect.signature(fit)
    evaluate = getattr(module.FLModel, "evaluate", None)

    @functools.wraps(init_workers)
    def numbered_init_workers(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._docprobe_number = next(_numbers)
        module.dispatch_strategy = functools.partial(watched_dispatch, self._docprobe_number)
        try:
            return init_workers(self, *args, **kwargs)
        finally:
            module.dispatch_strategy = dispatch

    def watched_dispatch(
        number: int, name: str, backend: str, *args: Any, device: Any = None, **kwargs: Any
    ) -> Any:
        def watched(original: Any) -> Any:
            return strategy.watched(original, recorder.folder, number, device.party)

        with dispatching.of_another(dispatch, f"{name}_{backend}", watched):
            return dispatch(name, backend, *args, device=device, **kwargs)

    @functools.wraps(fit)
    def recorded_fit(self: Any, *args: Any, **kwargs: Any) -> Any:
        begun = events.TrainingStarted(kind="federated", model=self._docprobe_number)
        recorder.write(begun)
        given = signature.bind(self, *args, **kwargs)
        rounds = RoundWatch(messages, every)
        self._docprobe_fits = True
        try:
            with rounds.watched(self._aggregator):
                result = fit(self, *args, **kwargs)
        except Exception as error:
            recorder.write(_failed(vars(self), "training", error))
            raise
        finally:
            self._docprobe_fits = False
        with recorder.guarded():
            recorder.write(_ended(self, result, rounds, given.arguments.get("x")))
        return result

    if evaluate is not None:
        module.FLModel.evaluate = _recorded_evaluation(evaluate, recorder)
    module.FLModel.__init__ = _recorded_creation(module.FLModel.__init__, recorder)
    module.FLModel.init_workers = numbered_init_workers
    module.FLModel.fit = recorded_fit


def _recorded_evaluation(evaluate: Callable[..., Any], recorder: Recorder) -> Callable[..., Any]:
    @functools.wraps(evaluate)
    def recorded_evaluate(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = evaluate(self, *args, **kwargs)
        if not getattr(self, "_docprobe_fits", False):  # a training evaluates, too
            with recorder.guarded():
                recorder.write(_evaluated(self, result))
        return result

    return recorded_evaluate


def _recorded_creation(create: Callable[..., None], recorder: Recorder) -> Callable[..., None]:
    signature = inspect.signature(create)

    @functools.wraps(create)
    def recorded_create(self: Any, *args: Any, **kwargs: Any) -> None:
        try:
            create(self, *args, **kwargs)
        except Exception as error:
            given = signature.bind_partial(self, *args, **kwargs)
            given.apply_defaults()
            recorder.write(_failed(given.arguments, "creation", error))
            raise

    return recorded_create


def _tried(known: Mapping[str, Any]) -> events.Tried:
    """What a training is made of, from a model's arguments, or from what it made of them."""
    aggregator = known.get("_aggregator", known.get("aggregator"))
    return events.Tried(
        backend=str(known.get("backend", "")),
        strategy=str(known.get("strategy", "")),
        aggregator=type(aggregator).__name__,
        apart=running_ray() is not None,
    )


def _failed(
    known: Mapping[str, Any], stage: Literal["creation", "training"], error: Exception
) -> events.Failed:
    return events.Failed(stage=stage, **vars(_tried(known)), **vars(raised.told(error)))


def _ended(model: Any, result: Any, rounds: RoundWatch, places: Any) -> events.FederatedTraining:
    """What is known of a federated training once it has come to its end."""
    from secretflow.device import wait  # there only once the page imported it

    aggregator, devices = model._aggregator, list(model._workers)  # noqa: SLF001
    history = result["global_history"] if isinstance(result, dict) else result.global_history
    # One read per party after the training: the party records the digests of what it holds.
    workers = list(model._workers.values())  # noqa: SLF001
    wait([worker.docprobe_passed() for worker in workers])
    wait([worker.get_weights() for worker in workers])
    return events.FederatedTraining(
        model=model._docprobe_number,  # noqa: SLF001
        parties=[device.party for device in devices],
        **vars(_tried(vars(model))),
        sources=_sources(places),
        # A metric of PyTorch may have one number a class.
        history={str(name): [float(np.mean(v)) for v in vs] for name, vs in history.items()},
        rounds=rounds.records(),
        challenge=challenge(aggregator, devices, rounds.messages),
    )


def _evaluated(model: Any, result: Any) -> events.ModelEvaluated:
    """What a model came to that is evaluated by itself: first comes what all parties' make."""
    from secretflow.device import wait  # as above

    wait([worker.docprobe_passed() for worker in model._workers.values()])  # noqa: SLF001
    metrics = result[0]
    each = metrics.values() if isinstance(metrics, dict) else metrics
    values = {}
    for metric in each:
        # Of a copy: a metric keeps what it computes with, and shows it where the page prints it.
        value = copy.copy(metric).result()
        values[str(metric.name)] = float(np.mean(value))
    return events.ModelEvaluated(model=model._docprobe_number, values=values)  # noqa: SLF001


def _sources(places: Any) -> dict[str, str | None]:
    """Where each party is told to read, if the page gives each a place."""
    if not isinstance(places, dict):
        return {}
    return {str(device): strategy.place(source) for device, source in places.items()}
