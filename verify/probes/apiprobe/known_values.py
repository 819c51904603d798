"""What is known of a value without computing it."""

from dataclasses import dataclass
from types import FunctionType
from typing import Any


@dataclass(frozen=True)
class Known:
    """The object itself: a module, a class, a function."""

    obj: Any


@dataclass(frozen=True)
class Instance:
    """Some instance of a class, or, unless `exact`, of one of its subclasses."""

    cls: type
    exact: bool = True


@dataclass(frozen=True)
class Method:
    """A method bound to an instance, as each class that the instance may have defines it."""

    functions: tuple[FunctionType, ...]
    owner: Instance


Value = Known | Instance | Method


class Undecided(Exception):  # noqa: N818  # an outcome, no error
    """It cannot be known without running the code."""


class Missing(Exception):  # noqa: N818  # an outcome, no error
    """An owner (a module, a class; None for a top-level module) certainly lacks a name."""

    def __init__(self, owner: Any, name: str, *, of_instance: bool = False) -> None:
        super().__init__(name)
        self.of_instance = of_instance
        self.owner = owner
        self.name = name
