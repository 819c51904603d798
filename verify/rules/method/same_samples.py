"""Each party of a horizontal federation has samples of its own.

McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data" (2017),
section 1: clients hold data sets of their own. Where all hold the same samples, federated training
is local training: nothing can be concluded from comparing the two.
"""

import ast
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call, Imported, Own
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_SAME = Words(
    zh="{count} 个参与方都用同样的样本训练：各方得到的是同一份数据。",
    en="All {count} parties train on the same samples: each is given the same data.",
)
_SAME_ROWS = Words(
    zh="`{one}` 与 `{other}` 得到的样本相同：两方都调用 `{function}({arguments})`。",
    en="`{one}` and `{other}` get the same samples: both call `{function}({arguments})`.",
)
_OWN_PART = Words(
    zh="请给每个参与方一部分样本，互不重复。",
    en="Give each party a part of the samples, none of which another party has.",
)

_FEDERATED = "FLModel"
# Where parties have other columns of the same samples, one file may be all of them.
_VERTICAL = re.compile(r"vertical|split learning|SLModel|SplitRec|垂直|纵向|拆分", re.IGNORECASE)


def check(found: Practice) -> Iterator[Finding]:
    """Find trainings of several parties on the same file."""
    yield from _cut_alike(found)
    told: set[tuple[int, ...]] = set()
    for fit in found.fits:
        data = fit.get("x", 0)
        if not isinstance(data, dict) or len(data) < 2:  # noqa: PLR2004
            continue
        if practice.last(fit.on) != _FEDERATED and not _are_parties(data, found):
            continue
        first, *others = data.values()
        alike = all(practice.same(first, other) for other in others)
        key = (id(first),)
        if not alike or key in told or not _alike_built(fit.get("dataset_builder")):
            continue
        told.add(key)
        yield found.finding(
            fit,
            FindingKind.SAME_SAMPLES,
            _SAME.filled(count=len(data)),
            _OWN_PART,
        )


def _cut_alike(found: Practice) -> Iterator[Finding]:
    """Parties that each cut the same rows, by the same function and the same bounds."""
    cutting = {
        node.name
        for _, tree in found.trees
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and _cuts(node)
    }
    given: dict[tuple[str, str], str] = {}
    for _, tree in found.trees if cutting and "PYU(" in found.source else ():
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Call(func=ast.Name(id=party), args=[ast.Name(id=function), *_]),
                    args=[_, *_] as bounds,
                ) if function in cutting and all(isinstance(b, ast.Constant) for b in bounds):
                    arguments = ", ".join(map(ast.unparse, bounds))
                    other = given.setdefault((function, arguments), party)
                    if other != party and not node.keywords:
                        said = _SAME_ROWS.filled(
                            one=other, other=party, function=function, arguments=arguments
                        )
                        yield found.finding(node, FindingKind.SAME_SAMPLES, said, _OWN_PART)


def _cuts(function: ast.FunctionDef) -> bool:
    """Whether a function is given the bounds of rows, and nothing else."""
    own = {one.arg for one in function.args.args}
    bounds = {
        bound.id
        for node in ast.walk(function)
        if isinstance(node, ast.Slice)
        for bound in (node.lower, node.upper)
        if isinstance(bound, ast.Name)
    }
    return bool(bounds) and own == bounds


def _are_parties(data: dict[object, object], found: Practice) -> bool:
    """Whether it is for parties of a horizontal federation that a library of any name trains."""
    known = all(isinstance(key, Call | Imported) for key in data)
    return known and not _VERTICAL.search(found.page.text)


def _alike_built(builders: object) -> bool:
    """Whether what builds the data sets cannot take another part for each party."""
    if builders is None:
        return True
    if not isinstance(builders, dict):
        return False
    first, *others = builders.values()
    return all(_sees_the_same(first, other) for other in others)


def _sees_the_same(one: object, other: object) -> bool:
    """Whether two functions are one, and all that they read from outside is the same."""
    if not isinstance(one, Own) or not isinstance(other, Own) or one.node is not other.node:
        return False
    names = [node for node in ast.walk(one.node) if isinstance(node, ast.Name)]
    own = {node.arg for node in ast.walk(one.node) if isinstance(node, ast.arg)}
    own |= {node.id for node in names if isinstance(node.ctx, ast.Store)}
    read = {node.id for node in names} - own
    return all(
        practice.same(one.seen.get(name), other.seen.get(name))
        for name in read & (one.seen.keys() | other.seen.keys())
    )
