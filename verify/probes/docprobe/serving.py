"""Files over loopback HTTP, from inside the kernel and for as long as it lives."""

import functools
import http.server
import threading
from collections.abc import Mapping


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args: object, files: Mapping[str, str]) -> None:
        self.files = files
        super().__init__(*args)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """Know the files by their names alone; any other path leads nowhere."""
        return self.files.get(path.lstrip("/"), "")

    def log_message(self, *_: object) -> None:
        """Keep the notebook's output free of our requests."""


def serve(files: Mapping[str, str], port: int) -> None:
    """Offer each file under its name at 127.0.0.1:`port`, in a daemon thread."""
    handler = functools.partial(_Quiet, files=files)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
