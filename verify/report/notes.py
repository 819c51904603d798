"""What a reader has to know beside a verdict: that it is of no official page, or that it is old."""

from collections.abc import Iterable
from datetime import timedelta

from verify.execute.run_options import QUICK
from verify.report.entries import DocumentEntry, Report
from verify.system import moments
from verify.system.words import Words

QUICK_SAYS = Words(
    zh="快速运行只运行我们自己的最小模型，不是对任何官方页面的结论。",
    en="A quick run is of our own smallest model alone: it is no verdict on any official page.",
)
_EARLIER = Words(
    zh="这是早先的结果：来自 {moment} 的运行，比本报告最近一次运行早 {age}。",
    en="An earlier result: of the run of {moment}, {age} before the last one in this report.",
)
_OBSERVED = Words(
    zh="运行于 {moment}，{age}后重新判定：此后影响运行的内容都没有变化（证据 {evidence}）。",
    en="Observed {moment}, judged again {age} later: nothing that the run depends on has changed "
    "since (evidence {evidence}).",
)
_BROUGHT = Words(
    zh="由他人运行于 {moment}，{age}后在此判定：影响运行的内容都与本机一致"
    "（证据 {evidence}，来自 {source}）。",
    en="Observed by others {moment}, judged here {age} later: what the run depends on is the same "
    "here (evidence {evidence}, from {source}).",
)
_OTHER_CPU = Words(
    zh="运行所用的处理器是 {cpu}，与本机不同：浮点结果的末几位可能不同。",
    en="It ran on another processor than this one, {cpu}: last digits may differ here.",
)
_MINUTES = Words(zh="{count} 分钟", en="{count} min")
_HOURS = Words(zh="{count} 小时", en="{count} h")
_DAYS = Words(zh="{count} 天", en="{count} days")
_MANY_HOURS = 48


def of(report: Report, document: DocumentEntry) -> list[Words]:
    """What is to be said of an entry, in sentences."""
    said = [QUICK_SAYS] if document.profile == QUICK else []
    started = report.started_of(document)
    if started < report.started:
        said.append(
            _EARLIER.filled(moment=moments.told(started), age=_age(report.started - started))
        )
    if observed := document.observed:
        age = _age(max(started - observed.moment, timedelta(0)))
        words = _BROUGHT if observed.source else _OBSERVED
        said.append(
            words.filled(
                moment=moments.told(observed.moment),
                age=age,
                evidence=observed.evidence,
                source=observed.source,
            )
        )
        if observed.cpu:
            said.append(_OTHER_CPU.filled(cpu=observed.cpu))
    return said


def earlier(report: Report) -> list[DocumentEntry]:
    """The entries that are of earlier runs than the report's last one."""
    return [one for one in report.documents if report.started_of(one) < report.started]


def names(documents: Iterable[DocumentEntry]) -> str:
    """Which documents they are, in one line."""
    return ", ".join(
        f"{one.place if one.derived else one.name} ({one.edition}, {one.profile})"
        for one in documents
    )


def _age(age: timedelta) -> Words:
    if age < timedelta(hours=1):
        return _MINUTES.filled(count=max(1, round(age / timedelta(minutes=1))))
    if age < timedelta(hours=_MANY_HOURS):
        return _HOURS.filled(count=round(age / timedelta(hours=1)))
    return _DAYS.filled(count=age.days)
