"""The environment that pages are held against: what is there is taken, what is not is asked for."""

import sys
from collections.abc import Callable
from pathlib import Path

import typer
from rich.status import Status

from verify.environment import environment as environments
from verify.environment.environment import Environment
from verify.errors import ResourceError
from verify.rules.project import NO_ENVIRONMENT
from verify.system.words import Tell, Words

# What a release installs, most of it TensorFlow, PyTorch and Ray.
_SIZE = "8.7 GB"
_BUILD = Words(
    zh="环境 {name} 尚未构建。要构建吗（{size}）？",
    en="The environment {name} is not built. Build it ({size})?",
)
_REMEDY = Words(
    zh="`--yes` 会构建它（{size}），`--env none` 则不用环境检查",
    en="`--yes` builds it ({size}), `--env none` checks without",
)
_DEMANDED = Words(
    zh="环境 {name} 尚未构建：{remedy}。", en="The environment {name} is not built: {remedy}."
)
_WITHOUT = Words(
    zh="环境 {name} 尚未构建，因此检查页面时没有用到环境：{remedy}。",
    en="The environment {name} is not built, so the pages are checked without: {remedy}.",
)


def of_name(
    name: str, *, demanded: bool, agreed: Callable[[Words], bool], notify: Tell, say: Tell
) -> Environment | None:
    """The environment of a name, or none if there is none and nobody wants it built.

    Args:
        name: as `environment.names` spells it, the folder of any environment, or `none`.
        demanded: whether the user named it; else nobody relies on it.
        agreed: answers a question.
        notify: hears what takes time.
        say: hears why there is none.

    Raises:
        ResourceError: it was demanded, is not there, and is not to be built.
    """
    if name == NO_ENVIRONMENT:
        return None
    if name not in environments.names() and Path(name).is_dir():
        return environments.of_prefix(Path(name))
    wanted = environments.locate(name)
    if environments.is_built(wanted):
        return wanted
    if agreed(_BUILD.filled(name=name, size=_SIZE)):
        return environments.ensure(name, notify)
    remedy = _REMEDY.filled(size=_SIZE)
    if demanded:
        raise ResourceError(_DEMANDED.filled(name=name, remedy=remedy))
    say(_WITHOUT.filled(name=name, remedy=remedy))
    return None


def confirmed(question: str, status: Status) -> bool:
    """Ask on the terminal; where there is none, nobody agrees."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    status.stop()
    try:
        return typer.confirm(question, err=True)
    finally:
        status.start()
