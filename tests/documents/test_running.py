"""Documents run for real, well and badly: verdicts, sentences, exit codes, nothing left over."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from tests import waiting
from tests.documents.folder import DocumentFolder
from verify.environment import environment
from verify.execute import guard

pytestmark = pytest.mark.slow

FINE = "total = 1 + 1\nprint(total)"


REACHED = "import time\nopen('reached', 'w')\ntime.sleep(600)"


def wait_for_page(folder: Path, process: "subprocess.Popen[str]") -> None:
    """Wait for a page to write REACHED's file into its scratch folder, below this one."""
    waiting.until(lambda: any(folder.glob("sfdv-*/reached")), "the page never came so far", process)


def leftovers(marked: str) -> list[str]:
    """Processes whose command line or environment speaks of this test."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, OSError):
            if marked in " ".join(process.cmdline()) or marked in str(process.environ()):
                found.append(f"{process.pid} {process.cmdline()}")
    return found


@pytest.fixture(autouse=True)
def own_temporary_folder(short_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Scratch folders of this test alone, so that what is left over can be counted."""
    monkeypatch.setenv("TMPDIR", str(short_folder))
    yield short_folder
    assert list(short_folder.glob("sfdv-*")) == []


def test_when_all_steps_run_then_the_document_is_verified(documents: DocumentFolder) -> None:
    documents.write(first=FINE, second="print(total + 1)")
    done = documents.run()
    assert done.code == 0, done.out
    assert done.document["verdict"] == "pass"
    assert done.verdicts() == {"first": "pass", "second": "pass"}
    assert "With our repairs: runs to its end." in done.out
    assert (documents.out / "notebooks" / "small.corrected.embedded.ipynb").exists()
    assert "testsuite" in (documents.out / "junit.xml").read_text()
    receipt = done.document["receipt"]
    assert receipt["environment"] == "kernel-only"
    assert len(receipt["record_sha256"]["numpy"]) == 64


def test_when_a_cell_raises_then_the_page_fails_and_the_run_goes_on(
    documents: DocumentFolder,
) -> None:
    documents.write(
        first=FINE,
        second="seven = int('seven')",
        third="print(seven)",
        fourth="print(total)",
        fifth="print(totel)",
    )
    done = documents.run()
    assert done.code == 1
    assert done.verdicts() == {
        "first": "pass",
        "second": "fail",
        "third": "unchecked",  # nobody made the name
        "fourth": "pass",
        "fifth": "fail",  # nobody would have
    }
    assert done.document["outcome"] == "breaks"
    assert done.document["steps"][2]["follows"] == [1]
    assert (
        "step second, official cell 1: the page says it does second; observed the code "
        "raised ValueError: invalid literal for int() with base 10: 'seven'"
    ) in done.out
    assert done.document["steps"][2]["reason"] == "follows from the failure of cell 1"


def test_when_a_page_fails_again_then_the_report_says_since_when(documents: DocumentFolder) -> None:
    documents.write(first=FINE, second="int('seven')")
    assert documents.run().document["trends"] == []  # the first run says nothing of time
    done = documents.run()
    (trend,) = done.document["trends"]
    assert (trend["id"], trend["kind"]) == ("run:second", "failing")
    assert re.fullmatch(r"run:second fails since \d.* at v0, in 2 runs; no .*\.", trend["message"])
    assert trend["message"] in done.out
    assert f"- {trend['message']}" in (documents.out / "summary.md").read_text()
    again = documents.run("--history", str(documents.out))
    assert again.code == 1
    assert f"{documents.out}: the history cannot be read (No regular file)." in again.out
    assert again.document["trends"] == []


def test_when_a_cell_hangs_then_it_is_stopped_at_its_limit(documents: DocumentFolder) -> None:
    document = documents.write(
        first=FINE, second="import time\ntime.sleep(600)", third="print(total)"
    )
    file, said = document.folder / "contract.toml", 'id = "second"\n'
    file.write_text(file.read_text().replace(said, f"{said}limit_s = 2\n"))
    done = documents.run()
    assert done.code == 1
    assert "the step did not end within its limit of 2 s and was stopped" in done.out
    assert done.verdicts() == {"first": "pass", "second": "fail", "third": "pass"}


