"""What nobody expected is kept in a file, to be sent to those who can mend it."""

import os
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from verify.errors import VerifyError
from verify.system import cache
from verify.system.words import Words

_KEPT = Words(
    zh="请向本项目提交 issue，并附上错误的回溯 {file}。",
    en="please open an issue with this project, and attach {file}, the traceback.",
)
_NOT_KEPT = Words(
    zh="请向本项目提交 issue；错误的回溯无处可写。",
    en="please open an issue with this project; the traceback could be written nowhere.",
)

_DISTRIBUTION = "secretflow-docs-verify"


def keep(problem: BaseException) -> Words:
    """Keep a traceback in the cache, or where there is room; say where, and what to do with it."""
    told = f"{_DISTRIBUTION} {version(_DISTRIBUTION)}, Python {sys.version}\n{sys.argv}\n"
    text = "".join((told, *traceback.format_exception(problem)))
    name = f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    for folder in (_own, tempfile.gettempdir):
        with suppress(OSError, VerifyError):
            file = Path(folder()) / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", "backslashreplace")
            return _KEPT.filled(file=file)
    return _NOT_KEPT


def _own() -> Path:
    return cache.cache_root() / "tracebacks"
