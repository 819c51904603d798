"""One document in one profile: made ready once, run once, step by step."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from nbformat import NotebookNode

from verify.contract.contract import Contract
from verify.environment import contents
from verify.environment import environment as environments
from verify.environment.environment import Environment
from verify.errors import ResourceError, UsageError, VerifyError
from verify.evidence import reading
from verify.evidence.evidence import Applied, Evidence, StepRun
from verify.evidence.failure import Failure
from verify.evidence.seals import Seals
from verify.execute import (
    failures,
    guard,
    memory,
    page_files,
    prepare,
    proposing,
    receipt,
    registry,
    step_result,
)
from verify.execute.consequences import Consequences
from verify.execute.page_packages import PagePackages, lacking
from verify.execute.prepare import Packages, Prepared
from verify.execute.registry import Registry
from verify.execute.run_files import RunFiles
from verify.execute.run_options import Options
from verify.execute.run_text import RunText
from verify.execute.runner import DocumentRun
from verify.execute.sandbox import Sandbox
from verify.execute.walk import Walk
from verify.execute.watch import Watch
from verify.finding import Result
from verify.ledger.erratum import Erratum, KnownErratum
from verify.page.page import Stretch
from verify.system.cache import Notify
from verify.system.words import Text


class Session(RunText):
    """A document's run. The environment, the fixtures and the kernel come when first needed."""

    def __init__(
        self, contract: Contract, options: Options, notify: Notify, *, number: int = 1
    ) -> None:
        if options.profile not in contract.profiles:
            known = ", ".join(contract.profiles)
            raise UsageError(
                f"{contract.folder / 'contract.toml'}: has no profile {options.profile}; "
                f"known are: {known}."
            )
        super().__init__(contract, options, notify)
        self.number = number
        self.profile = contract.profiles[options.profile]
        self.started = time.time()
        self.ended: float | None = None
        self.steps: dict[str, StepRun] = {}
        self.parts: list[StepRun] = []  # as they stand in the file, a step perhaps in parts
        self.applied: tuple[Applied, ...] = ()
        self.problem: VerifyError | None = None
        self._stack = ExitStack()
        self._walk: Walk | None = None
        self._scratch: Path | None = None
        self._watch: Watch | None = None
        self._files: RunFiles | None = None
        self._evidence: Evidence | None = None
        self._damages: list[str] = []
        self._seals = Seals()
        self._done = 0  # how many stretches a run has come to
        self._blocked: StepRun | None = None  # what ended the kernel
        self._hindered: dict[str, StepRun] = {}

    @property
    def id(self) -> str:
        """How the run's files are called."""
        own = self.environment_name == self.contract.environment.name
        elsewhere = "" if own else f".{self.environment_name}"
        again = f".run-{self.number}" if self.number > 1 else ""
        run = f"{self.contract.name}.{self.options.edition.value}.{self.options.profile}"
        return f"{run}{elsewhere}{again}"

    @property
    def folder(self) -> Path:
        """Where the run's evidence is kept."""
        return self.options.out.absolute() / "runs" / self.id

    @property
    def kept(self) -> Path:
        """What came of it, for the process that makes the report."""
        return self.folder / "document.json"

    @cached_property
    def environment(self) -> Environment:
        """The documented environment, built if need be."""
        with self._remembered():
            return environments.ensure(self.environment_name, self.notify)

    @property
    def environment_made(self) -> Environment | None:
        """The environment if the run came to need it."""
        made = self.__dict__.get("environment")
        return made if isinstance(made, Environment) else None

    @cached_property
    def installed(self) -> contents.Installed:
        """What that environment holds, and what the page installs beside it."""
        return contents.ask(self.environment, self.page_packages.folders)

    @cached_property
    def page_packages(self) -> PagePackages:
        """What the page, or a repair of it, installs beside the release."""
        needed = [text for erratum in self.contract.errata for text in erratum.installs]
        at_first = [] if self.published else needed
        return PagePackages.of_page(
            self.environment, self.notebook, needed, at_first=at_first, notify=self.notify
        )

    def run_step(self, step_id: str) -> Result:
        """Run a step, and before it all that stands before its last cell and has not run.

        It is the file that tells the order, whatever the contract says.
        """
        steps = [one for one in self.contract.steps_of(self.options.profile) if not one.not_run]
        wanted = {step.id: step for step in steps}
        stretches = [one for one in self.notebook.stretches if one.step in wanted]
        until = max((i for i, one in enumerate(stretches, 1) if one.step == step_id), default=0)
        for stretch in stretches[self._done : until]:
            if self.problem or self.ended is not None:
                break
            self._done += 1
            if wanted[stretch.step].fresh and stretch.step not in self.steps:
                self._begin_script()
            if self._blocked:
                self._hindered.setdefault(stretch.step, self._blocked)
                continue
            run = self._ran(self._walk or self._start(), stretch)
            self.parts.append(run)
            before = self.steps.get(stretch.step)
            self.steps[stretch.step] = before.followed_by(run) if before else run
            self._evidence = None
            self._blocked = run if _ends(run) else None
        return step_result.of(
            self.contract.step(step_id),
            self.steps.get(step_id),
            carried_out=bool(self.notebook.cells_of_step(step_id)),
            why_not=self._why_not(step_id),
        )

    def _begin_script(self) -> None:
        """Another script of the page begins: what became of those before it does not matter."""
        self._blocked = None
        self.__dict__.pop("_consequences", None)

    def _ran(self, walk: Walk, stretch: Stretch) -> StepRun:
        """Carry out cells of a step, and note what became of the files that they asked for."""
        run = walk.stretch(stretch)
        self._seals.set(walk.folders)
        if self._files is not None:
            self.applied += tuple(self._files.used(stretch.step, self.notebook))
            run = self._files.explained(run)
        if self._scratch is not None:
            run = self.page_packages.explained(run, self._scratch, self.installed.providers)
        if run.failure and self._watch and (stopped := self._watch.stopped):
            run = replace(run, failure=failures.of_stopped(run.failure, stopped))
        run = replace(run, follows=self._consequences.of(stretch.cells, run.failure))
        if run.failure:
            self._consequences.failed(run.failure, stretch.cells)
        return run

    @cached_property
    def _consequences(self) -> Consequences:
        return Consequences([cell for cell in self.notebook.cells if cell.runs])

    def _why_not(self, step_id: str) -> Text:
        """What kept a step from running, if anything did."""
        blocked = self._hindered.get(step_id)
        hindered = self.problem or self.ended is not None
        why: Text = step_result.NOT_STARTED if hindered else ""
        why = step_result.NOTHING_MORE.filled(step=blocked.id) if blocked else why
        return self.contract.left_out(self.options.profile, step_id) or why

    def close(self) -> None:
        """End the kernel, keep the executed notebook, leave nothing behind."""
        if self.ended is not None:
            return
        self.ended = time.time()
        self._evidence = None  # what the kernel's last moments left of it counts
        with self._stack:  # whatever happens here, the guard cleans up
            if self._watch:
                self._watch.stop()
                memory.note(self.id, self._watch.peak_bytes)
            if self._walk:
                self._walk.run.close()
                self._walk.run.save(self.options.out.absolute() / "notebooks" / f"{self.id}.ipynb")

    @property
    def evidence(self) -> Evidence:
        """What has been recorded so far; it is read again once another step has run."""
        self._evidence = self._evidence or self._read_evidence()
        peak = self._watch.peak_bytes if self._watch else 0
        return replace(self._evidence, peak_memory_bytes=peak)

    @property
    def damages(self) -> list[str]:
        """What is not whole of the evidence, a sentence for each file: then nothing agrees."""
        self._evidence = self._evidence or self._read_evidence()
        return self._damages

    def whole_evidence(self) -> Evidence:
        """What has been recorded, all of it readable.

        Raises:
            ResourceError: a part of it is damaged or missing.
        """
        for damage in self.damages:
            raise ResourceError(f"{damage}.")
        return self.evidence

    def _read_evidence(self) -> Evidence:
        walk = self._walk
        runs = [*(walk.replayed if walk else ()), *self.parts]
        folders = walk.folders if walk else [self.folder]
        changed = [*self._seals.broken()]
        self._damages = reading.damages(folders, changed) if walk and self.steps else []
        return Evidence(
            steps=self.steps,
            trainings=reading.trainings(folders, runs),
            failed=reading.failed(folders, runs),
            reveals=reading.reveals(folders, runs),
            versions=reading.versions(self.folder),
            weights_files=self._files.weights if self._files else {},
        )

    @property
    def cells(self) -> Mapping[str, Sequence[NotebookNode]]:
        """The cells that each step carried out, repairs included, with their outputs."""
        return self._walk.cells if self._walk else {}

    def receipt(self) -> receipt.Receipt:
        """The part of the evidence that makes the run repeatable."""
        return receipt.write(
            environment=self.environment,
            installed=self.installed,
            profile=self.profile,
            fixtures=self._files.made if self._files else {},
            document=self.contract.folder,
            sandbox=self.options.sandbox,
        )

    @contextmanager
    def _remembered(self) -> Iterator[None]:
        """Keep what hinders the run, so that it is said once and not tried again at each step."""
        try:
            yield
        except VerifyError as error:
            self.problem = error
            raise

    def _start(self) -> Walk:
        with self._remembered():
            self.see_language()
            environment = self.environment
            memory.refuse(self.id)
            self._files = RunFiles(
                self.contract,
                self.options.profile,
                environment,
                self.options.mirror,
                self.notify,
            )
            files = self._stack.enter_context(self._files.serving())
            prepared = self._prepare(environment, self._files.made, files.address)
            self._scratch = self._stack.enter_context(guard.scratch_folder())
            sandbox = self._sandbox(self._scratch, files) if self.options.sandbox else None
            page_files.put(self.page_files, self._scratch)
            self._watch = Watch(self._scratch)
            run = DocumentRun(prepared, environment, self._scratch, sandbox)
            errata = [e for e in self.errata if self.published and e.kind == "runtime"]
            self._walk = Walk(
                run,
                self.notebook,
                contract=self.contract,
                profile=self.profile,
                errata=errata,
                propose=self._propose,
            )
            if failure := run.start():
                raise ResourceError(f"{self.contract.name}: {failure.sentence}.")
        return self._walk

    def _sandbox(self, scratch: Path, files: Registry) -> Sandbox:
        """What the page's processes see; where no file stands in, they need the network."""
        made = self._files.made.values() if self._files else ()
        reads = [*made, *self.page_packages.folders]
        network = not self.contract.has_standins(self.options.profile)
        sandbox = Sandbox(scratch, self.environment, reads, files.port, network)
        if not network:
            self._stack.enter_context(registry.answering_at(sandbox.files_socket, files))
        return sandbox

    def _propose(self, failure: Failure, source: str) -> KnownErratum | None:
        """A repair of the official text that no ledger has."""
        if not self.published:
            return None
        ask = proposing.whereabouts(self.environment)
        return proposing.of(failure, source, self.environment_name, ask)

    @property
    def proposed(self) -> Sequence[Erratum]:
        """The errata that no ledger has, each with a repair with which the run went on."""
        return self._walk.proposed if self._walk else ()

    @property
    def _lacking(self) -> Packages:
        """What the page's reader does not have."""
        if not self.published:
            return {}  # our edition tells its reader to install what it needs
        # What lies beside the release is in nobody's sight before it is installed. Modules of the
        # same names that the release's own packages carry along are not meant.
        alone = contents.ask(self.environment) if self.page_packages.folders else self.installed
        return lacking(alone, self.contract.environment.documented, self.notebook)

    def _prepare(
        self, environment: Environment, made: Mapping[str, Path], address: str
    ) -> Prepared:
        prepared = prepare.prepare(
            self.notebook,
            self.contract,
            self.options.profile,
            environment,
            made,
            files=address,
            hidden=self._lacking,
            beside=self.page_packages,
            watch=self.options.watch,
            to=self.options.out.absolute() / "prepared" / f"{self.id}.ipynb",
            evidence=self.folder,
        )
        self.applied = prepared.applied
        return prepared


def _ends(run: StepRun) -> bool:
    """Whether nothing can run after a step."""
    return run.failure is not None and run.failure.ends
