"""Files by the addresses at which a page asks for them: over loopback HTTP, for as long as it runs.

The probes ask here for each address that a loader of the page's opens, in the kernel and in all
that it starts. What no file is for goes out to the network; what cannot be reached there they tell.
"""

import hashlib
import json
import socket
import tarfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from urllib.parse import parse_qs, urlsplit

from verify.contract.profiles import FileRow, last_part
from verify.errors import VerifyError
from verify.system.serving import answering

# Gives the file for an address, and what stands for it in a contract.
Obtain = Callable[[FileRow, str], Path]

_BLOCK = 1 << 20
_DIGESTS = ("md5", "sha256")


@dataclass(frozen=True)
class Served:
    """A file that was asked for: at which address, and when, in seconds that no clock sets."""

    url: str
    row: FileRow
    file: Path
    time: float

    @property
    def called(self) -> str:
        """Its row's name; where that is for many addresses, the last part of this one."""
        name = self.row.called
        return last_part(self.url) if "*" in name else name

    @cached_property
    def digests(self) -> dict[str, str]:
        """The file's digests, by the names of their algorithms."""
        with self.file.open("rb") as opened:
            return _digests(iter(lambda: opened.read(_BLOCK), b""))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The paths of the files in it, if it is an archive."""
        if zipfile.is_zipfile(self.file):
            with zipfile.ZipFile(self.file) as archive:
                return tuple(archive.namelist())
        if tarfile.is_tarfile(self.file):
            with tarfile.open(self.file) as packed:
                return tuple(packed.getnames())
        return ()

    @cached_property
    def of_members(self) -> frozenset[str]:
        """The digests of what is in it, if it is an archive."""
        return frozenset(d for content in _members(self.file) for d in _digests([content]).values())


@dataclass(frozen=True)
class Refused:
    """An address that was not reached as no file is for it, or whose file was not had and why."""

    url: str
    why: str
    time: float


class Registry:
    """The files of a run; `port` is where it is to be asked on the loopback."""

    def __init__(self, rows: Sequence[FileRow], obtain: Obtain) -> None:
        self.asked: set[str] = set()
        self.served: list[Served] = []
        self.refused: list[Refused] = []
        self._rows, self._obtain = rows, obtain
        self._lock = threading.Lock()  # of several processes that ask, one waits for the other
        self.port = 0

    @property
    def address(self) -> str:
        """Where it is to be asked."""
        return f"http://127.0.0.1:{self.port}"

    def file_for(self, url: str) -> Served | None:
        """The file for an address, made if need be; None if the network is to be asked."""
        with self._lock:
            self.asked.add(url)
            for served in self.served:
                if served.url == url:
                    return served
            row = next((row for row in self._rows if row.serves(url)), None)
            if row is None:
                return None
            try:
                served = Served(url, row, self._obtain(row, url), time.monotonic())
            except VerifyError as error:
                self.refused.append(Refused(url, str(error), time.monotonic()))
                return None
            self.served.append(served)
            return served

    def answer(self, url: str) -> dict[str, str]:
        """What a probe is told of an address: where the file is, and a stand-in's own digests."""
        served = self.file_for(url)
        if served is None:
            return {}
        place = f"{self.address}/files/{self.served.index(served)}/{last_part(url)}"
        return {"address": place} | (served.digests if served.row.program else {})

    def number(self, text: str) -> Served | None:
        """The file that was the so-manieth to be asked for."""
        known = text.isdigit() and int(text) < len(self.served)
        return self.served[int(text)] if known else None

    def is_own(self, digest: str) -> bool:
        """Whether it is the digest of a stand-in, or of a part of one, that was asked for."""
        return any(
            digest in served.digests.values() or digest in served.of_members
            for served in list(self.served)
            if served.row.program
        )


@contextmanager
def running(rows: Sequence[FileRow], obtain: Obtain) -> Iterator[Registry]:
    """A registry that answers until the block ends; `obtain` makes a file when it is asked for."""
    registry = Registry(rows, obtain)
    handler = type("Handler", (_Handler,), {"registry": registry})
    with answering(ThreadingHTTPServer(("127.0.0.1", 0), handler)) as server:
        registry.port = server.server_port
        yield registry


@contextmanager
def answering_at(path: Path, registry: Registry) -> Iterator[None]:
    """Let a registry answer at a socket among the files, too, until the block ends."""
    handler = type("Handler", (_Handler,), {"registry": registry})
    with answering(_SocketServer(str(path), handler)):
        yield


class _SocketServer(ThreadingUnixStreamServer):
    """HTTP over a socket among the files."""

    daemon_threads = True

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        """A connection; whoever asks has no address."""
        connection, _ = super().get_request()
        return connection, ("", 0)


class _Handler(BaseHTTPRequestHandler):
    """`/ask?url=…`, `/own?digest=…`, `/unreached?url=…`, and `/files/<number>/<name>`."""

    registry: Registry

    def do_GET(self) -> None:
        """Answer, or hand a file over."""
        parts = urlsplit(self.path)
        asked = parse_qs(parts.query)
        match parts.path.split("/"):
            case ["", "ask"] if "url" in asked:
                self._say(self.registry.answer(asked["url"][0]))
            case ["", "own"] if "digest" in asked:
                self._say(self.registry.is_own(asked["digest"][0]))
            case ["", "unreached"] if "url" in asked:
                self.registry.refused.append(Refused(asked["url"][0], "", time.monotonic()))
                self._say(None)
            case ["", "files", number, _] if served := self.registry.number(number):
                self._hand_over(served)
            case _:
                self.send_error(404)

    def do_HEAD(self) -> None:
        """The same without the content."""
        self.do_GET()

    def _say(self, what: object) -> None:
        content = json.dumps(what).encode()
        self._head(len(content))
        self._send(content)

    def _hand_over(self, served: Served) -> None:
        digest = served.digests["sha256"]
        # By these a client of the Hugging Face hub knows a file.
        self._head(served.file.stat().st_size, ETag=f'"{digest}"', X_Repo_Commit=digest[:40])
        with served.file.open("rb") as opened:
            for block in iter(lambda: opened.read(_BLOCK), b""):
                self._send(block)

    def _head(self, length: int, **more: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def _send(self, content: bytes) -> None:
        if self.command != "HEAD":
            with suppress(ConnectionError):  # whoever asked has had enough
                self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Keep the terminal free of requests."""


def _digests(blocks: Iterator[bytes] | list[bytes]) -> dict[str, str]:
    digests = {name: hashlib.new(name, usedforsecurity=False) for name in _DIGESTS}
    for block in blocks:
        for digest in digests.values():
            digest.update(block)
    return {name: digest.hexdigest() for name, digest in digests.items()}


def _members(file: Path) -> Iterator[bytes]:
    """The contents of an archive's files."""
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            yield from (archive.read(one) for one in archive.infolist() if not one.is_dir())
    elif tarfile.is_tarfile(file):
        with tarfile.open(file) as packed:
            yield from (opened.read() for one in packed if (opened := packed.extractfile(one)))
