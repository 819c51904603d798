"""Of a split training only hidden layers cross to the labels' party, and gradients come back.

Each party has the part of the network that the page gives it, and goes through the same batches;
for every batch of the training each other party sends one message, of all its samples, and gets one
of the same form.
Only one party sees labels. What the numbers themselves tell is another matter, and said.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from verify.checks.case import Case, listed, of_training, verdict, who
from verify.contract.contract import Contract
from verify.contract.training_terms import Training
from verify.evidence import by_probes
from verify.evidence.evidence import Boundary, Crossing, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.system.words import Text, Words, enumerated, joined

_FORWARD, _BACKWARD = "forward", "backward"
_OPEN = Words(
    zh="隐藏层和梯度以明文传递，除非另加保护；它们会透露多少数据不在判定之列",
    en="hidden layers and gradients cross in the open unless something is put around them; what "
    "they tell of the data is not judged",
)
_UNSEEN = Words(zh="没有看到任何传递的内容", en="nothing that crosses was seen")
_SAYS = Words(
    zh="{parties} 各有一个底层网络；{labels} 有融合网络和标签；只传递隐藏层及其梯度",
    en="{parties} each have a base network; {labels} has the fuse network and the labels; only "
    "hidden layers and their gradients cross",
)
_TOLERANCE = Words(
    zh="无：形状、字节数和消息条数都是整数",
    en="none: shapes, bytes and whole numbers of messages",
)
_NOT_FOLLOWED = Words(
    zh="隐藏层在 {party} 处合并，这种情况没有跟踪",
    en="hidden layers are put together at {party}, which is not followed",
)
_BASE = Words(zh="底层网络在 {parties}", en="base networks are at {parties}")
_FUSE = Words(zh="融合网络在 {parties}", en="the fuse network is at {parties}")
_LABELS = Words(zh="看到标签的是 {parties}", en="labels are seen by {parties}")
_OTHER_BATCHES = Words(
    zh="{party} 使用的批次与 {first} 不同", en="{party} goes through other batches than {first}"
)
_NEITHER = Words(
    zh="{sender} 发给 {receiver} {count} 条消息（{bytes:,} 字节），两者都不是",
    en="{sender} sends {receiver} {count} messages of {bytes:,} bytes that are neither",
)
_SENDS = Words(
    zh="{party} 在 {batches} 个批次中发出 {count} 条消息",
    en="{party} sends {count} messages for {batches} batches",
)
_GETS = Words(
    zh="{party} 在 {batches} 个批次中收到 {count} 条消息",
    en="{party} gets {count} messages for {batches} batches",
)
_STRANGE = Words(
    zh="{party} 收到形状为 {shapes} 的梯度，而它没有发出过这种形状",
    en="{party} gets gradients of {shapes}, which it never sent",
)
_TYPES = Words(
    zh="{party} 的隐藏层和梯度有多种类型：{types}",
    en="hidden layers and gradients of {party} are of several types: {types}",
)
_ROWS = Words(
    zh="{party} 发出 {rows} 个样本的隐藏层，而它用了 {samples} 个样本",
    en="{party} sends hidden layers of {rows} samples, and went through {samples}",
)
_WIDTH = Words(
    zh="{party} 每个样本发出 {wide} 个数，而不是 {width} 个",
    en="{party} sends {wide} numbers a sample, not {width}",
)
_LARGE = Words(
    zh="{party} 发出的批次超过 {size} 个样本",
    en="{party} sends batches of more than {size} samples",
)
_UNEVEN = Words(zh="各 epoch 的样本数为 {samples}", en="epochs go through {samples} samples")
_AROUND = Words(zh="另加的处理：{added}", en="around that: {added}")
_ENDS = Words(zh="{sender} 到 {receiver}", en="{sender} to {receiver}")
_WAYS = {
    _FORWARD: Words(
        zh="前向 {count} 条消息，{ends}，{forms}，共 {bytes:,} 字节",
        en="forward {count} messages, {ends}, {forms}, {bytes:,} bytes",
    ),
    _BACKWARD: Words(
        zh="反向 {count} 条消息，{ends}，{forms}，共 {bytes:,} 字节",
        en="backward {count} messages, {ends}, {forms}, {bytes:,} bytes",
    ),
}


def _split_ids(contract: Contract) -> list[str]:
    return [training.id for training in contract.trainings if training.kind == "split"]


def _judge(_: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    said = training.split
    seen = run.boundary
    if said is None or seen is None:
        return {"verdict": Verdict.UNCHECKED, "reason": _UNSEEN}
    fields: dict[str, Any] = {
        "says": _SAYS.filled(parties=enumerated(training.parties), labels=said.labels),
        "tolerance": _TOLERANCE,
    }
    if fault := seen.fault or next((h.fault for h in run.holders if h.fault), ""):
        return fields | {"verdict": Verdict.ERROR, "observed": by_probes.told(fault)}
    problems = [*_parts(training, run), *_labels(said.labels, run)]
    if not problems and seen.aggregates_at != seen.labels:
        reason = _NOT_FOLLOWED.filled(party=seen.aggregates_at)
        return fields | {"verdict": Verdict.UNCHECKED, "reason": reason}
    problems += _messages(training, run, seen)
    return fields | {
        "verdict": verdict(not problems),
        "observed": listed(problems) or _summary(seen, run),
    }


def _parts(training: Training, run: TrainingRun) -> Iterator[Words]:
    """Who has another part of the network than the page says."""
    base = sorted(h.name for h in run.holders if h.part == "base")
    fuse = sorted(h.name for h in run.holders if h.part == "fuse")
    if base != sorted(training.parties):
        yield _BASE.filled(parties=who(base))
    if training.split and fuse != [training.split.labels]:
        yield _FUSE.filled(parties=who(fuse))


def _labels(party: str, run: TrainingRun) -> Iterator[Words]:
    """Who else sees labels, or goes through other data, in the training or evaluated after it."""
    every = {p: list(some) for p, some in run.passes.items()}
    for one in run.evaluations:
        for p, some in one.passes.items():
            every.setdefault(p, []).extend(some)
    seen_by = sorted(p for p, passes in every.items() if any(one.labels for one in passes))
    if seen_by != [party]:
        yield _LABELS.filled(parties=who(seen_by))
    through = {
        p: [(one.stage, one.batches, one.samples) for one in passes]
        for p, passes in every.items()
        if passes
    }
    first = next(iter(through.values()), None)
    for other, passes in through.items():
        if passes != first:
            yield _OTHER_BATCHES.filled(party=other, first=next(iter(through)))


def _messages(training: Training, run: TrainingRun, seen: Boundary) -> Iterator[Words]:
    others = {party for party in training.parties if party != seen.labels}
    for one in seen.crossings:
        ends = (one.sender, one.receiver) if one.way == _FORWARD else (one.receiver, one.sender)
        if one.way == "other" or ends[0] not in others or ends[1] != seen.labels:
            yield _NEITHER.filled(
                sender=one.sender, receiver=one.receiver, count=one.count, bytes=one.bytes
            )
    for party in sorted(others):
        yield from _of_party(training, run, seen, party)


def _of_party(training: Training, run: TrainingRun, seen: Boundary, party: str) -> Iterator[Words]:
    """What is wrong with the messages of one party without labels."""
    passes = run.passes.get(party, ())
    trained = sum(one.batches for one in passes if one.stage == "train")
    every = sum(one.batches for one in passes)
    sent = [c for c in seen.crossings if c.sender == party and c.way == _FORWARD]
    back = [c for c in seen.crossings if c.receiver == party and c.way == _BACKWARD]
    for what, some, wanted in ((_SENDS, sent, every), (_GETS, back, trained)):
        count = sum(one.count for one in some)
        if count != wanted:
            yield what.filled(party=party, count=count, batches=wanted)
    strange = {one.shapes for one in back} - {one.shapes for one in sent}
    if strange:
        yield _STRANGE.filled(party=party, shapes=_shapes(min(strange)))
    types = sorted({"/".join(one.types) for one in (*sent, *back)})
    if len(types) > 1:
        yield _TYPES.filled(party=party, types=enumerated(types))
    through = sum(one.samples for one in passes)
    rows = sum(one.count * one.shapes[0][0] for one in sent if one.shapes and one.shapes[0])
    if rows != through and not strange:
        yield _ROWS.filled(party=party, rows=rows, samples=through)
    width = training.split.hidden.get(party) if training.split else None
    wide = {s[-1] for one in sent for s in one.shapes if s}
    if width is not None and wide != {width}:
        yield _WIDTH.filled(party=party, wide=enumerated(sorted(wide)), width=width)
    if training.batch_size and any(s[0] > training.batch_size for c in sent for s in c.shapes if s):
        yield _LARGE.filled(party=party, size=training.batch_size)


def _summary(seen: Boundary, run: TrainingRun) -> Text:
    ways = (_way(seen.crossings, way) for way in (_FORWARD, _BACKWARD))
    samples = [one.samples for one in run.passes.get(seen.labels, ()) if one.stage == "train"]
    uneven = _UNEVEN.filled(samples=enumerated(samples)) if len(set(samples)) > 1 else None
    added = _AROUND.filled(added=enumerated(seen.added)) if seen.added else None
    return joined([*ways, uneven, added, _OPEN])


def _way(crossings: Sequence[Crossing], way: str) -> Text:
    some = [one for one in crossings if one.way == way]
    if not some:
        return ""
    ends = (_ENDS.filled(sender=one.sender, receiver=one.receiver) for one in some)
    forms = (f"{_shapes(c.shapes)} {'/'.join(c.types)}" for c in some)
    return _WAYS[way].filled(
        count=sum(one.count for one in some),
        ends=enumerated(dict.fromkeys(ends)),
        forms=enumerated(dict.fromkeys(forms)),
        bytes=sum(one.count * one.bytes for one in some),
    )


def _shapes(shapes: Sequence[Sequence[int]]) -> str:
    return " + ".join("x".join(map(str, shape)) or "1" for shape in shapes)


CHECK = of_training(CheckKind.BOUNDARY, _judge, _split_ids)
