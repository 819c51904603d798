"""The command line: run documents, check and sync pages, renew pins, report what came out.

Each command imports what it needs itself: all of it would take seconds before the first word.
"""

import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from verify.contract.edition import Wanted
from verify.errors import ExitCode, UsageError, VerifyError
from verify.finding import FindingKind
from verify.report.formats import (
    ChangesFormat,
    DriftFormat,
    Format,
    Language,
    Outputs,
    ReportFormat,
)
from verify.system.resources import TUTORIALS
from verify.upstream import documentation, pages

if TYPE_CHECKING:
    from verify.contract.contract import Contract


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Runs SecretFlow's tutorials for real and judges whether each page says what happens. "
    "Exit codes: 0 verified, 1 a page is contradicted or breaks, 2 bad usage or input, "
    "3 our own fault or a missing resource.",
)

Out = Annotated[Path, typer.Option(help="The folder for reports and evidence.")]
Source = Annotated[
    str,
    typer.Option(
        "--upstream", help="A git URL, a clone, a bare repository, or a folder without git."
    ),
]
History = Annotated[
    Path | None,
    typer.Option(help="The file that keeps what runs came to; by default one in the cache."),
]
Names = Annotated[list[str] | None, typer.Argument(help="Documents by name; all if none.")]
QUICK = "quick"


@app.command()
def run(
    document: Annotated[
        list[str] | None,
        typer.Argument(help="Documents by name; if none, those that stand for official pages."),
    ] = None,
    *,
    profile: Annotated[str, typer.Option(help="embedded, real or full.")] = "embedded",
    quick: Annotated[
        bool, typer.Option("--quick", help="The smallest model alone: a first run in minutes.")
    ] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Our own pages as well: models, advice, aggregators.")
    ] = False,
    edition: Annotated[
        Wanted, typer.Option(help="Our text, the official one as it is, or one after the other.")
    ] = Wanted.CORRECTED,
    source: Source = pages.DEFAULT_SOURCE,
    ref: Annotated[
        str | None, typer.Option(help="A tag, branch or commit in place of the pinned one.")
    ] = None,
    env: Annotated[
        str | None, typer.Option(help="An environment in place of the one that a document names.")
    ] = None,
    mirror: Annotated[
        str | None, typer.Option(help="Where download hosts are found, as URL/host/path.")
    ] = None,
    out: Out = Path("build/verify"),
    jobs: Annotated[int, typer.Option(help="Documents to run at once.", min=1)] = 1,
    repeat: Annotated[
        int,
        typer.Option(help="Runs of each edition with the same seeds, which are compared.", min=1),
    ] = 1,
    history: History = None,
) -> None:
    """Run documents in their documented environment and judge them."""
    from verify.cli.run import run_documents
    from verify.environment import environment
    from verify.execute.session import Options
    from verify.history import file

    if env:
        environment.locate(env)  # a wrong name is said at once
    if quick:
        profile, contracts = QUICK, _quick(document)
    else:
        contracts = _contracts(document) if everything or document else _official(None)
    contracts = [one for one in contracts if set(edition.editions) & set(one.editions)]
    if not contracts:
        raise UsageError("none of these documents has an official page, published or not.")
    for one in contracts:
        if profile not in one.profiles:
            known = ", ".join(one.profiles)
            raise UsageError(f"{one.name} has no profile {profile}; known are: {known}.")
    options = Options(
        profile=profile,
        out=out,
        mirror=mirror,
        upstream=source,
        ref=ref,
        environment=env,
        repeat=repeat,
    )
    code = run_documents(
        contracts, options, edition=edition, jobs=jobs, history=history or file.default()
    )
    raise typer.Exit(int(code))


def _explained(kind: FindingKind | None) -> None:
    if kind:
        from verify.rules import explanation

        typer.echo(explanation.markdown(kind, explanation.Language.ENGLISH), nl=False)
        raise typer.Exit


@app.command()
def check(
    path: Annotated[list[Path], typer.Argument(help="Pages, or folders of pages.")],
    *,
    env: Annotated[
        str | None,
        typer.Option(
            help="An environment by name (`verify env` shows them), the folder of one, or `none`; "
            "by default that of the release which is checked out."
        ),
    ] = None,
    format_: Annotated[
        Format, typer.Option("--format", help="How to print what was found.")
    ] = Format.TEXT,
    root: Annotated[
        Path | None, typer.Option(help="The documentation's root, where /paths start.")
    ] = None,
    online: Annotated[bool, typer.Option(help="Ask for external links, too.")] = False,
    _explain: Annotated[
        FindingKind | None,
        typer.Option(
            "--explain",
            metavar="KIND",
            callback=_explained,
            is_eager=True,
            help="Say what a kind of finding means, with examples, and check nothing.",
        ),
    ] = None,
) -> None:
    """Find what cannot be right in notebooks, Markdown and reStructuredText, without a kernel."""
    from verify.cli import check as cli_check

    code = cli_check.check(path, env=env, root=root, format_=format_, online=online)
    raise typer.Exit(int(code))


