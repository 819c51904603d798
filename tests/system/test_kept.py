"""What the cache remembers is found out again where it cannot be read."""

from pathlib import Path

import pytest

from verify.system import kept


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    kept.write(tmp_path / "file", {"a": [1, None]})
    assert kept.read(tmp_path / "file") == kept.table(tmp_path / "file") == {"a": [1, None]}


@pytest.mark.parametrize(
    "content", [b"", b"\xff\x00{", b"[" * 100_000, b'{"a": NaN}', b'{"a": "\xed\xa0"}']
)
def test_what_cannot_be_read_is_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert kept.read(tmp_path / "file") is None
    assert kept.table(tmp_path / "file") == {}


@pytest.mark.parametrize("content", [b"null", b"[1]", b"7", b'"a"'])
def test_what_is_no_table_has_no_names(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    assert kept.table(tmp_path / "file") == {}