def test_when_a_cell_cannot_be_stopped_then_nothing_runs_after_it(
    documents: DocumentFolder,
) -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\ntime.sleep(600)"
    document = documents.write(first=FINE, second=deaf, third="print(total)")
    file, said = document.folder / "contract.toml", 'id = "second"\n'
    file.write_text(file.read_text().replace(said, f"{said}limit_s = 2\n"))
    done = documents.run()
    assert done.verdicts() == {"first": "pass", "second": "fail", "third": "unchecked"}


@pytest.mark.parametrize(
    ("signal_name", "code", "verdict", "sentence"),
    [
        ("SIGKILL", 3, "error", "the kernel was killed by SIGKILL, often by the system for want"),
        ("SIGSEGV", 1, "fail", "the kernel crashed with SIGSEGV"),
    ],
)
def test_when_the_kernel_dies_then_the_signal_is_named(
    documents: DocumentFolder, signal_name: str, code: int, verdict: str, sentence: str
) -> None:
    deadly = f"import os, signal\nos.kill(os.getpid(), signal.{signal_name})"
    documents.write(first=FINE, second=deadly, third=FINE)
    done = documents.run()
    assert done.code == code, done.out
    assert done.verdicts() == {"first": "pass", "second": verdict, "third": "unchecked"}
    told = "after step second nothing could run any more"
    assert done.document["steps"][2]["reason"] == told
    assert sentence in done.out


def test_when_the_machine_lacks_something_then_it_is_not_the_pages_fault(
    documents: DocumentFolder,
) -> None:
    lacking = {
        "disk": ("with open('/dev/full', 'w') as full:\n    full.write('x')", "the disk is full"),
        "memory": ("bytearray(1 << 60)", "memory ran out"),
        "network": (
            "import urllib.request\nurllib.request.urlopen('http://nowhere.invalid/x')",
            "http://nowhere.invalid/x cannot be reached, and no file is declared for it",
        ),
    }
    for name, (source, _) in lacking.items():
        documents.write(name, first=FINE, second=source)
    done = documents.run()
    assert done.code == 3
    seen = {one["name"]: one["steps"][1] for one in done.report["documents"]}
    assert {name: step["verdict"] for name, step in seen.items()} == dict.fromkeys(lacking, "error")
    for name, (_, sentence) in lacking.items():
        assert sentence in seen[name]["observed"]


def test_a_page_that_only_says_so_lacks_nothing(documents: DocumentFolder) -> None:
    documents.write(
        disk="raise OSError(28, 'No space left on device')",
        memory="raise MemoryError('out of memory')",
        network="def get():\n    raise RuntimeError('Connection refused')\nget()",
        prints="print('No space left on device')\nassert False, 'Network is unreachable'",
        after="try:\n    open('/dev/full', 'w').write('x' * 9999)\n"
        "except OSError as error:\n    raise ValueError('No space left on device') from error",
    )
    done = documents.run()
    assert done.verdicts() == {
        "disk": "fail",
        "memory": "fail",
        "network": "fail",
        "prints": "fail",
        "after": "error",  # what the system said is behind these words
    }


@pytest.mark.parametrize("file", ["junit.xml", "notebooks/small.corrected.embedded.ipynb"])
def test_when_the_output_cannot_be_written_then_one_sentence_says_so(
    documents: DocumentFolder, file: str
) -> None:
    documents.write(first=FINE)
    full = documents.out / file
    full.parent.mkdir(parents=True)
    full.symlink_to("/dev/full")
    done = documents.run()
    assert done.code == 3
    assert (
        f"{documents.out}: cannot be written (No space left on device); free some space there, "
        "or choose another folder with --out.\n"
    ) in done.out
    assert "Traceback" not in done.out


def test_a_cell_that_prints_one_very_long_line_costs_no_time(documents: DocumentFolder) -> None:
    documents.write(first="print('x' * 400_000)", limit_s=60)
    assert documents.run().code == 0


