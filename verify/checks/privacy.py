"""Nobody sees a party's own weights: what leaves a party is masked, and masked anew each round.

Numbers hidden by a one-time pad are uniform over 64 bits and have nothing to do with the numbers
inside; so has the difference between two rounds, unless a pad was used twice. What the average
itself tells is another matter, and said.
"""

import math
from collections.abc import Iterator
from typing import Any

import scipy  # its parts, which take a second, come with their first use

from verify.checks.case import Case, federated_ids, listed, of_training, verdict, who
from verify.contract.training_terms import Training
from verify.evidence import by_probes
from verify.evidence.evidence import Message, TrainingRun
from verify.finding import CheckKind, Verdict
from verify.system.words import Text, Words, enumerated, joined

_MASKED = Words(zh="离开参与方的权重都加了掩码", en="only masked weights leave a party")
_OPEN = Words(zh="各参与方的权重以明文聚合", en="the parties' weights are aggregated in the open")
_TOLERANCE = Words(
    zh="对每个字节做卡方检验和相关性检验，每条消息至多取 65,536 个数；每个训练的误报率为 {rate:g}",
    en="chi-square of each byte and correlation, on up to 65,536 numbers a message; false alarms "
    "{rate:g} a training",
)
_NO_MESSAGE = Words(zh="没有看到带权重的消息", en="no message with weights was seen")
_SAW = Words(zh="{parties}看到了这些权重", en="{parties} saw them")
_WAY = Words(zh="{sender} 发给 {receiver} 的内容", en="what {sender} sent to {receiver}")
_PLAIN = Words(zh="{way}就是它自己的权重", en="{way} are its own weights")
_NOT_MASKED = Words(zh="{way}没有加掩码", en="{way} is not masked")
_CORRELATES = Words(
    zh="{way}与权重相关，相关系数 {by:.2g}", en="{way} correlates with weights by {by:.2g}"
)
_NOT_UNIFORM = Words(zh="{way}不是均匀分布", en="{way} is not uniform")
_MASKED_AGAIN = Words(zh="{way}的掩码与上一轮相同", en="{way} is masked as in the round before")
_BY_CHANCE = Words(
    zh="发给 {receivers} 的 {count} 条消息都与随机数无法区分",
    en="{count} messages to {receivers}, none to be told from chance",
)
_BY_CHANCE_BUT_FEW = Words(
    zh="发给 {receivers} 的 {count} 条消息都与随机数无法区分"
    "（少于 {fewest} 个数的，没有检验均匀性）",
    en="{count} messages to {receivers}, none to be told from chance (uniformity not tested below "
    "{fewest} numbers)",
)
_LEARNS = Words(
    zh="{receivers} 还得知各参与方的训练样本数",
    en="{receivers} also learns how many samples each party trained on",
)
_OF_TWO = Words(
    zh="只有 {parties}两个参与方：不论掩码如何，每一方都能由平均值算出另一方的权重，"
    "误差不超过 {within:.1g}",
    en="{parties} are two: from the average each computes the other's weights to within "
    "{within:.1g}, whatever the masks",
)
_TOGETHER = Words(
    zh="任意 {count} 个参与方联合起来，就能算出其余一方的权重",
    en="any {count} parties together can compute the last one's",
)

# The chance that any test of a whole training fails although all is well.
FALSE_ALARM = 1e-6
_BYTES = 8
_FREEDOM = 255
# Below five expected counts for each value, chi-square is no good approximation (Cochran).
_FEWEST = 5 * 256
_PAIR = 2


def _judge(_: Case, training: Training, run: TrainingRun) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "says": _MASKED if training.secure else _OPEN,
        "tolerance": _TOLERANCE.filled(rate=FALSE_ALARM),
    }
    weights = [m for r in run.rounds for m in r.messages if m.elements]
    if not weights:
        reasons = filter(None, (r.fault or r.reason for r in run.rounds))
        return fields | {
            "verdict": Verdict.UNCHECKED,
            "reason": by_probes.told(next(reasons, "")) or _NO_MESSAGE,
        }
    if not training.secure:
        seen_by = sorted({m.receiver for m in weights if m.plain})
        return fields | {
            "verdict": verdict(bool(seen_by)),
            "observed": _SAW.filled(parties=who(seen_by)),
        }
    problems = list(dict.fromkeys(_problems(weights, len(run.rounds[0].names))))
    shown = listed(problems) or _summary(run, weights)
    return fields | {"verdict": verdict(not problems), "observed": shown}


def _problems(messages: list[Message], parties: int) -> Iterator[Words]:
    tests = len(messages) * (2 * _BYTES + parties)
    chance = FALSE_ALARM / tests
    farthest = float(scipy.special.chdtri(_FREEDOM, chance))  # the inverse of its upper tail
    # Of independent numbers, r·√n is close to normal (Fisher).
    strongest = -float(scipy.special.ndtri(chance / 2))
    for message in messages:
        way = _WAY.filled(sender=message.sender, receiver=message.receiver)
        if message.plain:
            yield _PLAIN.filled(way=way)
            continue
        if not message.uniform:
            yield _NOT_MASKED.filled(way=way)
        if abs(message.correlation) * math.sqrt(message.elements) > strongest:
            yield _CORRELATES.filled(way=way, by=message.correlation)
        if message.elements >= _FEWEST:
            if any(not value <= farthest for value in message.uniform):
                yield _NOT_UNIFORM.filled(way=way)
            if any(not value <= farthest for value in message.fresh):
                yield _MASKED_AGAIN.filled(way=way)


def _summary(run: TrainingRun, messages: list[Message]) -> Text:
    receivers = enumerated(sorted({m.receiver for m in messages}))
    few = any(m.elements < _FEWEST for m in messages)
    told = _BY_CHANCE_BUT_FEW if few else _BY_CHANCE
    parts = [told.filled(count=len(messages), receivers=receivers, fewest=_FEWEST)]
    parts.append(_LEARNS.filled(receivers=receivers))
    inferred = [r.inferred for r in run.rounds if r.inferred is not None]
    if inferred:
        names = joined(run.rounds[0].names, zh="和", en=" and ")
        parts.append(_OF_TWO.filled(parties=names, within=max(inferred)))
    elif run.rounds[0].parties > _PAIR:
        parts.append(_TOGETHER.filled(count=run.rounds[0].parties - 1))
    return joined(parts)


CHECK = of_training(CheckKind.PRIVACY, _judge, federated_ids)
