"""What the tool asks about the interface of an environment, and what that answers.

Standard library only: an environment may have nothing else.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any


class AnswerVerdict(str, Enum):
    """What the environment says of a use."""

    FINE = "fine"
    MISSING = "missing"
    MISFIT = "misfit"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Shape:
    """How a call is written: how many stand by position, which are named, what is unpacked."""

    positional: int
    keywords: tuple[str, ...] = ()
    unpacks_list: bool = False
    unpacks_dict: bool = False


@dataclass(frozen=True)
class Question:
    """Whether a path leads somewhere, and whether it can be called like that.

    Or, where there are `words`, whether the program `path` knows the options among them.
    """

    path: str
    is_module: bool = False
    arguments: Shape | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """An answer; of what is missing its owner, of a misfit the parameter, and what is near."""

    verdict: AnswerVerdict
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


def question(entry: dict[str, Any]) -> Question:
    """A question that was sent as JSON; raises TypeError if it is none."""
    shape = entry["arguments"]
    return Question(
        **entry | {"arguments": shape and Shape(**shape), "words": tuple(entry.get("words", ()))}
    )


def answer(entry: dict[str, Any]) -> Answer:
    """An answer that was sent or kept as JSON; raises TypeError or ValueError if it is none."""
    lists = {name: tuple(entry.get(name, ())) for name in ("near", "accepts")}
    return Answer(**entry | lists | {"verdict": AnswerVerdict(entry["verdict"])})
