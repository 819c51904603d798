"""The history keeps every run, whoever writes at the same time and whatever breaks off."""

import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.history.builders import ERROR, FAIL, PASS, claim, entry, nights, report, run
from verify import history
from verify.finding import Verdict
from verify.history import file
from verify.history.record import RunRecord
from verify.system import cache


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "kept" / "deep" / "history.jsonl"


def test_what_is_added_is_read_again_the_oldest_first(path: Path) -> None:
    first, second, third = nights(PASS, FAIL, ERROR)
    assert file.read(path).runs == []
    assert file.append(path, [third]) == ""
    assert file.append(path, [first, second]) == ""
    assert file.read(path) == file.History([first, second, third])


def test_the_oldest_are_forgotten_by_document_edition_and_profile(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "KEPT", 2)
    other = run(0, profile="real")
    file.append(path, [other])
    some = nights(PASS, FAIL, PASS)
    for one in some:
        file.append(path, [one])
    assert file.read(path).runs == [other, *some[1:]]


runs = st.builds(
    run,
    st.integers(0, 9),
    st.sampled_from(Verdict),
    document=st.sampled_from(["orchard", "meadow"]),
    numbers=st.dictionaries(st.sampled_from("ab"), st.floats(-1e6, 1e6)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(runs), st.lists(runs))
def test_files_are_merged_by_writing_one_behind_the_other_in_any_order(
    tmp_path: Path, some: list[RunRecord], others: list[RunRecord]
) -> None:
    one, two, together = (tmp_path / name for name in ("one", "two", "together"))
    for each, added in ((one, some), (two, others), (together, [*others, *some])):
        each.unlink(missing_ok=True)
        file.append(each, added)
    merged = []
    for parts in ((one, two), (two, one), (one, two, one)):
        both = tmp_path / "both"
        both.write_bytes(b"".join(part.read_bytes() for part in parts))
        merged.append(file.read(both))
    assert merged == [file.read(together)] * 3


def test_a_line_that_was_cut_short_anywhere_spoils_no_other(path: Path) -> None:
    first, torn, following = nights(PASS, FAIL, PASS)
    file.append(path, [first])
    whole = path.read_bytes()
    file.append(path, [torn])
    both = path.read_bytes()
    for length in range(len(whole) + 1, len(both) - 1):
        path.write_bytes(both[:length])
        known = file.read(path)
        assert known.runs == [first]
        said = f"{path}: 1 of its lines were cut short or damaged and are left out."
        assert str(known.problem or "") == (said if length > len(whole) + 1 else "")
    assert file.append(path, [following]) == ""
    assert file.read(path) == file.History([first, following])


def test_a_first_line_that_was_cut_short_is_still_a_history(path: Path) -> None:
    file.append(path, nights(PASS))
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        assert file.read(path).ours
        assert file.append(path, nights(PASS)) == ""
        assert file.read(path) == file.History(nights(PASS))


def _append(path: Path, process: int) -> None:
    for night in range(10):
        assert file.append(path, [run(night, document=f"of {process}")]) == ""


def test_processes_that_add_at_the_same_time_lose_nothing(path: Path) -> None:
    start = multiprocessing.get_context("spawn").Process
    processes = [start(target=_append, args=(path, number)) for number in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    known = file.read(path)
    assert known.problem is None
    assert len(known.runs) == 30


NEWER = json.dumps({"schema": 2, "what": "nobody knows"})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            f"\n{run().model_dump_json(by_alias=True)}\n\n{NEWER}\n",
            (
                "1 of its runs were written by a newer version of this tool, so that nothing is "
                "added; renew the tool, or name another file with --history."
            ),
        ),
        ("# Notes\n\nNo history.", "is no history of runs; name another file with --history."),
        ("\x00\xff" * 9, "is no history of runs; name another file with --history."),
        ("[" * 100_000, "is no history of runs; name another file with --history."),
        (Path.mkdir, "the history cannot be read (No regular file)."),
        (os.mkfifo, "the history cannot be read (No regular file)."),
    ],
)
def test_a_file_that_is_not_ours_is_told_in_a_sentence_and_left_alone(
    path: Path, content: str | Callable[[Path], object], sentence: str
) -> None:
    path.parent.mkdir(parents=True)
    if isinstance(content, str):
        path.write_text(content)
    else:
        content(path)
    before = report()
    after = before.model_copy(deep=True)
    assert [*map(str, history.follow(after, path))] == [f"{path}: {sentence}"]
    assert after == before
    assert not isinstance(content, str) or path.read_text() == content


def test_what_was_written_is_not_written_again(path: Path) -> None:
    for one in nights(PASS, PASS):
        file.append(path, [one])
        written = path.stat()
        file.append(path, [])
        assert path.stat().st_ino == written.st_ino


def test_nothing_of_a_history_of_a_newer_tool_is_rewritten(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(f"{NEWER}\n")
    assert file.append(path, nights(PASS)) == ""
    assert path.read_text().startswith(f"{NEWER}\n")


@pytest.mark.parametrize("line", ['{"schema":1,"more":2}', '{"schema":null}', '{"schema":"2"}'])
def test_a_damaged_line_is_none_of_a_newer_tool(path: Path, line: str) -> None:
    file.append(path, nights(PASS))
    with path.open("a") as opened:
        opened.write(f"{line}\n")
    said = f"{path}: 1 of its lines were cut short or damaged and are left out."
    read = file.read(path)
    assert (read.runs, str(read.problem)) == (nights(PASS), said)


def test_a_file_is_known_as_a_history_by_its_first_line(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text('{"schema":1,"cu\n# Notes\n')
    assert file.read(path).ours
    path.write_text('# Notes\n{"schema":1,"cu\n')
    assert not file.read(path).ours


def test_that_nothing_can_be_added_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.mkdir(parents=True)
    why = "this run was not added to the history (Is a directory)."
    assert str(file.append(path, nights(PASS))) == f"{path}: {why}"
    monkeypatch.setattr(file, "_PATIENCE_S", 0.01)
    with FileLock(path.with_name("other.jsonl.lock")):
        other = path.with_name("other.jsonl")
        why = "is in use by another process; this run was not added to the history."
        assert str(file.append(other, nights(PASS))) == f"{other}: {why}"


def test_the_history_of_this_machine_is_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path))
    assert file.default() == tmp_path / "history.jsonl"


def test_a_history_that_cannot_be_written_changes_no_report(path: Path) -> None:
    path.parent.parent.mkdir()
    path.parent.write_text("no folder")
    one = report(entry(FAIL))
    (problem,) = history.follow(one, path)
    assert str(problem) == f"{path}: the history cannot be read (Not a directory)."
    assert one == report(entry(FAIL))


def test_a_link_to_a_history_stays_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(file, "KEPT", 1)
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "history.jsonl")
    for one in nights(PASS, PASS):
        file.append(link, [one])
    assert link.is_symlink()
    assert len(file.read(tmp_path / "history.jsonl").runs) == 1


def test_what_is_seen_over_time_stands_in_the_report(path: Path) -> None:
    for night, verdict in enumerate((PASS, FAIL, FAIL)):
        last = report(entry(verdict, checks=[claim(verdict)]), night=night)
        assert history.follow(last, path) == []
    kinds = {(trend.id, trend.kind) for trend in last.documents[0].trends}
    assert kinds == {("claim:ripe", "failing"), ("claim:ripe", "flaky")}
