"""The static gate: every check over every page, less what the project waives."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from verify.errors import ExitCode, ResourceError
from verify.finding import Finding, FindingKind, Severity
from verify.rules import custom, method, mixed, syntax, undefined, unused
from verify.rules.api import checking, configuration_keys, release_components, script_options
from verify.rules.checked_site import Site
from verify.rules.links import (
    external,
    library_versions,
    links,
    malformed,
    named_paths,
    other_version,
)
from verify.rules.markup import complaints, fences, misnamed, samples, shown, unlisted
from verify.rules.numbers import arithmetic, contradicted, step_numbers, versions
from verify.rules.outputs import announced, comparison, degenerate, order, provenance
from verify.rules.project import Project, Waiver
from verify.rules.selection import OF_ENVIRONMENT
from verify.rules.wording import (
    confused,
    doubled,
    grammar,
    punctuation,
    spelling,
    translations,
    two_languages,
)
from verify.system.terminal_text import last_line
from verify.system.words import Text, Words

# Of calls within calls; what fits into the 8 MiB that a main thread has on Linux.
_LEVELS = 8000

_RAN_OUT = Words(
    zh="{file} 中对 {kind} 的豁免已于 {expires} 到期。",
    en="A waiver of {kind} in {file} ran out on {expires}.",
)
_BROKE = Words(
    zh="规则 `{rule}` 在这个页面上出错（`{error}`）。",
    en="The rule `{rule}` broke on this page ({error}).",
)
_REPORT = Words(
    zh="请把它连同该页面报告给本工具；其余规则和页面都已检查。",
    en="Report it to the tool with the page; all other rules and pages were judged.",
)

StaticCheck = Callable[[Site], Iterable[Finding]]

CHECKS: tuple[StaticCheck, ...] = (
    syntax.check,
    undefined.check,
    unused.check,
    announced.check,
    arithmetic.check,
    contradicted.check,
    versions.check,
    step_numbers.check,
    order.check,
    provenance.check,
    degenerate.check,
    comparison.check,
    method.check,
    mixed.check,
    doubled.check,
    grammar.check,
    confused.check,
    punctuation.check,
    spelling.check,
    translations.check,
    two_languages.check,
    links.check,
    malformed.check,
    other_version.check,
    library_versions.check,
    named_paths.check,
    complaints.check,
    fences.check,
    misnamed.check,
    shown.check,
    samples.check,
    unlisted.check,
    checking.check,
    script_options.check,
    release_components.check,
    configuration_keys.check,
    external.check,
)


@dataclass(frozen=True)
class Judgement:
    """What the gate says of a site: findings, those that are lived with, and what to tell of it.

    `waived` are covered by a waiver, `known` are in the project's baseline. `notes` are sentences
    about both: waivers that have run out, what the baseline has and the pages have no more.
    """

    site: Site
    findings: tuple[Finding, ...]
    project: Project
    waived: tuple[tuple[Finding, Waiver], ...] = ()
    known: tuple[Finding, ...] = ()
    notes: tuple[Text, ...] = ()
    seconds: float = 0

    def count(self, severity: Severity) -> int:
        """How many findings are of that severity."""
        return sum(finding.severity is severity for finding in self.findings)

    @property
    def left_out(self) -> tuple[FindingKind, ...]:
        """What would be looked for if there were an environment."""
        wanted = self.project.kinds & OF_ENVIRONMENT if self.site.environment is None else ()
        return tuple(kind for kind in FindingKind if kind in wanted)

    @property
    def looked_for(self) -> frozenset[FindingKind]:
        """What would have been found; nothing, where a rule broke and nobody knows."""
        if any(one.ours for one in self.findings):
            return frozenset()
        offline = () if self.site.online else (FindingKind.EXTERNAL_LINK,)
        return self.project.kinds - {*self.left_out, *offline}

    @property
    def exit_code(self) -> ExitCode:
        """What a wrong page, or a rule that broke, makes of the command."""
        grave = self.project.fail_on.includes
        if any(grave(one.severity) and not one.ours for one in self.findings):
            return ExitCode.CONTRADICTED
        broken = any(one.ours for one in self.findings)
        return ExitCode.OURS if broken else ExitCode.VERIFIED


def judge(site: Site, project: Project, today: date) -> Judgement:
    """Run every check, keep what the project looks for, and set aside what it waives.

    Args:
        site: the pages, and what they are checked against.
        project: the project's own settings.
        today: the day that waivers are measured by.
    """
    started = time.monotonic()
    found = set(site.unreadable)
    with _deep_nesting():
        for check in CHECKS:
            found.update(_of_each_page(check, site))
    found = custom.settled(found)
    sums = {(f.file, f.line) for f in found if f.kind is FindingKind.ARITHMETIC}
    # A number that its own page contradicts is one defect, whatever else speaks against it.
    found = {f for f in found if f.kind is not FindingKind.NUMBER or (f.file, f.line) not in sums}
    kinds = project.kinds
    found = {f for f in found if f.ours or f.kind in kinds}
    findings: list[Finding] = []
    waived: list[tuple[Finding, Waiver]] = []
    notes: list[Text] = []
    for finding in sorted(found):
        covering = [w for w in project.waive if w.covers(finding, site.relative(finding.file))]
        valid = next((waiver for waiver in covering if waiver.expires >= today), None)
        if valid:
            waived.append((finding, valid))
        else:
            findings.append(finding)
        notes += [
            _RAN_OUT.filled(kind=waiver.kind.value, file=waiver.file, expires=waiver.expires)
            for waiver in covering
            if waiver.expires < today
        ]
    return Judgement(
        site,
        tuple(findings),
        project,
        tuple(waived),
        notes=tuple(dict.fromkeys(notes)),
        seconds=time.monotonic() - started,
    )


@contextmanager
def _deep_nesting() -> Iterator[None]:
    """Let a long sum be read, which is as many levels of a syntax tree."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _LEVELS))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _of_each_page(check: StaticCheck, site: Site) -> Iterable[Finding]:
    """What a check finds; where it breaks, it does so for one page only, and that is told."""
    try:
        return list(check(site))
    except ResourceError:
        raise  # something is missing for all pages, such as the environment
    except Exception as error:  # noqa: BLE001  # whatever a page makes of our code
        if len(site.paths) == 1:
            return [_fault(site.paths[0], check, error)]
        return [finding for one in site.singly() for finding in _of_each_page(check, one)]


def _fault(page: Path, check: StaticCheck, error: Exception) -> Finding:
    rule = check.__module__.rpartition(".")[2].replace("_", " ")
    return Finding(
        page,
        1,
        None,
        FindingKind.NOT_CHECKED,
        Severity.ERROR,
        _BROKE.filled(rule=rule, error=f"{type(error).__name__}: {last_line(str(error))}"),
        _REPORT,
        ours=True,
    )
