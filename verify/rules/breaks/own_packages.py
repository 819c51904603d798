"""The packages of the repository that pages belong to, as their sources state them.

Documentation and code of one repository are of one version, so that the code decides what the
pages may use even where no environment is at hand.
"""

import os
import re
from collections import defaultdict
from pathlib import Path

from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.breaks import answering
from verify.rules.breaks.interface import Interface
from verify.rules.breaks.module_sources import ModuleSources

_DEEP = 4
# Folders whose packages nobody imports by what stands below them.
_ASIDE = re.compile(
    r"\..*|_.*|tests?|testing|docs?|examples?|tutorials?|notebooks?|demos?|baselines?|benchmarks?"
    r"|scripts?|tools?|ci|third_?party|vendor|build|dist|templates?|node_modules|e2e.*|integration.*"
)
# What a build or an installation writes into a package.
_WRITTEN = re.compile(r"_.*|.*(?:pb2|grpc|version|generated|proto).*", re.IGNORECASE)


def of(repository: Path) -> Interface | None:
    """What the packages of a repository offer; None where it has none."""
    found: dict[str, list[Path]] = defaultdict(list)
    for folder, folders, files in os.walk(repository):
        here = Path(folder)
        if here != repository and "__init__.py" in files:
            found[here.name].append(here)
            folders.clear()
            continue
        deep = len(here.relative_to(repository).parts) >= _DEEP
        folders[:] = [] if deep else [one for one in folders if not _ASIDE.fullmatch(one)]
    alone = [paths[0] for paths in found.values() if len(paths) == 1]
    return Interface(ModuleSources(repository, *alone)) if alone else None


def answer(interface: Interface, question: InterfaceQuestion) -> Answer:
    """Answer a question; what a build may write is undecided."""
    told = answering.answer(interface, question)
    if told.verdict is Verdict.MISSING and _WRITTEN.fullmatch(told.name):
        return Answer(Verdict.UNDECIDED, why="a build may write it")
    return told
