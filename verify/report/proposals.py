"""Errata that runs came upon and no ledger has: by environment, each once, with its pages."""

from collections.abc import Iterator

from verify.ledger import writing
from verify.ledger.erratum import Erratum
from verify.report.entries import Report


def of(report: Report) -> dict[str, dict[str, tuple[Erratum, list[str]]]]:
    """By environment and id the erratum, and the documents that have it."""
    found: dict[str, dict[str, tuple[Erratum, list[str]]]] = {}
    for document in report.documents:
        for erratum in document.proposed:
            known = found.setdefault(document.environment, {})
            _, documents = known.setdefault(erratum.id, (erratum, []))
            if document.name not in documents:
                documents.append(document.name)
    return found


def lines(report: Report) -> Iterator[str]:
    """The entries as they stand in a ledger, for people to read and accept."""
    for environment, errata in of(report).items():
        yield (
            f"# {len(errata)} new defect(s) of {environment}, each with a repair with which the "
            "page goes on; `--accept` writes them into its ledger."
        )
        for erratum, documents in errata.values():
            yield f"# On {', '.join(documents)}"
            yield writing.entry(erratum)


def accept(report: Report) -> Iterator[str]:
    """Write them into the ledgers; tell what was written where.

    Raises:
        ResourceError: a ledger cannot be written.
    """
    for environment, errata in of(report).items():
        new = [erratum for erratum, _ in errata.values()]
        path = writing.add(environment, new)
        yield f"{path}: {len(new)} entries were added; read them, and complete their words."
