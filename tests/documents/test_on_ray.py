"""Runs that the nodes of a Ray cluster carry out, one of which is killed in the middle."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests import PROJECT, waiting
from tests.documents.folder import DocumentFolder
from verify.environment import environment
from verify.system import resources

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(os.environ.get(resources.NO_SANDBOX_VARIABLE)),
        reason="users make no namespaces here, and what has a network is not kept",
    ),
]


@pytest.fixture(scope="module")
def ray_python() -> Path:
    """A Python that has Ray: that of the release."""
    return environment.ensure(environment.DEFAULT, print).python


@dataclass(frozen=True)
class Cluster:
    """A cluster of which one node takes tasks; `calls` is where nodes write down what they do."""

    process: "subprocess.Popen[str]"
    address: str
    calls: Path

    def seen(self) -> list[str]:
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def exchange(self) -> None:
        """Bring another node, and kill the one that there was."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "exchanged\n"


@contextmanager
def cluster(documents: DocumentFolder, python: Path) -> Iterator[Cluster]:
    """A cluster whose nodes have the tool as a program; the first one never hands over its run."""
    (programs := documents.root / "bin").mkdir()
    calls, over = documents.root / "calls", documents.root / "over"
    tool = programs / "docs-verify"
    tool.write_text(
        f'#!/bin/sh\necho "$NODE $1" >> {calls}\n'
        f'PYTHONPATH={PROJECT} {sys.executable} -m verify "$@"\ncode=$?\n'
        f'while [ "$NODE" = first ] && [ ! -e {over} ]; do sleep 0.1; done\nexit $code\n'
    )
    tool.chmod(0o755)
    path = os.pathsep.join((str(programs), str(python.parent), os.environ["PATH"]))
    with (
        tempfile.TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder,
        subprocess.Popen(
            [python, PROJECT / "tests" / "documents" / "ray_cluster.py", folder],
            env=documents.environ | {"PATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        assert process.stdout
        assert process.stdin
        address = process.stdout.readline().strip()
        assert address
        try:
            yield Cluster(process, address, calls)
        finally:
            over.touch()
            process.stdin.close()
        process.wait(waiting.PATIENCE_S)


def test_a_document_whose_node_dies_runs_again_and_is_judged_once(
    documents: DocumentFolder, ray_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = replace(documents, takes_kept=True)
    documents.write(first="total = 1 + 1", second="print(total)")
    monkeypatch.setenv("PATH", f"{ray_python.parent}{os.pathsep}{os.environ['PATH']}")
    with cluster(documents, ray_python) as nodes:
        running = documents.start("--ray", nodes.address)
        waiting.until(nodes.seen, "no node begins", running)
        nodes.exchange()
        done = documents.finish(running)
        # Ray may give the task up together with its node; then it runs here.
        elsewhere = "so it runs here" not in done.out
        more = ["second run", "second evidence"] if elsewhere else []
        assert nodes.seen() == ["first run", *more], done.out
    assert done.code == 0
    assert done.verdicts() == {"first": "pass", "second": "pass"}
    assert ("was run on" in done.out) is elsewhere
    assert bool((done.document["observed"] or {}).get("source")) is elsewhere
    assert len(list((documents.root / "evidence").glob("*/label.json"))) == 1
    # Now it is kept here: nobody is asked.
    again = documents.run("--ray", "127.0.0.1:1")
    assert (again.code, again.verdicts()) == (0, done.verdicts())


def test_where_no_cluster_answers_nothing_is_judged(
    documents: DocumentFolder, ray_python: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents = replace(documents, takes_kept=True)
    documents.write(first="total = 1 + 1")
    monkeypatch.setenv("PATH", f"{ray_python.parent}{os.pathsep}{os.environ['PATH']}")
    done = documents.run("--ray", "127.0.0.1:1")
    assert (done.code, done.report) == (3, {})
    assert "no cluster answers there" in done.out
