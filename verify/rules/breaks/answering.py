"""What the sources of a release answer to the questions that are else asked of an environment."""

import re

from verify.rules.api.interface_questions import Answer, InterfaceQuestion, Verdict
from verify.rules.breaks import fitting
from verify.rules.breaks.interface import (
    Class,
    Instance,
    Interface,
    Missing,
    Module,
    Undecided,
    Value,
)

_STEP = re.compile(r"\.?\w+|\(\)|\{\}")


def answer(interface: Interface, question: InterfaceQuestion) -> Answer:
    """Answer one question from the sources of a release."""
    try:
        if question.is_module:
            interface.module(question.path)
            return Answer(Verdict.FINE)
        value = _followed(interface, question.path)
        if question.arguments is None:
            return Answer(Verdict.FINE)
        found = fitting.misfit(interface, value, question.arguments)
    except Undecided as error:
        return Answer(Verdict.UNDECIDED, why=str(error))
    except Missing as error:
        return Answer(Verdict.MISSING, owner=_name(error.owner), name=error.name, sort=_sort(error))
    if found is None:
        return Answer(Verdict.FINE)
    return Answer(
        Verdict.MISFIT,
        what=found.what,
        name=found.name,
        accepts=found.accepts,
        limit=found.limit,
        callee=found.callee,
    )


def found(interface: Interface, dotted: str) -> Value | None:
    """What a dotted name stands for; None where there is none, or the sources do not tell."""
    try:
        return _followed(interface, dotted)
    except (Missing, Undecided):
        return None


def _followed(interface: Interface, path: str) -> Value:
    before, colon, after = path.partition(":")
    steps = _STEP.findall(f".{after}" if colon else path)
    known: Value = interface.module(before if colon else steps.pop(0))
    for step in steps:
        if step == "()":
            known = interface.called(known)
        elif step == "{}":
            raise Undecided("any instance of a class")
        else:
            known = interface.attribute(known, step[1:])
    return known


def _sort(error: Missing) -> str:
    match error.owner:
        case None:
            return "nothing"
        case Module():
            return "module"
        case Instance():
            return "instance"
    return "object"


def _name(owner: Value | None) -> str:
    match owner:
        case Module(name=name):
            return name
        case Class():
            return owner.dotted
        case Instance(cls=cls):
            return cls.dotted
    return ""
