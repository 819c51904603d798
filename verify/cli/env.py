"""`python -m verify env`: which documented environments there are, and in what state."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verify.cli.console import CommandConsole, say
from verify.cli.options import InLanguage, Json
from verify.environment import environment, extras
from verify.environment.environment import Environment
from verify.environment.extras import Extra
from verify.system import cache
from verify.system.language import spoken
from verify.system.terminal_text import printed_json
from verify.system.words import Text, Words, joined, said

_COLUMNS = (
    Words(zh="环境", en="environment"),
    "Python",
    Words(zh="包", en="packages"),
    Words(zh="依赖锁", en="lock"),
    Words(zh="状态", en="state"),
    Words(zh="大小", en="size"),
)
_INTACT = Words(zh="完好", en="intact")
_NOT_BUILT = Words(zh="尚未构建", en="not built")
_DAMAGED = Words(zh="已损坏：{problem}", en="damaged: {problem}")
_BESIDE = Words(zh="- 另外 {added}", en="- beside it {added}")
_CONFLICT = Words(zh="{what} 无法安装：{problem}", en="{what} cannot be installed: {problem}")
_OTHER = Words(
    zh="{what} 与该版本相容，但与此依赖锁不相容：{problem}",
    en="{what} goes with the release, but not with this lock: {problem}",
)
_ADDED = Words(
    zh="{what}：{version}，带 {count} 个包", en="{what}: {version}, with {count} packages"
)
_OF_RELEASE = Words(zh="由该版本自带", en="of the release")


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
            environment.ensure(each.name, lambda told: say(console, told))
            for extra in extras.of(each):
                extras.ensure(extra, each, lambda told: say(console, told))
    for each in chosen:
        for text in add:
            extras.lock(each, text, lambda told: say(console, told))
    return chosen


def show(names: list[str], add: list[str], build: bool, console: Console) -> None:  # noqa: FBT001
    """Print environments in a table; for the arguments see `made`."""
    chosen = made(names, add, build, console)
    table = Table(*(said(column, spoken()) for column in _COLUMNS))
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
            escape(said(_state(problem), spoken())),
            size,
        )
    console.print(table)
    for each in chosen:
        say(console, f"{each.name}: {each.prefix}")
        for extra in extras.of(each):
            say(console, _BESIDE.filled(added=_added(extra)))


def _described(one: Environment) -> dict[str, object]:
    return {
        "name": one.name,
        "python": one.python_version,
        "packages": dict(one.packages),
        "lock_sha256": one.lock_sha256,
        "state": str(_state(environment.state(one))),
        "folder": str(one.prefix),
        "bytes": _bytes_on_disk(one.prefix) if one.prefix.is_dir() else 0,
        "extras": {extra.requirement: str(_added(extra)) for extra in extras.of(one)},
    }


def _added(extra: Extra) -> Text:
    if extra.conflict:
        return _CONFLICT.filled(what=extra.requirement, problem=extra.conflict)
    if extra.other:
        return _OTHER.filled(what=extra.requirement, problem=extra.other)
    version = extra.packages.get(extra.name, _OF_RELEASE)
    added = _ADDED.filled(what=extra.requirement, version=version, count=len(extra.packages))
    return joined((added, extra.warning))


def _state(problem: Text | None) -> Words:
    if problem is None:
        return _INTACT
    return _NOT_BUILT if problem == cache.NOT_BUILT else _DAMAGED.filled(problem=problem)


def _bytes_on_disk(folder: Path) -> int:
    # Of the links themselves: the base interpreter is not part of the environment.
    return 512 * sum(map(_blocks, folder.rglob("*")))


def _blocks(path: Path) -> int:
    try:
        return path.lstat().st_blocks
    except FileNotFoundError:  # another process builds it
        return 0


HELP_ZH = """显示各个文档环境；如有要求，也构建它们。"""


def command(
    name: Annotated[list[str] | None, typer.Argument(help="Environments; all if none.")] = None,
    *,
    build: Annotated[bool, typer.Option(help="Build what is missing or damaged.")] = False,
    extra: Annotated[
        list[str] | None,
        typer.Option(help="Lock a package beside it that pages install, such as `name==1.0`."),
    ] = None,
    as_json: Json = False,
    _language: InLanguage = None,
) -> None:
    """Show the documented environments, and build them if asked."""
    if as_json:
        told = CommandConsole(stderr=True)
        found = [_described(each) for each in made(name or [], extra or [], build, told)]
        print(printed_json({"schema": 1, "environments": found}))  # noqa: T201
    else:
        show(name or [], extra or [], build, CommandConsole())
