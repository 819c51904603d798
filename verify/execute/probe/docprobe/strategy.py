"""Watches one party of a federated training inside that party's own process."""

import contextlib
import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from docprobe import layers
from docprobe.audit import checksum
from docprobe.recording import Recorder

# How Keras and the library's own torch module take weights.
_SETTERS = ("set_weights", "update_weights")


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
            if model is not None:
                self._docprobe = Party(model, Recorder(folder, f"model-{number}-{party}"))
                self._docprobe.built(party=party, model=number)

        @functools.wraps(strategy.build_dataset_from_builder)
        def build_dataset_from_builder(
            self, dataset_builder: Any, x: Any, *args: Any, **kwargs: Any
        ) -> Any:
            self._docprobe.reads(x, str(kwargs.get("stage", "train")))
            return super().build_dataset_from_builder(dataset_builder, x, *args, **kwargs)

        @functools.wraps(strategy.next_batch)
        def next_batch(self, *args: Any, **kwargs: Any) -> Any:
            batch = super().next_batch(*args, **kwargs)
            if self._docprobe.is_busy:  # else it only predicts
                self._docprobe.drew(batch)
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

        @functools.wraps(strategy.get_weights)
        def get_weights(self, *args: Any, **kwargs: Any) -> Any:
            self._docprobe.asked()
            return super().get_weights(*args, **kwargs)

    Watched.__name__, Watched.__qualname__ = strategy.__name__, strategy.__qualname__
    return Watched


def _harmless(method: Callable[..., None]) -> Callable[..., None]:
    """A fault of ours is recorded, and the page's training goes on."""

    @functools.wraps(method)
    def guarded(party: "Party", *args: Any) -> None:
        try:
            method(party, *args)
        except Exception as error:  # noqa: BLE001  # whatever it was
            party.recorder.write("fault", reason=f"{type(error).__name__}: {error}".splitlines()[0])

    return guarded


def place(source: object) -> str | None:
    """Where data come from, if that is a file or a folder."""
    return source if isinstance(source, str) else None


class Party:
    """What one party holds, and what happened to it since the last record.

    A turn of training lies between the weights that the party took over and those that it sends.
    Digests cost more than all else: they are taken when somebody asks for the weights of a party
    that does not train, at the start and once after the end.
    """

    def __init__(self, model: Any, recorder: Recorder) -> None:
        self.model, self.recorder = model, recorder
        self.counts = layers.counts(model)
        self.start = self.held = model.get_weights()
        self.rows: list[list[int]] = []
        self.is_busy = False
        self.told: list[list[str]] | None = None
        for name in _SETTERS:
            if hasattr(model, name):
                setattr(model, name, self._taking_over(getattr(model, name)))

    def _taking_over(self, original: Any) -> Any:
        @functools.wraps(original)
        def take_over(weights: Sequence[Any], *args: Any, **kwargs: Any) -> Any:
            result = original(weights, *args, **kwargs)
            self.held = self.model.get_weights()
            given = [np.asarray(w) for w in weights]
            kept = len(given) == len(self.held) and all(
                np.array_equal(new.astype(own.dtype, copy=False), own)
                for new, own in zip(given, self.held, strict=True)
            )
            self.recorder.write("received", kept=kept, held=checksum(self.held))
            return result

        return take_over

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """While the party trains or evaluates: it reads its weights itself, and batches count."""
        self.is_busy, self.rows = True, []
        try:
            yield
        finally:
            self.is_busy = False

    def built(self, **whose: object) -> None:
        """Record what the party starts with."""
        self.told = layers.digests(self.start, self.counts)
        self.recorder.write(
            "built",
            **whose,
            layers=layers.describe(self.model),
            digests=self.told,
            magnitudes=layers.magnitudes(self.start, self.counts),
        )

    def reads(self, source: object, stage: str) -> None:
        """Record where the party reads its data from."""
        self.recorder.write("reads", stage=stage, source=place(source))

    @_harmless
    def drew(self, batch: Any) -> None:
        """Note a batch that the party took from its data: a checksum of each sample."""
        inputs = batch[0]
        while isinstance(inputs, (dict, list, tuple)):
            inputs = next(iter(inputs.values() if isinstance(inputs, dict) else inputs))
        self.rows.append([checksum([row]) for row in np.asarray(inputs)])

    @_harmless
    def trained(self) -> None:
        """Record a turn of training: on which samples, and what it changed."""
        weights = self.model.get_weights()
        self.recorder.write(
            "sent",
            rows=self.rows,
            changes=layers.changes(self.held, weights, self.counts),
            drift=layers.changes(self.start, weights, self.counts),
        )
        self.held, self.told = weights, None

    @_harmless
    def evaluated(self) -> None:
        """Record an evaluation: on which samples."""
        self.recorder.write("evaluated", rows=self.rows)

    @_harmless
    def asked(self) -> None:
        """Record what the party holds while it does not train, unless that is known."""
        if self.is_busy:
            return
        weights = self.model.get_weights()
        digests = layers.digests(weights, self.counts)
        if digests != self.told:
            self.told = digests
            drift = layers.changes(self.start, weights, self.counts)
            self.recorder.write("idle", digests=digests, drift=drift)
