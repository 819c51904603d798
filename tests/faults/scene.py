"""Where a fault happens: a folder of documents and pages, and real commands on them."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

import psutil

from tests import waiting
from tests.documents.folder import DocumentFolder
from verify.evidence import reading
from verify.execute.sandbox import working_bubblewrap
from verify.report import entries
from verify.system import cache

FINE = "total = 1 + 1\nprint(total)"
REACHED = "import time\nopen('reached', 'w')\ntime.sleep(600)"
_OURS = ("Traceback (most recent call last)", "Our own fault", "we broke (", "INTERNALERROR")
_ENDS_S = waiting.PATIENCE_S


@dataclass(frozen=True)
class Done:
    """A command that came to its end."""

    code: int
    out: str


@dataclass
class Scene:
    """One fault's folder. `environ` is what its commands find changed, None for what is missing.

    `checks` says that it is `check` that runs, and not `run`, `printed` what it printed.
    """

    folder: DocumentFolder
    temporary: Path
    environ: dict[str, str | None] = field(default_factory=dict)
    stack: ExitStack = field(default_factory=ExitStack)
    checks: bool = False
    printed: str = ""

    @property
    def root(self) -> Path:
        """The folder of all this."""
        return self.folder.root

    @property
    def out(self) -> Path:
        """The output folder."""
        return self.folder.out

    @property
    def evidence(self) -> Path:
        """Where the evidence of the document `small` goes."""
        return self.evidence_of("small")

    def evidence_of(self, name: str) -> Path:
        """Where the evidence of a document's run goes."""
        published = self.out / "runs" / f"{name}.published.embedded"
        return published if published.exists() else published.with_stem(f"{name}.corrected")

    def write(self, name: str = "small", /, *, limit_s: float = 120, **steps: str) -> None:
        """Write a document."""
        more: dict[str, Any] = dict(steps)
        self.folder.write(name, limit_s=limit_s, **more)

    def edit(self, file_name: str, change: Callable[[str], str], name: str = "small") -> None:
        """Change a file of a document."""
        file = self.folder.tutorials / name / file_name
        file.write_text(change(file.read_text()))

    def start(
        self,
        *arguments: str,
        prefix: Sequence[str] = (),
        command: str = "run",
        stdout: int | TextIO = subprocess.PIPE,
        cwd: Path | None = None,
        **options: Any,
    ) -> "subprocess.Popen[str]":
        """Start a command; `run` goes over the documents with this folder's output."""
        given = {"TMPDIR": str(self.temporary), "COLUMNS": "300", **self.folder.environ}
        environ = given | {"TMPDIR": str(self.temporary), "COLUMNS": "300"}
        for name, value in self.environ.items():
            environ.pop(name, None)
            environ.update({} if value is None else {name: value})
        ours = ("--out", str(self.out), "--history", str(self.root / "history.jsonl"))
        whole = [*prefix, sys.executable, "-m", "verify", command]
        return subprocess.Popen(
            [*whole, *(ours if command == "run" else ()), *arguments],
            cwd=cwd or self.root,
            env=environ,
            stdout=stdout,
            stderr=subprocess.STDOUT,
            text=True,
            errors="backslashreplace",
            start_new_session=True,
            **options,
        )

    def run(self, *arguments: str, **how: Any) -> Done:
        """Run a command to its end."""
        return self.finish(self.start(*arguments, **how))

    def finish(self, process: "subprocess.Popen[str]") -> Done:
        """Wait for a command; one that does not end is ended, and has no exit code."""
        try:
            out, _ = process.communicate(timeout=_ENDS_S)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            out, _ = process.communicate()
            return Done(-1000, f"{out}\n(it did not end)")
        return Done(process.returncode, out or "")

    def reached(self, process: "subprocess.Popen[str]") -> Path:
        """Wait for a page to write `reached` into its scratch folder; that folder."""
        found: list[Path] = []

        def there() -> bool:
            found[:] = self.temporary.glob("sfdv-*/reached")
            return bool(found)

        waiting.until(there, "the page never came so far", process)
        return found[0].parent

    def sabotage(self, code: str) -> None:
        """Have Python code run in the tool's own processes before anything else does."""
        folder = self.root / "sabotage"
        folder.mkdir(exist_ok=True)
        begins = "import sys\nif sys.orig_argv[1:3] == ['-m', 'verify']:\n"
        body = "".join(f"    {line}\n" for line in code.splitlines())
        (folder / "sitecustomize.py").write_text(begins + body)
        self.environ["PYTHONPATH"] = f"{folder}:{self.folder.environ['PYTHONPATH']}"

    def restore(self) -> None:
        """Take away what commands find changed."""
        self.environ.clear()

    def private_cache(self, environments: Path | None = None) -> list[str]:
        """Have what the cache holds to ourselves, environments apart; what runs commands so."""
        own = self.root / "cache"
        own.mkdir(exist_ok=True)
        (own / "environments").mkdir(exist_ok=True)
        there = cache.cache_root()
        built = str(environments or there / "environments")
        how = "--bind" if environments else "--ro-bind"
        return in_box(*("--bind", str(own), str(there)), *(how, built, str(there / "environments")))

    def report(self) -> dict[str, Any]:
        """The report of the output folder, in English; empty if there is none that can be read."""
        with suppress(OSError, ValueError):
            return self.folder.report()
        return {}

    def document(self, name: str = "small") -> dict[str, Any]:
        """What the report says of a document; empty if it has none of that name."""
        documents = self.report().get("documents", ())
        return next((dict(one) for one in documents if one["name"] == name), {})

    def verdict(self, name: str = "small", step: str = "") -> str:
        """A document's verdict, or that of one of its steps."""
        one = self.document(name)
        steps = {entry["id"]: entry["verdict"] for entry in one.get("steps", ())}
        return str(steps.get(step, "none") if step else one.get("verdict", "none"))

    def code(self, name: str) -> int:
        """What a document alone would end the command with."""
        whole = entries.read(self.out / "report.json")
        alone = [one for one in whole.documents if one.name == name]
        return int(whole.model_copy(update={"documents": alone}).exit_code)

    def kept(self, name: str = "small") -> str:
        """What there is of evidence: see `Wanted`; `lost` where nobody says that it is damaged."""
        evidence = self.evidence_of(name)
        whole = [one for one in self.document(name).get("checks", ()) if one["id"] == "document"]
        if any(one["verdict"] == "error" for one in whole):
            return "incomplete"
        if not any(evidence.rglob("*.jsonl")):  # it did not come to a page's first cell
            return "none"
        damaged = reading.damages([evidence])
        return "lost" if damaged else "kept"

    def left(self) -> list[str]:
        """Processes, their sockets, and files that are still there."""
        with suppress(AssertionError):
            _wait_for(lambda: not list(self._left()))
        return list(self._left())

    def _left(self) -> Iterator[str]:
        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.status() != psutil.STATUS_ZOMBIE and self._owns(process):
                    sockets = [one.laddr for one in process.net_connections(kind="inet")]
                    yield f"process {process.pid} {process.cmdline()} {sockets or ''}"
        with suppress(OSError):
            yield from (f"file {one.name}" for one in self.temporary.iterdir())
        with suppress(OSError):
            yield from (f"draft {one.name}" for one in self.out.rglob(".*.draft"))

    def _owns(self, process: psutil.Process) -> bool:
        if process.pid == os.getpid():
            return False
        variable = process.environ().get("TMPDIR", "")
        told = (*process.cmdline(), process.cwd(), variable)
        ours = (str(self.root), str(self.temporary))
        return any(one in text for one in ours for text in told)

    def follows(self) -> str:
        """What is wrong with the next run, of another document into the same folder."""
        if self.checks:
            page = self.root / "well.md"
            page.write_text("# Well\n\nAll is well.\n")
            done = self.run("--env", "none", str(page), command="check")
            return "" if done.code == 0 and not ours(done) else f"{done.code}: {done.out[-600:]}"
        self.folder.write("next", limit_s=600, first=FINE)
        done = self.run("next")
        verdict = self.document("next").get("verdict", "none")
        well = done.code == 0 and verdict == "pass" and not ours(done)
        return "" if well else f"{verdict}, {done.code}: {done.out[-3000:]}"


def ours(done: Done) -> list[str]:
    """What of our own came to the surface."""
    return [sign for sign in _OURS if sign in done.out]


def in_box(*options: str) -> list[str]:
    """What runs a command as the machine is, but for some of its folders."""
    return [working_bubblewrap(), "--dev-bind", "/", "/", *options, "--"]


def of_check(done: Done) -> list[dict[str, Any]]:
    """What `check --format json` found."""
    with suppress(ValueError):
        return list(json.loads(done.out[done.out.index("{") :])["findings"])
    return []


def _wait_for(condition: Callable[[], bool]) -> None:
    """Wait a while for what comes by itself."""
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.3)
