"""Modules to import, and what the probes wrote."""

from pathlib import Path
from typing import Any

import numpy as np
from docprobe import intact
from docprobe.recording import Recorder

from verify.evidence import reading

Array = np.ndarray[Any, Any]


def write_module(folder: Path, name: str = "watched", text: str = "value = 1\n") -> None:
    """Write a module, and the folders of its packages, where it can be imported."""
    path = folder.joinpath(*name.split(".")).with_suffix(".py")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def record(recorder: Recorder, event: Any) -> None:
    """Record something as a probe does."""
    recorder.write(event)


intact.know(record.__code__)


def logged(path: Path, *kinds: str) -> list[dict[str, Any]]:
    """The events of one file, or those of some kinds, without their times, as evidence has them."""
    return [
        {key: value for key, value in vars(event).items() if key != "time"}
        for event in reading.recorded(path)
        if not kinds or event.event in kinds
    ]
