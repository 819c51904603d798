"""A failing document never vanishes from the report, whatever happens to what it leaves behind."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import waiting
from tests.documents.folder import DocumentFolder, Finished

pytestmark = pytest.mark.slow

FINE = "total = 1 + 1\nprint(total)"
BROKEN = "raise ValueError('broken page')"
KILL = "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)"
# What the probes write to, as a process that is cut short would leave it.
SPOIL = """\
with open({!r}, "a") as log:
    log.write('{{"event": "cut short\\n')
"""
REMOVE = """\
import shutil
from pathlib import Path
shutil.rmtree(Path({!r}).parents[{}])
"""


@pytest.fixture(autouse=True)
def own_temporary_folder(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("TMPDIR", str(short_folder))
    yield short_folder
    deadline = time.monotonic() + 20
    while list(short_folder.glob("sfdv-*")):  # a guard may still be at it
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _reached(folder: Path, process: "subprocess.Popen[str]") -> Path:
    """The scratch folder below this one, once its page has written a file of this name."""
    waiting.until(lambda: any(folder.glob("sfdv-*/reached")), "the page never came so far", process)
    (reached,) = folder.glob("sfdv-*/reached")
    return reached.parent


def verdicts(done: Finished) -> dict[str, str]:
    """The documents' verdicts; each is there."""
    return {document["name"]: document["verdict"] for document in done.report["documents"]}


def why(done: Finished, name: str) -> str:
    """What the report says that a document could not be judged for."""
    (document,) = (one for one in done.report["documents"] if one["name"] == name)
    (check,) = (one for one in document["checks"] if one["id"] == "document")
    assert check["verdict"] == "error"
    assert any(check["observed"] in finding["message"] for finding in document["findings"])
    return str(check["observed"])


@pytest.mark.parametrize("plain", [True, False])
def test_a_worker_that_was_killed_takes_no_document_with_it(
    documents: DocumentFolder, *, plain: bool
) -> None:
    documents.write("one", first=FINE)
    documents.write("two", first=KILL, second=BROKEN)
    documents.write("three", first=FINE)
    # As the system does for want of memory: a page in a sandbox cannot.
    if plain:
        done = documents.pytest("-q", "-n", "2", "--verify-no-sandbox")
    else:
        done = documents.run("--jobs", "2", "--no-sandbox")
    assert done.code == 3, done.out
    assert verdicts(done) == {"one": "pass", "two": "error", "three": "pass"}
    assert why(done, "two") == (
        "a process of ours ended at run:first, killed by the system for want of memory perhaps; "
        "run it again, with fewer --jobs"
    )
    assert done.out.count("crashed while running") <= 2  # it is not tried again
    assert "not decided: a process of ours ended at run:first, killed by the system" in done.out
    assert "two" in (documents.out / "junit.xml").read_text()


@pytest.mark.parametrize("plain", [True, False])
def test_a_notebook_that_cannot_be_kept_makes_its_document_an_error(
    documents: DocumentFolder, *, plain: bool
) -> None:
    documents.write("one", first=FINE)
    documents.write("two", first=BROKEN)
    (documents.out / "notebooks").mkdir(parents=True)
    (documents.out / "notebooks" / "two.corrected.embedded.ipynb").symlink_to("/dev/full")
    done = documents.pytest("-q") if plain else documents.run()
    assert done.code == 3, done.out
    assert verdicts(done) == {"one": "pass", "two": "error"}
    assert why(done, "two").startswith(
        f"the run could not be kept: {documents.out}: cannot be written (No space left on device)"
    )
    two = next(one for one in done.report["documents"] if one["name"] == "two")
    assert two["steps"][0]["verdict"] == "fail"  # what is known is told


def test_an_entry_that_cannot_be_kept_is_an_error(documents: DocumentFolder) -> None:
    documents.write("one", first=FINE)
    documents.write("two", first=BROKEN)
    entry = documents.out / "runs" / "two.corrected.embedded"
    entry.parent.mkdir(parents=True)
    entry.write_text("no folder")
    done = documents.run()
    assert done.code == 3, done.out
    assert verdicts(done) == {"one": "pass", "two": "error"}


def _recorded(documents: DocumentFolder, name: str) -> str:
    return str(documents.out / "runs" / f"{name}.corrected.embedded" / "kernel.jsonl")


@pytest.mark.parametrize("arguments", [(), ("--jobs", "2")])
def test_a_damaged_record_is_no_agreement(
    documents: DocumentFolder, arguments: tuple[str, ...]
) -> None:
    for name, second in {"one": FINE, "two": BROKEN}.items():
        documents.write(name, first=SPOIL.format(_recorded(documents, name)), second=second)
    done = documents.run("--no-sandbox", *arguments)  # in one, it is out of their reach
    assert done.code == 3, done.out
    assert verdicts(done) == {"one": "error", "two": "error"}
    for name in verdicts(done):
        file = _recorded(documents, name)
        said = why(done, name)
        assert said.startswith(f"{file}:3: is no record of ours (invalid JSON: ")
        assert said.endswith("), so the evidence of the run is not whole; run it again")


