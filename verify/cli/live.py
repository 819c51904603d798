"""Live progress while documents run: a line a step, elapsed time, an estimate of what remains.

Of many documents only what somebody has to look at has a line, below the document's own.
"""

import re
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from verify.cli.console import say
from verify.cli.planned import Planned
from verify.contract.edition import Edition
from verify.errors import ExitCode
from verify.finding import Verdict
from verify.report import glance
from verify.report.terminal import STYLES
from verify.system import moments
from verify.system.language import spoken
from verify.system.words import Text, Words, joined, said

_SIGNS = {"pass": "✓", "erratum": "✓", "unchecked": "·", "fail": "✗", "error": "!"}
_CALLED_OUT = (Verdict.FAIL, Verdict.ERROR)
_STILL_EVERY_S = 30.0
_COUNT_EVERY_S = 10.0
_NUMBER = re.compile(r"\d+")
_FEW = 3
_INTERRUPTED = Words(zh="已中断，正在清理。", en="Interrupted; cleaning up.")
_BEGINS = Words(
    zh="第 {number} 个，共 {of} 个：{name}（文本：{edition}）",
    en="{number} of {of}: {name}, {edition} edition",
)
_AS_KEPT = Words(zh="取自 {moment} 的运行", en="as it ran {moment}")
_LEFT = Words(zh="约剩 {time}", en="about {time} left")
_LONGER = Words(zh="已超过预计的 {time}", en="longer than the {time} expected")
_ELAPSED = Words(zh="已用 {time}", en="{time} elapsed")
_NEVER_RAN = Words(
    zh="要多久不清楚：在这里还没有运行过",
    en="how long it takes is unknown: it has not run here yet",
)
_LEFT_IN_ALL = Words(zh="全部约剩 {time}", en="about {time} left in all")
_BESIDE = Words(zh="另有 {count} 个不知要多久", en="beside {count} of unknown length")


