"""Documents of the tests' own, of which nothing hangs on what our tutorials say.

`pears` has all that a document of an official page can have, `plums` gets its weights from torch,
`weather` is a page of ours. Their names in `samples` are not those of a tutorial's files, or pytest
would run them.
"""

import atexit
import tempfile
from functools import cache
from pathlib import Path

from tests import SAMPLES
from verify.contract import contract, pins
from verify.contract.contract import Contract
from verify.upstream.pages import OfficialPage

NAMES = ("pears", "plums", "weather")


@cache
def read(name: str) -> Contract:
    """A document, as it stands in a folder of that name."""
    return contract.read(written(name, _folder()) / contract.FILE_NAME)


def written(name: str, to: Path) -> Path:
    """Write a document as a tutorial's folder; return the folder."""
    source, folder = SAMPLES / name, to / name
    folder.mkdir()
    for kept, file in (
        ("contract.toml.txt", contract.FILE_NAME),
        ("tutorial.percent", contract.EDITION_NAME),
    ):
        (folder / file).write_bytes((source / kept).read_bytes())
    if (source / "page.ipynb.json").exists():
        document = contract.read(folder / contract.FILE_NAME)
        about = document.official
        text = (source / "page.ipynb.json").read_text(encoding="utf-8")
        page = OfficialPage(about.ref, "1" * 40, about.path, about.blob, text)
        pins.write(pins.of_page(page, document.known), folder / contract.PINS_NAME)
    return folder


@cache
def _folder() -> Path:
    folder = tempfile.TemporaryDirectory(prefix="documents-")
    atexit.register(folder.cleanup)
    return Path(folder.name)
