"""One document in one profile: carried out once, step by step, or recalled from a kept run."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nbformat import NotebookNode

from verify.contract.contract import Contract
from verify.environment import contents
from verify.environment.environment import Environment
from verify.errors import ResourceError
from verify.evidence import reading
from verify.evidence.evidence import Applied, Evidence, StepRun
from verify.evidence.failure import Failure
from verify.execute import kept_runs, recalled, reproducer, run_key, step_result
from verify.execute.consequences import Consequences
from verify.execute.recalled import Fit, Recalled
from verify.execute.receipt import Receipt
from verify.execute.recording import Recording
from verify.execute.run_files import Weights
from verify.execute.run_key import Parts
from verify.execute.run_options import Options
from verify.execute.run_setting import RunSetting
from verify.finding import Result, Verdict
from verify.ledger.erratum import Erratum
from verify.page.page import Stretch
from verify.system.cache import Notify
from verify.system.words import Text, Words

if TYPE_CHECKING:
    from verify.execute.live_run import LiveRun


class _Traces(Protocol):
    """What a run leaves, whether it goes on or was recalled."""

    @property
    def folders(self) -> Sequence[Path]: ...
    @property
    def replayed(self) -> Sequence[StepRun]: ...
    @property
    def cells(self) -> Mapping[str, Sequence[NotebookNode]]: ...
    @property
    def applied(self) -> tuple[Applied, ...]: ...
    @property
    def proposed(self) -> Sequence[Erratum]: ...
    @property
    def weights(self) -> Mapping[str, Weights]: ...
    @property
    def peak_bytes(self) -> int: ...
    def noticed(self) -> Iterable[tuple[Path, Text]]: ...
    def receipt(self) -> Receipt: ...


class Session(RunSetting):
    """A document's run. The environment, the fixtures and the kernel come when first needed."""

    def __init__(
        self, contract: Contract, options: Options, notify: Notify, *, number: int = 1
    ) -> None:
        super().__init__(contract, options, notify, number=number)
        self.started = time.monotonic()
        self.ended: float | None = None
        self.steps: dict[str, StepRun] = {}
        self.parts: list[StepRun] = []  # as they stand in the file, a step perhaps in parts
        self.hindered: dict[str, str] = {}  # steps, each with the one that ended the kernel
        self.answers: set[Path] = set()  # what was asked of the environment, for who has none
        self._live: LiveRun | None = None
        self._traces: _Traces | None = None
        self._evidence: Evidence | None = None
        self._damages: list[Text] = []
        self._done = 0  # how many stretches a run has come to
        self._blocked = ""  # the step that ended the kernel

    @property
    def entry_file(self) -> Path:
        """What came of it, for the process that makes the report."""
        return self.folder / "document.json"

    @cached_property
    def fit(self) -> Fit:
        """Whether there is a kept run that could not come out otherwise today, or why not."""
        if self.key_parts is None or self.options.fresh:
            return Fit(None)
        return recalled.fit(self, self.key_parts)

    def look_again(self) -> None:
        """Forget which kept runs there were: they may be others now."""
        self.__dict__.pop("fit", None)

    @property
    def recalled(self) -> Recalled | None:
        """That run."""
        return self.fit.recalled

    @cached_property
    def key_parts(self) -> Parts | None:
        """What the run depends on, as it is before it begins."""
        return run_key.of(self)

    @property
    def observed(self) -> Recalled | None:
        """The kept run that this one took what it judges from, if it did."""
        return self._traces if isinstance(self._traces, Recalled) else None

    @property
    def environment_made(self) -> Environment | None:
        """The environment if the run came to need it, or the one that a kept run had."""
        made = self.__dict__.get("environment")
        if isinstance(made, Environment):
            return made
        return self.located if self.observed else None

    @cached_property
    def installed(self) -> contents.Installed:
        """What the environment holds; of a kept run as it was told then."""
        beside = [extra.prefix.name for extra in self.served.values() if extra.packages]
        file = contents.answer_file(self.located, beside)
        self.answers.add(file)
        known = contents.remembered(self._kept(file)) if self.recalled else None
        return known or super().installed

    def reproduced(self, program: Path, hidden: Mapping[str, Sequence[str]]) -> Failure | None:
        """How a small program of ours ends in the environment, for a reader without some packages.

        Raises:
            ResourceError: it does not end in time, or nothing was heard of it.
        """
        file = reproducer.answer_file(self.located, program, hidden)
        self.answers.add(file)
        known = [] if self.options.fresh else reproducer.remembered(self._kept(file))
        if not known:
            known = [reproducer.run(self.environment, program, hidden)]
            reproducer.keep(known[0], file)
        return known[0]

    def _kept(self, answer: Path) -> Path:
        """The file of an answer: a kept run has its own."""
        own = self.recalled.kept.answer(answer.name) if self.recalled else answer
        return own if own.is_file() else answer

    @property
    def stretches(self) -> list[Stretch]:
        """What the profile carries out, in the order of the file."""
        return [one for one in self.notebook.stretches if one.step in self._wanted]

    @cached_property
    def _wanted(self) -> set[str]:
        steps = self.contract.steps_of(self.options.profile)
        return {step.id for step in steps if not step.not_run}

    def run_step(self, step_id: str) -> Result:
        """Run a step, and before it all that stands before its last cell and has not run.

        It is the file that tells the order, whatever the contract says.
        """
        if not self.parts and (kept := self._whole_kept_run()):
            self._recall(kept)
        stretches = self.stretches
        until = max((i for i, one in enumerate(stretches, 1) if one.step == step_id), default=0)
        for stretch in stretches[self._done : until]:
            if self.problem or self.ended is not None:
                break
            self._done += 1
            if self.contract.step(stretch.step).fresh and stretch.step not in self.steps:
                self._begin_script()
            if self._blocked:
                self.hindered.setdefault(stretch.step, self._blocked)
                continue
            run = self._ran(self._live or self._start(), stretch)
            self._note(run)
            self._blocked = run.id if _ends(run) else ""
        return step_result.of(
            self.contract.step(step_id),
            self.steps.get(step_id),
            carried_out=bool(self.notebook.cells_of_step(step_id)),
            why_not=self._why_not(step_id),
        )

    def _whole_kept_run(self) -> Recalled | None:
        """The kept run, as it is now: runs before this one may have taken long."""
        if self.recalled and not self.recalled.kept.is_whole:
            self.look_again()
        return self.recalled

    def _recall(self, kept: Recalled) -> None:
        """Take what a kept run left as if it had run now."""
        kept.lay_out(self.folder, self.executed)
        self._traces = kept
        self._done = len(self.stretches)
        self.hindered = dict(kept.recording.hindered)
        for run in kept.parts:
            self._note(run)

    def _note(self, run: StepRun) -> None:
        self.parts.append(run)
        before = self.steps.get(run.id)
        self.steps[run.id] = before.followed_by(run) if before else run
        self._evidence = None

    def _begin_script(self) -> None:
        """Another script of the page begins: what became of those before it does not matter."""
        self._blocked = ""
        self.__dict__.pop("_consequences", None)

    def _start(self) -> "LiveRun":
        from verify.execute.live_run import LiveRun  # noqa: PLC0415  # a kept run needs no kernel

        self.key_parts = run_key.of(self)  # as they are now: files may change while it runs
        with self.remembered():
            self._live = self._traces = LiveRun(self)
        return self._live

    def _ran(self, live: "LiveRun", stretch: Stretch) -> StepRun:
        """Carry out cells of a step, and say what their failure follows from."""
        run = live.carry_out(stretch)
        run = replace(run, follows=self._consequences.of(stretch.cells, run.failure))
        if run.failure:
            self._consequences.failed(run.failure, stretch.cells)
        return run

    @cached_property
    def _consequences(self) -> Consequences:
        return Consequences([cell for cell in self.notebook.cells if cell.runs])

    def _why_not(self, step_id: str) -> Text:
        """What kept a step from running, if anything did."""
        blocked = self.hindered.get(step_id)
        nothing = self.problem or self.ended is not None
        why: Text = step_result.NOT_STARTED if nothing else ""
        why = step_result.NOTHING_MORE.filled(step=blocked) if blocked else why
        return self.contract.left_out(self.options.profile, step_id) or why

    def close(self) -> None:
        """End the kernel, keep what it left, leave nothing behind."""
        if self.ended is not None:
            return
        self.ended = time.monotonic()
        self._evidence = None  # what the kernel's last moments left of it counts
        if self._live:
            self._live.close()
            if self._is_whole(self._live) and self.key_parts:
                kept_runs.keep(self, self.key_parts, self._recording(self._live), self.answers)

    def _is_whole(self, live: "LiveRun") -> bool:
        """Whether all of it ran, and nothing but the page decided how it came out."""
        failures = (run.failure for run in self.parts if run.failure)
        if any(failure.verdict is Verdict.ERROR for failure in failures):
            return False
        ran = self._done == len(self.stretches) and not self.problem
        return ran and live.is_undisturbed and not self.damages

    def _recording(self, live: "LiveRun") -> Recording:
        return Recording(
            started=time.time() - self.duration_s,  # a date for people
            duration_s=self.duration_s,
            parts=self.parts,
            replayed=live.replayed,
            hindered=self.hindered,
            standins=live.standins,
            made=live.made,
            asked=live.asked,
            cells=live.cells,
            proposed=live.proposed,
            weights=live.weights,
            kernels=[str(folder.relative_to(self.folder)) for folder in live.folders],
            peak_bytes=live.peak_bytes,
            receipt=live.receipt(),
        )

    @property
    def duration_s(self) -> float:
        """How long it took, when it ran."""
        if self.observed:
            return self.observed.recording.duration_s
        return (self.ended or self.started) - self.started

    @property
    def evidence(self) -> Evidence:
        """What has been recorded so far; it is read again once another step has run."""
        self._evidence = self._evidence or self._read_evidence()
        traces = self._traces
        return replace(self._evidence, peak_memory_bytes=traces.peak_bytes if traces else 0)

    @property
    def damages(self) -> list[Text]:
        """What is not whole of the evidence, a sentence for each file: then nothing agrees."""
        self._evidence = self._evidence or self._read_evidence()
        return self._damages

    def whole_evidence(self) -> Evidence:
        """What has been recorded, all of it readable.

        Raises:
            ResourceError: a part of it is damaged or missing.
        """
        for damage in self.damages:
            raise ResourceError(Words(zh="{damage}。", en="{damage}.").filled(damage=damage))
        return self.evidence

    def _read_evidence(self) -> Evidence:
        traces = self._traces
        runs = [*(traces.replayed if traces else ()), *self.parts]
        folders = traces.folders if traces else [self.folder]
        noticed = traces.noticed() if traces else ()
        self._damages = reading.damages(folders, noticed) if traces and self.steps else []
        return Evidence(
            steps=self.steps,
            trainings=reading.trainings(folders, runs),
            failed=reading.failed(folders, runs),
            reveals=reading.reveals(folders, runs),
            versions=reading.versions(self.folder),
            weights_files=traces.weights if traces else {},
        )

    @property
    def cells(self) -> Mapping[str, Sequence[NotebookNode]]:
        """The cells that each step carried out, repairs included, with their outputs."""
        return self._traces.cells if self._traces else {}

    @property
    def applied(self) -> tuple[Applied, ...]:
        """What was changed of the page's code, and what stood in for its downloads."""
        return self._traces.applied if self._traces else ()

    @property
    def proposed(self) -> Sequence[Erratum]:
        """The errata that no ledger has, each with a repair with which the run went on."""
        return self._traces.proposed if self._traces else ()

    def receipt(self) -> Receipt | None:
        """What makes the run repeatable, as far as it came to be one."""
        if self._traces:
            return self._traces.receipt()
        return self.receipt_with({}) if self.environment_made else None


def _ends(run: StepRun) -> bool:
    """Whether nothing can run after a step."""
    return run.failure is not None and run.failure.ends
