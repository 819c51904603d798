"""`verify run --plan`: what would run, why, how long, in how much memory; nothing runs for it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.execute import memory
from verify.execute.recalled import Fit
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.history import durations
from verify.history.durations import Took
from verify.report import glance
from verify.system import moments
from verify.system.terminal_text import printed_json
from verify.system.words import Language, Text, Words, clause, joined, said

_FEWEST_TO_DIVIDE = 2
_FRESH = Words(zh="要求重新运行", en="a fresh run is asked for")
_OPEN = Words(
    zh="能访问网络，结果不只取决于本机",
    en="it has the network, so more than what is here decides how it comes out",
)
_NEVER = Words(zh="没有保留的完整运行", en="no whole run is kept")
_CHANGED = Words(zh="有变化：{parts}", en="changed: {parts}")
_ADDRESS = Words(zh="{address} 的替身有变化", en="what stands in for {address} has changed")
_DAMAGED = Words(zh="保留的运行已损坏：{damage}", en="what is kept is damaged: {damage}")
_KEPT = Words(
    zh="沿用 {moment} 的运行：影响它的内容都没有变化",
    en="that of {moment} is taken: nothing that it depends on has changed",
)
_TOTAL = Words(
    zh="运行 {run} 个，沿用 {kept} 个；预计 {time}",
    en="{run} to run, {kept} to be taken as they are; about {time}",
)
_UNKNOWN = Words(zh="，另有 {count} 个时长未知", en=", beside {count} of unknown length")
_COLUMNS = (
    Words(zh="文档", en="document"),
    Words(zh="文本", en="edition"),
    Words(zh="是否运行", en="runs"),
    Words(zh="时长", en="time"),
    Words(zh="内存", en="memory"),
    Words(zh="原因", en="why"),
)
_YES, _NO = Words(zh="是", en="yes"), Words(zh="否", en="no")


@dataclass(frozen=True)
class Planned:
    """A run that is asked for; of one that is `kept` it is known when it was observed."""

    document: str
    called: str
    edition: str
    kept: datetime | None
    why: Text
    expected_s: float | None
    peak_bytes: int | None
    took: Took | None = None  # when it last ran here, unless it is to run several times

    @property
    def left_s(self) -> float | None:
        """How long it will take, as far as anybody knows."""
        return 0.0 if self.kept else self.expected_s


def sessions(
    contracts: Iterable[Contract], options: Options, editions: Collection[Edition]
) -> list[Session]:
    """The runs of documents, in their order; none has begun."""
    return [
        Session(one, replace(options, edition=edition), lambda _: None)
        for one in contracts
        for edition in editions
        if edition in one.editions
    ]


def of_run(session: Session) -> Planned:
    """Plan a run.

    Raises:
        UsageError: its document cannot be read.
    """
    contract, options, kept = session.contract, session.options, session.recalled
    moment = moments.of(kept.recording.started) if kept else None
    why = _FRESH if options.fresh else why_not_kept(session.fit) if session.key_parts else _OPEN
    return Planned(
        document=contract.name,
        called=contract.page.path if contract.page and contract.derived else contract.name,
        edition=options.edition.value,
        kept=moment,
        why=_KEPT.filled(moment=moments.told(moment)) if moment else why,
        expected_s=expected_s(contract, options),
        peak_bytes=memory.remembered(session.id) or session.profile.expected_bytes,
        took=None if options.repeat > 1 else _took(contract, options),
    )


def why_not_kept(fit: Fit) -> Text:
    """Why a run has to be carried out."""
    if fit.damage:
        return _DAMAGED.filled(damage=clause(fit.damage))
    if fit.address:
        return _ADDRESS.filled(address=fit.address)
    parts = joined((part.words for part in fit.changed), zh="、", en="; ")
    return _CHANGED.filled(parts=parts) if fit.changed else _NEVER


def expected_s(contract: Contract, options: Options) -> float | None:
    """How long a document takes; nobody knows of a page without a contract that never ran here."""
    if took := _took(contract, options):
        return took.whole * options.repeat
    if options.derives(contract.folder):
        return None
    return contract.profiles[options.profile].expected_s * options.repeat


def _took(contract: Contract, options: Options) -> Took | None:
    return durations.remembered(contract, options.edition, options.profile)


def divided(
    contracts: list[Contract], plan: list[Planned], jobs: int | None
) -> tuple[list[Contract], int]:
    """The documents in the order in which workers take them, and how many workers there are.

    Args:
        contracts: the documents.
        plan: their runs.
        jobs: how many workers there should be; as many as there is room for if none.
    """
    to_run = [one for one in plan if one.kept is None]
    count = memory.at_once(one.peak_bytes for one in to_run) if jobs is None else jobs
    if count == 1 or len(to_run) < _FEWEST_TO_DIVIDE:
        return contracts, 1
    lasts = {one.document: one.left_s or 0.0 for one in plan}
    return sorted(contracts, key=lambda one: -lasts[one.name]), count


def as_json(plan: Iterable[Planned]) -> str:
    """The plan for a program."""
    rows = [
        {
            "document": one.document,
            "page": one.called,
            "edition": one.edition,
            "runs": one.kept is None,
            "observed": one.kept.isoformat() if one.kept else None,
            "why": {"zh": said(one.why, Language.CHINESE), "en": said(one.why, Language.ENGLISH)},
            "expected_s": one.expected_s,
            "peak_memory_bytes": one.peak_bytes,
        }
        for one in plan
    ]
    return printed_json({"schema": 1, "runs": rows})


def show(plan: list[Planned], console: Console, language: Language) -> None:
    """A row for each run, and what all take together."""
    table = Table(*(said(title, language) for title in _COLUMNS), box=None)
    for column in table.columns:
        column.overflow = "fold"
    for one in plan:
        table.add_row(
            escape(one.called),
            said(glance.edition(one.edition), language),
            said(_NO if one.kept else _YES, language),
            "" if one.expected_s is None else moments.clock(round(one.expected_s)),
            "" if one.peak_bytes is None else f"{one.peak_bytes / 2**30:.1f} GiB",
            escape(said(one.why, language)),
        )
    console.print(table)
    for line in _total(plan):
        console.print(said(line, language), markup=False, highlight=False)


def _total(plan: list[Planned]) -> Iterator[Text]:
    run = [one for one in plan if one.kept is None]
    known = [one.expected_s for one in run if one.expected_s is not None]
    total = _TOTAL.filled(
        run=len(run), kept=len(plan) - len(run), time=moments.clock(round(sum(known)))
    )
    unknown = _UNKNOWN.filled(count=len(run) - len(known)) if len(known) < len(run) else None
    yield joined((total, unknown), zh="", en="")