class Live:
    """A pytest plugin that replaces pytest's own terminal output during `verify run`."""

    def __init__(self, console: Console, problems: Console, plan: Mapping[str, Planned]) -> None:
        self.console = console
        self.problems = problems  # told even where progress is not
        self.plan = plan
        self.interrupted = False
        self.broke = False
        # What the run ends with if a document could not even be read.
        self.unread: ExitCode | None = None
        self._counting = "", 0.0  # what was said last, without its numbers, and when
        self._started: dict[str, float] = {}
        self._step: Progress | None = None
        self._pulse: _Pulse | None = None

    def notify(self, sentence: Text) -> None:
        """Say what is going on besides the steps; of what counts up, not each number."""
        told = said(sentence, spoken())
        if self._pulse:
            self._pulse.is_needed = False
        words, now = _NUMBER.sub("", told), time.monotonic()
        if words == self._counting[0] and now - self._counting[1] < _COUNT_EVERY_S:
            return
        self._counting = words, now
        self.console.print(f"  {told}", style="dim", markup=False, highlight=False)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Show which document has begun, and which step runs now."""
        self._begin(_document(nodeid))
        if not _is_step(nodeid):
            return
        text = f"{_name(nodeid)} … {self._times(nodeid, ended=False)}"
        if self.console.is_terminal:
            columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
            self._step = Progress(*columns, console=self.console, transient=True)
            self._step.add_task(text, total=None)
            self._step.start()
        else:
            self._pulse = _Pulse(self.console, _name(nodeid))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Show how an item came out; checks are listed only where they object."""
        if report.when != "call" and not report.failed:
            return
        if self._step:
            self._step.stop()
            self._step = None
        if self._pulse:
            self._pulse.stop()
            self._pulse = None
        if report.when != "call":
            crash = getattr(report.longrepr, "reprcrash", None)
            message = str(crash.message if crash else report.longreprtext)
            sentence = message.partition(": ")[2] or message  # without the exception's name
            self.problems.print(f"  ! {sentence}", markup=False, highlight=False, soft_wrap=True)
            return
        properties: dict[str, Any] = dict(report.user_properties)
        verdict = Verdict(properties.get("verdict", "error"))
        if not _is_step(report.nodeid) and verdict not in _CALLED_OUT:
            return
        told = verdict in _CALLED_OUT or verdict is Verdict.ERRATUM
        if self._many and not told:
            return
        sign = f"[{STYLES[verdict]}]{_SIGNS[verdict.value]}[/]"
        seconds = float(properties.get("seconds", 0.0))
        took = f"{seconds:7.1f} s" if _is_step(report.nodeid) else " " * 9
        times = self._times(report.nodeid, ended=True)
        after = f"  [dim]{times}[/]" if times else ""
        self.console.print(f"  {sign} {took}  {_name(report.nodeid)}{after}", highlight=False)
        if told:
            sentence = properties.get("sentence") or report.longreprtext
            self.console.print(f"      {sentence}", highlight=False, markup=False, soft_wrap=True)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A document that cannot be read is bad input: say so at once."""
        if report.failed:
            crashed = hasattr(report.longrepr, "reprcrash")
            self.unread = ExitCode.OURS if crashed else self.unread or ExitCode.USAGE
            self.problems.print(
                report.longreprtext.strip(), style="bold red", markup=False, soft_wrap=True
            )

    def pytest_internalerror(self) -> None:
        """Remember that pytest, or a plugin of it, broke: whatever it says besides counts less."""
        self.broke = True

    def pytest_keyboard_interrupt(self) -> None:
        """Remember that it was the user who stopped the run."""
        self.interrupted = True
        if self._step:
            self._step.stop()
        say(self.console, _INTERRUPTED)

    @property
    def _many(self) -> bool:
        return len(self.plan) > _FEW

    def _begin(self, document: str) -> None:
        """Say which document begins, and how long all that are left may take."""
        if document in self._started or document not in self.plan:
            return
        left = [one.left_s for name, one in self.plan.items() if name not in self._started]
        kept = self.plan[document].kept
        self._started[document] = time.monotonic()
        name, _, edition = document.rpartition(".")
        begins: Text = _BEGINS.filled(
            number=len(self._started),
            of=len(self.plan),
            name=escape(name),
            edition=glance.edition(edition),
        )
        as_kept = _AS_KEPT.filled(moment=moments.told(kept)) if kept else None
        begins = joined((begins, as_kept), zh="，", en=", ")
        first, rest = (said(one, spoken()) for one in (begins, _left(left)))
        self.console.print(f"[bold]{first}[/]  [dim]{rest}[/]", highlight=False)

    def _times(self, nodeid: str, *, ended: bool) -> str:
        """Elapsed and left; of what ran before and is only judged again there is nothing to say."""
        document = _document(nodeid)
        elapsed = time.monotonic() - self._started.setdefault(document, time.monotonic())
        planned = self.plan.get(document)
        if planned and planned.kept:
            return ""
        expected = planned.left_s if planned else None
        rest = None
        if planned and planned.took:
            rest = planned.took.left_s(_step_of(nodeid), ended=ended)
        left: Text = ""
        if rest is not None:
            left = _LEFT.filled(time=moments.clock(rest))
        elif expected is not None and expected > elapsed:
            left = _LEFT.filled(time=moments.clock(expected - elapsed))
        elif expected is not None:
            left = _LONGER.filled(time=moments.clock(expected))
        told = _ELAPSED.filled(time=moments.clock(elapsed)), left
        return said(joined(told, zh="，", en=", "), spoken())


class _Pulse:
    """Where there is no terminal: a line now and then while a long step runs, if none is said."""

    def __init__(self, console: Console, name: str) -> None:
        self._console, self._name = console, name
        self.is_needed = True
        self._ended = threading.Event()
        self._started = time.monotonic()
        threading.Thread(target=self._beat, daemon=True).start()

    def stop(self) -> None:
        self._ended.set()

    def _beat(self) -> None:
        while not self._ended.wait(_STILL_EVERY_S):
            if self.is_needed:
                seconds = time.monotonic() - self._started
                self._console.print(f"    … {self._name}, {seconds:.0f} s", highlight=False)
            self.is_needed = True


def _is_step(nodeid: str) -> bool:
    return bool(_step_of(nodeid))


def _step_of(nodeid: str) -> str:
    return nodeid.partition("::run:")[2]


def _document(nodeid: str) -> str:
    """The document and its edition, as estimates know them."""
    file, _, rest = nodeid.partition("::")
    edition = rest.partition("::")[0]
    return f"{file.split('/')[-2]}.{edition}" if "/" in file else ""


def _name(nodeid: str) -> str:
    """The item; our own edition and the first run are those that go without saying."""
    _, *nodes = nodeid.split("::")
    return escape(" ".join(node for node in nodes if node != Edition.CORRECTED.value))


def _left(expected_s: Sequence[float | None]) -> Text:
    """How long documents take, as far as that is known."""
    known = [one for one in expected_s if one is not None]
    if not known:
        return _NEVER_RAN
    unknown = len(expected_s) - len(known)
    more = _BESIDE.filled(count=unknown) if unknown else None
    whole = _LEFT_IN_ALL.filled(time=moments.clock(sum(known)))
    return joined((whole, more), zh="，", en=", ")
