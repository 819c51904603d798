"""Files are offered over loopback, silently."""

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


def test_files_are_served_over_loopback_by_their_names_alone(
    tmp_path: Path, port: int, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept").write_bytes(b"\x00\xffcontent")
    (tmp_path / "other").write_bytes(b"nobody's business")
    serve({"archive.tgz": str(tmp_path / "kept")}, port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/archive.tgz") as answer:
        assert answer.read() == b"\x00\xffcontent"
    for path in ("", "missing.tgz", "kept", "../other", str(tmp_path / "other")):
        with pytest.raises(urllib.error.HTTPError) as missing:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/{path}")
        missing.value.close()
        assert missing.value.code == 404
    assert capfd.readouterr() == ("", "")
