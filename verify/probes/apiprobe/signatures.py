"""Whether the arguments of a call fit."""

import difflib
import enum
import inspect
from abc import ABCMeta
from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import FunctionType, MethodType
from typing import Any

from probeshared.questions import Shape

from apiprobe import docstrings, keywords, sources, unread, wrappers
from apiprobe.known_values import Instance, Known, Method, Undecided, Value

_WITHOUT_EFFECT = ("ignored", "unread")
_GRAVITY = ("uncallable", "unknown", "twice", "many", "missing", "misspelt", *_WITHOUT_EFFECT)
_MISSPELT = 0.85  # one letter too many or too few in a short name
_REFUSALS = {keywords.Fate.REFUSED: "unknown", keywords.Fate.IGNORED: "ignored"}
_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_MAKERS = ("__new__", "__init__")
_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
# The parameters of `(*args, **kwargs)`.
_ANYTHING = 2
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


# A callable, how many of its first parameters are bound, the class that they come from, and
# whether a wrapper may add arguments.
Layer = tuple[Any, int, type | None, bool]


@dataclass(frozen=True)
class CallProblem:
    """Why a call fails, or what of it has no effect.

    `what` is unknown, twice, many, missing, uncallable, misspelt, ignored or unread; `name` the
    parameter meant, `accepts` the names that could have been meant, `limit` how many may stand by
    position.
    """

    what: str
    name: str = ""
    accepts: tuple[str, ...] = ()
    limit: int = 0


def problem(value: Value, shape: Shape) -> CallProblem | None:
    """What is wrong with calling a value; None if nothing is known to be.

    Raises:
        Undecided: it is not known how the value is called.
    """
    found = None
    for layers in _Layers(shape).alternatives(value):
        problems = [one for layer in layers for one in _of_layer(layer, shape)]
        if isinstance(value, Known) and _is_made_twice(value.obj):
            # What one of its two makers does not look at, the other may.
            problems = [one for one in problems if one.what not in _WITHOUT_EFFECT]
        if not problems:
            return None
        # What makes the call fail comes first; of the rest, what is closest to the reader.
        found = min(problems, key=lambda one: _GRAVITY.index(one.what))
    return found


def _is_made_twice(obj: Any) -> bool:
    """Whether it is a class that has both a `__new__` and an `__init__`."""
    return isinstance(obj, type) and all(
        getattr(obj, name) is not getattr(object, name) for name in _MAKERS
    )


