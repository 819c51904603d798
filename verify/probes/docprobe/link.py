"""The way of one log's records to the tool, which alone keeps them: see `probeshared.frames`."""

import os
import socket
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from probeshared import frames


class Link:
    """A connection of this process, made when it first has something to send.

    A thread of its own sends, so that a cell that is interrupted leaves no record in halves. What
    forks has the key, and makes a connection of its own.
    """

    def __init__(self, folder: str, name: str) -> None:
        self._path, self._name = str(Path(folder, frames.SOCKET)), name
        self._key = b""
        self._process = 0
        self._sender: Any = None
        self._socket: Any = None

    def send(self, line: str, cut: str) -> None:
        """Send a record; `cut` goes first if the connection was cut since the last one.

        Where nobody hears, the tool will miss it: the page goes on.
        """
        if self._process != os.getpid():
            self._leave()  # it is the parent's
            self._process = os.getpid()
            self._sender = ThreadPoolExecutor(1)
        with suppress(RuntimeError):  # Python is about to end
            self._sender.submit(self._exchange, line.encode(), cut.encode()).result()

    def _exchange(self, line: bytes, cut: bytes) -> None:
        with suppress(OSError, ValueError):
            if self._socket is None:
                self._connect()
            try:
                self._one(line)
            except OSError:
                self._connect()
                self._one(cut)
                self._one(line)

    def _connect(self) -> None:
        self._leave()
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            made.connect(self._path)
        except OSError:
            made.close()
            raise
        self._socket = made
        self._number = 0
        self._socket.sendall(self._name.encode() + b"\n")
        said = b""
        while not said.endswith(b"\n"):
            said += self._heard()
        self._nonce, key = frames.greeted(said)
        self._key = key or self._key

    def _leave(self) -> None:
        """Have the connection no more; its number may be that of a file of the page's by now."""
        if self._socket is not None:
            self._socket.detach()
        self._socket = None

    def _one(self, line: bytes) -> None:
        self._socket.sendall(frames.signed(self._key, self._nonce, self._number, line))
        self._number += 1
        self._heard()

    def _heard(self) -> bytes:
        octet: bytes = self._socket.recv(1)
        if not octet:
            raise ConnectionResetError
        return octet
