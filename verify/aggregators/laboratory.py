"""A running SecretFlow to try rounds of aggregation in, one after the other."""

import json
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any

from verify.aggregators.trial import Answer, Died, OddResult, Trial, TrialRaised, TrialResult
from verify.environment.environment import Environment
from verify.environment.programs import clean_environ
from verify.errors import ResourceError
from verify.execute import guard
from verify.finding import Worded
from verify.probed import trials
from verify.system.complaints import last_words
from verify.system.resources import PROBES
from verify.system.words import Words

_NO_ANSWER = Words(zh="{limit:g} 秒内没有回答", en="no answer within {limit:g} s")
_ENDED_BY = Words(zh="被 {signal} 结束", en="ended by {signal}")
_EXIT_CODE = Words(zh="退出码 {code}", en="exit code {code}")

_PROGRAM = PROBES / "aggregating.py"
_START_LIMIT_S = 120.0
Json = dict[str, Any]


class Setting(Worded):
    """How the parties run."""

    TOGETHER = (
        "together",
        "together",
        "在同一个进程里",
    )  # SecretFlow's debug mode: its own code, all in one process
    APART = (
        "apart",
        "apart",
        "各在一个进程里",
    )  # SecretFlow's simulation, as the tutorials use it: a process for each party


class Laboratory:
    """Calls the environment's SecretFlow; where it dies or hangs, that is the answer.

    Args:
        environment: whose Python runs it.
        setting: how the parties run.
        scratch: a guarded folder, whose processes end with it.
        limit_s: the seconds that one round may take.
    """

    def __init__(
        self, environment: Environment, setting: Setting, scratch: Path, limit_s: float = 90
    ) -> None:
        self._environment = environment
        self._setting = setting
        self._scratch = scratch
        self._limit_s = limit_s
        self._process: Popen[str] | None = None

    def __call__(self, case: Trial) -> Answer:
        """Run a round.

        Raises:
            ResourceError: SecretFlow does not start.
        """
        request = json.dumps(asdict(case.request))
        if self._process is None:
            self._start()
        told = self._ask(request, self._limit_s)
        if isinstance(told, Died):
            self.close()
            return told
        answer = trials.answer(told)
        if isinstance(answer, trials.TrialReturned):
            return TrialResult(tuple(map(trials.unpacked, answer.layers)), answer.bare)
        if isinstance(answer, trials.OddTrial):
            return OddResult(answer.what)
        return TrialRaised(answer.raised, answer.message, answer.own)

    def close(self) -> None:
        """End everything that was started."""
        if self._process:
            guard.end_processes(self._scratch)
            self._process.communicate()
            self._process = None

    def _start(self) -> None:
        command = [str(self._environment.python), "-u", str(_PROGRAM), self._setting.value]
        environ = {"RAY_IGNORE_UNHANDLED_ERRORS": "1", **guard.environ_in(self._scratch)}
        log = self._scratch / "aggregators.log"
        with log.open("a", encoding="utf-8") as errors:
            self._process = Popen(
                command,
                env=clean_environ(self._environment) | environ,
                stdin=PIPE,
                stdout=PIPE,
                stderr=errors,
                cwd=self._scratch,  # the SPU writes its log where it runs
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            )
        if isinstance(self._ask(None, _START_LIMIT_S), Died):
            self.close()
            last = last_words(log.read_text(encoding="utf-8"))
            raise ResourceError(
                Words(
                    zh="SecretFlow 在 {prefix} 里无法启动：{last}",
                    en="SecretFlow does not start in {prefix}: {last}",
                ).filled(prefix=self._environment.prefix, last=last)
            )

    def _ask(self, request: str | None, limit_s: float) -> Json | Died:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise AssertionError("it is started first")
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limit_s, stop)
        timer.start()
        try:
            with suppress(BrokenPipeError):
                if request is not None:
                    process.stdin.write(f"{request}\n")
                    process.stdin.flush()
            line = process.stdout.readline()
        finally:
            timer.cancel()
        if line:
            told: Json = json.loads(line)
            return told
        if late.is_set():
            return Died(_NO_ANSWER.filled(limit=limit_s))
        code = process.wait()
        if code < 0:
            return Died(_ENDED_BY.filled(signal=signal.Signals(-code).name))
        return Died(_EXIT_CODE.filled(code=code))


@contextmanager
def opened(environment: Environment, setting: Setting) -> Iterator[Laboratory]:
    """A laboratory that is cleaned up after; nothing of it outlives the block."""
    with guard.scratch_folder() as scratch:
        laboratory = Laboratory(environment, setting, scratch)
        try:
            yield laboratory
        finally:
            laboratory.close()
