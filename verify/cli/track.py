"""`python -m verify track`: the issue about a scheduled run, from its report."""

from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole
from verify.cli.jobs import Matrix
from verify.cli.options import OUT, Out
from verify.errors import UsageError
from verify.finding import Verdict
from verify.report import clipped, entries, github_issue, summary
from verify.report.entries import Report
from verify.report.github_issue import IssuePlace, News, State

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
    CommandConsole().print(said, soft_wrap=True)


def news(kind: str, report: Report | None, missing: list[str], run_url: str) -> News:
    """What there is to say of a report, and of runs that left none."""
    documents = report.documents if report else []
    wrong = sum(d.verdict is Verdict.FAIL for d in documents)
    unknown = sum(d.verdict not in _DECIDED for d in documents)
    unknown += len(missing or (report.missing if report else ()))
    state, title = State.GREEN, "all verified"
    if wrong or unknown:
        state = State.RED if wrong else State.UNKNOWN
        counts = {"contradicted or broken": wrong, "could not be checked": unknown}
        title = ", ".join(f"{number} {what}" for what, number in counts.items() if number)
    elif not documents:
        state, title = State.UNKNOWN, "nothing could be checked"
    lines = [f"The [run]({run_url}) has the report.", ""] if run_url else []
    lines += [f"- `{run}` left no report: its job broke off." for run in missing]
    lines += ["", *summary.render(report).splitlines()] if report else []
    body = clipped.lines(lines, clipped.COMMENT_BYTES)
    return News(kind, state, f"Verification {kind}: {title}", body)


def _missing(report: Report | None, planned: str) -> list[str]:
    if not planned:
        return []
    try:
        runs = Matrix.model_validate_json(planned).include
    except ValueError as error:
        raise UsageError("--planned: is not what `verify matrix` prints.") from error
    there = {(d.name, d.edition, d.environment) for d in (report.documents if report else ())}
    wanted = {(run.document, run.edition.value, run.environment) for run in runs}
    return [", ".join(run) for run in sorted(wanted - there)]


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
) -> None:
    """Open, renew or close the issue about the last report, as its verdicts are.

    Exit code 0 says that the issue is as it should be, whatever the verdicts are.
    """
    track(kind, out, planned, IssuePlace(api, repository, token), run_url)
