"""The files of one run: what it has for addresses, what the page asked for, what nobody reached."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from verify.contract.contract import Contract
from verify.contract.profiles import FileRow
from verify.environment.environment import Environment
from verify.evidence.evidence import Applied, StepRun
from verify.execute import failures, fixtures, registry, stand_ins
from verify.execute.registry import Registry
from verify.page.page import Page
from verify.system.cache import Notify

# SHA-256 of every array of a network's file, by layer.
Weights = Mapping[str, tuple[str, ...]]


class RunFiles:
    """Those that the contract's rows are for are made at the start, others when asked for."""

    def __init__(
        self,
        contract: Contract,
        profile: str,
        environment: Environment,
        mirror: str | None,
        notify: Notify,
    ) -> None:
        self.made = fixtures.obtain(environment, contract.files_of(profile), mirror, notify)
        self.weights: dict[str, Weights] = {}
        for training in contract.trainings:
            row = contract.weights_of(training, profile)
            if row and row.called in self.made and row.called not in self.weights:
                file = self.made[row.called]
                self.weights[row.called] = fixtures.weights_digests(environment, file)
        self._rows = _rows(contract, profile)
        self._environment, self._mirror, self._notify = environment, mirror, notify
        self._registry = Registry([], self._obtain)
        self._told: set[str] = set()

    @contextmanager
    def serving(self) -> Iterator[Registry]:
        """Answer for the files until the block ends."""
        with registry.running(self._rows, self._obtain) as self._registry:
            yield self._registry

    @property
    def asked(self) -> Mapping[str, str]:
        """What stood for each address that the page asked for: see `answers`."""
        return _answers(self._rows, self._environment, self._registry.asked)

    def _obtain(self, row: FileRow, url: str) -> Path:
        return fixtures.one(self._environment, row, url, self._mirror, self._notify)

    def used(self, step: str, notebook: Page) -> Iterator[Applied]:
        """The stand-ins that the page asked for since the last time, in a step."""
        cells = notebook.cells_of_step(step)
        for served in self._registry.served:
            self.made.setdefault(served.called, served.file)
            if served.row.program and served.url not in self._told:
                self._told.add(served.url)
                yield stand_ins.used(served, cells[0].index if cells else 0, step)

    def explained(self, run: StepRun) -> StepRun:
        """A step, with the addresses that were not reached if it broke for that."""
        if run.failure is None:
            return run
        refused = self._registry.refused
        return replace(run, failure=failures.of_addresses(run.failure, refused, run.started))


def answers(
    contract: Contract, profile: str, environment: Environment, addresses: Iterable[str]
) -> Mapping[str, str]:
    """What a run would be given for addresses: digests of what makes it, empty for nothing."""
    return _answers(_rows(contract, profile), environment, addresses)


def _rows(contract: Contract, profile: str) -> list[FileRow]:
    shared = stand_ins.index() if contract.has_standins(profile) else []
    return [*contract.files_of(profile), *shared]


def _answers(
    rows: Iterable[FileRow], environment: Environment, addresses: Iterable[str]
) -> Mapping[str, str]:
    of_rows = {url: next((row for row in rows if row.serves(url)), None) for url in addresses}
    return {
        url: fixtures.key(
            environment, [row.model_copy(update={"arguments": row.arguments_for(url)})]
        )
        if row
        else ""
        for url, row in sorted(of_rows.items())
    }
