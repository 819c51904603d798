"""A name that a release keeps elsewhere makes a repair; nothing else does."""

import pytest

from verify.evidence.failure import Failure
from verify.execute import proposing
from verify.finding import Verdict
from verify.ledger import repairing

_KNOWN = {
    "garden.trees.Apple": "garden.orchard.Apple",
    "garden.trees.Pear": "garden.orchard.Pear",
    "garden.shrubbs.": "garden.shrubs",
    "garden.Rake": "garden.tools.Rake",
}


def _failure(raised: str, verdict: Verdict = Verdict.FAIL) -> Failure:
    return Failure(verdict, f"the code raised {raised}", raised=raised)


@pytest.mark.parametrize(
    ("source", "raised", "repaired"),
    [
        (
            "from garden.trees import Apple",
            "ImportError: cannot import name 'Apple' from 'garden.trees'",
            "from garden.orchard import Apple",
        ),
        (
            "from garden.trees import Apple, Plum",
            "ImportError: cannot import name 'Apple' from 'garden.trees'",
            "from garden.trees import Plum\nfrom garden.orchard import Apple",
        ),
        (
            "from garden.trees import Pear as P",
            "ModuleNotFoundError: No module named 'garden.trees'",
            "from garden.orchard import Pear as P",
        ),
        (
            "from garden.shrubbs.low import Box",
            "ModuleNotFoundError: No module named 'garden.shrubbs'",
            "from garden.shrubs.low import Box",
        ),
        (
            "import garden as g\ng.Rake()",
            "AttributeError: module 'garden' has no attribute 'Rake'",
            "import garden.tools\nimport garden as g\ngarden.tools.Rake()",
        ),
    ],
)
def test_a_name_that_is_elsewhere_makes_a_repair(source: str, raised: str, repaired: str) -> None:
    failure = _failure(raised)
    found = proposing.of(failure, source, "garden-2", _KNOWN.get)
    assert found is not None
    assert repairing.code(source, found.apply) == repaired
    assert failure.shows(str(found.symptom))
    # Wherever the library is installed, it fails alike.
    elsewhere = _failure(
        f"{raised} (/lib/garden/trees.py)" if "cannot import" in raised else raised
    )
    assert elsewhere.shows(str(found.symptom))
    assert found.since.en == "seen in garden-2"


@pytest.mark.parametrize(
    ("source", "raised", "verdict"),
    [
        (
            "from garden.trees import Plum",
            "ImportError: cannot import name 'Plum' from 'garden.trees'",
            Verdict.FAIL,
        ),
        ("import garden\ngarden.dig()", "ValueError: too hard", Verdict.FAIL),
        ("from garden.trees import Apple", "MemoryError: none", Verdict.FAIL),
        (
            "from garden.trees import Apple",
            "ImportError: cannot import name 'Apple' from 'garden.trees'",
            Verdict.ERROR,
        ),
        (
            "import garden.shrubbs",
            "ModuleNotFoundError: No module named 'garden.shrubbs'",
            Verdict.FAIL,
        ),
        ("from garden import (", "SyntaxError: '(' was never closed", Verdict.FAIL),
    ],
)
def test_nothing_else_is_proposed(source: str, raised: str, verdict: Verdict) -> None:
    assert proposing.of(_failure(raised, verdict), source, "garden-2", _KNOWN.get) is None
