"""The ledger of a release: known defects of SecretFlow itself, and errata that several pages show.

One file an environment, with a small program beside it for each entry that shows in a run.
"""

from functools import lru_cache
from pathlib import Path

from verify.ledger.erratum import KnownErratum
from verify.system import typed_toml
from verify.system.resources import FIXTURES
from verify.system.words import Words

FOLDER = FIXTURES / "ledgers"
FILE_NAME = "ledger.toml"


class Defect(typed_toml.Strict):
    """A defect of SecretFlow's.

    `found` names the rounds that show it, if any do, as aggregator/name; `symptom` is how its
    program ends, `instead` what SecretFlow should do.
    """

    id: str
    says: Words
    instead: Words
    found: list[str] = []
    symptom: str


class Ledger(typed_toml.Strict):
    """All that is known of a release."""

    defects: list[Defect] = []
    errata: list[KnownErratum] = []

    def of(self, found: str) -> Defect | None:
        """The defect that explains a finding."""
        return next((defect for defect in self.defects if found in defect.found), None)

    def erratum(self, id_: object) -> KnownErratum | None:
        """The erratum of that id."""
        return next((erratum for erratum in self.errata if erratum.id == id_), None)


def read(environment: str) -> Ledger:
    """The ledger of an environment by name, empty where there is none.

    Raises:
        UsageError: it cannot be read.
    """
    path = FOLDER / environment / FILE_NAME
    return _read(path, path.read_bytes()) if path.is_file() else Ledger()


@lru_cache(maxsize=16)  # each document looks into all of them, as they are then
def _read(path: Path, _content: bytes) -> Ledger:
    return typed_toml.read(path, Ledger)


def elsewhere(environment: str) -> list[KnownErratum]:
    """What the ledgers of other releases have that shows in a run, and a machine can repair.

    Of one that several of them have, the one of the last by name counts.

    Raises:
        UsageError: one of them cannot be read.
    """
    others = sorted(path.name for path in FOLDER.glob("*/") if path.name != environment)
    errata = (one for name in others for one in read(name).errata)
    return list({one.id: one for one in errata if one.kind == "runtime" and one.apply}.values())


def program(environment: str, id_: str) -> Path:
    """The small program that shows an entry."""
    return FOLDER / environment / f"{id_}.py"
