"""The output layer, the loss and the classes fit each other.

Keras, "Losses": `from_logits` says whether predictions are logits or probabilities;
`SparseCategoricalCrossentropy` wants one output a class. PyTorch, `torch.nn.CrossEntropyLoss`: its
input are logits, not normalised; `torch.nn.BCEWithLogitsLoss` has the sigmoid in it.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call, Part
from verify.rules.method import heads, practice
from verify.rules.method.heads import LINEAR, Head
from verify.rules.method.practice import Practice
from verify.system.words import Words

_SOFTMAX_OF_ONE = Words(
    zh="对单个输出做 softmax，无论输入是什么都得 1。",
    en="A softmax over a single output is 1, whatever the input is.",
)
_ONE_EACH = Words(
    zh="请给每个类别一个输出，或改用 sigmoid。",
    en="Give one output for each class, or use a sigmoid.",
)
_APPLIED_TWICE = Words(
    zh="最后一层已经有 {activation}，损失 `{loss}` 却被告知得到的是 logits"
    "（`from_logits=True`），于是激活了两次。",
    en="The last layer has a {activation} already, but the loss `{loss}` is told that it "
    "gets logits (from_logits=True), so that it is applied twice.",
)
_LEAVE_OUT = Words(
    zh="请去掉激活函数，或去掉 `from_logits=True`。",
    en="Leave out the activation, or from_logits=True.",
)
_NO_ACTIVATION = Words(
    zh="最后一层没有激活函数，损失 `{loss}` 却把它的输出当作概率。",
    en="The last layer has no activation, and the loss `{loss}` takes its outputs for "
    "probabilities.",
)
_GIVE_LOGITS = Words(
    zh="请给损失加上 `from_logits=True`，或给这一层加上激活函数。",
    en="Give the loss from_logits=True, or the layer an activation.",
)
_ONE_OUTPUT = Words(
    zh="最后一层只有一个输出，而损失 `{loss}` 需要每个类别一个。",
    en="The last layer has one output, and the loss `{loss}` needs one for each class.",
)
_AS_MANY = Words(
    zh="请让输出的个数与类别数相同，或改用二分类损失。",
    en="Give as many outputs as there are classes, or use a binary loss.",
)
_SIGMOID = Words(
    zh="损失 `{loss}` 用于互斥的类别，而 sigmoid 的各个输出加起来不等于 1。",
    en="The loss `{loss}` is for classes that exclude each other, and outputs of a "
    "sigmoid do not sum to 1.",
)
_SOFTMAX = Words(
    zh="请改用 softmax；如果一个样本可以有多个标签，请改用二分类损失。",
    en="Use a softmax; or a binary loss, if a sample may have several labels.",
)
_OWN_QUESTION = Words(
    zh="最后一层是对 {units} 个类别的 softmax，而损失 `{loss}` 把每个输出当作单独的问题。",
    en="The last layer is a softmax over {units} classes, and the loss `{loss}` takes "
    "each output for a question of its own.",
)
_CATEGORICAL = Words(zh="请改用多分类损失。", en="Use a categorical loss.")
OTHER_CLASSES = Words(
    zh="最后一层有 {units} 个输出，而训练所用的数据有 {classes} 个类别。",
    en="The last layer has {units} outputs, and the data that it is trained on have "
    "{classes} {noun}.",
)
EACH_CLASS = Words(
    zh="请给每个类别一个输出，或加载本来要用的数据。",
    en="Give it an output for each class, or load the data that are meant.",
)
ENDS_IN = Words(
    zh="`{network}` 以 {activation} 结尾，而损失 `{loss}` 要的是 logits，自己还会激活一次，"
    "于是激活了两次。",
    en="`{network}` ends in a {activation}, and the loss `{loss}` expects "
    "logits and applies one itself, so that it is applied twice.",
)
RETURN_BEFORE = Words(
    zh="请返回 {activation} 之前的值。", en="Return what comes before the {activation}."
)

_BINARY = {"binary_crossentropy", "BinaryCrossentropy"}
_DENSE = {"categorical_crossentropy", "CategoricalCrossentropy"}
_SPARSE = {"sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"}
_FOLDERS = {"image_dataset_from_directory", "text_dataset_from_directory"}
_FOUND = re.compile(r"Found \d+ (?:files|images) belonging to (\d+) classes")
_KNOWN_DATA = {
    "mnist": 10, "fashion_mnist": 10, "cifar10": 10, "cifar100": 100, "reuters": 46,
}  # fmt: skip

# What may leave out whole classes.
_CHOOSES = {"filter", "where", "isin", "compress", "delete", "query"}


def check(found: Practice) -> Iterator[Finding]:
    """Find output layers that do not fit."""
    told: set[tuple[int, int]] = set()
    for call in found.calls:
        head = heads.of_keras(call.on) if call.name == "compile" else None
        if head is None or (head.at.cell, head.at.row) in told:
            continue
        wrong_loss, other = unfit(head, call), _of_classes(found, head, call)
        if wrong := wrong_loss or other:
            told.add((head.at.cell, head.at.row))
            at = call if wrong_loss else head.at
            yield found.finding(at, FindingKind.OUTPUT_LAYER, *wrong)
    yield from _of_torch(found)


def unfit(  # noqa: PLR0911  # each way not to fit
    head: Head, compiled: Call
) -> tuple[Words, Words] | None:
    """Why a loss cannot make sense of what the last layer puts out."""
    name, logits = _loss(compiled)
    units, activation = head.units, head.activation
    if activation == "softmax" and units == 1:
        return _SOFTMAX_OF_ONE, _ONE_EACH
    if not name:
        return None
    if logits is True and activation in ("softmax", "sigmoid"):
        return _APPLIED_TWICE.filled(activation=activation, loss=name), _LEAVE_OUT
    if logits is False and activation == LINEAR and units is not None:
        return _NO_ACTIVATION.filled(loss=name), _GIVE_LOGITS
    if name in _SPARSE | _DENSE and units == 1:
        return _ONE_OUTPUT.filled(loss=name), _AS_MANY
    if name in _SPARSE | _DENSE and activation == "sigmoid":
        return _SIGMOID.filled(loss=name), _SOFTMAX
    if name in _BINARY and activation == "softmax" and units is not None and units > 2:  # noqa: PLR2004
        return _OWN_QUESTION.filled(units=units, loss=name), _CATEGORICAL
    return None


def _loss(compiled: Call) -> tuple[str, bool | None]:
    """The name of a loss of classes, and whether it takes logits; None where nobody knows."""
    loss = compiled.get("loss", 1)
    if isinstance(loss, str):
        return (loss, False) if loss in _BINARY | _DENSE | _SPARSE else ("", None)
    name = practice.last(loss)
    if not isinstance(loss, Call) or name not in _BINARY | _DENSE | _SPARSE:
        return (name, False) if name in _BINARY | _DENSE | _SPARSE else ("", None)
    logits = loss.get("from_logits", 0)
    return name, bool(logits) if logits in (None, True, False) else None


def _of_classes(found: Practice, head: Head, compiled: Call) -> tuple[Words, Words] | None:
    """Another number of outputs than the data have classes."""
    if head.units is None or _loss(compiled)[0] not in _SPARSE | _DENSE or head.units < 2:  # noqa: PLR2004
        return None
    counts = {
        _classes(found, call)
        for fit in found.fits
        if fit.on is compiled.on and _is_whole(fit.get("x", 0))
        for call in practice.calls_behind(fit.get("x", 0))
    } - {None}
    if len(counts) != 1 or (classes := counts.pop()) is None or classes == head.units:
        return None
    noun = "class" if classes == 1 else "classes"
    return OTHER_CLASSES.filled(units=head.units, classes=classes, noun=noun), EACH_CLASS


def _is_whole(data: object) -> bool:
    """Whether no sample can have been left out by what it is."""
    for one in practice.behind(data):
        if isinstance(one, Part) and not isinstance(one.key, int | slice | str):
            return False
        if isinstance(one, Call) and (one.own or practice.last(one) in _CHOOSES):
            return False
    return True


def _classes(found: Practice, call: Call) -> int | None:
    """How many classes the data have that a call loads."""
    if practice.last(call) in _FOLDERS:
        cell = next(one for one in found.cells if one.index == call.cell)
        told = {int(n) for out in cell.outputs for n in _FOUND.findall(out.text)}
        return told.pop() if len(told) == 1 else None
    parts = practice.dotted(call).split(".")
    if parts[-1] == "load_data" and "datasets" in parts[:-2]:
        return _KNOWN_DATA.get(parts[-2])
    return None


def _of_torch(found: Practice) -> Iterator[Finding]:
    """A network that ends in probabilities where every loss of the page wants logits."""
    losses = set(
        re.findall(r"\b(?:nn|F|functional)\.(\w+Loss|\w*cross_entropy\w*)\b", found.source)
    )
    several = losses - {"CrossEntropyLoss", "cross_entropy"}
    logistic = losses - {"BCEWithLogitsLoss", "binary_cross_entropy_with_logits"}
    if losses and not several and not found.networks:
        yield from _stacked(found, min(losses))
    for network in found.networks:
        head = heads.of_torch(network.returned)
        if head is None or not losses or head.activation == LINEAR:
            continue
        if (head.activation == "softmax" and not several) or (
            head.activation == "sigmoid" and not logistic
        ):
            loss = min(losses)
            yield found.finding(
                head.at,
                FindingKind.OUTPUT_LAYER,
                ENDS_IN.filled(network=network.own.name, activation=head.activation, loss=loss),
                RETURN_BEFORE.filled(activation=head.activation),
            )


def _stacked(found: Practice, loss: str) -> Iterator[Finding]:
    """The one network of a page, if it is layer on layer and the last one a softmax."""
    stacks = [one for one in found.calls if practice.dotted(one) == "torch.nn.Sequential"]
    name = found.names.get(id(stacks[0].node)) if len(stacks) == 1 else None
    layers = stacks[0].positional if name else ()
    if name and layers and practice.dotted(layers[-1]) == "torch.nn.Softmax":
        said = ENDS_IN.filled(network=name, activation="softmax", loss=loss)
        advice = RETURN_BEFORE.filled(activation="softmax")
        yield found.finding(stacks[0], FindingKind.OUTPUT_LAYER, said, advice)
