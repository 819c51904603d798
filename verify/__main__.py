"""`python -m verify`."""

# Both are loaded before any program begins: importing them looks into no folder.
import os
import sys


def _leave_working_folder() -> None:
    """Import nothing from the folder that we are started in, which may be a page's.

    `-m` puts it first, and Python 3.10 has no `-P`. A checkout of ours that is not installed is
    found in it all the same, but after everything else.
    """
    here = _real(os.curdir)
    home = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))  # noqa: PTH120
    sys.path[:] = [one for one in sys.path if _real(one or os.curdir) != here]
    if home == here:
        sys.path.append(home)


def _real(path: str) -> str:
    """Where a path leads; nowhere, if that is told from a folder that is gone."""
    try:
        return os.path.realpath(path)
    except FileNotFoundError:
        return ""


if __name__ == "__main__":
    _leave_working_folder()
    from verify.cli.app import main

    main()
