"""Releases of SecretFlow side by side: what their wheels offer, and what comes with them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from packaging.version import Version

from verify.environment import environment as environments
from verify.environment import wheels
from verify.errors import UsageError
from verify.rules.api.interface_questions import Answer, InterfaceQuestion
from verify.rules.breaks import answering
from verify.rules.breaks.interface import Interface
from verify.rules.breaks.module_sources import ModuleSources
from verify.system.cache import Notify
from verify.system.words import Words

_PREFIX = f"{wheels.DISTRIBUTION}-"


@dataclass(frozen=True)
class Release:
    """A release: its version, what its wheel offers, and which distributions come with it."""

    version: str
    interface: Interface = field(repr=False)
    packages: Mapping[str, str] = field(repr=False)
    _answers: dict[InterfaceQuestion, Answer] = field(default_factory=dict, repr=False)

    def answer(self, question: InterfaceQuestion) -> Answer:
        """What this release says of a use."""
        if question not in self._answers:
            self._answers[question] = answering.answer(self.interface, question)
        return self._answers[question]


def named(names: list[str], notify: Notify) -> list[Release]:
    """The releases of some environments, oldest first; all that can be built if none is named.

    Raises:
        UsageError: there is no such environment, or fewer than two.
        ResourceError: a wheel could not be brought.
    """
    known = [name for name in environments.names() if name.startswith(_PREFIX)]
    found = []
    for name in dict.fromkeys(names or known):
        environment = environments.locate(name)
        sources = ModuleSources(wheels.sources(environment, notify))
        version = environment.packages[wheels.DISTRIBUTION]
        found.append(Release(version, Interface(sources), environment.packages))
    if len(found) < 2:  # noqa: PLR2004
        raise UsageError(
            Words(
                zh="至少要比较两个版本：请用 --env 多给几个。",
                en="Two releases at least are compared: name more with --env.",
            )
        )
    return sorted(found, key=lambda one: Version(one.version))
