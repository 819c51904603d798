"""Calls in a page's code: recorded, made by us where they have no effect, or followed inside."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field

from verify.page.code import computing
from verify.page.code.constants import LARGEST, is_constant, is_key
from verify.page.code.expressions import Expressions
from verify.page.code.functions import bound, own_of, same, unbound, yields
from verify.page.code.values import (
    UNKNOWN,
    Assigned,
    Builtin,
    Call,
    Dict,
    Event,
    Imported,
    List,
    Own,
    Part,
    Returned,
    Scope,
    Set,
    Spread,
)

_DEPTH = 8
_COPIED = 200
_UNCHANGED = frozenset("copy count index items keys values get".split())


@dataclass
class Calls(Expressions):
    """Follows calls.

    `record` has everything that happens, in order; `_returned` is what the function that is read
    hands back.
    """

    scope: Scope = field(default_factory=lambda: {"__name__": "__main__"})
    record: list[Event] = field(default_factory=list)
    _cell: int = 0
    _depth: int = 0
    _stated: int = -1
    _returned: list[object] = field(default_factory=list)

    def run(self, body: Sequence[ast.stmt], scope: Scope) -> bool:
        """Read statements in order; whether none can follow, because they return or raise."""
        raise NotImplementedError

    def call(self, node: ast.Call, scope: Scope) -> object:
        """Record a call, and read the page's own function that it calls."""
        on: object = None
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if isinstance(node.func, ast.Attribute):
            on = self.value(node.func.value, scope)
            callee = self.attribute(on, name)
        else:
            callee = self.value(node.func, scope)
        if isinstance(callee, Imported | Builtin | Own):
            name = callee.name
        positional = tuple(self.elements(node.args, scope))
        keywords: dict[str, object] = {}
        for keyword in node.keywords:
            value = self.value(keyword.value, scope)
            if keyword.arg is None and _names(value):
                keywords.update(value)  # type: ignore[call-overload]
            else:
                keywords[keyword.arg or "**"] = value
        if not any(isinstance(one, Spread) for one in positional) and "**" not in keywords:
            found = self.pure(callee, on, name, positional, keywords)
            if found is not UNKNOWN:
                return found
        return self.made(node, callee, on, name, positional, keywords)

    def pure(  # the parts of a call
        self,
        callee: object,
        on: object,
        name: str,
        positional: tuple[object, ...],
        keywords: dict[str, object],
    ) -> object:
        """What a builtin function or a method of a constant makes."""
        if isinstance(callee, Builtin):
            return computing.builtin(name, positional, keywords)
        if callee is not UNKNOWN or on is None or on is UNKNOWN:
            return UNKNOWN
        if isinstance(on, List | Dict | Set) and name not in _UNCHANGED:
            return self.change(on, name, positional)
        return computing.method(on, name, positional, keywords)

    def change(self, on: List | Dict | Set, name: str, positional: tuple[object, ...]) -> object:
        """Do what a method does to a list or a dictionary; else nobody knows what it holds."""
        if self._maybe == 0 and len(on) < LARGEST:
            match on, name, positional:
                case List(), "append", (one,):
                    on.append(one)
                case List(), "extend", (more,) if (some := computing.elements(more)) is not None:
                    on.extend(some)
                case List(), "insert", (int() as at, one):
                    on.insert(at, one)
                case List(), "reverse", ():
                    on.reverse()
                case Dict(), "update", (dict() as more,):
                    on.update(more)
                case Set(), "add", (one,) if is_key(one):
                    on.add(one)
                case List() | Dict() | Set(), "clear", ():
                    on.clear()
                case _:
                    on.is_open = True
        else:
            on.is_open = True
        return UNKNOWN if on.is_open else None

    def made(  # noqa: PLR0917  # the parts of a call
        self,
        node: ast.Call | ast.stmt | ast.expr,
        callee: object,
        on: object,
        name: str,
        positional: tuple[object, ...],
        keywords: dict[str, object],
    ) -> object:
        """Record a call, and give what it makes."""
        if callee is UNKNOWN and on is not None and on is not UNKNOWN:
            callee = Part(_copied(on), name, is_attribute=True)
        on = on.origin if isinstance(on, Part) else on
        own, instance = own_of(callee)
        made = Call(
            name,
            self._cell,
            node.lineno - 1,
            None if isinstance(on, Imported) else on,
            tuple(map(_copied, positional)),
            {key: _copied(value) for key, value in keywords.items()},
            again=self._loops > 0,
            callee=callee,
            own=own,
            node=node,
        )
        if isinstance(on, Call):
            on.uses.append(made)
        if own is None and not isinstance(callee, Builtin):
            _may_change(on, *positional, *keywords.values())
        started = len(self.record)
        result: object = made
        if own and self._depth < _DEPTH:
            own.made.append(made)
            given = positional if instance is None else (instance, *positional)
            result = self.enter(own, made, given, keywords)
        made.inside.extend(self.record[started:])
        made.result.append(result)
        self.record.append(made)
        return result

    def enter(
        self, own: Own, made: Call, positional: tuple[object, ...], keywords: dict[str, object]
    ) -> object:
        """Read the body of an own function with its arguments, and give what it returns."""
        node = own.node
        found: object = made
        if isinstance(node, ast.ClassDef):
            begin = own.member("__init__")
            if isinstance(begin, Own) and begin.owner:
                begin.made.append(made)
                self.enter(begin, made, (made, *positional), keywords)
            return made
        returned, self._returned = self._returned, []
        self._depth += 1
        scope = bound(own, positional, keywords)
        if isinstance(node, ast.Lambda):
            found = self.value(node.body, scope)
        else:
            ended = self.run(node.body, scope)
            values = self._returned
            if not values and not yields(node):
                found = None
            elif values and ended and all(same(one, values[0]) for one in values):
                found = values[0]
        self._depth -= 1
        self._returned = returned
        return found

    def body_of(self, own: Own) -> list[Event]:
        """What is recorded of a function that the page never calls: its parameters are unknown."""
        kept = self.record, self._cell, self._returned
        self.record, self._cell, self._returned = [], own.cell, []
        self._stated = self._depth
        scope = unbound(own)
        if isinstance(own.node, ast.Lambda):
            self.returns(self.value(own.node.body, scope))
        else:
            self.run(own.node.body, scope)
        self._stated = -1
        found = self.record
        self.record, self._cell, self._returned = kept
        return found

    def inside(self, own: Own, made: Call, *given: object) -> list[Event]:
        """What is recorded of a function if it is called with these arguments and no others."""
        kept = self.record, self._cell
        self.record, self._cell = [], own.cell
        made.result.append(self.enter(own, made, given, {}))
        found = self.record
        self.record, self._cell = kept
        return found

    def returns(self, value: object) -> None:
        """Note what the function that is read hands back."""
        self._returned.append(value)
        if self._stated == self._depth:
            self.record.append(Returned(_copied(value), self._cell))

    def assigned(self, target: str | Part, value: object) -> None:
        """Note that something is given a constant."""
        if is_constant(value) and not isinstance(
            value, list | tuple | dict | set | frozenset | range
        ):
            self.record.append(Assigned(target, value, self._cell))


def _copied(value: object, depth: int = 3) -> object:
    """A list or a dictionary as it is now."""
    if getattr(value, "is_open", False):
        return UNKNOWN
    if not isinstance(value, List | Dict | Set | tuple) or not depth or len(value) > _COPIED:
        return value
    if isinstance(value, Dict):
        return Dict((key, _copied(one, depth - 1)) for key, one in value.items())
    return type(value)(_copied(one, depth - 1) for one in value)


def _names(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(key, str) for key in value)


def _may_change(*given: object) -> None:
    """Forget the plain values of own instances that another's code gets, as a trainer does."""
    for one in given:
        if isinstance(one, Call) and one.own is not None:
            known = one.attributes
            known.update((name, UNKNOWN) for name, value in known.items() if is_constant(value))
