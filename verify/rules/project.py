"""A project's own settings for the gate: which environment, and which findings it lives with."""

from datetime import date
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator

from verify.environment import environment as environments
from verify.errors import UsageError
from verify.finding import Finding, FindingKind
from verify.rules import selection
from verify.rules.selection import FailOn, Kind
from verify.system import typed_toml
from verify.system.typed_toml import Strict
from verify.system.words import Language, Words, enumerated, said

FILE_NAME = "docs-verify.toml"
NO_ENVIRONMENT = "none"


class Waiver(Strict):
    """Findings that the project knows and lives with, for a reason and for a while.

    `file` is a pattern relative to the documentation's root; `match` is a part of the message, in
    either language.
    """

    kind: Kind
    file: str
    match: str = ""
    cell: int | None = None
    reason: Annotated[str, Field(min_length=10)]
    expires: date

    def covers(self, finding: Finding, file: str) -> bool:
        """Whether it is meant for this finding, in a file given relative to the root."""
        return (
            self.kind is finding.kind
            and fnmatch(file, self.file)
            and any(self.match in said(finding.message, one) for one in Language)
            and self.cell in (None, finding.cell)
        )


class Project(Strict):
    """The content of `docs-verify.toml` in the documentation's root, or above it.

    It lies among the pages, so it may choose one of our environments, and name no program: a folder
    whose Python is started is for the command line to say. A baseline, which is written, can only
    lie beside or below it.
    """

    environment: str | None = None
    select: list[Kind] = []
    ignore: list[Kind] = []
    fail_on: FailOn = FailOn.ERROR
    baseline: Path | None = None
    waive: list[Waiver] = []

    @property
    def kinds(self) -> frozenset[FindingKind]:
        """The kinds that are looked for.

        Raises:
            UsageError: none is left.
        """
        chosen = frozenset(self.select or FindingKind) - {*self.ignore}
        if chosen <= selection.ALWAYS:
            raise UsageError(
                Words(
                    zh="选中的种类全都被忽略了：没有剩下可检查的。",
                    en="All kinds that are selected are ignored: nothing is left to check.",
                )
            )
        return chosen | (selection.ALWAYS - {*self.ignore})

    @field_validator("environment")
    @classmethod
    def _ours(cls, value: str | None) -> str | None:
        allowed = [*environments.names(), NO_ENVIRONMENT]
        if value is not None and value not in allowed:
            raise ValueError(
                Words(
                    zh="没有环境 {value!r}；可用的是：{allowed}；环境所在的文件夹只能在命令行用 "
                    "--env 给出",
                    en="no environment {value!r}; allowed are {allowed}, and a folder that one is "
                    "in can only be given on the command line, with --env",
                ).filled(value=value, allowed=enumerated(allowed))
            )
        return value

    @field_validator("baseline")
    @classmethod
    def _beside(cls, value: Path | None) -> Path | None:
        if value and (value.is_absolute() or ".." in value.parts or value.suffix != ".json"):
            raise ValueError(
                Words(
                    zh="{value!r} 不是从本文件所在文件夹算起的 .json 文件路径",
                    en="{value!r} is no path of a .json file from this file's folder",
                ).filled(value=str(value))
            )
        return value


def of_root(root: Path) -> Project:
    """The project's settings; the nearest file counts, and no file means no settings.

    Raises:
        UsageError: the file is not as it has to be.
    """
    for folder in (root, *root.parents):
        if (folder / FILE_NAME).is_file():
            return _with_place(typed_toml.read(folder / FILE_NAME, Project), folder)
        if (folder / ".git").exists():
            break
    return Project()


def _with_place(project: Project, folder: Path) -> Project:
    if project.baseline is None:
        return project
    place = (folder / project.baseline).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise UsageError(
            Words(
                zh="{file}：基线 {place} 不在 {folder} 里。",
                en="{file}: the baseline {place} lies outside of {folder}.",
            ).filled(file=folder / FILE_NAME, place=place, folder=folder)
        )
    return project.model_copy(update={"baseline": place})
