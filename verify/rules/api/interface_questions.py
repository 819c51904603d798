"""What is asked of the documented environment, and what it answers."""

import json
import re
from dataclasses import asdict, dataclass

from verify.probed import questions
from verify.rules.api.uses import Use, UseKind

Answer = questions.Answer
Shape = questions.Shape
Verdict = questions.AnswerVerdict


@dataclass(frozen=True)
class InterfaceQuestion(questions.Question):
    """A question as it is asked: what leads from a use to it, and what it is kept by."""

    @classmethod
    def of(cls, use: Use, path: str) -> "InterfaceQuestion":
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
