"""A plugin of pytest: runs the collected tests on each mutant of a module, each in a fork.

What is imported and collected once serves all of them, so a mutant costs what its tests take. What
runs when a module is imported, such as its constants, is imported anew in a process of its own.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from types import CodeType, ModuleType

import pytest

from tests import PROJECT
from tests.mutation import mutants, swapping

OPTIONS = (
    *("-q", "-p", "no:cacheprovider", "-m", "not slow"),
    *("-p", "tests.mutation.examples", "--hypothesis-profile=mutation"),
)
_SLOWER, _LEAST_S = 5, 10  # seconds of the processor, beyond which a mutant hangs
_STALLED = 20  # times that by the clock: others have the processor, too


def pytest_addoption(parser: pytest.Parser) -> None:
    """Which module, and where to."""
    group = parser.getgroup("mutation")
    group.addoption("--mutate", metavar="MODULE", help="the module, as it is imported")
    group.addoption("--mutation-out", metavar="FILE", help="where what became of each goes")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """Run the tests on each mutant in turn.

    Raises:
        pytest.UsageError: they fail on the module itself.
    """
    name = session.config.getoption("--mutate")
    if not name:
        return None
    path = PROJECT / (name.replace(".", "/") + ".py")
    source = path.read_text(encoding="utf-8")
    tests = _Tests(session, name)
    tests.measure()
    found = list(mutants.of(source))
    change = _Change(sys.modules[name], source, path)
    survivors = []
    for mutant in found:
        try:
            alive = tests.pass_with(change.of(mutant.source))
        except swapping.AtImportError:
            alive = tests.pass_anew(mutant.source)
        except Exception:  # noqa: BLE001  # whatever it is, nobody can import this
            alive = False
        if alive:
            survivors.append({"before": mutant.before, "after": mutant.after})
    told = {
        "module": name.removeprefix("verify."),
        "date": datetime.now(timezone.utc).date().isoformat(),
        "total": len(found),
        "survivors": survivors,
    }
    out = Path(session.config.getoption("--mutation-out"))
    out.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return True


class _Change:
    """What makes an imported module a mutant of its own."""

    def __init__(self, module: ModuleType, source: str, path: Path) -> None:
        self._module, self._file = module, str(path)
        self._original = self._compiled(source)
        self._living = swapping.living(path)

    def of(self, source: str) -> Callable[[], None]:
        """What a process has to do that is to have this source instead.

        Raises:
            AtImportError: nothing makes it so that is imported already.
        """
        after = self._compiled(source)
        try:
            swaps = swapping.swaps(self._original, after, self._living)
        except swapping.AtImportError:
            values = swapping.constants(self._module, after)
            return lambda: vars(self._module).update(values)
        return lambda: swapping.swap(swaps)

    def _compiled(self, source: str) -> CodeType:
        return compile(source, self._file, "exec", dont_inherit=True)


class _Tests:
    """The collected tests, those first that are quick or have just noticed something."""

    def __init__(self, session: pytest.Session, module: str) -> None:
        self._session, self._module = session, module
        self._items = list(session.items)
        self._limit_s = 600

    def measure(self) -> None:
        """Run them on the module itself, and see how long they take.

        Raises:
            pytest.UsageError: one fails.
        """
        ended = self._run(lambda: None)
        if ended is None or len(ended) < len(self._items):
            which = "" if ended is None else self._items[len(ended)].nodeid
            raise pytest.UsageError(f"Without any mutant, too, a test fails: {which}")
        took = dict(zip(self._items, ended, strict=True))
        self._items.sort(key=lambda item: took[item])
        self._limit_s = int(_SLOWER * sum(ended)) + _LEAST_S

    def pass_with(self, change: Callable[[], None]) -> bool:
        """Whether they pass after a change."""
        ended = self._run(change)
        if ended is None:
            return False
        if alive := len(ended) == len(self._items):
            return alive
        self._items.insert(0, self._items.pop(len(ended)))
        return False

    def pass_anew(self, source: str) -> bool:
        """Whether they pass in a process that imports this source in the module's place."""
        file = Path(self._session.config.getoption("--mutation-out")).with_suffix(".mutant")
        file.write_text(source, encoding="utf-8")
        command = [sys.executable, "-m", "tests.mutation.imported", self._module, str(file)]
        try:
            ended = subprocess.run(
                [*command, "-x", *OPTIONS, *self._session.config.args],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                timeout=_STALLED * self._limit_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return ended.returncode == 0

    def _run(self, change: Callable[[], None]) -> list[float] | None:
        """How long each took that passed before one failed; None if the process was ended."""
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            self._in_child(change, writing)
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as told:
            text = told.read()
        os.waitpid(child, 0)
        return None if not text else [float(one) for one in text.split()[1:]]

    def _in_child(self, change: Callable[[], None], writing: int) -> None:
        """Run them until one fails, tell, and end."""
        resource.setrlimit(resource.RLIMIT_CPU, (self._limit_s, self._limit_s))
        signal.alarm(_STALLED * self._limit_s)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(silence, stream)
        passed = ["ran"]
        try:
            change()
            for item, following in zip(self._items, [*self._items[1:], None], strict=True):
                started = time.process_time()
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
                if self._session.testsfailed:
                    break
                passed.append(f"{time.process_time() - started:.4f}")
        finally:
            os.write(writing, " ".join(passed).encode())
            os._exit(0)
