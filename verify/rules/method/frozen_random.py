"""Layers that are frozen have been trained before.

Keras, guide "Transfer learning & fine-tuning": layers of a *trained* model are frozen, to keep what
they know. Those that were never trained have random weights, and keep them.
"""

from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Assigned, Call, Part
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_RANDOM = Words(
    zh="`{network}` 没有载入权重，而它的层被冻结：这些层会一直是最初的随机值。",
    en="`{network}` is made without weights, and layers of it are frozen: "
    "they stay as random as they began.",
)
_TRAIN_ALL = Words(
    zh="网络若从随机权重开始，请训练它的全部层；否则请先载入权重，再冻结层。",
    en="Train all layers of a network that begins with random weights, or load weights "
    "before freezing any.",
)

_FREEZES = ("trainable", "requires_grad")
_LOADS = {"load_weights", "load_state_dict", "set_weights", "load_model", "from_pretrained"}
_ZOO = ("keras.applications.", "torchvision.models.")


def check(found: Practice) -> Iterator[Finding]:
    """Find networks without weights whose layers are frozen."""
    told: set[int] = set()
    for setting in found.settings:
        target = setting.target
        if not isinstance(target, Part) or target.key not in _FREEZES:
            continue
        if setting.value is not False:
            continue
        for call in practice.calls_behind(target.of):
            if id(call) in told or not _is_random(call) or _is_loaded(found, call):
                continue
            told.add(id(call))
            yield found.finding(
                call,
                FindingKind.FROZEN_RANDOM,
                _RANDOM.filled(network=practice.last(call)),
                _TRAIN_ALL,
            )


def _is_random(call: Call) -> bool:
    if not any(zoo in practice.dotted(call) for zoo in _ZOO):
        return False
    if "weights" in call.keywords:
        return call.keywords["weights"] is None
    if "pretrained" in call.keywords:
        return call.keywords["pretrained"] is False
    torch = practice.dotted(call).startswith("torchvision.models.")
    return torch and not call.positional and "**" not in call.keywords


def _is_loaded(found: Practice, call: Call) -> bool:
    """Whether weights may be loaded into it, or into what holds it, later."""
    return any(
        one.name in _LOADS and (one.on is None or call in practice.calls_behind(one.on))
        for one in found.calls
    )


_ = Assigned
