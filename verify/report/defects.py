"""What is wrong with a page, in the order of its cells, each told once.

Several checks may come upon one defect: the step that breaks, the claim that is not so, the facts
that our edition states otherwise, and the program that shows it. A reader hears of it once, with
what happens, why, what to write instead, and where on the published page.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from verify.contract.edition import Edition
from verify.finding import CheckKind, Finding, FindingKind, Result, Severity, Verdict, Worded
from verify.page.page import NOTEBOOKS
from verify.system.words import Text, Words, clause, ended, enumerated, joined

if TYPE_CHECKING:
    from verify.ledger.erratum import Erratum
    from verify.report.entries import DocumentEntry, StepEntry

_CELL = Words(zh="单元格 {of}", en="cell {of}")
_CELLS = Words(zh="单元格 {of}", en="cells {of}")
_LINE = Words(zh="第 {of} 行", en="line {of}")
_LINES = Words(zh="第 {of} 行", en="lines {of}")
_CAUSE = Words(zh="原因：{of}。", en="Cause: {of}.")
_REPAIR = Words(zh="修正：{of}。", en="Repair: {of}.")
_TO_DO = Words(zh="处理：{of}。", en="To do: {of}.")
_STOPS = Words(zh="运行到此处失败：{of}", en="it fails here: {of}")
_OBSERVED = Words(zh="实测：{of}", en="observed: {of}")
_TOLERANCE = Words(zh="容差：{of}", en="tolerance: {of}")
_GROUNDS = Words(zh="依据：{of}", en="grounds: {of}")
_ALIKE = Words(zh="{of}（另有 {count} 项同样）", en="{of} (and {count} more alike)")
# Where the words of a check name its cell, which the defect's own place does.
_OWN_CELL = re.compile(r"(\bcell|单元格) \d+")


class Standing(Worded):
    """Who knows of a defect, or whose it is."""

    NEW = "new", "not in the ledger", "勘误表未收录"
    KNOWN = "known", "known erratum", "已知勘误"
    WARNING = "warning", "warning", "警告"
    OURS = "ours", "no fault of the page", "与页面无关"


@dataclass(frozen=True)
class Defect:
    """One thing that is wrong.

    `stops` says that no reader of the published page comes past it. `checks` are the ids of the
    checks and steps that came upon it. `lines` are those in `file`, as far as they are known.
    """

    standing: Standing
    kind: CheckKind | FindingKind
    cells: tuple[int, ...]
    file: str
    what: Text
    cause: Text = ""
    repair: Text = ""
    stops: bool = False
    erratum: str = ""
    checks: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()

    @property
    def where(self) -> Text:
        """The cells of a notebook; of a text, which numbers none, its lines; empty of the whole."""
        return _where(self.file, self.cells, self.lines)

    @property
    def first(self) -> Text:
        """The first of those alone."""
        return _where(self.file, self.cells[:1], self.lines[:1])

    @property
    def place(self) -> str:
        """The file and its line, as editors take it."""
        return f"{self.file}:{self.lines[0]}" if self.lines else self.file

    @property
    def brief(self) -> Text:
        """Where and what, without a full stop."""
        return joined((self.where, self.happens), zh="：", en=": ")

    @property
    def happens(self) -> Text:
        """What, and whether the page stops by it."""
        return _STOPS.filled(of=self.what) if self.stops else self.what

    @property
    def sentence(self) -> Text:
        """All of it: where, what, why and what to write."""
        return self._told(self.brief)

    @property
    def of_all_pages(self) -> Text:
        """The same without where, of a defect that several pages have."""
        return self._told(self.happens)

    def _told(self, what: Text) -> Text:
        return joined((self._why(what), self._to_do), zh="", en=" ")

    def _why(self, what: Text) -> Text:
        cause = _CAUSE.filled(of=clause(self.cause)) if self.cause else None
        return joined((ended(what), cause), zh="", en=" ")

    @property
    def _to_do(self) -> Text:
        label = _REPAIR if self.standing is Standing.KNOWN else _TO_DO
        return label.filled(of=clause(self.repair)) if self.repair else ""

    @property
    def finding(self) -> Finding:
        """The same for annotations and code scanning; what to do is a part of its own there."""
        mild = self.standing in (Standing.KNOWN, Standing.WARNING)
        return Finding(
            file=Path(self.file),
            line=self.lines[0] if self.lines else 1,
            cell=self.cells[0] if self.cells else None,
            kind=self.kind,
            severity=Severity.WARNING if mild else Severity.ERROR,
            message=self._why(self.brief),
            suggestion=self._to_do,
            check=self.checks[0] if self.checks else "",
            ours=self.standing is Standing.OURS,
        )


def of(document: "DocumentEntry") -> list[Defect]:
    """All that is wrong, in the order of the page; what is no fault of the page comes last."""
    return _Reader(document).defects()


def of_page(editions: Iterable["DocumentEntry"]) -> list[Defect]:
    """What is to be changed on a page, as all its editions tell of it, each thing once."""
    each: dict[tuple[object, ...], Defect] = {}
    for one in (one for entry in editions for one in of(entry)):
        if one.standing in (Standing.NEW, Standing.KNOWN):
            each.setdefault((one.erratum,) if one.erratum else (one.cells, str(one.what)), one)
    return sorted(each.values(), key=_order)


def where(document: "DocumentEntry", cells: Sequence[int]) -> Text:
    """Some cells of a document; of a text, the lines that its findings name."""
    return _where(cells=cells, **_Reader(document).place(cells, ()))


def _where(file: str, cells: Sequence[int], lines: Sequence[int]) -> Text:
    return numbered(file, cells if file.endswith(NOTEBOOKS) else lines)


def numbered(file: str, numbers: Sequence[int]) -> Text:
    """Cells of a notebook, or lines of a text; empty of neither."""
    one, some = (_CELL, _CELLS) if file.endswith(NOTEBOOKS) else (_LINE, _LINES)
    words = some if len(numbers) > 1 else one
    return words.filled(of=enumerated(numbers)) if numbers else ""


class _Reader:
    """The defects of one document, as its steps and checks tell of them."""

    def __init__(self, document: "DocumentEntry") -> None:
        self._document = document
        self._findings = {one.check: one for one in document.findings}
        self._published = document.edition == Edition.PUBLISHED.value

    def defects(self) -> list[Defect]:
        """Known ones, those that the run came upon, and what no erratum explains."""
        errata = [*self._document.errata, *self._document.proposed]
        known = [self._of_erratum(one) for one in errata if self._is_there(one)]
        every = [*known, *_each_once(self._others({one.id for one in errata}))]
        return sorted(every, key=_order)

    def _is_there(self, erratum: "Erratum") -> bool:
        """Whether the page has it, as far as this run can tell: a check may have denied it."""
        denied = Verdict.FAIL, Verdict.PASS
        return not any(
            check.kind is CheckKind.ERRATUM and check.verdict in denied
            for check in self._document.checks
            if erratum.id in check.errata
        )

    def _of_erratum(self, erratum: "Erratum") -> Defect:
        document, cells = self._document, tuple(sorted(erratum.cells))
        checks = [one.id for one in document.checks if erratum.id in one.errata]
        steps = [f"run:{one.id}" for one in document.steps if _shows(one, erratum)]
        proposed = erratum in document.proposed
        return Defect(
            standing=Standing.NEW if proposed else Standing.KNOWN,
            kind=CheckKind.ERRATUM if erratum.kind == "text" else CheckKind.RUN,
            cells=cells,
            what=_symptom(erratum),
            cause=erratum.cause,
            repair=erratum.repair,
            stops=erratum.kind == "runtime",
            erratum=erratum.id,
            checks=(*checks, *steps),
            **self.place(cells, [*steps, *checks]),
        )

    def _others(self, told: set[str]) -> Iterator[Defect]:
        """What steps and checks found that those errata do not tell."""
        document = self._document
        cells = {cell for one in document.errata for cell in one.cells}
        for step in document.steps:
            known = step.verdict is Verdict.ERRATUM and not (step.errata or cells & {*step.cells})
            lacks = step.needs or step.follows or told.intersection(step.errata)
            if known or (step.verdict in _FOUND and not lacks):
                yield self._of_step(step)
        for check in document.checks:
            # A package that nobody is told to install is the erratum of that cell.
            by_cell = check.kind is CheckKind.PACKAGES and cells.intersection(check.cells)
            known = check.verdict is Verdict.ERRATUM and not (
                by_cell or told.intersection(check.errata)
            )
            if known or check.warns or check.verdict in _FOUND:
                yield self._of_check(check)

    def _of_step(self, step: "StepEntry") -> Defect:
        id_, cells = CheckKind.RUN.id_of(step.id), tuple(step.cells)
        standing = _STANDINGS[step.verdict]
        return Defect(
            standing=standing,
            kind=CheckKind.RUN,
            cells=cells,
            what=step.observed or step.reason or step.says,
            cause=step.reason if step.observed else "",
            repair=self._to_do(id_),
            stops=standing is not Standing.OURS and self._published,
            checks=(id_,),
            **self.place(cells, [id_]),
        )

    def _of_check(self, check: Result) -> Defect:
        standing = Standing.WARNING if check.warns else _STANDINGS[check.verdict]
        return Defect(
            standing=standing,
            kind=check.told_as,
            cells=check.cells,
            what=_judged(check),
            cause=check.reason,
            repair=self._to_do(check.id),
            erratum=check.errata[0] if check.errata and standing is Standing.KNOWN else "",
            checks=(check.id,),
            **self.place(check.cells, [check.id]),
        )

    def _to_do(self, check: str) -> Text:
        finding = self._findings.get(check)
        return finding.suggestion if finding else ""

    def place(self, cells: Sequence[int], checks: Iterable[str]) -> dict[str, Any]:
        """Where it is: on the official page, or else where the checks say."""
        places = [self._findings[one] for one in checks if one in self._findings]
        page = self._document.upstream
        file = page.path if page else self._document.name
        files = {one.file.as_posix() for one in places}
        if not page or not cells:
            file = min(files, default=file)
        known = self._document.cell_lines if page and file == page.path else []
        begin = {known[cell] for cell in cells if cell < len(known)}
        here = [one for one in self._document.findings if one.file.as_posix() == file]
        own = {one.line for one in here if one in places}
        # In a text a cell is long, and its lines are told: another finding's would mislead.
        near = {one.line for one in here if one.cell in cells and file.endswith(NOTEBOOKS)}
        return {"file": file, "lines": tuple(sorted(own or near or begin))}


_FOUND = (Verdict.FAIL, Verdict.ERROR)
_STANDINGS = {
    Verdict.FAIL: Standing.NEW,
    Verdict.ERROR: Standing.OURS,
    Verdict.ERRATUM: Standing.KNOWN,
    Verdict.PASS: Standing.WARNING,
}


def _symptom(erratum: "Erratum") -> Text:
    """What happens; what differs from page to page has a `*` in the ledger."""
    symptom = erratum.symptom
    if isinstance(symptom, Words):
        return symptom
    # A `*` at the end may stand for a closing quotation mark as well.
    return symptom.replace("*", "…") + "'" * (symptom.count("'") % 2)


def _shows(step: "StepEntry", erratum: "Erratum") -> bool:
    """Whether a step came upon an erratum; of one that no rewriting mends its cell tells."""
    unmended = not erratum.apply and step.verdict is Verdict.ERRATUM and not step.errata
    return erratum.id in step.errata or (unmended and bool({*step.cells} & {*erratum.cells}))


def _judged(check: Result) -> Text:
    """What the page says, and what was observed instead; of a rule, what that says."""
    if check.place:
        return check.observed
    observed = _OBSERVED.filled(of=check.observed) if check.observed else None
    label = _GROUNDS if check.warns else _TOLERANCE
    tolerance = label.filled(of=check.tolerance) if check.tolerance else None
    return joined((check.expected, observed, tolerance))


def _each_once(some: Iterable[Defect]) -> list[Defect]:
    """Those alike in all but their cells as one; and those in the same cells for the same cause."""
    alike: dict[tuple[str, str, str], Defect] = {}
    for one in some:
        what = one.erratum or _OWN_CELL.sub("", str(one.what))
        key = one.kind.value, one.standing.value, what
        first = alike.get(key)
        alike[key] = _together(first, one) if first else one
    caused: dict[object, list[Defect]] = {}
    for one in alike.values():
        is_known = one.standing is Standing.KNOWN and one.cause
        key_of_cause = (one.kind, one.cells, str(one.cause)) if is_known else id(one)
        caused.setdefault(key_of_cause, []).append(one)
    return [_of_one_cause(*several) for several in caused.values()]


def _of_one_cause(first: Defect, *others: Defect) -> Defect:
    if not others:
        return first
    what = _ALIKE.filled(of=first.what, count=len(others))
    checks = (check for one in (first, *others) for check in one.checks)
    return replace(first, what=what, checks=tuple(checks))


def _together(first: Defect, other: Defect) -> Defect:
    return replace(
        first,
        cells=tuple(sorted({*first.cells, *other.cells})),
        lines=tuple(sorted({*first.lines, *other.lines})),
        checks=(*first.checks, *other.checks),
    )


def _order(one: Defect) -> tuple[bool, bool, tuple[int, ...]]:
    return one.standing is Standing.OURS, not one.cells, one.cells
