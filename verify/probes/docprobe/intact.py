"""Whether the probes are still what they were: a page can replace and patch what runs beside it.

It is a lock for whoever tries the door, not for whoever takes the wall down: a page that knows this
file can patch it, too.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cached_property, partial
from importlib import import_module
from itertools import chain
from operator import attrgetter
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

_OURS = ("after_import", "docprobe", "probeshared")
# What Python itself may put into a class or a module later on.
_LATER = ("__annotations__", "__abstractmethods__", "__slotnames__", "__warningregistry__")
# By these a kernel runs cells and tells what became of them.
_RUN_BY = (
    *("run_cell", "run_cell_async", "run_ast_nodes", "run_code", "_run_cell"),
    *("transform_cell", "transform_ast"),
)
_ASKED_BY = ("do_execute", "execute_request")
_EMPTY = object()
_PARTS = attrgetter("__code__", "__defaults__", "__kwdefaults__")
# A function may be inside of these.
_AROUND = (property, staticmethod, classmethod, partial, cached_property, MethodType)

_namespaces: list[tuple[str, Mapping[str, Any], dict[str, Any], int]] = []
_functions: dict[int, tuple[str, FunctionType, tuple[Any, ...]]] = {}
_methods: list[tuple[str, Any, Any]] = []
_codes: dict[int, CodeType] = {}
_shells: list[Any] = []
_identities_then: list[int] = []  # when nothing was found


def remember() -> None:
    """Take the probes for what they are now: once, before a page can do anything."""
    for name, module in list(sys.modules.items()):
        if _is_ours(name):
            _remember_names(name, vars(module))


def remember_kernel() -> None:
    """Take for what it is now how the kernel runs cells."""
    shell: Any = import_module("IPython").get_ipython()
    _shells.append(shell)
    for owner, names in ((shell, _RUN_BY), (getattr(shell, "kernel", None), _ASKED_BY)):
        for name in names:
            function = getattr(getattr(owner, name, None), "__func__", None)
            if isinstance(function, FunctionType):
                _methods.append((name, owner, function))
                _functions[id(function)] = (name, function, _inside(function))


def remember_hooks(module: Any) -> None:
    """Take for what they are now the functions of ours that a library's module has got."""
    for name, value in list(vars(module).items()):
        inner = vars(value).values() if isinstance(value, type) else ()
        for function in (value, *inner):
            if isinstance(function, FunctionType) and is_own(function.__code__):
                _remember_function(f"{module.__name__}.{name}", function)


def is_own(code: CodeType) -> bool:
    """Whether it is a probe's code."""
    return id(code) in _codes


def know(code: CodeType) -> None:
    """Take code, and what is defined within, for a probe's."""
    _codes[id(code)] = code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            know(inner)


def changes() -> Iterator[str]:
    """The names of what is something else now, or new."""
    now = _identities()
    if now == _identities_then:
        return
    found = list(_differences())
    if not found:
        _identities_then[:] = now
    yield from found


def _identities() -> list[int]:
    """By these it is seen at once that nothing has changed; all but few calls end with that."""
    functions = [function for _, function, _ in list(_functions.values())]  # others may import
    parts: list[object] = [
        *(getattr(getattr(owner, name, None), "__func__", None) for name, owner, _ in _methods),
        *chain.from_iterable(map(_PARTS, functions)),
        *(_content(cell) for function in functions for cell in function.__closure__ or ()),
    ]
    parts += _rewriters()
    for _, names, _, _ in _namespaces:
        parts += names
        parts += names.values()
    return list(map(id, parts))


def _differences() -> Iterator[str]:
    for place, names, was, size in _namespaces:
        for key, value in was.items():
            if names.get(key, _EMPTY) is not value:
                yield f"{place}.{key}"
        if len(names) != size:
            yield from (f"{place}.{key}" for key in _lasting(names) if key not in was)
    for name, owner, function in _methods:
        if getattr(getattr(owner, name, None), "__func__", None) is not function:
            yield name
    if any(getattr(one, "__module__", None) == "__main__" for one in _rewriters()):
        yield "transform_cell"
    for place, function, parts in list(_functions.values()):
        now = _inside(function)
        if any(one is not other for one, other in zip(now, parts)):  # noqa: B905  # as many
            yield place


def _rewriters() -> Iterator[Any]:
    """What rewrites cells before they run; a library's magics may, but not the page itself."""
    for shell in _shells:
        manager = getattr(shell, "input_transformer_manager", None)
        for some in (
            getattr(shell, "ast_transformers", None),
            getattr(shell, "input_transformers_post", None),
            *(getattr(manager, f"{kind}_transforms", None) for kind in ("cleanup", "line")),
            getattr(manager, "token_transformers", None),
        ):
            yield from some if isinstance(some, list) else ()


def _remember_names(place: str, names: Mapping[str, Any]) -> None:
    _namespaces.append((place, names, _lasting(names), len(names)))
    for name, value in list(names.items()):
        if isinstance(value, type) and value.__module__ == place:
            _remember_names(f"{place}.{name}", vars(value))
        for function in _functions_in(value):
            _remember_function(f"{place}.{name}", function)


def _lasting(names: Mapping[str, Any]) -> dict[str, Any]:
    """What must stay in a module or a class; modules inside others come as they are imported."""
    is_class = "__name__" not in names
    return {
        name: value
        for name, value in names.items()
        if (is_class or not name.startswith("__"))
        and name not in _LATER
        and not isinstance(value, ModuleType)
    }


def _functions_in(value: Any) -> Iterator[FunctionType]:
    inside = ("fget", "__func__", "func") if isinstance(value, _AROUND) else ()
    for one in (value, *(getattr(value, name, None) for name in inside)):
        if isinstance(one, FunctionType) and _is_ours(one.__module__ or ""):
            yield one


def _remember_function(place: str, function: FunctionType) -> None:
    if id(function) in _functions:
        return
    parts = _inside(function)
    _functions[id(function)] = (place, function, parts)
    if _is_ours(function.__globals__["__name__"]):
        know(function.__code__)
    for inner in (*parts, getattr(function, "__wrapped__", None)):
        for one in _functions_in(inner):
            _remember_function(place, one)


def _inside(function: FunctionType) -> tuple[Any, ...]:
    cells = map(_content, function.__closure__ or ())
    return (function.__code__, function.__defaults__, function.__kwdefaults__, *cells)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it has none yet
        return _EMPTY


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in _OURS
