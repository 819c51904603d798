"""The literal numbers that a page's code gives to named parameters."""

import ast
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from verify.page.code.parsing import tree_of
from verify.page.code.replay import constant
from verify.page.code.values import Scope
from verify.page.page import Block, Page

Value = tuple[float, ...]

_ALIASES = {
    "batch size": "bs batchsize train_batch_size per_device_train_batch_size batch_sz",
    "epochs": "epoch num_epochs n_epochs nb_epochs max_epochs epoch_num total_epochs "
    "num_train_epochs",
    "rounds": "num_rounds n_rounds num_round n_round fed_rounds num_communication_rounds",
    "learning rate": "lr eta learning_rate init_lr",
    "classes": "num_classes n_classes nclass class_num n_class num_class num_labels",
    "threshold": "thres thresh",
    "top k": "topk",
    "random seed": "seed random_seed random_state",
    "dropout": "dropout_rate drop_rate dropout_ratio dropout_prob",
    "test share": "test_size test_ratio test_split validation_split val_split valid_size val_size "
    "val_ratio validation_ratio",
    "train share": "train_size train_ratio train_split split_factor train_fraction",
    "trees": "n_estimators num_trees n_trees num_boost_round",
    "image size": "image_size img_size target_size input_size",
    "height": "img_height image_height",
    "width": "img_width image_width",
}
_FIRST = {"Dropout": "dropout", "batch": "batch size", "padded_batch": "batch size"}
_TELLING = frozenset({"momentum", "patience"})
_CANONICAL = {alias: name for name, aliases in _ALIASES.items() for alias in aliases.split()}
_LISTS_OF_CLASSES = re.compile(
    r"(?:class|label|categor)\w*(?:names|list|es|s)$|^classes$|^labels$", re.IGNORECASE
)
_LISTS_OF_PARTIES = re.compile(r"part(?:y|ies)|participants|clients|nodes|entities", re.IGNORECASE)
_GIVERS = (
    ast.AugAssign,
    ast.For,
    ast.comprehension,
    ast.Call,
    ast.Assign,
    ast.AnnAssign,
    ast.arguments,
    ast.Dict,
    ast.Subscript,
)
_FEW = 4
_MOST_CHANNELS = 4


def is_usual(parameter: str) -> bool:
    """Whether it is a parameter that tutorials everywhere speak of."""
    return parameter in _ALIASES


def is_telling(parameter: str) -> bool:
    """Whether the words of a parameter cannot mean another thing in a sentence."""
    return " " in parameter or parameter in _ALIASES or parameter in _TELLING


def spellings(parameter: str) -> tuple[str, ...]:
    """The canonical words of a parameter and those of its other names."""
    others = _ALIASES.get(parameter, "").split()
    return (parameter, *(other.replace("_", " ") for other in others))


@dataclass(frozen=True)
class Literal:
    """A value given to a parameter: a number, those of a tuple, none where only a run knows it.

    `row` and `last_row` are 0-based lines of the source.
    """

    parameter: str
    value: Value
    code: Block
    row: int
    last_row: int


def canonical(identifier: str) -> str:
    """The words of a parameter, whatever a page calls it: `EPOCHS` and `num_epochs` are one."""
    name = identifier.strip("_").lower()
    return _CANONICAL.get(name, name.replace("_", " "))


def of_page(page: Page) -> tuple[Literal, ...]:
    """All literal values of the parameters in a page's Python, in order."""
    constants: Scope = {}
    return tuple(literal for code in page.python for literal in _of_code(code, constants))


def _of_code(code: Block, constants: Scope) -> Iterator[Literal]:
    for node, last in _nodes(tree_of(code.python)):
        for name, expression in _given(node):
            known = constant(expression, constants)
            value = _numbers(known)
            if isinstance(node, ast.Assign | ast.AnnAssign):
                constants[name] = known
            if isinstance(node, ast.AugAssign):
                value = None
            elif value is None and (_is_text(expression) or _hands_on(name, expression)):
                continue
            row = expression.lineno - 1
            yield Literal(canonical(name), value or (), code, row, last - 1)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant | ast.JoinedStr)


def _hands_on(name: str, node: ast.expr) -> bool:
    """Whether a parameter only gets what already has its name: `f(epochs=epochs)`."""
    match node:
        case ast.Name(id=other) | ast.Attribute(attr=other):
            return canonical(other) == canonical(name)
    return False


