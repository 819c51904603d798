"""The attributes of instances, read from their classes."""

import ast
import difflib
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import FunctionType

from apiprobe import bodies, sources
from apiprobe.known_values import Instance, Known, Method, Missing, Undecided, Value

_LOOSE = (object, type)
_LIKE = 0.8


def of_instance(owner: Instance, name: str, *, called: bool = False) -> Value:
    """The attribute of an instance; `called` tells that it is used as a method.

    Raises:
        Missing: neither the class nor any subclass can have it.
        Undecided: only running could tell.
    """
    if owner.cls in _LOOSE:
        raise Undecided("any object")
    classes = [owner.cls] if owner.exact else [owner.cls, *subclasses(owner.cls)]
    holders = [cls for cls in classes if _has(cls, name)]
    if holders:
        return _found(owner, holders, name)
    if not owner.exact and inspect.isabstract(owner.cls):
        raise Undecided("some class below it, which need not be loaded")
    if _is_dynamic(owner.cls, name, called=called):
        raise Undecided("dynamic attributes")
    if any(_assigned_anywhere(cls, name) for cls in classes):
        raise Undecided("assigned from outside")
    if not owner.exact and owner.cls.__module__ == "builtins":
        raise Undecided("annotations with built-in types are too often loose")
    raise Missing(owner.cls, name, of_instance=True)


def _found(owner: Instance, holders: list[type], name: str) -> Value:
    kept = [inspect.getattr_static(cls, name, None) for cls in holders]
    if all(isinstance(one, FunctionType) for one in kept):
        assigned = any(list(_assignments(cls, name)) for cls in holders)
        if not assigned:
            return Method(tuple(dict.fromkeys(kept)), owner)
    if len(kept) > 1 or not owner.exact:
        raise Undecided("one of several")
    if isinstance(kept[0], property) and isinstance(kept[0].fget, FunctionType):
        return bodies.returned(kept[0].fget, owner)
    if isinstance(kept[0], (staticmethod, classmethod)):
        return Known(getattr(owner.cls, name))
    if kept[0] is None:
        return _assigned_value(owner, name)
    raise Undecided("class attribute")


def _assigned_value(owner: Instance, name: str) -> Value:
    found = [(fn, expr) for fn, expr in _assignments(owner.cls, name) if expr is not None]
    if len(found) != 1:
        raise Undecided("assigned more than once")
    return bodies.evaluated(*found[0], owner)


def subclasses(cls: type) -> list[type]:
    """All subclasses that are loaded."""
    found: list[type] = []
    queue = [cls]
    while queue:
        one = queue.pop()
        below: list[type] = type.__subclasses__(one) if one is not type else []
        queue += [sub for sub in below if sub not in found]
        found += [sub for sub in below if sub not in found]
    return found


def _has(cls: type, name: str) -> bool:
    return (
        inspect.getattr_static(cls, name, None) is not None
        or any(name in vars(base) for base in cls.__mro__)
        or any(name in vars(base).get("__annotations__", ()) for base in cls.__mro__)
        or name in getattr(cls, "__dataclass_fields__", ())
        or name in getattr(cls, "model_fields", ())
        or name in getattr(cls, "_fields", ())
        or any(True for _ in _assignments(cls, name))
    )


def _is_dynamic(cls: type, name: str, *, called: bool) -> bool:
    """Whether instances may have an attribute that no source shows."""
    if hasattr(cls, "__getattr__") and not (called and _has_only_data(cls)):
        return True
    if any("__getattribute__" in vars(base) and not _is_plain(base) for base in cls.__mro__):
        return True
    # What is put on an instance while it lives is data; what is called like a method was meant.
    meant = called and difflib.get_close_matches(name, dir(cls), n=1, cutoff=_LIKE)
    return not meant and any(map(_is_opaque, cls.__mro__))


def _is_plain(cls: type) -> bool:
    """Whether it is a compiled class of Python itself; they all look attributes up as usual."""
    top = cls.__module__.split(".")[0]
    return top in sys.stdlib_module_names and sources.class_of(cls) is None


def _has_only_data(cls: type) -> bool:
    """Whether `__getattr__` gives items, such as the columns of a table, which nobody calls."""
    function = inspect.getattr_static(cls, "__getattr__", None)
    node = sources.function(function) if isinstance(function, FunctionType) else None
    if node is None or issubclass(cls, Mapping):
        return False
    given = [one.value for one in sources.own_nodes(node) if isinstance(one, ast.Return)]
    items = [one for one in given if isinstance(one, ast.Subscript)]
    usual = [one for one in given if isinstance(one, ast.Call) and _is_usual_lookup(one)]
    return bool(items) and len(items) + len(usual) == len(given)


