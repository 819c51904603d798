"""The page's own functions and classes: which one is called, and with what in scope."""

import ast

from verify.page.code import texts
from verify.page.code.constants import is_constant
from verify.page.code.values import UNKNOWN, Call, Dict, Own, Part, Scope, Spread


def bound(own: Own, positional: tuple[object, ...], keywords: dict[str, object]) -> Scope:
    """The scope of an own function's body when it is called with these arguments."""
    scope = {**own.scope, **dict.fromkeys(_parameters(own), UNKNOWN), **own.defaults}
    arguments = own.node.args  # type: ignore[union-attr]
    names = [argument.arg for argument in [*arguments.posonlyargs, *arguments.args]]
    every = {*names, *(argument.arg for argument in arguments.kwonlyargs)}
    spread = [i for i, one in enumerate(positional) if isinstance(one, Spread)]
    certain = spread[0] if spread else len(positional)
    scope.update(zip(names, positional[:certain], strict=False))
    if spread or "**" in keywords:
        scope.update(
            dict.fromkeys(names[certain:] if spread else every - {*names[:certain]}, UNKNOWN)
        )
    scope.update({name: value for name, value in keywords.items() if name in every})
    if arguments.vararg and not spread:
        scope[arguments.vararg.arg] = positional[len(names) :]
    if arguments.kwarg and "**" not in keywords:
        more = {name: value for name, value in keywords.items() if name not in every}
        scope[arguments.kwarg.arg] = Dict(more)
    return scope


def unbound(own: Own) -> Scope:
    """The scope of an own function's body, whoever calls it."""
    scope = {**own.scope, **own.seen, **dict.fromkeys(_parameters(own), UNKNOWN)}
    if own.owner and (first := next(iter(_parameters(own)), None)):
        scope[first] = instance_of(own.owner)
    return scope


def instance_of(own: Own) -> Call:
    """Any instance of a class: what is set of it is what all that are made have in common."""
    if len(own.made) == 1:
        return own.made[0]
    made = own.members.get("")
    if not isinstance(made, Call):
        made = own.members[""] = Call(own.name, own.cell, 0, callee=own, own=own)
        for name, value in own.made[0].attributes.items() if own.made else ():
            if all(same(one.attributes.get(name), value) for one in own.made):
                made.attributes[name] = value
    return made


def own_of(callee: object) -> tuple[Own | None, Call | None]:
    """The page's own function or class that is called, and the instance if it is a method."""
    if isinstance(callee, Own):
        return callee, None
    instance = callee.of if isinstance(callee, Part) and callee.is_attribute else callee
    if isinstance(instance, Call) and instance.own and instance.own.is_class:
        name = str(callee.key) if isinstance(callee, Part) else "__call__"
        method = instance.own.member(name)
        if isinstance(method, Own):
            return method, instance
    return None, None


def _parameters(own: Own) -> list[str]:
    arguments = own.node.args  # type: ignore[union-attr]
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return [one.arg for one in (*every, arguments.vararg, arguments.kwarg) if one]


def yields(node: ast.AST) -> bool:
    """Whether a function is a generator."""
    return any(isinstance(one, ast.Yield | ast.YieldFrom) for one in ast.walk(node))


def same(one: object, other: object) -> bool:
    """Whether two values are certain to be the same."""
    if one is other:
        return True
    return is_constant(one) and is_constant(other) and texts.of(one) == texts.of(other)
