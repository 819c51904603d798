"""`python -m verify list`: the documents, the pages of a version, and what their last runs said."""

import json
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from rich.markup import escape
from rich.table import Table

from verify.cli.console import CommandConsole
from verify.cli.options import (
    SOURCE,
    HistoryFile,
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
from verify.history import file
from verify.history.record import RunRecord
from verify.system.cache import Notify
from verify.system.resources import TUTORIALS
from verify.upstream import page_names, pages

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


def _told(last: Iterable[dict[str, str]]) -> str:
    """The last runs in words."""
    some = [
        f"{one['verdict']} ({one['edition']}, {one['profile']}, {one['started'][:10]})"
        for one in last
    ]
    return ", ".join(some) or "never run"


def _show(found: dict[str, Any], console: CommandConsole) -> None:
    table = Table("document", "page", "editions", "profiles", "last runs", box=None)
    for one in found["documents"]:
        lists = (", ".join(one[key]) for key in ("editions", "profiles"))
        page = one["page"] or "a page of ours"
        table.add_row(one["name"], escape(page), *lists, escape(_told(one["last"])))
    console.print(table)
    if not found["pages"]:
        return
    console.print()
    table = Table("page", "kind", "contract", "last runs", box=None)
    for one in found["pages"]:
        contract = f"written: {one['document']}" if one["document"] else one["contract"]
        table.add_row(
            escape(one["path"]), one["kind"], contract or "nothing to run", _told(one["last"])
        )
    console.print(table)


def command(
    *,
    source: SomeSource = None,
    ref: Ref = None,
    history: HistoryFile = None,
    as_json: Json = False,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
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
        print(json.dumps(found, ensure_ascii=False, indent=1))  # noqa: T201  # rich would colour it
    else:
        _show(found, console)
