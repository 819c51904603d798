"""What `pip` is while a page runs, however it is called: `%pip`, `!pip`, `python -m pip`.

The documented environment is locked, and shared by all runs. So nothing is installed: what it has
comes into the reader's sight, with all that it requires, and what it lacks is refused.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

RECORD = "VERIFY_BROUGHT"

# Options that a value follows, if not after "=".
_VALUED = frozenset(
    "-i --index-url --extra-index-url -f --find-links --trusted-host --proxy --timeout --retries "
    "--cache-dir --progress-bar --cert --client-cert --upgrade-strategy --root-user-action "
    "--exists-action --log --no-binary --only-binary --platform --python-version "
    "--implementation --abi -c --constraint -t --target --prefix --root --src".split()
)
_NOT_BY_NAME = ("-r", "--requirement", "-e", "--editable")


class RefusedError(Exception):
    """Something that the environment does not have."""


def main(arguments: list[str]) -> int:
    """Do what pip is asked for, as far as it is installing what is there."""
    found: set[str] = set()
    try:
        for word in _wanted(*arguments):
            _bring(word, found)
            print(f"Requirement already satisfied: {word}")
    except RefusedError as refused:
        print(f"ERROR: {refused}.", file=sys.stderr)
        return 1
    with Path(os.environ[RECORD]).open("a", encoding="utf-8") as record:
        record.writelines(f"{name}\n" for name in sorted(found))
    return 0


def _wanted(command: str = "help", *arguments: str) -> Iterator[str]:
    """What is to be installed, options left out."""
    if command != "install":
        raise RefusedError(f"pip {command} does nothing while a page is verified")
    words = iter(arguments)
    for word in words:
        if word in _NOT_BY_NAME:
            raise RefusedError(f"{word} {next(words, '')}: only packages by their names are known")
        if word in _VALUED:
            next(words, None)
        elif not word.startswith("-"):
            yield word


def _bring(text: str, found: set[str]) -> None:
    """Find a requirement and all that it requires in the environment."""
    try:
        wanted = Requirement(text)
        here = metadata.distribution(wanted.name)
    except InvalidRequirement:
        raise RefusedError(f"{text}: only packages by their names are known") from None
    except metadata.PackageNotFoundError:
        raise RefusedError(f"{text} is not in the documented environment's lock") from None
    if not wanted.specifier.contains(here.version, prereleases=True):
        raise RefusedError(f"{text}: the documented environment has {here.version}")
    found.add(canonicalize_name(wanted.name))
    for each in here.requires or ():
        needed = Requirement(each)
        extras = wanted.extras or {""}
        if needed.marker and not any(needed.marker.evaluate({"extra": one}) for one in extras):
            continue
        if canonicalize_name(needed.name) not in found:
            with suppress(RefusedError):  # whoever locked the environment did without it
                _bring(each.partition(";")[0], found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
