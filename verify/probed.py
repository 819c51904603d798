"""What the tool shares with its probes, which run in the documented environment: one declaration.

There the probes' folder is on the path, and `probeshared` a package of its own. Here the same files
lie inside `verify`. A type checker knows each file by one name alone, so it is told the first.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from probeshared import events, rounding, trials
else:
    from verify.probes.probeshared import events, rounding, trials

__all__ = ["events", "rounding", "trials"]
