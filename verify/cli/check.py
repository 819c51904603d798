"""`python -m verify check`: the static gate on the command line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from verify.cli import at_hand
from verify.cli.console import CommandConsole
from verify.cli.options import JSON_OR_FORMAT, InLanguage, Json, Quiet
from verify.environment import environment as environments
from verify.errors import ExitCode, ResourceError, UsageError
from verify.report.findings import as_github, as_json, as_markdown, as_sarif, as_text
from verify.report.formats import Format
from verify.rules import baseline as baselines
from verify.rules import checked_site, gate, project, selection
from verify.rules.gate import Judgement
from verify.rules.project import Project
from verify.rules.selection import FailOn
from verify.system import git
from verify.system.words import Language, Text, Words, joined, said
from verify.upstream import pages

_READING = Words(zh="正在读取页面。", en="Reading the pages.")
_ALL = Words(zh="`verify check` 会列出全部", en="`verify check` shows them all")
_KNOWN = Words(zh="已在基线中", en="in the baseline")
_EXPLAINS = Words(
    zh="`--explain {kind}` 会说明它的含义", en="`--explain {kind}` says what that means"
)
_KEEPS = Words(
    zh="`--baseline FILE` 会记下已知的问题，以后只报告新的",
    en="`--baseline FILE` keeps what is known, so that only what is new is told",
)
_SENTENCE = Words(zh="{says}。", en="{says}.")


@dataclass(frozen=True)
class Asked:
    """What the command line says; what it leaves open is for `docs-verify.toml` to say.

    `env` is an environment's name, the folder of one, `none`, or nothing: then the project's, or
    that of the release which the pages come from. `yes` builds it where it is not there. `root` is
    the documentation's root, if it is not to be found by itself. `since` is a commit: what has not
    changed since is not looked at.
    """

    env: str | None = None
    yes: bool = False
    root: Path | None = None
    since: str = ""
    online: bool = False
    select: Sequence[str] = ()
    ignore: Sequence[str] = ()
    fail_on: FailOn | None = None
    baseline: Path | None = None

    def over(self, settings: Project) -> Project:
        """The project's settings, with what the command line says in their place."""
        said = {
            "select": self.select and selection.kinds("--select", self.select),
            "ignore": self.ignore and selection.kinds("--ignore", self.ignore),
            "fail_on": self.fail_on,
            "baseline": self.baseline,
        }
        return settings.model_copy(update={name: value for name, value in said.items() if value})


def check(
    paths: list[Path],
    asked: Asked,
    format_: Format = Format.TEXT,
    *,
    language: Language = Language.ENGLISH,
    quiet: bool = False,
) -> ExitCode:
    """Check pages and print what was found; the answer to standard output, the rest to error.

    Args:
        paths: pages, or folders of pages.
        asked: how, and for what.
        format_: how to print.
        language: that of what is printed for people.
        quiet: whether progress is not told.
    """
    console = CommandConsole(stderr=True, quiet=quiet)

    def say(sentence: Text) -> None:
        console.print(said(sentence, language), markup=False, highlight=False, soft_wrap=True)

    if asked.root and not asked.root.is_dir():
        raise UsageError(
            Words(zh="--root：{root} 不是文件夹。", en="--root: {root} is no folder.").filled(
                root=asked.root
            )
        )
    top = (asked.root or checked_site.root_of(paths)).resolve()
    settings = asked.over(project.of_root(top))
    if asked.since and settings.baseline and not settings.baseline.exists():
        raise UsageError(
            Words(
                zh="{file}：没有这个文件；请先不带 --since 写出它一次。",
                en="{file}: no such file; write it without --since, once.",
            ).filled(file=settings.baseline)
        )
    with console.status(_READING.of(language)) as status:

        def notify(sentence: Text) -> None:
            status.update(said(sentence, language))
            if not console.is_terminal:
                say(sentence)

        environment = None
        if settings.kinds & selection.OF_ENVIRONMENT:
            environment = at_hand.of_name(
                asked.env or settings.environment or _of_release(top),
                demanded=bool(asked.env),
                agreed=lambda question: (
                    asked.yes or at_hand.confirmed(question.of(language), status)
                ),
                notify=notify,
                say=say,
            )
        opened = checked_site.open_site(
            paths,
            root=asked.root,
            since=asked.since,
            environment=environment,
            online=asked.online,
            notify=notify,
        )
        judgement = gate.judge(opened, settings, date.today())  # noqa: DTZ011  # a waiver's day
        if settings.baseline:
            judgement = baselines.applied(judgement, settings.baseline)
    print(rendered(judgement, format_, language))  # noqa: T201  # rich would wrap and colour it
    if format_ is Format.TEXT and (hint := _next(judgement)):
        say(hint)
    return judgement.exit_code


