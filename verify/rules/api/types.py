"""The types of values that following names does not tell, as a type checker infers them.

The code of a page becomes one module in which each value in question is given a name of its own,
`(_type7 := value).attribute`, for a language server tells the types of names.
"""

import ast
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import unquote, urlparse

from verify.environment.environment import Environment
from verify.errors import ResourceError
from verify.page.code.parsing import dedented, parse
from verify.page.page import Block, Page
from verify.rules.api import mistyped
from verify.rules.api.language_server import LanguageServer, Position, serving
from verify.rules.api.mistyped import Mistyped
from verify.rules.api.uses import Use, UsePlace
from verify.system import kept
from verify.system.words import Tell, Words

_UNKNOWN = Words(zh="不知道各个值的类型（`{why}`）。", en="Types of values are not known. {why}")

# What is imported from nowhere has no type: decorators may return anything, whatever they say.
_HIDING = "from _nowhere_ import _hide"
_PLAIN_DECORATORS = {"property", "staticmethod", "classmethod", "dataclass", "contextmanager"}
_MARK = re.compile(r"\(_type(\d+):=")
# A class by its name, with its type arguments, and perhaps None besides.
_PLAIN = re.compile(r"^(?:None \| )?([A-Za-z_]\w*)(?:\[[^|]*\])?(?: \| None)?$")


@dataclass(frozen=True)
class Typed:
    """The classes of receivers as paths `module:Class{}`, and what the checker says of lines."""

    receivers: Mapping[tuple[Path, UsePlace], str]
    misfits: Sequence[tuple[Page, Block, int, Mistyped]]


@dataclass(frozen=True)
class _Module:
    """The code of a page with each place named by its number; the block and row of each line."""

    text: str
    origin: Sequence[tuple[Block, int]]


def of_pages(environment: Environment, uses: Iterable[tuple[Page, Use]], notify: Tell) -> Typed:
    """What a type checker knows of notebooks."""
    wanted: dict[Path, dict[UsePlace, None]] = defaultdict(dict)
    pages = {}
    for page, use in uses:
        if use.place.code.runs:
            pages[page.path] = page
            asked = wanted[page.path]
            if use.is_of_value and use.receiver and use.receiver.code.runs:
                asked[use.receiver] = None
    modules = {path: _module(pages[path], list(places)) for path, places in wanted.items()}
    told = _told(environment, modules, notify)
    return Typed(
        {
            (path, place): known
            for path, places in wanted.items()
            for place, known in zip(places, told[path][0], strict=False)
            if known
        },
        [found for path, page in pages.items() for found in _misfits(page, modules[path], told)],
    )


# Of a page the paths of its numbered values, empty where they are not known; and diagnostics.
_Told = tuple[list[str], list[dict[str, Any]]]


def _told(
    environment: Environment, modules: Mapping[Path, _Module], notify: Tell
) -> dict[Path, _Told]:
    """What is kept, and else what the checker answers now."""
    files = {
        path: kept.file("typed", environment.content, version("ty"), module.text)
        for path, module in modules.items()
    }
    known = {path: kept.read(file) for path, file in files.items()}
    if new := {path: module.text for path, module in modules.items() if known[path] is None}:
        try:
            for path, found in _inferred(environment, new).items():
                known[path] = found
                kept.write(files[path], found)
        except ResourceError as error:
            notify(_UNKNOWN.filled(why=error))
    return {path: tuple(found) if found else ([], []) for path, found in known.items()}


def _misfits(
    page: Page, module: _Module, told: Mapping[Path, _Told]
) -> Iterator[tuple[Page, Block, int, Mistyped]]:
    """What is believed of the diagnostics of a page, each pair of types once: the rest follows."""
    seen: list[frozenset[str]] = []
    for diagnostic in told[page.path][1]:
        found = mistyped.of(diagnostic)
        line = diagnostic["range"]["start"]["line"] - 1
        if found is None or line >= len(module.origin):
            continue
        if any(len(found.pair & pair) > 1 for pair in seen):
            continue
        code, row = module.origin[line]
        if not code.may_raise and not _is_tried(code, row):
            seen.append(found.pair)
            yield page, code, row, found


def _is_tried(code: Block, row: int) -> bool:
    """Whether a line stands in a `try`, or where an exception is expected."""
    return any(
        isinstance(node, ast.Try | ast.With) and node.lineno <= row + 1 <= (node.end_lineno or 0)
        for node in ast.walk(parse(code.python))
    )


