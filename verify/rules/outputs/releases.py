"""Which modules each release of SecretFlow had; see `fixtures/recipes/release_modules.py`."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import takewhile

from packaging.version import Version

from verify.system.resources import FIXTURES

FILE = FIXTURES / "releases.json"

# A release is cut from a branch, while builds of single days already have what comes next.
_AHEAD = timedelta(days=120)


@dataclass(frozen=True)
class Lifetime:
    """Since which release a module has existed and up to which, the releases around these, days.

    `before` is the last release without it, None if the first known one has it; `after` likewise.
    """

    first: Version
    last: Version
    before: Version | None
    after: Version | None
    appeared: date
    absent_until: date | None

    def excludes(self, version: Version) -> bool:
        """Whether a version certainly lacks the module."""
        if self.before and version <= self.before:
            day = _built(version)
            return day is None or self.is_later_than(day)
        return bool(self.after and version >= self.after)

    def is_later_than(self, day: date) -> bool:
        """Whether no build of a day can have had the module."""
        return self.absent_until is not None and day < self.absent_until - _AHEAD


def _built(version: Version) -> date | None:
    """The day of a build whose version tells it."""
    try:
        return datetime.strptime(str(version.dev), "%Y%m%d").date()  # noqa: DTZ007
    except ValueError:
        return None


@cache
def _facts() -> tuple[dict[Version, date], dict[str, list[str]]]:
    told = json.loads(FILE.read_text(encoding="utf-8"))
    days = {Version(version): date.fromisoformat(day) for version, day in told["releases"].items()}
    return dict(sorted(days.items())), told["modules"]


@cache
def lifetime(module: str) -> Lifetime | None:
    """The lifetime of a module; None if its package is not known. A submodule has its parent's."""
    days, modules = _facts()
    name = module
    while name not in modules:
        name = name.rpartition(".")[0]
        if not name:
            return None
    first, last = map(Version, modules[name])
    earlier = list(takewhile(lambda version: version < first, days))
    before = earlier[-1] if earlier else None
    after = next((version for version in days if version > last), None)
    return Lifetime(first, last, before, after, days[first], days[before] if before else None)
