"""Every seed, generator and sampler is used.

PyTorch, notes "Reproducibility", and NumPy, "Random Generator": a generator and a seed act only on
what draws from them. A page that makes one and passes it to nothing promises a repetition, or an
order of samples, that it does not have.
"""

import ast
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_NOT_SHUFFLED = Words(
    zh="`{function}` 只在要求打乱时才读取 `{name}`，而这里没有要求。",
    en="`{function}` reads its `{name}` only where it is told to shuffle, and here it is not.",
)
_TURN_ON = Words(
    zh="请打开打乱，或去掉 `{name}`。", en="Turn the shuffling on, or leave `{name}` out."
)
_SEED_NAMED = Words(zh="种子", en="seed")
_SAMPLER = Words(zh="采样器", en="sampler")
_GENERATOR = Words(zh="生成器", en="generator")
_UNUSED = Words(
    zh="定义了{what} `{name}`，却没有用到。",
    en="The {what} `{name}` is made, and nothing uses it.",
)
_PASS = Words(
    zh="请把它传给抽取或加载样本的代码，或去掉它。",
    en="Pass it to what draws or loads the samples, or leave it out.",
)

_SEED = re.compile(r"^(?:\w+_)?seed$|^random_state$", re.IGNORECASE)
_MAKES = re.compile(r"(?:^|\.)(?:default_rng|RandomState|Generator|\w*Sampler)$")


def check(found: Practice) -> Iterator[Finding]:
    """Find what is made to fix chance, and nothing reads."""
    yield from _switched_off(found)
    if len(found.trees) == len(found.cells):
        yield from _of_page(found)
    for _, tree in found.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _of_function(found, node)


def _switched_off(found: Practice) -> Iterator[Finding]:
    """Seeds for the page's own functions that read them only where they are told to shuffle."""
    told = set()
    for call in found.calls:
        node = call.own.node if call.own else None
        if not isinstance(node, ast.FunctionDef):
            continue
        off = {name for name, value in call.keywords.items() if value is False}
        seeds = [name for name in call.keywords if _SEED.match(name)]
        if not off or not seeds:
            continue
        dead = {
            id(one)
            for branch in ast.walk(node)
            if isinstance(branch, ast.If)
            and isinstance(branch.test, ast.Name)
            and branch.test.id in off
            for statement in branch.body
            for one in ast.walk(statement)
        }
        for name in seeds:
            uses = [one for one in ast.walk(node) if isinstance(one, ast.Name) and one.id == name]
            alive = [one for one in uses if id(one) not in dead]
            if uses and not alive and (call.cell, node.name, name) not in told:
                told.add((call.cell, node.name, name))
                yield found.finding(
                    call,
                    FindingKind.UNUSED_CHANCE,
                    _NOT_SHUFFLED.filled(function=node.name, name=name),
                    _TURN_ON.filled(name=name),
                )


def _of_page(found: Practice) -> Iterator[Finding]:
    read = {name for _, tree in found.trees for name in _read(tree)}
    for _, tree in found.trees:
        for statement in tree.body:
            for name, what in _made(statement):
                # A shell line may read it as well.
                everywhere = found.source if found.page.is_notebook else found.page.text
                mentioned = len(re.findall(rf"\b{re.escape(name)}\b", everywhere)) > 1
                if name not in read and not mentioned and _is_used_here(found, what):
                    yield _finding(found, statement, name, what)


def _is_used_here(found: Practice, what: Words) -> bool:
    """Whether the page goes on to what would read it; a text may show its use elsewhere."""
    loads = any(practice.last(call) == "DataLoader" for call in found.calls)
    return found.page.is_notebook or (loads and what is not _SEED_NAMED)


def _of_function(
    found: Practice, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> Iterator[Finding]:
    read = set(_read(function))
    for statement in ast.walk(function):
        if isinstance(statement, ast.Assign) and "locals" not in read:
            for name, what in _made(statement):
                if name not in read:
                    yield _finding(found, statement, name, what)


def _made(statement: ast.AST) -> Iterator[tuple[str, Words]]:
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return
    target, value = statement.targets[0], statement.value
    if not isinstance(target, ast.Name) or target.id == "_":
        return
    if _SEED.match(target.id) and isinstance(value, ast.Constant) and type(value.value) is int:
        yield target.id, _SEED_NAMED
    while isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
        if value.func.attr != "manual_seed":
            break
        value = value.func.value
    if isinstance(value, ast.Call) and (found := _MAKES.search(ast.unparse(value.func))):
        yield target.id, _SAMPLER if found[0].endswith("Sampler") else _GENERATOR


def _read(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
            yield node.id
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names


def _finding(found: Practice, at: ast.stmt, name: str, what: Words) -> Finding:
    return found.finding(
        at,
        FindingKind.UNUSED_CHANCE,
        _UNUSED.filled(what=what, name=name),
        _PASS,
    )
