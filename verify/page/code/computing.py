"""What Python makes of constants, within bounds of time and memory.

Nothing here is code of a page: only operators, builtins and methods of builtin types that have no
effect, on values that are constants throughout. What is too large to be made is UNKNOWN.
"""

import re
from collections.abc import Callable

from verify.page.code.constants import LARGEST, has_order, is_constant, is_key, is_short, made_by
from verify.page.code.values import UNKNOWN, Dict, List, Set, Spread, Unknown

_ORDERED = (str, bytes, list, tuple, dict, range)
# Widths that make a text long, or that are themselves values; and looks into a value's attributes.
_WILD_TEMPLATE = re.compile(r"\{[^{}]*(?:[0-9]{4}|\{)|\{[^{}:]*[.\[]")
_WILD_FIELD = re.compile(r"[0-9]{4}")
# Those that look at the elements of what they are given, and need them to be constants.
_BUILTINS: dict[str, Callable[..., object]] = {
    "abs": abs,
    "all": all,
    "any": any,
    "bin": bin,
    "bool": bool,
    "bytes": bytes,
    "chr": chr,
    "complex": complex,
    "divmod": divmod,
    "float": float,
    "frozenset": frozenset,
    "hex": hex,
    "int": int,
    "max": max,
    "min": min,
    "oct": oct,
    "ord": ord,
    "repr": repr,
    "round": round,
    "set": Set,
    "str": str,
    "sum": sum,
    "range": range,
    "format": format,
    "sorted": lambda *some, **how: List(sorted(*some, **how)),
}
# Those that need to know how many elements there are, but not what they are.
_OF_ELEMENTS: dict[str, Callable[..., object]] = {
    "len": len,
    "list": lambda some=(): List(some),
    "tuple": lambda some=(): tuple(some),
    "reversed": lambda some: List(reversed(some)),
    "enumerate": lambda some, start=0: List(enumerate(some, start)),
    "zip": lambda *some: List(zip(*some, strict=False)),
    "dict": lambda some=(), **more: Dict(some, **more),
}
BUILTINS = _BUILTINS.keys() | _OF_ELEMENTS.keys() | {
    "filter", "getattr", "hasattr", "hash", "id", "input", "isinstance", "issubclass", "iter",
    "map", "next", "open", "pow", "type", "slice", "memoryview", "bytearray", "callable", "vars",
}  # fmt: skip
_METHODS: dict[type[object], frozenset[str]] = {
    str: frozenset(
        "capitalize casefold count endswith find format index isalnum isalpha isascii isdecimal "
        "isdigit isidentifier islower isnumeric isspace istitle isupper join lower lstrip "
        "partition removeprefix removesuffix replace rfind rindex rpartition rsplit rstrip split "
        "splitlines startswith strip swapcase title upper zfill ljust rjust center encode".split()
    ),
    bytes: frozenset("decode hex startswith endswith".split()),
    list: frozenset("index count".split()),
    tuple: frozenset("index count".split()),
    int: frozenset(["bit_length"]),
    float: frozenset(["is_integer"]),
    set: frozenset("union intersection difference issubset issuperset".split()),
}
# All that is a constant's or does nothing but change one, whatever it is called on.
METHODS = frozenset().union(*_METHODS.values()) | {
    "append", "extend", "insert", "reverse", "add", "update", "items", "keys", "values", "get",
}  # fmt: skip


def builtin(  # noqa: PLR0911  # each bound
    name: str, positional: tuple[object, ...], keywords: dict[str, object]
) -> object:
    """What a builtin function makes of these arguments."""
    every = (*positional, *keywords.values())
    if made := _OF_ELEMENTS.get(name):
        through, how = (positional[:1], positional[1:]) if name == "enumerate" else (positional, ())
        short = all(
            isinstance(one, _ORDERED) and (is_short(one) or name == "len") for one in through
        )
        certain = short and all(map(is_constant, how))
        return made_by(made, *positional, **keywords) if certain else UNKNOWN
    made = _BUILTINS.get(name)
    if made is None or not all(map(is_constant, every)):
        return UNKNOWN
    if name != "range" and not all(is_short(one) for one in every if isinstance(one, range)):
        return UNKNOWN
    if name == "bytes" and any(isinstance(one, int) for one in every):
        return UNKNOWN
    if name in ("str", "repr", "format", "bytes") and not all(map(has_order, every)):
        return UNKNOWN
    if name == "format" and any(_WILD_FIELD.search(str(one)) for one in every[1:]):
        return UNKNOWN
    return made_by(made, *positional, **keywords)


