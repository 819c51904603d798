"""An exception as it was raised: what it says, and whether SecretFlow itself refused."""

import re
import traceback

from probeshared.events import Fault, RaisedEvent

# A frame of a trace: its file, and the line of source where it was left.
_FRAME = re.compile(r'File "([^"]+)", line \d+.*\n\s*(.*)')
_CHAINED = "During handling of the above exception"


def told(error: BaseException) -> RaisedEvent:
    """The exception as its party raised it.

    It is SecretFlow's `own` if a check of its code raised it, and not while it dealt with another.
    """
    text = "".join(traceback.format_exception(type(error), error, error.__traceback__)).strip()
    cause = getattr(error, "cause", None) or error
    message = (str(cause).strip().splitlines() or [""])[-1]
    file, line = (_FRAME.findall(text) or [("", "")])[-1]
    check = isinstance(cause, AssertionError) or line.startswith("raise ")
    own = check and "/site-packages/secretflow" in file and _CHAINED not in text
    return RaisedEvent(raised=type(cause).__name__, message=message, own=own)


def fault(error: Exception) -> Fault:
    """A fault of the probes' own, in a line; of one in another process, what was raised there."""
    cause = getattr(error, "cause", None) or error
    return Fault(reason=f"{type(cause).__name__}: {cause}".splitlines()[0])
