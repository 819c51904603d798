"""Which distributions provide each top-level module. Standard library only."""

import importlib.metadata
import inspect
import re


def canonical(name: str) -> str:
    """A distribution's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _modules(distribution: importlib.metadata.Distribution) -> set[str]:
    """The top-level modules; only older build tools list them, so that Python 3.10 misses some."""
    listed = (distribution.read_text("top_level.txt") or "").split()
    files = () if listed else distribution.files or ()
    names = {f.parts[0] if len(f.parts) > 1 else inspect.getmodulename(f.name) for f in files}
    return {name for name in (*listed, *names) if name and name.isidentifier()}


def providers() -> dict[str, list[str]]:
    """The distributions by module."""
    found: dict[str, set[str]] = {}
    for distribution in importlib.metadata.distributions():
        for module in _modules(distribution):
            found.setdefault(module, set()).add(canonical(distribution.metadata["Name"]))
    return {module: sorted(names) for module, names in found.items()}
