"""How every command ends: a problem is told in a sentence, and gives its exit code."""

import os
import platform
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import typer

from verify.errors import ExitCode, VerifyError

DISTRIBUTION = "secretflow-docs-verify"
_READER_GONE = 128 + signal.SIGPIPE  # as of a program that the signal ends


@contextmanager
def ending() -> Iterator[None]:
    """End the program with a sentence and an exit code if the block ends with a problem."""
    try:
        yield
        sys.stdout.flush()
    except typer.Exit:
        raise
    except BrokenPipeError:
        # What is still to be written goes nowhere, so that Python has nothing to tell, either.
        for stream in (sys.stdout, sys.stderr):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        sys.exit(_READER_GONE)
    except KeyboardInterrupt:
        _end("Interrupted.", ExitCode.INTERRUPTED)
    except VerifyError as problem:
        _end(str(problem), problem.exit_code)
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is no verdict
        why = f"{type(problem).__name__}: {problem}".split("\n")[0]
        _end(f"Our own fault ({why}); {_kept(problem)}", ExitCode.OURS)


def versions() -> str:
    """The version of the tool, and of the Python that it runs in."""
    from importlib.metadata import version  # noqa: PLC0415 - seldom asked for

    return f"{DISTRIBUTION} {version(DISTRIBUTION)} (Python {platform.python_version()})"


def _end(sentence: str, code: ExitCode) -> NoReturn:
    with suppress(OSError):  # nobody may be listening
        typer.secho(sentence, err=True, fg="red", bold=True)
    sys.exit(int(code))


def _kept(problem: Exception) -> str:
    """Keep the traceback in the cache, or where there is room, and say where."""
    import tempfile  # noqa: PLC0415 - what is needed here seldom is
    import traceback  # noqa: PLC0415

    from verify.system import cache  # noqa: PLC0415

    lines = [f"{versions()}\n{sys.argv}\n", *traceback.format_exception(problem)]
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    for folder in (cache.cache_root() / "tracebacks", Path(tempfile.gettempdir())):
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("".join(lines), encoding="utf-8")
            return f"please report it with {folder / name}, which has the details."
    return "its details could not be written anywhere."
