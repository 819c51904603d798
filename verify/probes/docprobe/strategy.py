"""Watches one party of a federated training inside that party's own process."""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from probeshared import events
from probeshared.arrays import Array, np

from docprobe import iterators, layers, metric_states
from docprobe.audit import checksum
from docprobe.data_parts import first_array
from docprobe.passes import Passes
from docprobe.recording import Recorder, harmless


def watched(strategy: Any, folder: str, number: int, party: str) -> Any:
    """The class of a party's strategy, which also records; it computes what it always did."""

    class Watched(strategy):  # type: ignore[misc]
        @property
        def model(self) -> Any:
            return self._docprobe_model

        # A party may begin without a model, and it may load another one later.
        @model.setter
        def model(self, model: Any) -> None:
            self._docprobe_model = model
            self._docprobe = Party(model, Recorder(folder, f"model-{number}-{party}"))
            if model is not None:
                self._docprobe.built(party, number)

        @functools.wraps(strategy.build_dataset_from_builder)
        def build_dataset_from_builder(
            self, dataset_builder: Any, x: Any, *args: Any, **kwargs: Any
        ) -> Any:
            self._docprobe.reads(x, kwargs.get("stage", "train"))
            return super().build_dataset_from_builder(dataset_builder, x, *args, **kwargs)

        @functools.wraps(strategy.next_batch)
        def next_batch(self, *args: Any, **kwargs: Any) -> Any:
            batch = super().next_batch(*args, **kwargs)
            self._docprobe.drew(batch, kwargs.get("stage", args[0] if args else "train"))
            return batch

        # The library reads from its annotations how many values a method returns.
        @functools.wraps(strategy.train_step)
        def train_step(self, *args: Any, **kwargs: Any) -> Any:
            with self._docprobe.busy():
                result = super().train_step(*args, **kwargs)
            self._docprobe.trained()
            return result

        @functools.wraps(strategy.evaluate)
        def evaluate(self, *args: Any, **kwargs: Any) -> Any:
            with self._docprobe.busy():
                result = super().evaluate(*args, **kwargs)
            self._docprobe.evaluated()
            return result

        @functools.wraps(strategy.set_weights)
        def set_weights(self, weights: Any, *args: Any, **kwargs: Any) -> Any:
            with self._docprobe.taking_over(weights, super().get_weights):
                return super().set_weights(weights, *args, **kwargs)

        @functools.wraps(strategy.get_weights)
        def get_weights(self, *args: Any, **kwargs: Any) -> Any:
            self._docprobe.asked()
            return super().get_weights(*args, **kwargs)

    _watch_metrics(Watched, strategy)
    Watched.__name__, Watched.__qualname__ = strategy.__name__, strategy.__qualname__
    return Watched


def _wrapping(original: Callable[..., Any]) -> Callable[..., Any]:
    """Hears of a party's metrics when it hands them out."""

    @functools.wraps(original)
    def wrap_local_metrics(self: Any, stage: str = "train") -> Any:
        self._docprobe.measured(stage)
        return original(self, stage)

    return wrap_local_metrics


def _getting(original: Callable[..., Any]) -> Callable[..., Any]:
    """Hears that an epoch has ended, when the metrics of all parties are collected."""

    @functools.wraps(original)
    def get_local_metrics(self: Any) -> Any:
        self._docprobe.passed()
        return original(self)

    return get_local_metrics


def _watch_metrics(watched_class: Any, strategy: Any) -> None:
    for name in _MEASURING.keys() & set(dir(strategy)):
        setattr(watched_class, name, _MEASURING[name](getattr(strategy, name)))
    watched_class.docprobe_passed = _passed


def _passed(self: Any) -> None:
    self._docprobe.passed()


_MEASURING = {"wrap_local_metrics": _wrapping, "get_local_metrics": _getting}


def _same(given: Array, held: Array) -> bool:
    # A training that diverges ends in NaN, which is taken over like any number.
    return np.array_equal(given, held) or np.array_equal(given, held, equal_nan=True)


def place(source: object) -> str | None:
    """Where data come from, if that is a file or a folder."""
    return source if isinstance(source, str) else None


