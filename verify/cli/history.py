"""`python -m verify history`: what the last runs came to."""

import json
from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from verify.cli.console import CommandConsole
from verify.cli.options import HistoryFile, Json
from verify.errors import UsageError
from verify.finding import Verdict
from verify.history import file
from verify.report.terminal import STYLES

_SIGNS = {
    Verdict.PASS: "█",
    Verdict.ERRATUM: "▆",
    Verdict.UNCHECKED: "·",
    Verdict.FAIL: "▁",
    Verdict.ERROR: "!",
}
_SHOWN = 20


def show(names: list[str], path: Path | None, console: Console, *, as_json: bool = False) -> None:
    """Print a line for each document, edition and profile; its last verdicts, the latest last.

    For programs it is all runs as they are kept, the oldest first, and nothing else on `console`.

    Raises:
        UsageError: a document has no runs.
    """
    path = path or file.default()
    history = file.read(path)
    if history.problem:
        told = CommandConsole(stderr=True) if as_json else console
        told.print(history.problem, markup=False, highlight=False, soft_wrap=True)
    if not (history.runs or as_json):
        console.print("No run is known yet; `python -m verify run` adds its own.", markup=False)
        return
    unknown = set(names) - {run.document for run in history.runs}
    if unknown:
        raise UsageError(f"{', '.join(sorted(unknown))}: no run is in the history {path}.")
    wanted = [run for run in history.runs if not names or run.document in names]
    if as_json:
        each = [run.model_dump(mode="json", by_alias=True) for run in wanted]
        print(json.dumps({"schema": 1, "runs": each}, ensure_ascii=False, indent=1))  # noqa: T201
        return
    table = Table("document", "last run", "version", "verdict", "time", "verdicts", box=None)
    table.columns[0].overflow = "fold"
    for _, runs in groupby(sorted(wanted, key=lambda run: run.key), key=lambda run: run.key):
        some = list(runs)
        last = some[-1]
        signs = (Text(_SIGNS[run.verdict], STYLES[run.verdict]) for run in some[-_SHOWN:])
        table.add_row(
            last.called,
            f"{last.started:%Y-%m-%d}",
            last.release,
            Text(last.verdict.value, STYLES[last.verdict]),
            f"{last.duration_s:.0f} s",
            Text.assemble(*signs),
        )
    console.print(table)


def command(
    document: Annotated[
        list[str] | None, typer.Argument(help="Documents by name; all if none.")
    ] = None,
    history: HistoryFile = None,
    *,
    as_json: Json = False,
) -> None:
    """Show what the last runs came to."""
    show(document or [], history, CommandConsole(), as_json=as_json)
