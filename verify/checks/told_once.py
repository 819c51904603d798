"""What rules and a run say of one page, as one list: where both see the same, it is told once.

It is told with what the run has shown and what the rule suggests. Of an erratum, the ledger tells.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from verify.contract.contract import Contract
from verify.finding import CheckKind, Finding, FindingKind, Result, Severity, Verdict
from verify.ledger.erratum import Erratum
from verify.page.page import Page

_DEFECT = (Verdict.FAIL, Verdict.ERRATUM, Verdict.ERROR)
_OF_PACKAGES = (FindingKind.UNDOCUMENTED_PACKAGE, FindingKind.MISSING_MODULE)
_OF_CODE = (
    *_OF_PACKAGES,
    FindingKind.UNDEFINED_NAME,
    FindingKind.MISSING_ATTRIBUTE,
    FindingKind.BAD_CALL,
)
_OF_NUMBERS = (
    FindingKind.ARITHMETIC,
    FindingKind.NUMBER,
    FindingKind.VERSION,
    FindingKind.COMPARISON,
    FindingKind.OUTPUT_LAYER,
)
# Whose outputs a page has stored: a run puts its own beside them.
_OF_OUTPUTS = (FindingKind.IMPOSSIBLE_OUTPUT, FindingKind.OUTPUT_ORDER)
# Which checks of a run may come upon what which rules find.
_SEEN_BY = {
    CheckKind.RUN: (*_OF_CODE, FindingKind.SYNTAX),
    CheckKind.PACKAGES: _OF_PACKAGES,
    CheckKind.CLAIM: _OF_NUMBERS,
    CheckKind.OUTPUTS: _OF_OUTPUTS,
}
# What exceptions name as missing, in the words of Python:
# https://docs.python.org/3/library/exceptions.html shows none of them, so CPython's own are read.
_CULPRITS = re.compile(
    r"cannot import name '([^']+)'|No module named '([^']+)'|has no attribute '([^']+)'"
    r"|name '([^']+)' is not defined|arguments?:? '([^']+)'"
    r"|(?<![\w.])([\w.]+)\(\) (?:takes|missing|got)"
)
_NO_PYTHON = re.compile(r"SyntaxError|IndentationError|TabError")
_QUOTED = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class OneList:
    """The results of a run, with what rules suggest, and the results that rules alone come to."""

    of_run: tuple[Result, ...]
    of_rules: tuple[Result, ...]

    def beside(self, every: Sequence[Result]) -> list[Result]:
        """The same with what was judged later; for the check of the rules stands what they say."""
        later = every[len(self.of_run) :]
        rest = [one for one in later if not (self.of_rules and one.kind is CheckKind.RULES)]
        return [*self.of_run, *self.of_rules, *rest]


def listed(
    findings: Iterable[Finding], results: Sequence[Result], contract: Contract, page: Page
) -> OneList:
    """One list of both.

    Args:
        findings: what rules say of the page, and of files that belong to it.
        results: what a run has come to.
        contract: what is known of the page.
        page: the page, as it ran.
    """
    told, alone = list(results), list[Result]()
    ids = Counter[str]()
    for finding in findings:
        own = finding.file.as_posix() == contract.official.path
        cell = _cell(finding, page) if own else None
        if cell is not None and any(_is_erratum(finding, cell, one) for one in contract.errata):
            continue
        same = next((i for i, one in enumerate(told) if own and _is_same(finding, cell, one)), None)
        if same is None:
            alone.append(_result(finding, cell, contract, ids, own=own))
        elif isinstance(finding.kind, FindingKind) and not told[same].rule:
            told[same] = replace(told[same], rule=finding.kind, suggestion=finding.suggestion)
    return OneList(tuple(told), tuple(alone))


def _cell(finding: Finding, page: Page) -> int | None:
    """The cell that a finding is in; of a text, the block of code that its line is in."""
    if finding.cell is not None or page.is_notebook:
        return finding.cell
    for cell in page.cells:
        if cell.line <= finding.line <= cell.line_of(cell.source.count("\n")):
            return cell.index
    return None


def _is_erratum(finding: Finding, cell: int, erratum: Erratum) -> bool:
    """Whether the ledger knows what a rule has found: in that cell, by name or number."""
    if cell not in erratum.cells:
        return False
    moved = [edit.moved for edit in erratum.apply if edit.moved]
    if erratum.kind == "runtime":
        names = _culprits(str(erratum.symptom))
        names |= {_last(name) for one in moved for name in (*one.names, one.was)}
        return finding.kind in _OF_CODE and bool(names & _named(finding))
    told = [str(erratum.symptom), str(erratum.cause), str(erratum.repair)]
    told += [text for edit in erratum.apply for text in (edit.find, edit.replace) if text]
    whole = "\n".join(told)
    if finding.kind in _OF_NUMBERS:
        return bool(_numbers(whole) & _numbers(str(finding.message)))
    return bool({*_NAME.findall(whole)} & _named(finding))


def _is_same(finding: Finding, cell: int | None, result: Result) -> bool:
    """Whether a run has shown what a rule has found, where the rule has found it."""
    if result.kind is CheckKind.DATA:  # wherever the code stands that gives a training its data
        return result.warns and result.rule is finding.kind
    if result.verdict not in _DEFECT or finding.kind not in _SEEN_BY.get(result.kind, ()):
        return False
    there = (result.at[0],) if result.at else result.cells
    if result.kind is not CheckKind.PACKAGES and cell not in there:
        return False
    if result.kind is CheckKind.OUTPUTS:
        return True
    told = f"{result.says}\n{result.observed}"
    if result.kind is CheckKind.PACKAGES:
        shared = {*_NAME.findall(told)} & _named(finding)
    elif result.kind is CheckKind.CLAIM:
        shared = _numbers(told) & _numbers(str(finding.message))
    elif finding.kind in _OF_CODE:
        shared = _culprits(told) & _named(finding)
    else:
        shared = {*_NO_PYTHON.findall(told)}
    return bool(shared)


def _result(
    finding: Finding, cell: int | None, contract: Contract, ids: Counter[str], *, own: bool
) -> Result:
    """What a rule alone tells, as a result.

    An error of the page itself speaks against it. What is wrong with its translation is in another
    file; from which release its stored outputs come is told, and a run compares them with its own.
    """
    certain = finding.severity is Severity.ERROR and own and finding.kind not in _OF_OUTPUTS
    verdict = Verdict.FAIL if certain else Verdict.PASS
    verdict = Verdict.ERROR if finding.ours else verdict
    where = f"line-{finding.line}" if cell is None else f"cell-{cell}"
    id_ = CheckKind.RULES.id_of(f"{finding.kind.value}:{where}")
    ids[id_] += 1
    step = contract.step_of_cell(cell) if cell is not None else None
    return Result(
        id_ if ids[id_] == 1 else f"{id_}:{ids[id_]}",
        CheckKind.RULES,
        verdict,
        observed=finding.message,
        step=step.id if step else None,
        cells=() if cell is None else (cell,),
        warns=verdict is Verdict.PASS,
        rule=finding.kind if isinstance(finding.kind, FindingKind) else None,
        suggestion=finding.suggestion,
        place=(finding.file.as_posix(), finding.line),
    )


def _culprits(text: str) -> set[str]:
    """What an exception names as missing or wrong, by its last part."""
    return {_last(name) for found in _CULPRITS.findall(text) for name in found if name}


def _named(finding: Finding) -> set[str]:
    """The names that a message has in backticks, by their last parts."""
    quoted = (re.sub(r"\(.*?\)", "", text) for text in _QUOTED.findall(str(finding.message)))
    return {_last(name) for name in quoted}


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}
