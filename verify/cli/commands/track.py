"""`verify track`."""

from typing import Annotated

import typer

from verify.cli.options import OUT, Out


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
    from verify.cli import track as cli_track
    from verify.report.github_issue import Place

    cli_track.track(kind, out, planned, Place(api, repository, token), run_url)
