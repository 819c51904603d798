"""JSON lines, told at once, so that what was seen survives the death of the process."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import is_dataclass
from json import dumps
from typing import Any

from probeshared.events import Event, Tampered

from docprobe import intact, raised
from docprobe.link import Link

_links: dict[tuple[str, str], Link] = {}
_told: set[str] = set()


class Recorder:
    """Tells the tool, which listens in a folder, the events of one log."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.name = name

    def write(self, event: Event) -> None:
        """Tell an event, and before it what has become of the probes; the tool adds the time.

        What that takes is what it was before the page's first cell, whatever the page replaces.
        """
        changed = set(intact.changes()) - _told
        if not intact.is_own(sys._getframe(1).f_code):  # noqa: SLF001
            changed.add("what records")
        _told.update(changed)
        link = _links.setdefault((self.folder, self.name), Link(self.folder, self.name))
        for what in sorted(changed):
            link.send(_line(Tampered(what=what)), _CUT)
        link.send(_line(event), _CUT)

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


def _line(event: Event) -> str:
    return dumps({key: one for key, one in vars(event).items() if key != "time"}, default=_plain)


def _plain(value: Any) -> object:
    """What is declared within an event, and numpy's scalars as numbers."""
    if is_dataclass(value):
        return vars(value)
    return value.item() if hasattr(value, "item") else str(value)


_CUT = _line(Tampered(what="the connection to the tool"))