def test_when_a_page_leaves_processes_behind_then_they_end_with_the_run(
    documents: DocumentFolder, tmp_path: Path
) -> None:
    mark = f"left-{tmp_path.name}"
    source = (
        "import subprocess, sys\n"
        f"subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', {mark!r}], "
        "start_new_session=True)"
    )
    documents.write(first=source)
    assert documents.run().code == 0
    assert leftovers(mark) == []


@pytest.mark.parametrize(
    ("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130), (signal.SIGKILL, -9)]
)
def test_when_the_run_is_stopped_then_nothing_is_left_behind(
    documents: DocumentFolder,
    own_temporary_folder: Path,
    sent: signal.Signals,
    code: int,
) -> None:
    documents.write(first=FINE, second=REACHED)
    process = documents.start()
    wait_for_page(own_temporary_folder, process)
    os.kill(process.pid, sent)
    done = documents.finish(process)
    assert done.code == code, done.out
    folder = own_temporary_folder
    waiting.until(
        lambda: not leftovers(str(folder)) and not any(folder.glob("sfdv-*")), "something is left"
    )
    if sent is not signal.SIGKILL:
        assert done.verdicts() == {"first": "pass", "second": "unchecked"}


def test_when_the_run_and_its_guard_are_killed_then_the_next_run_sweeps_up(
    documents: DocumentFolder,
    own_temporary_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents.write(first=REACHED)
    process = documents.start()
    wait_for_page(own_temporary_folder, process)
    (scratch,) = own_temporary_folder.glob("sfdv-*")
    for other in psutil.Process(process.pid).children():
        if "verify.execute.guard" in other.cmdline():
            other.kill()
    process.kill()
    process.communicate()
    # The sandbox ends with whoever started it; its folder is for the next run to remove.
    waiting.until(lambda: not any(guard.belonging(scratch)), "something runs on")
    assert scratch.exists()
    monkeypatch.setattr(tempfile, "tempdir", str(own_temporary_folder))
    guard.sweep()
    assert not scratch.exists()


def test_when_the_environment_cannot_be_built_then_that_is_said_and_no_step_is_tried(
    documents: DocumentFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.write(first=FINE, second=FINE)
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "cache"))
    done = documents.run()
    assert done.code == 3
    assert "kernel-only could not be built because the package index cannot be reached" in done.out
    assert done.verdicts() == {"first": "unchecked", "second": "unchecked"}
    assert "  2 steps: the run could not start" in done.out


def test_when_a_contract_is_wrong_then_file_line_and_key_are_named(
    documents: DocumentFolder,
) -> None:
    documents.write(first=FINE)
    file = documents.tutorials / "small" / "contract.toml"
    file.write_text(file.read_text().replace("step_limit_s = 30", 'step_limit_s = "soon"'))
    done = documents.run()
    assert done.code == 2
    assert f"{file}:16: profiles.embedded.step_limit_s: input should be a valid number" in done.out
    assert "Traceback" not in done.out


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("pins.json", "{", "no readable pins (Expecting property name"),
        ("tutorial.py", None, "cannot be read ("),
    ],
)
def test_when_pins_or_edition_are_unreadable_then_one_sentence_says_so_and_nothing_runs(
    documents: DocumentFolder, name: str, text: str | None, reason: str
) -> None:
    documents.write(first=FINE)
    file = documents.tutorials / "small" / name
    if text is None:
        file.write_bytes(b"# %%\nname = '\xff'\n")
    else:
        file.write_text(text)
    done = documents.run()
    assert done.code == 2, done.out
    assert done.out.count(f"{file}: {reason}") == 1
    assert len(done.out.splitlines()) == 2  # what is to run, and that sentence
    assert "Traceback" not in done.out
    assert done.report == {}


