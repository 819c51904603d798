"""Whether the arguments of a call fit what a release defines."""

import ast
from dataclasses import dataclass

from verify.rules.api.interface_questions import Shape
from verify.rules.breaks.class_text import are_plain, defined
from verify.rules.breaks.interface import Class, Function, Interface, Undecided, Value

_MAKERS = ("__new__", "__init__")


@dataclass(frozen=True)
class Misfit:
    """Why a call fails: `what` is unknown, twice, many or missing, `name` the parameter meant."""

    what: str
    name: str
    callee: str
    accepts: tuple[str, ...] = ()
    limit: int = 0


def misfit(interface: Interface, value: Value, shape: Shape) -> Misfit | None:
    """What is wrong with calling a value; None if nothing is.

    Raises:
        Undecided: the sources alone do not tell how it is called.
    """
    match value:
        case Function():
            return _of_function(value, shape, value.node.name)
        case Class():
            makers = _makers(interface, value)
            found = [_of_function(one, shape, value.node.name) for one in makers]
            return next((one for one in found if one), None)
    raise Undecided("how it is called")


def _makers(interface: Interface, cls: Class) -> list[Function]:
    """The functions that get the arguments of a class."""
    if cls.node.decorator_list or cls.node.keywords:
        raise Undecided("a class made by something else")
    lineage, whole = interface.lineage(cls)
    found = []
    for name in _MAKERS:
        for one in lineage:
            node = defined(one.node, name)
            if isinstance(node, ast.FunctionDef):
                found.append(Function(one.module, node, 1, one))
                break
            if one.node.decorator_list:
                raise Undecided("a base that something else makes")
    if not found or (not whole and not any(one.owner == cls for one in found)):
        raise Undecided("a base that is not in these sources")
    return found


def _of_function(function: Function, shape: Shape, callee: str) -> Misfit | None:
    node = function.node
    if not are_plain(node.decorator_list):
        raise Undecided("a decorator may change the arguments")
    given = node.args
    placed = [one.arg for one in (*given.posonlyargs, *given.args)]
    optional = set(placed[len(placed) - len(given.defaults) :] if given.defaults else ())
    named = {one.arg for one in (*given.args, *given.kwonlyargs)} - set(placed[: function.skip])
    wanted = [name for name in placed if name not in optional]
    wanted += [
        one.arg
        for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True)
        if default is None
    ]
    placed, bound = placed[function.skip :], set(placed[: function.skip])
    filled = set(placed[: shape.positional])
    accepts = tuple(sorted(named - filled))
    for keyword in shape.keywords:
        if keyword in filled and keyword in named:
            return Misfit("twice", keyword, callee)
        if keyword not in named and not given.kwarg:
            return Misfit("unknown", keyword, callee, accepts)
    if shape.positional > len(placed) and not given.vararg:
        return Misfit("many", "", callee, limit=len(placed))
    if shape.unpacks_list or shape.unpacks_dict:
        return None
    lacking = [n for n in wanted if n not in filled | bound | set(shape.keywords)]
    return Misfit("missing", lacking[0], callee) if lacking else None
