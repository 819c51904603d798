"""Arguments of the wrong type, as a type checker tells them.

Annotations are often loose, so little of what it says is believed: a module where a value is
wanted, a plain value where another is, one class of a library where it takes another one.
"""

import builtins
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from verify.finding import FindingKind, Severity
from verify.rules.api.refusals import Said
from verify.system.words import Words, joined

_MODULE_GIVEN = Words(
    zh="`{callee}` 得到的是模块 `{given}`，而它要的是 {takes}。",
    en="`{callee}` is given the module `{given}`, but takes {takes}.",
)
_NOT_TAKEN = Words(
    zh="`{callee}` 得到的值是 `{given}` 类型，它不接受这种类型。",
    en="`{callee}` is given a value of type `{given}`, which it does not take.",
)
_OTHER_TYPE = Words(
    zh="`{callee}` 得到的值是 `{given}` 类型，而它要的是 {takes}。",
    en="`{callee}` is given a value of type `{given}`, but takes {takes}.",
)
_OTHER_CLASS = Words(
    zh="`{callee}` 得到的是 `{given}`，而它要的是 {takes}。",
    en="`{callee}` is given a `{given}`, but takes {takes}.",
)
_CANNOT_JOIN = Words(
    zh="`{sign}` 不能用于 `{left}` 类型的值与 `{right}` 类型的值。",
    en="`{sign}` cannot join a value of type `{left}` and one of type `{right}`.",
)
_GIVE = Words(zh="请给它所要的类型。", en="Give what it takes.")

_ARGUMENT = re.compile(
    r"Argument to (?P<sort>function |bound method )?`(?P<callee>[\w.]+)` is incorrect: "
    r"Expected `(?P<wanted>.+)`, found `(?P<given>.+)`$"
)
_OPERATOR = re.compile(
    r"Operator `(?P<sign>[^`]+)` is not supported between objects of type `(?P<left>[^`]+)` and "
    r"`(?P<right>[^`]+)`$"
)
_MODULE = re.compile(r"<module '([\w.]+)'>")
_LITERAL = re.compile(r"Literal\[(b?\"|'|-?\d|True|False)")
_SCALARS = ("str", "int", "float", "bool", "bytes", "complex")
_CLASS = re.compile(r"[A-Z]\w*")
# What takes the place of an array, or of a text, in many libraries, whatever they are annotated.
_EXCHANGED = {
    "Any", "Unknown", "Array", "ArrayLike", "DataFrame", "Series", "Index", "Tensor", "Variable",
    "Path", "PosixPath", "PurePath", "Figure", "Axes", "Callable", "Iterable", "Sequence", "Never",
    "Mapping", "Self", "TypeVar", "Enum", "None",
}  # fmt: skip
# SecretFlow's tables and arrays, which no local one can stand for.
_FEDERATED = {"HDataFrame", "VDataFrame", "MixDataFrame", "FedNdarray"}
_CONTAINED = {"str": ("str",), "int": ("int", "float", "bool", "complex")}


@dataclass(frozen=True)
class Mistyped:
    """What a type checker says of a line; `pair` are the types, which a later line may repeat."""

    said: Said
    pair: frozenset[str]


def of(diagnostic: Mapping[str, Any]) -> Mistyped | None:
    """What is believed of a diagnostic of the Language Server Protocol."""
    told = str(diagnostic.get("message", "")).split("\n")[0]
    if found := _ARGUMENT.match(told):
        return _argument(found)
    if found := _OPERATOR.match(told):
        return _operator(found)
    return None


def _argument(found: re.Match[str]) -> Mistyped | None:
    callee, given = found["callee"].removesuffix(".__init__"), found["given"]
    wanted = [one for one in found["wanted"].split(" | ") if one != "None"]
    named = (f"`{one}`" for one in wanted if not one.startswith("_"))
    takes = joined(named, zh=" 或 ", en=" or ")
    literal = _literal(given)
    pair = frozenset({literal or given, *wanted})
    if "->" in found["wanted"] or "omitted" in found["wanted"]:
        return None
    if module := _MODULE.match(given):
        message = _MODULE_GIVEN.filled(callee=callee, given=module[1], takes=takes)
        return Mistyped(_said(Severity.ERROR, message), pair)
    if literal and found["sort"] and hasattr(builtins, callee):
        message = _NOT_TAKEN.filled(callee=callee, given=literal)
        return Mistyped(_said(Severity.ERROR, message), pair)
    if literal and all(_is_other(one, literal) for one in wanted):
        message = _OTHER_TYPE.filled(callee=callee, given=literal, takes=takes)
        return Mistyped(_said(Severity.WARNING, message), pair)
    plain = all(_CLASS.fullmatch(one) and one not in _EXCHANGED for one in (given, *wanted))
    if plain or (given == "DataFrame" and _FEDERATED.issuperset(wanted)):
        message = _OTHER_CLASS.filled(callee=callee, given=given, takes=takes)
        return Mistyped(_said(Severity.WARNING, message), pair)
    return None


def _operator(found: re.Match[str]) -> Mistyped | None:
    left, right = _literal(found["left"]), _literal(found["right"])
    if not left or not right:
        return None
    message = _CANNOT_JOIN.filled(sign=found["sign"], left=left, right=right)
    return Mistyped(_said(Severity.ERROR, message), frozenset({left, right}))


def _literal(told: str) -> str:
    """The type of a value that is written out; empty for other types."""
    found = _LITERAL.match(told)
    if not found:
        return ""
    begin = found[1]
    if begin in ("True", "False"):
        return "bool"
    return "bytes" if begin.startswith("b") else "int" if begin[-1].isdigit() else "str"


def _is_other(wanted: str, literal: str) -> bool:
    """Whether a type is certainly not meant to take such a value."""
    if wanted in _SCALARS:
        return literal in _CONTAINED and wanted not in _CONTAINED[literal]
    return bool(_CLASS.fullmatch(wanted)) and wanted not in _EXCHANGED


def _said(severity: Severity, message: Words) -> Said:
    return Said(FindingKind.BAD_CALL, severity, message, _GIVE)
