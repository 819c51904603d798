"""A mutant: something right with one defect planted in it, and who must notice."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from verify.errors import VerifyError


class Fate(str, Enum):
    """What became of a mutant."""

    KILLED = "killed"  # the check that is meant to notice noticed
    ACCIDENT = "killed by accident"  # only checks noticed that are not meant to
    SURVIVED = "survived"  # nobody noticed
    UNRUN = "not run"  # it could not be tried
    SPARED = "let pass"  # nobody noticed, and rightly: it is no defect
    ALARM = "false alarm"  # a check complained of what is no defect


@dataclass(frozen=True)
class Judged:
    """A mutant's end: all that noticed it and would not have complained of the original."""

    mutant: "Mutant"
    killers: tuple[str, ...] = ()
    reason: str = ""

    @property
    def meant(self) -> tuple[str, ...]:
        """Those killers that are meant to notice it."""
        patterns = self.mutant.meant
        return tuple(k for k in self.killers if any(fnmatchcase(k, p) for p in patterns))

    @property
    def fate(self) -> Fate:
        """What became of it."""
        if self.reason:
            return Fate.UNRUN
        if self.mutant.harmless:
            return Fate.ALARM if self.killers else Fate.SPARED
        if self.meant:
            return Fate.KILLED
        return Fate.ACCIDENT if self.killers else Fate.SURVIVED


@dataclass(frozen=True)
class Mutant:
    """A defect of one kind at one place.

    `meant` are patterns of what must notice: a check's id, such as `facts:load-data`, or a
    finding's kind with its cell, such as `bad-call:4`. `killers` finds out what does notice.

    A `harmless` one is nearly the same change, and no defect: nobody may notice it.
    """

    family: str
    kind: str
    place: str
    change: str
    meant: tuple[str, ...]
    killers: Callable[[], Collection[str]]
    harmless: bool = False

    @property
    def id(self) -> str:
        """How tests and reports call it."""
        return f"{self.family}: {self.kind}: {self.place}: {self.change}"

    def judged(self) -> Judged:
        """Try it."""
        try:
            return Judged(self, tuple(sorted(self.killers())))
        except VerifyError as error:
            return Judged(self, reason=str(error))