@app.command()
def env(
    name: Annotated[list[str] | None, typer.Argument(help="Environments; all if none.")] = None,
    *,
    build: Annotated[bool, typer.Option(help="Build what is missing or damaged.")] = False,
) -> None:
    """Show the documented environments, and build them if asked."""
    from verify.cli import env as cli_env

    cli_env.show(name or [], build=build, console=Console())


@app.command()
def sync(
    source: Source = pages.DEFAULT_SOURCE,
    ref: Annotated[
        list[str] | None,
        typer.Option(help="A tag, branch or commit; again for more. If none: what we document."),
    ] = None,
    path: Annotated[
        str, typer.Option(help="The folder of the repository to bring; . is all of it.")
    ] = documentation.FOLDER,
) -> None:
    """Bring official pages into the cache, notebooks also as text, and print where they are.

    Only the folder's own files are brought where the server can do that. A tag or commit that was
    brought is used again without the network; a branch is asked for each time. The folder of the
    pages is printed on standard output, all else on standard error.
    """
    from verify.cli import sync as cli_sync

    refs = ref or sorted({one.official.ref for one in _official(None)})
    cli_sync.bring(source, refs, path, Console(stderr=True), Console())


@app.command()
def pin(
    document: Names = None,
    source: Source = pages.DEFAULT_SOURCE,
    ref: Annotated[
        str | None, typer.Option(help="A tag, branch or commit in place of the pinned one.")
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; show how the pages drifted.")
    ] = False,
    form: Annotated[
        DriftFormat, typer.Option("--format", help="How --check tells it.")
    ] = DriftFormat.TEXT,
    sentences: Annotated[
        bool,
        typer.Option("--sentences", help="Change nothing; list the sentences, to write claims."),
    ] = False,
) -> None:
    """Read official pages and renew their pins (digests and facts, no text).

    With --check, compare the pages with their pins instead, cell by cell, and name the claims whose
    sentence is another; exit code 1 says that a page drifted. With --sentences, print each sentence
    with the digest that anchors a claim to it.
    """
    from verify.cli import pin as cli_pin

    if sentences:
        cli_pin.list_sentences(_official(document), source, ref, Console())
        return
    if check:
        as_json = form is DriftFormat.JSON
        code = cli_pin.check(_official(document), source, ref, Console(), as_json=as_json)
        raise typer.Exit(int(code))
    cli_pin.renew(_official(document), source, ref, Console())


@app.command()
def patch(
    document: Names = None,
    source: Source = pages.DEFAULT_SOURCE,
    ref: Annotated[
        str | None, typer.Option(help="A tag, branch or commit in place of the pinned one.")
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option(help="The file for the patch, in place of standard output.")
    ] = None,
    outputs: Annotated[
        Outputs, typer.Option(help="What becomes of the outputs that the pages have stored.")
    ] = Outputs.KEEP,
    executed: Annotated[
        Path, typer.Option("--run", help="The output folder of the run that renews outputs.")
    ] = Path("build/verify"),
    profile: Annotated[
        str, typer.Option(help="The profile of that run; only full is as documented.")
    ] = "full",
) -> None:
    """Make a patch for `git apply` that repairs official pages as the ledger of errata says.

    Only what a repair touches changes: lines of the notebooks' cells, and with prose its entries in
    the catalogues of translations. What is in the patch and what is not is told on standard error;
    exit code 2 says that the ledger does not fit these pages.
    """
    from verify.cli import patch as cli_patch

    wanted = cli_patch.Wanted(outputs, executed, profile)
    contracts, console = _official(document), Console(stderr=True)
    code = cli_patch.make(contracts, source, ref, wanted, to=out, console=console)
    raise typer.Exit(int(code))


@app.command()
def aggregators(
    *,
    env: Annotated[
        str | None, typer.Option(help="An environment by name; by default that of our tutorials.")
    ] = None,
    examples: Annotated[
        int, typer.Option(help="Rounds for each property; fewer where they are slow.", min=1)
    ] = 100,
    form: Annotated[
        DriftFormat, typer.Option("--format", help="How to print it.")
    ] = DriftFormat.TEXT,
) -> None:
    """Try SecretFlow's aggregators with arrays of every kind and judge what comes out.

    Exit code 1 says that something contradicts the reference which the ledger of known defects
    does not explain, or that a known defect does not show.
    """
    from verify.cli import aggregators as cli_aggregators

    code = cli_aggregators.run(env, examples, as_json=form is DriftFormat.JSON)
    raise typer.Exit(int(code))


@app.command()
def matrix(
    document: Names = None,
    *,
    profile: Annotated[str, typer.Option(help="embedded, real, full or quick.")] = "embedded",
    edition: Annotated[Wanted, typer.Option(help="Which text of each document.")] = Wanted.BOTH,
    env: Annotated[
        str,
        typer.Option(
            help="An environment by name, or `others`: each but the one that a document names."
        ),
    ] = "",
) -> None:
    """Print the runs of a verification as JSON for a job matrix, the longest first."""
    from verify.cli import matrix as cli_matrix

    cli_matrix.show(_contracts(document), profile, edition, env)


