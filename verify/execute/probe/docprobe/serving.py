"""A folder over loopback HTTP, from inside the kernel and for as long as it lives."""

import functools
import http.server
import threading


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Keep the notebook's output free of our requests."""


def serve(folder: str, port: int) -> None:
    """Offer `folder` at 127.0.0.1:`port` in a daemon thread."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
