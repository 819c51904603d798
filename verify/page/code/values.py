"""What names of a page's code stand for, as far as reading can tell."""

import ast
from dataclasses import dataclass, field

Scope = dict[str, object]


class _Unknown:
    """Only a run can tell."""


UNKNOWN = _Unknown()


@dataclass(frozen=True)
class Imported:
    """Something of another package, by its dotted name."""

    name: str


@dataclass(frozen=True, eq=False)
class Own:
    """A function or class of the page itself."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    scope: Scope

    @property
    def name(self) -> str:
        """Its name; empty for a lambda."""
        return getattr(self.node, "name", "")


@dataclass(frozen=True, eq=False)
class Part:
    """An attribute or an element of something that a call made."""

    of: "Call | Part"
    key: object

    @property
    def origin(self) -> "Call":
        """The call that made the whole."""
        return self.of.origin if isinstance(self.of, Part) else self.of


@dataclass(frozen=True, eq=False)
class Text:
    """An f-string: what is known of it, and what each of its other values stands for."""

    pieces: tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Call:
    """A call and what it made. `within` are the calls of the page's own function that it called."""

    name: str
    cell: int
    row: int
    on: object = None
    positional: tuple[object, ...] = ()
    keywords: dict[str, object] = field(default_factory=dict)
    again: bool = False
    uses: list["Call"] = field(default_factory=list)
    within: list["Call"] = field(default_factory=list)

    def get(self, keyword: str, position: int | None = None) -> object:
        """The value of an argument; None if it is not given."""
        if keyword in self.keywords:
            return self.keywords[keyword]
        if "**" in self.keywords:
            return UNKNOWN
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None