@app.command()
def report(
    part: Annotated[
        list[Path] | None,
        typer.Argument(help="Output folders of runs, of several machines say, to be made one."),
    ] = None,
    *,
    out: Out = Path("build/verify"),
    form: Annotated[
        ReportFormat, typer.Option("--format", help="How to show it.")
    ] = ReportFormat.TEXT,
    history: Annotated[
        Path | None, typer.Option(help="The history to which runs of other machines are added.")
    ] = None,
) -> None:
    """Show the last report again, and write its files again; the exit code is that of the run."""
    from verify.cli import report as cli_report

    raise typer.Exit(int(cli_report.show(out, form, part or (), history)))


@app.command()
def site(
    to: Annotated[Path, typer.Argument(help="The folder of the web site.")],
    *,
    kind: Annotated[str, typer.Option(help="What the site calls this kind of run.")],
    out: Out = Path("build/verify"),
) -> None:
    """Put the last report and a badge for each document among those of other runs."""
    from verify.report import model, web_site

    web_site.add(model.read(out / "report.json"), out, to / kind)


@app.command()
def track(
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
    out: Out = Path("build/verify"),
) -> None:
    """Open, renew or close the issue about the last report, as its verdicts are.

    Exit code 0 says that the issue is as it should be, whatever the verdicts are.
    """
    from verify.cli import track as cli_track
    from verify.report.github_issue import Place

    cli_track.track(kind, out, planned, Place(api, repository, token), run_url)


@app.command()
def reply(
    issue: Annotated[str, typer.Argument(help="The number of an issue of SecretFlow, or its URL.")],
    document: Annotated[
        str | None, typer.Argument(help="Which document of the report, where that is not clear.")
    ] = None,
    *,
    out: Out = Path("build/verify"),
    language: Annotated[Language, typer.Option(help="Chinese, English, or both.")] = Language.BOTH,
    task: Annotated[
        str | None, typer.Option(help="The task's number, if it is not the issue's.")
    ] = None,
    evidence: Annotated[
        str | None, typer.Option(help="Where the output folder is read on the web, for links.")
    ] = None,
) -> None:
    """Write the reply that an issue asks its verifier for, with pictures, from the last run."""
    from verify.cli import reply as cli_reply

    cli_reply.write(issue, document, out=out, language=language, task=task, evidence=evidence)


@app.command()
def compare(
    before: Annotated[
        str,
        typer.Argument(
            help="A report.json, its folder, or a version, ref or date (2026-01-31) in the history."
        ),
    ],
    after: Annotated[str, typer.Argument(help="The same, of what it is compared with.")],
    *,
    history: History = None,
    form: Annotated[
        ChangesFormat, typer.Option("--format", help="How to tell it.")
    ] = ChangesFormat.TEXT,
) -> None:
    """List what changed between two runs, or two SecretFlow versions.

    Exit code 1 says that something fails in the second that did not fail in the first.
    """
    from verify.cli import compare as cli_compare

    code = cli_compare.compare(before, after, history, form, Console(stderr=True))
    raise typer.Exit(int(code))


@app.command("history")
def show_history(
    document: Annotated[
        list[str] | None, typer.Argument(help="Documents by name; all if none.")
    ] = None,
    history: History = None,
) -> None:
    """Show what the last runs came to."""
    from verify.cli import history as cli_history

    cli_history.show(document or [], history, Console())


def _official(names: list[str] | None) -> "list[Contract]":
    """The documents that stand for official pages: those named, or all of them."""
    return [one for one in _contracts(names) if names or one.page]


def _quick(names: list[str] | None) -> "list[Contract]":
    """The documents that have a quick profile."""
    contracts = [one for one in _contracts(names) if QUICK in one.profiles]
    if not contracts:
        raise UsageError(f"none of these documents has a profile {QUICK}.")
    return contracts


def _contracts(names: list[str] | None) -> "list[Contract]":
    from verify.contract import contract

    known = sorted(path.parent.name for path in TUTORIALS.glob(f"*/{contract.FILE_NAME}"))
    for name in names or []:
        if name not in known:
            raise UsageError(f"{name}: no such document; known are: {', '.join(known)}.")
    return [contract.read(TUTORIALS / name / contract.FILE_NAME) for name in names or known]


def _terminated(*_: object) -> NoReturn:
    """End as on Ctrl-C, so that the evidence is written and nothing is left behind."""
    raise KeyboardInterrupt


def main() -> None:
    """Run the command line; every problem ends with a sentence and its exit code."""
    signal.signal(signal.SIGTERM, _terminated)
    console = Console(stderr=True)
    try:
        app()
    except VerifyError as error:
        console.print(str(error), style="bold red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(int(error.exit_code))
    except KeyboardInterrupt:
        console.print("Interrupted.")
        sys.exit(int(ExitCode.INTERRUPTED))
