"""Official pages by their paths, under plain pytest: no contract is written for them."""

import pytest

from tests.documents.folder import DocumentFolder, Finished

pytestmark = pytest.mark.slow


def over_pages(documents: DocumentFolder, *arguments: str) -> Finished:
    documents.tutorials.mkdir()
    source = f"--upstream={documents.upstream}"
    return documents.pytest(source, "--ref=v0", f"--verify-env={documents.environment}", *arguments)


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_each_page_is_a_file_of_items(documents: DocumentFolder, workers: tuple[str, ...]) -> None:
    documents.publish("# Pears", "pears = 12", "print(pears)", printed={2: "12\n"})
    done = over_pages(documents, "--pages=page.ipynb", "-k", "run or outputs", *workers)
    assert done.code == 0, done.out
    assert done.verdicts() == {"cell-1": "pass", "cell-2": "pass"}
    (document,) = done.report["documents"]
    assert (document["edition"], document["outcome"]) == ("published", "well")
    assert {check["id"] for check in document["checks"]} == {"outputs:cell-2"}


def test_a_page_that_is_not_there_is_said_in_one_sentence(documents: DocumentFolder) -> None:
    documents.publish("pears = 12")
    done = over_pages(documents, "--pages=plums.ipynb")
    assert done.code == 4  # what pytest calls bad usage
    assert "plums.ipynb: no page of" in done.out
    assert "Traceback" not in done.out


def test_what_holds_of_every_derived_contract_is_not_judged(documents: DocumentFolder) -> None:
    documents.publish("# Pears", "pears = 12")
    documents.tutorials.mkdir()
    given = ("page.ipynb", "--upstream", str(documents.upstream), "--ref", "v0")
    done = documents.run(*given, "--env", documents.environment)
    assert done.code == 0, done.out
    kinds = {check["kind"] for check in done.document["checks"]}
    assert kinds.isdisjoint({"pins", "steps", "drift"})
    assert {"rules", "packages"} <= kinds


def test_a_page_that_has_a_contract_is_judged_by_that(documents: DocumentFolder) -> None:
    documents.publish("pears = 12")
    documents.write(pears="pears = 12")
    documents.pin()
    given = ("page.ipynb", "--upstream", str(documents.upstream), "--ref", "v0")
    done = documents.run(*given, "--env", documents.environment)
    assert done.code == 0, done.out
    assert (done.document["name"], done.verdicts()) == ("small", {"pears": "pass"})
