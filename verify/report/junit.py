"""For CI systems: JUnit's XML, a suite a document, a case a step or check.

JUnit knows no errata and nothing undecided: both are `skipped` with their reason, so that neither
counts as passed. A page that is wrong is a `failure`, what is no fault of a page an `error`.
"""

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from verify.finding import Result, Verdict
from verify.report.entries import DocumentEntry, Report, StepEntry
from verify.report.harmless import plain
from verify.system.words import Language, joined, said

_KINDS = {
    Verdict.ERRATUM: Skipped,
    Verdict.UNCHECKED: Skipped,
    Verdict.FAIL: Failure,
    Verdict.ERROR: Error,
}


def write(report: Report, path: Path, language: Language = Language.ENGLISH) -> None:
    """Write the report as `junit.xml`."""
    suites = JUnitXml("documents")
    for document in report.documents:
        suite = TestSuite(f"{document.name} {document.edition} {document.profile}")
        suite.timestamp = report.started_of(document).isoformat()
        suite.add_testcases([_of_step(document, step, language) for step in document.steps])
        suite.add_testcases([_of_check(document, check, language) for check in document.checks])
        suite.time = round(document.duration_s, 3)
        suites.add_testsuite(suite)
    suites.update_statistics()  # type: ignore[no-untyped-call]
    suites.write(str(path), pretty=True)


def _of_step(document: DocumentEntry, step: StepEntry, language: Language) -> TestCase:
    told = said(joined((step.observed, step.reason)), language)
    case = _case(document, f"run:{step.id}", step.verdict, told)
    if step.duration_s is not None:
        case.time = round(step.duration_s, 3)
    return case


def _of_check(document: DocumentEntry, check: Result, language: Language) -> TestCase:
    return _case(document, check.id, check.verdict, said(check.words, language))


def _case(document: DocumentEntry, name: str, verdict: Verdict, sentence: str) -> TestCase:
    case = TestCase(name, classname=f"{document.name}.{document.edition}")
    if kind := _KINDS.get(verdict):
        case.result = [kind(plain(sentence), verdict.value)]
    return case
