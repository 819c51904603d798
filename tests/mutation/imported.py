"""Tests with a mutant in the place of a module: `… MODULE FILE [pytest's arguments]`."""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType

import pytest


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, file: Path) -> None:
        super().__init__(fullname, path)
        self._file = file

    def get_code(self, fullname: str) -> CodeType:
        """The mutant's code, without anything that is kept of the module's own."""
        del fullname
        return compile(self._file.read_text(encoding="utf-8"), self.path, "exec")


class _Finder(MetaPathFinder):
    def __init__(self, name: str, file: Path) -> None:
        self._name, self._file = name, file

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Where the mutated module comes from; all others come from where they always do."""
        spec = PathFinder.find_spec(fullname, path, target) if fullname == self._name else None
        if spec and spec.origin:
            spec.loader = _Loader(fullname, spec.origin, self._file)
        return spec


if __name__ == "__main__":
    name, file, *arguments = sys.argv[1:]
    sys.meta_path.insert(0, _Finder(name, Path(file)))
    # pytest's rewriting of asserts would find our own modules before the finder does.
    sys.exit(pytest.main([*arguments, "--assert=plain"]))
