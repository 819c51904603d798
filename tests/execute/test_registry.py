"""The run's files by their addresses: made when asked for, handed over, and remembered."""

import hashlib
import io
import json
import socket
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bilingual import words
from verify.contract.profiles import FileRow
from verify.errors import ResourceError
from verify.execute.registry import Registry, answering_at, running

MADE = FileRow(url="*/plums.csv", program="grow.py")
KEPT = FileRow(url="https://orchard.example/kept.csv", bytes=4)
AWAY = FileRow(url="https://orchard.example/away.csv", bytes=4)
PLUMS = "https://orchard.example/plums.csv"


@pytest.fixture
def asked() -> list[str]:
    """The addresses for which a file was made."""
    return []


@pytest.fixture
def registry(tmp_path: Path, asked: list[str]) -> Iterator[Registry]:
    def obtain(row: FileRow, url: str) -> Path:
        asked.append(url)
        if row is AWAY:
            raise ResourceError(words("It is out of reach."))
        file = tmp_path / row.called
        file.write_text(row.called)
        return file

    with running([MADE, KEPT, AWAY], obtain) as registry:
        yield registry


def get(registry: Registry, path: str, **question: str) -> bytes:
    query = f"?{urllib.parse.urlencode(question)}" if question else ""
    with urllib.request.urlopen(f"{registry.address}{path}{query}") as answer:  # noqa: S310
        return bytes(answer.read())


def ask(registry: Registry, url: str) -> dict[str, Any]:
    return dict(json.loads(get(registry, "/ask", url=url)))


def test_a_stand_in_is_made_once_and_told_with_its_own_digests(
    registry: Registry, asked: list[str]
) -> None:
    told = ask(registry, PLUMS)
    assert told == ask(registry, PLUMS)
    assert asked == [PLUMS]
    assert told["sha256"] == hashlib.sha256(b"plums.csv").hexdigest()
    assert told["md5"] == hashlib.md5(b"plums.csv").hexdigest()  # noqa: S324
    assert told["address"].endswith("/plums.csv")
    with urllib.request.urlopen(told["address"]) as answer:  # noqa: S310
        assert answer.read() == b"plums.csv"
        assert answer.headers["Content-Length"] == "9"
    assert [(one.url, one.row) for one in registry.served] == [(PLUMS, MADE)]


def test_a_kept_download_is_told_without_digests_for_its_documented_ones_hold(
    registry: Registry,
) -> None:
    told = ask(registry, "https://orchard.example/kept.csv")
    assert list(told) == ["address"]


def test_what_cannot_be_had_and_what_nobody_reached_is_remembered(registry: Registry) -> None:
    for url in ("https://orchard.example/pears.csv", "https://orchard.example/away.csv"):
        assert ask(registry, url) == {}
    get(registry, "/unreached", url="https://orchard.example/pears.csv")
    assert [(one.url, str(one.why)) for one in registry.refused] == [
        ("https://orchard.example/away.csv", "It is out of reach."),
        ("https://orchard.example/pears.csv", ""),
    ]


def test_a_head_has_no_content_and_says_what_a_get_would(registry: Registry) -> None:
    address = ask(registry, PLUMS)["address"]
    with urllib.request.urlopen(urllib.request.Request(address, method="HEAD")) as answer:  # noqa: S310
        assert (answer.read(), answer.headers["Content-Length"]) == (b"", "9")


@pytest.mark.parametrize(
    "path", ["/", "/ask", "/own", "/files/0", "/files/7/plums.csv", "/files/-1/x", "/etc/passwd"]
)
def test_any_other_path_leads_nowhere(
    registry: Registry, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    ask(registry, PLUMS)
    with pytest.raises(urllib.error.HTTPError) as missing:
        get(registry, path)
    missing.value.close()
    assert missing.value.code == 404
    assert capfd.readouterr() == ("", "")


def test_digests_of_a_stand_in_and_of_its_parts_are_its_own_and_no_others(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("batch", b"a part")
    (tmp_path / "all.zip").write_bytes(packed.getvalue())
    made = FileRow(url="https://a.example/all.zip", program="pack.py")
    kept = FileRow(url="https://a.example/kept.zip")
    with running([made, kept], lambda *_: tmp_path / "all.zip") as registry:
        part = hashlib.md5(b"a part").hexdigest()  # noqa: S324
        whole = hashlib.sha256(packed.getvalue()).hexdigest()
        ask(registry, "https://a.example/kept.zip")
        assert json.loads(get(registry, "/own", digest=part)) is False
        ask(registry, "https://a.example/all.zip")
        for digest, own in ((part, True), (whole, True), ("0" * 32, False)):
            assert json.loads(get(registry, "/own", digest=digest)) is own


def test_nobody_answers_after_the_end(registry: Registry) -> None:
    with running([MADE], lambda *_: Path()) as other:
        address = other.address
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(address)  # noqa: S310
    assert ask(registry, "https://x.example/") == {}


def test_who_has_had_enough_of_a_file_is_no_failure(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "large"
    file.write_bytes(bytes(8 << 20))
    with running([MADE], lambda *_: file) as registry:
        address = ask(registry, PLUMS)["address"]
        with urllib.request.urlopen(address) as answer:  # noqa: S310
            assert answer.read(1) == b"\0"
        # Answered by the same server, so that the first answer has ended as well.
        assert get(registry, "/own", digest="none") == b"false"
    assert capfd.readouterr().err == ""


def test_files_are_answered_for_at_a_socket_as_well(registry: Registry, tmp_path: Path) -> None:
    path = tmp_path / "files.sock"
    with answering_at(path, registry), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(b"GET /own?digest=none HTTP/1.0\r\n\r\n")
        answer = b"".join(iter(lambda: client.recv(1024), b""))
    assert answer.endswith(b"\r\n\r\nfalse")
