"""What was recorded stays as it was: whoever changes it later is seen.

The probes only ever append. A page can write to its own evidence, so what is there is digested
after each step, and looked at again before it is judged.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from verify.system import of_a_page


class Seals:
    """How far each file of the evidence was read, and the digest of it so far."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, bytes]] = {}

    def set(self, folders: Iterable[Path]) -> None:
        """Seal what lies there by now; what was sealed before must be as it was."""
        for folder in folders:
            for file in folder.glob("*.jsonl"):
                content = self._whole(file)
                if content is not None:
                    self._seen[file] = len(content), hashlib.sha256(content).digest()

    def broken(self) -> Iterator[Path]:
        """The files that are not any more what they were."""
        return (file for file in self._seen if self._whole(file) is None)

    def _whole(self, file: Path) -> bytes | None:
        """What a file holds, if that begins as it was sealed."""
        size, digest = self._seen.get(file, (0, hashlib.sha256().digest()))
        try:
            content = of_a_page.content(file)
        except OSError:
            return None
        return content if hashlib.sha256(content[:size]).digest() == digest else None
