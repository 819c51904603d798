"""A network of torchvision's gets a new head: it fits the data, is trained, and trained gently.

PyTorch, tutorial "Transfer Learning for Computer Vision": the new layer has an output for each
class, and layers are frozen before the new one is put in, which is trained. For rates see
`unfrozen_base`; torchvision, "Datasets": the classes of each.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from verify.finding import Finding, FindingKind
from verify.rules.method import heads, output_layer, unfrozen_base
from verify.rules.method.practice import Practice
from verify.system.words import Words

_FROZEN = Words(
    zh="`{network}` 的新输出层在冻结之前就已放入，于是也被冻结：它会一直是最初的随机值。",
    en="The new head of `{network}` is put in before its layers are frozen, so that it is frozen "
    "as well, and stays as random as it began.",
)
_FREEZE_FIRST = Words(
    zh="请先冻结，再放入新的输出层。", en="Freeze the layers first, and put the new head in then."
)

_HEADS = {"fc", "classifier", "head", "heads"}
_FREES = re.compile(r"requires_grad\s*=\s*True|requires_grad_\(\s*(?:True)?\s*\)")
_STARTS = re.compile(r"\bpretrained\s*=\s*True|\bweights\s*=\s*(?:['\"]|[\w.]*Weights\b)")
_LOSSES = re.compile(r"\b(?:nn|F|functional)\.(\w+Loss|\w*cross_entropy\w*)\b")
_OF_LOGITS = {"CrossEntropyLoss", "cross_entropy"}
_CLASSES = {
    "MNIST": 10, "FashionMNIST": 10, "KMNIST": 10, "CIFAR10": 10, "CIFAR100": 100, "SVHN": 10,
    "STL10": 10, "Flowers102": 102, "Food101": 101, "OxfordIIITPet": 37, "FGVCAircraft": 100,
    "StanfordCars": 196, "DTD": 47, "GTSRB": 43, "EuroSAT": 10, "Caltech256": 257,
}  # fmt: skip
_DATA = re.compile(r"\bdatasets\.(\w+)\(")
_OPTIMIZERS = {"Adam", "AdamW", "Adamax", "NAdam", "RAdam", "RMSprop", "SGD"}
_FULL_OF_SGD = 0.05


@dataclass(frozen=True)
class _NewHead:
    """What is put in as the head of a network; `at` is the statement."""

    at: ast.Assign
    network: str
    layer: ast.Call


def check(found: Practice) -> Iterator[Finding]:
    """Find new heads of torchvision's networks that do not fit, stay random, or harm the rest."""
    if "torchvision" not in found.source:
        return
    yield from _own_networks(found)
    new = list(_new_heads(found))
    for head in new:
        yield from _unfit(found, head)
        yield from _frozen(found, head)
    if new:
        yield from _too_fast(found, new[0])


def _own_networks(found: Practice) -> Iterator[Finding]:
    """Networks that the page defines, of another width than the one data set has classes."""
    classes = _known_classes(found)
    for network in found.networks if classes else ():
        head = heads.of_torch(network.returned)
        if head and head.units and head.activation == heads.LINEAR and head.units != classes:
            said = output_layer.OTHER_CLASSES.filled(
                units=head.units, classes=classes, noun="classes"
            )
            kind = FindingKind.OUTPUT_LAYER
            yield found.finding(head.at, kind, said, output_layer.EACH_CLASS)


def _known_classes(found: Practice) -> int | None:
    """How many classes the one data set of the page has, where a loss wants an output for each."""
    losses, data = set(_LOSSES.findall(found.source)), set(_DATA.findall(found.source))
    sure = len(data) == 1 and losses and losses <= _OF_LOGITS
    return _CLASSES.get(data.pop()) if sure else None


def _new_heads(found: Practice) -> Iterator[_NewHead]:
    for _, tree in found.trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
                continue
            target = node.targets[0]
            place = target.value if isinstance(target, ast.Subscript) else target
            if isinstance(place, ast.Attribute) and place.attr in _HEADS:
                network = ast.unparse(place.value)
                if network != "self" and (layer := _last_layer(node.value)):
                    yield _NewHead(node, network, layer)