@pytest.mark.parametrize("above", [0, 1, 2])
def test_evidence_that_a_cell_removes_is_missed(documents: DocumentFolder, above: int) -> None:
    documents.write("one", first=FINE)
    documents.write("two", first=REMOVE.format(_recorded(documents, "two"), above), second=FINE)
    done = documents.run("--no-sandbox")  # in one, it is out of a page's reach
    assert done.code == 3, done.out
    assert verdicts(done) == {"one": "pass" if above == 0 else "error", "two": "error"}
    assert why(done, "two").endswith(
        "kernel.jsonl: is missing or lacks its beginning, so the evidence of the run is not whole; "
        "run it again"
    )
    if above:
        assert why(done, "one") == (
            "nothing was kept of its run, or it was removed again; run it again"
        )


@pytest.mark.parametrize("plain", [True, False])
def test_a_second_run_does_not_enter_the_folder_of_the_first(
    documents: DocumentFolder, own_temporary_folder: Path, *, plain: bool
) -> None:
    held = (
        "import os, time\nopen('reached', 'w')\n"
        f"while not os.path.exists('leave'):\n    time.sleep(0.1)\n{BROKEN}"
    )
    documents.write("one", first=FINE)
    documents.write("two", first=held, limit_s=600)
    process = documents.start()
    scratch = _reached(own_temporary_folder, process)
    second = documents.pytest("-q") if plain else documents.run("one")
    (scratch / "leave").touch()
    done = documents.finish(process)
    assert second.code == (4 if plain else 2), second.out
    assert (
        f"{documents.out}: another run is writing there; wait for its end, or choose another "
        "folder with --out (--verify-out under pytest)."
    ) in second.out
    assert "Traceback" not in second.out
    assert done.code == 1, done.out
    assert verdicts(done) == {"one": "pass", "two": "fail"}
    assert documents.run("one").code == 0


def test_with_workers_a_second_pytest_does_not_enter_either(
    documents: DocumentFolder, own_temporary_folder: Path
) -> None:
    held = "import time\nopen('reached', 'w')\ntime.sleep(600)"
    documents.write("one", first=held, limit_s=600)
    process = documents.start()
    _reached(own_temporary_folder, process)
    second = documents.pytest("-q", "-n", "2")
    os.kill(process.pid, signal.SIGINT)
    assert documents.finish(process).code == 130
    assert second.code == 4, second.out
    assert f"{documents.out}: another run is writing there" in second.out


def test_a_merged_report_says_what_is_missing(documents: DocumentFolder) -> None:
    documents.write("one", first=FINE)
    assert documents.run().code == 0
    first = documents.root / "first"
    shutil.move(documents.out, first)
    (documents.root / "second").mkdir()
    done = documents.command("report", str(first), str(documents.root / "second"))
    assert done.code == 3, done.out
    assert verdicts(done) == {"one": "pass"}
    missing = (
        f"{documents.root / 'second'}: is missing in this report, for it holds no report of its own"
    )
    assert done.report["missing"] == [f"{missing}."]
    assert missing in done.out
    nowhere = documents.command("report", str(first), str(documents.root / "third"))
    assert nowhere.code == 2, nowhere.out
    assert verdicts(nowhere) == {"one": "pass"}


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_a_contract_that_cannot_be_read_has_an_entry(
    documents: DocumentFolder, workers: tuple[str, ...]
) -> None:
    documents.write("one", first=FINE)
    documents.write("two", first=BROKEN)
    file = documents.tutorials / "two" / "contract.toml"
    file.write_text(file.read_text().replace("step_limit_s = 30", 'step_limit_s = "soon"'))
    done = documents.pytest("-q", "--continue-on-collection-errors", *workers)
    assert done.code == 3, done.out
    assert verdicts(done) == {"one": "pass", "two": "error"}
    assert why(done, "two").startswith(f"{file}:16: profiles.embedded.step_limit_s: input should")


def test_a_run_that_is_stopped_at_the_first_failure_names_the_rest(
    documents: DocumentFolder,
) -> None:
    documents.write("one", first=BROKEN)
    documents.write("two", first=FINE)
    done = documents.pytest("-q", "-x")
    assert done.code == 1, done.out
    assert verdicts(done) == {"one": "fail", "two": "unchecked"}
    two = next(one for one in done.report["documents"] if one["name"] == "two")
    assert two["steps"][0]["reason"] == "the run was stopped before it came to this document"


def test_what_is_only_collected_is_not_reported(documents: DocumentFolder) -> None:
    documents.write("one", first=FINE)
    done = documents.pytest("-q", "--collect-only")
    assert done.code == 0, done.out
    assert not documents.out.exists()


@pytest.mark.parametrize("every", [False, True])
def test_plain_pytest_has_the_documents_that_run_has(
    documents: DocumentFolder, *, every: bool
) -> None:
    documents.write("one", first=FINE)
    documents.write("own", begins=None, first=FINE)
    done = documents.pytest("-q", "--collect-only", *(["--verify-all"] if every else []))
    planned = documents.run("--plan", "--json", *(["--all"] if every else []))
    assert done.code == planned.code == 0, done.out
    assert _collected(done) == {row["document"] for row in json.loads(planned.out)["runs"]}
    assert ("Left out: own," in done.out) is not every
    named = documents.pytest("-q", "--collect-only", "--rootdir=.", of="tutorials/own")
    assert _collected(named) == {"own"}


def _collected(done: Finished) -> set[str]:
    return set(re.findall(r"^tutorials/(\w+)/", done.out, re.MULTILINE))
