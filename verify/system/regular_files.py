"""Text of files that strangers may have put beside a page: nothing of devices, pipes and giants."""

import errno
import stat
from pathlib import Path

from verify.system.words import Words

_NO_FILE = Words(zh="不是普通文件", en="is no file")
_TOO_LARGE = Words(zh="大于 {most} MiB", en="has more than {most} MiB")

# A notebook with all its pictures has seldom a tenth of that.
_MOST_BYTES = 2**28


def text(path: Path, *, encoding: str = "utf-8", errors: str = "strict") -> str:
    """The text of a file.

    Raises:
        OSError: see `octets`.
        UnicodeDecodeError: it is no text.
    """
    _see(path)
    return path.read_text(encoding=encoding, errors=errors)


def octets(path: Path) -> bytes:
    """What a file holds.

    Raises:
        OSError: it cannot be read, is none, or is larger than any page.
    """
    _see(path)
    return path.read_bytes()


def _see(path: Path) -> None:
    told = path.stat()
    if not stat.S_ISREG(told.st_mode):
        raise OSError(errno.EINVAL, _NO_FILE, str(path))
    if told.st_size > _MOST_BYTES:
        raise OSError(errno.EFBIG, _TOO_LARGE.filled(most=_MOST_BYTES >> 20), str(path))
