"""Documents and pages are listed with their contracts, and with what last runs of them came to."""

import json
from pathlib import Path

import pytest

from tests.cli.test_app import ask
from tests.history.builders import FAIL, PASS, nights, run
from tests.repositories import alone, commit
from verify.history import file
from verify.system import cache
from verify.upstream.snapshot import blob_id

NOTEBOOK = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
PAGES: dict[str, str | bytes | None] = {
    "docs/boats.ipynb": NOTEBOOK,
    "docs/nets.md": "# Nets\n\n```python\nnets = 12\n```\n",
    "docs/words.rst": "Words\n=====\n",
}
REF = "v1.11.0b1"


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    alone(tmp_path, monkeypatch)
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))
    commit(tmp_path / "upstream", REF, PAGES)
    return tmp_path / "upstream"


@pytest.mark.usefixtures("upstream")
def test_documents_are_listed_with_their_last_run_in_each_edition() -> None:
    name = "tensorflow-finetune-inception-v3"
    runs = nights(PASS, FAIL, document=name)
    runs.append(run(5, PASS, document=name, edition="published"))
    file.append(file.default(), runs)
    code, out = ask("list", "--json")
    found = json.loads(out)
    assert (code, found["pages"]) == (0, [])
    (one,) = (each for each in found["documents"] if each["name"] == name)
    assert one["editions"] == ["corrected", "published"]
    assert one["title"].keys() == {"zh", "en"}
    last = [(each["edition"], each["verdict"]) for each in one["last"]]
    assert last == [("corrected", "fail"), ("published", "pass")]
    assert all(not each["last"] for each in found["documents"] if each is not one)
    told = next(line for line in ask("list")[1].splitlines() if line.split()[0] == name)
    assert "fail (corrected, embedded, 2030-01-02), pass (published, embedded, 2030-01-06)" in told


def test_pages_are_listed_with_their_kind_and_contract(upstream: Path) -> None:
    same, other = (blob_id(content) for content in (NOTEBOOK.encode(), b"another text"))
    runs = [run(document="boats", edition="published", blob=same), run(1, FAIL, blob=other)]
    file.append(file.default(), runs)
    code, out = ask("list", "--json", "--upstream", str(upstream), "--ref", REF, "-q")
    assert code == 0
    boats, nets, words = json.loads(out)["pages"]
    assert [each["path"] for each in (boats, nets, words)] == list(PAGES)
    kinds = ["notebook", "Markdown", "reStructuredText"]
    assert [each["kind"] for each in (boats, nets, words)] == kinds
    assert (nets["contract"], words["contract"], words["runs"]) == ("derived", None, False)
    assert [each["verdict"] for each in boats["last"]] == ["pass"]  # of this very text
    assert nets["last"] == []
    told = ask("list", "--upstream", str(upstream), "--ref", REF)[1]
    assert any(
        line.split()[:4] == ["docs/words.rst", "reStructuredText", "nothing", "to"]
        for line in told.splitlines()
    )


@pytest.mark.parametrize(("ref", "contract"), [(REF, "written"), ("main", "derived")])
def test_a_contract_is_for_the_version_that_it_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ref: str, contract: str
) -> None:
    alone(tmp_path, monkeypatch)
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))
    path = "docs/tutorial/tensorflow-finetune-inception-v3.ipynb"
    commit(tmp_path / "upstream", REF, {path: NOTEBOOK})
    out = ask("list", "--json", "-q", "-u", str(tmp_path / "upstream"), "-r", ref)[1]
    (one,) = json.loads(out)["pages"]
    assert (one["path"], one["contract"]) == (path, contract)
    assert one["document"] == ("tensorflow-finetune-inception-v3" if ref == REF else None)
