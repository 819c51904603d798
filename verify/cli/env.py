"""`python -m verify env`: which documented environments there are, and in what state."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verify.cli.console import CommandConsole
from verify.cli.options import Json
from verify.environment import environment, extras
from verify.environment.environment import Environment
from verify.environment.extras import Extra
from verify.system import cache


def made(names: list[str], add: list[str], build: bool, console: Console) -> list[Environment]:  # noqa: FBT001
    """The environments of these names, of all if there are none; built and added to if asked.

    Args:
        names: Which environments, as `environment.names` spells them.
        add: What pip is asked for, to be locked beside each.
        build: Whether to build what is missing or damaged.
        console: Hears what takes time.
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
    return chosen


def show(names: list[str], add: list[str], build: bool, console: Console) -> None:  # noqa: FBT001
    """Print environments in a table; for the arguments see `made`."""
    chosen = made(names, add, build, console)
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


def _described(one: Environment) -> dict[str, object]:
    return {
        "name": one.name,
        "python": one.python_version,
        "packages": dict(one.packages),
        "lock_sha256": one.lock_sha256,
        "state": _state(environment.state(one)),
        "folder": str(one.prefix),
        "bytes": _bytes_on_disk(one.prefix) if one.prefix.is_dir() else 0,
        "extras": {extra.requirement: _added(extra) for extra in extras.of(one)},
    }


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
    as_json: Json = False,
) -> None:
    """Show the documented environments, and build them if asked."""
    if as_json:
        told = CommandConsole(stderr=True)
        found = [_described(each) for each in made(name or [], extra or [], build, told)]
        print(json.dumps({"schema": 1, "environments": found}, indent=1))  # noqa: T201
    else:
        show(name or [], extra or [], build, CommandConsole())
