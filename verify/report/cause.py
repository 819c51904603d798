"""Why a page came out as it did, in one sentence and with its cells: the first that is to blame."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from verify.finding import Result, Verdict
from verify.report import releases
from verify.report.defects import where
from verify.report.outcome import Outcome
from verify.system.words import Text, Words, joined

if TYPE_CHECKING:
    from verify.report.entries import DocumentEntry

# What somebody has to look at: the page, or our own tool, is at fault.
GRAVE = (Outcome.BREAKS, Outcome.CONTRADICTED, Outcome.OURS)
_NEEDS = Words(zh="缺少{what}", en="it lacks {what}")
_KNOWN = Words(zh="已知勘误 {ids}", en="known errata: {ids}")


@dataclass(frozen=True)
class Cause:
    """Why, at which official cells, and the check or step that says so.

    `where` is the cells of a notebook, or the lines of a text, in words.
    """

    says: Text
    cells: tuple[int, ...] = ()
    check: str = ""
    where: Text = ""

    @property
    def words(self) -> Text:
        """Cells and reason in one."""
        return joined((self.where, self.says), zh="：", en=": ")


def of(document: "DocumentEntry") -> Cause | None:
    """The cause of a document's outcome; None where all is well, or nobody knows why not."""
    match document.outcome:
        case Outcome.WELL:
            return None
        case Outcome.REPAIRED:
            known = _errata(document)
            return _placed(known, document) if known else None
        case Outcome.BREAKS:
            found = _steps(document, Verdict.FAIL)
        case Outcome.CONTRADICTED:
            found = _checks(document, Verdict.FAIL)
        case Outcome.KNOWN:
            found = _steps(document, Verdict.ERRATUM)
        case Outcome.NEEDS:
            found = [*_needs(document), *_steps(document, Verdict.ERROR, Verdict.UNCHECKED)]
        case Outcome.NOT_RUN:
            found = _steps(document, Verdict.UNCHECKED)
        case Outcome.OURS:
            found = [*_steps(document, Verdict.ERROR), *_checks(document, Verdict.ERROR)]
    return _placed(found[0], document) if found else None


def _placed(why: Cause, document: "DocumentEntry") -> Cause:
    return replace(why, where=where(document, why.cells))


def shared(
    documents: Iterable["DocumentEntry"], outcome: Outcome
) -> list[tuple[Cause, list["DocumentEntry"]]]:
    """Why documents came out so, each cause with all that it holds for."""
    found: dict[tuple[str, str], tuple[Cause, list[DocumentEntry]]] = {}
    for one in documents:
        if one.outcome is outcome and (why := of(one)):
            key = str(why.where), releases.alike(str(why.says))
            found.setdefault(key, (why, []))[1].append(one)
    return list(found.values())


def defects(document: "DocumentEntry") -> int:
    """How much fails that no erratum of the ledger explains."""
    verdicts = [step.verdict for step in document.steps]
    verdicts += [check.verdict for check in document.checks]
    return verdicts.count(Verdict.FAIL)


def _errata(document: "DocumentEntry") -> Cause | None:
    cells = dict.fromkeys(cell for one in document.errata for cell in one.cells)
    ids = ", ".join(one.id for one in document.errata)
    return Cause(_KNOWN.filled(ids=ids), tuple(sorted(cells))) if ids else None


def _steps(document: "DocumentEntry", *verdicts: Verdict) -> list[Cause]:
    """Steps that came out so, those first that an erratum's repair did not carry on."""
    left = {erratum.id for erratum in document.errata if not erratum.apply}
    some = [step for step in document.steps if step.verdict in verdicts and not step.follows]
    return [
        Cause(step.observed or step.reason, tuple(step.cells), f"run:{step.id}")
        for step in sorted(some, key=lambda one: bool(one.errata) and left.isdisjoint(one.errata))
    ]


def _needs(document: "DocumentEntry") -> list[Cause]:
    return [
        Cause(
            joined((_NEEDS.filled(what=step.needs.words), step.observed), zh="：", en=": "),
            tuple(step.cells),
            f"run:{step.id}",
        )
        for step in document.steps
        if step.needs
    ]


def _checks(document: "DocumentEntry", verdict: Verdict) -> list[Cause]:
    return [
        Cause(_of_check(one), one.cells, one.id)
        for one in document.checks
        if one.verdict is verdict
    ]


def _of_check(check: Result) -> Text:
    """What a check says; of one that we could not judge, what hindered us."""
    if check.verdict is Verdict.ERROR and check.observed:
        return check.observed
    return replace(check, step=None, cells=(), tolerance="").words
