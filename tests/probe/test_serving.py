"""A folder is offered over loopback, silently."""

import socket
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from docprobe.serving import serve


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_folder_is_served_over_loopback_alone(
    tmp_path: Path, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "archive.tgz").write_bytes(b"\x00\xffcontent")
    serve(str(tmp_path), port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/archive.tgz") as answer:
        assert answer.read() == b"\x00\xffcontent"
    with pytest.raises(urllib.error.HTTPError) as missing:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/missing.tgz")
    missing.value.close()
    assert missing.value.code == 404
    assert capfd.readouterr() == ("", "")
