"""A run as it happens: files at hand, a kernel in its sandbox, and who watches over it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode

from verify.errors import ResourceError
from verify.evidence.evidence import Applied, StepRun
from verify.evidence.failure import Failure
from verify.execute import failures, memory, page_files, prepare, proposing, registry
from verify.execute.receipt import Receipt
from verify.execute.registry import Registry
from verify.execute.run_files import RunFiles, Weights
from verify.execute.run_setting import RunSetting
from verify.execute.runner import DocumentRun
from verify.execute.sandbox import Sandbox
from verify.execute.walk import Walk
from verify.execute.watch import Watch
from verify.ledger.erratum import Erratum, KnownErratum
from verify.page.page import Stretch
from verify.system import cache
from verify.system.words import Text, Words, clause


class LiveRun:
    """Begins with its making; whoever makes it closes it."""

    def __init__(self, setting: RunSetting) -> None:
        """Make ready and start the kernel.

        Raises:
            ResourceError: something that the run needs is missing.
        """
        self._setting = setting
        self._stack = ExitStack()
        try:
            self._start()
        except BaseException:
            self._stack.close()
            raise

    def _start(self) -> None:
        setting = self._setting
        contract, options = setting.contract, setting.options
        setting.see_language()
        environment = setting.environment
        self._stack.enter_context(cache.in_use(environment.prefix, setting.notify))
        self._scratch = self._stack.enter_context(
            memory.scratch_with_room(
                setting.id, setting.profile.expected_bytes, setting.notify, options.memory
            )
        )
        self._files = RunFiles(
            contract, options.profile, environment, options.mirror, setting.notify
        )
        files = self._stack.enter_context(self._files.serving())
        prepared = prepare.prepare(
            setting.notebook,
            contract,
            options.profile,
            environment,
            self._files.made,
            files=files.address,
            hidden=setting.lacking,
            beside=setting.page_packages,
            watch=options.watch,
            to=options.out.absolute() / "prepared" / f"{setting.id}.ipynb",
            evidence=setting.folder,
            scratch=self._scratch,
        )
        self._changed, self.standins = prepared.applied, tuple[Applied, ...]()
        sandbox = self._sandbox(files) if options.sandbox else None
        page_files.put(setting.page_files, self._scratch)
        self._watch = Watch(self._scratch, options.memory)
        self._stack.callback(self._watch.stop)
        self._run = DocumentRun(prepared, environment, self._scratch, sandbox)
        self._stack.callback(self._run.close)  # also where it does not start
        errata = [e for e in setting.errata if setting.published and e.kind == "runtime"]
        self._walk = Walk(
            self._run,
            setting.notebook,
            contract=contract,
            profile=setting.profile,
            errata=errata,
            elsewhere=setting.errata_elsewhere,
            propose=self._propose,
        )
        if failure := self._run.start():
            if stopped := self._watch.stopped:
                failure = failures.of_stopped(failure, stopped)
            raise ResourceError(
                Words(zh="{name}：{why}。", en="{name}: {why}.").filled(
                    name=contract.name, why=clause(failure.sentence)
                )
            )

    def carry_out(self, stretch: Stretch) -> StepRun:
        """Carry out cells of a step, and note what became of the files that they asked for."""
        setting = self._setting
        run = self._walk.stretch(stretch)
        if not (run.failure and run.failure.ends):
            self._run.ask()
        self.standins += tuple(self._files.used(stretch.step, setting.notebook))
        run = self._files.explained(run)
        run = setting.page_packages.explained(run, self._scratch, setting.installed.providers)
        if run.failure and (stopped := self._watch.stopped):
            run = replace(run, failure=failures.of_stopped(run.failure, stopped))
        return run

    def close(self) -> None:
        """End the kernel, keep the executed notebook, leave nothing behind."""
        with self._stack:  # whatever happens here, the guard cleans up
            self._watch.stop()
            memory.note(self._setting.id, self._watch.peak_bytes)
            self._run.close()
            self._run.save(self._setting.executed)

    @property
    def folders(self) -> Sequence[Path]:
        """Where the evidence of each kernel lies."""
        return self._walk.folders

    @property
    def replayed(self) -> Sequence[StepRun]:
        """What was done again after the death of a kernel."""
        return self._walk.replayed

    @property
    def cells(self) -> Mapping[str, Sequence[NotebookNode]]:
        """The cells that each step carried out, repairs included, with their outputs."""
        return self._walk.cells

    @property
    def applied(self) -> tuple[Applied, ...]:
        """What was changed of the page's code, and what stood in for its downloads."""
        return (*self._changed, *self.standins)

    @property
    def proposed(self) -> Sequence[Erratum]:
        """The errata that no ledger has, each with a repair with which the run went on."""
        return self._walk.proposed

    @property
    def weights(self) -> Mapping[str, Weights]:
        """The digests of pretrained weights, by the profile's name for the file."""
        return self._files.weights

    @property
    def asked(self) -> Mapping[str, str]:
        """What stood for each address that the page asked for: see `RunFiles.answers`."""
        return self._files.asked

    @property
    def made(self) -> Mapping[str, str]:
        """The files that changes of the page's code may name."""
        return {name: str(path) for name, path in self._files.made.items()}

    @property
    def peak_bytes(self) -> int:
        """The most memory that the run had at a time."""
        return self._watch.peak_bytes

    @property
    def is_undisturbed(self) -> bool:
        """Whether nothing but the page decided how long it ran."""
        return not (self._watch.stopped or self._walk.timed_out)

    def noticed(self) -> Iterator[tuple[Path, Text]]:
        """What was noticed of files of the evidence that no probe does."""
        return self._run.noticed()

    def receipt(self) -> Receipt:
        """What makes the run repeatable."""
        return self._setting.receipt_with(self._files.made)

    def _sandbox(self, files: Registry) -> Sandbox:
        """What the page's processes see; where no file stands in, they need the network."""
        setting = self._setting
        reads = [*self._files.made.values(), *setting.page_packages.folders]
        network = not setting.contract.has_standins(setting.options.profile)
        sandbox = Sandbox(self._scratch, setting.environment, reads, files.port, network)
        if not network:
            self._stack.enter_context(registry.answering_at(sandbox.files_socket, files))
        return sandbox

    def _propose(self, failure: Failure, source: str) -> KnownErratum | None:
        """A repair of the official text that no ledger has."""
        setting = self._setting
        if not setting.published:
            return None
        ask = proposing.whereabouts(setting.environment)
        return proposing.of(failure, source, setting.environment_name, ask)
