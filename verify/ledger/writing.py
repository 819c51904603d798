"""Entries of the ledger as they are written in its file."""

from collections.abc import Sequence

from verify.ledger import ledger
from verify.ledger.erratum import KnownErratum
from verify.system import typed_toml
from verify.system.complaints import unwritable

_HEADER = """\
# What is known to be wrong in this release: errata of published pages, wherever they show, then
# defects of SecretFlow itself. An erratum shows where its repair finds a place.
"""


def entry(erratum: KnownErratum) -> str:
    """An erratum as its entry in TOML."""
    said = erratum.model_dump(exclude_defaults=True, exclude={"cells"})
    lines = [f"{key} = {typed_toml.written(value)}" for key, value in said.items()]
    return "\n".join(("[[errata]]", *lines, ""))


def add(environment: str, errata: Sequence[KnownErratum]) -> str:
    """Write errata behind what a release's ledger has; return where.

    Raises:
        UsageError: the ledger is unreadable, or what is added makes it so.
        ResourceError: it cannot be written.
    """
    known = {one.id for one in ledger.read(environment).errata}
    path = ledger.FOLDER / environment / ledger.FILE_NAME
    entries = [entry(one) for one in errata if one.id not in known]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.is_file() else _HEADER
        path.write_text("\n".join((before, *entries)), encoding="utf-8")
    except OSError as error:
        raise unwritable(path, error) from error
    ledger.read(environment)
    return str(path)
