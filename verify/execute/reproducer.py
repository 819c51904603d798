"""Small programs of ours, each of which shows one erratum in the documented environment."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from verify.environment import Environment, run_program
from verify.errors import ResourceError
from verify.execute import failure, guard
from verify.execute.failure import Failure
from verify.execute.prepare import PROBES
from verify.execute.runner import kernel_environ

_RUNNER = PROBES / "reproduce.py"
_LIMIT_S = 120


def run(
    environment: Environment, program: Path, hidden: Mapping[str, Sequence[str]]
) -> Failure | None:
    """Run a reproducer; returns how it failed, nothing if it ended well.

    Args:
        environment: whose Python runs it.
        program: its file.
        hidden: packages, with their modules, that the page's reader does not have.

    Raises:
        ResourceError: it did not end in time, or nothing was heard of it.
    """
    arguments = (str(program), json.dumps(dict(hidden)))
    with guard.scratch_folder() as scratch:
        done = run_program(
            environment, _RUNNER, *arguments, timeout=_LIMIT_S, environ=kernel_environ(scratch)
        )
        if done.returncode < 0:
            return failure.of_dead_kernel(done.returncode)
        try:
            raised = json.loads(done.stdout.splitlines()[-1])
        except (ValueError, IndexError) as error:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise ResourceError(f"{program}: cannot be run ({last}).") from error
        if raised is None:
            return None
        return failure.of_exception(raised["name"], raised["value"], raised["trace"], scratch)
