"""What a page's code uses of its environment.

A value is written as the path that leads to it: `torch.nn:Sequential().forward` is the method
`forward` of what calling `Sequential` of the module `torch.nn` returns, `pandas:Series{}` any
instance of a class, `numpy.linalg.norm` a path whose first name alone is sure to be a module. What
reading cannot follow has no path.
"""

import ast
from dataclasses import dataclass, field
from enum import Enum

from verify.page.page import Block
from verify.probed import questions


class UseKind(Enum):
    """How something is used; the values are the exceptions that tell a reader of its absence."""

    MODULE = ("ImportError", "ModuleNotFoundError")
    MEMBER = ("ImportError",)
    ATTRIBUTE = ("AttributeError",)
    CALL = ("TypeError", "AttributeError")


@dataclass(frozen=True)
class Arguments(questions.Shape):
    """The shape of a call, as code has it."""

    @classmethod
    def of(cls, node: ast.Call) -> "Arguments":
        """Read the shape of a call."""
        return cls(
            sum(not isinstance(argument, ast.Starred) for argument in node.args),
            tuple(keyword.arg for keyword in node.keywords if keyword.arg),
            any(isinstance(argument, ast.Starred) for argument in node.args),
            any(keyword.arg is None for keyword in node.keywords),
        )


@dataclass(frozen=True)
class UsePlace:
    """Where something stands: a block of the page, and 0-based lines and columns (of bytes) in it.

    `row` is the line that a finding names.
    """

    code: Block = field(hash=False)
    row: int
    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Use:
    """One use. `path` is None where only a type checker can tell what `receiver` is.

    Then the used thing is the attribute `name` of the receiver.
    """

    kind: UseKind
    path: str | None
    place: UsePlace
    name: str = ""
    arguments: Arguments | None = None
    receiver: UsePlace | None = None

    @property
    def is_of_value(self) -> bool:
        """Whether it is of something computed, of which a type checker may know more."""
        return self.path is None or "()" in self.path
