"""What is found out once and kept in the cache: JSON, which can be found out again.

Answers have a file each, named after what they depend on.
"""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic_core import from_json

from verify.system import cache, digests


def file(kind: str, *depends_on: str | bytes) -> Path:
    """Where the answer of a kind is kept, given all that it depends on."""
    return cache.location("answers", f"{kind}-{digests.of(*depends_on)[:24]}.json")


def read(path: Path) -> Any:  # noqa: ANN401  # any JSON
    """What is kept, None if nothing readable is."""
    try:
        return from_json(path.read_bytes(), allow_inf_nan=False)
    except (OSError, ValueError):
        return None


def table(path: Path) -> dict[str, Any]:
    """What is kept by name; nothing if that is no table."""
    found = read(path)
    return found if isinstance(found, dict) else {}


def write(path: Path, answer: object) -> None:
    """Keep an answer, if the cache can be written; otherwise it is found out again next time."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        cache.write_whole(path, json.dumps(answer))