def _module(page: Page, places: list[UsePlace]) -> _Module:
    """The page's code, cell by cell."""
    numbered: dict[Block, list[tuple[UsePlace, int]]] = defaultdict(list)
    for number, place in enumerate(places):
        numbered[place.code].append((place, number))
    cells, origin = [], []
    for code in page.python_cells:
        try:
            parse(code.python)
        except SyntaxError:
            continue
        cells.append(_named(dedented(code.python), numbered[code]))
        origin += [(code, row) for row in range(cells[-1].count("\n") + 1)]
    return _Module("\n".join([_HIDING, *cells]), origin)


def _named(source: str, places: list[tuple[UsePlace, int]]) -> str:
    lines = [line.encode() for line in source.split("\n")]
    inserts = [(place.end, b")") for place, _ in places]
    # Of what begins at one place, the inner one first: what is inserted later comes before it.
    for place, number in sorted(places, key=lambda one: one[0].end):
        inserts.append((place.start, b"(_type%d:=" % number))
    for start, end in _decorators(source):
        inserts += [(start, b"_hide("), (end, b")")]
    # From the end, so that what is inserted moves nothing that is still to come.
    for (row, column), text in sorted(inserts, key=lambda one: one[0], reverse=True):
        lines[row] = lines[row][:column] + text + lines[row][column:]
    return b"\n".join(lines).decode()


def _decorators(source: str) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    for node in ast.walk(parse(source)):
        for one in getattr(node, "decorator_list", ()):
            called = one.func if isinstance(one, ast.Call) else one
            if getattr(called, "attr", getattr(called, "id", "")) not in _PLAIN_DECORATORS:
                yield (
                    (one.lineno - 1, one.col_offset),
                    (one.end_lineno - 1, one.end_col_offset),
                )


def _inferred(environment: Environment, modules: dict[Path, str]) -> dict[Path, _Told]:
    found = {}
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        settings = f"[environment]\npython = {json.dumps(str(environment.prefix))}\n"
        (folder / "ty.toml").write_text(settings, encoding="utf-8")
        with serving([_checker(), "server"], folder) as server:
            for i, (path, text) in enumerate(modules.items()):
                file = folder / f"page{i}.py"
                file.write_text(text, encoding="utf-8")
                server.open(file, text)
                said = [
                    {"message": one.get("message"), "range": one["range"]}
                    for one in server.diagnostics(file)
                    if mistyped.of(one)
                ]
                found[path] = _of_module(server, file, text), said
    return found


def _of_module(server: LanguageServer, file: Path, text: str) -> list[str]:
    positions = {}
    for row, line in enumerate(text.split("\n")):
        for mark in _MARK.finditer(line):
            column = len(line[: mark.start() + 1].encode())
            positions[int(mark[1])] = Position(row, column)
    return [_class_at(server, file, positions[number]) for number in range(len(positions))]


def _class_at(server: LanguageServer, file: Path, at: Position) -> str:
    plain = _PLAIN.match(server.shown_type(file, at))
    if plain is None or plain[1] in ("Unknown", "Any", "None", "Never"):
        return ""
    for uri, line in server.definitions(file, at):
        path = Path(unquote(urlparse(uri).path))
        module = _module_name(path)
        name = _class_names(path).get(line + 1) if module else None
        if name and name.rpartition(".")[2] == plain[1]:
            return f"{module}:{name}{{}}"
    return ""


def _module_name(path: Path) -> str:
    """The dotted name of an installed module; empty for others, built-in types included."""
    parts = list(path.with_suffix("").parts)
    if "site-packages" in parts:
        parts = parts[len(parts) - parts[::-1].index("site-packages") :]
    elif "typeshed" in parts and "stdlib" in parts:
        parts = parts[parts.index("stdlib") + 1 :]
    else:
        return ""
    if parts[-1] == "__init__":
        parts.pop()
    return "" if parts == ["builtins"] or parts[0].endswith("-stubs") else ".".join(parts)


@lru_cache(maxsize=256)
def _class_names(path: Path) -> dict[int, str]:
    """The qualified names of the classes of a file, by their lines."""
    found: dict[int, str] = {}

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.ClassDef):
                found[child.lineno] = prefix + child.name
                visit(child, f"{prefix}{child.name}.")
            elif not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                visit(child, prefix)

    try:
        visit(parse(path.read_text(encoding="utf-8")), "")
    except (OSError, SyntaxError, ValueError):
        return {}
    return found


def _checker() -> str:
    """The type checker that is installed beside us."""
    beside = Path(sys.executable).with_name("ty")
    return str(beside) if beside.is_file() else "ty"
