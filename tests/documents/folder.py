"""Small documents, written by tests and run for real."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import nbformat

from tests import PROJECT, waiting
from tests.bilingual import in_both
from verify.contract import contract, pins
from verify.contract.contract import Contract
from verify.environment import environment
from verify.system import resources
from verify.upstream.pages import OfficialPage

ENVIRONMENTS = PROJECT / "tests" / "environments"


def _in_english(found: dict[str, Any]) -> object:
    """The words of what is said in two languages; anything else as it is."""
    return found["en"] if found.keys() == {"zh", "en"} else found


@dataclass(frozen=True)
class Finished:
    """A command that came to its end."""

    code: int
    out: str
    report: dict[str, Any]  # what it says in two languages is in English here

    @property
    def document(self) -> dict[str, Any]:
        """The only document of the report."""
        (only,) = self.report["documents"]
        return dict(only)

    def verdicts(self) -> dict[str, str]:
        """The steps' verdicts."""
        return {step["id"]: step["verdict"] for step in self.document["steps"]}


@dataclass(frozen=True)
class DocumentFolder:
    """Documents below `root/tutorials`, and runs of them with the real command line."""

    root: Path
    environments: Path = ENVIRONMENTS
    environment: str = "kernel-only"
    documented: str = '["ipykernel", "numpy"]'
    takes_kept: bool = False  # whether what ran before may stand for a run

    @property
    def tutorials(self) -> Path:
        """Where the documents are."""
        return self.root / "tutorials"

    @property
    def out(self) -> Path:
        """Where reports and evidence go."""
        return self.root / "out"

    @property
    def environ(self) -> dict[str, str]:
        """Variables for the tool's processes."""
        return os.environ | {
            "PYTHONPATH": str(PROJECT),
            resources.ENVIRONMENTS_VARIABLE: str(self.environments),
            resources.TUTORIALS_VARIABLE: str(self.tutorials),
            resources.EVIDENCE_VARIABLE: str(self.root / "evidence"),
            resources.FRESH_VARIABLE: "" if self.takes_kept else "1",
        }

    @property
    def upstream(self) -> Path:
        """The repository of the official pages."""
        return self.root / "upstream"

    def write(
        self,
        name: str = "small",
        /,
        *,
        limit_s: float = 30,
        more: str = "",
        begins: int | None = 0,
        **steps: str,
    ) -> Contract:
        """Write a document whose page and edition agree: one cell for each step, in order.

        The steps' official cells begin at `begins`; a page of ours has none.
        """
        folder = self.tutorials / name
        folder.mkdir(parents=True)
        blob = "0" * 40
        cells = [f'# %% step="{_dashed(step)}"\n{source}' for step, source in steps.items()]
        (folder / contract.EDITION_NAME).write_text("\n\n".join(cells) + "\n")
        text = self._contract(blob, list(steps), limit_s, begins) + more
        (folder / contract.FILE_NAME).write_text(in_both(text))
        document = contract.read(folder / contract.FILE_NAME)
        if begins is not None:
            official = OfficialPage("v0", "1" * 40, "page.ipynb", blob, _notebook(steps.values()))
            pins.write(pins.of_page(official, document.known), document.pins_path)
        return document

    def publish(self, *cells: str, printed: Mapping[int, str] | None = None) -> None:
        """Tag a page of these cells as v0; a cell that begins with a number sign is prose.

        `printed` is what cells have stored, by index.
        """
        self.upstream.mkdir(exist_ok=True)
        (self.upstream / "page.ipynb").write_text(_notebook(cells, printed or {}))
        name = ("-c", "user.name=writer", "-c", "user.email=writer@pages.invalid")
        for command in (
            ("init", "--quiet"),
            ("add", "page.ipynb"),
            (*name, "commit", "--quiet", "--message", "A page"),
            ("tag", "--force", "v0"),
        ):
            subprocess.run(["git", *command], cwd=self.upstream, check=True, capture_output=True)

    def pin(self, name: str = "small", *, blob: str = "0" * 40) -> None:
        """Pin the page as it has been published; the contract names the same blob."""
        text = (self.upstream / "page.ipynb").read_text()
        official = OfficialPage("v0", "1" * 40, "page.ipynb", blob, text)
        folder = self.tutorials / name
        known = contract.read(folder / contract.FILE_NAME).known
        pins.write(pins.of_page(official, known), folder / contract.PINS_NAME)
        written = (folder / contract.FILE_NAME).read_text()
        (folder / contract.FILE_NAME).write_text(written.replace("0" * 40, blob))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start `python -m verify run` over the documents."""
        told = ("--history", str(self.root / "history.jsonl"))
        return self._start("run", "--out", str(self.out), *told, *arguments)

    def command(self, name: str, *arguments: str) -> Finished:
        """Run another command that has an output folder."""
        return self.finish(self._start(name, "--out", str(self.out), *arguments))

    def _start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "verify", *arguments],
            cwd=self.root,
            env=self.environ | {"COLUMNS": "300"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def run(self, *arguments: str) -> Finished:
        """Run `python -m verify run` over the documents to its end."""
        return self.finish(self.start(*arguments))

    def finish(self, process: subprocess.Popen[str]) -> Finished:
        """Wait for a command and read its report."""
        out, _ = process.communicate(timeout=waiting.PATIENCE_S)
        return Finished(process.returncode, out, self.report())

    def pytest(self, *arguments: str, of: str = "tutorials") -> Finished:
        """Run plain pytest over the documents, or over some of them."""
        done = subprocess.run(
            [sys.executable, "-m", "pytest", of, f"--verify-out={self.out}", *arguments],
            cwd=self.root,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
            timeout=waiting.PATIENCE_S,
        )
        said = done.stdout + done.stderr
        where = re.search(r"^Report: (.+)/report\.json$", said, re.MULTILINE)
        return Finished(done.returncode, said, self.report(Path(where[1]) if where else None))

    def report(self, out: Path | None = None) -> dict[str, Any]:
        """The last report of the output folder, or of another; empty if there is none."""
        file = (out or self.out) / "report.json"
        if not file.exists():
            return {}
        return dict(json.loads(file.read_text(), object_hook=_in_english))

    def _contract(self, blob: str, steps: list[str], limit_s: float, begins: int | None) -> str:
        source = ["[page]", 'ref = "v0"', 'path = "page.ipynb"', f'blob = "{blob}"']
        lines = [
            "schema = 2",
            'title = "A small document"',
            *(["[ours]", 'write_up = "https://advice.example/7"'] if begins is None else source),
            "[environment]",
            f'name = "{self.environment}"',
            f"documented = {self.documented}",
        ]
        for cell, step in enumerate(steps, begins or 0):
            lines += ["[[steps]]", f'id = "{_dashed(step)}"', f'says = "does {step}"']
            lines += [] if begins is None else [f"cells = [{cell}]"]
        lines += [
            "[profiles.embedded]",
            'says = "as it is"',
            f"step_limit_s = {limit_s}",
            "expected_s = 5",
        ]
        return "\n".join(lines) + "\n"


def with_secretflow(root: Path) -> DocumentFolder:
    """A folder for documents that run in the real documented environment."""
    environments = PROJECT / "fixtures" / "environments"
    return DocumentFolder(root, environments, environment.DEFAULT, '["secretflow"]')


def training(step: str, **stated: object) -> str:
    """The contract's table of a training in a step: two layers, the first one frozen."""
    federated = "parties" in stated
    series = ["accuracy", "loss", *(("val_accuracy", "val_loss") if federated else ())]
    table = {
        "id": step,
        "step": step,
        "kind": "federated" if federated else "local",
        "epochs": 2,
        "metrics": series,
        "start": "random",
        "layers": 2,
        "frozen": 1,
        **stated,
    }
    lines = (f"{key} = {json.dumps(value)}" for key, value in table.items())
    return "\n".join(("\n[[trainings]]", *lines, ""))


def _notebook(cells: Iterable[str], printed: Mapping[int, str] = MappingProxyType({})) -> str:
    page = nbformat.v4.new_notebook()
    page.cells = [
        nbformat.v4.new_markdown_cell(cell)
        if cell.startswith("#")
        else nbformat.v4.new_code_cell(cell)
        for cell in cells
    ]
    for index, text in printed.items():
        page.cells[index].outputs = [nbformat.v4.new_output("stream", text=text)]
    return str(nbformat.writes(page))


def _dashed(step: str) -> str:
    return step.replace("_", "-")
