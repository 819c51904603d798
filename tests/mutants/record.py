"""Runs the sample tutorials for real, and keeps what the probes recorded, and outputs of one.

`python -m tests.mutants.record` does it anew; needed where the probes record something else.
"""

import itertools
import json
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.documents.folder import with_secretflow
from tests.mutants import evidences, splits, trainings
from verify.page import notebook, reader
from verify.page.page import Page

_SCRATCH = re.compile(r"/tmp/[\w-]+(?:/tmp\w+)?/")  # noqa: S108
_BAR = re.compile(r"\d+%\|")


def record() -> None:
    """Renew outputs and evidence."""
    together = trainings.local("office") + trainings.federated("together")
    sample = reader.read(trainings.SAMPLE)
    with _ran(sample, together, evidences.FOLDER) as out:
        (ran,) = (out / "notebooks").glob("*.ipynb")
        cells = nbformat.read(ran, as_version=4).cells
        _keep_outputs(notebook.node(sample.text, sample.path), cells)
    with _ran(splits.page(), splits.TRAINING, splits.FOLDER):
        pass


@contextmanager
def _ran(sample: Page, more: str, to: Path) -> Iterator[Path]:
    """The output folder of a run of a sample, of which the events have been kept.

    Raises:
        RuntimeError: the run does not verify the tutorial.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = with_secretflow(Path(scratch))
        sources = {cell.step: cell.source for cell in sample.cells if cell.step}
        folder.write(begins=0, limit_s=trainings.LIMIT_S, more=more, **sources)
        done = trainings.finished(folder, print)
        if done["documents"][0]["verdict"] != "pass":
            raise RuntimeError(f"{sample.path.name} does not pass.")
        (run,) = (folder.out / "runs").iterdir()
        to.mkdir(exist_ok=True)
        for file in run.glob("*.jsonl"):
            _keep_events(file, to / file.name)
        yield folder.out


def _keep_outputs(sample: NotebookNode, ran: Sequence[NotebookNode]) -> None:
    executed = iter([cell for cell in ran if cell.cell_type == "code"][1:])  # the first is ours
    codes = [cell for cell in sample.cells if cell.cell_type == "code"]
    for count, cell in enumerate(codes, 1):
        cell.outputs = list(_outputs(next(executed).outputs, count))
        cell.execution_count = count
    nbformat.write(sample, trainings.SAMPLE)


def _outputs(outputs: Sequence[NotebookNode], count: int) -> Iterator[NotebookNode]:
    """The outputs as a front end keeps them, without what only tells of this machine."""
    kept = [
        o for o in outputs if o.get("name") != "stderr" or _BAR.search(o.text) or o.text == "\n"
    ]
    for name, some in itertools.groupby(kept, lambda output: str(output.get("name", ""))):
        if name:
            lines = "".join(output.text for output in some).split("\n")
            text = "\n".join(line.rpartition("\r")[2] for line in lines)
            yield nbformat.v4.new_output("stream", name=name, text=text)
            continue
        for output in some:
            if "execution_count" in output:
                output.execution_count = count
            yield output


def _keep_events(file: Path, to: Path) -> None:
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        if event["event"] == "started":
            event["versions"] = {}
        lines.append(_SCRATCH.sub("/data/", json.dumps(event)))
    to.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
