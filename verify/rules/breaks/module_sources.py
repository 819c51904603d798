"""The modules of a release, or of a repository, as their files have them: what each binds."""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath

from verify.page.code.parsing import tree_of

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_COMPILED = (".so", ".pyd", ".pyx")
# With one of these a module may have more than its text says.
_DYNAMIC = ("globals(", "locals(", "sys.modules", "__getattr__", "setattr(", "exec(", "__path__")


@dataclass(frozen=True)
class Imported:
    """What an import binds: a module, or a name of it."""

    module: str
    name: str | None = None


@dataclass(frozen=True)
class Assigned:
    """What an assignment binds; only another name is followed."""

    to: str | None = None


Binding = Definition | Imported | Assigned


@dataclass
class ModuleSource:
    """What a module binds; `stars` are modules of which it takes everything."""

    names: dict[str, list[Binding]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    is_dynamic: bool = False

    def bind(self, name: str, binding: Binding) -> None:
        """Note that a name stands for this, at least sometimes."""
        self.names.setdefault(name, []).append(binding)


class ModuleSources:
    """Modules by their dotted names, read when they are asked for.

    They are all of a folder, such as an unpacked wheel, or those of some packages alone.
    """

    def __init__(self, root: Path, *packages: Path) -> None:
        self._files: dict[str, Path | None] = {}
        tops = [(package, package.parent) for package in packages] or [(root, root)]
        for path, top in ((path, top) for one, top in tops for path in sorted(one.rglob("*"))):
            inner = PurePosixPath(path.relative_to(top))
            if path.suffix not in (".py", *_COMPILED) or ".dist-info" in inner.parts[0]:
                continue
            parts = [*inner.parts[:-1], inner.name.partition(".")[0]]
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            if parts and all(map(str.isidentifier, parts)):
                self._files[".".join(parts)] = path
        for name in list(self._files):
            for depth in range(name.count(".")):
                self._files.setdefault(".".join(name.split(".")[: depth + 1]), None)
        self._read: dict[str, ModuleSource] = {}

    def __contains__(self, module: str) -> bool:
        return module in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    @cached_property
    def tops(self) -> frozenset[str]:
        """The top-level packages."""
        return frozenset(name for name in self._files if "." not in name)

    @cached_property
    def texts(self) -> Mapping[str, str]:
        """The text of each module."""
        return {
            name: self._text(name)
            for name, path in self._files.items()
            if path and path.suffix == ".py"
        }

    def _text(self, module: str) -> str:
        path = self._files[module]
        is_text = path is not None and path.suffix == ".py" and path.is_file()
        return path.read_text(encoding="utf-8", errors="replace") if path and is_text else ""

    def of(self, module: str) -> ModuleSource:
        """What a module binds."""
        if module not in self._read:
            self._read[module] = self._source(module)
        return self._read[module]

    def _source(self, module: str) -> ModuleSource:
        path = self._files[module]
        text = self._text(module)
        tree = tree_of(text)
        if (path and path.suffix in _COMPILED) or tree is None:
            return ModuleSource(is_dynamic=True)
        is_package = path is None or path.stem == "__init__"
        package = module if is_package else module.rpartition(".")[0]
        source = ModuleSource()
        source.is_dynamic = any(sign in text for sign in _DYNAMIC)
        _read_body(tree.body, package, source)
        return source


def _read_body(body: Iterable[ast.AST], package: str, into: ModuleSource) -> None:
    """Note what statements bind, on whichever way they are run."""
    for node in body:
        match node:
            case ast.Import(names=names):
                for alias in names:
                    name = alias.name if alias.asname else alias.name.split(".")[0]
                    into.bind(alias.asname or name, Imported(name))
            case ast.ImportFrom():
                _read_import(node, package, into)
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                into.bind(node.name, node)
            case ast.Assign(targets=targets, value=value):
                _read_targets(targets, value, into)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                _read_targets([target], value, into)
            case ast.stmt() | ast.ExceptHandler() | ast.match_case():
                _read_body(ast.iter_child_nodes(node), package, into)


def _read_import(node: ast.ImportFrom, package: str, into: ModuleSource) -> None:
    module = node.module or ""
    if node.level:
        base = package.split(".")[: len(package.split(".")) - node.level + 1]
        module = ".".join([*base, *([module] if module else [])])
    for alias in node.names:
        if alias.name == "*":
            into.stars.append(module)
        else:
            into.bind(alias.asname or alias.name, Imported(module, alias.name))


def _read_targets(targets: Iterable[ast.expr], value: ast.expr, into: ModuleSource) -> None:
    for target in targets:
        same = value.id if isinstance(target, ast.Name) and isinstance(value, ast.Name) else None
        for node in ast.walk(target):
            if isinstance(node, ast.Name):
                into.bind(node.id, Assigned(same))
