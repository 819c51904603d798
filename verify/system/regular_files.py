"""Files that strangers may have put there: perhaps a pipe, a device, a link, or what never ends."""

import errno
import io
import os
import stat
from pathlib import Path

from verify.system.words import Words

_NO_FILE = Words(zh="不是普通文件", en="No regular file")
_TOO_LARGE = Words(zh="大于 {most} MiB", en="has more than {most} MiB")

_MOST_BYTES = 2**30
# A notebook with all its pictures has seldom a tenth of that.
_MOST_OF_PAGE = 2**28


def content(file: Path, *, linked: bool = False, most: int = _MOST_BYTES) -> bytes:
    """What a file holds, if it is one; a link to one is, where it may be `linked`.

    Raises:
        OSError: it cannot be read, is no regular file, or has more bytes than `most`.
    """
    # Without waiting for who writes into a pipe, and without following a link to what is ours.
    how = os.O_RDONLY | os.O_NONBLOCK | (0 if linked else os.O_NOFOLLOW)
    try:
        handle = os.open(file, how)
    except ValueError as error:  # a name with NUL, or with half a character
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(file)) from error
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            raise OSError(errno.EINVAL, _NO_FILE, str(file))
        if told.st_size > most:
            raise OSError(errno.EFBIG, _TOO_LARGE.filled(most=most >> 20), str(file))
        with os.fdopen(handle, "rb", closefd=False) as opened:
            return opened.read()
    finally:
        os.close(handle)


def is_there(path: Path) -> bool:
    """Whether there is such a file or folder; a name may be too long for one, or hold a NUL."""
    return os.path.exists(path)  # noqa: PTH110  # that of a Path raises then


def real(path: Path) -> Path:
    """Where a path leads; of links that lead to one another, some place among them.

    Raises:
        OSError: its name can be none.
    """
    try:
        return Path(os.path.realpath(path))
    except ValueError as error:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT), str(path)) from error


def octets(file: Path) -> bytes:
    """What a file beside a page holds, or one that a link there leads to.

    Raises:
        OSError: it cannot be read, is no regular file, or is larger than any page.
    """
    return content(file, linked=True, most=_MOST_OF_PAGE)


def text(file: Path, *, encoding: str = "utf-8", errors: str = "strict") -> str:
    r"""Its text, with `\n` at the end of each line.

    Raises:
        OSError: see `octets`.
        UnicodeDecodeError: it is no text.
    """
    return io.StringIO(octets(file).decode(encoding, errors), newline=None).read()
