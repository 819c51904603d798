"""What a documented environment holds, asked of its own Python."""

import json
from dataclasses import dataclass
from functools import cache

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from verify.environment.environment import Environment
from verify.environment.programs import run_program
from verify.errors import ResourceError
from verify.system.resources import PROBES

PROGRAM = PROBES / "installed.py"
_LIMIT_S = 60


@dataclass(frozen=True)
class Installed:
    """Distributions by name with what each requires, and who provides each top-level module."""

    requires: dict[str, list[str]]
    providers: dict[str, list[str]]
    records: dict[str, str]
    marker_environment: dict[str, str]

    def brought_by(self, roots: list[str]) -> frozenset[str]:
        """The distributions that installing `roots` alone brings, themselves included."""
        brought: set[str] = set()
        queue: list[tuple[str, frozenset[str]]] = [
            (canonicalize_name(root), frozenset()) for root in roots
        ]
        seen = set(queue)
        while queue:
            name, extras = queue.pop()
            if name not in self.requires:
                continue
            brought.add(name)
            for text in self.requires[name]:
                requirement = _requirement(text)
                if self._applies(requirement, extras):
                    following = (
                        canonicalize_name(requirement.name),
                        frozenset(requirement.extras),
                    )
                    if following not in seen:
                        seen.add(following)
                        queue.append(following)
        return frozenset(brought)

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


@cache
def _requirement(text: str) -> Requirement:
    return Requirement(text)


def ask(environment: Environment) -> Installed:
    """Ask the environment's Python.

    Raises:
        ResourceError: its Python does not answer.
    """
    done = run_program(environment, PROGRAM, timeout=_LIMIT_S)
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise ResourceError(
            f"{environment.python}: does not say what is installed "
            f"({done.stderr.strip().splitlines()[-1:]}); remove {environment.prefix} and run again."
        ) from error
    return Installed(**answer)