def _nodes(tree: ast.Module | None) -> Iterator[tuple[ast.AST, int]]:
    """Everything in a tree that may give a parameter a value, with its statement's last line."""
    todo: list[tuple[ast.AST, int]] = [(tree, 0)] if tree else []
    while todo:
        node, last = todo.pop()
        if isinstance(node, ast.stmt):
            last = node.end_lineno or node.lineno
        if isinstance(node, _GIVERS):
            yield node, last
        todo += [
            (child, last)
            for child in reversed(list(ast.iter_child_nodes(node)))
            if not isinstance(child, ast.expr_context | ast.operator | ast.Constant | ast.Name)
        ]


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:  # noqa: C901, PLR0912  # one case a way
    match node:
        case ast.Call(func=function, args=arguments, keywords=keywords):
            for keyword in keywords:
                if keyword.arg:
                    yield keyword.arg, keyword.value
            name = function.attr if isinstance(function, ast.Attribute) else ""
            name = function.id if isinstance(function, ast.Name) else name
            yield from _positional(name, arguments, keywords)
        case (
            ast.For(target=ast.Name(id=name), iter=ast.List(elts=values) | ast.Tuple(elts=values))
            | ast.comprehension(
                target=ast.Name(id=name), iter=ast.List(elts=values) | ast.Tuple(elts=values)
            )
        ):
            yield from ((name, value) for value in values)
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _assigned(target, value)
        case ast.AugAssign(target=ast.Name(id=name) | ast.Attribute(attr=name)):
            yield name, node.target  # a counter
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _assigned(target, value)
        case ast.arguments(posonlyargs=first, args=others, defaults=defaults):
            names = [*first, *others]
            with_default = names[len(names) - len(defaults) :]
            for argument, default in zip(with_default, defaults, strict=True):
                yield argument.arg, default
            for argument, other in zip(node.kwonlyargs, node.kw_defaults, strict=True):
                if other is not None:
                    yield argument.arg, other
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value
        case ast.Subscript(value=base, slice=ast.Slice(lower=lower, upper=upper)):
            if "layers" in ast.unparse(base):
                yield from [("first layers", upper)] if upper and not lower else []
                yield from [("first layers", lower)] if lower and not upper else []


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    match target:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            yield name, value
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            yield name, value
        case ast.Tuple(elts=targets) if isinstance(value, ast.Tuple):
            for one, its_value in zip(targets, value.elts, strict=False):
                yield from _assigned(one, its_value)


def _positional(
    name: str, arguments: list[ast.expr], keywords: list[ast.keyword]
) -> Iterator[tuple[str, ast.expr]]:
    if not arguments:
        return
    activations = [k.value for k in keywords if k.arg == "activation"]
    if name == "Dense" and any("softmax" in ast.unparse(value) for value in activations):
        yield "softmax units", arguments[0]
    elif name in ("Resize", "resize"):
        yield "image size", arguments[-1 if name == "resize" else 0]
    elif name in _FIRST:
        yield _FIRST[name], arguments[0]


def _numbers(value: object) -> Value | None:
    """A number, or the few that are together, as numbers."""
    several = value if isinstance(value, list | tuple) else [value]
    numbers = [x for x in several if isinstance(x, int | float) and not isinstance(x, bool)]
    if not numbers or len(numbers) != len(several) or len(numbers) > _FEW:
        return None
    try:
        return tuple(map(float, numbers))
    except OverflowError:
        return None


def lists_of_names(page: Page) -> dict[str, frozenset[int]]:
    """The lengths of the lists of strings that name classes or parties."""
    found: dict[str, set[int]] = {"classes": set(), "parties": set()}
    for name, listed in _named_lists(page):
        if _LISTS_OF_CLASSES.search(name):
            found["classes"].add(len(listed))
        if _LISTS_OF_PARTIES.search(name):
            found["parties"].add(len(listed))
    return {name: frozenset(lengths - {0, 1}) for name, lengths in found.items()}


def names_of_classes(page: Page) -> Iterator[tuple[str, ...]]:
    """The lists of strings that name classes."""
    return (listed for name, listed in _named_lists(page) if _LISTS_OF_CLASSES.search(name))


def speaks_of_classes(source: str) -> bool:
    """Whether a name in some code is one for a list of classes."""
    return any(_LISTS_OF_CLASSES.search(name) for name in re.findall(r"[A-Za-z_]\w+", source))


def _named_lists(page: Page) -> Iterator[tuple[str, tuple[str, ...]]]:
    for code in page.python:
        for node, _ in _nodes(tree_of(code.python)):
            for name, given in [*_given(node), *_initialised(node)]:
                match given:
                    case ast.Call(func=ast.Name(id="sorted" | "list" | "tuple"), args=[expression]):
                        pass
                    case expression:
                        pass
                if not isinstance(expression, ast.List | ast.Tuple):
                    continue
                texts = [getattr(element, "value", None) for element in expression.elts]
                listed = tuple(text for text in texts if isinstance(text, str))
                if len(listed) == len(texts):
                    yield name, listed


def _initialised(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """`sf.init(['alice', 'bob'])` names its parties by place."""
    match node:
        case ast.Call(func=ast.Attribute(attr="init"), args=[first, *_]):
            yield "parties", first


def near(a: float, b: float) -> bool:
    """Whether two numbers are the same, floating point aside."""
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-12)


def sizes(literals: Sequence[Literal]) -> frozenset[tuple[float, float]]:
    """The sizes of pictures that the code asks for, as (height, width)."""
    found: set[tuple[float, float]] = set()
    for literal in literals:
        if literal.parameter in ("image size", "input shape", "input size"):
            # A first or last number of such a shape is one of channels.
            edges = tuple(edge for edge in literal.value if edge > _MOST_CHANNELS)
            edges = edges * 2 if len(edges) == 1 else edges
            found |= {(a, b) for a, b in pairwise(edges)}
    heights = [x.value[0] for x in literals if x.parameter == "height" and x.value]
    widths = [x.value[0] for x in literals if x.parameter == "width" and x.value]
    found |= set(zip(heights, widths, strict=False))
    return frozenset(found)
