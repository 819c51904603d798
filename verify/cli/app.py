"""The command line: it knows the commands' names; the file of one is read when it is named."""

import ast
import gc
import math
import signal
import time
from contextvars import copy_context
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from typer.core import TyperCommand, TyperGroup

from verify.cli import chinese, ending
from verify.system.language import CHOSEN, Language, spoken

_IMPATIENCE_S = 10.0
# Collecting is for cycles, of which we make few: as often as Python does it, it takes a seventh of
# the time of a judgement.
_RARELY = 100_000
# A command's help in Chinese is the string of this name in its file, as wide as a terminal.
HELP_ZH = "HELP_ZH"
_ABOUT_ZH = "实际运行 SecretFlow 的教程，判定每个页面所述是否属实。"
_EPILOG_ZH = """\b
退出码：0 没有与所检查内容相悖的，1 有页面与实际不符或运行出错，
2 用法或输入有误，3 我们自身出错或缺少资源，130 被中断。"""
COMMANDS = {
    "Pages": ("list", "check", "breaks", "sync", "draft", "patch"),
    "Runs": ("run", "matrix", "aggregators", "evidence"),
    "Reports": ("report", "reply", "compare", "history", "site", "track"),
    "Upkeep": ("env", "pin"),
}


class _Command(TyperCommand):
    """A command in use: it returns its exit code."""

    context_class = chinese.Context

    def invoke(self, ctx: Any) -> NoReturn:  # noqa: ANN401 - typer keeps its type to itself
        raise typer.Exit(int(super().invoke(ctx) or 0))


class _Unread(TyperCommand):
    """A command that nobody has named yet: its name, and the first sentence of its help."""

    def get_short_help_str(self, limit: int = 0) -> str:  # noqa: ARG002 - terminals wrap it
        return _help(str(self.name))

    def make_context(self, *arguments: Any, **extra: Any) -> Any:  # noqa: ANN401
        one = typer.Typer(add_completion=False, rich_markup_mode=None)
        module = import_module(f"verify.cli.{self.name}")
        told = getattr(module, HELP_ZH, None) if chinese.is_spoken() else None
        one.command(self.name, cls=_Command, help=told)(module.command)
        return typer.main.get_command(one).make_context(*arguments, **extra)


class _Commands(TyperGroup):
    context_class = chinese.Context

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(**settings)
        for name in (name for names in COMMANDS.values() for name in names):
            self.add_command(_Unread(name))

    def main(self, *arguments: Any, **extra: Any) -> Any:  # noqa: ANN401
        # What one call chooses, such as its language, is not chosen for the next one.
        return copy_context().run(super().main, *arguments, **extra)

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: Any = None,  # noqa: ANN401
        **extra: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401
        CHOSEN.set(_language(args))
        if chinese.is_spoken():
            self.help, self.epilog = _ABOUT_ZH, _EPILOG_ZH
        with ending.ending():  # help is written here, to a reader who may have gone
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        with ending.ending():
            return super().invoke(ctx)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002
        for title, names in COMMANDS.items():
            with formatter.section(title):
                formatter.write_dl([(name, _help(name)) for name in names])


def _language(arguments: list[str]) -> Language | None:
    """What --language says, before anything is parsed; what is no language, the parser refuses."""
    said = [one.removeprefix("--language=") for one in arguments if one.startswith("--language=")]
    said += [value for name, value in pairwise(arguments) if name == "--language"]
    return next((one for one in Language if one.value in said), None)


def _help(name: str) -> str:
    """The first sentence of a command's help, which is in its file alone."""
    source = Path(__file__).with_name(f"{name}.py")
    told = {}
    for node in ast.parse(source.read_bytes()).body:
        if isinstance(node, ast.FunctionDef) and node.name == "command":
            told[Language.ENGLISH] = ast.get_docstring(node) or ""
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == HELP_ZH:
            told[Language.CHINESE] = str(ast.literal_eval(node.value))
    return told.get(spoken(), told[Language.ENGLISH]).partition("\n")[0]


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # boxes are no help for who searches in it
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Exit codes: 0 nothing speaks against what was checked, 1 a page is contradicted or "
    "breaks, 2 bad usage or input, 3 our own fault or a missing resource, 130 interrupted.",
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001
    if wanted:
        typer.echo(ending.versions())
        raise typer.Exit


@app.callback()
def verify(
    *,
    _version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show it.")
    ] = False,
) -> None:
    """Runs SecretFlow's tutorials for real and judges whether each page says what happens."""


class _Interruption:
    """An end as on Ctrl-C, so that the evidence is written and nothing is left behind.

    Who presses it again at once, or kills us gently, does not cut short what then is written.
    """

    def __init__(self) -> None:
        self._heard = -math.inf

    def __call__(self, *_: object) -> None:
        before, self._heard = self._heard, time.monotonic()
        if self._heard - before > _IMPATIENCE_S:
            raise KeyboardInterrupt


def main() -> None:
    """Run the command line; every problem ends with a sentence and its exit code."""
    gc.set_threshold(_RARELY)
    interruption = _Interruption()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(one) is not signal.SIG_IGN:  # as nohup asks for
            signal.signal(one, interruption)
    ending.use_any_terminal()
    with ending.ending():
        app()
