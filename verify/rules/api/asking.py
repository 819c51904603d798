"""Asks the documented environment, and keeps its answers for the next time."""

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from filelock import FileLock

from verify.environment.environment import Environment
from verify.environment.programs import run_program
from verify.errors import ResourceError
from verify.probed import questions
from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.system import kept
from verify.system.resources import PROBES
from verify.system.words import Tell, Words

_ASKING = Words(
    zh="正在向 {environment} 查询 {count} 个名字和调用。",
    en="Asking {environment} about {count} names and calls.",
)
_DIES = Words(
    zh="{name} 未能全部检查：{environment} 一查看它就崩溃。",
    en="Not all of {name} could be checked: {environment} dies when it is looked at.",
)

_PROGRAM = PROBES / "answering.py"
_SHARED = [PROBES / "probeshared" / name for name in ("questions.py", "places.py")]
_LIMIT_S = 300
_DIED = "the process died"
Json = dict[str, object]
# Before everything else: importing TensorFlow before SecretFlow ends a plain process.
_FIRST = "secretflow"


def ask(
    environment: Environment, wanted: Iterable[InterfaceQuestion], notify: Tell
) -> dict[InterfaceQuestion, Answer]:
    """Answer questions, from what is kept or by starting the environment's Python.

    A question at which that Python dies stays undecided, and the user hears of it.

    Raises:
        ResourceError: the environment's Python does not start.
    """
    asked = list(dict.fromkeys(wanted))
    path = kept.file("interface", environment.content, *_programs())
    known = kept.read(path) or {}
    if new := [question for question in asked if question.key not in known]:
        notify(_ASKING.filled(environment=environment.name, count=len(new)))
        answered = _answers(environment, new)
        known |= answered
        _keep(path, answered)
    told = {question: questions.answer(known[question.key]) for question in asked}
    for top in sorted({one.top for one, answer in told.items() if answer.why == _DIED}):
        notify(_DIES.filled(name=top, environment=environment.name))
    return told


@cache
def _programs() -> list[bytes]:
    """What tells one state of the program that answers from another."""
    programs = [*_PROGRAM.parent.glob("*.py"), *_PROGRAM.parent.glob("apiprobe/*.py"), *_SHARED]
    return [file.read_bytes() for file in sorted(programs)]


def _answers(environment: Environment, wanted: list[InterfaceQuestion]) -> dict[str, Json]:
    rest = sorted(wanted, key=lambda one: (not one.top.startswith(_FIRST), one.top, one.key))
    found: dict[str, Json] = {}
    deaths: Counter[str] = Counter()
    while rest:
        before = len(found)
        died_at = _one_process(environment, rest, found)
        if died_at is not None:
            deaths[died_at.top] += 1
            # A package that ends a second process would end one for each question.
            lost = [one for one in rest if one.top == died_at.top and one.key not in found]
            for one in lost if deaths[died_at.top] > 1 else [died_at]:
                found[one.key] = {"verdict": Verdict.UNDECIDED.value, "why": _DIED}
        if len(found) == before:
            raise ResourceError(
                Words(
                    zh="{python}：没有回答；请删除 {prefix} 后重新运行。",
                    en="{python}: does not answer; remove {prefix} and run again.",
                ).filled(python=environment.python, prefix=environment.prefix)
            )
        rest = [question for question in rest if question.key not in found]
    return found


def _one_process(
    environment: Environment, wanted: list[InterfaceQuestion], found: dict[str, Json]
) -> InterfaceQuestion | None:
    """Collect what one process answers; return the question at which it died."""
    with TemporaryDirectory() as folder:
        asked, told = Path(folder, "questions"), Path(folder, "answers")
        lines = (json.dumps(json.loads(one.key) | {"key": one.key}) for one in wanted)
        asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
        told.touch()
        with suppress(ResourceError):  # it hangs at what is announced and not answered
            run_program(environment, _PROGRAM, str(asked), str(told), timeout=_LIMIT_S)
        asking = None
        for line in told.read_text(encoding="utf-8").splitlines():
            with suppress(ValueError):  # the last line, if the process died while it wrote
                entry = json.loads(line)
                asking = entry.get("asking", asking)
                if "answer" in entry:
                    found[entry["key"]] = entry["answer"]
    return next((one for one in wanted if one.key == asking and asking not in found), None)


def _keep(path: Path, answered: dict[str, Json]) -> None:
    """Add to what is kept; another process may do so at the same time."""
    with suppress(OSError):  # where nothing can be kept, it is asked for again
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock")):
            kept.write(path, (kept.read(path) or {}) | answered)
