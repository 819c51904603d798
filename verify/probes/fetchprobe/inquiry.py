"""Asking the run whether it has a file for an address."""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

VARIABLE = "VERIFY_FILES"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


class FileAnswer(NamedTuple):
    """Where a file is, and its own digests if it only stands in for the documented one."""

    address: str
    md5: str = ""
    sha256: str = ""

    def instead_of(self, digest: str) -> str:
        """What the loader is to compare with in place of the documented digest, or digits of it."""
        own = self.md5 if len(digest) == len(self.md5) else self.sha256
        return own[: len(digest)] or digest


def asked(url: object) -> FileAnswer | None:
    """Where the run has the file for an address, if it has one."""
    if not _is_asked_for(url):
        return None
    found = _ask("ask", url=str(url))
    return FileAnswer(**found) if found else None


def is_own(digest: str) -> bool:
    """Whether it is a stand-in's own digest, or one of what a stand-in holds."""
    return bool(_ask("own", digest=digest))


@contextmanager
def telling(url: object) -> Iterator[None]:
    """Tell the run if an address that it has no file for cannot be reached."""
    try:
        yield
    except Exception as error:
        if not hasattr(error, "code"):  # an answer, though not a good one
            tell_unreached(url)
        raise


def tell_unreached(url: object) -> None:
    """Tell the run that an address could not be reached."""
    if _is_asked_for(url):
        _ask("unreached", url=str(url))


def _is_asked_for(url: object) -> bool:
    from urllib.parse import urlsplit  # where nobody asks, nothing is loaded

    parts = urlsplit(str(url))
    return parts.scheme in ("http", "https") and parts.hostname not in _LOOPBACK


def _ask(what: str, **question: str) -> Any:
    from http.client import HTTPConnection
    from urllib.parse import urlencode, urlsplit

    connection = HTTPConnection(urlsplit(os.environ[VARIABLE]).netloc)
    try:
        connection.request("GET", f"/{what}?{urlencode(question)}")
        return json.loads(connection.getresponse().read())
    except ConnectionRefusedError:  # the run is over: somebody runs its notebook again by hand
        return None
    finally:
        connection.close()


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    """Have `around(original, *args, **kwargs)` be called for a function of a module or class."""
    original = getattr(owner, name, None)
    if original is None:
        return

    @functools.wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return around(original, *args, **kwargs)

    setattr(owner, name, wrapped)
