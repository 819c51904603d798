"""Stand-ins of ours for what pages download, by address; built when a page first asks for one."""

from collections.abc import Collection
from functools import cache
from pathlib import PurePosixPath

from verify.contract.profiles import FileRow
from verify.evidence.evidence import Applied
from verify.execute.fixtures import DATA
from verify.execute.registry import Served
from verify.system import typed_toml
from verify.system.typed_toml import Strict
from verify.system.words import Words

INDEX = DATA / "index.toml"
_MANY = 50
_REASON = Words(
    zh="我们的替身文件；加载程序检查的摘要是它自己的",
    en="a stand-in of ours; digests that the loader checks are its own",
)


class Index(Strict):
    """Files for addresses that any page may ask for."""

    files: list[FileRow]


@cache
def index() -> list[FileRow]:
    """All of them."""
    return typed_toml.read(INDEX, Index).files


def _named(names: Collection[str]) -> tuple[str, ...]:
    """The names of what is in a file; of many files those of their folders."""
    parts = [PurePosixPath(name).parts for name in names]
    folders = {folder for some in parts for folder in some[:-1]}
    files = {some[-1] for some in parts if some}
    return tuple(sorted(folders | (files if len(files) <= _MANY else set())))


def used(served: Served, cell: int, step: str) -> Applied:
    """What a report says of a stand-in: in place of which address it was used, and where."""
    built = " ".join([str(served.row.program), *served.row.arguments_for(served.url)])
    return Applied(
        parameter=served.called,
        cell=cell,
        step=step,
        documented=served.url,
        used=f"{built} (SHA-256 {served.digests['sha256'][:12]})",
        reason=_REASON,
        program=str(served.row.program),
        holds=_named(served.names),
    )
