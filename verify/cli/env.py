"""`python -m verify env`: which documented environments there are, and in what state."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verify.cli.console import CommandConsole
from verify.environment import environment, extras
from verify.environment.extras import Extra
from verify.system import cache


def show(names: list[str], add: list[str], build: bool, console: Console) -> None:  # noqa: FBT001
    """Print the environments of these names, of all if there are none; build them first if asked.

    Args:
        names: Which environments, as `environment.names` spells them.
        add: What pip is asked for, to be locked beside each.
        build: Whether to build what is missing or damaged.
        console: Where to print; nothing else is written.
    """
    chosen = [environment.locate(name) for name in names or environment.names()]
    if build:
        for each in chosen:
            environment.ensure(each.name, lambda said: _say(console, said))
            for extra in extras.of(each):
                extras.ensure(extra, each, lambda said: _say(console, said))
    for each in chosen:
        for text in add:
            extras.lock(each, text, lambda said: _say(console, said))
    table = Table("environment", "Python", "packages", "lock", "state", "size")
    for column in table.columns:
        column.overflow = "fold"  # what is damaged must be readable on a narrow terminal too
    for each in chosen:
        problem = environment.state(each)
        size = f"{_bytes_on_disk(each.prefix) / 1e9:.1f} GB" if each.prefix.is_dir() else ""
        table.add_row(
            escape(each.name),
            each.python_version,
            str(len(each.packages)),
            each.lock_sha256[:12],
            escape(_state(problem)),
            size,
        )
    console.print(table)
    for each in chosen:
        _say(console, f"{each.name}: {each.prefix}")
        for extra in extras.of(each):
            _say(console, f"- beside it {_added(extra)}")


def _added(extra: Extra) -> str:
    if extra.conflict:
        return f"{extra.requirement} cannot be installed: {extra.conflict}"
    if extra.other:
        return f"{extra.requirement} goes with the release, but not with this lock: {extra.other}"
    version = extra.packages.get(extra.name, "of the release")
    warning = f"; {extra.warning}" if extra.warning else ""
    return f"{extra.requirement}: {version}, with {len(extra.packages)} packages{warning}"


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def _state(problem: str | None) -> str:
    if problem is None:
        return "intact"
    return problem if problem == cache.NOT_BUILT else f"damaged: {problem}"


def _bytes_on_disk(folder: Path) -> int:
    # Of the links themselves: the base interpreter is not part of the environment.
    sizes = (path.lstat().st_blocks for path in folder.rglob("*"))
    return 512 * sum(sizes)


def command(
    name: Annotated[list[str] | None, typer.Argument(help="Environments; all if none.")] = None,
    *,
    build: Annotated[bool, typer.Option(help="Build what is missing or damaged.")] = False,
    extra: Annotated[
        list[str] | None,
        typer.Option(help="Lock a package beside it that pages install, such as `name==1.0`."),
    ] = None,
) -> None:
    """Show the documented environments, and build them if asked."""
    show(name or [], extra or [], build=build, console=CommandConsole())
