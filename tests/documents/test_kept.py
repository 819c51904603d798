"""What is run next destroys nothing: of documents, of selections, of runs that are stopped."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests import waiting
from tests.documents.folder import DocumentFolder

pytestmark = pytest.mark.slow

FINE = "total = 1 + 1\nprint(total)"


def contents(folder: Path) -> dict[Path, bytes]:
    """All files below a folder but those of selections, and the lock."""
    files = (file for file in folder.rglob("*") if file.is_file() and file.name != ".lock")
    kept = {file.relative_to(folder): file.read_bytes() for file in files}
    return {path: text for path, text in kept.items() if path.parts[0] != "selection"}


def test_a_run_of_one_document_leaves_the_others_in_the_report(documents: DocumentFolder) -> None:
    documents.write("one", first=FINE)
    documents.write("two", first="1 / 0")
    first = documents.run()
    assert first.code == 1
    before = contents(documents.out / "runs" / "two.corrected.embedded")
    second = documents.run("one")
    assert second.code == 0, second.out  # it is the run's own, not that of what is kept
    assert "It keeps 1 earlier result, with its date: two (corrected, embedded)." in second.out
    verdicts = {one["name"]: (one["verdict"], one["started"]) for one in second.report["documents"]}
    assert verdicts == {"one": ("pass", None), "two": ("fail", first.report["started"])}
    assert contents(documents.out / "runs" / "two.corrected.embedded") == before
    assert "An earlier result: of the run of" in (documents.out / "summary.md").read_text()
    shown = documents.command("report")
    assert shown.code == 1
    assert "An earlier result: of the run of" in shown.out


@pytest.mark.parametrize(
    "selection",
    [
        ("-k", "facts"),
        ("-x",),
        ("--deselect", "tutorials/one/tutorial.py::corrected::run:second"),
        ("-n", "2", "-k", "run"),
    ],
)
def test_a_selection_goes_elsewhere_and_says_where(
    documents: DocumentFolder, selection: tuple[str, ...]
) -> None:
    documents.write("one", first=FINE, second="print(total)")
    assert documents.run().code == 0
    before = contents(documents.out)
    done = documents.pytest("-q", "-p", "no:cacheprovider", *selection)
    assert contents(documents.out) == before
    apart = documents.out / "selection"
    assert f"the report of whole runs, in {documents.out}, stays as it is." in done.out
    assert f"Report: {apart / 'report.json'}" in done.out
    assert (apart / "report.html").exists()


def test_a_run_that_is_stopped_keeps_what_it_did_not_begin(documents: DocumentFolder) -> None:
    reached = documents.root / "reached"
    waits = f"import os, time\nif os.path.exists({str(reached)!r}):\n    time.sleep(600)"
    documents.write("one", first=waits, limit_s=900)
    documents.write("two", first=FINE)
    assert documents.run().code == 0
    reached.touch()
    began = documents.out / "runs" / "one.corrected.embedded"
    before = time.time()
    process = documents.start()
    waiting.until(
        lambda: any(file.stat().st_mtime > before for file in began.glob("*")), "never", process
    )
    os.kill(process.pid, signal.SIGINT)
    done = documents.finish(process)
    assert done.code == 130, done.out
    verdicts = {
        one["name"]: (one["verdict"], bool(one["started"])) for one in done.report["documents"]
    }
    assert verdicts == {"one": ("unchecked", False), "two": ("pass", True)}


def test_a_run_that_breaks_off_before_it_begins_keeps_the_report(documents: DocumentFolder) -> None:
    documents.write("one", first=FINE)
    assert documents.run().code == 0
    before = (documents.out / "report.json").read_bytes()
    (documents.tutorials / "one" / "pins.json").write_text("{")
    assert documents.run().code == 2
    assert (documents.out / "report.json").read_bytes() == before
    assert (documents.out / "report.html").exists()


def test_what_breaks_in_our_own_code_is_a_sentence_with_its_traceback(
    documents: DocumentFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    documents.write("one", first=FINE)
    begin = tmp_path / "sitecustomize.py"
    begin.write_text(
        "from verify.execute import prepare\n"
        "def broken(*_, **__):\n    raise KeyError('sun')\n"
        "prepare.prepare = broken\n"
    )
    monkeypatch.setattr(
        DocumentFolder,
        "environ",
        documents.environ | {"PYTHONPATH": f"{tmp_path}:{documents.environ['PYTHONPATH']}"},
    )
    done = documents.run()
    assert done.code == 3, done.out
    line = next(line for line in done.out.splitlines() if "attach" in line)
    assert "we broke (KeyError: 'sun'); please open an issue with this project" in line
    assert "Traceback" not in done.out
    kept = Path(line.partition("attach ")[2].partition(",")[0])
    assert "KeyError: 'sun'" in kept.read_text()
    kept.unlink()
