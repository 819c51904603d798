"""What `pip` is while a page runs, however it is called: `%pip`, `!pip`, `python -m pip`.

The documented environment is locked, and shared by all runs. So nothing is installed into it: what
it has comes into the reader's sight, with all that it requires; what is locked beside it comes from
a folder of its own; and what nobody locked is refused, and noted.
"""

import csv
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from importlib import metadata
from importlib.util import cache_from_source
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

# Options that a value follows, if not after "=".
_VALUED = frozenset(
    "-i --index-url --extra-index-url -f --find-links --trusted-host --proxy --timeout --retries "
    "--cache-dir --progress-bar --cert --client-cert --upgrade-strategy --root-user-action "
    "--exists-action --log --no-binary --only-binary --platform --python-version "
    "--implementation --abi -c --constraint -t --target --prefix --root --src".split()
)
_BY_NAME_ONLY = "only packages by their names are known"
_NOT_BY_NAME = ("-r", "--requirement", "-e", "--editable")

# Where this run's pip keeps what it was asked for: see `docprobe.installing`.
_here = Path(os.environ["VERIFY_PIP"])


class RefusedError(Exception):
    """Something that cannot be had here; `conflict` says that a reader cannot have it either."""

    def __init__(self, what: str, why: str, *, conflict: bool = False) -> None:
        super().__init__(f"{what}: {why}")
        self.note = {"time": time.monotonic(), "what": what, "why": why, "conflict": conflict}


def main(arguments: list[str]) -> int:
    """Do what pip is asked for, as far as it is installing what is there."""
    found: set[str] = set()
    try:
        for word in _wanted(*arguments):
            _bring(word, found)
    except RefusedError as refused:
        print(f"ERROR: {refused}.", file=sys.stderr)
        _append("refused.jsonl", json.dumps(refused.note))
        return 1
    _append("brought.txt", *sorted(found))
    return 0


def _append(record: str, *lines: str) -> None:
    with (_here / record).open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def _wanted(command: str = "help", *arguments: str) -> Iterator[str]:
    """What is to be installed, options left out."""
    if command != "install":
        raise RefusedError(f"pip {command}", "does nothing while a page is verified")
    words = iter(arguments)
    for word in words:
        if word in _NOT_BY_NAME:
            raise RefusedError(f"{word} {next(words, '')}", _BY_NAME_ONLY)
        if word in _VALUED:
            next(words, None)
        elif not word.startswith("-"):
            yield word


def _bring(text: str, found: set[str]) -> None:
    """Have what somebody asks for, and all that it requires in sight."""
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        raise RefusedError(text, _BY_NAME_ONLY) from None
    here = _version(wanted.name)
    offers = json.loads((_here / "offers.json").read_text("utf-8"))
    if offer := offers.get(str(wanted)):
        _install(text, **offer)
    elif here and wanted.specifier.contains(here, prereleases=True):
        print(f"Requirement already satisfied: {text}")
    elif here:
        raise RefusedError(text, f"the documented environment has {here}")
    else:
        raise RefusedError(text, "it is not in the documented environment's lock")
    _show(wanted, found)


def _version(name: str) -> str | None:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(name)
    return None


def _install(text: str, folder: str, conflict: str, other: str, warning: str) -> None:
    """Link what is locked beside the environment to where this run's processes look for it."""
    if conflict or other:
        raise RefusedError(text, conflict or other, conflict=bool(conflict))
    if warning:
        print(f"WARNING: {warning}", file=sys.stderr)
    site = _here / "site"
    for info in Path(folder).glob("*.dist-info"):
        for before in site.glob(f"{info.name.partition('-')[0]}-*.dist-info"):
            if before.name != info.name:
                _remove(before)
    link = partial(shutil.copytree, copy_function=_link, dirs_exist_ok=True)
    link(folder, site, ignore=shutil.ignore_patterns(".*", "bin"))
    if (programs := Path(folder, "bin")).is_dir():
        link(programs, _here / "bin")
    print(f"Successfully installed {text}")


def _remove(info: Path) -> None:
    """Take out what was installed before, as its own list of files says."""
    with (info / "RECORD").open(encoding="utf-8", newline="") as rows:
        files = [Path(row[0]) for row in csv.reader(rows) if not row[0].startswith("..")]
    shutil.rmtree(info)
    for file in files:
        (info.parent / file).unlink(missing_ok=True)
        if file.suffix == ".py":  # what comes in its place may be as long and as old
            Path(cache_from_source(info.parent / file)).unlink(missing_ok=True)
    # A folder without files would still be imported. The deepest first, and never the outermost.
    folders = {folder for file in files for folder in list(file.parents)[:-1]}
    for folder in sorted(folders, reverse=True):
        shutil.rmtree(info.parent / folder / "__pycache__", ignore_errors=True)
        with suppress(OSError):
            (info.parent / folder).rmdir()


def _link(source: str, place: str) -> None:
    with suppress(FileExistsError):
        Path(place).symlink_to(source)


def _show(wanted: Requirement, found: set[str]) -> None:
    """Note what a requirement brings, as far as it is there."""
    found.add(canonicalize_name(wanted.name))
    for each in map(Requirement, metadata.requires(wanted.name) or ()):
        extras = wanted.extras or {""}
        if each.marker and not any(each.marker.evaluate({"extra": one}) for one in extras):
            continue
        # Whoever locked the environment may have done without it.
        if canonicalize_name(each.name) not in found and _version(each.name):
            _show(each, found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
