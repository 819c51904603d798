"""Watches the rounds of aggregation: hands each to an auditor that works beside the training."""

import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from docprobe import audit
from docprobe.messages import Message, Messages

# For the challenge: one array of each number of dimensions, and weights that hide no mistake.
_SHAPES = ((3, 4, 2), (5, 7), (11,), (1,))
_WEIGHTS = (5, 2, 11, 3, 7)
_ALWAYS = 2


@dataclass(frozen=True)
class _Round:
    """One average: what it was given and gave, and the messages until the next one began."""

    data: Sequence[Any]
    weights: Any
    result: Any
    messages: list[Message]
    fxp_bits: int | None


class Rounds:
    """The rounds of one training.

    Of many rounds only some are looked into: the first two, and every `every`-th after them. As
    long as a round waits for the auditor, all that was sent in it stays in memory: so the next one
    but one has to wait until it is done with.
    """

    def __init__(self, messages: Messages, every: int = 1) -> None:
        self.messages, self.every = messages, every
        self._open: _Round | None = None
        self._closed: list[tuple[dict[str, Any], Any]] = []
        self._earlier: Any = {}

    @contextmanager
    def watched(self, aggregator: Any) -> Iterator[None]:
        """Watch an aggregator's averages while a training runs."""
        if aggregator is None:  # the page has a server aggregate by a method of its own
            yield
            return
        owner = type(aggregator)
        original = owner.average
        owner.average = self._watching(original)
        try:
            yield
        finally:
            owner.average = original
            self._close()
            self.messages.heard = None

    def records(self) -> list[dict[str, Any]]:
        """What was found, round by round, once all have been examined."""
        return [about | _fetched(outcome) for about, outcome in self._closed]

    def _watching(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def average(aggregator: Any, data: Any, *args: Any, **kwargs: Any) -> Any:
            self._close()
            heard: list[Message] = []
            self.messages.heard = heard
            result = original(aggregator, data, *args, **kwargs)
            # After the data come the axis and the weights; a page may name them otherwise.
            weights = kwargs.get("weights", args[1] if len(args) > 1 else None)
            bits = getattr(aggregator, "_fxp_bits", None)
            self._open = _Round(data, weights, result, heard, bits)
            return result

        return average

    def _close(self) -> None:
        """Have the last round examined, now that all its messages are known."""
        one, self._open = self._open, None
        if one is None:
            return
        number = len(self._closed)
        about = {"parties": [str(datum.device) for datum in one.data], "fxp_bits": one.fxp_bits}
        outcome: Any = {"reason": "it is not in the sample of rounds that were looked into"}
        if number < _ALWAYS or number % self.every == 0:
            outcome, self._earlier = self._examine(one)
        self._closed.append((about, outcome))

    def _examine(self, one: _Round) -> tuple[Any, Any]:
        if not hasattr(one.result, "data"):
            return {"reason": "the aggregate is shared among several devices"}, {}
        many = isinstance(one.weights, (list, tuple, np.ndarray))
        each = list(one.weights) if many else [one.weights] * len(one.data)
        messages = [m for m in one.messages if hasattr(m.received, "data")]
        routes = [(m.sender, m.receiver, m.sent is one.result) for m in messages]
        objects = [*one.data, *each, one.result, *(m.received for m in messages)]
        values = [item.data if hasattr(item, "to") else item for item in objects]
        try:
            _settled(self._earlier)
            record, samples = _aside(audit.examine)(
                len(one.data), one.fxp_bits, routes, self._earlier, *values
            )
        except Exception as error:  # noqa: BLE001  # whatever it was, the page's run goes on
            return _fault(error), {}
        return record, samples


def challenge(aggregator: Any, devices: Sequence[Any]) -> list[dict[str, Any]]:
    """Have a page's own aggregator average numbers of ours, which differ in every way.

    Parties that hold the same data in equal numbers send the same weights, so that a wrong
    average of theirs looks right.
    """
    from secretflow.device import PYUObject  # there only once the page imported it

    if aggregator is None:
        return []
    generator = np.random.default_rng(len(devices))
    data = [
        PYUObject(device, _put([generator.normal(size=s).astype(np.float32) for s in _SHAPES]))
        for device in devices
    ]
    weights = [_WEIGHTS[i % len(_WEIGHTS)] + i for i in range(len(devices))]
    rounds = Rounds(Messages())
    try:
        with rounds.watched(aggregator):
            aggregator.average(data, axis=0, weights=weights)
    except Exception as error:  # noqa: BLE001  # an aggregator of the page's own may take less
        reason = f"the page's aggregator does not average numbers of ours: {error}".splitlines()[0]
        return [{"parties": list(map(str, devices)), "fxp_bits": None, "reason": reason}]
    return rounds.records()


def _ray() -> Any:
    """Ray, where it runs: SecretFlow's debug mode does without."""
    ray = sys.modules.get("ray")
    return ray if ray is not None and ray.is_initialized() else None


def _aside(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in a process of its own, which gets handles' values and returns handles."""
    ray = _ray()
    return ray.remote(num_cpus=0, num_returns=2)(function).remote if ray else function


def _put(value: Any) -> Any:
    ray = _ray()
    return ray.put(value) if ray else value


def _settled(samples: Any) -> None:
    """Wait until the examination that yields these samples is over."""
    if samples and not isinstance(samples, dict):
        _ray().wait([samples])


def _fetched(outcome: Any) -> dict[str, Any]:
    if isinstance(outcome, dict):
        return outcome
    try:
        return dict(_ray().get(outcome))
    except Exception as error:  # noqa: BLE001  # as above
        return _fault(error)


def _fault(error: Exception) -> dict[str, Any]:
    return {"fault": f"{type(error).__name__}: {error}".splitlines()[0]}