def _last_layer(value: ast.Call) -> ast.Call | None:
    if _name(value) == "Sequential":
        last = value.args[-1] if value.args else None
        return _last_layer(last) if isinstance(last, ast.Call) else None
    return value


def _name(call: ast.Call) -> str:
    return ast.unparse(call.func).rpartition(".")[2]


def _unfit(found: Practice, head: _NewHead) -> Iterator[Finding]:
    """A head that ends in probabilities where logits are wanted, or has another width."""
    losses = set(_LOSSES.findall(found.source))
    kind = FindingKind.OUTPUT_LAYER
    if losses and losses <= _OF_LOGITS and _name(head.layer) == "Softmax":
        said = output_layer.ENDS_IN.filled(
            network=head.network, activation="softmax", loss=min(losses)
        )
        advice = output_layer.RETURN_BEFORE.filled(activation="softmax")
        yield found.finding(head.at, kind, said, advice)
    classes = _known_classes(found) if _name(head.layer) == "Linear" else None
    units = _units(found, head.layer) if classes else None
    if units and units != classes:
        said = output_layer.OTHER_CLASSES.filled(units=units, classes=classes, noun="classes")
        yield found.finding(head.at, kind, said, output_layer.EACH_CLASS)


def _units(found: Practice, layer: ast.Call) -> int | None:
    """The outputs of a linear layer, which may be a constant of the page."""
    given = {one.arg: one.value for one in layer.keywords}.get("out_features")
    given = given or (layer.args[1] if len(layer.args) > 1 else None)
    if isinstance(given, ast.Name):
        values = {
            ast.unparse(node.value)
            for _, tree in found.trees
            for node in ast.walk(tree)
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == given.id
        }
        text = values.pop() if len(values) == 1 else ""
        return int(text) if text.isdigit() else None
    return given.value if isinstance(given, ast.Constant) and type(given.value) is int else None


def _frozen(found: Practice, head: _NewHead) -> Iterator[Finding]:
    """A loop after it, among the same statements, that freezes all of the network."""
    if _FREES.search(found.source):
        return
    for body in _bodies(found):
        if head.at not in body:
            continue
        for later in body[body.index(head.at) + 1 :]:
            if isinstance(later, ast.For) and _freezes(later, head.network):
                said = _FROZEN.filled(network=head.network)
                yield found.finding(later, FindingKind.FROZEN_RANDOM, said, _FREEZE_FIRST)
                return
            if isinstance(later, ast.Assign) and head.network in map(ast.unparse, later.targets):
                return


def _bodies(found: Practice) -> Iterator[list[ast.stmt]]:
    yield [statement for _, tree in found.trees for statement in tree.body]
    for _, tree in found.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                yield node.body


def _freezes(loop: ast.For, network: str) -> bool:
    all_of_it = ast.unparse(loop.iter) == f"{network}.parameters()"
    return all_of_it and any(
        isinstance(one, ast.Assign)
        and ast.unparse(one) == f"{ast.unparse(loop.target)}.requires_grad = False"
        for one in loop.body
    )


def _too_fast(found: Practice, head: _NewHead) -> Iterator[Finding]:
    """All of a pretrained network trained with its new head at the rate for a training anew."""
    if "requires_grad" in found.source or not _STARTS.search(found.source):
        return
    for _, tree in found.trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or _name(node) not in _OPTIMIZERS or not node.args:
                continue
            rates = [one.value for one in node.keywords if one.arg == "lr"] + node.args[1:2]
            rate = rates[0] if rates else ast.Constant(1e-3)
            known = isinstance(rate, ast.Constant) and isinstance(rate.value, float)
            full = _FULL_OF_SGD if _name(node) == "SGD" else unfrozen_base.FULL
            of_all = ast.unparse(node.args[0]) == f"{head.network}.parameters()"
            if of_all and known and rate.value >= full:  # type: ignore[attr-defined]
                said = unfrozen_base.TOGETHER.filled(base=head.network)
                yield found.finding(node, FindingKind.UNFROZEN_BASE, said, unfrozen_base.FREEZE)
                return
