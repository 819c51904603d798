"""Which kinds of findings are looked for, and which of them make the gate fail."""

from collections.abc import Iterable
from enum import Enum
from typing import Annotated

from pydantic import BeforeValidator

from verify.errors import UsageError
from verify.finding import FindingKind, Severity
from verify.system.words import Words, enumerated
from verify.upstream.snapshot import near

_KNOWN = Words(zh="；已有的是：{names}", en="; known are: {names}")

OF_ENVIRONMENT = frozenset(
    {
        FindingKind.MISSING_MODULE,
        FindingKind.MISSING_ATTRIBUTE,
        FindingKind.BAD_CALL,
        FindingKind.BAD_OPTION,
        FindingKind.UNDOCUMENTED_PACKAGE,
        FindingKind.NO_EFFECT,
        FindingKind.VERSION,
        FindingKind.IMPOSSIBLE_OUTPUT,
        FindingKind.OTHER_VERSION,
    }
)
"""What cannot be found, or not all of it, without an environment to hold pages against."""

ALWAYS = frozenset({FindingKind.UNREADABLE, FindingKind.NOT_CHECKED})
"""What is told whatever is selected: of a page that cannot be read nothing else is known."""


class FailOn(str, Enum):
    """What gives exit code 1."""

    ERROR = "error"
    WARNING = "warning"
    NEVER = "never"

    def includes(self, severity: Severity) -> bool:
        """Whether findings of a severity do."""
        return self is FailOn.WARNING or self.value == severity.value


def kind(name: object) -> FindingKind:
    """The kind of that name.

    Raises:
        ValueError: there is none; it says which are near, or else all.
    """
    known = {one.value: one for one in FindingKind}
    if isinstance(name, str) and name in known:
        return known[name]
    hint = near(str(name), known) or _KNOWN.filled(names=enumerated(known))
    raise ValueError(
        Words(zh="没有 {name!r} 这个种类{hint}", en="no kind {name!r}{hint}").filled(
            name=name, hint=hint
        )
    )


Kind = Annotated[FindingKind, BeforeValidator(kind)]


def kinds(option: str, names: Iterable[str]) -> list[FindingKind]:
    """The kinds that an option names, more than one with commas between them.

    Raises:
        UsageError: it names none, or one that there is not.
    """
    wanted = [name.strip() for text in names for name in text.split(",")]
    try:
        return [kind(name) for name in wanted]
    except ValueError as error:
        raise UsageError(
            Words(zh="{option}：{error}。", en="{option}: {error}.").filled(
                option=option, error=error
            )
        ) from error
