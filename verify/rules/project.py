"""A project's own settings for the gate: which environment, and which findings it lives with."""

from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from verify.environment import environment as environments
from verify.finding import Finding, FindingKind
from verify.system import typed_toml
from verify.system.typed_toml import Strict

FILE_NAME = "docs-verify.toml"
NO_ENVIRONMENT = "none"


class Waiver(Strict):
    """Findings that the project knows and lives with, for a reason and for a while.

    `file` is a pattern relative to the documentation's root; `match` is a part of the message.
    """

    kind: FindingKind
    file: str
    match: str = ""
    cell: int | None = None
    reason: Annotated[str, Field(min_length=10)]
    expires: date

    @field_validator("kind", mode="before")
    @classmethod
    def _known(cls, value: object) -> object:
        kinds = [kind.value for kind in FindingKind]
        if value not in kinds:
            raise ValueError(f"no kind {value!r}; known are: {', '.join(kinds)}")
        return value

    def covers(self, finding: Finding, file: str) -> bool:
        """Whether it is meant for this finding, in a file given relative to the root."""
        return (
            self.kind is finding.kind
            and fnmatch(file, self.file)
            and self.match in finding.message
            and self.cell in (None, finding.cell)
        )


class Project(Strict):
    """The content of `docs-verify.toml` in the documentation's root, or above it.

    It lies among the pages, so it may choose one of our environments, and name no program: a folder
    whose Python is started is for the command line to say.
    """

    environment: str | None = None
    waive: list[Waiver] = []

    @field_validator("environment")
    @classmethod
    def _ours(cls, value: str | None) -> str | None:
        allowed = [*environments.names(), NO_ENVIRONMENT]
        if value is not None and value not in allowed:
            raise ValueError(
                f"no environment {value!r}; allowed are {', '.join(allowed)}, and a folder that "
                "one is in can only be given on the command line, with --env"
            )
        return value


def of_root(root: Path) -> Project:
    """The project's settings; the nearest file counts, and no file means no settings.

    Raises:
        UsageError: the file is not as it has to be.
    """
    for folder in (root, *root.parents):
        if (folder / FILE_NAME).is_file():
            return typed_toml.read(folder / FILE_NAME, Project)
        if (folder / ".git").exists():
            break
    return Project()
