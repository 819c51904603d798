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
_OWN_PART = Words(
    zh="请给每个参与方一部分样本，互不重复。",
    en="Give each party a part of the samples, none of which another party has.",
)

_FEDERATED = "FLModel"
# Where parties have other columns of the same samples, one file may be all of them.
_VERTICAL = re.compile(r"vertical|split learning|SLModel|SplitRec|垂直|纵向|拆分", re.IGNORECASE)


def check(found: Practice) -> Iterator[Finding]:
    """Find trainings of several parties on the same file."""
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