def _is_usual_lookup(call: ast.Call) -> bool:
    return getattr(call.func, "attr", "") in ("__getattribute__", "__getattr__")


@lru_cache(maxsize=4096)
def _is_opaque(cls: type) -> bool:
    if cls.__module__ in ("builtins", "abc", "typing", "enum"):
        return False
    if not any("__dict__" in vars(base) for base in cls.__mro__):
        return False
    node = sources.class_of(cls)
    if node is None:  # compiled, or made on the fly
        return not hasattr(cls, "_fields")
    methods = (one for one in node.body if getattr(one, "name", "") not in _COPY_WHAT_IS_THERE)
    return any(_writes_freely(inner) for method in methods for inner in ast.walk(method))


_COPY_WHAT_IS_THERE = (
    "__setattr__",
    "__delattr__",
    "__setstate__",
    "__copy__",
    "__deepcopy__",
    "set_params",
)


def _writes_freely(node: ast.AST) -> bool:
    """Whether it writes attributes by names that are computed."""
    if isinstance(node, (ast.Assign, ast.AugAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(_is_all_of(getattr(target, "value", target)) for target in targets) or any(
            _is_all_of(target) for target in targets
        )
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute) and _is_all_of(node.func.value):
        return node.func.attr in ("update", "setdefault", "__setitem__")
    called = getattr(node.func, "id", getattr(node.func, "attr", ""))
    to_self = bool(node.args) and getattr(node.args[0], "id", "self") == "self"
    constant = any(
        isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        for argument in node.args[:2]
    )
    sets = called in ("setattr", "__setattr__") and to_self and not constant
    return sets and not _copies(node.args[-1])


def _copies(value: ast.expr) -> bool:
    """Whether it is `getattr(other, name)`, so that the name is one that there was."""
    return isinstance(value, ast.Call) and getattr(value.func, "id", "") == "getattr"


def _is_all_of(node: ast.AST) -> bool:
    """Whether it is `self.__dict__` or `vars(self)`."""
    if isinstance(node, ast.Attribute):
        return node.attr == "__dict__" and getattr(node.value, "id", "") == "self"
    is_vars = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "vars"
    return is_vars and any(getattr(one, "id", "") == "self" for one in getattr(node, "args", ()))


Assignment = tuple[FunctionType | None, ast.expr | None]


@lru_cache(maxsize=8192)
def _assigned(cls: type) -> dict[str, list[Assignment]]:
    """What the methods of a class assign to attributes of `self`, by name; None if not plainly."""
    found: dict[str, list[Assignment]] = {}
    node = sources.class_of(cls)
    for method in node.body if node else ():
        if not isinstance(method, sources.Function) or not method.args.args:
            continue
        function = vars(cls).get(method.name)
        known = isinstance(function, FunctionType) and sources.function(function) is method
        plain = {
            id(one.targets[0]): one.value
            for one in ast.walk(method)
            if isinstance(one, ast.Assign) and len(one.targets) == 1
        }
        for name, target in _set_on(method, method.args.args[0].arg):
            value = plain.get(id(target)) if known else None
            found.setdefault(name, []).append((function if known else None, value))
    return found


def _set_on(method: ast.AST, first: str) -> Iterator[tuple[str, ast.AST]]:
    for one in ast.walk(method):
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store):
            if getattr(one.value, "id", "") == first:
                yield one.attr, one
        elif isinstance(one, ast.Call) and getattr(one.func, "id", "") == "setattr":
            name = one.args[1] if len(one.args) > 1 else None
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value, one


def _assignments(cls: type, name: str) -> Iterator[Assignment]:
    for base in cls.__mro__:
        yield from _assigned(base).get(name, ())


def _assigned_anywhere(cls: type, name: str) -> bool:
    """Whether a module of the classes assigns the name on any object."""
    pattern = re.compile(rf"\.{name}\s*(?:=[^=]|:|,)|['\"]{name}['\"]")
    return any(pattern.search(sources.text(base)) for base in cls.__mro__)


def near(owner: object) -> list[str]:
    """The public names of an owner."""
    try:
        return [name for name in dir(owner) if not name.startswith("_")]
    except Exception:  # noqa: BLE001  # any library's own __dir__
        return []
