"""Weighs what crosses between parties during a split training: forms and bytes, never contents."""

import os
import sys
from collections import Counter
from typing import Any, Literal

from probeshared.arrays import np
from probeshared.events import CrossingEvent

from docprobe.importing import running_ray
from docprobe.messages import SentMessage

Way = Literal["forward", "backward", "other"]
# Sender, receiver, way, and of each array its shape, type and bytes.
_Form = tuple[str, str, Way, tuple[tuple[tuple[int, ...], str, int], ...]]


class Scales:
    """Counts messages by their form. In a process of its own it is told to keep quiet."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.forms: Counter[_Form] = Counter()
        if quiet:  # what its libraries say while they begin is nothing that the page shows
            silence = os.open(os.devnull, os.O_WRONLY)
            for stream in (1, 2):
                os.dup2(silence, stream)
            import secretflow  # noqa: F401  # before TensorFlow, which a message may bring

    def weigh(self, sender: str, receiver: str, way: Way, content: Any) -> None:
        """Put a message on the scales."""
        self.forms[sender, receiver, way, tuple(_arrays(content))] += 1

    def told(self) -> list[CrossingEvent]:
        """All that was weighed, in the order in which each form came first."""
        return [
            CrossingEvent(
                sender=sender,
                receiver=receiver,
                way=way,
                shapes=tuple(shape for shape, _, _ in arrays),
                types=tuple(kind for _, kind, _ in arrays),
                bytes=sum(size for _, _, size in arrays),
                count=count,
            )
            for (sender, receiver, way, arrays), count in self.forms.items()
        ]


def _arrays(value: Any) -> list[tuple[tuple[int, ...], str, int]]:
    """The arrays in a value, however it is made up, and what else in it has a size."""
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        shape = tuple(map(int, value.shape))
        kind = getattr(value.dtype, "name", str(value.dtype).rpartition(".")[2])
        size = getattr(value, "nbytes", None)
        if size is None:
            size = int(np.prod(shape)) * np.dtype(kind).itemsize
        return [(shape, kind, int(size))]
    parts: Any = value if isinstance(value, (list, tuple)) else ()
    if isinstance(value, dict) or hasattr(value, "__dict__"):
        parts = (value if isinstance(value, dict) else vars(value)).values()
    elif value is not None and not isinstance(value, (list, tuple)):
        return [((), type(value).__name__, sys.getsizeof(value))]
    return [one for part in parts for one in _arrays(part)]


class Crossings:
    """Stands where messages are heard, and hands each one to the scales."""

    def __init__(self) -> None:
        self.way: Way = "other"
        self.fault = ""
        self._scales: Any = None

    def append(self, message: SentMessage) -> None:
        """Hear a message; contents that one device keeps for itself are none."""
        for share in message.shares:
            if share.node != message.receiver:
                self._weigh(message.sender, share.node, share.content)
        if message.shares:
            return
        if hasattr(message.received, "data"):
            self._weigh(message.sender, message.receiver, message.received.data)
        else:
            self.fault = f"what {message.sender} sent to {message.receiver} cannot be weighed"

    def _weigh(self, sender: str, receiver: str, content: Any) -> None:
        try:
            if self._scales is None:
                self._scales = _somewhere()
            weigh = self._scales.weigh
            getattr(weigh, "remote", weigh)(sender, receiver, self.way, content)
        except Exception as error:  # noqa: BLE001  # whatever it was, the page's run goes on
            self.fault = f"{type(error).__name__}: {error}".splitlines()[0]

    def told(self) -> list[CrossingEvent]:
        """What was weighed, once all has been."""
        if self._scales is None:
            return []
        ray = running_ray()
        if not hasattr(self._scales.told, "remote") or ray is None:
            return list(self._scales.told())
        found: list[CrossingEvent] = ray.get(self._scales.told.remote())
        ray.kill(self._scales)
        return found


def _somewhere() -> Any:
    """Scales in a process of their own, which gets handles' values, where there are processes."""
    ray = running_ray()
    return ray.remote(num_cpus=0)(Scales).remote(quiet=True) if ray else Scales()
