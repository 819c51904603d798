"""JSON lines, written at once, so that what was seen survives the death of the process."""

import json
import time
from dataclasses import is_dataclass
from pathlib import Path
from typing import Any

from probeshared.events import Event


class Recorder:
    """Appends events to one file of the evidence folder."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.path = Path(folder) / f"{name}.jsonl"

    def write(self, event: Event) -> None:
        """Append one event with the wall-clock time in seconds since 1970."""
        line = json.dumps(vars(event) | {"time": time.time()}, default=_plain)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _plain(value: Any) -> object:
    """What is declared within an event, and numpy's scalars as numbers."""
    if is_dataclass(value):
        return vars(value)
    return value.item() if hasattr(value, "item") else str(value)
