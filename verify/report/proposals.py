"""Errata that runs came upon and no ledger has: by environment, each once, with its pages."""

from collections.abc import Iterator

from verify.ledger import writing
from verify.ledger.erratum import Erratum
from verify.report.entries import Report
from verify.system.words import Text, Words

_NEW = Words(
    zh="# {environment} 有 {count} 条新勘误，各有修正，修正后页面能继续；"
    "`--accept` 把它们写入勘误表。",
    en="# {count} new errata of {environment}, each with a repair with which the page goes on; "
    "`--accept` writes them into its ledger.",
)
_ON = Words(zh="# 页面：{documents}", en="# On {documents}")
_ADDED = Words(
    zh="{file}：加入了 {count} 条；请读一读，把文字补全。",
    en="{file}: {count} entries were added; read them, and complete their words.",
)


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


def lines(report: Report) -> Iterator[Text]:
    """The entries as they stand in a ledger, for people to read and accept."""
    for environment, errata in of(report).items():
        yield _NEW.filled(count=len(errata), environment=environment)
        for erratum, documents in errata.values():
            yield _ON.filled(documents=", ".join(documents))
            yield writing.entry(erratum)


def accept(report: Report) -> Iterator[Text]:
    """Write them into the ledgers; tell what was written where.

    Raises:
        ResourceError: a ledger cannot be written.
    """
    for environment, errata in of(report).items():
        new = [erratum for erratum, _ in errata.values()]
        path = writing.add(environment, new)
        yield _ADDED.filled(file=path, count=len(new))
