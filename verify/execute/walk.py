"""One kernel's way through a document: step by step, with the ledger's repairs where it breaks.

Where a cell fails exactly as an erratum says, the repair is made and the way goes on in the same
kernel, or, where that died, in a new one that has been brought to the same place.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from nbformat import NotebookNode

from verify.contract.contract import Contract
from verify.contract.profiles import Profile
from verify.errors import UsageError
from verify.evidence.evidence import Shown, StepRun
from verify.evidence.failure import Failure
from verify.execute.failures import of_timeout
from verify.execute.prepare import own_cell
from verify.execute.runner import CellRun, DocumentRun
from verify.finding import Verdict
from verify.ledger import repairing
from verify.ledger.erratum import Erratum, KnownErratum
from verify.page.page import Page, Stretch
from verify.system.words import Words

_NO_REPAIR = Words(
    zh="勘误 {erratum}，单元格 {cell}：{why}", en="erratum {erratum}, cell {cell}: {why}"
)
_NOT_BACK = Words(
    zh="内核终止后重做步骤 {step} 时没有正常结束：{why}",
    en="on the way back after the kernel's death, step {step} did not end well: {why}",
)

REPAIRED_TAG = "verify-erratum"

# The repair of a failed cell's source that no ledger has, if there is one.
Propose = Callable[[Failure, str], KnownErratum | None]


class Walk:
    """The steps that were carried out, and the errata that showed themselves on the way."""

    def __init__(
        self,
        run: DocumentRun,
        notebook: Page,
        *,
        contract: Contract,
        profile: Profile,
        errata: Sequence[Erratum],
        elsewhere: Sequence[Erratum] = (),
        propose: Propose = lambda *_: None,
    ) -> None:
        self.run, self.notebook, self.contract, self.profile = run, notebook, contract, profile
        # Those of this release's ledger, and those that only another release's has.
        self.errata, self.elsewhere, self.propose = errata, elsewhere, propose
        self.proposed: list[Erratum] = []
        self.replayed: list[StepRun] = []
        self.folders: list[Path] = [run.prepared.probes.evidence]
        self._nodes: list[NotebookNode] = list(run.prepared.node.cells[1:])  # the first is ours
        # What each cell's source has become, for a new kernel to run.
        self._sources: dict[int, str] = {}
        self.cells: dict[str, list[NotebookNode]] = {}
        self.timed_out = False

    def stretch(self, stretch: Stretch) -> StepRun:
        """Carry out code cells of one step, in their order."""
        step_id = stretch.step
        started, output, failure = time.monotonic(), "", None
        shown: list[Shown] = []
        self._skipped: list[int] = []
        self._outputs: dict[int, list[NotebookNode]] = {}
        if self._sources and self._begins(step_id) and (failure := self._afresh()):
            return StepRun(step_id, started, time.monotonic() - started, "", failure)
        clock = _Clock(self._limit_s(step_id))
        for cell in stretch.cells:
            found, printed = self._cell(step_id, cell.index, clock, shown)
            output += printed
            failure = failure or found
            if found and found.ends:
                break
        took = time.monotonic() - started
        errata, skipped = tuple(shown), tuple(self._skipped)
        return StepRun(
            step_id, started, took, output, failure, errata, skipped, outputs=self._outputs
        )

    def _cell(
        self, step_id: str, index: int, clock: "_Clock", shown: list[Shown]
    ) -> tuple[Failure | None, str]:
        """Run a cell until it ends well, or fails in a way that no erratum of it explains."""
        node, output, skipped = self._nodes[index], "", 0
        outputs: list[NotebookNode] = []
        self._sources[index] = node.source
        ran = self.cells.setdefault(step_id, [])
        ran.append(node)
        done = self.run.run_cell(node, clock.left_s)
        if done.skipped:
            self._skipped.append(index)
        while (failure := done.failure) and (
            erratum := self._explanation(self.errata, index, done, shown)
            or self._proposal(index, done, shown)
        ):
            line = done.line + skipped if done.line else None
            is_new = erratum in self.proposed
            shown.append(Shown(erratum.id, index, failure.sentence, line or 1, is_new))
            if not erratum.apply:
                done = replace(done, failure=replace(failure, erratum=erratum.id))
                break
            try:
                repaired = repairing.code(self._sources[index], erratum.apply)
            except UsageError as error:
                why = _NO_REPAIR.filled(erratum=erratum.id, cell=index, why=error)
                return Failure(Verdict.ERROR, why), ""
            rest = repairing.remaining(self._sources[index], repaired, line)
            skipped = repaired.count("\n") - rest.count("\n")
            output = output + _text(node) if skipped else ""
            outputs = outputs + _before_failure(node) if skipped else []
            last = (line or 1) + repaired.count("\n") - self._sources[index].count("\n")
            self._sources[index] = repaired
            if done.died and (problem := self._return_to(step_id, index, clock)):
                return problem, ""
            if erratum.installs:
                self._install(erratum, node, clock)
            cell = own_cell(rest, REPAIRED_TAG)
            cell.metadata["erratum"] = erratum.id
            done = self.run.run_new_cell(cell, clock.left_s, after=node)
            node = cell
            ran.append(cell)
            if is_new and done.failure and (done.line or 1) + skipped <= last:
                # It does not get past the line, so it mends nothing: what failed first counts.
                self.proposed.remove(erratum)
                shown.pop()
                done = replace(done, failure=failure)
                break
        self._outputs[index] = outputs + list(node.get("outputs", []))
        failure = done.failure
        if failure and done.timed_out:  # the limit is the step's, not what was left of it
            self.timed_out = True
            stopped = of_timeout(clock.limit_s, derived=self.contract.derived)
            failure = replace(stopped, ends=failure.ends)
        if failure:
            # A repair may have put lines in; the page's own are what is told.
            added = self._sources[index].count("\n") - self._nodes[index].source.count("\n")
            line = max(1, (done.line or 1) + skipped - added)
            failure = replace(failure, at=(index, line))
        return failure, output + _text(node)

    @staticmethod
    def _explanation(
        errata: Sequence[Erratum], index: int, done: CellRun, shown: list[Shown]
    ) -> Erratum | None:
        """The erratum that says that this cell fails like this, unless it has been repaired."""
        if done.failure is None or done.timed_out:  # a kernel that still works cannot go on
            return None
        met = {known.erratum for known in shown if known.cell == index}
        for erratum in errata:
            here = index in erratum.cells and erratum.id not in met
            if here and done.failure.shows(str(erratum.symptom)):
                return erratum
        return None

    def _proposal(self, index: int, done: CellRun, shown: list[Shown]) -> Erratum | None:
        """A repair that this release's ledger has not, and that finds a place in this cell."""
        if done.failure is None or done.timed_out or done.died:
            return None
        new: KnownErratum | None = self._explanation(self.elsewhere, index, done, shown)
        new = new or self.propose(done.failure, self._sources[index])
        if new is None or any((one.cell, one.erratum) == (index, new.id) for one in shown):
            return None
        try:
            repairing.code(self._sources[index], new.apply)
        except UsageError:
            return None
        found = Erratum(**{**new.model_dump(), "cells": [index]})
        self.proposed.append(found)
        return found

    def _install(self, erratum: Erratum, after: NotebookNode, clock: "_Clock") -> None:
        """What `pip install` does for a reader: the packages are there."""
        source = f"docprobe.bring({erratum.installs!r})"
        self.run.run_new_cell(own_cell(f"import docprobe\n{source}"), clock.left_s, after=after)

    def _begins(self, step_id: str) -> bool:
        """Whether a script of its own begins with this step."""
        return self.contract.step(step_id).fresh and step_id not in self.cells

    def _afresh(self) -> Failure | None:
        """Start a kernel in which nothing of the scripts before is left."""
        self._sources.clear()
        return self.run.restart(self._another_folder())

    def _another_folder(self) -> Path:
        """A folder for the evidence of another kernel."""
        self.folders.append(self.folders[0] / f"kernel-{len(self.folders) + 1}")
        return self.folders[-1]

    def _return_to(self, step_id: str, index: int, clock: "_Clock") -> Failure | None:
        """Start a new kernel and bring it to where the old one was before this cell."""
        folder = self._another_folder()
        with clock.stopped():
            if failure := self.run.restart(folder):
                return failure
            for step, cells in self.notebook.stretches:
                ran = [cell.index for cell in cells if cell.index in self._sources]
                before = [cell for cell in ran if cell < index]
                wanted = step == step_id or self.contract.step(step).replay
                if before and wanted and (failure := self._again(step, before)):
                    return failure
        return None

    def _again(self, step_id: str, before: Sequence[int]) -> Failure | None:
        """Carry out again what cells of a step did in the kernel that died."""
        started = time.monotonic()
        clock = _Clock(self._limit_s(step_id))
        for cell in before:
            done: CellRun = self.run.run_aside(own_cell(self._sources[cell]), clock.left_s)
            if failure := done.failure:
                why = _NOT_BACK.filled(step=step_id, why=failure.sentence)
                return Failure(failure.verdict, why)
        self.replayed.insert(0, StepRun(step_id, started, time.monotonic() - started, "", None))
        return None

    def _limit_s(self, step_id: str) -> float:
        return self.contract.step(step_id).limit_s or self.profile.step_limit_s


class _Clock:
    """What is left of a step's time; making up for a kernel's death takes none of it."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self._ends = time.monotonic() + limit_s  # the system's clock may be set meanwhile

    @property
    def left_s(self) -> float:
        return max(1.0, self._ends - time.monotonic())

    @contextmanager
    def stopped(self) -> Iterator[None]:
        began = time.monotonic()
        yield
        self._ends += time.monotonic() - began


def _before_failure(cell: NotebookNode) -> list[NotebookNode]:
    """What a cell put out before it raised."""
    return [output for output in cell.get("outputs", []) if output["output_type"] != "error"]


def _text(cell: NotebookNode) -> str:
    """What a cell printed, and the text form of what it showed."""
    parts = []
    for output in cell.get("outputs", []):
        if output["output_type"] == "stream" and output["name"] == "stdout":
            parts.append(str(output["text"]))
        data = output.get("data")
        if isinstance(data, dict):
            parts.append(str(data.get("text/plain", "")) + "\n")
    return "".join(parts)
