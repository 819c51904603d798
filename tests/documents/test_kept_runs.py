"""What ran once and could not come out otherwise is judged again without running."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.documents.folder import DocumentFolder, Finished
from verify.contract import contract
from verify.environment.environment import Environment
from verify.execute import kept_runs
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.system import resources

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(os.environ.get(resources.NO_SANDBOX_VARIABLE)),
        reason="users make no namespaces here, and what has a network is not kept",
    ),
]

FINE = "total = 1 + 1\nprint(total)"
SAID = "judged again"


@pytest.fixture
def documents(documents: DocumentFolder) -> DocumentFolder:
    """Documents for which a kept run may stand."""
    return replace(documents, takes_kept=True)


@pytest.fixture(scope="module")
def ran(
    tmp_path_factory: pytest.TempPathFactory, kernel_environment: Environment
) -> DocumentFolder:
    """A document that ran once: a cell of it breaks."""
    assert kernel_environment.python.exists()
    made = DocumentFolder(tmp_path_factory.mktemp("ran"), takes_kept=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("verify.environment.environment.FOLDER", made.environments)
        made.write(first=FINE, second="print(totals)", third="print(total)")
    done = made.run()
    assert (done.code, done.document["observed"]) == (1, None)
    return made


@pytest.fixture
def again(ran: DocumentFolder, tmp_path: Path) -> DocumentFolder:
    """A copy of that folder, to be changed."""
    shutil.copytree(ran.root, tmp_path / "again")
    return replace(ran, root=tmp_path / "again")


def kept(documents: DocumentFolder) -> list[Path]:
    """The folders of kept runs."""
    return sorted(one for one in (documents.root / "evidence").glob("*") if one.is_dir())


def edit(file: Path, was: str, now: str) -> None:
    text = file.read_text()
    assert was in text
    file.write_text(text.replace(was, now))


def said(done: Finished) -> list[tuple[str, str, str]]:
    """What a report says of steps and checks."""
    each = [*done.document["steps"], *done.document["checks"]]
    return [(one["id"], one["verdict"], one["observed"]) for one in each]


def evidence(documents: DocumentFolder, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "verify", "evidence", *arguments],
        cwd=documents.root,
        env=documents.environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_has_not_changed_is_judged_from_what_was_observed(again: DocumentFolder) -> None:
    before = Finished(1, "", again.report())
    notebook = again.out / "notebooks" / "small.corrected.embedded.ipynb"
    executed = notebook.read_bytes()
    shutil.rmtree(again.out)
    done = again.run()
    assert done.code == 1
    assert said(done) == said(before)
    found = [(one["line"], one["message"]) for one in done.document["findings"]]
    assert found == [(one["line"], one["message"]) for one in before.document["findings"]]
    assert done.document["receipt"] == before.document["receipt"]
    assert done.document["peak_memory_bytes"] == before.document["peak_memory_bytes"]
    assert notebook.read_bytes() == executed
    assert done.document["observed"]["evidence"] == kept(again)[0].name[:12]
    assert SAID in done.out
    assert SAID in (again.out / "summary.md").read_text()
    assert "as it ran" in done.out
    history = (again.root / "history.jsonl").read_text().splitlines()
    assert len([line for line in history if line]) == 1  # nothing ran a second time


EDITS: dict[str, tuple[str, str, str, bool]] = {
    "prose": (
        "tutorial.py",
        '# %% step="third"\nprint(total)',
        '# %% step="third"\nprint(total)\n\n# %% [markdown]\n# That was all.',
        False,
    ),
    "a title": ("contract.toml", "A small document", "A document", False),
    "a step's words": ("contract.toml", "does second", "does what is second", False),
    "a cell": ("tutorial.py", "print(totals)", "print(total)", True),
    "a limit": ("contract.toml", "step_limit_s = 30", "step_limit_s = 40", True),
}


@pytest.mark.parametrize("what", EDITS)
def test_only_what_a_run_depends_on_makes_it_run_again(again: DocumentFolder, what: str) -> None:
    name, was, now, runs = EDITS[what]
    edit(again.tutorials / "small" / name, was, now)
    assert (again.run().document["observed"] is None) is runs


def test_a_fresh_run_is_one(again: DocumentFolder) -> None:
    assert again.run("--fresh").document["observed"] is None
    assert again.run().document["observed"]


DAMAGES: dict[str, Callable[[Path], object]] = {
    "truncated": lambda one: (one / "recording.json").write_bytes(
        (one / "recording.json").read_bytes()[:-200]
    ),
    "another digest": lambda one: (one / "files" / "kernel.jsonl").write_text("{}\n"),
    "a file is missing": lambda one: (one / "notebook.ipynb").unlink(),
    "a file too many": lambda one: (one / "files" / "model-1-alice.jsonl").write_text(""),
    "no digests": lambda one: (one / "digests.json").unlink(),
    "garbage": lambda one: (one / "label.json").write_text("[]"),
}


@pytest.mark.parametrize("what", DAMAGES)
def test_a_damaged_one_is_never_taken(again: DocumentFolder, what: str) -> None:
    (one,) = kept(again)
    DAMAGES[what](one)
    planned = again.run("--plan").out
    assert "1 to run, 0 to be taken as they are" in planned
    done = again.run()
    assert done.document["observed"] is None
    assert again.run().document["observed"]  # it was replaced


def test_one_of_another_lock_under_this_name_is_never_taken(again: DocumentFolder) -> None:
    (one,) = kept(again)
    label = json.loads((one / "label.json").read_text())
    label["parts"]["environment"] = "0" * 64
    (one / "label.json").write_text(json.dumps(label))
    kept_runs.seal(one)
    assert "is of another run than its name says" in again.run("--plan").out
    assert again.run().document["observed"] is None


def test_one_that_is_damaged_after_it_was_found_is_not_taken(
    again: DocumentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verify.environment.environment.FOLDER", again.environments)
    monkeypatch.setenv(resources.EVIDENCE_VARIABLE, str(again.root / "evidence"))
    document = contract.read(again.tutorials / "small" / contract.FILE_NAME)
    session = Session(document, Options(out=again.out), print)
    assert session.recalled
    (kept(again)[0] / "notebook.ipynb").write_text("{}")
    try:
        session.run_step("first")
        assert session.observed is None
    finally:
        session.close()


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import time\ntime.sleep(60)", "a limit"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "a kill"),
        ("open('data.csv')", "a failure of the page"),
        ("exit()", "an end"),
    ],
)
def test_only_what_the_page_alone_decided_is_kept(
    documents: DocumentFolder, source: str, why: str
) -> None:
    documents.write(first=FINE, second=source, third=FINE, limit_s=5)
    done = documents.run()
    assert done.code != 0
    decided = why in ("a failure of the page", "an end")
    assert bool(kept(documents)) is decided
    if decided:
        assert said(documents.run()) == said(done)


def test_a_selection_keeps_nothing_and_takes_what_is_there(documents: DocumentFolder) -> None:
    documents.write(first=FINE, second=FINE)
    documents.pytest("-q", "-k", "run:first", "-p", "no:cacheprovider")
    assert not kept(documents)
    documents.run()
    done = documents.pytest("-q", "-k", "run:first", "-p", "no:cacheprovider")
    assert done.document["observed"]


def test_the_plan_names_what_has_changed(again: DocumentFolder) -> None:
    edit(again.tutorials / "small" / "tutorial.py", "print(totals)", "print(total)")
    done = again.run("--plan")
    assert done.code == 0
    assert "changed: the code cells, as the profile has them" in done.out
    assert not (again.out / "selection").exists()
    told = json.loads(again.run("--plan", "--json").out)
    assert [(one["document"], one["runs"]) for one in told["runs"]] == [("small", True)]


def test_others_can_judge_what_ran_here_and_it_is_said_to_be_theirs(
    again: DocumentFolder,
) -> None:
    assert evidence(again, "save", "runs.zip").returncode == 0
    assert "1 runs removed" in evidence(again, "clear").stdout
    assert not kept(again)
    assert "1 runs taken from runs.zip" in evidence(again, "load", "runs.zip").stdout
    (one,) = kept(again)
    done = again.run()
    assert done.document["observed"]["source"].startswith("runs.zip (SHA-256 ")
    assert "Observed by others" in done.out
    assert one.name[:12] in done.out
    listed = json.loads(evidence(again, "list", "--json").stdout)
    assert [one["run"] for one in listed["runs"]] == ["small.corrected.embedded"]


def test_a_file_that_is_none_of_kept_runs_is_refused(again: DocumentFolder) -> None:
    evidence(again, "save", "runs.zip")
    whole = (again.root / "runs.zip").read_bytes()
    (again.root / "cut.zip").write_bytes(whole[:-300])
    done = evidence(again, "load", "cut.zip")
    assert (done.returncode, "is no file of kept runs" in done.stderr) == (2, True)
    assert evidence(again, "load", "none.zip").returncode == 2
