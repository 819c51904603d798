"""From a question to its answer."""

import inspect
from types import ModuleType
from typing import Any

from probeshared.questions import Answer, AnswerVerdict, Question

from apiprobe import attributes, follow, moved, programs, signatures
from apiprobe.known_values import Instance, Known, Method, Missing, Undecided


def answer(question: Question) -> Answer:  # noqa: PLR0911  # one an outcome
    """Answer one question."""
    try:
        if question.words:
            return _of_program(programs.slip([question.path, *question.words]))
        if question.is_module:
            follow.module(question.path)
            return Answer(AnswerVerdict.FINE)
        value = follow.value(question.path, is_called=question.arguments is not None)
        if question.arguments is None:
            return Answer(AnswerVerdict.FINE)
        found = signatures.problem(value, question.arguments)
    except Undecided as error:
        return Answer(AnswerVerdict.UNDECIDED, why=str(error))
    except Missing as error:
        return _missing(error, question)
    except Exception as error:  # noqa: BLE001  # from code of any library that was looked at
        return Answer(AnswerVerdict.UNDECIDED, why=repr(error))
    if found is None:
        return Answer(AnswerVerdict.FINE)
    return Answer(
        AnswerVerdict.MISFIT,
        what=found.what,
        name=found.name,
        accepts=found.accepts,
        limit=found.limit,
        callee=_callee(value, question),
    )


def _of_program(slip: programs.Slip | None) -> Answer:
    if slip is None:
        return Answer(AnswerVerdict.FINE)
    return Answer(
        AnswerVerdict.MISFIT,
        what="option",
        name=slip.name,
        near=slip.near,
        callee=slip.program,
        sort=slip.sort,
    )


def _missing(error: Missing, question: Question) -> Answer:
    owner, place = error.owner, None
    sort = "instance" if error.of_instance else "object"
    if owner is None:
        sort = "nothing"
    elif isinstance(owner, ModuleType):
        sort = "module"
        place = moved.place(question.path.replace(":", "."), is_module=question.is_module)
    return Answer(
        AnswerVerdict.MISSING,
        owner="" if owner is None else _name(owner),
        name=error.name,
        sort=sort,
        near=tuple(attributes.near(owner)),
        moved=place,
    )


def _name(obj: Any) -> str:
    if isinstance(obj, ModuleType):
        return obj.__name__
    if inspect.isclass(obj):
        module = "" if obj.__module__ == "builtins" else f"{obj.__module__}."
        return f"{module}{obj.__qualname__}"
    return str(getattr(obj, "__name__", None) or type(obj).__name__)


def _callee(value: Any, question: Question) -> str:
    if isinstance(value, Method):
        return value.functions[0].__qualname__
    if isinstance(value, Known):
        whole = str(getattr(value.obj, "__qualname__", None) or _name(value.obj))
        # Whose method a function written in C is, is its own affair.
        return question.path.replace(":", ".") if whole.startswith("_") else whole
    if isinstance(value, Instance):
        return value.cls.__qualname__
    return ""
