"""Small programs of ours, run with the Python of a documented environment."""

import os
import re
import signal
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from subprocess import DEVNULL, PIPE, CompletedProcess, Popen
from tempfile import TemporaryDirectory, TemporaryFile

from verify.environment.environment import Environment
from verify.errors import ResourceError
from verify.system import cache
from verify.system.words import Words

# Language, time, threads, and the way to the network; no token and nothing of a user's settings.
_FOR_PAGES = re.compile(
    r"PATH|LANG|LANGUAGE|LC_\w+|TZ|LD_LIBRARY_PATH|PYTHONNOUSERSITE|TF_CPP_MIN_LOG_LEVEL|"
    r"(?:OMP|MKL|OPENBLAS)_NUM_THREADS|(?i:https?|all|no)_(?i:proxy)|"
    r"SSL_CERT_(?:FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|HF_ENDPOINT"
)


def clean_environ(environment: Environment) -> dict[str, str]:
    """Return the variables for its processes: ours, but nothing that redirects Python's imports."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    path = f"{environment.python.parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return ours | {"PATH": path, "PYTHONNOUSERSITE": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}


def page_environ(environment: Environment) -> dict[str, str]:
    """Return the variables for a page's processes: those by name that a stranger may know."""
    variables = clean_environ(environment).items()
    return {name: value for name, value in variables if _FOR_PAGES.fullmatch(name)}


def run_program(
    environment: Environment,
    program: Path,
    *args: str,
    timeout: float,
    hear: cache.Notify | None = None,
    environ: Mapping[str, str] | None = None,
) -> CompletedProcess[str]:
    """Run a small program of ours with the environment's Python; its output is captured.

    It is started in an empty folder, for libraries read settings where they are started, which may
    be a page's folder; so paths among its arguments have to be whole.

    Args:
        environment: whose Python runs it.
        program: the program's file.
        args: its arguments.
        timeout: the seconds after which it is ended.
        hear: gets each line of standard output as it comes.
        environ: variables for it besides those that every process of the environment has.

    Raises:
        ResourceError: it did not end in time.
    """
    command = [str(environment.python), "-u", str(program.absolute()), *args]
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as empty,
        TemporaryFile("w+", encoding="utf-8") as errors,
        # A session of its own, so that what the program started (Ray's processes) ends with it.
        Popen(
            command,
            cwd=empty,
            env=clean_environ(environment) | dict(environ or {}),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=errors,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        ) as process,
    ):
        late = threading.Event()

        def stop() -> None:
            late.set()
            with suppress(ProcessLookupError):  # it ends at this very moment
                os.killpg(process.pid, signal.SIGKILL)

        timer = threading.Timer(timeout, stop)
        timer.start()
        lines = []
        try:
            for line in process.stdout or ():
                lines.append(line)
                if hear:
                    hear(line.strip())
            process.wait()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            timer.cancel()
        if late.is_set():
            raise ResourceError(
                Words(
                    zh="{program} 没有在 {timeout:g} 秒内结束。",
                    en="{program} did not end within {timeout:g} s.",
                ).filled(program=program, timeout=timeout)
            )
        errors.seek(0)
        return CompletedProcess(command, process.returncode, "".join(lines), errors.read())
