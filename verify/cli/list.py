"""`python -m verify list`: the documents, the pages of a version, and what their last runs said."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from rich.markup import escape
from rich.table import Table

from verify.cli.console import CommandConsole
from verify.cli.options import (
    SOURCE,
    HistoryFile,
    InLanguage,
    Json,
    Quiet,
    Ref,
    SomeSource,
    Tutorials,
    documents,
)
from verify.cli.sync import progress
from verify.contract.contract import Contract
from verify.environment import environment as environments
from verify.finding import Verdict
from verify.history import file
from verify.history.record import RunRecord
from verify.report import glance, judged
from verify.system.cache import Notify
from verify.system.language import spoken
from verify.system.resources import TUTORIALS
from verify.system.terminal_text import printed_json
from verify.system.words import Text, Words, enumerated, said
from verify.upstream import page_names, pages

_PAGE = Words(zh="页面", en="page")
_LAST = Words(zh="最近的运行", en="last runs")
_DOCUMENT_COLUMNS = (
    Words(zh="文档", en="document"),
    _PAGE,
    Words(zh="文本", en="editions"),
    Words(zh="配置", en="profiles"),
    _LAST,
)
_PAGE_COLUMNS = (_PAGE, Words(zh="格式", en="kind"), Words(zh="契约", en="contract"), _LAST)
_RUN = Words(
    zh="{verdict}（{edition}，{profile}，{date}）", en="{verdict} ({edition}, {profile}, {date})"
)
_NEVER = Words(zh="从未运行", en="never run")
_OURS = Words(zh="自编页面", en="a page of ours")
_WRITTEN = Words(zh="有人编写：{document}", en="written: {document}")
_DERIVED = Words(zh="由页面推导", en="derived")
_NOTHING = Words(zh="没有可运行的内容", en="nothing to run")
_KINDS = {".ipynb": "notebook", ".md": "Markdown", ".rst": "reStructuredText"}


def of_documents(contracts: Iterable[Contract], runs: Sequence[RunRecord]) -> list[dict[str, Any]]:
    """The documents: what they are of, how they can be run, and what their last runs came to."""
    return [
        {
            "name": one.name,
            "title": one.title.model_dump(),
            "page": one.page.path if one.page else None,
            "ref": one.page.ref if one.page else None,
            "environment": one.environment.name,
            "editions": [edition.value for edition in one.editions],
            "profiles": list(one.profiles),
            "last": _last(run for run in runs if run.document == one.name),
        }
        for one in contracts
    ]


def of_pages(
    contracts: Iterable[Contract], runs: Sequence[RunRecord], source: str, ref: str, notify: Notify
) -> list[dict[str, Any]]:
    """The pages of a version: their kind, whose contract they have, what their last runs came to.

    A run counts if it was of this text: of another version's page it says nothing.

    Raises:
        UsageError: there is no such version, or it has no pages.
        ResourceError: it cannot be reached.
    """
    paths = page_names.every([page_names.EVERYTHING], source, ref, notify)
    entries = {
        entry.path: entry for entry in pages.tree_of(source, ref, paths[0], notify).entries("")
    }
    run = {one.path for one in page_names.resolved([page_names.EVERYTHING], source, ref, notify)}
    environment = environments.of_release([ref])
    written = {
        (one.page.path, one.page.ref): one.name
        for one in contracts
        if one.page and one.environment.name == environment
    }
    return [
        {
            "path": path,
            "kind": _KINDS[PurePosixPath(path).suffix],
            "runs": path in run,
            "contract": _whose((path, ref) in written) if path in run else None,
            "document": written.get((path, ref)),
            "last": _last(run for run in runs if run.blob == entries[path].blob),
        }
        for path in paths
    ]


def _whose(written: bool) -> str:  # noqa: FBT001
    return "written" if written else "derived"


def _last(runs: Iterable[RunRecord]) -> list[dict[str, str]]:
    """The last run in each edition and profile."""
    found = {(run.edition, run.profile): run for run in sorted(runs, key=lambda run: run.started)}
    return [
        {
            "edition": run.edition,
            "profile": run.profile,
            "verdict": run.verdict.value,
            "started": run.started.isoformat(),
            "release": run.release,
        }
        for run in found.values()
    ]


def _told(last: Iterable[dict[str, str]]) -> Text:
    """The last runs in words."""
    some = [
        _RUN.filled(
            verdict=judged.CAME_OUT[Verdict(one["verdict"])],
            edition=glance.edition(one["edition"]),
            profile=one["profile"],
            date=one["started"][:10],
        )
        for one in last
    ]
    return enumerated(some) or _NEVER


def _show(found: dict[str, Any], console: CommandConsole) -> None:
    table = _table(_DOCUMENT_COLUMNS)
    for one in found["documents"]:
        editions = enumerated(map(glance.edition, one["editions"]))
        page, profiles = one["page"] or _OURS, ", ".join(one["profiles"])
        _add(table, one["name"], page, editions, profiles, _told(one["last"]))
    console.print(table)
    if not found["pages"]:
        return
    console.print()
    table = _table(_PAGE_COLUMNS)
    for one in found["pages"]:
        derived = _DERIVED if one["contract"] else _NOTHING
        contract = _WRITTEN.filled(document=one["document"]) if one["document"] else derived
        _add(table, one["path"], one["kind"], contract, _told(one["last"]))
    console.print(table)


def _table(columns: Iterable[Words]) -> Table:
    table = Table(*(column.of(spoken()) for column in columns), box=None)
    for column in table.columns:
        column.overflow = "fold"  # a name that is cut is none to copy
    return table


def _add(table: Table, *row: Text) -> None:
    table.add_row(*(escape(said(one, spoken())) for one in row))


HELP_ZH = """列出文档；加上 --upstream 或 --ref，也列出该版本的页面。

\b
每个页面都说明：格式，契约是有人编写的还是由页面推导的，以及这一文本最近的运
行结果。这里的名称和路径可以直接交给 `run` 和 `patch`。
"""


def command(
    *,
    source: SomeSource = None,
    ref: Ref = None,
    history: HistoryFile = None,
    as_json: Json = False,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
    _language: InLanguage = None,
) -> None:
    """List the documents; with --upstream or --ref, also the pages of that version.

    Of each page: its kind, whether somebody wrote a contract for it or one is derived, and what the
    last runs of this very text came to. Names and paths are what `run` and `patch` take.
    """
    console = CommandConsole()
    known = file.read(history or file.default())
    contracts = documents(None, tutorials)
    found: dict[str, Any] = {"schema": 1, "documents": of_documents(contracts, known.runs)}
    found["pages"] = []
    if source or ref:
        told = CommandConsole(stderr=True)
        version = ref or environments.DEFAULT.replace("secretflow-", "v")
        with progress(told, quiet=quiet) as notify:
            found["pages"] = of_pages(contracts, known.runs, source or SOURCE, version, notify)
    if as_json:
        print(printed_json(found))  # noqa: T201  # rich would colour it
    else:
        _show(found, console)
