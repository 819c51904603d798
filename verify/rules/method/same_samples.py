"""Each party of a horizontal federation has samples of its own.

McMahan et al., "Communication-Efficient Learning of Deep Networks from Decentralized Data" (2017),
section 1: clients hold data sets of their own. Where all hold the same samples, federated training
is local training: nothing can be concluded from comparing the two.
"""

from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.constants import is_constant
from verify.page.code.values import UNKNOWN, Call
from verify.rules.method import practice
from verify.rules.method.practice import Practice

_FEDERATED = "FLModel"


def check(found: Practice) -> Iterator[Finding]:
    """Find trainings of several parties on the same file."""
    told: set[tuple[int, ...]] = set()
    for fit in found.fits:
        if not isinstance(fit.on, Call) or practice.last(fit.on) != _FEDERATED:
            continue
        data = fit.get("x", 0)
        if not isinstance(data, dict) or len(data) < 2:  # noqa: PLR2004
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
            f"All {len(data)} parties train on the same samples: each is given the same data.",
            "Give each party a part of the samples, none of which another party has.",
        )


def _alike_built(builders: object) -> bool:
    """Whether what builds the data sets cannot take another part for each party."""
    if builders is None:
        return True
    if not isinstance(builders, dict):
        return False
    made = [_made(one) for one in builders.values()]
    return UNKNOWN not in made and all(practice.same(made[0], one) for one in made[1:])


def _made(builder: object) -> object:
    """What a builder is made of: the function, and the values that it sees."""
    node = getattr(builder, "node", None)
    if node is None:
        return UNKNOWN
    names = [argument.arg for argument in node.args.args]
    scope: dict[str, object] = getattr(builder, "seen", {})
    seen = {k: v for k, v in scope.items() if is_constant(v) and k not in names}
    return (id(node), {k: repr(v) for k, v in seen.items()})
