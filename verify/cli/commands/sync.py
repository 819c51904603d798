"""`verify sync`."""

from typing import Annotated

import typer

from verify.cli.console import Console
from verify.cli.options import SOURCE, Quiet, Source, Tutorials, official
from verify.system.resources import TUTORIALS
from verify.upstream import documentation


def command(
    source: Source = SOURCE,
    ref: Annotated[
        list[str] | None,
        typer.Option(help="A tag, branch or commit; again for more. If none: what we document."),
    ] = None,
    path: Annotated[
        str, typer.Option(help="The folder of the repository to bring; . is all of it.")
    ] = documentation.FOLDER,
    *,
    tutorials: Tutorials = TUTORIALS,
    quiet: Quiet = False,
) -> None:
    """Bring official pages into the cache, notebooks also as text, and print where they are.

    Only the folder's own files are brought where the server can do that. A tag or commit that was
    brought is used again without the network; a branch is asked for each time. The folder of the
    pages is printed on standard output, all else on standard error.
    """
    from verify.cli import sync as cli_sync

    refs = ref or sorted({one.official.ref for one in official(None, tutorials)})
    cli_sync.bring(source, refs, path, Console(stderr=True, quiet=quiet), Console())
