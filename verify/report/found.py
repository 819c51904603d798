"""From a run's results to findings: where a maintainer has to look, and what to do there."""

from collections.abc import Iterable
from pathlib import Path

from verify.execute.session import Session
from verify.finding import CheckKind, Finding, Result, Severity, Verdict
from verify.system.words import Text, Words, joined

_MEND = Words(
    zh="页面本身没有已知问题；请解决原因中所说的问题后再运行",
    en="nothing is known to be wrong with the page; mend what the reason names, run again",
)
_SAY_SO = Words(
    zh="请让页面说明结果会有变化，或让计算可以重复",
    en="let the page say that its results vary, or make what it computes repeatable",
)
_COMPARE = Words(
    zh="请对照页面与实测，改正有误的一方",
    en="compare the page with what was observed, and correct whichever is wrong",
)
# Of what no erratum explains: it is the page, or else the release, that is to be changed.
_TO_DO = {
    CheckKind.RUN: Words(
        zh="请让代码能在该版本上运行，或写明它适用于哪个版本",
        en="let the code run on this release, or say for which release it is written",
    ),
    CheckKind.OUTPUTS: Words(
        zh="请在该版本上重新运行页面并保存输出，或说明结果会有变化",
        en="run the page on this release and store what it puts out, or say that it varies",
    ),
}
_KNOWN_DEFECT = Words(
    zh="已知缺陷，缺陷表中有重现它的程序；请修正 SecretFlow",
    en="known, with a program that shows it, in the ledger; repair SecretFlow",
)
_KNOWN = Words(
    zh="已知，且已在修正版中修正；请修正页面。",
    en="known and repaired in our edition; repair the page.",
)
_OF_LIBRARY = (CheckKind.COMBINATION, CheckKind.METRICS)  # what an erratum of theirs is
_BROKEN = (Verdict.FAIL, Verdict.ERROR)
_FOUND = (*_BROKEN, Verdict.ERRATUM)


def of_results(session: Session, results: Iterable[Result]) -> list[Finding]:
    """A finding for each result that somebody has to look at, in the order of the results."""
    return [_of_result(session, r) for r in results if r.verdict in _FOUND or r.warns]


def of_fault(result: Result, file: Path) -> Finding:
    """The finding of a fault of ours, which has no place on a page."""
    return Finding(
        file=of_project(file.absolute()),
        line=1,
        cell=None,
        kind=result.kind,
        severity=Severity.ERROR,
        message=result.words,
        suggestion=_MEND,
        check=result.id,
        ours=True,
    )


def _of_result(session: Session, result: Result) -> Finding:
    mild = result.warns or result.verdict is Verdict.ERRATUM
    file, line = result.place or _place(session, result)
    return Finding(
        file=Path(file),
        line=line,
        cell=result.cells[0] if result.cells else None,
        kind=result.told_as,
        severity=Severity.WARNING if mild else Severity.ERROR,
        message=result.words,
        suggestion=_suggestion(session, result),
        check=result.id,
        ours=result.verdict is Verdict.ERROR,
    )


def _place(session: Session, result: Result) -> tuple[Path, int]:
    """Where it is on the official page; where our edition breaks, there."""
    breaks = result.at or (result.kind is CheckKind.RUN and result.verdict in _BROKEN)
    if session.published:
        return Path(session.official.path), _line(session, result)
    if session.page is None or breaks:
        return of_project(session.contract.edition_path), _line(session, result)
    lines = session.pins.lines
    known = [lines[cell] for cell in result.cells if cell < len(lines)]
    return Path(session.page.path), known[0] if known else 1


def of_project(file: Path) -> Path:
    """A file of ours as seen from its repository, or else from the folder of documents."""
    parents = [one for one in file.parents if (one / ".git").exists()]
    root = parents[0] if parents else file.parent.parent.parent
    return file.relative_to(root)


def _line(session: Session, result: Result) -> int:
    """The line that broke, or else where the step's first cell, or the cell itself, begins."""
    notebook = session.notebook
    if result.at:
        cell = notebook.cells[result.at[0]]
        return cell.line_of(min(result.at[1] - 1, cell.source.count("\n")))
    cells = notebook.cells_of_step(result.step) if result.step else ()
    if session.published and not cells:
        cells = tuple(cell for cell in notebook.cells if cell.index in result.cells)
    return cells[0].line if cells else 1


def _suggestion(session: Session, result: Result) -> Text:
    if result.verdict is Verdict.ERROR:
        return _MEND
    if result.suggestion and result.verdict is not Verdict.ERRATUM:
        return result.suggestion
    if result.warns:
        return "" if result.place else _SAY_SO
    if result.verdict is not Verdict.ERRATUM:
        return _TO_DO.get(result.kind, _COMPARE)
    if result.kind in _OF_LIBRARY:
        return _KNOWN_DEFECT
    known = [erratum for erratum in session.contract.errata if erratum.id in result.errata]
    return joined((_KNOWN, *(erratum.repair for erratum in known)), zh="", en=" ")
