"""For GitHub Actions: annotations on the lines of the pages.

GitHub shows ten of a kind a step, so the gravest come first and the rest is counted:
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Sequence

from verify.finding import CheckKind, Finding, Severity
from verify.report.findings import relative
from verify.report.harmless import plain
from verify.system.words import Language, Text, Words, joined, said

_SHOWN = 10
_TITLE = Words(zh="其余问题", en="more findings")
_NOTE = Words(zh="说明", en="note")
_REST = Words(zh="另有 {count} 个问题；{where}。", en="{count} more; {where}.")
_CELL = Words(zh="（单元格 {cell}）", en="(cell {cell})")
_STOPS = Words(zh="页面在此运行失败", en="the page fails here")
_NOT_SO = Words(zh="页面所述与实际不符", en="not as the page says")
_NO_FAULT = Words(zh="与页面无关", en="no fault of the page")


def render(
    findings: Sequence[Finding], all_of_them: Text, language: Language = Language.ENGLISH
) -> str:
    """One workflow command a finding; `all_of_them` says where to see those left out."""
    gravest = sorted(findings, key=lambda f: f.severity is Severity.WARNING)
    lines = [_command(finding, language) for finding in gravest[:_SHOWN]]
    if (rest := len(gravest) - _SHOWN) > 0:
        told = _REST.filled(count=rest, where=all_of_them)
        lines.append(notice(told, language, title=_TITLE))
    return "\n".join(lines)


def notice(sentence: Text, language: Language, title: Words = _NOTE) -> str:
    """What is to be known of all pages."""
    return f"::notice title={title.of(language)}::{_data(plain(said(sentence, language)))}"


def _command(finding: Finding, language: Language) -> str:
    cell = None if finding.cell is None or finding.check else _CELL.filled(cell=finding.cell)
    where = joined((finding.message, cell), zh="", en=" ")
    message = said(joined((where, finding.suggestion), zh="", en=" "), language)
    title = said(_title(finding), language)
    place = f"file={_property(plain(relative(finding.file).as_posix()))},line={finding.line}"
    return f"::{finding.severity.value} {place},title={_property(title)}::{_data(plain(message))}"


def _title(finding: Finding) -> Text:
    if finding.ours:
        return _NO_FAULT
    if isinstance(finding.kind, CheckKind):
        return _STOPS if finding.kind is CheckKind.RUN else _NOT_SO
    return str(finding.kind.value)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
