"""Standard input: nobody types into it, and what reads it would find it empty and go on."""

import sys
from importlib import import_module
from typing import Any


class _Unanswered:
    """Standard input as it is, but that a page's reading of it does not pass in silence."""

    def __init__(self, real: Any) -> None:  # a stream of any kind
        self._real = real

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    def read(self, *_: object) -> str:
        """What the page's reader answers; where nobody does, the kernel raises that."""
        return str(import_module("IPython").get_ipython().kernel.raw_input(""))

    readline = readlines = __iter__ = __next__ = read


def watch() -> None:
    """Have the page's reading of standard input raise, as its asking with `input` does."""
    if sys.stdin is not None:
        sys.stdin = _Unanswered(sys.stdin)
