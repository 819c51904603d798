"""What is said of a use that the documented environment refuses."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from verify.finding import FindingKind, Severity
from verify.rules.advice import meant
from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.api.uses import Use, UseKind
from verify.system.words import Text, Words, enumerated

_IGNORED = Words(
    zh="`{callee}` 接受参数 `{name}`，但不对它做任何事。",
    en="`{callee}` accepts the argument `{name}`, but does nothing with it.",
)
_LEAVE_OUT = Words(zh="请去掉这个参数。", en="Leave the argument out.")
_NO_MODULE = Words(
    zh="{environment} 中没有模块 `{path}`：`{owner}` 没有模块 `{name}`。",
    en="There is no module `{path}` in {environment}: `{owner}` has no module `{name}`.",
)
_HAS_NOT = Words(
    zh="`{path}` 在 {environment} 中没有 `{name}`。",
    en="`{path}` has no `{name}` in {environment}.",
)
_VALUE_HAS_NOT = Words(
    zh="{value}，它没有属性 `{name}`。", en="{value}, which has no attribute `{name}`."
)
_NO_ATTRIBUTE = Words(
    zh="`{owner}` 在 {environment} 中没有属性 `{name}`。",
    en="`{owner}` has no attribute `{name}` in {environment}.",
)
_RETURNS = Words(zh="`{value}` 返回 {kind}", en="`{value}` returns {kind}")
_VALUE_IS = Words(zh="这个值是 {kind}", en="The value is {kind}")
_OF_CLASS = Words(zh="`{owner}` 的实例", en="a `{owner}`")
_MOVED = Words(zh="它现在是 `{name}`。", en="It is now `{name}`.")
_ITEMS = Words(
    zh='字典的条目要用 `["{name}"]` 读取。', en='Items of a dict are read as `["{name}"]`.'
)
_TAKES = Words(zh="它接受 {names}。", en="It takes {names}.")
_TAKES_NO = Words(
    zh="`{callee}` 不接受参数 `{name}`。", en="`{callee}` takes no argument `{name}`."
)
_AMONG_OTHERS = Words(
    zh="`{callee}` 没有参数 `{name}`，只是把它当作任意的其他参数收下。",
    en="`{callee}` has no argument `{name}`, but takes it among any others.",
)
_NEEDS = Words(
    zh="`{callee}` 需要参数 `{name}`，却没有给出。",
    en="`{callee}` needs the argument `{name}`, which is not given.",
)
_GIVE = Words(zh="请给出 `{name}`。", en="Give `{name}`.")
_TWICE = Words(
    zh="`{callee}` 得到参数 `{name}` 两次，一次按位置，一次按名字。",
    en="`{callee}` gets the argument `{name}` twice, by position and by name.",
)
_GIVE_ONCE = Words(zh="请只给一次。", en="Give it once.")
_TOO_MANY = Words(
    zh="`{callee}` 按位置最多接受 {limit} 个参数，却得到 {given} 个。",
    en="`{callee}` takes at most {limit} arguments by position, but gets {given}.",
)
_NAME_THEM = Words(
    zh="请写明各参数的名字，并去掉它不接受的参数。",
    en="Name the arguments, and leave out what it does not take.",
)
_NO_CALL = Words(
    zh="`{callee}` 既不是函数也不是类，不能调用。",
    en="`{callee}` is no function or class, and cannot be called.",
)

# As many letters as an abbreviation has at least.
_SHORT = 3
_NO_EFFECT = ("ignored", "unread")


@dataclass(frozen=True)
class Said:
    """The part of a finding that does not depend on where it is."""

    kind: FindingKind
    severity: Severity
    message: Words
    suggestion: Text = ""


def of(use: Use, question: InterfaceQuestion, answer: Answer, environment: Text) -> Said:
    """Word what is wrong with a use."""
    if answer.verdict is Verdict.MISSING:
        return missing(question.path, answer, environment, imported=use.kind is UseKind.MODULE)
    if answer.what in _NO_EFFECT:
        message = _IGNORED.filled(callee=answer.callee, name=answer.name)
        return Said(FindingKind.NO_EFFECT, Severity.WARNING, message, _LEAVE_OUT)
    message, suggestion = _misfit(question, answer)
    severity = Severity.WARNING if answer.what == "misspelt" else Severity.ERROR
    return Said(FindingKind.BAD_CALL, severity, message, suggestion)


def missing(path: str, answer: Answer, environment: Text, *, imported: bool = False) -> Said:
    """Word that a name is not there."""
    kind = FindingKind.MISSING_MODULE if imported else FindingKind.MISSING_ATTRIBUTE
    if imported:
        message = _NO_MODULE.filled(
            path=path, environment=environment, owner=answer.owner, name=answer.name
        )
    elif answer.sort == "module":
        message = _HAS_NOT.filled(path=_written(path), name=answer.name, environment=environment)
    elif answer.sort == "instance":
        message = _VALUE_HAS_NOT.filled(value=_value(path, answer), name=answer.name)
    else:
        message = _NO_ATTRIBUTE.filled(
            owner=answer.owner, name=answer.name, environment=environment
        )
    return Said(kind, Severity.ERROR, message, _instead(answer))


def _written(path: str) -> str:
    """The owner of a name as the page writes it."""
    return path.replace(":", ".").rpartition(".")[0]


def _value(path: str, answer: Answer) -> Words:
    """The beginning of a sentence about a value: what it is, and of a method's what returns it."""
    kind = "None" if answer.owner == "NoneType" else _OF_CLASS.filled(owner=answer.owner)
    value = path.rpartition(".")[0]
    if value.count("()") > 1 and value.endswith("()"):
        return _RETURNS.filled(value=".".join(re.split("[.:]", value)[-2:]), kind=kind)
    return _VALUE_IS.filled(kind=kind)


def _instead(answer: Answer) -> Text:
    if answer.moved:
        return _MOVED.filled(name=answer.moved)
    if near := difflib.get_close_matches(answer.name, answer.near, n=1, cutoff=0.75):
        return meant(near[0])
    if answer.owner == "dict":
        return _ITEMS.filled(name=answer.name)
    return ""


def _misfit(question: InterfaceQuestion, answer: Answer) -> tuple[Words, Text]:
    message, suggestion = _why(answer)
    given = question.arguments.positional if question.arguments else 0
    return (
        message.filled(callee=answer.callee, name=answer.name, limit=answer.limit, given=given),
        suggestion,
    )


def _why(answer: Answer) -> tuple[Words, Text]:
    name = answer.name
    match answer.what:
        case "unknown":
            near = _closest(name, answer.accepts)
            names = enumerated(f"`{one}`" for one in answer.accepts)
            return _TAKES_NO, meant(near) if near else names and _TAKES.filled(names=names)
        case "misspelt":
            return _AMONG_OTHERS, meant(answer.accepts[0])
        case "missing":
            return _NEEDS, _GIVE.filled(name=name)
        case "twice":
            return _TWICE, _GIVE_ONCE
        case "many":
            return _TOO_MANY, _NAME_THEM
        case _:
            return _NO_CALL, ""


def _closest(name: str, accepts: Sequence[str]) -> str:
    """The name that was meant: written out, cut short or spelt much alike; empty if none."""
    short = [one for one in accepts if len(one) >= _SHORT and name.startswith(one)]
    short += [one for one in accepts if len(name) >= _SHORT and one.startswith(name)]
    near = difflib.get_close_matches(name, accepts, n=1, cutoff=0.7)
    return max(short, key=len) if short else near[0] if near else ""
