"""`python -m verify report`: the last report again, in the form that is asked for."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from verify.cli import closing
from verify.cli.console import CommandConsole, say
from verify.cli.options import JSON_OR_FORMAT, OUT, InLanguage, Json, Out, Strict
from verify.errors import ExitCode, UsageError
from verify.history import merged
from verify.report import entries, glance, output, summary, terminal, totals
from verify.report.entries import Report
from verify.report.findings import as_github, as_sarif, relative
from verify.report.formats import ReportFormat
from verify.system.language import spoken
from verify.system.terminal_text import harmless_json
from verify.system.words import Language, Words, said

_ALL = Words(zh="全部见 {file}", en="{file} has them all")
_PAGES = Words(zh="页面", en="pages")


def show(
    out: Path,
    form: ReportFormat,
    parts: Sequence[Path] = (),
    history: Path | None = None,
    language: Language = Language.ENGLISH,
    *,
    strict: bool = False,
) -> ExitCode:
    """Print the report of an output folder, and write its other forms again.

    The exit code is that of the run, unless a part is missing: then nothing is verified.

    Args:
        out: the output folder.
        form: how to print.
        parts: output folders whose reports are made one there first.
        history: the history to which those are added, if any.
        language: that of the terminal, and of the forms that are in one alone.
        strict: whether known errata of published pages speak against them, too.

    Raises:
        UsageError: there is none, or none of this version; or a run is writing there.
    """
    all_there = ExitCode.VERIFIED
    if parts:
        with output.take(out):
            all_there = merged.write(
                parts, out, lambda told: say(CommandConsole(stderr=True), told), history
            )
    report = entries.read(out / "report.json")
    if form is ReportFormat.TEXT:
        console = CommandConsole()
        terminal.show(report, console, language)
        closing.show(report, out.absolute(), console, strict=strict)
    else:
        print(rendered(report, form, out, language))  # noqa: T201  # rich would wrap and colour it
    broken_off = not parts and output.is_unfinished(out)
    if broken_off:
        say(CommandConsole(stderr=True), _BROKEN_OFF, "bold red")
    with output.take(out):  # it has been shown, should the folder turn out to be read-only
        output.write(report, out, language)
    return ExitCode.OURS if broken_off else all_there or closing.exit_code(report, strict=strict)


def rendered(
    report: Report, form: ReportFormat, out: Path, language: Language = Language.ENGLISH
) -> str:
    """The report in a format; `out` is where it says that all of it can be found."""
    match form:
        case ReportFormat.GITHUB:
            all_of_them = _ALL.filled(file=relative(out / "report.html"))
            found = as_github.render(report.findings, all_of_them, language)
            if not glance.is_wanted(report.documents):
                return found
            says = said(totals.sentences(report.documents)[0], language)
            return f"::notice title={_PAGES.of(language)}::{says}.\n{found}".rstrip("\n")
        case ReportFormat.SARIF:
            return as_sarif.render(report.findings, language=language)
        case ReportFormat.JSON:
            return harmless_json(report.model_dump_json(by_alias=True, indent=1))
        case _:
            return summary.render(report, language=language)


_BROKEN_OFF = Words(
    zh="此后又有一次运行开始，但没有结束；以上是它之前的报告。请重新运行。",
    en="Another run has begun since and did not end; this is the report of the one before. "
    "Run it again.",
)
HELP_ZH = """再次显示上一次的报告，并重写各种格式的文件。

\b
退出码与那次运行的相同。
"""


def command(
    part: Annotated[
        list[Path] | None,
        typer.Argument(help="Output folders of runs, of several machines say, to be made one."),
    ] = None,
    *,
    out: Out = OUT,
    form: Annotated[
        ReportFormat | None,
        typer.Option("--format", "-f", help="How to show it.", show_default="text"),
    ] = None,
    as_json: Json = False,
    strict: Strict = False,
    _language: InLanguage = None,
    history: Annotated[
        Path | None, typer.Option(help="The history to which runs of other machines are added.")
    ] = None,
) -> ExitCode:
    """Show the last report again, and write its files again; the exit code is that of its runs."""
    if history and not part:
        raise UsageError(
            Words(
                zh="--history 用于所给出的输出文件夹里的运行；请给出几个。",
                en="--history is for the runs of output folders that are named; name some.",
            )
        )
    if as_json and form not in (None, ReportFormat.JSON):
        raise UsageError(JSON_OR_FORMAT.filled(format=form.value))
    wanted = ReportFormat.JSON if as_json else form or ReportFormat.TEXT
    return show(out, wanted, part or (), history, spoken(), strict=strict)
