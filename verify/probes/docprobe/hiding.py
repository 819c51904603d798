"""Packages that a page's reader would not have are not there for its cells either."""

import importlib.metadata
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from providing import canonical

from docprobe.installing import brought

__all__ = ["hide"]


class _Hiding:
    """Python's own finder of modules and packages, which no longer sees some of them."""

    def __init__(self, finder: type[PathFinder]) -> None:
        self.finder = finder
        self.packages: Mapping[str, frozenset[str]] = {}

    def find_spec(
        self,
        name: str,
        path: Sequence[str] | None = None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        top = name.partition(".")[0]
        of = {package for package, modules in self.packages.items() if top in modules}
        # Not found, rather than an error, so that Python words the exception by itself.
        if of and not of & brought():
            return None
        return self.finder.find_spec(name, path, target)

    def find_distributions(
        self, *context: Any, **named: Any
    ) -> Iterator[importlib.metadata.Distribution]:
        hidden = self.packages.keys() - brought()
        for found in self.finder.find_distributions(*context, **named):
            if canonical(found.metadata["Name"] or "") not in hidden:
                yield found

    def invalidate_caches(self) -> None:
        self.finder.invalidate_caches()


def hide(hidden: Mapping[str, Iterable[str]]) -> None:
    """Hide these packages, given with their top-level modules, and none but these."""
    for index, finder in enumerate(sys.meta_path):
        if finder is PathFinder and hidden:
            sys.meta_path[index] = _Hiding(PathFinder)
    for finder in sys.meta_path:
        if isinstance(finder, _Hiding):
            finder.packages = {name: frozenset(modules) for name, modules in hidden.items()}
