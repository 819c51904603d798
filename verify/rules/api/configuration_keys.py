"""The keys of a dictionary that a library is given are keys that it reads.

Whatever reads a key has to write it down somewhere: a word that stands nowhere in the source of the
package is read by nothing in it. It is told where it nearly is one that the package does write as
a text, beside others which the package knows; what else is unknown may be a reader's own.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.page.code import parsing
from verify.page.page import Block, Page
from verify.rules.checked_site import Site
from verify.system import kept
from verify.system.words import Words

_UNREAD = Words(
    zh="{environment} 的 `{package}` 中没有任何代码读取键 `{key}`。",
    en="Nothing in the `{package}` of {environment} reads a key `{key}`.",
)
_MEANT = Words(zh="应为 `{near}`？", en="Is it `{near}`?")

_WORD = re.compile(r"[A-Za-z_]\w+")
_TEXT = re.compile(r"['\"]([A-Za-z_]\w+)['\"]")
_ALIKE = 0.8
_SHORTEST = 5
# So many keys of a dictionary are known, or it is no configuration of the package's.
_KNOWN, _SHARE = 2, 0.6


@dataclass(frozen=True)
class _Given:
    """A dictionary that is given to something of a package, where it is written."""

    code: Block
    node: ast.Dict
    package: str


@dataclass(frozen=True)
class _Source:
    """All words of a package's source, and those that are texts of their own."""

    words: frozenset[str]
    texts: frozenset[str]


def check(site: Site) -> Iterator[Finding]:
    """Find keys that nearly are one which the package reads."""
    if site.environment is None:
        return
    for page in site.pages:
        told = set()
        for given in _dictionaries(page):
            for key, near in _slips(given.node, _source(site.environment, given.package)):
                place = (given.code.line, key.lineno)
                if place not in told:
                    told.add(place)
                    yield Finding(
                        page.path,
                        given.code.line_of(key.lineno - 1),
                        given.code.cell,
                        FindingKind.BAD_CALL,
                        Severity.WARNING,
                        _UNREAD.filled(
                            environment=site.environment.name, package=given.package, key=key.value
                        ),
                        _MEANT.filled(near=near),
                    )


def _dictionaries(page: Page) -> Iterator[_Given]:
    """The dictionaries that the page's calls of a package are given, by a name or as they are."""
    packages: dict[str, str] = {}
    named: dict[str, tuple[Block, ast.expr]] = {}
    for code in page.python:
        tree = parsing.tree_of(code.python)
        for node in ast.walk(tree) if tree else ():
            match node:
                case ast.Import(names=names):
                    tops = ((a.asname or a.name.partition(".")[0], a.name) for a in names)
                    packages |= {name: whole.partition(".")[0] for name, whole in tops}
                case ast.ImportFrom(module=str(module), names=names, level=0):
                    packages |= {a.asname or a.name: module.partition(".")[0] for a in names}
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict() as value):
                    named[name] = (code, value)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=func)):
                    packages[name] = packages.get(_root(func), "")
                case ast.Call():
                    package = packages.get(_root(node.func), "")
                    for passed in (*node.args, *(one.value for one in node.keywords)):
                        written, given = named.get(getattr(passed, "id", ""), (code, passed))
                        if package and isinstance(given, ast.Dict):
                            yield _Given(written, given, package)


def _root(func: ast.expr) -> str:
    while isinstance(func, ast.Attribute | ast.Call):
        func = func.value if isinstance(func, ast.Attribute) else func.func
    return func.id if isinstance(func, ast.Name) else ""


def _slips(whole: ast.Dict, source: _Source) -> Iterator[tuple[ast.Constant, str]]:
    for node in ast.walk(whole):
        if not isinstance(node, ast.Dict):
            continue
        keys = [one for one in node.keys if isinstance(one, ast.Constant)]
        texts = [one.value for one in keys if isinstance(one.value, str)]
        known = [one for one in texts if one in source.texts]
        unknown = [one for one in keys if one.value in texts and one.value not in source.words]
        if len(texts) < len(node.keys) or len(known) < max(_KNOWN, _SHARE * len(texts)):
            continue
        for key in unknown:
            if isinstance(key.value, str) and len(key.value) >= _SHORTEST:
                near = get_close_matches(key.value, source.texts - set(texts), 1, _ALIKE)
                yield from ((key, one) for one in near)


@lru_cache(maxsize=64)
def _source(environment: Environment, package: str) -> _Source:
    """The words of an installed package; none where it is not there, or not written in Python."""
    path = kept.file("words", environment.content, package)
    told = kept.read(path)
    if told is None:
        files = environment.modules.joinpath(package).rglob("*.py")
        texts = [file.read_text(encoding="utf-8", errors="replace") for file in files]
        told = {
            "words": sorted({word for text in texts for word in _WORD.findall(text)}),
            "texts": sorted({word for text in texts for word in _TEXT.findall(text)}),
        }
        kept.write(path, told)
    return _Source(frozenset(told["words"]), frozenset(told["texts"]))
