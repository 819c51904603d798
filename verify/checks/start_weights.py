"""Each training starts from the weights that the page names."""

from collections.abc import Mapping
from typing import Any

from verify.checks.case import Case, listed, of_training, verdict
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence.evidence import Holder, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.system.words import Words, enumerated, joined

Digests = tuple[tuple[str, ...], ...]

_NO_MODEL = Words(zh="没有看到参与方的模型", en="no party's model was seen")
_SAME_SEED = Words(
    zh="各参与方以相同的种子和相同的权重开始",
    en="all parties start alike, with the same seed and the same weights",
)
_DIFFERENT = Words(zh="各参与方生成的权重不同", en="the parties built different weights")
_FROM_NO_FILE = Words(
    zh="各参与方以相同的权重开始，权重不来自文件",
    en="all parties start alike, from weights of no file",
)
_ALIKE = Words(zh="{parties} 的起点相同", en="{parties} start alike")
_EXACT = Words(zh="无：比较每个数组的 SHA-256", en="none: SHA-256 of every array")
_NO_DIGESTS = Words(zh="不知道权重的摘要", en="the digests of the weights are not known")
_STARTS = {
    "pretrained": Words(
        zh="训练从预训练权重开始，因此 {of} 个有权重的层中有 {count} 个与预训练文件相同",
        en="it starts from pretrained weights, so that {count} of the {of} layers with weights "
        "equal the pretrained file",
    ),
    "random": Words(
        zh="训练从随机权重开始，因此 {of} 个有权重的层中有 {count} 个与预训练文件相同",
        en="it starts from random weights, so that {count} of the {of} layers with weights equal "
        "the pretrained file",
    ),
}
_REPLACED = Words(zh="其中 {layers} 被替换", en="{layers} being replaced")
_EQUAL = Words(zh="有 {count} 个相同（{parties}）", en="{count} equal it ({parties})")
_NO_LAYER = Words(zh="文件里没有层 {layer}", en="the file has no layer {layer}")
_EQUALS = Words(zh="{layer} 与文件相同", en="{layer} equals it")
_NOT_ENDED = Words(zh="{before} 没有结束", en="{before} did not come to its end")
_CONTINUES = Words(
    zh="训练从 {before} 结束时的权重继续",
    en="it continues from the weights that {before} ended with",
)
_SAME = Words(zh="权重相同", en="the same weights")
_OTHERS = Words(zh="权重不同", en="other weights")


def _with_start(contract: Contract) -> list[str]:
    """Trainings of which the page says what they start from."""
    return [training.id for training in contract.trainings if training.start]


def _judge(case: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    if not run.holders:
        return {"verdict": Verdict.UNCHECKED, "reason": _NO_MODEL}
    if len({holder.before for holder in run.holders}) > 1:
        return {
            "verdict": Verdict.FAIL,
            "says": _SAME_SEED,
            "observed": _DIFFERENT,
        }
    start = run.holders[0].before.of_weighted_layers()
    if training.start and training.start not in ("pretrained", "random"):
        return _continues(case, training.start, start)
    row = case.contract.weights_of(training, case.profile_name)
    file = case.evidence.weights_files.get(row.called) if case.evidence and row else None
    if file is None and len(run.holders) > 1 and not _pretrained(case):
        return {
            "verdict": Verdict.PASS,
            "says": _FROM_NO_FILE,
            "observed": _ALIKE.filled(parties=enumerated(h.name for h in run.holders)),
            "tolerance": _EXACT,
        }
    if file is None:
        return {"verdict": Verdict.UNCHECKED, "reason": _NO_DIGESTS}
    replaced = set(training.replaces)
    wanted = file.keys() - replaced if training.start == "pretrained" else set()
    # What the network does without may come before all that it has.
    same = _equal(file, (*((),) * len(replaced), *start))
    equal = _EQUAL.filled(count=len(same), parties=enumerated(h.name for h in run.holders))
    wrong = [
        *(_NO_LAYER.filled(layer=name) for name in sorted(replaced - file.keys())),
        *(_EQUALS.filled(layer=name) for name in sorted(same & replaced)),
    ]
    says = _STARTS["pretrained" if training.start == "pretrained" else "random"]
    replaces = _REPLACED.filled(layers=listed(training.replaces)) if replaced else None
    return {
        "verdict": verdict(same == wanted and not wrong),
        "says": joined((says.filled(count=len(wanted), of=len(file)), replaces), zh="，", en=", "),
        "observed": listed([equal, *wrong]),
        "tolerance": _EXACT,
    }


def _pretrained(case: Case) -> bool:
    """Whether anything on the page starts from pretrained weights."""
    return any(training.start == "pretrained" for training in case.contract.trainings)


def _equal(file: Mapping[str, tuple[str, ...]], network: Digests) -> set[str]:
    """The layers of the file that the network has, in the file's order.

    The network may have other layers before and after them, and other names.
    """
    shifts = range(max(len(network) - len(file), 0) + 1)
    found = (
        {
            name
            for (name, theirs), ours in zip(file.items(), network[shift:], strict=False)
            if ours == theirs
        }
        for shift in shifts
    )
    return max(found, key=len)


def _continues(case: Case, before: str, start: Digests) -> dict[str, Any]:
    earlier = case.run_of(before)
    end = _end(earlier.holders[0]) if earlier and earlier.holders else None
    if end is None:
        return {"verdict": Verdict.UNCHECKED, "reason": _NOT_ENDED.filled(before=before)}
    return {
        "verdict": Verdict.PASS if end == start else Verdict.FAIL,
        "says": _CONTINUES.filled(before=before),
        "observed": _SAME if end == start else _OTHERS,
        "tolerance": _EXACT,
    }


def _end(holder: Holder) -> Digests | None:
    return holder.after.of_weighted_layers() if holder.after else None


CHECK = of_training(CheckKind.START, _judge, _with_start)
