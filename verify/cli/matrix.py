"""`python -m verify matrix`: the runs of a verification as JSON, for a job matrix."""

from typing import Annotated

import typer

from verify.cli import jobs
from verify.cli.console import CommandConsole, say
from verify.cli.options import InLanguage, Names, Tutorials, documents
from verify.contract.contract import Contract
from verify.contract.edition import Wanted
from verify.errors import UsageError
from verify.system.resources import TUTORIALS
from verify.system.words import Words

_LEFT_OUT = Words(
    zh="{name}：略去，因为它没有配置 {profile}。",
    en="{name}: left out, for it has no profile {profile}.",
)


def show(contracts: list[Contract], profile: str, wanted: Wanted, environment: str) -> None:
    """Print the matrix to standard output, and to standard error which documents it lacks."""
    told = CommandConsole(stderr=True)
    able = [one for one in contracts if profile in one.profiles]
    for one in contracts:
        if one not in able:
            say(told, _LEFT_OUT.filled(name=one.name, profile=profile))
    planned = jobs.of_documents(able, profile, wanted, environment)
    if not planned.include:
        raise UsageError(
            Words(
                zh="没有可运行的：配置 {profile}，文本 {value}。",
                en="There is nothing to run: profile {profile}, edition {value}.",
            ).filled(profile=profile, value=wanted.value)
        )
    print(planned.model_dump_json())  # noqa: T201  # one line, for GITHUB_OUTPUT


HELP_ZH = """以 JSON 打印一次验证的各个运行，供 CI 的作业矩阵使用。

\b
用时最长的在前。
"""


def command(
    document: Names = None,
    *,
    profile: Annotated[str, typer.Option(help="embedded, real, full or quick.")] = "embedded",
    edition: Annotated[Wanted, typer.Option(help="Which text of each document.")] = Wanted.BOTH,
    env: Annotated[
        str,
        typer.Option(
            help="An environment by name, or `others`: each but the one that a document names."
        ),
    ] = "",
    tutorials: Tutorials = TUTORIALS,
    _language: InLanguage = None,
) -> None:
    """Print the runs of a verification as JSON for a job matrix, the longest first."""
    show(documents(document, tutorials), profile, edition, env)
