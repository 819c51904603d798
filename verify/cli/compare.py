"""`python -m verify compare`: what changed between two runs or two versions."""

import re
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from verify.cli.console import CommandConsole, say
from verify.cli.options import HistoryFile, InLanguage
from verify.errors import ExitCode, UsageError
from verify.history import changes, changes_view, file
from verify.history.changes import ChangeKind, ComparedRun
from verify.history.file import History
from verify.report import entries
from verify.report.formats import ChangesFormat
from verify.system.language import spoken
from verify.system.words import Words, enumerated

_NONE = Words(zh="没有", en="none")

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[T ][\d:.]*Z?)?")


def compare(
    before: str, after: str, path: Path | None, form: ChangesFormat, console: Console
) -> ExitCode:
    """Print what changed, and say whether something newly fails.

    Raises:
        UsageError: one of them is no report, and not known to the history.
    """
    path = path or file.default()
    history = file.read(path)
    if history.problem:
        say(console, history.problem)
    a, b = _side(before, history, path), _side(after, history, path)
    found = changes.between(a, b, history.runs)
    print(changes_view.rendered(a, b, found, form, spoken()))  # noqa: T201  # rich would wrap it
    fails = any(change.kind is ChangeKind.FAILS for change in found)
    return ExitCode.CONTRADICTED if fails else ExitCode.VERIFIED


def _side(name: str, history: History, path: Path) -> ComparedRun:
    report = Path(name) / "report.json" if Path(name).is_dir() else Path(name)
    if report.exists() or "/" in name or report.suffix == ".json":
        return ComparedRun.of(name, entries.read(report))
    if _DATE.fullmatch(name):
        moment = name.replace(" ", "T").removesuffix("Z")
        runs = [run for run in history.runs if run.started.isoformat().startswith(moment)]
    else:
        runs = [run for run in history.runs if name in run.known_as]
    if not runs:
        known = enumerated(sorted({run.release for run in history.runs}))
        raise UsageError(
            Words(
                zh="{name}：不是报告，历史 {path} 里也没有这个版本或日期的运行（其中有的版本："
                "{known}）。",
                en="{name}: is no report, and no run of that version or date is in the "
                "history {path} (versions there: {known}).",
            ).filled(name=name, path=path, known=known or _NONE)
        )
    # Of each document the last run that says something, if there is one.
    ordered = sorted(runs, key=lambda run: (run.whole, run.started))
    return ComparedRun(name, {run.key: run for run in ordered})


HELP_ZH = """列出两次运行或两个 SecretFlow 版本之间的变化。

\b
退出码 1 表示后者出现了前者没有的不符。
"""


def command(
    before: Annotated[
        str,
        typer.Argument(
            help="A report.json, its folder, or a version, ref or date (2026-01-31) in the history."
        ),
    ],
    after: Annotated[str, typer.Argument(help="The same, of what it is compared with.")],
    *,
    history: HistoryFile = None,
    form: Annotated[
        ChangesFormat, typer.Option("--format", help="How to tell it.")
    ] = ChangesFormat.TEXT,
    _language: InLanguage = None,
) -> ExitCode:
    """List what changed between two runs, or two SecretFlow versions.

    Exit code 1 says that something fails in the second that did not fail in the first.
    """
    return compare(before, after, history, form, CommandConsole(stderr=True))
