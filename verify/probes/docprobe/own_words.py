"""Whether an exception is no more than the page's own words, or what the machine came to."""

import dis
import sys
from types import TracebackType

_RAISE = dis.opmap["RAISE_VARARGS"]
_LIBRARIES = (sys.prefix, sys.base_prefix, "<frozen")


def only() -> bool:
    """Whether the last exception, and each that it came from, was a `raise` in the page's code.

    What a library raises, or the system through it, is known otherwise than from the page's words.
    """
    error = getattr(sys, "last_value", None)
    return error is not None and all(map(_is_own, _chain(error)))


def _chain(error: BaseException) -> list[BaseException]:
    """An exception, those it came from, and of one in another process what was raised there."""
    chain: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in chain:
        chain.append(following)
        cause = getattr(following, "cause", None)
        there = cause if isinstance(cause, BaseException) else None
        following = following.__cause__ or following.__context__ or there
    return chain


def _is_own(error: BaseException) -> bool:
    trace = _innermost(error.__traceback__)
    if trace is None:  # it was raised in another process, which has kept the trace
        return not isinstance(error, (OSError, MemoryError)) and _is_plain(error)
    code = trace.tb_frame.f_code
    own = not code.co_filename.startswith(_LIBRARIES)
    return own and code.co_code[trace.tb_lasti] == _RAISE


def _is_plain(error: BaseException) -> bool:
    """Whether it is of Python itself or of the page, not of a library."""
    return type(error).__module__ in ("builtins", "__main__")


def _innermost(trace: TracebackType | None) -> TracebackType | None:
    while trace and trace.tb_next:
        trace = trace.tb_next
    return trace
