"""Where a name has gone: the public definitions of that name in the sources installed."""

import importlib
import importlib.util
import re
from functools import lru_cache
from pathlib import Path

import providing
from probeshared import places

_TRIED = 8


@lru_cache(maxsize=1)
def _tops() -> dict[str, list[str]]:
    """The top-level packages that come in one distribution with another."""
    siblings: dict[str, list[str]] = {}
    by_distribution: dict[str, list[str]] = {}
    for top, names in providing.providers().items():
        for name in names:
            by_distribution.setdefault(name, []).append(top)
    for tops in by_distribution.values():
        for top in tops:
            siblings.setdefault(top, []).extend(tops)
    return siblings


@lru_cache(maxsize=64)
def _files(top: str) -> dict[str, Path]:
    """The modules of a package by their dotted names."""
    spec = importlib.util.find_spec(top)
    found: dict[str, Path] = {}
    for root in spec.submodule_search_locations or () if spec else ():
        for path in sorted(Path(root).rglob("*.py")):
            parts = [top, *path.relative_to(root).with_suffix("").parts]
            parts = parts[:-1] if parts[-1] == "__init__" else parts
            found.setdefault(".".join(parts), path)
    return found


@lru_cache(maxsize=4096)
def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


def place(dotted: str, *, is_module: bool) -> str | None:
    """Where a dotted name that does not exist is now, None if that is not certain."""
    if not re.fullmatch(r"[\w.]+", dotted):
        return None  # of a value, not of a module
    top, _, rest = dotted.partition(".")
    name = dotted.rpartition(".")[2]
    if not rest or name.startswith("_"):
        return None
    tops = dict.fromkeys([top, *_tops().get(top, ())])
    modules = {module: path for one in tops for module, path in _files(one).items()}
    wanted = dotted.split(".")[1:]
    found = {module for module in modules if module.rpartition(".")[2] == name}
    binds = re.compile(
        rf"^(?:class|def|async def)\s+{name}\b|^{name}\s*[:=]"
        rf"|^from\s[^\n]*\bimport\b[^#\n]*\b{name}\b|^\s+{name},?\s*$",
        re.MULTILINE,
    )
    for module, path in modules.items():
        text = _text(path)
        if name in text and binds.search(text):
            found.add(f"{module}.{name}")
    public = [one for one in found if one != dotted and not places.is_private(one)]
    # Most of the old path must be in the new one, else the definition must be the only one.
    scored = sorted((-places.shared(one.split("."), wanted), len(one), one) for one in public)
    near = [one for one in scored[:_TRIED] if -one[0] >= min(2, len(wanted)) and _exists(one[2])]
    if near:
        # Two that are as near as each other leave nothing to choose by.
        return None if len(near) > 1 and near[0][:2] == near[1][:2] else near[0][2]
    if is_module or len(public) > _TRIED or len(name) < places.TELLING:
        return None
    alone = [one for one in public if _defines(modules, one) and _exists(one)]
    return alone[0] if len(alone) == 1 else None


def _defines(modules: dict[str, Path], dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    path = modules.get(module)
    if path is None:
        return False
    return bool(re.search(rf"^(?:class|def)\s+{name}\b", _text(path), re.MULTILINE))


def _exists(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    try:
        if hasattr(importlib.import_module(module), name):
            return True
        importlib.import_module(dotted)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return False
    return True
