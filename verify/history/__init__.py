"""What runs came to, kept from run to run, and what can only be seen over many of them."""

from pathlib import Path

from verify.history import file, trends
from verify.history.record import RunRecord
from verify.report.entries import Report
from verify.system.words import Text


def follow(report: Report, path: Path) -> list[Text]:
    """Add a run to the history, and put into its report what is seen over time.

    A run that was kept, and judged anew, is none. A history that cannot be read or written changes
    nothing else of the report.

    Returns:
        What is wrong with the history, in whole sentences.
    """
    known = file.read(path)
    runs = [RunRecord.of(report, document) for document in report.documents]
    for document, run in zip(report.documents, runs, strict=True):
        document.trends = [] if document.observed else trends.of(run, known.runs)
    new = [run for run, one in zip(runs, report.documents, strict=True) if not one.observed]
    problems: list[Text | None] = [known.problem, file.append(path, new) if known.ours else ""]
    return [problem for problem in problems if problem]
