"""Repairs for failures that no ledger knows: of names that a release keeps elsewhere.

Where a name is now the documented environment says. The repair is tried at once, and if the page
then goes on it is proposed as an entry for the ledger.
"""

import ast
import json
import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from verify.environment.environment import Environment
from verify.environment.programs import run_program
from verify.errors import ResourceError
from verify.evidence.failure import Failure
from verify.finding import Verdict
from verify.ledger.erratum import Edit, KnownErratum, Moved
from verify.page import magics
from verify.page.code import parsing
from verify.system.resources import PROBES
from verify.system.words import Words

# Where a dotted name is now, if that is certain; of a module it ends in a dot.
Whereabouts = Callable[[str], str | None]

_PROGRAM = PROBES / "whereabouts.py"
_LIMIT_S = 120
_NAME_GONE = re.compile(r"ImportError: cannot import name '(\w+)' from '([\w.]+)'")
_MODULE_GONE = re.compile(r"ModuleNotFoundError: No module named '([\w.]+)'")
_ATTRIBUTE_GONE = re.compile(r"AttributeError: module '([\w.]+)' has no attribute '(\w+)'")
_CAUSE = Words(
    zh="该版本的 `{was}` 中没有 `{name}`；它在 `{now}` 中。",
    en="This release has no `{name}` in `{was}`; it is in `{now}`.",
)
_RENAMED = Words(
    zh="该版本没有模块 `{was}`；它现在是 `{now}`。",
    en="This release has no module `{was}`; it is `{now}` now.",
)
_SINCE = Words(zh="见于 {release}", en="seen in {release}")
_REPAIR = Words(zh="改用 `{now}`。", en="Take it from `{now}`.")


def of(failure: Failure, source: str, release: str, ask: Whereabouts) -> KnownErratum | None:
    """The repair of a failure, if the release has elsewhere what a cell misses.

    Args:
        failure: how the cell failed.
        source: the cell.
        release: the name of the environment.
        ask: where names are.
    """
    if failure.verdict is not Verdict.FAIL:
        return None
    tree = parsing.tree_of(magics.python_of(source))
    if tree is None:
        return None
    edits = next((one for one in _edits(failure.raised, tree, ask) if one), None)
    if edits is None:
        return None
    apply, was, name, now = edits
    words = {"was": was, "name": name, "now": now}
    return KnownErratum(
        id=re.sub(r"[^a-z0-9]+", "-", f"{name or was}-moved".lower()).strip("-"),
        # Python itself names the file as well.
        symptom=f"{failure.raised}*" if _NAME_GONE.match(failure.raised) else failure.raised,
        cause=(_CAUSE if name else _RENAMED).filled(**words),
        since=_SINCE.filled(release=release),
        repair=_REPAIR.filled(now=now),
        apply=apply,
    )


# The edits, where it was, its name if it is no module, and where it is now.
_Found = tuple[list[Edit], str, str, str]


def _edits(raised: str, tree: ast.Module, ask: Whereabouts) -> Iterator[_Found | None]:
    if gone := _NAME_GONE.match(raised):
        yield from (_name(node, gone[1], ask) for node in _imports(tree, gone[1]))
    elif gone := _MODULE_GONE.match(raised):
        yield _module(gone[1], tree, ask)
        yield from (
            _name(node, alias.name, ask)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{gone[1]}.")
            for alias in node.names
        )
    elif gone := _ATTRIBUTE_GONE.match(raised):
        yield _attribute(gone[1], gone[2], tree, ask)


def _imports(tree: ast.Module, name: str) -> Iterator[ast.ImportFrom]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names):
            yield node


def _name(node: ast.ImportFrom, name: str, ask: Whereabouts) -> _Found | None:
    """A name that is imported from elsewhere."""
    now = ask(f"{node.module}.{name}") if node.module and not node.level else None
    module, _, last = (now or "").rpartition(".")
    if not module or last != name:
        return None
    edit = Edit(moved=Moved(was=str(node.module), names=[name], now=module))
    return [edit], str(node.module), name, module


def _module(was: str, tree: ast.Module, ask: Whereabouts) -> _Found | None:
    """A module that is called otherwise."""
    names = (n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom))
    now = ask(f"{was}.") if any(f"{name}.".startswith(f"{was}.") for name in names) else None
    return ([Edit(moved=Moved(was=was, now=now))], was, "", now) if now else None


def _attribute(was: str, name: str, tree: ast.Module, ask: Whereabouts) -> _Found | None:
    """A name that is looked for in a module."""
    written = {
        ast.unparse(node)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == name
    }
    now = ask(f"{was}.{name}") if len(written) == 1 else None
    module = (now or "").rpartition(".")[0]
    if not now or not module:
        return None
    return [Edit(find=written.pop(), replace=now), Edit(before=f"import {module}")], was, name, now


def whereabouts(environment: Environment) -> Whereabouts:
    """Ask an environment where names are."""
    return lambda dotted: _asked(environment, dotted)


@lru_cache(maxsize=256)  # many pages miss the same name
def _asked(environment: Environment, dotted: str) -> str | None:
    try:
        done = run_program(environment, _PROGRAM, dotted, timeout=_LIMIT_S)
        found = json.loads(done.stdout)[dotted]
    except (ResourceError, ValueError, KeyError):  # then nothing is proposed
        return None
    return str(found) if found else None
