"""What a documented environment holds, asked of its own Python."""

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from verify.environment.environment import Environment
from verify.environment.programs import run_program
from verify.errors import ResourceError
from verify.system import kept
from verify.system.complaints import last_words
from verify.system.resources import PROBES
from verify.system.words import Words

PROGRAM = PROBES / "installed.py"
_LIMIT_S = 60

# A distribution, and with which extras.
Wanted = tuple[str, frozenset[str]]


@dataclass(frozen=True)
class Installed:
    """Distributions by name with what each requires, and who provides each top-level module."""

    requires: dict[str, list[str]]
    providers: dict[str, list[str]]
    records: dict[str, str]
    marker_environment: dict[str, str]

    def brought_by(self, roots: list[str]) -> frozenset[str]:
        """The distributions that installing `roots` alone brings, themselves included.

        Roots are requirements as pip is asked for them.
        """
        brought: set[str] = set()
        queue = [_wanted(_requirement(root)) for root in roots]
        seen = set(queue)
        while queue:
            wanted = queue.pop()
            if wanted[0] not in self.requires:
                continue
            brought.add(wanted[0])
            for following in self._following(wanted):
                if following not in seen:
                    seen.add(following)
                    queue.append(following)
        return frozenset(brought)

    @cached_property
    def _following(self) -> Callable[[Wanted], list[Wanted]]:
        """What a distribution asks for; each is looked at once, for markers take their time."""
        return cache(self._asked_for_by)

    def _asked_for_by(self, wanted: Wanted) -> list[Wanted]:
        name, extras = wanted
        requirements = map(_requirement, self.requires[name])
        return [_wanted(one) for one in requirements if self._applies(one, extras)]

    def added_by(self, packages: list[str], *, beside: list[str]) -> dict[str, list[str]]:
        """What installing `packages` adds to what `beside` brings: distributions, their modules."""
        added = self.brought_by(packages) - self.brought_by(beside)
        only = {m: names for m, names in self.providers.items() if added.issuperset(names)}
        return {name: [m for m, names in only.items() if name in names] for name in sorted(added)}

    def _applies(self, requirement: Requirement, extras: frozenset[str]) -> bool:
        if requirement.marker is None:
            return True
        return any(
            requirement.marker.evaluate({**self.marker_environment, "extra": extra})
            for extra in (extras or {""})
        )


def _wanted(requirement: Requirement) -> Wanted:
    return canonicalize_name(requirement.name), frozenset(requirement.extras)


@cache
def _requirement(text: str) -> Requirement:
    return Requirement(text)


def ask(environment: Environment, beside: Sequence[Path] = ()) -> Installed:
    """Ask the environment's Python, once for all documents of a process.

    Args:
        environment: the environment.
        beside: folders of packages that it finds, too.

    Raises:
        ResourceError: its Python does not answer.
    """
    installed = _asked(environment, tuple(beside))
    file = answer_file(environment, [folder.name for folder in beside])
    if not file.exists():
        kept.write(file, asdict(installed))
    return installed


@cache
def _asked(environment: Environment, beside: tuple[Path, ...]) -> Installed:
    environ = {"PYTHONPATH": os.pathsep.join(map(str, beside))}
    done = run_program(environment, PROGRAM, timeout=_LIMIT_S, environ=environ)
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise ResourceError(
            Words(
                zh="{python}：没有说明安装了什么（{said}）；请删除 {prefix} 后重新运行。",
                en="{python}: does not say what is installed ({said}); remove {prefix} and "
                "run again.",
            ).filled(
                python=environment.python, said=last_words(done.stderr), prefix=environment.prefix
            )
        ) from error
    return Installed(**answer)


def remembered(file: Path) -> Installed | None:
    """What an environment answered when it was asked, if that is kept in a file."""
    try:
        return Installed(**kept.read(file))
    except TypeError:  # nothing is kept, or not by this version
        return None


def answer_file(environment: Environment, beside: Iterable[str]) -> Path:
    """Where the answer is kept; folders of packages are called by what they hold."""
    return kept.file("installed", environment.content, PROGRAM.read_bytes(), *sorted(beside))
