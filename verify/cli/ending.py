"""How every command ends: a problem is told in a sentence, and gives its exit code."""

import codecs
import io
import os
import platform
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn, TextIO

import typer
from typer._click.exceptions import NoArgsIsHelpError
from typer._click.exceptions import UsageError as Misused
from typer.exceptions import TyperException

from verify.cli import chinese
from verify.errors import ExitCode, VerifyError
from verify.system.language import spoken
from verify.system.terminal_text import harmless, in_digits

DISTRIBUTION = "secretflow-docs-verify"
_READER_GONE = 128 + signal.SIGPIPE  # as of a program that the signal ends
_NEITHER = "verify.escaped"
# As `Words`, which bring more along than help is worth waiting for: Chinese, then English.
_FOLDER_GONE = (
    "启动时所在的文件夹已不存在，请在其他文件夹里启动。",
    "The folder that this was started in is gone; start it in another one.",
)
_UNANSWERED = (
    "没有人回答问题，所以什么也没有做。",
    "Nobody answered the question, so nothing was done.",
)
_INTERRUPTED = "已中断。", "Interrupted."
_NOT_WRITTEN = (
    "输出无法写入（{why}）；请换到有空间的地方。",
    "The output cannot be written ({why}); send it to where there is room.",
)
_OURS = (
    "我们自身出错（{why}），没有对任何页面下结论：{kept}",
    "Our own fault ({why}), and no verdict on any page: {kept}",
)


def use_any_terminal() -> None:
    """Write what a terminal's encoding lacks as JSON does, in digits: data stay the same data."""
    _open_what_is_closed()
    codecs.register_error(_NEITHER, _escaped)
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors=_NEITHER)


@contextmanager
def ending() -> Iterator[None]:
    """End the program with a sentence and an exit code if the block ends with a problem."""
    try:
        _see_folder()
        yield
        sys.stdout.flush()
    except Misused as problem:  # the parser has words of its own, which are English
        problem.message = problem.message.removeprefix("Value error, ")  # says nothing to people
        if not chinese.is_spoken() or isinstance(problem, NoArgsIsHelpError):
            raise
        _end(chinese.complaint(problem), ExitCode.USAGE)
    except (typer.Exit, TyperException):
        raise
    except KeyboardInterrupt:
        _end(_said(_INTERRUPTED), ExitCode.INTERRUPTED)
    except (EOFError, typer.Abort) as asked:
        _end_unanswered(asked)
    except VerifyError as problem:
        from verify.system.words import said  # noqa: PLC0415 - not for those who want help alone

        _end(said(problem.says, spoken()), problem.exit_code)
    except BrokenPipeError as gone:
        _end_of_output(gone)
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is no verdict
        if isinstance(problem, OSError) and (failed := _failure_of(sys.stdout, b"\n")):
            _end_of_output(failed)
        why = f"{type(problem).__name__}: {problem}".split("\n")[0]
        from verify.system import tracebacks  # noqa: PLC0415 - seldom needed

        kept = tracebacks.keep(problem).of(spoken())
        _end(_said(_OURS).format(why=why, kept=kept), ExitCode.OURS)


def _end_unanswered(asked: Exception) -> NoReturn:
    if isinstance(asked.__context__, KeyboardInterrupt):
        _end(_said(_INTERRUPTED), ExitCode.INTERRUPTED)
    _end(_said(_UNANSWERED), ExitCode.USAGE)


def _open_what_is_closed() -> None:
    """Have closed streams lead nowhere: Python has none for them, and files take their numbers."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            opened = open(os.devnull, mode)  # noqa: SIM115, PTH123  # until the end
            if opened.fileno() != number:
                os.dup2(opened.fileno(), number)
            setattr(sys, name, opened)


def _see_folder() -> None:
    """See that the working folder is there: paths are told from it, and libraries ask for it."""
    try:
        os.getcwd()  # noqa: PTH109
    except FileNotFoundError:
        _end(_said(_FOLDER_GONE), ExitCode.USAGE)


def _said(both: tuple[str, str]) -> str:
    return both[0] if chinese.is_spoken() else both[1]


def versions() -> str:
    """The version of the tool, and of the Python that it runs in."""
    from importlib.metadata import version  # noqa: PLC0415 - seldom asked for

    return f"{DISTRIBUTION} {version(DISTRIBUTION)} (Python {platform.python_version()})"


def _escaped(error: UnicodeError) -> tuple[str, int]:
    """A handler of encoding errors: each character in UTF-16, as JSON and Python can read it."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return in_digits(error.object[error.start : error.end]), error.end


def _end(sentence: str, code: ExitCode) -> NoReturn:
    # What a file or a name holds begins no line that could be one of ours.
    told = harmless(sentence).replace("\n", "\n   ")
    with suppress(OSError):  # nobody may be listening
        typer.secho(told, err=True, fg="red", bold=True)
    _silence_what_fails()
    sys.exit(int(code))


def _end_of_output(failed: OSError) -> NoReturn:
    """End because nothing can be written any more: quietly where it is the reader who left."""
    if isinstance(failed, BrokenPipeError):
        _silence_what_fails(always=True)
        sys.exit(_READER_GONE)
    from verify.system.complaints import why  # noqa: PLC0415 - seldom needed
    from verify.system.words import said  # noqa: PLC0415

    _end(_said(_NOT_WRITTEN).format(why=said(why(failed), spoken())), ExitCode.OURS)


def _silence_what_fails(*, always: bool = False) -> None:
    """Let go of what cannot be written: at its end Python would try again, and end with 120."""
    for stream in (sys.stdout, sys.stderr):
        if always or _failure_of(stream):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _failure_of(stream: TextIO, probe: bytes = b"") -> OSError | None:
    """Why a stream cannot be written, if it cannot; only a write tells of a disk that is full."""
    try:
        stream.flush()
        os.write(stream.fileno(), probe)
    except io.UnsupportedOperation:  # no file, but a program that listens
        return None
    except OSError as error:
        return error
    return None
