"""What runs a document of a report again: as it was asked for, and where it was run."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests import sample_documents
from tests.report import pages
from verify.contract.contract import PageReference
from verify.execute.run_options import DRAFTS, Options
from verify.execute.session import Session
from verify.finding import Verdict
from verify.report import entries, summary
from verify.report.entries import DocumentEntry

PAGE = PageReference(ref="v1.11.0b1", path="docs/tutorial/A tree.ipynb", blob="0" * 40)
OWN = "secretflow-1.11.0b1"


def document(**fields: Any) -> DocumentEntry:
    """A page in the environment of its release."""
    said = {"upstream": PAGE, "environment": OWN, "run": "water.published.embedded"}
    return pages.document("water", [], [], **said | fields)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "water"),
        ({"profile": "quick"}, "water --quick"),
        ({"profile": "real"}, "water --profile real"),
        ({"edition": "published"}, "water --edition published --ref v1.11.0b1"),
        ({"run": "water.corrected.embedded.x-1", "environment": "x-1"}, "water --env x-1"),
        ({"derived": True}, "'docs/tutorial/A tree.ipynb' --ref v1.11.0b1"),
        (
            {"derived": True, "environment": "secretflow-1.12.0b0"},
            "'docs/tutorial/A tree.ipynb' --ref v1.11.0b1 --env secretflow-1.12.0b0",
        ),
        ({"repeat": pages.full().documents[2].repeat}, "water --repeat 2"),
    ],
)
def test_the_command_says_what_was_asked_for(fields: dict[str, Any], words: str) -> None:
    assert document(**fields).command == f"uvx nox -s verify -- {words}"
    begins = shlex.split(document(**fields).command)[:5]
    assert begins == ["uvx", "nox", "-s", "verify", "--"]


def test_a_derived_page_is_called_by_its_path_and_others_by_their_title() -> None:
    assert document(derived=True).called == "docs/tutorial/A tree.ipynb"
    assert document().called == "How to water an orchard"
    assert document(upstream=None).place == "water"
    for derived, name in ((True, "docs/tutorial/A tree.ipynb"), (False, "water")):
        text = summary.render(pages.report(document(derived=derived)))
        assert f"\n## {name} (corrected)\n" in text


@pytest.mark.parametrize(("folder", "derived"), [(DRAFTS, True), ("tutorials", False)])
def test_a_contract_among_the_runs_own_drafts_is_derived(
    tmp_path: Path, folder: str, *, derived: bool
) -> None:
    contract = sample_documents.read("pears").model_copy(
        update={"folder": tmp_path / folder / "pears"}
    )
    session = Session(contract, Options(out=tmp_path), print)
    session.started, session.ended = 100.0, 160.0
    assert entries.of_session(session, []).document.derived is derived
    elsewhere = replace(Options(), out=tmp_path / "other")
    assert not elsewhere.derives(contract.folder)


def test_a_report_of_before_documents_were_derived_can_be_read() -> None:
    known = pages.report(document()).model_dump(mode="json", by_alias=True)
    del known["first_breaks"]
    del known["documents"][0]["derived"]
    read = entries.Report.model_validate(known)
    assert read.documents[0].derived is False
    assert read.verdict is Verdict.PASS
