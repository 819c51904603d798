"""The part that a model is judged by has the classes that it was trained on.

scikit-learn, user guide, section 3.1.2.2, "Cross-validation iterators with stratification based on
class labels": the parts of a split are to have about the classes of the whole. Judged is what a
page has printed of both parts itself.
"""

import ast
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.rules.method import validation
from verify.rules.method.practice import Practice
from verify.system.words import Text, Words, joined

_LACKS = Words(
    zh="已存输出表明，`{held}` 缺少 `{trained}` 中的类别：{classes}。",
    en="As the stored output shows, `{held}` lacks classes that `{trained}` has: {classes}.",
)
_HAS_OTHERS = Words(
    zh="已存输出表明，`{held}` 含有 `{trained}` 中没有的类别：{classes}。",
    en="As the stored output shows, `{held}` has classes that `{trained}` lacks: {classes}.",
)
_STRATIFY = Words(
    zh="请先打乱再划分，或对每个类别分别划分（`stratify`）。",
    en="Shuffle before the split, or split each class on its own (stratify).",
)
_LISTED = re.compile(r"\[([^\[\]]*)\]")
_SAYS_SO = re.compile(r"\b(?:missing|lacks?|absent|unseen|not all|only some)\b|缺少|缺失|没有|未见")
# `fit` besides: classes are printed of labels alone, not of points that a curve is fitted to.
_FOR_TRAINING = re.compile(r"(?:^|_)(?:train|training|fit)(?:_|$)", re.IGNORECASE)
_LABELS = re.compile(r"y|label|target|class", re.IGNORECASE)


def check(found: Practice) -> Iterator[Finding]:
    """Find parts whose classes differ, where a page prints those of both."""
    shown: dict[str, tuple[ast.AST, frozenset[str]]] = {}
    for cell, tree in found.trees:
        names = [(name, node) for node in tree.body if (name := _printed(node))]
        printed = sum(isinstance(one, ast.Call) and _is_print(one) for one in ast.walk(tree))
        lists = _LISTED.findall("\n".join(output.text for output in cell.outputs))
        if names and len(names) == len(lists) == printed:
            classes = (frozenset(re.split(r"[\s,]+", one.strip())) for one in lists)
            shown |= {name: (node, one) for (name, node), one in zip(names, classes, strict=True)}
    if any(_SAYS_SO.search(piece.text) for piece in found.page.prose):
        return
    for held, (at, own) in shown.items():
        for trained, (_, known) in shown.items():
            if validation.FOR_JUDGING.search(held) and _FOR_TRAINING.search(trained):
                for says, some in ((_LACKS, known - own), (_HAS_OTHERS, own - known)):
                    if some:
                        message = says.filled(held=held, trained=trained, classes=_said(some))
                        yield found.finding(at, FindingKind.ORDERED_SPLIT, message, _STRATIFY)
                        break


def _said(classes: frozenset[str]) -> Text:
    return joined(sorted(classes), zh="、", en=", ")


def _is_print(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == "print"


def _printed(node: ast.stmt) -> str:
    """The labels whose classes a statement prints: `print(np.unique(labels))`."""
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return ""
    last = node.value.args[-1] if _is_print(node.value) and node.value.args else None
    match last:
        case ast.Call(func=ast.Attribute(attr="unique"), args=[ast.Name(id=name)], keywords=[]):
            return name if _LABELS.search(name) else ""
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="unique"), args=[]):
            return name if _LABELS.search(name) else ""
    return ""
