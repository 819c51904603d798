"""`python -m verify check`: the static gate on the command line."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from verify.cli.console import CommandConsole
from verify.cli.options import Quiet
from verify.environment import environment as environments
from verify.environment.environment import Environment
from verify.errors import ExitCode, ResourceError
from verify.finding import FindingKind
from verify.report.findings import as_github, as_json, as_sarif, as_text
from verify.report.formats import Format
from verify.rules import checked_site, gate, project
from verify.rules.gate import Judgement
from verify.system import git
from verify.system.cache import Notify
from verify.system.words import Language
from verify.upstream import pages


def check(
    paths: list[Path],
    *,
    env: str | None,
    root: Path | None,
    format_: Format,
    online: bool,
    quiet: bool = False,
) -> ExitCode:
    """Check pages and print what was found; the answer to standard output, progress to error.

    Args:
        paths: pages, or folders of pages.
        env: an environment's name, a folder that one is in, `none`, or nothing: then the
            project's, or that of the release which the pages come from.
        root: the documentation's root, if it is not to be found by itself.
        format_: how to print.
        online: whether external links are asked for.
        quiet: whether progress is not told.
    """
    console = CommandConsole(stderr=True, quiet=quiet)
    with console.status("Reading the pages.") as status:

        def notify(sentence: str) -> None:
            status.update(sentence)
            if not console.is_terminal:
                console.print(sentence, markup=False, highlight=False, soft_wrap=True)

        top = (root or checked_site.root_of(paths)).resolve()
        settings = project.of_root(top)
        environment = _environment(env or settings.environment or _of_release(top), notify)
        opened = checked_site.open_site(
            paths, root=top, environment=environment, online=online, notify=notify
        )
        judgement = gate.judge(opened, settings, date.today())  # noqa: DTZ011  # a waiver's day
    print(rendered(judgement, format_))  # noqa: T201  # rich would wrap and colour it
    return judgement.exit_code


def rendered(judgement: Judgement, format_: Format) -> str:
    """What was found, in a format."""
    match format_:
        case Format.TEXT:
            return as_text.render(judgement)
        case Format.JSON:
            return as_json.render(judgement)
        case Format.GITHUB:
            return as_github.render(judgement.findings, "`verify check` shows them all")
        case Format.SARIF:
            waived = ((finding, waiver.reason) for finding, waiver in judgement.waived)
            return as_sarif.render(judgement.findings, waived)


def _environment(name: str, notify: Notify) -> Environment | None:
    if name == project.NO_ENVIRONMENT:
        return None
    if name not in environments.names() and Path(name).is_dir():
        return environments.of_prefix(Path(name))
    return environments.ensure_built(name, notify)


def _of_release(root: Path) -> str:
    """The environment of the release that was synced or checked out, or else of our tutorials."""
    return environments.of_release((*pages.refs_of(root), *_tags(root)))


def _tags(root: Path) -> list[str]:
    try:
        return git.run(root, "tag", "--points-at", "HEAD").decode().split()
    except (git.GitError, ResourceError):
        return []  # no repository, or no git


def _explained(kind: FindingKind | None) -> None:
    if kind:
        from verify.rules import explanation  # noqa: PLC0415  # seldom asked for

        typer.echo(explanation.markdown(kind, Language.ENGLISH), nl=False)
        raise typer.Exit


def command(
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
    quiet: Quiet = False,
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
) -> ExitCode:
    """Find what cannot be right in notebooks, Markdown and reStructuredText, without a kernel."""
    return check(path, env=env, root=root, format_=format_, online=online, quiet=quiet)
