"""JSON lines, written at once, so that what was seen survives the death of the process."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from json import dumps
from pathlib import Path
from time import monotonic
from typing import Any

from probeshared.events import Event

from docprobe import raised

_open = open


class Recorder:
    """Appends events to one file of the evidence folder."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.path = Path(folder) / f"{name}.jsonl"

    def write(self, event: Event) -> None:
        """Append one event with its time.

        What that takes is what it was before the page's first cell, whatever the page replaces.
        """
        line = dumps(vars(event) | {"time": monotonic()}, default=_plain)
        with _open(self.path, "a", encoding="utf-8") as file:
            file.write(line + "\n")

    @contextmanager
    def guarded(self) -> Iterator[None]:
        """Whatever fails within is a fault of ours: it is recorded, and the page's run goes on."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # whatever it was
            self.write(raised.fault(error))


def harmless(method: Callable[..., None]) -> Callable[..., None]:
    """The method of one that has a recorder; what fails in it is recorded as a fault of ours."""

    @functools.wraps(method)
    def guarded(party: Any, *args: Any) -> None:
        with party.recorder.guarded():
            method(party, *args)

    return guarded


def _plain(value: Any) -> object:
    """What is declared within an event, and numpy's scalars as numbers."""
    if is_dataclass(value):
        return vars(value)
    return value.item() if hasattr(value, "item") else str(value)
