"""What the parser of the command line says by itself, in Chinese: its help and its complaints."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import tomli
import typer
from typer._click.exceptions import UsageError
from typer._click.formatting import HelpFormatter

from verify.system.language import Language, spoken

_PIECE = re.compile(r"[!-~]+ ?|[^!-~][，。；、：）”]?")  # what a line may end with
_OF_PARSER = re.compile(r" \(env var: '\w+'\)")  # says nothing to people
_USAGE = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."}
_DETAILS = {"default: ": "默认：", "env var: ": "环境变量：", "required": "必填", "; ": "；"}


def is_spoken() -> bool:
    """Whether Chinese is."""
    return spoken() is Language.CHINESE


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomli.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


class _Formatter(HelpFormatter):
    """The parser's own, which has no words but English ones, and takes a letter for a column."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        if is_spoken():
            args, prefix = _in_place(args, _USAGE), "用法："
        super().write_usage(prog, args, prefix)

    def write_heading(self, heading: str) -> None:
        if is_spoken():
            self.write(f"{'':>{self.current_indent}}{_table()['headings'][heading]}：\n")
        else:
            super().write_heading(heading)

    def write_dl(
        self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        if is_spoken():
            names = min(max(len(first) for first, _ in rows), col_max) + col_spacing
            width = max(self.width - names - 2, 10)
            # A paragraph behind \b is left as it is broken.
            rows = [(first, f"\b\n{_broken(_help(second), width)}") for first, second in rows]
        super().write_dl(rows, col_max, col_spacing)


class Context(typer.Context):
    """That of each command: its help is in the language that is spoken."""

    formatter_class = _Formatter


def complaint(problem: UsageError) -> str:
    """What is wrong with how the program was called."""
    told = _OF_PARSER.sub("", problem.format_message())
    for pattern, chinese in _table()["complaints"].items():
        if match := re.fullmatch(pattern, told):
            first, _, more = chinese.partition("||")
            told = match.expand(f"{first}{more}" if more and match[2] else first)
            break
    if not problem.ctx:
        return f"错误：{told}"
    command = problem.ctx.command_path
    return f"{problem.ctx.get_usage()}\n`{command} -h` 会说明用法。\n\n错误：{told}"


def _help(english: str) -> str:
    """The help of an option or argument; what follows in brackets is the parser's own."""
    words = _table()["help"]
    text, _, details = english.partition("  [")
    text = words.get(text, text)
    if not details:
        return text
    return f"{text} [{_in_place(details, words | _DETAILS)}"


def _in_place(text: str, words: dict[str, str]) -> str:
    """A text with all that stands in a table as the table has it."""
    for english, chinese in words.items():
        text = text.replace(english, chinese)
    return text


def _broken(text: str, width: int) -> str:
    """A text in lines of so many columns, of which an ideograph fills two."""
    lines = [""]
    for piece in _PIECE.findall(text):
        if len((lines[-1] + piece).rstrip().encode("gb18030")) > width:
            lines.append("")
        lines[-1] += piece
    return "\n".join(map(str.rstrip, lines))
