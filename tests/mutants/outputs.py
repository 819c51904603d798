"""Where stored outputs can be changed so that they belong to another run, or to none."""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from nbformat import NotebookNode

_EPOCHS = re.compile(r"\bEpoch (\d+)/(\d+)\b")
_EPOCHS_OF_BAR = re.compile(r"\bepoch: (\d+)/(\d+)\b")
_ACCURACY = re.compile(r"\b(val_acc(?:uracy)?)(['\"]?: ?)(\d\.\d+)")
_EPOCHS_IN_CODE = re.compile(r"\bepochs ?= ?(\d+)\b")


@dataclass(frozen=True)
class Reprint:
    """The cells that another run would have left so, by their index."""

    cells: dict[int, NotebookNode]
    says: str

    @property
    def cell(self) -> int:
        """Where the change is to be seen first."""
        return min(self.cells)


OutputOperator = Callable[[list[NotebookNode]], Iterator[Reprint]]


def epochs_changed(cells: list[NotebookNode]) -> Iterator[Reprint]:
    """The code asks for more epochs than the output beneath it tells of."""
    for index, cell in _with_outputs(cells):
        match = _EPOCHS_IN_CODE.search(cell.source)
        if match and any(_last_epoch(output.get("text", "")) for output in cell.outputs):
            more = str(int(match[1]) * 2 + 1)
            changed = copy.deepcopy(cell)
            start, end = match.span(1)
            changed.source = cell.source[:start] + more + cell.source[end:]
            yield Reprint({index: changed}, f"epochs={match[1]} → epochs={more}")


def log_truncated(cells: list[NotebookNode]) -> Iterator[Reprint]:
    """The log ends before the last epoch."""
    for index, cell in _with_outputs(cells):
        for place, output in enumerate(cell.outputs):
            text = output.get("text", "")
            last = _last_epoch(text)
            if last and int(last[1]) > 1:
                start = last.start() if last.re is _EPOCHS else text.rfind("\n", 0, last.start())
                changed = copy.deepcopy(cell)
                changed.outputs[place].text = text[: start + (last.re is not _EPOCHS)]
                del changed.outputs[place + 1 :]
                yield Reprint({index: changed}, f"without epoch {last[1]} of {last[2]}")


def _last_epoch(text: str) -> re.Match[str] | None:
    found = list(_EPOCHS.finditer(text)) or list(_EPOCHS_OF_BAR.finditer(text))
    return found[-1] if found and found[-1][1] == found[-1][2] else None


def counts_swapped(cells: list[NotebookNode]) -> Iterator[Reprint]:
    """Two cells ran in the other order."""
    counted = [index for index, cell in _with_outputs(cells) if cell.execution_count]
    for one, other in pairwise(counted):
        changed = {
            one: _counted(cells[one], cells[other].execution_count),
            other: _counted(cells[other], cells[one].execution_count),
        }
        yield Reprint(changed, f"counts swapped with cell {other}")


def _counted(cell: NotebookNode, count: int) -> NotebookNode:
    changed = copy.deepcopy(cell)
    changed.execution_count = count
    for output in changed.outputs:
        if output.get("execution_count"):
            output.execution_count = count
    return changed


def metric_flat(cells: list[NotebookNode]) -> Iterator[Reprint]:
    """A validation accuracy is 1 from the first epoch on."""
    for index, cell in _with_outputs(cells):
        changed = copy.deepcopy(cell)
        places = 0
        for output in changed.outputs:
            if "text" in output:
                output.text, found = _ACCURACY.subn(r"\g<1>\g<2>1.0", output.text)
                places += found
        if places > 2:
            yield Reprint({index: changed}, "all validation accuracies 1.0")


def unnamed_error(cells: list[NotebookNode]) -> Iterator[Reprint]:
    """The output is an error that the page says nothing of."""
    for index, cell in _with_outputs(cells):
        if "raise" not in cell.source and "error" not in cell.source.lower():
            changed = copy.deepcopy(cell)
            error = {"ename": "KeyError", "evalue": "'loss'", "traceback": []}
            changed.outputs = [NotebookNode(error, output_type="error")]
            yield Reprint({index: changed}, "ends with KeyError: 'loss'")


def _with_outputs(cells: list[NotebookNode]) -> Iterator[tuple[int, NotebookNode]]:
    for index, cell in enumerate(cells):
        if cell.cell_type == "code" and cell.outputs:
            yield index, cell
