"""Hands documents to the nodes of a Ray cluster; run by a Python that has Ray, whosever it is.

Standard input is a JSON table: `address`, `to` (the folder for what nodes bring back), and `tasks`,
each with `run`, `document`, `folder`, `arguments` and `memory_bytes`. Standard output has a line of
JSON for each that has ended: `run`, `node`, `file` (none if nothing came back) and `why`.

A task whose node dies is Ray's to give to another one; what a task returns arrives once or not at
all. On a node all is done by the tool that is installed there, as a program.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

_TOOL = "docs-verify"
# Ends as on Ctrl-C when its worker does: Linux's prctl(PR_SET_PDEATHSIG, SIGTERM).
_LEASH = (
    "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 15); os.execv(sys.argv[1], sys.argv[1:])"
)
_OTHER_NODES = 10  # how often a task is given away again, also to a node that dies meanwhile
# Ray's own wishes for its workers, which are no page's.
_OF_WORKERS = ("OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES")


def carried_out(
    document: str, files: dict[str, bytes], arguments: list[str]
) -> tuple[str, bytes, str]:
    """Run a document on a node: where that is, the kept runs as a file, why there is none."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (placed := folder / "documents" / document).mkdir(parents=True)
        for file, content in files.items():
            (placed / file).write_bytes(content)
        (kept := folder / "evidence").mkdir()
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "RAY_"))}
        environ = {k: v for k, v in environ.items() if k not in _OF_WORKERS}
        environ["SECRETFLOW_DOCS_VERIFY_EVIDENCE"] = str(kept)
        where = ["--tutorials", str(placed.parent), "--out", str(folder / "out")]
        where += ["--history", str(folder / "history.jsonl"), "--quiet"]
        node = socket.gethostname()
        try:
            ran = _call([_TOOL, "run", document, *where, *arguments], environ)
            if not any(one.is_dir() for one in kept.iterdir()):
                return node, b"", f"exit code {ran.returncode}: {_last_line(ran)}"
            saved = _call([_TOOL, "evidence", "save", str(folder / "runs.zip")], environ)
            if saved.returncode:
                return node, b"", _last_line(saved)
        except OSError as error:
            return node, b"", f"{_TOOL} does not start there ({error})"
        return node, (folder / "runs.zip").read_bytes(), ""


def _call(command: list[str], environ: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    tool = shutil.which(command[0])
    if tool is None:
        raise FileNotFoundError(f"no {command[0]} on the PATH")
    return subprocess.run(
        [sys.executable, "-ISc", _LEASH, tool, *command[1:]],
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _last_line(done: "subprocess.CompletedProcess[str]") -> str:
    lines = (done.stderr or done.stdout).strip().splitlines() or ["it says nothing"]
    return lines[-1]


def _room(ray: Any, memory_bytes: int) -> str:
    """Why no node has room for a task; nothing if one has."""
    nodes = [one["Resources"] for one in ray.nodes() if one["Alive"]]
    most = max((one.get("memory", 0) for one in nodes if one.get("CPU", 0) >= 1), default=0)
    if most >= memory_bytes:
        return ""
    gib = 2**30
    return f"it needs {memory_bytes / gib:.1f} GiB, and the largest node has {most / gib:.1f}"


class _Telling:
    """Standard output for us alone: Ray's own words go to standard error."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

    def __call__(self, run: str, node: str = "", file: str = "", why: str = "") -> None:
        line = json.dumps({"run": run, "node": node, "file": file, "why": why})
        print(line, file=self._out, flush=True)


def main() -> None:
    """Hand all tasks over, and tell of each as it ends."""
    tell = _Telling()
    import ray

    asked = json.load(sys.stdin)
    ray.init(address=asked["address"], log_to_driver=False, logging_level="ERROR")
    waiting = {}
    for task in asked["tasks"]:
        if why := _room(ray, task["memory_bytes"]):
            tell(task["run"], why=why)
            continue
        folder = filter(Path.is_file, Path(task["folder"]).iterdir())
        files = {one.name: one.read_bytes() for one in folder}
        remote = ray.remote(carried_out).options(
            name=task["run"],
            num_cpus=1,
            memory=task["memory_bytes"],
            max_retries=_OTHER_NODES,
            scheduling_strategy="SPREAD",
        )
        waiting[remote.remote(task["document"], files, task["arguments"])] = task["run"]
    while waiting:
        (ended, *_), _ = ray.wait(list(waiting))
        run = waiting.pop(ended)
        try:
            node, kept, why = ray.get(ended)
        except ray.exceptions.RayError as error:
            tell(run, why=str(error).strip().splitlines()[0])
            continue
        file = Path(asked["to"], f"{node}-{run}.zip")
        if kept:
            file.write_bytes(kept)
        tell(run, node, str(file) if kept else "", why)


if __name__ == "__main__":
    main()
