"""Small programs of ours that show errata and defects in the documented environment."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from pydantic import TypeAdapter

from verify.environment.environment import Environment
from verify.environment.programs import run_program
from verify.errors import ResourceError
from verify.evidence.failure import Failure
from verify.execute import failures, guard
from verify.finding import Verdict
from verify.system import kept
from verify.system.complaints import last_words
from verify.system.resources import PROBES
from verify.system.words import Words

_RUNNER = PROBES / "reproduce.py"
_LIMIT_S = 120


_JSON: TypeAdapter[Failure | None] = TypeAdapter(Failure | None)


def answer_file(
    environment: Environment, program: Path, hidden: Mapping[str, Sequence[str]]
) -> Path:
    """Where it is kept how a reproducer ended, by all that this depends on."""
    programs = program.read_bytes(), _RUNNER.read_bytes()
    return kept.file("reproduced", environment.content, *programs, json.dumps(dict(hidden)))


def remembered(file: Path) -> list[Failure | None]:
    """How a reproducer ended, if that is kept in a file: one answer, or none."""
    try:
        (said,) = kept.read(file)
        return [_JSON.validate_python(said)]
    except (TypeError, ValueError):  # nothing is kept, or not by this version
        return []


def keep(failure: Failure | None, file: Path) -> None:
    """Keep how a reproducer ended, unless it was our fault."""
    if failure is None or failure.verdict is Verdict.FAIL:
        kept.write(file, [_JSON.dump_python(failure, mode="json")])


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
    return run_all(environment, [program], hidden)[0]


def run_all(
    environment: Environment,
    programs: Sequence[Path],
    hidden: Mapping[str, Sequence[str]] | None = None,
) -> list[Failure | None]:
    """Run reproducers one after the other in one process, which saves importing for each.

    Raises:
        ResourceError: they did not end in time, or nothing was heard of one.
    """
    arguments = (json.dumps(dict(hidden or {})), *(str(program.absolute()) for program in programs))
    with guard.scratch_folder() as scratch:
        done = run_program(
            environment,
            _RUNNER,
            *arguments,
            timeout=_LIMIT_S * len(programs),
            environ=guard.environ_in(scratch),
        )
        told = _told(done.stdout)
        return [_failure(program, told, done, scratch) for program in programs]


def _told(output: str) -> dict[str, Any]:
    """How each program ended that ended; the programs' own output is between the lines."""
    told = {}
    for line in output.splitlines():
        if line.startswith('{"program": '):
            entry = json.loads(line)
            told[entry["program"]] = entry["raised"]
    return told


def _failure(
    program: Path, told: Mapping[str, Any], done: CompletedProcess[str], scratch: Path
) -> Failure | None:
    if str(program.absolute()) in told:
        raised = told[str(program.absolute())]
        if raised is None:
            return None
        return failures.of_exception(raised["name"], raised["value"], raised["trace"], scratch)
    if done.returncode < 0:
        return failures.of_dead_kernel(done.returncode)
    last = last_words(done.stderr)
    raise ResourceError(
        Words(zh="{program}：无法运行（{last}）。", en="{program}: cannot be run ({last}).").filled(
            program=program, last=last
        )
    )
