"""What names of a page's code stand for, as far as reading can tell.

Constants, lists, tuples, sets and dictionaries are Python's own. All else is one of the classes
here: `UNKNOWN` for what only a run can tell, the others for what is known by what made it.
"""

import ast
from dataclasses import dataclass, field

Scope = dict[str, object]


class Unknown:
    """Only a run can tell. It equals nothing, not even itself."""

    def __eq__(self, other: object) -> bool:
        """Never: two things that nobody knows may differ."""
        return False

    def __hash__(self) -> int:
        """By identity, so that unknown keys of a dictionary stay apart."""
        return id(self)


UNKNOWN = Unknown()


class Each:
    """Stands as the key of a `Part` for any element of the whole."""


EACH = Each()


class List(list[object]):
    """A list of the page's. `is_open` once something that may have happened may have changed it."""

    is_open = False


class Dict(dict[object, object]):
    """A dictionary of the page's, as `List`.

    A key that is `Unknown` may be any, one of `Spread` stands for all keys of what `**` names.
    """

    is_open = False


class Set(set[object]):
    """A set of the page's, as `List`."""

    is_open = False

    def __repr__(self) -> str:
        """As Python's own."""
        return repr(set(self))


@dataclass(frozen=True)
class Imported:
    """Something of another package, by its dotted name."""

    name: str


@dataclass(frozen=True)
class Builtin:
    """What Python itself gives a name to."""

    name: str


@dataclass(frozen=True, eq=False)
class Own:
    """A function or class of the page itself, with the scope that it was defined in.

    `seen` is what that scope held then, `made` are the calls of it that were read. `defaults` are
    those of a function's parameters, `owner` the class of a method, `members` what a class has.
    """

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda
    scope: Scope
    cell: int = 0
    seen: Scope = field(default_factory=dict)
    defaults: dict[str, object] = field(default_factory=dict)
    owner: "Own | None" = None
    bases: tuple[object, ...] = ()
    members: Scope = field(default_factory=dict)
    made: "list[Call]" = field(default_factory=list)

    @property
    def is_class(self) -> bool:
        """Whether it is a class."""
        return isinstance(self.node, ast.ClassDef)

    @property
    def name(self) -> str:
        """Its name; empty for a lambda."""
        return getattr(self.node, "name", "")

    def member(self, name: str, depth: int = 8) -> object:
        """What a class, or a class of the page's that it is derived from, has by this name."""
        if name in self.members or not depth:
            return self.members.get(name)
        found = (one.member(name, depth - 1) for one in self.bases if isinstance(one, Own))
        return next((one for one in found if one is not None), None)


@dataclass(frozen=True, eq=False)
class Part:
    """An attribute or an element of something that is known by what made it."""

    of: object
    key: object
    is_attribute: bool = False

    @property
    def origin(self) -> object:
        """What made the whole."""
        return self.of.origin if isinstance(self.of, Part) else self.of


@dataclass(frozen=True, eq=False)
class Operation:
    """What an operator or a builtin makes of things that are not constants, by its name."""

    name: str
    operands: tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Spread:
    """What stands behind `*` or `**` where its elements are not known."""

    of: object


@dataclass(frozen=True, eq=False)
class Text:
    """An f-string: what is known of it, and what each of its other values stands for."""

    pieces: tuple[object, ...]


@dataclass(frozen=True, eq=False)
class Call:
    """A call and what it made.

    `callee` is what is called as a whole, `on` what a method's object was made by. `inside` is what
    is recorded of the page's own function or class that it calls, which is `own`; `attributes` is
    what the page has set of the thing that was made. `cell` and what is inside of it are those that
    run; `node` is where it is written.
    """

    name: str
    cell: int
    row: int
    on: object = None
    positional: tuple[object, ...] = ()
    keywords: dict[str, object] = field(default_factory=dict)
    again: bool = False
    uses: list["Call"] = field(default_factory=list)
    callee: object = UNKNOWN
    own: Own | None = None
    inside: "list[Event]" = field(default_factory=list)
    result: list[object] = field(default_factory=list)
    attributes: dict[str, object] = field(default_factory=dict)
    node: ast.AST | None = field(default=None, repr=False)

    @property
    def within(self) -> "list[Call]":
        """The calls of the page's own function that it called."""
        return [event for event in self.inside if isinstance(event, Call)]

    @property
    def is_stated(self) -> bool:
        """Whether it is a fact by itself: neither a builtin's, nor a method's of a constant."""
        match self.callee:
            case Imported(name=name):
                return "." in name
            case Part(of=Call(name="super", callee=Builtin())):
                return False
            case Part(of=whole):
                return isinstance(whole, Call | Part | Operation | Imported | Own)
        return isinstance(self.callee, Call)

    def get(self, keyword: str, position: int | None = None) -> object:
        """The value of an argument; None if it is not given."""
        if keyword in self.keywords:
            return self.keywords[keyword]
        if "**" in self.keywords:
            return UNKNOWN
        if position is not None and position < len(self.positional):
            before = self.positional[: position + 1]
            spread = any(isinstance(value, Spread) for value in before)
            return UNKNOWN if spread else before[-1]
        return None


@dataclass(frozen=True, eq=False)
class Assigned:
    """A constant that a name, or an attribute of something, is given."""

    target: str | Part
    value: object
    cell: int


@dataclass(frozen=True, eq=False)
class Returned:
    """What a function of the page's hands back that the page itself never calls."""

    value: object
    cell: int


Event = Call | Assigned | Returned | Own
