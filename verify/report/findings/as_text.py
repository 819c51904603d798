"""For a terminal: one line a finding that editors can jump to, and what to do beneath it."""

from collections.abc import Iterator

from verify.finding import Finding, Severity
from verify.report.findings import relative
from verify.rules.gate import Judgement
from verify.system.terminal_text import harmless
from verify.system.words import Language, Text, Words, enumerated, joined, said

_CELL = Words(zh="（单元格 {cell}）", en="(cell {cell})")
_SAYS = Words(zh="{severity}：{message} [{kind}]", en="{severity}: {message} [{kind}]")
_LEFT_OUT = Words(
    zh="没有环境，以下各类未检查或只检查了一部分：{kinds}。",
    en="Without an environment, these are looked for in part or not at all: {kinds}.",
)
_SUMS = Words(
    zh="检查了 {pages} 个页面（{against}），用时 {seconds:.1f} 秒：{counts}。",
    en="{pages} page{s} checked {against} in {seconds:.1f} s: {counts}.",
)
_AGAINST = Words(zh="对照 {name}", en="against {name}")
_WITHOUT = Words(zh="没有环境", en="without an environment")
_COUNTED = Words(zh="{count} 个{severity}", en="{count} {severity}{s}")
_KNOWN = Words(zh="{count} 个已在基线中", en="{count} known from the baseline")
_WAIVED = Words(zh="{count} 个已豁免", en="{count} waived")


def render(judgement: Judgement, language: Language = Language.ENGLISH) -> str:
    """Findings by page and line, then the sums."""
    lines = [line for finding in judgement.findings for line in _lines(finding)]
    every = [*lines, *judgement.notes, *left_out(judgement), sums(judgement)]
    # A page's words, and files' names, command no terminal and begin no line.
    return "\n".join(harmless(said(line, language)).replace("\n", " ") for line in every)


def _lines(finding: Finding) -> Iterator[Text]:
    where = joined((f"{relative(finding.file)}:{finding.line}", cell(finding)), zh="", en=" ")
    yield joined((where, says(finding)), zh=": ", en=": ")
    if finding.suggestion:
        yield joined(("   ", finding.suggestion), zh=" ", en=" ")


def cell(finding: Finding) -> Text:
    """Which cell it is in, if it is in one."""
    return "" if finding.cell is None else _CELL.filled(cell=finding.cell)


def says(finding: Finding) -> Words:
    """What is wrong, how gravely, and the kind."""
    kind, severity = finding.kind.value, finding.severity.words
    return _SAYS.filled(severity=severity, message=finding.message, kind=kind)


def left_out(judgement: Judgement) -> list[Text]:
    """What was not looked for, in a sentence, if there is such."""
    kinds = enumerated(kind.value for kind in judgement.left_out)
    return [_LEFT_OUT.filled(kinds=kinds)] if kinds else []


def sums(judgement: Judgement) -> Text:
    """How much was checked against what, and how many findings there are."""
    environment = judgement.site.environment
    found = [(one, judgement.count(one)) for one in Severity]
    counts = [_COUNTED.filled(count=count, severity=one.words, s=_s(count)) for one, count in found]
    if judgement.known:
        counts.append(_KNOWN.filled(count=len(judgement.known)))
    if judgement.waived:
        counts.append(_WAIVED.filled(count=len(judgement.waived)))
    pages = len(judgement.site.pages)
    return _SUMS.filled(
        pages=pages,
        s=_s(pages),
        against=_AGAINST.filled(name=environment.name) if environment else _WITHOUT,
        seconds=judgement.seconds,
        counts=joined(counts, zh="，", en=", "),
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"
