"""`python -m verify track`: the issue about a scheduled run, from its report."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole, say
from verify.cli.jobs import Matrix
from verify.cli.options import OUT, InLanguage, Out
from verify.errors import UsageError
from verify.finding import Verdict
from verify.report import clipped, entries, github_issue, summary
from verify.report.entries import Report
from verify.report.github_issue import IssuePlace, News, State
from verify.system.language import spoken
from verify.system.words import Text, Words, joined

_TITLE = Words(zh="验证 {kind}：{says}", en="Verification {kind}: {says}")
_ALL = Words(zh="全部已验证", en="all verified")
_WRONG = Words(zh="{count} 个与实际不符或运行出错", en="{count} contradicted or broken")
_OPEN = Words(zh="{count} 个无法检查", en="{count} could not be checked")
_NOTHING = Words(zh="没有可以检查的", en="nothing could be checked")
_RUN = Words(zh="报告见[这次运行]({url})。", en="The [run]({url}) has the report.")
_BROKE_OFF = Words(
    zh="- `{run}` 没有留下报告：它的作业中断了。", en="- `{run}` left no report: its job broke off."
)
_DECIDED = (Verdict.PASS, Verdict.ERRATUM, Verdict.FAIL)


def track(kind: str, out: Path, planned: str, place: IssuePlace, run_url: str) -> None:
    """Bring the issue of a kind of run to what the last report says, and say what was done.

    Args:
        kind: what the issue calls this kind of run.
        out: the folder of `report.json`; without one, nothing could be judged.
        planned: the matrix of the run, to notice what never came to its end; empty if unknown.
        place: where the issue is.
        run_url: where the run is shown; empty if nowhere.
    """
    report = entries.read(out / "report.json") if (out / "report.json").exists() else None
    said = github_issue.settle(news(kind, report, _missing(report, planned), run_url), place)
    say(CommandConsole(), said)


def news(kind: str, report: Report | None, missing: list[str], run_url: str) -> News:
    """What there is to say of a report, and of runs that left none."""
    documents = report.documents if report else []
    wrong = sum(d.verdict is Verdict.FAIL for d in documents)
    unknown = sum(d.verdict not in _DECIDED for d in documents)
    unknown += len(missing or (report.missing if report else ()))
    state = State.GREEN
    title: Text = _ALL
    if wrong or unknown:
        state = State.RED if wrong else State.UNKNOWN
        counts = ((_WRONG, wrong), (_OPEN, unknown))
        some = (what.filled(count=number) for what, number in counts if number)
        title = joined(some, zh="，", en=", ")
    elif not documents:
        state, title = State.UNKNOWN, _NOTHING
    language = spoken()
    lines = [_RUN.filled(url=run_url).of(language), ""] if run_url else []
    lines += [_BROKE_OFF.filled(run=run).of(language) for run in missing]
    lines += ["", *summary.render(report, language=language).splitlines()] if report else []
    body = clipped.lines(lines, clipped.COMMENT_BYTES, language)
    return News(kind, state, _TITLE.filled(kind=kind, says=title).of(language), body)


def _missing(report: Report | None, planned: str) -> list[str]:
    if not planned:
        return []
    try:
        runs = Matrix.model_validate_json(planned).include
    except ValueError as error:
        raise UsageError(
            Words(
                zh="--planned：不是 `verify matrix` 打印的内容。",
                en="--planned: is not what `verify matrix` prints.",
            )
        ) from error
    there = {(d.name, d.edition, d.environment) for d in (report.documents if report else ())}
    wanted = {(run.document, run.edition.value, run.environment) for run in runs}
    return [", ".join(run) for run in sorted(wanted - there)]


HELP_ZH = """按上一次报告的结论，打开、更新或关闭说明它的 issue。

\b
退出码 0 表示 issue 已是应有的状态，与结论无关。
"""


def command(
    kind: Annotated[str, typer.Argument(help="What the issue calls this kind of run.")],
    *,
    repository: Annotated[str, typer.Option(envvar="GITHUB_REPOSITORY", help="OWNER/NAME.")],
    token: Annotated[str, typer.Option(envvar="GITHUB_TOKEN", help="May write issues.")],
    api: Annotated[
        str, typer.Option(envvar="GITHUB_API_URL", help="Where GitHub's REST API is.")
    ] = "https://api.github.com",
    run_url: Annotated[str, typer.Option(envvar="RUN_URL", help="Where the run is shown.")] = "",
    planned: Annotated[
        str, typer.Option(envvar="PLANNED", help="What `verify matrix` had printed for the run.")
    ] = "",
    out: Out = OUT,
    _language: InLanguage = None,
) -> None:
    """Open, renew or close the issue about the last report, as its verdicts are.

    Exit code 0 says that the issue is as it should be, whatever the verdicts are.
    """
    track(kind, out, planned, IssuePlace(api, repository, token), run_url)