class Party:
    """What one party holds, and what happened to it since the last record.

    A turn of training lies between the weights that the party took over and those that it sends.
    Digests cost more than all else: they are taken when somebody asks for the weights of a party
    that does not train, at the start and once after the end. Two copies of the weights are kept:
    those of the start, and those that the party last took over or sent.
    """

    def __init__(self, model: Any, recorder: Recorder) -> None:
        iterators.end_aside()
        self.model, self.recorder = model, recorder
        self.counts: list[int] = []
        self.start: layers.Arrays = ()
        self.held: layers.Arrays = ()
        self.rows: list[list[int]] = []
        self.changes: list[float] | None = None
        self.is_busy = self.is_taking_over = False
        self.told: list[list[str]] | None = None
        self.passes = Passes(recorder)

    @harmless
    def built(self, party: str, number: int) -> None:
        """Record what the party starts with."""
        self.counts = layers.counts(self.model)
        self.start = self.held = [array.copy() for array in layers.weights(self.model)]
        self.told = layers.digests(self.start, self.counts)
        self.recorder.write(
            events.Built(
                party=party,
                model=number,
                layers=layers.describe(self.model),
                digests=self.told,
                magnitudes=layers.magnitudes(self.start, self.counts),
            )
        )
        # Strategies of Keras set the weights of the model by themselves, those of PyTorch never:
        # there, a function in the model would be in the way of whoever copies or saves it.
        if hasattr(self.model, "set_weights"):
            self.model.set_weights = self._heard(self.model.set_weights)

    def _heard(self, original: Any) -> Any:
        @functools.wraps(original)
        def set_weights(weights: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
            with self.taking_over(weights, self.model.get_weights):
                return original(weights, *args, **kwargs)

        return set_weights

    @contextlib.contextmanager
    def taking_over(self, weights: Sequence[Any], read: Callable[[], Any]) -> Iterator[None]:
        """While the party takes weights over; one setter calls another.

        Args:
            weights: what it is given.
            read: how to get just these; it may be all weights but those of normalisation.
        """
        if self.is_taking_over:
            yield
            return
        # Who sends updates goes back, after a turn, to the weights that these start from.
        is_over = self.is_busy and bool(self.rows)
        if is_over:
            self._turned()
        self.is_taking_over = True
        try:
            yield
        finally:
            self.is_taking_over = False
        if not is_over:
            self._took_over(weights, read)

    @harmless
    def _took_over(self, weights: Sequence[Any], read: Callable[[], Any]) -> None:
        self._hold()
        given = [np.asarray(weight) for weight in weights]
        held = self.held if len(given) == len(self.held) else read()
        kept = len(given) == len(held) and all(
            _same(new.astype(own.dtype, copy=False), own)
            for new, own in zip(given, held, strict=True)
        )
        self.recorder.write(events.Received(kept=kept, held=checksum(held)))

    def _hold(self) -> None:
        now = layers.weights(self.model)
        if self.held is self.start:
            self.held = [array.copy() for array in now]
        else:
            for own, array in zip(self.held, now, strict=True):
                np.copyto(own, array)

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """While the party trains or evaluates: it reads its weights itself, and batches count."""
        self.is_busy, self.rows, self.changes = True, [], None
        try:
            yield
        finally:
            self.is_busy = False

    @harmless
    def reads(self, source: object, stage: object) -> None:
        """Record where the party reads its data from."""
        self.recorder.write(events.Reads(stage=str(stage), source=place(source)))

    @harmless
    def drew(self, batch: Any, stage: str) -> None:
        """Note a batch that the party took from its data: a checksum of each sample."""
        if not self.is_busy:  # it only predicts
            return
        named = batch[1] if len(batch) > 1 else None
        self.passes.drew(stage, batch[0], labels=True, named=named)
        inputs = first_array(batch[0])
        on_host = inputs.detach().cpu() if hasattr(inputs, "detach") else inputs
        self.rows.append([checksum([row]) for row in np.asarray(on_host)])

    @harmless
    def _turned(self) -> None:
        self.changes = layers.changes(self.held, layers.weights(self.model), self.counts)

    @harmless
    def trained(self) -> None:
        """Record a turn of training: on which samples, and what it changed."""
        weights = layers.weights(self.model)
        changes = self.changes or layers.changes(self.held, weights, self.counts)
        drift = layers.changes(self.start, weights, self.counts)
        self.recorder.write(events.Sent(rows=self.rows, changes=changes, drift=drift))
        self.told = None
        self._hold()

    @harmless
    def evaluated(self) -> None:
        """Record an evaluation: on which samples."""
        self.recorder.write(events.Evaluated(rows=self.rows))

    @harmless
    def measured(self, stage: str) -> None:
        """Note what the party's own metrics have come to."""
        self.passes.measured(stage, metric_states.told(self.model.metrics))

    @harmless
    def passed(self) -> None:
        """Record what the party has gone through since it did so the last time."""
        self.passes.ended()

    @harmless
    def asked(self) -> None:
        """Record what the party holds while it does not train, unless that is known."""
        if self.is_busy:
            return
        weights = layers.weights(self.model)
        digests = layers.digests(weights, self.counts)
        if digests != self.told:
            self.told = digests
            drift = layers.changes(self.start, weights, self.counts)
            self.recorder.write(events.Idle(digests=digests, drift=drift))
