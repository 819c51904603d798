"""Children that end with us: an orphan would go on writing into what the next run builds again."""

import sys

# Linux's prctl(PR_SET_PDEATHSIG, SIGKILL), set by a Python that then becomes the command.
_LEASH = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execv(sys.argv[1], sys.argv[1:])"
)


def leashed(*command: str) -> list[str]:
    """Return a command that is killed when this process is; its first part is a full path."""
    return [sys.executable, "-ISc", _LEASH, *command] if sys.platform == "linux" else [*command]
