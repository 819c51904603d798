"""Acting on a module as soon as the page has imported it, and what is installed."""

import importlib.metadata

from after_import import after

__all__ = ["after", "versions"]


def versions() -> dict[str, str]:
    """Versions of all installed distributions, by name."""
    found = {}
    for distribution in importlib.metadata.distributions():
        name = distribution.metadata["Name"]
        if name:
            found[name.lower()] = distribution.version
    return found
