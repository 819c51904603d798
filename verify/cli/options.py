"""Options and arguments that several commands have, and the documents that they name."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verify.errors import UsageError
from verify.system.resources import BUNDLED, TUTORIALS, TUTORIALS_VARIABLE
from verify.system.words import Language, Words, enumerated
from verify.upstream.pages import DEFAULT_SOURCE

if TYPE_CHECKING:
    from verify.contract.contract import Contract

SOURCE = DEFAULT_SOURCE
OUT = Path("build/verify")


def _complete(ctx: typer.Context, incomplete: str) -> Iterator[str]:
    folders = (ctx.params.get("tutorials") or TUTORIALS).glob("*/")
    yield from sorted(path.name for path in folders if path.name.startswith(incomplete))


Out = Annotated[Path, typer.Option("--out", "-o", help="The folder for reports and evidence.")]
_SOURCE_HELP = "A git URL, a clone, a bare repository, or a folder without git."
Source = Annotated[str, typer.Option("--upstream", "-u", help=_SOURCE_HELP)]
SomeSource = Annotated[str | None, typer.Option("--upstream", "-u", help=_SOURCE_HELP)]
Ref = Annotated[
    str | None,
    typer.Option("--ref", "-r", help="A tag, branch or commit in place of the pinned one."),
]
Json = Annotated[bool, typer.Option("--json", help="For programs; the same as --format json.")]
JSON_OR_FORMAT = Words(
    zh="--json 与 --format {format} 互相矛盾，请去掉一个。",
    en="--json and --format {format} contradict each other; leave one out.",
)
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Exit code 1 for known errata of published pages as well."),
]
HistoryFile = Annotated[
    Path | None,
    typer.Option(help="The file that keeps what runs came to; by default one in the cache."),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(help="Documents by name; all if none.", autocompletion=_complete),
]
Tutorials = Annotated[
    Path,
    typer.Option(
        envvar=TUTORIALS_VARIABLE,
        file_okay=False,
        exists=True,
        resolve_path=True,
        show_default="those that came with the tool",
        help="A folder of documents in place of the tool's own.",
    ),
]
InLanguage = Annotated[
    Language | None,
    # It is looked for before anything is parsed, for the parser speaks, too.
    typer.Option("--language", help="zh or en; by default the terminal's own, after LANG."),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only what came out.")]


def documents(names: list[str] | None, tutorials: Path) -> "list[Contract]":
    """The documents of these names, or all of them.

    Raises:
        UsageError: there is none, none of that name, or a contract is not as it has to be.
    """
    from verify.contract import contract  # noqa: PLC0415 - not before the options are looked at

    known = sorted(path.parent.name for path in tutorials.glob(f"*/{contract.FILE_NAME}"))
    if not known:
        raise UsageError(
            Words(
                zh="{folder}：里面没有文档，即没有 NAME/{file}。",
                en="{folder}: holds no document, that is no NAME/{file}.",
            ).filled(folder=tutorials, file=contract.FILE_NAME)
        )
    for name in names or []:
        if name not in known:
            raise UsageError(
                Words(
                    zh="{name}：没有这个文档；已有的是：{known}。",
                    en="{name}: no such document; known are: {known}.",
                ).filled(name=name, known=enumerated(known))
            )
    return [contract.read(tutorials / name / contract.FILE_NAME) for name in names or known]


def official(names: list[str] | None, tutorials: Path) -> "list[Contract]":
    """The documents of these names, or all that stand for official pages."""
    return [one for one in documents(names, tutorials) if names or one.page]


def writable(tutorials: Path) -> None:
    """See that documents may be changed.

    Raises:
        UsageError: they are part of an installed package.
    """
    if tutorials.is_relative_to(BUNDLED):
        raise UsageError(
            Words(
                zh="{folder}：属于已安装的工具，工具不改动自身；请在检出目录里执行，"
                "或用 --tutorials 给出你自己的文件夹。",
                en="{folder}: belongs to the installed tool, which changes nothing of itself; "
                "run this in a checkout, or name a folder of your own with --tutorials.",
            ).filled(folder=tutorials)
        )
