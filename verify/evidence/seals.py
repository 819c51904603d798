"""What was recorded stays as it was: whoever changes it later is seen.

The probes only ever append. A page can write to its own evidence, so what is there is digested
after each step, and looked at again before it is judged.
"""

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path


class Seals:
    """How far each file of the evidence was read, and the digest of it so far."""

    def __init__(self) -> None:
        self._seen: dict[Path, tuple[int, bytes]] = {}

    def set(self, folders: Iterable[Path]) -> None:
        """Seal what lies there by now; what was sealed before must be as it was."""
        for folder in folders:
            for file in folder.glob("*.jsonl"):
                if self._is_whole(file):
                    content = file.read_bytes()
                    self._seen[file] = len(content), hashlib.sha256(content).digest()

    def broken(self) -> Iterator[Path]:
        """The files that are not any more what they were."""
        return (file for file in self._seen if not self._is_whole(file))

    def _is_whole(self, file: Path) -> bool:
        size, digest = self._seen.get(file, (0, hashlib.sha256().digest()))
        try:
            with file.open("rb") as opened:
                return hashlib.sha256(opened.read(size)).digest() == digest
        except OSError:
            return False
