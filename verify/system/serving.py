"""A server that answers beside us for a while."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from typing import TypeVar

_Server = TypeVar("_Server", bound=BaseServer)
# A run has several servers, and waits for the end of each; the default is half a second.
_LOOKS_UP_S = 0.05


@contextmanager
def answering(server: _Server) -> Iterator[_Server]:
    """Have a server answer in a thread of its own until the block ends."""
    with server:
        threading.Thread(target=server.serve_forever, args=(_LOOKS_UP_S,), daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
