"""NumPy for the probes, imported when one of them first works with arrays.

A page may never need it, and may set what NumPy reads when it is imported.
"""

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["Array", "Type", "np", "without_warnings"]

_Function = TypeVar("_Function", bound=Callable[..., Any])

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]
    Type = np.dtype[Any]
else:

    class _Later:
        def __getattr__(self, name: str) -> Any:
            return getattr(import_module("numpy"), name)

    np = _Later()
    Array = Type = Any


def without_warnings(function: _Function) -> _Function:
    """The function, with what is infinite or no number coming out so."""

    @wraps(function)
    def quiet(*args: Any, **named: Any) -> Any:
        with np.errstate(all="ignore"):
            return function(*args, **named)

    return quiet  # type: ignore[return-value]
