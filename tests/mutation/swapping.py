"""A mutant's code put into the functions of a module that is already imported."""

import gc
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

Living = Mapping[tuple[str, int], Sequence[FunctionType]]
Swap = tuple[FunctionType, CodeType]

_PLAIN = (int, float, str, tuple, frozenset, dict, re.Pattern)
_IS_FUNCTION = 0x1  # CO_OPTIMIZED: the code of a function, and of no class or module


class AtImportError(Exception):
    """What differs has already run: the module must be imported anew."""


def living(path: Path) -> Living:
    """The living functions that a file defines, by name and first line of their code."""
    found: dict[tuple[str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and Path(one.__code__.co_filename) == path:
            found.setdefault(_key(one.__code__), []).append(one)
    return found


def swaps(before: CodeType, after: CodeType, living: Living) -> list[Swap]:
    """Which living functions get which code, for `after` to run.

    Raises:
        AtImportError: what differs ran when the module was imported, or in no function that lives.
    """
    found = [
        (one, new) for old, new in _changed(before, after) for one in living.get(_key(old), ())
    ]
    same = all(len(one.__code__.co_freevars) == len(new.co_freevars) for one, new in found)
    if not found or not same:
        raise AtImportError
    return found


def swap(swaps: Sequence[Swap]) -> None:
    """Give the functions their new code."""
    for function, code in swaps:
        function.__code__ = code


def constants(module: ModuleType, after: CodeType) -> Mapping[str, object]:
    """The module's own constants that have another value in `after`.

    Raises:
        AtImportError: none has, or other modules may hold one.
    """
    fresh: dict[str, object] = {"__name__": module.__name__, "__file__": module.__file__}
    exec(after, fresh)  # noqa: S102  # the module's own source, but for a sign
    held = vars(module)
    found = {
        name: value
        for name, value in fresh.items()
        if isinstance(value, _PLAIN) and name in held and value != held[name]
    }
    if not found or not all(name.startswith("_") for name in found):
        raise AtImportError
    return found


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_name, code.co_firstlineno


def _changed(before: CodeType, after: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """The functions whose code differs.

    Raises:
        AtImportError: code of the module or of a class differs.
    """
    if before.co_flags & _IS_FUNCTION:
        yield before, after
    elif _own(before) != _own(after):
        raise AtImportError
    for old, new in zip(_inner(before), _inner(after), strict=False):
        if old != new:
            yield from _changed(old, new)


def _inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def _own(code: CodeType) -> tuple[object, ...]:
    values = [repr(one) for one in code.co_consts if not isinstance(one, CodeType)]
    return code.co_code, code.co_names, values
