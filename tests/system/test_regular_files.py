"""What strangers left where we read is read only if it is a file."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.system import regular_files


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"one\ntwo")
    assert regular_files.content(tmp_path / "file") == b"one\ntwo"


def _large(file: Path) -> None:
    file.touch()
    os.truncate(file, 1 << 40)


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (os.mkfifo, errno.EINVAL),
        (Path.mkdir, errno.EINVAL),
        (lambda file: file.symlink_to("/dev/zero"), errno.ELOOP),
        (lambda file: file.symlink_to("/etc/passwd"), errno.ELOOP),
        (_large, errno.EFBIG),
        (lambda _: None, errno.ENOENT),
    ],
)
def test_anything_else_is_refused_at_once(
    tmp_path: Path, make: Callable[[Path], object], error: int
) -> None:
    make(tmp_path / "file")
    with pytest.raises(OSError) as raised:  # noqa: PT011  # its number is looked at
        regular_files.content(tmp_path / "file")
    assert raised.value.errno == error
    assert raised.value.strerror


def test_a_text_may_lie_behind_a_link_and_have_any_line_ends(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\n")
    (tmp_path / "link").symlink_to("file")
    assert regular_files.text(tmp_path / "link", encoding="utf-8-sig") == "one\ntwo\nthree\n"
    (tmp_path / "endless").symlink_to("/dev/zero")
    with pytest.raises(OSError, match="No regular file"):
        regular_files.text(tmp_path / "endless")


@pytest.mark.parametrize("name", ["a\0b", "a" * 5000, "a/" * 3000], ids=["NUL", "long", "deep"])
def test_a_name_that_can_be_none_is_that_of_no_file(tmp_path: Path, name: str) -> None:
    assert not regular_files.is_there(tmp_path / name)
    with pytest.raises(OSError, match="a"):
        regular_files.octets(tmp_path / name)


def test_links_that_lead_to_one_another_lead_somewhere(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert regular_files.real(tmp_path / "a").parent == tmp_path
    assert not regular_files.is_there(tmp_path / "a")
