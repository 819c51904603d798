"""`python -m verify sync`: bring official pages into the cache, and say where they are."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from verify.cli.console import CommandConsole, say
from verify.cli.options import SOURCE, InLanguage, Quiet, Source, Tutorials, official
from verify.system.cache import Notify
from verify.system.language import spoken
from verify.system.resources import TUTORIALS
from verify.system.words import Text, Words, said
from verify.upstream import documentation
from verify.upstream.documentation import Documentation

_QUIET_S = 2.0
_LINE_EVERY_S = 10.0
_UNREADABLE = Words(
    zh="{file}：不是可读的 notebook，因此没有它的文本。",
    en="{file}: is no readable notebook, so there is no text of it.",
)
_COMMIT = Words(zh="{ref} 是提交 {commit}", en="{ref} is commit {commit}")
_FOLDER = Words(
    zh="{ref} 是没有 git 的文件夹，按内容保存为 {name}",
    en="{ref} is a folder without git, kept by its content as {name}",
)
_BROUGHT = Words(
    zh="{version}：{notebooks} 个 notebook、{markdown} 个 Markdown 页面、{rst} 个 "
    "reStructuredText 页面，{size:.1f} MB，用时 {took:.1f} 秒。",
    en="{version}: {notebooks} notebooks, {markdown} Markdown and {rst} reStructuredText pages, "
    "{size:.1f} MB, in {took:.1f} s.",
)


def bring(source: str, refs: Iterable[str], path: str, console: Console, out: Console) -> None:
    """Bring the pages of these versions.

    Args:
        source: a git URL, a clone, a bare repository, or a plain folder.
        refs: tags, branches or commits.
        path: the folder that is wanted.
        console: for people: progress, and what was brought.
        out: for programs: the folder of the pages, a version a line.
    """
    for ref in refs:
        started = time.monotonic()
        with progress(console) as notify:
            found = documentation.sync(source, ref, path, notify)
        took = time.monotonic() - started
        say(console, _sentence(found, took))
        for file in found.unreadable:
            say(console, _UNREADABLE.filled(file=file))
        say(out, str(found.pages))


@contextmanager
def progress(console: Console, *, quiet: bool = False) -> Iterator[Notify]:
    """Show what takes time: as one line that changes, or now and then a line without a terminal."""
    if quiet:
        yield lambda _: None
        return
    if console.is_terminal:
        with console.status("") as status:
            yield lambda text: status.update(_plain(text))
        return
    last = time.monotonic() + _QUIET_S - _LINE_EVERY_S

    def now_and_then(text: Text) -> None:
        nonlocal last
        if time.monotonic() - last >= _LINE_EVERY_S:
            last = time.monotonic()
            say(console, f"  {said(text, spoken())}")

    yield now_and_then


def _plain(text: Text) -> str:
    return said(text, spoken()).replace("[", r"\[")


def _sentence(found: Documentation, took: float) -> Words:
    named = _COMMIT if found.commit else _FOLDER
    version = named.filled(ref=found.ref, commit=found.commit[:12], name=found.root.name)
    kinds = {"notebooks": ".ipynb", "markdown": ".md", "rst": ".rst"}
    counts = {kind: found.count(suffix) for kind, suffix in kinds.items()}
    return _BROUGHT.filled(version=version, size=found.size / 1e6, took=took, **counts)


HELP_ZH = """把官方页面取到缓存里，并打印它们在哪里。

\b
notebook 另存一份文本。服务器支持时，只取该文件夹自己的文件。取过的标签或提
交不再联网，分支则每次都会询问。标准输出只打印页面所在的文件夹，其余写到标准
错误。
"""


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
    _language: InLanguage = None,
) -> None:
    """Bring official pages into the cache, notebooks also as text, and print where they are.

    Only the folder's own files are brought where the server can do that. A tag or commit that was
    brought is used again without the network; a branch is asked for each time. The folder of the
    pages is printed on standard output, all else on standard error.
    """
    refs = ref or sorted({one.official.ref for one in official(None, tutorials)})
    bring(source, refs, path, CommandConsole(stderr=True, quiet=quiet), CommandConsole())