def _next(judgement: Judgement) -> Text:
    """What to do with findings, in a line."""
    if not judgement.findings:
        return ""
    explains = _EXPLAINS.filled(kind=judgement.findings[0].kind.value)
    keeps = _KEEPS if judgement.project.baseline is None else None
    return _SENTENCE.filled(says=joined((explains, keeps)))


def rendered(judgement: Judgement, format_: Format, language: Language = Language.ENGLISH) -> str:
    """What was found, in a format."""
    match format_:
        case Format.TEXT:
            return as_text.render(judgement, language)
        case Format.JSON:
            return as_json.render(judgement)
        case Format.GITHUB:
            told = as_github.render(judgement.findings, _ALL, language)
            notes = (as_github.notice(note, language) for note in judgement.notes)
            return "\n".join(filter(None, [told, *notes]))
        case Format.MARKDOWN:
            return as_markdown.render(judgement, language)
        case Format.SARIF:
            waived = ((finding, waiver.reason) for finding, waiver in judgement.waived)
            known = ((finding, _KNOWN) for finding in judgement.known)
            return as_sarif.render(judgement.findings, [*waived, *known], language)


def _of_release(root: Path) -> str:
    """The environment of the release that was synced or checked out, or else of our tutorials."""
    return environments.of_release((*pages.refs_of(root), *_tags(root)))


def _tags(root: Path) -> list[str]:
    try:
        return git.text(root, "tag", "--points-at", "HEAD").split()
    except (git.GitError, ResourceError):
        return []  # no repository, or no git


def _explain(name: str, language: Language) -> None:
    from verify.rules import explanation  # noqa: PLC0415  # seldom asked for

    (kind, *_) = selection.kinds("--explain", [name])
    typer.echo(explanation.markdown(kind, language), nl=False)


HELP_ZH = """不用内核，找出 notebook 和文本页面里不可能正确的内容。

\b
文本页面指 Markdown 和 reStructuredText。
"""


def command(
    path: Annotated[list[Path] | None, typer.Argument(help="Pages, or folders of pages.")] = None,
    *,
    env: Annotated[
        str | None,
        typer.Option(
            help="An environment by name (`verify env` shows them), the folder of one, or `none`; "
            "by default that of the release which is checked out."
        ),
    ] = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format", "--output-format", help="How to print what was found.", show_default="text"
        ),
    ] = None,
    as_json: Json = False,
    root: Annotated[
        Path | None, typer.Option(help="The documentation's root, where /paths start.")
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Build the environment if it is not there.")
    ] = False,
    online: Annotated[bool, typer.Option(help="Ask for external links, too.")] = False,
    since: Annotated[
        str, typer.Option(metavar="COMMIT", help="Leave out what has not changed since.")
    ] = "",
    select: Annotated[
        list[str] | None, typer.Option(metavar="KIND,…", help="Look for these kinds alone.")
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="KIND,…", help="Do not look for these kinds.")
    ] = None,
    fail_on: Annotated[
        FailOn | None, typer.Option(help="What gives exit code 1; an error by default.")
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Tell only what is not in this file; where there is none, write it.",
            dir_okay=False,
        ),
    ] = None,
    language: InLanguage = None,
    quiet: Quiet = False,
    explain: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="Say what a kind of finding means, with examples, and check nothing.",
        ),
    ] = None,
) -> ExitCode:
    """Find what cannot be right in notebooks, Markdown and reStructuredText, without a kernel."""
    spoken = language or Language.of_environment()
    if explain:
        _explain(explain, spoken)
        return ExitCode.VERIFIED
    if not path:
        raise UsageError(
            Words(
                zh="请给出一个页面，或装有页面的文件夹。", en="Name a page, or a folder of pages."
            )
        )
    asked = Asked(
        env=env,
        yes=yes,
        root=root,
        since=since,
        online=online,
        select=select or (),
        ignore=ignore or (),
        fail_on=fail_on,
        baseline=baseline,
    )
    if as_json and format_ and format_ is not Format.JSON:
        raise UsageError(JSON_OR_FORMAT.filled(format=format_.value))
    wanted = Format.JSON if as_json else format_ or Format.TEXT
    return check(path, asked, wanted, language=spoken, quiet=quiet)
