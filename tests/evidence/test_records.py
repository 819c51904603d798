"""A record counts if it is a probe's and comes next: whatever happens on its way is noticed."""

import io
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from functools import partial
from pathlib import Path

import pytest
from docprobe import intact
from docprobe.link import Link
from hypothesis import assume, given
from hypothesis import strategies as st

from tests import waiting
from verify.evidence import reading
from verify.evidence import records as of_records
from verify.evidence.records import KERNEL, Records, kept_in
from verify.probed import frames
from verify.system.resources import PROBES

CUT = '{"event": "tampered", "what": "the connection"}'
NONCE = b"n" * 16
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
events = st.lists(texts.map(lambda text: json.dumps({"event": text}).encode()), max_size=6)
others = st.sampled_from((b"\n", b" ", b"}", b"0")) | st.binary(min_size=1, max_size=3)


def sent(key: bytes, lines: list[bytes]) -> list[bytes]:
    return [frames.signed(key, NONCE, number, line) for number, line in enumerate(lines)]


def answer(records: Records) -> bytes:
    """What the probes say when they are asked."""
    return json.dumps({"event": "intact", "asked": records.question()}).encode()


def heard(records: Records, octets: bytes) -> list[bytes]:
    """The frames that are kept of what comes over a connection, until one is none."""
    kept = []
    for number, frame in enumerate(io.BytesIO(octets)):
        if not frame.endswith(b"\n") or not records.take(KERNEL, NONCE, number, frame):
            break
        kept.append(frame)
    return kept


@st.composite
def alterations(draw: st.DrawFn, whole: list[bytes]) -> bytes:
    """What may become of frames on their way: lost, repeated, moved, cut, changed, made up."""
    moved = draw(st.permutations(range(len(whole))))
    some = draw(st.lists(st.sampled_from(range(len(whole))), max_size=2 * len(whole)))
    octets = b"".join(whole)
    at = draw(st.integers(0, len(octets) - 1))
    bit = bytes([octets[at] ^ (1 << draw(st.integers(0, 7)))])
    return draw(
        st.sampled_from(
            [
                b"".join(whole[one] for one in moved),
                b"".join(whole[one] for one in some),
                octets[:at],
                octets[:at] + bit + octets[at + 1 :],
                octets[:at] + draw(others) + octets[at:],
            ]
        )
    )


@given(lines=events, data=st.data())
def test_what_is_lost_repeated_moved_cut_or_changed_is_noticed(
    lines: list[bytes], data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Records(Path(folder))) as records:
        whole = sent(records.claim(KERNEL), [*lines, answer(records)])
        came = data.draw(alterations(whole))
        assume(came != b"".join(whole))
        kept = heard(records, came)
        records.miss_answer()
        assert kept == whole[: len(kept)]  # nothing else than what was sent is ever kept
        assert records.damages


def test_who_was_never_asked_has_not_answered(tmp_path: Path) -> None:
    with closing(Records(tmp_path)) as records:
        records.miss_answer()
        assert [file.name for file, _ in records.damages] == ["kernel.jsonl"]


def test_an_answer_to_an_earlier_question_is_none(tmp_path: Path) -> None:
    with closing(Records(tmp_path)) as records:
        before = answer(records)
        records.question()
        heard(records, b"".join(sent(records.claim(KERNEL), [before])))
        assert not records.is_answered
        records.miss_answer()
        assert [file.name for file, _ in records.damages] == ["kernel.jsonl"]


