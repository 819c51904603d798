"""`python -m verify evidence`: kept runs: which there are, to take along, to bring in, to clear."""

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from verify.cli.console import CommandConsole
from verify.cli.options import InLanguage, Json
from verify.errors import UsageError
from verify.execute import evidence_files, kept_runs
from verify.execute.kept_runs import KeptRun
from verify.system import moments
from verify.system.language import spoken
from verify.system.terminal_text import printed_json
from verify.system.words import Language, Words, enumerated, said

_NEEDS_FILE = Words(
    zh="`evidence {action}`：需要一个文件，例如 `docs-verify evidence {action} runs.zip`。",
    en="`evidence {action}`: needs a file, as in `docs-verify evidence {action} runs.zip`.",
)
_NEEDS_NONE = Words(
    zh="`evidence {action} {file}`：只有 save 和 load 才带文件。",
    en="`evidence {action} {file}`: a file goes with save and load alone.",
)

_NONE = Words(
    zh="没有保留的运行；`docs-verify run` 会保留完整的运行。",
    en="No run is kept yet; `docs-verify run` keeps those that come to their end.",
)
_SAVED = Words(zh="已将 {count} 个运行写入 {file}。", en="{count} runs written to {file}.")
_LOADED = Words(
    zh="已从 {file} 载入 {count} 个运行；报告会注明它们来自他人。",
    en="{count} runs taken from {file}; reports say that they are of others.",
)
_CLEARED = Words(zh="已清除 {count} 个运行，共 {size}。", en="{count} runs removed, {size} in all.")
_COLUMNS = (
    Words(zh="运行", en="run"),
    Words(zh="运行于", en="observed"),
    Words(zh="证据", en="evidence"),
    Words(zh="大小", en="size"),
    Words(zh="来源", en="from"),
)
_HERE = Words(zh="本机", en="here")


class Action(str, Enum):
    """What is to be done with kept runs."""

    LIST = "list"
    SAVE = "save"
    LOAD = "load"
    CLEAR = "clear"


HELP_ZH = """显示保留下来、可以重新判定的运行，存入文件、从文件载入或清除。

\b
运行按它所依赖的一切的摘要保存在缓存里；一切都没有变化时，`run` 就沿用它。
载入的运行按摘要核对，并在每份报告里注明来自他人。
"""


def command(
    action: Annotated[Action, typer.Argument(help="What to do with them.")] = Action.LIST,
    file: Annotated[
        Path | None, typer.Argument(help="The file to save to, or to load from.")
    ] = None,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", "-d", help="Only runs of this document; may be repeated."),
    ] = None,
    *,
    as_json: Json = False,
    _language: InLanguage = None,
) -> None:
    """Show the runs that are kept to be judged again, save them to a file, load or clear them.

    A run is kept in the cache by the digest of all that it depends on; `run` takes it where that
    is as it was. What is loaded is checked by its digests, and named as others' in each report.
    """
    console, language = CommandConsole(), spoken()
    if (file is None) is (action in (Action.SAVE, Action.LOAD)):
        says = _NEEDS_FILE if file is None else _NEEDS_NONE
        raise UsageError(says.filled(action=action.value, file=file))
    if file and action is Action.LOAD:
        count = evidence_files.load(file)
        console.print(said(_LOADED.filled(file=file, count=count), language), markup=False)
        return
    chosen = [one for one in kept_runs.every() if not document or _document(one) in document]
    if missing := sorted(set(document or ()) - set(map(_document, chosen))):
        raise UsageError(
            Words(
                zh="{missing}：没有保留它的运行；`evidence` 会列出已有的。",
                en="{missing}: no run of it is kept; `evidence` lists them.",
            ).filled(missing=enumerated(missing))
        )
    if file:
        evidence_files.save(chosen, file)
        console.print(said(_SAVED.filled(file=file, count=len(chosen)), language), markup=False)
    elif action is Action.CLEAR:
        size = _size(sum(one.size for one in chosen))
        kept_runs.remove(chosen)
        console.print(said(_CLEARED.filled(count=len(chosen), size=size), language), markup=False)
    elif as_json:
        print(printed_json({"schema": 1, "runs": [*map(_described, chosen)]}))  # noqa: T201
    else:
        _show(chosen, console, language)


def _show(chosen: list[KeptRun], console: CommandConsole, language: Language) -> None:
    if not chosen:
        console.print(said(_NONE, language), markup=False)
        return
    table = Table(*(said(title, language) for title in _COLUMNS), box=None)
    for column in table.columns:
        column.overflow = "fold"
    for one in chosen:
        label = one.label
        table.add_row(
            escape(label.run) if label else "?",
            f"{moments.of(label.observed):%Y-%m-%d %H:%M}" if label else "?",
            one.key[:12],
            _size(one.size),
            escape(label.source) if label and label.source else said(_HERE, language),
        )
    console.print(table)


def _described(one: KeptRun) -> dict[str, object]:
    label = one.label
    return {
        "evidence": one.key,
        "bytes": one.size,
        "run": label.run if label else None,
        "observed": moments.of(label.observed).isoformat() if label else None,
        "source": label.source if label else None,
        "parts": {part.value: digest for part, digest in label.parts.items()} if label else {},
    }


def _document(one: KeptRun) -> str:
    return one.label.run.partition(".")[0] if one.label else ""


def _size(count: int) -> str:
    return f"{count / 2**20:.1f} MiB" if count >= 2**20 else f"{count / 2**10:.0f} KiB"
