"""A head with random weights is trained before the pretrained network below it is.

Keras, guide "Transfer learning & fine-tuning", sections on freezing and on fine-tuning: mixing new
layers with trainable pretrained ones makes large updates, which destroy what the network has
learnt; and fine-tuning needs a very low learning rate.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call
from verify.rules.method import heads, practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

TOGETHER = Words(
    zh="预训练的 `{base}` 与新的输出层一起训练，学习率却是从头训练所用的："
    "最初的大幅更新会破坏它已学到的内容。",
    en="The pretrained `{base}` is trained together with a new head, at a learning rate for "
    "training from scratch: the first, large updates destroy what it has learnt.",
)
FREEZE = Words(
    zh="请先冻结它，只训练输出层；再解冻，用 1e-5 左右的学习率训练。",
    en="Freeze it and train the head first; then unfreeze it with a learning rate of 1e-5 or so.",
)

_FREEZES = re.compile(r"\btrainable\b(?!\s*=\s*True)")
FULL = 1e-3
_OPTIMIZERS = {"Adam", "RMSprop", "Nadam", "Adamax", "AdamW"}
_BY_NAME = {name.lower() for name in _OPTIMIZERS}


def check(found: Practice) -> Iterator[Finding]:
    """Find such networks of Keras, where nothing is frozen on the whole page."""
    if _FREEZES.search(found.source):
        return
    for call in found.calls:
        if call.name != "compile" or not _is_full(call.get("optimizer", 0)):
            continue
        head = heads.of_keras(call.on)
        if head is None or not isinstance(call.on, Call):
            continue
        bases = [
            one
            for one in practice.calls_behind(call.on, *[use.positional for use in call.on.uses])
            if "keras.applications." in practice.dotted(one)
            and one.keywords.get("weights", "imagenet") == "imagenet"
            and one.keywords.get("include_top") is False
        ]
        fitted = any(use.name == "fit" for use in call.on.uses)
        if bases and fitted:
            yield found.finding(
                call,
                FindingKind.UNFROZEN_BASE,
                TOGETHER.filled(base=practice.last(bases[0])),
                FREEZE,
            )
            return


def _is_full(optimizer: object) -> bool:
    if isinstance(optimizer, str):
        return optimizer.lower() in _BY_NAME
    if isinstance(optimizer, Call) and practice.last(optimizer) in _OPTIMIZERS:
        rate = optimizer.get("learning_rate", 0)
        rate = optimizer.keywords.get("lr") if rate is None else rate
        return rate is None or (isinstance(rate, float) and rate >= FULL)
    return False
