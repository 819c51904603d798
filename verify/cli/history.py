"""`python -m verify history`: what the last runs came to."""

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from verify.cli.console import CommandConsole, say
from verify.cli.options import HistoryFile, InLanguage, Json
from verify.errors import UsageError
from verify.finding import Verdict
from verify.history import file
from verify.report import judged
from verify.report.terminal import STYLES
from verify.system.language import spoken
from verify.system.terminal_text import printed_json
from verify.system.words import Words, enumerated

_SIGNS = {
    Verdict.PASS: "█",
    Verdict.ERRATUM: "▆",
    Verdict.UNCHECKED: "·",
    Verdict.FAIL: "▁",
    Verdict.ERROR: "!",
}
_SHOWN = 20
_NONE = Words(
    zh="还没有任何运行的记录；`docs-verify run` 会记下它的运行。",
    en="No run is known yet; `docs-verify run` adds its own.",
)
_COLUMNS = (
    Words(zh="文档", en="document"),
    Words(zh="上次运行", en="last run"),
    Words(zh="版本", en="version"),
    Words(zh="结论", en="verdict"),
    Words(zh="用时", en="time"),
    Words(zh="历次结论", en="verdicts"),
)
_SECONDS = Words(zh="{count:.0f} 秒", en="{count:.0f} s")


def show(names: list[str], path: Path | None, console: Console, *, as_json: bool = False) -> None:
    """Print a line for each document, edition and profile; its last verdicts, the latest last.

    For programs it is all runs as they are kept, the oldest first, and nothing else on `console`.

    Raises:
        UsageError: a document has no runs.
    """
    path = path or file.default()
    history = file.read(path)
    if history.problem and not (history.ours or history.runs):
        raise UsageError(history.problem)
    if history.problem:
        told = CommandConsole(stderr=True) if as_json else console
        say(told, history.problem)
    if not (history.runs or as_json):
        say(console, _NONE)
        return
    unknown = set(names) - {run.document for run in history.runs}
    if unknown:
        raise UsageError(
            Words(
                zh="{names}：历史 {path} 里没有它的运行。",
                en="{names}: no run is in the history {path}.",
            ).filled(names=enumerated(sorted(unknown)), path=path)
        )
    wanted = [run for run in history.runs if not names or run.document in names]
    if as_json:
        each = [run.model_dump(mode="json", by_alias=True) for run in wanted]
        print(printed_json({"schema": 1, "runs": each}))  # noqa: T201
        return
    table = Table(*(column.of(spoken()) for column in _COLUMNS), box=None)
    table.columns[0].overflow = "fold"
    for _, runs in groupby(sorted(wanted, key=lambda run: run.key), key=lambda run: run.key):
        some = list(runs)
        last = some[-1]
        signs = (Text(_SIGNS[run.verdict], STYLES[run.verdict]) for run in some[-_SHOWN:])
        table.add_row(
            last.called.of(spoken()),
            f"{last.started:%Y-%m-%d}",
            last.release,
            Text(judged.CAME_OUT[last.verdict].of(spoken()), STYLES[last.verdict]),
            _SECONDS.filled(count=last.duration_s).of(spoken()),
            Text.assemble(*signs),
        )
    console.print(table)


HELP_ZH = """显示最近各次运行的结果。"""


def command(
    document: Annotated[
        list[str] | None, typer.Argument(help="Documents by name; all if none.")
    ] = None,
    history: HistoryFile = None,
    *,
    as_json: Json = False,
    _language: InLanguage = None,
) -> None:
    """Show what the last runs came to."""
    show(document or [], history, CommandConsole(), as_json=as_json)
