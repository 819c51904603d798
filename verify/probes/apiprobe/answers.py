"""From a question to its answer, both as JSON has them."""

import inspect
from types import ModuleType
from typing import Any

from apiprobe import attributes, follow, moved, signatures
from apiprobe.known_values import Instance, Known, Method, Missing, Undecided


def answer(question: dict[str, Any]) -> dict[str, Any]:  # noqa: PLR0911  # one an outcome
    """Answer one question.

    A question has a `path`; whether that `is_module`; of a call, `arguments`. The answer's
    `verdict` is fine, missing, misfit or undecided, with the particulars.
    """
    try:
        if question["is_module"]:
            follow.module(question["path"])
            return {"verdict": "fine"}
        value = follow.value(question["path"], is_called=question["arguments"] is not None)
        if question["arguments"] is None:
            return {"verdict": "fine"}
        found = signatures.problem(value, signatures.Shape(**question["arguments"]))
    except Undecided as error:
        return {"verdict": "undecided", "why": str(error)}
    except Missing as error:
        return _missing(error, question["path"], is_module=question["is_module"])
    except Exception as error:  # noqa: BLE001  # from code of any library that was looked at
        return {"verdict": "undecided", "why": repr(error)}
    if found is None:
        return {"verdict": "fine"}
    return {
        "verdict": "misfit",
        "what": found.what,
        "name": found.name,
        "accepts": list(found.accepts),
        "limit": found.limit,
        "callee": _callee(value),
    }


def _missing(error: Missing, path: str, *, is_module: bool) -> dict[str, Any]:
    owner = error.owner
    found: dict[str, Any] = {
        "verdict": "missing",
        "owner": "" if owner is None else _name(owner),
        "name": error.name,
        "sort": "instance" if error.of_instance else "object",
        "near": attributes.near(owner),
    }
    if owner is None:
        found["sort"] = "nothing"
    elif isinstance(owner, ModuleType):
        found["sort"] = "module"
        found["moved"] = moved.place(path.replace(":", "."), is_module=is_module)
    return found


def _name(obj: Any) -> str:
    if isinstance(obj, ModuleType):
        return obj.__name__
    if inspect.isclass(obj):
        module = "" if obj.__module__ == "builtins" else f"{obj.__module__}."
        return f"{module}{obj.__qualname__}"
    return str(getattr(obj, "__name__", None) or type(obj).__name__)


def _callee(value: Any) -> str:
    if isinstance(value, Method):
        return value.functions[0].__qualname__
    if isinstance(value, Known):
        return str(getattr(value.obj, "__qualname__", None) or _name(value.obj))
    if isinstance(value, Instance):
        return value.cls.__qualname__
    return ""
