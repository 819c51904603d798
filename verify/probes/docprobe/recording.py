"""JSON lines, written at once, so that what was seen survives the death of the process."""

import json
import time
from pathlib import Path
from typing import Any


class Recorder:
    """Appends events to one file of the evidence folder."""

    def __init__(self, folder: str, name: str) -> None:
        self.folder = folder
        self.path = Path(folder) / f"{name}.jsonl"

    def write(self, event: str, **details: object) -> None:
        """Append one event with the wall-clock time in seconds since 1970."""
        line = json.dumps({"event": event, "time": time.time(), **details}, default=_plain)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _plain(value: Any) -> object:
    """Numpy scalars as numbers, anything else as text."""
    return value.item() if hasattr(value, "item") else str(value)