@given(lines=events)
def test_what_comes_as_it_was_sent_is_kept_with_its_time(lines: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder, closing(Records(Path(folder))) as records:
        last = answer(records)
        heard(records, b"".join(sent(records.claim(KERNEL), [*lines, last])))
        assert records.is_answered
        records.miss_answer()
        told = (Path(folder) / "kernel.jsonl").read_bytes().splitlines()
        found = [json.loads(line) for line in told]
        times = [one.pop("time") for one in found]
        assert found == [*map(json.loads, lines), json.loads(last)]
        assert times == sorted(times)
        assert records.damages == []
        assert [*records.changed()] == []


@given(key=st.binary(min_size=1, max_size=40), nonce=st.binary(min_size=1, max_size=40))
def test_a_greeting_is_read_back(key: bytes, nonce: bytes) -> None:
    assert frames.greeted(frames.greeting(nonce, key)) == (nonce, key)
    assert frames.greeted(frames.greeting(nonce, b"")) == (nonce, b"")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose name is short enough for a socket."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)


@pytest.fixture
def records(folder: Path) -> Iterator[Records]:
    with kept_in(folder / "evidence", listening=folder) as kept:
        yield kept


@pytest.fixture
def link(folder: Path) -> Iterator[Callable[[str], Link]]:
    """Makes links to the tool."""
    made: list[Link] = []

    def link_of(name: str) -> Link:
        made.append(Link(str(folder), name))
        return made[-1]

    yield link_of
    for one in made:
        if one._socket is not None:
            one._socket.close()


def lines_of(folder: Path, name: str) -> list[str]:
    text = (folder / "evidence" / f"{name}.jsonl").read_text()
    return [json.loads(line)["event"] for line in text.splitlines()]


def test_who_speaks_first_has_a_log_and_nobody_else(
    folder: Path, records: Records, link: Callable[[str], Link]
) -> None:
    first, second = link("model-0-alice"), link("model-0-alice")
    first.send('{"event": "built"}', CUT)
    second.send('{"event": "forged"}', CUT)
    first.send('{"event": "sent"}', CUT)
    assert lines_of(folder, "model-0-alice") == ["built", "sent"]
    ((file, what),) = records.damages
    assert (file.name, str(what)) == (
        "model-0-alice.jsonl",
        "what came was not signed, or not in its order",
    )


def test_a_process_that_forks_goes_on_in_the_same_log(folder: Path, records: Records) -> None:
    program = f"""
import os, sys
sys.path.insert(0, {str(PROBES)!r})
from docprobe.link import Link
link = Link({str(folder)!r}, "kernel")
link.send('{{"event": "parent"}}', "")
if os.fork() == 0:
    link.send('{{"event": "child"}}', "")
    os._exit(0)
os.wait()
link.send('{{"event": "parent again"}}', "")
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert lines_of(folder, KERNEL) == ["parent", "child", "parent again"]
    assert records.damages == []


def test_a_connection_that_is_cut_is_told(
    folder: Path, records: Records, link: Callable[[str], Link]
) -> None:
    one = link(KERNEL)
    one.send('{"event": "one"}', CUT)
    one._socket.shutdown(socket.SHUT_RDWR)
    one.send('{"event": "two"}', CUT)
    assert lines_of(folder, KERNEL) == ["one", "tampered", "two"]
    assert records.damages == []  # the record itself says so
    assert reading.damages([folder / "evidence"])


def test_where_nobody_hears_a_page_goes_on(link: Callable[[str], Link]) -> None:
    link(KERNEL).send('{"event": "one"}', CUT)


@pytest.mark.parametrize("name", ["../kernel", "a\0b", ""])
def test_a_log_lies_in_its_folder(
    folder: Path, records: Records, name: str, link: Callable[[str], Link]
) -> None:
    link(name).send('{"event": "one"}', CUT)
    assert [file.name for file in folder.iterdir() if file.suffix == ".jsonl"] == []
    refused = [(folder / "evidence", "was given a log that no probe writes")]
    damages = [(place, str(why)) for place, why in records.damages]
    assert damages == (refused if name else [])


def test_what_an_earlier_run_left_is_none_of_this_one(folder: Path) -> None:
    (folder / "deep" / "evidence").mkdir(parents=True)
    (folder / "deep" / "evidence" / "kernel.jsonl").write_text("old")
    for place in (folder / "deep" / "evidence", folder / "new" / "evidence"):
        with closing(Records(place)):
            assert [*place.iterdir()] == []


def test_of_logs_and_of_what_they_hold_there_is_an_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_records, "_MOST_LOGS", 2)
    monkeypatch.setattr(time, "monotonic", lambda: 1.5)
    kept = b'{"time": 1.5, "event": "late"}\n'
    monkeypatch.setattr(of_records, "_MOST_IN_ALL", 2 * len(kept))
    with closing(Records(folder)) as records:
        first, second, third = sent(records.claim(KERNEL), [b'{"event": "late"}'] * 3)
        assert records.claim("a")
        with pytest.raises(ConnectionRefusedError):
            records.claim("b")
        assert records.claim("a") == b""  # it is another's, and no log too many
        assert records.take(KERNEL, NONCE, 0, first)
        assert records.take(KERNEL, NONCE, 1, second)
        with pytest.raises(OSError, match="File too large"):
            records.take(KERNEL, NONCE, 2, third)
        assert (folder / "kernel.jsonl").read_bytes() == 2 * kept


def test_a_party_may_have_a_long_name(
    folder: Path, records: Records, link: Callable[[str], Link]
) -> None:
    name = f"model-0-{'a' * 200}"
    link(name).send('{"event": "built"}', CUT)
    assert lines_of(folder, name) == ["built"]
    assert records.damages == []


def test_a_file_that_cannot_be_made_is_told(
    folder: Path, records: Records, link: Callable[[str], Link]
) -> None:
    (folder / "evidence" / "kernel.jsonl").mkdir()
    link(KERNEL).send('{"event": "one"}', CUT)
    assert [(one, str(what)) for one, what in records.damages] == [
        (folder / "evidence" / "kernel.jsonl", "cannot be written (Is a directory)")
    ]


@pytest.mark.parametrize("text", ["", "other\n", None])
def test_a_file_that_is_not_what_was_written_is_told(
    folder: Path, records: Records, text: str | None, link: Callable[[str], Link]
) -> None:
    link(KERNEL).send('{"event": "one"}', CUT)
    file = folder / "evidence" / "kernel.jsonl"
    assert [*records.changed()] == []
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    assert [*records.changed()] == [file]


@pytest.mark.usefixtures("records")
def test_who_goes_makes_room_for_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_records, "_MOST_CONNECTIONS", 1)

    def greeted(name: bytes) -> bool:
        one = stack.enter_context(socket.socket(socket.AF_UNIX))
        one.settimeout(60)
        one.connect(str(folder / frames.SOCKET))
        with suppress(ConnectionError):
            one.sendall(name)
            return one.recv(999) != b""
        return False

    for name in (b"a\n", b"b\n", b"c\n"):
        with ExitStack() as stack:
            waiting.until(partial(greeted, name), "nobody else was greeted")
            assert not greeted(b"more\n")


@pytest.mark.usefixtures("records")
def test_a_flood_of_connections_ends(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_records, "_MOST_CONNECTIONS", 3)
    said = []
    with ExitStack() as stack:
        for number in range(4):
            one = stack.enter_context(socket.socket(socket.AF_UNIX))
            one.settimeout(60)
            one.connect(str(folder / frames.SOCKET))
            with suppress(ConnectionError):
                one.sendall(b"%d\n" % number)
                said.append(one.recv(999))
    assert len([*filter(None, said)]) == 3


def test_code_is_a_probes_by_what_it_is_not_by_its_name() -> None:
    ours = intact.changes.__code__
    assert intact.is_own(ours)
    assert not intact.is_own(ours.replace(co_name="changes"))
