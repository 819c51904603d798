"""A kept run in place of one that would be carried out now, where that could not differ."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from verify.errors import UsageError
from verify.evidence.evidence import Applied, StepRun
from verify.execute import kept_runs, run_files
from verify.execute import profile as changing
from verify.execute.kept_runs import KeptRun
from verify.execute.receipt import Receipt
from verify.execute.recording import Recording
from verify.execute.run_files import Weights
from verify.execute.run_key import Part, Parts
from verify.execute.run_setting import RunSetting
from verify.ledger.erratum import Erratum
from verify.system.complaints import why
from verify.system.words import Text


@dataclass(frozen=True)
class Recalled:
    """A kept run in place of one that would be carried out now."""

    kept: KeptRun
    recording: Recording
    applied: tuple[Applied, ...]
    to: Path

    @property
    def folders(self) -> Sequence[Path]:
        """Where the evidence of each kernel lies, once it is laid out."""
        return [self.to / name for name in self.recording.kernels]

    @property
    def parts(self) -> Iterator[StepRun]:
        """The stretches as they were carried out."""
        return map(_with_nodes, self.recording.parts)

    @property
    def replayed(self) -> Sequence[StepRun]:
        """What was done again after the death of a kernel."""
        return self.recording.replayed

    @cached_property
    def cells(self) -> Mapping[str, Sequence[NotebookNode]]:
        """The cells that each step carried out, with their outputs."""
        return {step: _nodes(cells) for step, cells in self.recording.cells.items()}

    @property
    def proposed(self) -> Sequence[Erratum]:
        """The errata that the run came upon."""
        return self.recording.proposed

    @property
    def weights(self) -> Mapping[str, Weights]:
        """The digests of pretrained weights."""
        return self.recording.weights

    @property
    def peak_bytes(self) -> int:
        """The most memory that the run had at a time."""
        return self.recording.peak_bytes

    def noticed(self) -> Iterable[tuple[Path, str]]:
        """Nothing: each file has its digest."""
        return ()

    def receipt(self) -> Receipt:
        """That of the run."""
        return self.recording.receipt

    def lay_out(self, to: Path, executed: Path) -> None:
        """Put evidence and executed notebook where a run puts them."""
        self.kept.lay_out(to, executed)


@dataclass(frozen=True)
class Fit:
    """Whether a run has to be carried out: what is kept of it, or why nothing serves.

    `changed` are the parts that differ from the run of that name that was kept last, of one that
    never was kept none; `address` is the one of which that is true, `damage` what is wrong with it.
    """

    recalled: Recalled | None
    changed: tuple[Part, ...] = ()
    damage: Text = ""
    address: str = ""


def fit(setting: RunSetting, parts: Parts) -> Fit:
    """Look for the kept run of what a run depends on today, and say why there is none."""
    found = KeptRun(kept_runs.place(parts))
    if not found.folder.is_dir():
        same = [one for one in kept_runs.every() if one.label and one.label.run == setting.id]
        others = [one for one in same if _elsewhere(one, parts)]
        if not others:
            return _differing(same, parts)
        found = others[0]
    try:
        return _recalled(setting, found)
    except (OSError, UsageError) as error:
        return Fit(None, damage=why(error))


def _recalled(setting: RunSetting, found: KeptRun) -> Fit:
    recording, profile = found.recording(), setting.options.profile
    today = run_files.answers(setting.contract, profile, setting.located, recording.asked)
    for address, was in recording.asked.items():
        if today[address] != was:
            return Fit(None, changed=(Part.FILES,), address=address)
    changes = setting.contract.changes_of(profile)
    _, changed = changing.apply(setting.notebook, changes, recording.made)
    found.touch()
    applied = (*changed, *recording.standins)
    return Fit(Recalled(found, recording, applied, setting.folder))


def _elsewhere(one: KeptRun, parts: Parts) -> bool:
    """Whether it was brought from another machine, and nothing but the processor differs."""
    label = one.label
    if label is None or not label.source:
        return False
    return {**label.parts, Part.MACHINE: ""} == {**parts, Part.MACHINE: ""}


def _differing(same: Sequence[KeptRun], parts: Parts) -> Fit:
    """What has changed since the last kept run of the same name."""
    labels = [one.label for one in same if one.label]
    if not labels:
        return Fit(None)
    last = max(labels, key=lambda label: label.observed)
    return Fit(None, changed=tuple(one for one in Part if parts[one] != last.parts.get(one)))


def _with_nodes(run: StepRun) -> StepRun:
    """A stretch whose outputs are what nbformat has."""
    outputs = {cell: _nodes(some) for cell, some in run.outputs.items()}
    return replace(run, outputs=outputs)


def _nodes(some: Iterable[Mapping[str, object]]) -> list[NotebookNode]:
    return [nbformat.from_dict(dict(one)) for one in some]
