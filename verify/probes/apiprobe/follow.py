"""From a path to its value: `numpy.linalg.norm`, `pandas:Series().map`, `pandas:Series{}.map`.

What stands before a colon is imported as a module, else the first name alone.
"""

import enum
import importlib
import inspect
import re
from abc import ABCMeta
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

from apiprobe import attributes, bodies
from apiprobe.known_values import Instance, Known, Method, Missing, Undecided, Value

_STEP = re.compile(r"\.?\w+|\(\)|\{\}")


def module(dotted: str) -> Any:
    """Import a module as an import statement does.

    Raises:
        Missing: it or one of its parents does not exist.
        Undecided: it exists, but cannot be imported here.
    """
    owner: Any = None
    parts = dotted.split(".")
    for i, part in enumerate(parts):
        found = imported(".".join(parts[: i + 1]))
        if found is None:
            raise Missing(owner, part)
        owner = found
    return owner


def imported(dotted: str) -> Any:
    """The module of a name, None if there is none."""
    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError as error:
        # An import statement needs no more of a module's parents than that they are there.
        if error.name and (dotted == error.name or dotted.startswith(error.name + ".")):
            return None
        raise Undecided(f"{dotted} needs {error.name}") from error
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise Undecided(f"importing {dotted} raises {type(error).__name__}") from error


def value(path: str, *, is_called: bool = False) -> Value:
    """Follow a path; `is_called` tells that what it leads to is called.

    Raises:
        Missing: a step of it leads nowhere.
        Undecided: only running the code could tell.
    """
    before, colon, after = path.partition(":")
    steps = _STEP.findall(f".{after}" if colon else path)
    known: Value = Known(module(before if colon else steps.pop(0)))
    for i, step in enumerate(steps):
        if step == "()":
            known = called(known)
        elif step == "{}":
            known = _any_of(known)
        else:
            last = i == len(steps) - 1 or steps[i + 1] == "()"
            known = attribute(known, step[1:], called=last and (is_called or i < len(steps) - 1))
    return known


def attribute(owner: Value, name: str, *, called: bool = False) -> Value:
    """The attribute of a value."""
    if isinstance(owner, Instance):
        return attributes.of_instance(owner, name, called=called)
    if not isinstance(owner, Known):
        raise Undecided("attribute of a method")
    try:
        return Known(getattr(owner.obj, name))
    except AttributeError:
        return _not_there_yet(owner.obj, name)
    except Exception as error:
        raise Undecided(f"{name} raises {type(error).__name__}") from error


def _not_there_yet(obj: Any, name: str) -> Value:
    """What may still be there: a submodule, or what an object gets when a program uses it."""
    if isinstance(obj, ModuleType):
        submodule = imported(f"{obj.__name__}.{name}")
        if submodule is not None:
            return Known(submodule)
    elif obj is None or not isinstance(obj, type | FunctionType | BuiltinFunctionType):
        return attributes.of_instance(Instance(type(obj)), name)
    raise Missing(obj, name)


def called(function: Value) -> Value:
    """What calling returns."""
    if isinstance(function, Known):
        obj = function.obj
        if isinstance(obj, type):
            return _made_by(obj)
        if isinstance(obj, FunctionType):
            return bodies.returned(obj, None)
        if isinstance(obj, MethodType) and isinstance(obj.__func__, FunctionType):
            if isinstance(obj.__self__, type):
                return bodies.returned(obj.__func__, None, cls=obj.__self__)
            return bodies.returned(obj.__func__, Instance(type(obj.__self__)))
    if isinstance(function, Method) and len(function.functions) == 1:
        return bodies.returned(function.functions[0], function.owner)
    raise Undecided("call")


def _made_by(cls: type) -> Instance:
    if cls in (super, type, object):
        raise Undecided("built-in magic")
    made = type(cls).__call__
    if made is not type.__call__ and type(cls) not in (ABCMeta, enum.EnumMeta):
        raise Undecided("metaclass")
    if getattr(cls, "_is_protocol", False) or inspect.isabstract(cls):
        return Instance(cls, exact=False)
    return Instance(cls, exact=not isinstance(cls.__new__, FunctionType))


def _any_of(known: Value) -> Instance:
    if isinstance(known, Known) and isinstance(known.obj, type):
        return Instance(known.obj, exact=False)
    raise Undecided("no class")
