"""What the probes record as it comes: the tool alone keeps it, out of the page's reach.

Who speaks first for a log is given its key, for the kernel's our own cell before the page's first.
From then on a record counts only if it is signed with that key and is the one that comes next.
"""

import errno
import hashlib
import itertools
import os
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingUnixStreamServer
from typing import Any, BinaryIO

from verify.probed import frames
from verify.system import regular_files
from verify.system.complaints import why
from verify.system.serving import answering
from verify.system.words import Text, Words

_STRAY_LOG = Words(zh="收到了探针不会写的记录", en="was given a log that no probe writes")
_UNSIGNED = Words(
    zh="收到的内容没有签名，或顺序不对", en="what came was not signed, or not in its order"
)
_SILENT = Words(zh="探针不再回答", en="the probes do not answer any more")
_UNWRITABLE = Words(zh="无法写入（{why}）", en="cannot be written ({why})")

KERNEL = "kernel"
SOCKET = frames.SOCKET
_SAYS_INTACT = '{"event": "intact", "asked": "%s"}'
_MOST_BYTES = 2**28  # of a record
_MOST_IN_ALL = 2**31
_MOST_LOGS = 10_000
_MOST_NAME = 2**10
_MOST_CONNECTIONS = 200


@dataclass
class _Log:
    """One file of the evidence: the key of who writes it, and what it holds so far."""

    file: Path
    opened: BinaryIO
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    digest: "hashlib._Hash" = field(default_factory=hashlib.sha256)


class Records:
    """The records of one kernel and of its parties, each log a file in a folder.

    `damages` says of files what was noticed that no probe does.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._logs: dict[str, _Log] = {}
        self._lock = threading.Lock()
        self._bytes = 0
        self._awaited = _SAYS_INTACT.encode()  # who was never asked has not answered
        self.damages: list[tuple[Path, Text]] = []
        folder.mkdir(parents=True, exist_ok=True)
        for old in folder.glob("*.jsonl"):
            old.unlink()

    def claim(self, name: str) -> bytes:
        """The key of a log for who speaks first for it, and nothing for all others.

        Raises:
            OSError: its file cannot be made.
        """
        with self._lock:  # many may ask at once
            if name in self._logs:
                return b""
            if "/" in name or "\0" in name or len(self._logs) >= _MOST_LOGS:
                self._notice(self._folder, _STRAY_LOG)
                raise ConnectionRefusedError(name)
            file = self._folder / f"{name}.jsonl"
            self._logs[name] = _Log(file, file.open("ab", buffering=0))
            return self._logs[name].key

    def take(self, name: str, nonce: bytes, number: int, frame: bytes) -> bool:
        """Keep a record, with the moment at which it came; whether it is one of the probes'.

        Raises:
            OSError: it cannot be written.
        """
        log = self._logs[name]
        line = frames.opened(log.key, nonce, number, frame)
        if line is None:
            self._notice(log.file, _UNSIGNED)
            return False
        with self._lock:
            kept = b'{"time": %r, ' % time.monotonic() + line.removeprefix(b"{") + b"\n"
            self._bytes += len(kept)
            if self._bytes > _MOST_IN_ALL:
                raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
            log.opened.write(kept)
            log.digest.update(kept)
            if name == KERNEL and line == self._awaited:
                self._awaited = b""
        return True

    def question(self) -> str:
        """What the probes are asked next: nobody can have answered it before."""
        asked = secrets.token_hex(8)
        self._awaited = (_SAYS_INTACT % asked).encode()
        return asked

    @property
    def is_answered(self) -> bool:
        """Whether the probes have answered the last question."""
        return not self._awaited

    def miss_answer(self) -> None:
        """Notice that they have not, if that is so: of what is silent nothing is known."""
        if not self.is_answered:
            self._notice(self._folder / f"{KERNEL}.jsonl", _SILENT)

    def changed(self) -> Iterator[Path]:
        """The files that are not what was written."""
        for log in list(self._logs.values()):
            with self._lock:
                wanted = log.digest.digest()
                try:
                    there = hashlib.sha256(regular_files.content(log.file)).digest()
                except OSError:
                    there = b""
            if there != wanted:
                yield log.file

    def lost(self, name: str, error: OSError) -> None:
        """Notice that records of a log cannot be kept."""
        self._notice(self._folder / f"{name}.jsonl", _UNWRITABLE.filled(why=why(error)))

    def close(self) -> None:
        """Take nothing more."""
        with self._lock:
            for log in self._logs.values():
                log.opened.close()

    def _notice(self, file: Path, what: Text) -> None:
        if (file, what) not in self.damages:
            self.damages.append((file, what))


@contextmanager
def kept_in(folder: Path, *, listening: Path) -> Iterator[Records]:
    """Keep the records of a kernel that come to a folder in which the tool listens."""
    path = listening / SOCKET
    path.unlink(missing_ok=True)
    with closing(Records(folder)) as records:
        handler = type("Handler", (_Handler,), {"records": records})
        with answering(_Server(str(path), handler)):
            yield records


class _Server(ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False

    speaking = 0

    def verify_request(self, *_: object) -> bool:
        """Whether one more may speak: a page can ask for connections without end."""
        return self.speaking < _MOST_CONNECTIONS

    def process_request_thread(self, request: Any, client_address: object) -> None:  # noqa: ANN401  # what its base takes
        """Hear somebody to the end."""
        self.speaking += 1
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.speaking -= 1


class _Handler(StreamRequestHandler):
    """One connection: a log's name, then record after record, each answered when it is kept."""

    records: Records

    def handle(self) -> None:
        """Hear it to its end; a record that is cut short comes again, or its writer has died."""
        with suppress(ConnectionError, ValueError):
            name = self.rfile.readline(_MOST_NAME).decode().removesuffix("\n")
            try:
                self._hear(name)
            except ConnectionError:
                raise
            except OSError as error:
                self.records.lost(name, error)

    def _hear(self, name: str) -> None:
        nonce = secrets.token_bytes(16)
        self.wfile.write(frames.greeting(nonce, self.records.claim(name)))
        for number in itertools.count():
            frame = self.rfile.readline(_MOST_BYTES)
            whole = frame.endswith(b"\n") or len(frame) == _MOST_BYTES
            if not whole or not self.records.take(name, nonce, number, frame):
                return
            self.wfile.write(frames.TAKEN)
