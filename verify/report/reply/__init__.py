"""The reply that an issue of SecretFlow asks its verifier for, from what a run has shown.

Everything in it that a page, a program or a stranger wrote goes through `harmless`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from verify.contract.edition import Edition
from verify.errors import UsageError
from verify.finding import Finding, Verdict
from verify.report import clipped, judged, releases
from verify.report.entries import DocumentEntry, Report
from verify.report.formats import ReplyLanguage
from verify.report.harmless import inline
from verify.report.releases import Release
from verify.system import digests
from verify.system.words import Language, said

# Named in the reply where the environment has them: what an answer to "does not run here" needs.
_PACKAGES = ("secretflow", "tensorflow", "torch", "torchvision", "ray", "spu", "sf-heu", "jax")
_LONGEST = 300
_FEW = 8
# What comes before a file's name: the folders of a machine are nobody's business.
_FOLDERS = re.compile(r"[^\s'\"]*/(?=[^\s'\"/]+)")


class ReplyOutcome(str, Enum):
    """What a reply says in one word."""

    VERIFIED = "verified"
    TO_REPAIR = "to repair"
    CONTRADICTED = "contradicted"
    OPEN = "open"


@dataclass(frozen=True)
class Reply:
    """What a reply is about; `pictures` are names of files beside it, or addresses of them."""

    task: str
    editions: tuple[DocumentEntry, ...]
    report: Report
    pictures: Sequence[str]
    evidence: Sequence[str]

    @property
    def document(self) -> DocumentEntry:
        """The edition that it speaks of first: the official text, where that was run."""
        return self.editions[0]

    @property
    def outcome(self) -> ReplyOutcome:
        """What all editions come to; known errata are for upstream to repair."""
        verdicts = {edition.verdict for edition in self.editions}
        if Verdict.FAIL in verdicts:
            return ReplyOutcome.CONTRADICTED
        if verdicts & {Verdict.ERROR, Verdict.UNCHECKED}:
            return ReplyOutcome.OPEN
        return ReplyOutcome.TO_REPAIR if self.document.errata else ReplyOutcome.VERIFIED

    @property
    def errors(self) -> list[Finding]:
        """What was found in any edition, known errata apart."""
        return [finding for edition in self.editions for finding in edition.errors]

    @property
    def packages(self) -> dict[str, str]:
        """The versions worth naming."""
        receipt = self.document.receipt
        made = self.report.environments.get(receipt.environment) if receipt else None
        return {name: made.packages[name] for name in _PACKAGES if made and name in made.packages}


def of_report(
    report: Report, issue: int, document: str | None, *, task: str | None = None
) -> Reply:
    """The reply to an issue, still without pictures.

    Raises:
        UsageError: the report has no such document, or none that the issue is known to ask for.
    """
    official = [entry for entry in report.documents if entry.upstream]
    names = list(dict.fromkeys(entry.name for entry in official))
    asked = [e.name for e in official if e.upstream and issue in e.upstream.issues]
    name = document or next(iter(asked), names[0] if len(names) == 1 else None)
    if name not in names:
        known = ", ".join(names[:_FEW]) or "none"
        known += f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        problem = f"the report has no official page {name}" if name else "which page is not said"
        raise UsageError(f"issue {issue}: {problem}; name one of its documents: {known}.")
    editions = _of_one_release([entry for entry in official if entry.name == name])
    editions.sort(key=lambda entry: entry.edition != Edition.PUBLISHED.value)
    return Reply(task or f"#{issue}", tuple(editions), report, (), ())


def _of_one_release(entries: list[DocumentEntry]) -> list[DocumentEntry]:
    """Those in the release whose page it is, or else in the newest: a reply is about one."""
    columns = releases.of(entries)
    own = [one for one in columns if any(_is_of(entry, one) for entry in entries)]
    chosen = (own or columns)[-1]
    return [entry for entry in entries if entry.environment == chosen.environment]


def _is_of(entry: DocumentEntry, release: Release) -> bool:
    return entry.upstream is not None and entry.upstream.ref.removeprefix("v") == release.release


def render(reply: Reply, language: ReplyLanguage) -> str:
    """The reply as Markdown, short enough for a comment on GitHub."""
    parts = [_in_one(reply, one).strip() for one in language.languages]
    return clipped.lines("\n\n---\n\n".join(parts).split("\n"), clipped.COMMENT_BYTES)


def _in_one(reply: Reply, language: Language) -> str:
    environment = Environment(
        loader=PackageLoader("verify.report.reply", "."),
        autoescape=False,  # noqa: S701  # it is Markdown: `harmless` does it
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "inline": lambda text: inline(clipped.sentence(said(text, language), _LONGEST)),
        "tail": lambda text: _FOLDERS.sub("…/", str(text)),
    }
    return environment.get_template(f"{language.value}.md.j2").render(
        reply=reply,
        document=reply.document,
        undecided=judged.open_checks(reply.document),
    )


def digest(file: Path) -> str:
    """A line of evidence: a file's name and its SHA-256."""
    return f"{file.name} {digests.of_file(file)}"