@pytest.mark.parametrize("arguments", [(), ("--jobs", "2")])
def test_when_one_document_is_unreadable_then_the_others_do_not_hide_it(
    documents: DocumentFolder, arguments: tuple[str, ...]
) -> None:
    documents.write("one", first=FINE)
    documents.write("two", first=FINE)
    file = documents.tutorials / "two" / "pins.json"
    file.write_text("{}")
    done = documents.run(*arguments)
    assert done.code == 2, done.out
    assert f"{file}: no readable pins ('schema'); renew them" in done.out
    verdicts = {one["name"]: one["verdict"] for one in done.report["documents"]}
    assert verdicts == {"one": "pass", "two": "error"}


def test_when_a_document_or_profile_is_unknown_then_the_known_ones_are_named(
    documents: DocumentFolder,
) -> None:
    documents.write(first=FINE)
    done = documents.run("nothing")
    assert (done.code, done.out) == (2, "nothing: no such document; known are: small.\n")
    done = documents.run("--profile", "huge")
    assert (done.code, done.out) == (2, "small has no profile huge; known are: embedded.\n")


def test_another_environment_runs_it_beside_the_run_in_its_own(documents: DocumentFolder) -> None:
    environments = documents.root / "environments"
    for suffix in (".in", ".txt"):
        for name in ("kernel-only", "kernel-too"):
            file = (documents.environments / "kernel-only").with_suffix(suffix)
            environments.mkdir(exist_ok=True)
            shutil.copyfile(file, environments / f"{name}{suffix}")
    elsewhere = replace(documents, environments=environments)
    elsewhere.write(first=FINE)
    assert "known are: kernel-only, kernel-too." in elsewhere.run("--env", "kernel").out
    done = elsewhere.run("--env", "kernel-too")
    assert done.code == 0, done.out
    run = "small.corrected.embedded.kernel-too"
    assert (done.document["run"], done.document["environment"]) == (run, "kernel-too")
    assert done.document["receipt"]["environment"] == "kernel-too"
    assert (documents.out / "notebooks" / f"{run}.ipynb").exists()
    assert (documents.out / "runs" / run / "document.json").exists()


def test_under_plain_pytest_selection_runs_what_comes_before(documents: DocumentFolder) -> None:
    documents.write(first=FINE, second="total += 1", third="assert total == 3")
    done = documents.pytest("-k", "run and second", "-q")
    assert done.code == 0, done.out
    assert "1 passed" in done.out
    assert done.document["verdict"] == "unchecked"
    assert [step["duration_s"] is not None for step in done.document["steps"]] == [
        True,
        True,
        False,
    ]


def test_under_plain_pytest_the_last_failed_run_again_alone(documents: DocumentFolder) -> None:
    documents.write(first=FINE, second="assert total == 3")
    assert documents.pytest("-q").code == 1
    again = documents.pytest("-q", "--lf")
    assert "1 failed" in again.out
    assert "passed" not in again.out.splitlines()[-1]


def test_under_plain_pytest_x_stops_at_the_first_failure(documents: DocumentFolder) -> None:
    documents.write(first="assert False", second=FINE)
    done = documents.pytest("-q", "-x")
    assert done.code == 1
    assert "skipped" not in done.out.splitlines()[-1]


@pytest.mark.parametrize("arguments", [("--jobs", "2"), ()])
def test_two_documents_each_run_in_one_kernel(
    documents: DocumentFolder, arguments: tuple[str, ...]
) -> None:
    documents.write("one", first="word = 'one'", second="assert word == 'one'")
    documents.write("two", first="word = 'two'", second="assert word == 'two'")
    done = documents.run(*arguments)
    assert done.code == 0, done.out
    assert [document["verdict"] for document in done.report["documents"]] == ["pass", "pass"]


def test_plain_nbmake_runs_the_prepared_notebook(
    documents: DocumentFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = documents.write(first=FINE, second="print(total)")
    assert documents.run().code == 0
    prepared = documents.out / "prepared" / f"{document.name}.corrected.embedded.ipynb"
    jupyter_path = environment.locate("kernel-only").jupyter_path
    monkeypatch.setenv("JUPYTER_PATH", str(jupyter_path))
    done = documents.pytest("--nbmake", str(prepared), "-q", "-p", "no:cacheprovider")
    assert done.code == 0, done.out
