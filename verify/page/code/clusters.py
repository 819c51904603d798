"""Code that runs only where other machines, or other parties' programs, are there already."""

import ast
import re
from collections.abc import Iterator, Mapping

from verify.system.words import Words

_JOINS = Words(
    zh="需要集群：`{call}` 要连接 `{at}` 上已在运行的集群",
    en="it needs a cluster: `{call}` joins one that already runs at `{at}`",
)
_PARTY = Words(
    zh="需要集群：这是多方程序中 `{party}` 一方的部分，其他各方须同时运行",
    en="it needs a cluster: it is the part of the party `{party}`, and the others run at the same "
    "time, each on its own",
)
_EACH = Words(
    zh="需要集群：这个程序要由各方各自启动，并同时运行",
    en="it needs a cluster: each of several parties starts this program, all at the same time",
)
_PARTIES = Words(
    zh="需要集群：`cluster_config` 以生产模式启动，各方须各自同时运行",
    en="it needs a cluster: with `cluster_config` each party runs on its own, all at the same time",
)
_NODES = Words(
    zh="需要集群：其中写明了另一台机器的地址 `{at}`",
    en="it needs a cluster: it names another machine, `{at}`",
)
_LIBRARIES = ("secretflow", "ray", "sfd", "sf")
_ADDRESSES = ("address", "ray_address")
_HERE = re.compile(
    r"(?:\w+://)?(?:local|localhost|127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[?::1?\]?)(?::|$)"
)
_ALONE = ("", "local")
# Words by which a page starts what others join later.
_STARTS = re.compile(r"\bray +start\b|\bray\.init\b")


def needed(tree: ast.Module, before: str, constants: Mapping[str, str]) -> Words | None:
    """Why code cannot run on one machine alone, if its words say so.

    Args:
        tree: the code.
        before: the code of the page that runs before it.
        constants: what names stand for, where they are texts.
    """
    known = dict(constants) | dict(texts(tree))
    entries = [
        entry
        for node in ast.walk(tree)
        if isinstance(node, ast.Dict)
        for entry in _entries(node, known)
    ]
    for key, value in entries:
        if key == "self_party":
            return _PARTY.filled(party=_line(value))
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        told = _of_call(call, known, started=bool(_STARTS.search(before)))
        if told:
            return told
    elsewhere = (at for key, at in entries if key == "address" and not _HERE.match(at))
    at = next(elsewhere, None)
    return None if at is None else _NODES.filled(at=_line(at))


def texts(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names that a piece of code gives to texts."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            value = node.value.value
            if isinstance(value, str):
                yield from ((one.id, value) for one in node.targets if isinstance(one, ast.Name))


def starts(tree: ast.Module) -> bool:
    """Whether code starts SecretFlow or Ray."""
    return any(isinstance(node, ast.Call) and _is_init(node) for node in ast.walk(tree))


def _of_call(call: ast.Call, known: Mapping[str, str], *, started: bool) -> Words | None:
    given = {one.arg: one.value for one in call.keywords if one.arg}
    if party := given.get("self_party"):
        named = _text(party, known)
        return _EACH if named is None else _PARTY.filled(party=_line(named))
    if not _is_init(call):
        return None
    if "cluster_config" in given and not _is_none(given["cluster_config"]):
        return _PARTIES
    is_ray = ast.unparse(call.func) == "ray.init"
    place = next((given[name] for name in _ADDRESSES if name in given), None)
    if place is None and len(call.args) > (0 if is_ray else 1):
        place = call.args[0 if is_ray else 1]
    at = _text(place, known)
    if at is None or at in _ALONE or (started and (at == "auto" or _HERE.match(at))):
        return None
    return _JOINS.filled(call=ast.unparse(call.func), at=_line(at))


def _is_init(call: ast.Call) -> bool:
    owner, _, name = ast.unparse(call.func).rpartition(".")
    return name == "init" and owner.partition(".")[0] in (*_LIBRARIES, "")


def _text(value: ast.expr | None, known: Mapping[str, str]) -> str | None:
    if isinstance(value, ast.Name):
        return known.get(value.id)
    held = value.value if isinstance(value, ast.Constant) else None
    return held if isinstance(held, str) else None


def _entries(node: ast.Dict, known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, value in zip(node.keys, node.values, strict=True):
        name, text = _text(key, {}), _text(value, known)
        if name is not None and text is not None:
            yield name, text


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _line(text: str) -> str:
    """A text as words can hold it: one line."""
    return " ".join(text.split())
