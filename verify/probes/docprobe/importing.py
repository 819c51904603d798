"""Acting on a module as soon as the page has imported it, and what is installed."""

import importlib.metadata
import re

from after_import import after

__all__ = ["after", "versions"]

_FIELD = re.compile(r"^(Name|Version): *(.+?) *$", re.MULTILINE)


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
