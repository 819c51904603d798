"""The ledger of what SecretFlow itself gets wrong, with a program for each entry that shows it."""

from pathlib import Path

from verify.system import typed_toml
from verify.system.resources import FIXTURES

FOLDER = FIXTURES / "library"
_LEDGER = "defects.toml"


class Defect(typed_toml.Strict):
    """A defect of SecretFlow's.

    `found` names the rounds that show it, if any do, as aggregator/name; `symptom` is how its
    program ends, `instead` what SecretFlow should do.
    """

    id: str
    says: str
    instead: str
    found: list[str] = []
    symptom: str


class Ledger(typed_toml.Strict):
    """All that are known of an environment."""

    defects: list[Defect]

    def of(self, found: str) -> Defect | None:
        """The defect that explains a finding."""
        return next((defect for defect in self.defects if found in defect.found), None)


def read(environment: str) -> Ledger:
    """The ledger of an environment by name, empty where there is none.

    Raises:
        UsageError: it cannot be read.
    """
    path = FOLDER / environment / _LEDGER
    return typed_toml.read(path, Ledger) if path.is_file() else Ledger(defects=[])


def program(environment: str, defect: Defect) -> Path:
    """The small program that shows a defect."""
    return FOLDER / environment / f"{defect.id}.py"
