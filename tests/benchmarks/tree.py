"""The official documentation of a release, as every checker is to find it: a plain folder."""

import shutil
from pathlib import Path

from tests.bilingual import words
from verify.errors import UsageError
from verify.system.cache import Notify
from verify.upstream import documentation


def copied(source: str, environment: str, to: Path, notify: Notify) -> tuple[Path, str]:
    """Copy it; return the folder, and what it is called.

    Args:
        source: where the official pages are kept.
        environment: the name of the release's environment, which tells the tag.
        to: the folder that is made.
        notify: hears what takes time.
    """
    release = environment.removeprefix("secretflow-")
    if release == environment:
        raise UsageError(words(f"{environment}: no release of SecretFlow has this name."))
    tag = f"v{release}"
    synced = documentation.sync(source, tag, notify=notify)
    shutil.rmtree(to, ignore_errors=True)
    # What we put beside the notebooks is for nobody else.
    ours = shutil.ignore_patterns(f"*{documentation.TEXT_SUFFIX}")
    shutil.copytree(synced.pages, to, ignore=ours)
    kinds = (f"{synced.count(end)} {end}" for end in (".ipynb", ".md", ".rst", ".po"))
    return to, f"{tag}, {', '.join(kinds)}"
