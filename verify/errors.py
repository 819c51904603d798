"""The two ways in which we, not a page, can fail; each knows its documented exit code."""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    VERIFIED = 0
    CONTRADICTED = 1
    USAGE = 2
    OURS = 3
    INTERRUPTED = 130


class VerifyError(Exception):
    """One clear sentence: what is wrong, where, and what to do about it."""

    exit_code = ExitCode.OURS

    def __init__(self, says: object = "") -> None:
        """`says` is a string, or `Words` in both languages; those live in a room above this one."""
        super().__init__(says)
        self.says = says


class UsageError(VerifyError):
    """Bad usage or bad input, such as an unreadable contract or an unknown document."""

    exit_code = ExitCode.USAGE


def unwritable(folder: object, error: OSError) -> "ResourceError":
    """The sentence for a folder of the user's that we cannot write to."""
    return ResourceError(
        f"{folder}: cannot be written ({error.strerror or error}); "
        "free some space there, or choose another folder with --out."
    )


class ResourceError(VerifyError):
    """Something that the run needs is missing: an interpreter, the network, disk space."""

    exit_code = ExitCode.OURS
