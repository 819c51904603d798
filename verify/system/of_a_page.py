"""Files that a page may have put there: perhaps a pipe, a device, a link, or what never ends."""

import errno
import os
import stat
from pathlib import Path

from verify.system.words import Words

_NO_FILE = Words(zh="不是普通文件", en="No regular file")

_MOST_BYTES = 2**30


def content(file: Path) -> bytes:
    """What a file holds, if it is one.

    Raises:
        OSError: it cannot be read, is no file of its own, or is larger than memory should bear.
    """
    # Without waiting for who writes into a pipe, and without following a link to what is ours.
    handle = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        told = os.fstat(handle)
        if not stat.S_ISREG(told.st_mode):
            raise OSError(errno.EINVAL, _NO_FILE, str(file))
        if told.st_size > _MOST_BYTES:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG), str(file))
        with os.fdopen(handle, "rb", closefd=False) as opened:
            return opened.read()
    finally:
        os.close(handle)
