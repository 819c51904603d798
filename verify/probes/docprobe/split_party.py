"""Watches one party of a split training inside that party's own process."""

import functools
from collections.abc import Callable
from typing import Any

from probeshared import events

from docprobe import iterators, layers, metric_states
from docprobe.data_parts import first_array
from docprobe.passes import Passes
from docprobe.recording import Recorder, harmless

_PARTS = ("base", "fuse")
_TRAIN, _EVALUATE = "train", "eval"


class SplitParty:
    """What one party holds of a split network, and what it goes through.

    Nothing is aggregated, so that what moves does so by training: the weights at a training's
    beginning are enough to compare with.
    """

    def __init__(self, worker: Any, recorder: Recorder, number: int, party: str) -> None:
        iterators.end_aside()
        self.worker, self.recorder = worker, recorder
        self.number, self.party = number, party
        self.passes = Passes(recorder)
        self.told: dict[str, events.Digests] = {}
        self.held: dict[str, layers.Arrays] = {}
        self.samples = 0
        self.losses: dict[str, list[float]] = {}

    def _network(self, part: str) -> Any:
        return getattr(self.worker, f"model_{part}", None)

    @harmless
    def built(self, part: str) -> None:
        """Record a part of the network that the party has got."""
        network = self._network(part)
        # A network of Keras may get its weights with its first batch.
        if network is None or not getattr(network, "built", True):
            return
        counts, arrays = layers.counts(network), layers.weights(network)
        self.told[part] = layers.digests(arrays, counts)
        self.recorder.write(
            events.Built(
                party=self.party,
                model=self.number,
                part=part,
                layers=layers.describe(network),
                digests=self.told[part],
                magnitudes=layers.magnitudes(arrays, counts),
            )
        )

    @harmless
    def begins(self) -> None:
        """Keep the weights at a training's beginning, and record what they are."""
        for part in _PARTS:
            if part in self.told:
                self.held[part] = [array.copy() for array in layers.weights(self._network(part))]
                self._holds(part)

    @harmless
    def ends(self) -> None:
        """Record what the party has gone through, and what each part has become."""
        self.passed()
        for part in _PARTS:
            if part in self.held:
                self._holds(part)
            elif part not in self.told:
                self.built(part)
        self.held = {}

    def _holds(self, part: str) -> None:
        network = self._network(part)
        counts, arrays = layers.counts(network), layers.weights(network)
        self.recorder.write(
            events.Idle(
                part=part,
                digests=layers.digests(arrays, counts),
                drift=layers.changes(self.held[part], arrays, counts),
            )
        )

    @harmless
    def drew(self, stage: str) -> None:
        """Count a batch, and note whether its labels came with it."""
        labels = self.worker.train_y if stage == _TRAIN else self.worker.eval_y
        has_inputs = first_array(self.worker._data_x) is not None  # noqa: SLF001
        inputs = self.worker._data_x if has_inputs else labels  # noqa: SLF001
        self.samples = self.passes.drew(stage, inputs, labels=labels is not None, named=labels)

    def fused(self) -> None:
        """Note what the metrics have come to with a batch of the training."""
        self.measured(_TRAIN, self.worker.logs)

    @harmless
    def measured(self, stage: str, logs: Any) -> None:
        """Note what the metrics of the fuse network have come to with this batch.

        Networks of PyTorch tell the loss of each batch alone: what it is on average is added up.
        """
        network = self._network("fuse")
        told = metric_states.told(network.metrics)
        loss = (logs or {}).get("train_loss" if stage == _TRAIN else "loss")
        if hasattr(network, "state_dict") and loss is not None:
            total = self.losses.setdefault(stage, [0.0, 0.0])
            total[0] += float(loss) * self.samples
            total[1] += self.samples
            told = (metric_states.mean("loss", total[0], total[1], float(loss)), *told)
        self.passes.measured(stage, told)

    @harmless
    def passed(self) -> None:
        """Record what the party has gone through since it did so the last time."""
        self.passes.ended()
        self.losses = {}


def _then(method: Callable[..., Any], told: Callable[[SplitParty, Any, Any], None]) -> Any:
    """The method, after which the party is told what it was given, and what came out."""

    def watched_method(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = method(self, *args, **kwargs)
        told(self._docprobe, kwargs.get("stage", args[0] if args else _TRAIN), result)
        return result

    return watched_method


def _first(method: Callable[..., Any]) -> Any:
    """The method, before which what has been gone through is recorded."""

    def watched_method(self: Any, *args: Any, **kwargs: Any) -> Any:
        self._docprobe.passed()
        return method(self, *args, **kwargs)

    return watched_method


def _asked(word: str) -> Any:
    def asked(self: Any) -> None:
        getattr(self._docprobe, word)()

    return asked


_HOOKS: dict[str, Callable[[Callable[..., Any]], Any]] = {
    "load_base_model": lambda method: _then(method, lambda party, *_: party.built("base")),
    "load_fuse_model": lambda method: _then(method, lambda party, *_: party.built("fuse")),
    "get_batch_data": lambda method: _then(method, lambda party, stage, _: party.drew(stage)),
    "fuse_net": lambda method: _then(method, lambda party, *_: party.fused()),
    "evaluate": lambda method: _then(
        method, lambda party, _, logs: party.measured(_EVALUATE, logs)
    ),
    "reset_metrics": _first,
    "reset_data_iter": _first,
    "get_logs": _first,
}


def watched(strategy: Any, folder: str, number: int, party: str) -> Any:
    """The class of a party's part of a split network, which also records."""
    create = strategy.__init__

    def created(self: Any, *args: Any, **kwargs: Any) -> None:
        create(self, *args, **kwargs)
        recorder = Recorder(folder, f"model-{number}-{party}")
        self._docprobe = SplitParty(self, recorder, number, party)
        for part in _PARTS:
            self._docprobe.built(part)

    methods = {
        name: functools.wraps(getattr(strategy, name))(hook(getattr(strategy, name)))
        for name, hook in _HOOKS.items()
        if hasattr(strategy, name)
    }
    methods["__init__"] = functools.wraps(create)(created)
    own = {f"docprobe_{word}": _asked(word) for word in ("begins", "passed", "ends")}
    return type(strategy.__name__, (strategy,), methods | own)
