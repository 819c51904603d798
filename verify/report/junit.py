"""For CI systems: JUnit's XML, a suite a document, a case a step or check.

JUnit knows no errata and nothing undecided: both are `skipped` with their reason, so that neither
counts as passed. A page that is wrong is a `failure`, what is no fault of a page an `error`.
"""

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from verify.finding import CheckKind, Verdict
from verify.report import published
from verify.report.entries import DocumentEntry, Report
from verify.report.harmless import plain
from verify.report.published import PageVerdict
from verify.system.words import Language, Text, Words, joined, said

_SAME = Words(zh="与 {check} 是同一处缺陷", en="the same defect as {check}")

_KINDS = {
    Verdict.ERRATUM: Skipped,
    Verdict.UNCHECKED: Skipped,
    Verdict.FAIL: Failure,
    Verdict.ERROR: Error,
}


def write(report: Report, path: Path, language: Language = Language.ENGLISH) -> None:
    """Write the report as `junit.xml`."""
    suites = JUnitXml("documents")
    for page in published.of_all(report.documents):
        suites.add_testsuite(_suite(page, report, language))
    suites.update_statistics()  # type: ignore[no-untyped-call]
    suites.write(str(path), pretty=True)


def _suite(page: PageVerdict, report: Report, language: Language) -> TestSuite:
    """A document; its verdicts are properties, the published page's first."""
    document, told = page.document, _told(page)
    suite = TestSuite(f"{document.name} {document.edition} {document.profile}")
    suite.timestamp = report.started_of(document).isoformat()
    for name, sentence in (("published", page.as_published), ("repaired", page.repaired)):
        if sentence:
            suite.add_property(name, plain(said(sentence, language)))
    cases = []
    for step in document.steps:
        id_ = CheckKind.RUN.id_of(step.id)
        why = told.get(id_) or joined((step.observed, step.reason))
        case = _case(document, id_, step.verdict, said(why, language))
        if step.duration_s is not None:
            case.time = round(step.duration_s, 3)
        cases.append(case)
    for check in document.checks:
        words = check.reason if check.verdict is Verdict.UNCHECKED else check.words
        # What the ledger knows of the page is told, whether or not this run could see it.
        is_told = check.verdict is not Verdict.UNCHECKED or check.kind is CheckKind.ERRATUM
        why = (told.get(check.id) if is_told else None) or words
        case = _case(document, check.id, check.verdict, said(why, language))
        if check.warns:  # a case that passes has nowhere else to say something
            case.system_out = plain(said(why, language))
        cases.append(case)
    known = {case.name for case in cases}
    for defect in page.defects:
        if defect.erratum and not known & {*defect.checks}:  # the ledger alone tells of it
            name, sentence = (
                CheckKind.ERRATUM.id_of(defect.erratum),
                said(defect.sentence, language),
            )
            cases.append(_case(document, name, Verdict.ERRATUM, sentence))
    suite.add_testcases(cases)  # at once: after each of them all would be counted again
    suite.time = round(document.duration_s, 3)
    return suite


def _told(page: PageVerdict) -> dict[str, Text]:
    """What is said of each check that came upon a defect: the whole once, then where it is."""
    found: dict[str, Text] = {}
    for defect in page.defects:
        # One check may come upon two defects, of which it tells one.
        first = next((one for one in defect.checks if one not in found), "")
        for check in defect.checks:
            same = _SAME.filled(check=first)
            found.setdefault(check, defect.sentence if check == first else same)
    return found


def _case(document: DocumentEntry, name: str, verdict: Verdict, sentence: str) -> TestCase:
    case = TestCase(name, classname=f"{document.name}.{document.edition}")
    if kind := _KINDS.get(verdict):
        case.result = [kind(plain(sentence), verdict.value)]
    return case