class _Layers:
    """What has to accept the arguments: functions, how many first parameters each has bound."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape

    def alternatives(self, value: Value) -> list[list[Layer]]:
        """For each way in which the value may be defined, all that must accept the arguments."""
        if isinstance(value, Method):
            cls = value.owner.cls if value.owner.exact else None
            return [self.of_function(function, 1, cls) for function in value.functions]
        if isinstance(value, Instance):
            call = inspect.getattr_static(value.cls, "__call__", None)
            if not value.exact or not isinstance(call, FunctionType):
                raise Undecided("instance")
            return [self.of_function(call, 1, value.cls)]
        return [self.of_object(value.obj)]

    def of_object(self, obj: Any) -> list[Layer]:
        if isinstance(obj, FunctionType):
            return self.of_function(obj, 0, None)
        if isinstance(obj, MethodType) and isinstance(obj.__func__, FunctionType):
            cls = obj.__self__ if isinstance(obj.__self__, type) else type(obj.__self__)
            return self.of_function(obj.__func__, 1, cls)
        if isinstance(obj, type):
            return self.of_class(obj)
        call = inspect.getattr_static(type(obj), "__call__", None)
        if not isinstance(call, FunctionType):
            return [(obj, 0, None, False)]
        if hasattr(obj, "__wrapped__"):
            raise Undecided("callable object")
        return self.of_function(call, 1, type(obj))

    def of_class(self, cls: type) -> list[Layer]:
        made = type(cls).__call__
        found: list[Layer] = []
        if made is not type.__call__ and type(cls) is not ABCMeta:
            if issubclass(cls, enum.Enum):
                raise Undecided("enum")
            if not isinstance(made, FunctionType) or not wrappers.passes_on(made):
                raise Undecided("metaclass")
            found += self.of_function(made, 1, type(cls))
        makers = [getattr(cls, name) for name in _MAKERS]
        ours = [one for one in makers if isinstance(one, FunctionType)]
        if not ours:
            return [*found, (cls, 0, None, False)]
        for maker in ours:
            found += self.of_function(maker, 1, cls)
        return found

    def of_function(self, function: FunctionType, skip: int, cls: type | None) -> list[Layer]:
        found: list[Layer] = []
        added = False
        for one in wrappers.layers(function, self.shape.keywords):
            found.append((one, skip, cls, added))
            added = added or wrappers.adds(one)
        return found


def parameters(obj: Any, skip: int) -> list[inspect.Parameter]:
    """The parameters that Python itself enforces, less the first ones, which are bound.

    Raises:
        Undecided: they are not known.
    """
    if isinstance(obj, FunctionType):
        # Without what decorators claim in __signature__ and __wrapped__.
        bare = FunctionType(
            obj.__code__, obj.__globals__, obj.__name__, obj.__defaults__, obj.__closure__
        )
        bare.__kwdefaults__ = obj.__kwdefaults__
        obj = bare
    try:
        found = list(inspect.signature(obj).parameters.values())
    except (ValueError, TypeError) as error:
        raise Undecided("no signature") from error
    if found and found[0].kind in _POSITIONAL:
        return found[skip:]
    return found


def _of_layer(layer: Layer, shape: Shape) -> Iterator[CallProblem]:
    obj, skip, cls, added = layer
    if not callable(obj):
        yield CallProblem("uncallable")
        return
    try:
        every = parameters(obj, skip)
    except Undecided:
        documented = list(_of_docstring(obj, shape))
        if not documented:
            raise
        yield from documented
        return
    yield from _of_positions(every, replace(shape, unpacks_dict=True) if added else shape)
    yield from _of_keywords(obj, every, cls, shape)


def _of_docstring(obj: Any, shape: Shape) -> Iterator[CallProblem]:
    for keyword in shape.keywords:
        if (accepts := docstrings.accepted(obj, keyword)) is not None:
            yield CallProblem("unknown", keyword, accepts)


def _of_positions(every: list[inspect.Parameter], shape: Shape) -> Iterator[CallProblem]:
    by_position = [one.name for one in every if one.kind in _POSITIONAL]
    takes_list = any(one.kind is inspect.Parameter.VAR_POSITIONAL for one in every)
    if shape.positional > len(by_position) and not takes_list:
        yield CallProblem("many", limit=len(by_position))
    if shape.unpacks_list or shape.unpacks_dict:
        return
    given = {*by_position[: shape.positional], *shape.keywords}
    for one in every:
        required = one.default is inspect.Parameter.empty and one.kind not in _VARIABLE
        if required and one.name not in given:
            yield CallProblem("missing", one.name)


def _of_keywords(
    obj: Any, every: list[inspect.Parameter], cls: type | None, shape: Shape
) -> Iterator[CallProblem]:
    by_position = [one.name for one in every if one.kind in _POSITIONAL]
    filled = set(by_position[: shape.positional])
    by_name = {one.name for one in every if one.kind in _NAMED}
    takes_any = any(one.kind is inspect.Parameter.VAR_KEYWORD for one in every)
    for keyword in shape.keywords:
        if keyword in by_name and keyword in filled:
            yield CallProblem("twice", keyword)
        elif keyword in by_name and unread.is_unread(obj, keyword, cls):
            yield CallProblem("unread", keyword)
        elif keyword not in by_name and not takes_any:
            yield CallProblem("unknown", keyword, tuple(sorted(by_name - filled)))
        elif keyword not in by_name and isinstance(obj, FunctionType):
            if len(every) == _ANYTHING and (told := docstrings.accepted(obj, keyword)):
                yield CallProblem("unknown", keyword, told)  # it hands all on to C
                continue
            fate = keywords.fate(obj, keyword, cls)
            if fate in _REFUSALS:
                accepts = {*by_name, *keywords.accepted(obj, cls)} - filled
                yield CallProblem(_REFUSALS[fate], keyword, tuple(sorted(accepts)))
                continue
        if keyword not in by_name and takes_any and not sources.knows(obj, keyword):
            # Perhaps it reaches somebody who knows it; but more likely it is misspelt.
            left = sorted(by_name - filled - set(shape.keywords))
            if near := difflib.get_close_matches(keyword, left, n=1, cutoff=_MISSPELT):
                yield CallProblem("misspelt", keyword, tuple(near))
