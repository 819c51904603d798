"""Watches the rounds of aggregation: hands each to an auditor that works beside the training."""

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any

from probeshared import events, trials
from probeshared.arrays import np
from probeshared.events import Arithmetic

from docprobe import audit, raised
from docprobe.audit import Route
from docprobe.importing import running_ray
from docprobe.messages import Messages, SentMessage

# For the challenge: weights that hide no mistake.
_WEIGHTS = (5, 2, 11, 3, 7)
_ALWAYS = 2
# The fractional bits that an SPU computes with if nobody says, by the size of its ring.
_SPU_BITS = {1: 8, 2: 18, 3: 26}
# Averages of the library's own of which it is known how they compute.
_LIBRARY = ("secretflow.", "secretflow_fl.")
_BY_NUMPY: dict[str, Arithmetic] = {
    "PlainAggregator.average": "plain",
    "SparsePlainAggregator.average": "sparse",
}


@dataclass(frozen=True)
class _Round:
    """One average: what it was given and gave, and the messages until the next one began.

    `fxp_bits` are the fractional bits of its fixed point, if it has one. It was `begun` at a time
    that leaves out what watching costs.
    """

    data: Sequence[Any]
    weights: Any
    result: Any
    messages: list[SentMessage]
    arithmetic: Arithmetic
    fxp_bits: int | None
    begun: float

    @property
    def aggregate(self) -> Any:
        """The outcome; of one that devices share, what the first receiver made of it."""
        if self.arithmetic != "spu":
            return self.result
        taken = (m.received for m in self.messages if m.sent is self.result)
        return next((received for received in taken if hasattr(received, "data")), None)

    def routes(self) -> Iterator[tuple[Route, Any]]:
        """Each way that something went from one party to another, and what it was."""
        for message in self.messages:
            average = message.sent is self.result
            for share in message.shares:
                ends = (share.node, message.receiver) if average else (message.sender, share.node)
                if ends[0] != ends[1]:
                    yield (*ends, average, share.index), share.content
            if not message.shares and hasattr(message.received, "data"):
                yield (message.sender, message.receiver, average, None), message.received


