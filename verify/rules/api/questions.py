"""What is asked of the documented environment, and what it answers."""

import json
import re
from dataclasses import asdict, dataclass
from enum import Enum

from pydantic import BaseModel, ConfigDict

from verify.rules.api.uses import Arguments, Use, UseKind


class Verdict(str, Enum):
    """What the environment says of a use."""

    FINE = "fine"
    MISSING = "missing"
    MISFIT = "misfit"
    UNDECIDED = "undecided"


class Answer(BaseModel):
    """An answer; of what is missing its owner, of a misfit the parameter, and what is near."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Verdict
    why: str = ""
    owner: str = ""
    sort: str = ""
    name: str = ""
    near: tuple[str, ...] = ()
    moved: str | None = None
    what: str = ""
    accepts: tuple[str, ...] = ()
    limit: int = 0
    callee: str = ""


@dataclass(frozen=True)
class Question:
    """Whether a path leads somewhere, and whether it can be called like that."""

    path: str
    is_module: bool = False
    arguments: Arguments | None = None

    @classmethod
    def of(cls, use: Use, path: str) -> "Question":
        """Ask about a use of what `path` leads to."""
        return cls(path, use.kind is UseKind.MODULE, use.arguments)

    @property
    def key(self) -> str:
        """The question as a text that is the same for the same question."""
        return json.dumps(asdict(self), sort_keys=True)

    @property
    def top(self) -> str:
        """The top-level module."""
        return re.split(r"\W", self.path, maxsplit=1)[0]
