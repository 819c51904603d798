"""Watches what leaves a device: messages from one party to another, and what is revealed."""

import functools
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from probeshared import events

from docprobe.importing import after
from docprobe.recording import Recorder

_OBJECTS = "secretflow.device.device.base"
_DRIVER = "secretflow.device.driver"
_SPU = "secretflow.device.device.spu"
_PAGE = "__main__"
_LARGE = 1024


@dataclass(frozen=True)
class Share:
    """A piece of an object's secret shares; `node` is a party that computes on shares.

    It is number `index` of the pieces that the node holds of the object.
    """

    node: str
    index: int
    content: Any


@dataclass(frozen=True)
class SentMessage:
    """An object that was sent from one device to another, as its receiver has it.

    It went in `shares` if one of both devices is several nodes that compute on shares.
    """

    sender: str
    receiver: str
    sent: Any
    received: Any
    shares: Sequence[Share] = ()


class Listener(Protocol):
    """Hears messages, one after the other: a list, or whoever does something with each."""

    def append(self, message: SentMessage, /) -> None:
        """Hear one."""


class Messages:
    """The messages since somebody began to listen."""

    def __init__(self) -> None:
        self.heard: Listener | None = None
        self.shares: list[Share] = []

    def watch(self) -> None:
        """Hear every object that goes to another device."""
        after(_OBJECTS, lambda module: _wrap_to(module.DeviceObject, self))
        after(_SPU, lambda module: _wrap_shares(module.SPU, self))


def _wrap_to(object_class: Any, messages: Messages) -> None:
    original = object_class.to

    @functools.wraps(original)
    def to(self: Any, device: Any, *args: Any, **kwargs: Any) -> Any:
        messages.shares = []
        received = original(self, device, *args, **kwargs)
        if messages.heard is not None and self.device != device:
            shares = tuple(messages.shares)
            heard = SentMessage(str(self.device), str(device), self, received, shares)
            messages.heard.append(heard)
        return received

    object_class.to = to


def _wrap_shares(spu_class: Any, messages: Messages) -> None:
    """Hear the pieces that go to the nodes and come from them."""
    infeed, outfeed = spu_class.infeed_shares, spu_class.outfeed_shares

    @functools.wraps(infeed)
    def infeed_shares(self: Any, io_info: Any, shares_chunk: Any) -> Any:
        messages.shares = _by_node(self, shares_chunk)
        return infeed(self, io_info, shares_chunk)

    @functools.wraps(outfeed)
    def outfeed_shares(self: Any, shares_name: Any) -> Any:
        io_info, shares_chunk = outfeed(self, shares_name)
        messages.shares = _by_node(self, shares_chunk)
        return io_info, shares_chunk

    spu_class.infeed_shares, spu_class.outfeed_shares = infeed_shares, outfeed_shares


def _by_node(spu: Any, pieces: Sequence[Any]) -> list[Share]:
    """The pieces as nodes hold them: all of the first node, then all of the next."""
    nodes = list(map(str, spu.actors))
    each = max(1, len(pieces) // len(nodes))
    return [Share(nodes[i // each], i % each, piece) for i, piece in enumerate(pieces)]


def watch_reveals(recorder: Recorder) -> None:
    """Record what the page itself, or the library for it, brings into the open."""
    after(_DRIVER, lambda module: _wrap_reveal(module, recorder))


def _wrap_reveal(module: Any, recorder: Recorder) -> None:
    original: Callable[..., Any] = module.reveal

    @functools.wraps(original)
    def reveal(func_or_object: Any, *args: Any, **kwargs: Any) -> Any:
        revealed = original(func_or_object, *args, **kwargs)
        caller = sys._getframe(1).f_globals.get("__name__", "")  # noqa: SLF001
        size = _bytes(revealed)
        # The library counts and synchronises all the time; what is small and its own is no matter.
        if not callable(func_or_object) and (caller == _PAGE or size >= _LARGE):
            told = events.Revealed(page=caller == _PAGE, caller=caller, bytes=size)
            recorder.write(told)
        return revealed

    module.reveal = reveal


def _bytes(value: Any) -> int:
    """The bytes of all arrays and numbers in a value."""
    if isinstance(value, dict):
        return sum(map(_bytes, value.values()))
    if isinstance(value, (list, tuple, set)):
        return sum(map(_bytes, value))
    return int(getattr(value, "nbytes", 0) or sys.getsizeof(value))