class RoundWatch:
    """The rounds of one training.

    Of many rounds only some are looked into: the first two, and every `every`-th after them. As
    long as a round waits for the auditor, all that was sent in it stays in memory: so the next one
    but one has to wait until it is done with.
    """

    def __init__(self, messages: Messages, every: int = 1) -> None:
        self.messages, self.every = messages, every
        self._open: _Round | None = None
        self._closed: list[tuple[events.RoundEvent, Any]] = []
        self._earlier: Any = {}
        self._watched = 0.0

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

    def records(self) -> list[events.RoundEvent]:
        """What was found, round by round, once all have been examined."""
        return [replace(about, **vars(_fetched(outcome))) for about, outcome in self._closed]

    def _watching(self, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def average(aggregator: Any, data: Any, *args: Any, **kwargs: Any) -> Any:
            self._close()
            begun = self._clock()
            heard: list[SentMessage] = []
            self.messages.heard = heard
            result = original(aggregator, data, *args, **kwargs)
            # After the data come the axis and the weights; a page may name them otherwise.
            weights = kwargs.get("weights", args[1] if len(args) > 1 else None)
            how, bits = _arithmetic(aggregator, original, result)
            self._open = _Round(data, weights, result, heard, how, bits, begun)
            return result

        return average

    def _close(self) -> None:
        """Have the last round examined, now that all its messages are known."""
        one, self._open = self._open, None
        if one is None:
            return
        now, number = monotonic(), len(self._closed)
        about = events.RoundEvent(
            parties=tuple(str(datum.device) for datum in one.data),
            arithmetic=one.arithmetic,
            fxp_bits=one.fxp_bits,
            seconds=self._clock() - one.begun,
        )
        reason = "it is not in the sample of rounds that were looked into"
        outcome: Any = events.Examined(reason=reason)
        if number < _ALWAYS or number % self.every == 0:
            outcome, self._earlier = self._examine(one)
        self._closed.append((about, outcome))
        self._watched += monotonic() - now

    def _clock(self) -> float:
        """The time in seconds, without that which looking into rounds took."""
        return monotonic() - self._watched

    def _examine(self, one: _Round) -> tuple[Any, Any]:
        aggregate = one.aggregate
        if not hasattr(aggregate, "data"):
            return events.Examined(reason="the aggregate is shared among several devices"), {}
        many = isinstance(one.weights, (list, tuple, np.ndarray))
        each = list(one.weights) if many else [one.weights] * len(one.data)
        sent = list(one.routes())
        objects = [*one.data, *each, aggregate, *(content for _, content in sent)]
        values = [item.data if hasattr(item, "to") else item for item in objects]
        routes = [route for route, _ in sent]
        try:
            _settled(self._earlier)
            record, samples = _aside(audit.examine)(
                len(one.data), one.arithmetic, one.fxp_bits, routes, self._earlier, *values
            )
        except Exception as error:  # noqa: BLE001  # whatever it was, the page's run goes on
            return _fault(error), {}
        return record, samples


def challenge(
    aggregator: Any, devices: Sequence[Any], messages: Messages
) -> list[events.RoundEvent]:
    """Have a page's own aggregator average numbers of ours, which differ in every way.

    Parties that hold the same data in equal numbers send the same weights, so that a wrong
    average of theirs looks right; and what is clipped or flushed to zero shows in no network of
    usual weights. What comes of a shared aggregate is heard among the messages.
    """
    from secretflow.device import PYUObject  # there only once the page imported it

    if aggregator is None:
        return []
    numbers = zip(devices, trials.numbers(len(devices)), strict=True)
    data = [PYUObject(device, _put(arrays)) for device, arrays in numbers]
    weights = [_WEIGHTS[i % len(_WEIGHTS)] + i for i in range(len(devices))]
    rounds = RoundWatch(messages)
    try:
        with rounds.watched(aggregator):
            aggregator.average(data, axis=0, weights=weights).to(devices[0])
    except Exception as error:  # noqa: BLE001  # an aggregator of the page's own may take less
        reason = f"the page's aggregator does not average numbers of ours: {error}".splitlines()[0]
        return [
            events.RoundEvent(
                parties=tuple(map(str, devices)),
                arithmetic="own",
                fxp_bits=None,
                seconds=None,
                reason=reason,
            )
        ]
    return rounds.records()


def _arithmetic(
    aggregator: Any, average: Callable[..., Any], result: Any
) -> tuple[Arithmetic, int | None]:
    """How an aggregator computed its average, and with how many fractional bits if with any."""
    if not hasattr(result, "data") and hasattr(result, "device"):
        return "spu", _fraction(result.device)
    bits = getattr(aggregator, "_fxp_bits", None)
    if bits is not None:
        return "secure", bits
    is_library = average.__module__.startswith(_LIBRARY)
    return _BY_NUMPY.get(average.__qualname__, "own") if is_library else "own", None


def _fraction(device: Any) -> int | None:
    """The fractional bits of devices that share what they compute on."""
    conf = getattr(device, "conf", None)
    return getattr(conf, "fxp_fraction_bits", 0) or _SPU_BITS.get(getattr(conf, "field", 0))


def _aside(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function in a process of its own, which gets handles' values and returns handles."""
    ray = running_ray()
    return ray.remote(num_cpus=0, num_returns=2)(function).remote if ray else function


def _put(value: Any) -> Any:
    ray = running_ray()
    return ray.put(value) if ray else value


def _settled(samples: Any) -> None:
    """Wait until the examination that yields these samples is over."""
    if samples and not isinstance(samples, dict):
        running_ray().wait([samples])


def _fetched(outcome: Any) -> events.Examined:
    if isinstance(outcome, events.Examined):
        return outcome
    try:
        found: events.Examined = running_ray().get(outcome)
    except Exception as error:  # noqa: BLE001  # as above
        return _fault(error)
    return found


def _fault(error: Exception) -> events.Examined:
    return events.Examined(fault=raised.fault(error).reason)
