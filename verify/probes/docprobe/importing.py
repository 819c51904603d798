"""Acting on a module as soon as the page has imported it, and what is installed."""

import importlib.metadata
import re
from collections.abc import Callable
from typing import Any

import after_import

from docprobe import intact

__all__ = ["after", "versions"]

_FIELD = re.compile(r"^(Name|Version): *(.+?) *$", re.MULTILINE)


def after(name: str, action: Callable[[Any], object]) -> None:
    """Call `action(module)` once module `name` is imported, and watch over what that puts there."""

    def act(module: Any) -> None:
        action(module)
        intact.remember_hooks(module)

    after_import.after(name, act)


def versions() -> dict[str, str]:
    """Versions of all installed distributions, by name."""
    found = {}
    for distribution in importlib.metadata.distributions():
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
        # Its head alone: `distribution.metadata` reads the whole description, twice.
        fields = dict(_FIELD.findall(text.partition("\n\n")[0]))
        if "Name" in fields:
            found[fields["Name"].lower()] = fields.get("Version", "")
    return found
