"""A loop of PyTorch's clears the gradients, and switches dropout off before it evaluates.

PyTorch, `torch.nn.Module.eval` and the notes "Autograd mechanics", section "Evaluation Mode":
`no_grad` does not switch modules to evaluation. `torch.optim.Optimizer.zero_grad`, and the tutorial
"Zeroing out gradients in PyTorch": gradients add up until they are cleared.
"""

import ast
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_TRAINING_MODE = Words(
    zh="网络含有 `{layer}`，却在训练模式下评估：只用 `no_grad` 并不会关掉它。",
    en="The network has `{layer}` and is evaluated in training mode: "
    "no_grad alone does not switch it off.",
)
_EVAL = Words(
    zh="请在评估之前调用网络的 `eval()`，之后调用 `train()`。",
    en="Call `eval()` of the network before, and `train()` after.",
)
_NEVER_CLEARED = Words(
    zh="梯度从不清零，因此每一步都带着之前所有批次的梯度。",
    en="The gradients are never cleared, so that each step follows those of all batches before.",
)
_CLEAR = Words(
    zh="请在每次 `backward()` 之前调用优化器的 `zero_grad()`。",
    en="Call `zero_grad()` of the optimizer before each `backward()`.",
)

_TWO_MODES = re.compile(r"^(?:Dropout\w*|AlphaDropout|BatchNorm\dd|SyncBatchNorm)$")
_NO_GRADIENT = re.compile(r"\b(?:no_grad|inference_mode)\(")
_TO_EVALUATE = re.compile(r"\.eval\(\)|\.train\((?:mode\s*=\s*)?False|\.train\(mode")
_CLEARS = re.compile(r"zero_grad|\.grad\s*=\s*None|\.grad\.zero_|set_to_none")

# Its networks have layers of both kinds.
_OF_ZOO = re.compile(
    r"torchvision\.models\.(?:\w+\.)*(?:resnet|resnext|wide_resnet|densenet|mobilenet|efficientnet|vgg\w*_bn"
    r"|inception|googlenet|mnasnet|regnet|shufflenet)\w*$"
)


def check(found: Practice) -> Iterator[Finding]:
    """Find loops that lack one or the other."""
    if ".backward(" not in found.source or "torch" not in found.source:
        return
    modes = [
        call
        for network in found.networks
        for call in network.made.inside
        if isinstance(call, Call)
        and practice.dotted(call).startswith("torch.nn.")
        and _TWO_MODES.match(practice.last(call))
    ]
    modes += [one for one in found.calls if _OF_ZOO.match(practice.dotted(one))]
    if modes and not _TO_EVALUATE.search(found.source):
        for node in _evaluations(found):
            yield found.finding(
                node,
                FindingKind.TRAINING_LOOP,
                _TRAINING_MODE.filled(layer=practice.last(modes[0])),
                _EVAL,
            )
            break
    if not _CLEARS.search(found.source):
        for loop in _steps(found):
            yield found.finding(loop, FindingKind.TRAINING_LOOP, _NEVER_CLEARED, _CLEAR)
            break


def _evaluations(found: Practice) -> Iterator[ast.With]:
    """Where something is computed without gradients in a loop over batches."""
    for _, tree in found.trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.With):
                continue
            loops = any(isinstance(one, ast.For | ast.comprehension) for one in ast.walk(node))
            if loops and _NO_GRADIENT.search(ast.unparse(node.items[0])):
                yield node


def _steps(found: Practice) -> Iterator[ast.For]:
    """Loops that go back and take a step of an optimizer."""
    for _, tree in found.trees:
        for node in ast.walk(tree):
            if not isinstance(node, ast.For):
                continue
            called = {
                one.func.attr: one
                for one in ast.walk(node)
                if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute)
            }
            step = called.get("step")
            if "backward" in called and step and "optim" in ast.unparse(step.func).lower():
                yield node
