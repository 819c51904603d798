"""What a page left where we read is read only if it is a file."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from verify.system import of_a_page


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"one\ntwo")
    assert of_a_page.content(tmp_path / "file") == b"one\ntwo"


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
        of_a_page.content(tmp_path / "file")
    assert raised.value.errno == error
    assert raised.value.strerror
