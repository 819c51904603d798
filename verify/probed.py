"""What the tool shares with its probes, which run in the documented environment: one declaration.

There the probes' folder is on the path, and `probeshared` a package of its own. Here the same files
lie inside `verify`. A type checker knows each file by one name alone, so it is told the first.
"""

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

__all__ = ["events", "frames", "places", "questions", "rounding", "trials"]

if TYPE_CHECKING:
    from probeshared import events, frames, places, questions, rounding, trials
else:

    def __getattr__(name: str) -> ModuleType:
        """Load what is asked for, and no more: some need numpy."""
        if name not in __all__:
            raise AttributeError(f"{__name__} has no {name}")
        return import_module(f"verify.probes.probeshared.{name}")
