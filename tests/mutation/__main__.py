"""`nox -s mutation`: changes the modules that decide, and tells what our tests do not notice."""

import argparse
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from tests import PROJECT
from tests.mutation import page
from tests.mutation.modules import SUBJECTS
from tests.mutation.plugin import OPTIONS

_OUT = PROJECT / "build" / "mutation"


def _judged(out: Path, module: str, tests: tuple[str, ...]) -> bool:
    """Whether the mutants of a module could be judged."""
    whole = f"verify.{module}"
    told = (f"--mutate={whole}", f"--mutation-out={out / f'{module}.json'}")
    places = (f"--basetemp={out / module}", *(f"tests/{test}" for test in tests))
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, "-p", "tests.mutation.plugin", *told, *places],
        cwd=PROJECT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},  # threads do not come along into a fork
        capture_output=True,
        text=True,
        check=False,
    )
    problem = "" if (out / f"{module}.json").exists() else ended.stdout[-500:] + ended.stderr
    sys.stdout.write(f"{whole}: {problem or 'judged'}\n")
    return not problem


def main() -> None:
    """Judge the mutants of the modules that are named, or of all, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="how their names begin; without any: all")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="modules at one time")
    told = parser.parse_args()
    _OUT.mkdir(parents=True, exist_ok=True)
    chosen = {
        module: tests
        for subject in SUBJECTS
        for module, tests in subject.modules.items()
        if module.startswith(tuple(told.modules or ("",)))
    }
    for module in chosen:
        (_OUT / f"{module}.json").unlink(missing_ok=True)
    with ThreadPoolExecutor(told.jobs) as pool:
        judged = list(pool.map(partial(_judged, _OUT), chosen, chosen.values()))
    page.write(_OUT, PROJECT / "docs")
    sys.exit(not all(judged))


if __name__ == "__main__":
    main()
