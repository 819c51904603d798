"""A run goes through the file from top to bottom, and what it recorded tells the order."""

import pytest

from tests.documents.folder import DocumentFolder
from verify.contract import contract

pytestmark = pytest.mark.slow

CLAIM = """
[[claims]]
id = "parties-first"
advice = { zh = "先有各方", en = "begin with the parties" }
says = { zh = "各方在先", en = "the parties come first" }
evidence = { order = ["parties", "model", "train"] }
"""
START = "# %% step=\"parties\"\nseen = ['p']\n"
MODEL = "# %% step=\"model\"\nseen = globals().get('seen', []) + ['m']\n"
TRAIN = '# %% step="train"\nprint(seen)\n'
MORE = "# %% step=\"parties\"\nseen = globals().get('seen', []) + ['q']\n"


@pytest.mark.parametrize(
    ("cells", "failing", "observed"),
    [
        ((START, MODEL, TRAIN), set(), "parties, model, train"),
        (
            (MODEL, START, TRAIN),
            {"steps:parties", "steps:model", "claim:parties-first"},
            "model, parties, train",
        ),
        (
            (START, MODEL, MORE, TRAIN),
            {"steps:parties", "claim:parties-first"},
            "parties, model, parties, train",
        ),
    ],
)
def test_the_file_tells_the_order_and_the_run_shows_it(
    documents: DocumentFolder, cells: tuple[str, ...], failing: set[str], observed: str
) -> None:
    documents.write(more=CLAIM, begins=None, parties="", model="", train="")
    (documents.tutorials / "small" / contract.EDITION_NAME).write_text("\n".join(cells))
    done = documents.run("small")
    assert done.report, done.out
    document = done.document
    checks = {check["id"]: check for check in document["checks"]}
    assert {id_ for id_, check in checks.items() if check["verdict"] == "fail"} == failing
    assert checks["claim:parties-first"]["observed"] == observed
    assert {step["verdict"] for step in document["steps"]} == {"pass"}