def method(  # noqa: PLR0911  # each bound
    on: object, name: str, positional: tuple[object, ...], keywords: dict[str, object]
) -> object:
    """What a method without effect makes of these arguments."""
    if isinstance(on, dict):
        return _of_dictionary(on, name, positional)
    if name == "copy" and isinstance(on, list):
        return List(on)
    known = any(name in names for kind, names in _METHODS.items() if type(on) in _kinds(kind))
    every = (on, *positional, *keywords.values())
    if not known or not all(map(is_constant, every)):
        return UNKNOWN
    numbers = [one for one in positional if isinstance(one, int)]
    if name in ("zfill", "ljust", "rjust", "center") and max(numbers, default=0) > LARGEST:
        return UNKNOWN
    if name in ("encode", "decode") and (positional or keywords):
        return UNKNOWN
    if name == "format" and (_WILD_TEMPLATE.search(str(on)) or not all(map(has_order, every))):
        return UNKNOWN
    if name in ("replace", "join") and (_size(on) + 1) * sum(map(_size, positional)) > 9 * LARGEST:
        return UNKNOWN
    return made_by(getattr(on, name), *positional, **keywords)


def formatted(value: object, conversion: int, spec: str) -> object:
    """What a field of an f-string is replaced by."""
    if not is_constant(value) or not has_order(value) or _WILD_FIELD.search(spec):
        return UNKNOWN
    how: dict[int, Callable[[object], str]] = {ord("r"): repr, ord("s"): str, ord("a"): ascii}
    shown = made_by(how[conversion], value) if conversion in how else value
    return UNKNOWN if shown is UNKNOWN else made_by(format, shown, spec)


def element(base: object, key: object) -> object:
    """An element of a sequence or a dictionary, or some of a sequence's."""
    if isinstance(base, dict):
        if any(isinstance(known, Unknown | Spread) for known in base):
            return UNKNOWN
        # Things that are no constants are told apart by what made them.
        if not is_key(key):
            return next((one for known, one in base.items() if known is key), UNKNOWN)
        return base.get(key, UNKNOWN) if all(map(is_key, base)) else UNKNOWN
    if not isinstance(base, str | bytes | list | tuple | range):
        return UNKNOWN
    if isinstance(key, slice):
        bounds = (key.start, key.stop, key.step)
        return made_by(lambda: base[key]) if all(map(is_constant, bounds)) else UNKNOWN
    return made_by(lambda: base[key]) if isinstance(key, int) else UNKNOWN


def elements(value: object, most: int = LARGEST) -> list[object] | None:
    """The elements of what can be gone through, if they are known and not more than `most`."""
    if getattr(value, "is_open", False):
        return None
    if isinstance(value, set | frozenset):
        return None if len(value) > 1 else list(value)
    if isinstance(value, str | bytes | list | tuple | range | dict) and is_short(value, most):
        return list(value)
    return None


def _of_dictionary(on: dict[object, object], name: str, positional: tuple[object, ...]) -> object:
    match name, positional:
        case "items", ():
            return List(on.items())
        case "keys", ():
            return List(on)
        case "values", ():
            return List(on.values())
        case "copy", ():
            return Dict(on)
        case "get", (key, *rest) if all(map(is_key, on)) and is_key(key):
            return on.get(key, rest[0] if rest else None)
    return UNKNOWN


def _kinds(kind: type[object]) -> tuple[type[object], ...]:
    return (List,) if kind is list else (Set, frozenset) if kind is set else (kind,)


def _size(value: object) -> int:
    """How many characters a value has, or its elements."""
    if isinstance(value, list | tuple | dict | set | frozenset):
        return sum(len(one) + 1 for one in value if isinstance(one, str | bytes))
    return len(value) if isinstance(value, str | bytes) else 1
