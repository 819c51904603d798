"""What is said of a use that the documented environment refuses."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from verify.finding import FindingKind, Severity
from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.api.uses import Use, UseKind

# As many letters as an abbreviation has at least.
_SHORT = 3
_NO_EFFECT = ("ignored", "unread")


@dataclass(frozen=True)
class Said:
    """The part of a finding that does not depend on where it is."""

    kind: FindingKind
    severity: Severity
    message: str
    suggestion: str = ""


def of(use: Use, question: InterfaceQuestion, answer: Answer, environment: str) -> Said:
    """Word what is wrong with a use."""
    if answer.verdict is Verdict.MISSING:
        return missing(question.path, answer, environment, imported=use.kind is UseKind.MODULE)
    if answer.what in _NO_EFFECT:
        message = (
            f"`{answer.callee}` accepts the argument `{answer.name}`, but does nothing with it."
        )
        return Said(FindingKind.NO_EFFECT, Severity.WARNING, message, "Leave the argument out.")
    message, suggestion = _misfit(question, answer)
    severity = Severity.WARNING if answer.what == "misspelt" else Severity.ERROR
    return Said(FindingKind.BAD_CALL, severity, message, suggestion)


def missing(path: str, answer: Answer, environment: str, *, imported: bool = False) -> Said:
    """Word that a name is not there."""
    if imported:
        kind, message = (
            FindingKind.MISSING_MODULE,
            (
                f"There is no module `{path}` in {environment}: "
                f"`{answer.owner}` has no module `{answer.name}`."
            ),
        )
    elif answer.sort == "module":
        kind, message = (
            FindingKind.MISSING_ATTRIBUTE,
            f"`{_written(path)}` has no `{answer.name}` in {environment}.",
        )
    elif answer.sort == "instance":
        kind, message = (
            FindingKind.MISSING_ATTRIBUTE,
            f"{_value(path, answer)}, which has no attribute `{answer.name}`.",
        )
    else:
        kind, message = (
            FindingKind.MISSING_ATTRIBUTE,
            f"`{answer.owner}` has no attribute `{answer.name}` in {environment}.",
        )
    return Said(kind, Severity.ERROR, message, _instead(answer))


def _written(path: str) -> str:
    """The owner of a name as the page writes it."""
    return path.replace(":", ".").rpartition(".")[0]


def _value(path: str, answer: Answer) -> str:
    """The beginning of a sentence about a value: what it is, and of a method's what returns it."""
    kind = "None" if answer.owner == "NoneType" else f"a `{answer.owner}`"
    value = path.rpartition(".")[0]
    if value.count("()") > 1 and value.endswith("()"):
        return f"`{'.'.join(re.split('[.:]', value)[-2:])}` returns {kind}"
    return f"The value is {kind}"


def _instead(answer: Answer) -> str:
    if answer.moved:
        return f"It is now `{answer.moved}`."
    if near := difflib.get_close_matches(answer.name, answer.near, n=1, cutoff=0.75):
        return f"Did you mean `{near[0]}`?"
    if answer.owner == "dict":
        return f'Items of a dict are read as `["{answer.name}"]`.'
    return ""


def _misfit(question: InterfaceQuestion, answer: Answer) -> tuple[str, str]:
    callee, name = answer.callee, answer.name
    match answer.what:
        case "unknown":
            near = _closest(name, answer.accepts)
            takes = ", ".join(f"`{one}`" for one in answer.accepts)
            suggestion = f"Did you mean `{near}`?" if near else takes and f"It takes {takes}."
            return f"`{callee}` takes no argument `{name}`.", suggestion
        case "misspelt":
            message = f"`{callee}` has no argument `{name}`, but takes it among any others."
            return message, f"Did you mean `{answer.accepts[0]}`?"
        case "missing":
            return f"`{callee}` needs the argument `{name}`, which is not given.", f"Give `{name}`."
        case "twice":
            message = f"`{callee}` gets the argument `{name}` twice, by position and by name."
            return message, "Give it once."
        case "many":
            given = question.arguments.positional if question.arguments else 0
            message = (
                f"`{callee}` takes at most {answer.limit} arguments by position, but gets {given}."
            )
            return message, "Name the arguments, and leave out what it does not take."
        case _:
            return f"`{callee}` is no function or class, and cannot be called.", ""


def _closest(name: str, accepts: Sequence[str]) -> str:
    """The name that was meant: written out, cut short or spelt much alike; empty if none."""
    short = [one for one in accepts if len(one) >= _SHORT and name.startswith(one)]
    short += [one for one in accepts if len(name) >= _SHORT and one.startswith(name)]
    near = difflib.get_close_matches(name, accepts, n=1, cutoff=0.7)
    return max(short, key=len) if short else near[0] if near else ""
