"""The two ways in which we, not a page, can fail; each knows its documented exit code."""

from enum import IntEnum
from typing import Protocol


class ExitCode(IntEnum):
    """Exit codes of every command."""

    VERIFIED = 0
    CONTRADICTED = 1
    USAGE = 2
    OURS = 3
    INTERRUPTED = 130


class InBoth(Protocol):
    """`Words` in both languages, as far as it is known here: their room is above this one."""

    @property
    def zh(self) -> str:
        """The Chinese ones."""

    @property
    def en(self) -> str:
        """The English ones."""


class VerifyError(Exception):
    """One clear sentence: what is wrong, where, and what to do about it."""

    exit_code = ExitCode.OURS

    def __init__(self, says: InBoth) -> None:
        super().__init__(says)
        self.says = says


class UsageError(VerifyError):
    """Bad usage or bad input, such as an unreadable contract or an unknown document."""

    exit_code = ExitCode.USAGE


class ResourceError(VerifyError):
    """Something that the run needs is missing: an interpreter, the network, disk space."""

    exit_code = ExitCode.OURS
