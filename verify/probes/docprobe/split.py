"""Watches split trainings from the driver: parts of the network, what crosses between parties."""

import functools
import inspect
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from probeshared import events
from probeshared.arrays import np

from docprobe import dispatching, split_party
from docprobe.crossings import Crossings, Way
from docprobe.importing import after, running_ray
from docprobe.messages import Messages
from docprobe.recording import Recorder

# Where releases keep the class: 1.11 to 1.13, earlier ones.
_MODEL_MODULES = ("secretflow_fl.ml.nn.sl.sl_model", "secretflow.ml.nn.sl.sl_model")

# Not to be taken for models of federated trainings, which begin at 0.
_numbers = itertools.count(1_000)


def watch(recorder: Recorder, messages: Messages) -> None:
    """Record every split training."""
    for name in _MODEL_MODULES:
        after(name, lambda module: _wrap_model(module, recorder, messages))


def _wrap_model(module: Any, recorder: Recorder, messages: Messages) -> None:
    model_class, dispatch = module.SLModel, module.dispatch_strategy
    create, fit = model_class.__init__, model_class.fit
    evaluate, predict = model_class.evaluate, model_class.predict
    signature = inspect.signature(create)

    @functools.wraps(create)
    def watched_create(self: Any, *args: Any, **kwargs: Any) -> None:
        self._docprobe_number = next(_numbers)
        module.dispatch_strategy = functools.partial(watched_dispatch, self._docprobe_number)
        try:
            create(self, *args, **kwargs)
        finally:
            module.dispatch_strategy = dispatch
        # A model keeps its back end, but not its strategy.
        given = signature.bind(self, *args, **kwargs)
        given.apply_defaults()
        self._docprobe_strategy = str(given.arguments.get("strategy"))

    def watched_dispatch(
        number: int, name: str, *args: Any, backend: str, device: Any = None, **kwargs: Any
    ) -> Any:
        def watched(original: Any) -> Any:
            party = split_party.watched(original[0], recorder.folder, number, device.party)
            return (party, *original[1:])

        with dispatching.of_another(dispatch, f"{name}_{backend}", watched):
            return dispatch(name, *args, backend=backend, device=device, **kwargs)

    @functools.wraps(fit)
    def recorded_fit(self: Any, *args: Any, **kwargs: Any) -> Any:
        recorder.write(events.TrainingStarted(kind="split", model=self._docprobe_number))
        _told(self, "docprobe_begins")
        crossings = Crossings()
        with _heard(messages, crossings, self.agglayer):
            result = fit(self, *args, **kwargs)
        with recorder.guarded():
            recorder.write(_ended(self, result, crossings))
        return result

    @functools.wraps(evaluate)
    def recorded_evaluate(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = evaluate(self, *args, **kwargs)
        _told(self, "docprobe_passed")
        number = self._docprobe_number
        with recorder.guarded():
            values = dict(_numbers_in(result))
            recorder.write(events.ModelEvaluated(model=number, values=values))
        return result

    @functools.wraps(predict)
    def recorded_predict(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = predict(self, *args, **kwargs)
        _told(self, "docprobe_passed")
        number = self._docprobe_number
        with recorder.guarded():
            recorder.write(_predicted(number, result))
        return result

    model_class.__init__, model_class.fit = watched_create, recorded_fit
    model_class.evaluate, model_class.predict = recorded_evaluate, recorded_predict


@contextmanager
def _heard(messages: Messages, crossings: Crossings, layer: Any) -> Iterator[None]:
    """Hear what goes from party to party, and which way, while a training runs."""

    def going(way: Way, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def one_way(*args: Any, **kwargs: Any) -> Any:
            crossings.way = way
            try:
                return original(*args, **kwargs)
            finally:
                crossings.way = "other"

        return one_way

    forward, backward = layer.forward, layer.backward
    layer.forward, layer.backward = going("forward", forward), going("backward", backward)
    messages.heard = crossings
    try:
        yield
    finally:
        messages.heard = None
        del layer.forward, layer.backward


def _told(model: Any, word: str) -> None:
    """Have each party record, and wait until it has."""
    from secretflow.device import wait  # there only once the page imported it

    wait([getattr(worker, word)() for worker in model._workers.values()])  # noqa: SLF001


def _ended(model: Any, history: Any, crossings: Crossings) -> events.SplitTraining:
    """What is known of a split training once it has come to its end."""
    _told(model, "docprobe_ends")
    return events.SplitTraining(
        model=model._docprobe_number,  # noqa: SLF001
        backend=str(model.backend).lower(),
        strategy=model._docprobe_strategy,  # noqa: SLF001
        apart=running_ray() is not None,
        parties=[device.party for device in model.base_model_dict],
        labels=model.device_y.party,
        aggregates_at=str(model.agglayer.device_agg),
        added=list(_added(model)),
        history={
            str(name): [float(np.mean(value)) for value in values]
            for name, values in history.items()
        },
        crossings=crossings.told(),
        fault=crossings.fault,
    )


def _added(model: Any) -> Iterator[str]:
    """What the page has put around the exchange."""
    for device, strategy in (model.dp_strategy_dict or {}).items():
        for name in ("embedding_dp", "label_dp"):
            if own := getattr(strategy, name, None):
                yield f"{name} at {device.party}: {type(own).__name__}"
    for name, own in (("compressor", model.compressor), ("agg_method", model.agglayer.agg_method)):
        if own is not None:
            yield f"{name}: {type(own).__name__}"


def _numbers_in(values: Any) -> Iterable[tuple[str, float]]:
    for name, value in (values or {}).items():
        yield str(name), float(np.mean(value))


def _predicted(number: int, result: Any) -> events.Prediction:
    at = dict.fromkeys(str(getattr(one, "device", "")) for one in result or ())
    return events.Prediction(model=number, at=list(at), batches=len(result or ()))
