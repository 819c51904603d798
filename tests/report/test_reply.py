"""The reply to an issue: what it says of each outcome, to whom it belongs, and that it is safe."""

import base64
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image

from tests import sample_documents
from tests.bilingual import words
from tests.report import many, pages
from tests.report.test_entries import check, closed, report_of, results_of
from verify.cli import reply as cli_reply
from verify.contract.contract import Contract, PageReference
from verify.errors import UsageError
from verify.finding import Result, Verdict
from verify.report import entries, reply
from verify.report.entries import Report
from verify.report.formats import ReplyLanguage
from verify.system.words import Words

CHINESE, ENGLISH = ReplyLanguage.CHINESE, ReplyLanguage.ENGLISH

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9"
    "awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def pears() -> Contract:
    return sample_documents.read("pears")


@pytest.fixture(scope="module")
def plums() -> Contract:
    return sample_documents.read("plums")


def report(document: Contract, out: Path, *results: Result) -> Report:
    return report_of(closed(document, results_of(document, *results), out))


@pytest.mark.parametrize(
    ("verdict", "errata", "english", "chinese"),
    [
        (Verdict.PASS, False, "verified, nothing to change", "验证成功"),
        (Verdict.PASS, True, "verified with repairs: the page has to be", "代码经修正后验证成功"),
        (Verdict.FAIL, True, "not verified: the page is contradicted", "验证未通过"),
        (Verdict.ERROR, True, "could not be verified to the end", "未能验证完毕"),
    ],
)
def test_the_first_line_says_how_it_came_out(
    pears: Contract, *, verdict: Verdict, errata: bool, english: str, chinese: str
) -> None:
    seen = report(pears, Path(), check(verdict))
    if not errata:
        seen.documents[0].errata = []
    both = reply.render(reply.of_report(seen, 7, None), ReplyLanguage.BOTH)
    assert both.startswith("### 任务 #7")
    assert chinese in both.split("\n")[0]
    assert f"### Task #7: {english}" in both
    assert reply.render(reply.of_report(seen, 7, None), ReplyLanguage.ENGLISH).startswith(
        "### Task"
    )


def test_words_of_contract_and_ledger_are_in_the_language_of_the_reply(
    pears: Contract, tmp_path: Path
) -> None:
    contradicted = check(Verdict.FAIL, says=pears.claim("pears").says)
    open_ = replace(check(Verdict.UNCHECKED, reason=words("nobody looked")), id="loss:other")
    seen = reply.of_report(report(pears, tmp_path, contradicted, open_), 7, None)
    said = [
        pears.profiles["embedded"].says,
        pears.claim("pears").says,
        pears.erratum("pear-count").symptom,
        pears.erratum("pear-count").cause,
        pears.erratum("pear-count").repair,
        words("nobody looked"),
    ]
    chinese, english = (reply.render(seen, one) for one in (CHINESE, ENGLISH))
    for one in said:
        assert isinstance(one, Words)
        assert (one.zh in chinese, one.en in chinese) == (True, one.en in one.zh)
        assert (one.zh in english, one.en in english) == (False, True)


def test_an_edition_that_fails_is_not_hidden_by_one_that_passes(
    pears: Contract, tmp_path: Path
) -> None:
    ours = report(pears, tmp_path, check(Verdict.PASS))
    published = report(pears, tmp_path, check(Verdict.FAIL)).documents[0]
    published.edition = "published"
    ours.documents.append(published)
    answer = reply.of_report(ours, 1751, None)
    assert answer.document.edition == "published"
    text = reply.render(answer, ReplyLanguage.ENGLISH)
    assert text.startswith("### Task #1751: not verified")
    assert "| the official text, unchanged |" in text
    assert "| our own text, with the same steps, known errata repaired |" in text
    assert "the page says one thing; observed another" in text


@pytest.mark.parametrize(("issue", "name"), [(1750, "plums"), (1751, "pears")])
def test_an_issue_that_a_contract_names_is_answered_for_its_page(
    pears: Contract, plums: Contract, tmp_path: Path, issue: int, name: str
) -> None:
    files = [closed(one, results_of(one), tmp_path) for one in (pears, plums)]
    assert name in reply.of_report(report_of(*files), issue, None).document.name


@pytest.mark.parametrize(
    ("issue", "document", "says"),
    [
        (9, None, "issue 9: which page is not said; name one of its documents: "),
        (1751, "unheard-of", "the report has no official page unheard-of; name one"),
    ],
)
def test_a_page_that_is_not_clear_has_to_be_named(
    pears: Contract, plums: Contract, *, issue: int, document: str | None, says: str
) -> None:
    files = [closed(one, results_of(one), Path()) for one in (pears, plums)]
    with pytest.raises(UsageError, match=says):
        reply.of_report(report_of(*files), issue, document)


def test_what_was_captured_acts_on_nobody(pears: Contract, tmp_path: Path) -> None:
    hostile = "@somebody fixes #3 <img src=x> ![p](http://evil.example/p.png) | x\n# y"
    seen = report(pears, tmp_path, check(Verdict.FAIL, observed=hostile, reason="z"))
    seen.documents[0].profile_says = hostile
    known = seen.documents[0].errata[0]
    seen.documents[0].errata = [known.model_copy(update={"symptom": hostile})]
    text = reply.render(reply.of_report(seen, 1, None), ReplyLanguage.BOTH)
    for harmful in ("@somebody", "#3", "<img", "://evil", "\n# y"):
        assert harmful not in text


def test_it_fits_into_a_comment(pears: Contract, tmp_path: Path) -> None:
    many = [check(Verdict.FAIL, observed="精" * 5000)] * 400
    text = reply.render(
        reply.of_report(report(pears, tmp_path, *many), 1, None), ReplyLanguage.BOTH
    )
    assert len(text) <= 65_536
    assert "more lines do not fit here" in text


@pytest.mark.parametrize(
    "issue", ["1751", "#1751", "https://github.com/secretflow/secretflow/issues/1751#issue-1"]
)
@pytest.mark.parametrize("evidence", [None, "https://docs.example/run/7/"])
def test_the_command_writes_the_reply_with_its_pictures(
    pears: Contract,
    tmp_path: Path,
    issue: str,
    evidence: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    entries.write(report(pears, tmp_path), tmp_path)
    output = new_output("display_data", {"image/png": PIXEL})
    notebook = new_notebook(cells=[new_code_cell("x", outputs=[output])])
    (tmp_path / "notebooks").mkdir()
    nbformat.write(notebook, tmp_path / "notebooks" / f"{pears.name}.corrected.embedded.ipynb")
    cli_reply.write(
        issue, None, out=tmp_path, language=ReplyLanguage.ENGLISH, task=None, evidence=evidence
    )
    folder = tmp_path / "replies" / "1751"
    printed = capsys.readouterr()
    assert printed.out.rstrip("\n") == (folder / "reply.md").read_text("utf-8").rstrip("\n")
    assert (folder / "figure-01.png").read_bytes() == base64.b64decode(PIXEL)
    with Image.open(folder / "steps.png") as steps:
        assert steps.width > 600
    base = "https://docs.example/run/7"
    if evidence:
        assert f"![1]({base}/replies/1751/steps.png)" in printed.out
        assert f"({base}/report.html#{pears.name}.corrected)" in printed.out
    else:
        assert "![1](steps.png)" in printed.out
        assert "drop the pictures into the comment" in printed.err


@pytest.mark.parametrize(
    ("issue", "evidence", "says"),
    [
        ("first", None, "first: is no issue; give its number or its address."),
        ("https://github.com/x/y/pull/3", None, "is no issue"),
        ("3", "javascript:alert(1)", "is no web address"),
        ("3", "https://x.example/a) ![", "is no web address"),
    ],
)
def test_bad_arguments_are_said(
    tmp_path: Path, issue: str, evidence: str | None, says: str
) -> None:
    with pytest.raises(UsageError, match=says):
        cli_reply.write(
            issue, None, out=tmp_path, language=ReplyLanguage.BOTH, task=None, evidence=evidence
        )


def test_folders_of_the_machine_are_not_told(pears: Contract, tmp_path: Path) -> None:
    seen = report(pears, tmp_path)
    used = "'/home/someone/.cache/fixtures/weights.h5'"
    seen.documents[0].overrides[0] = type(seen.documents[0].overrides[0])(
        "weights", 12, "train-head", '"imagenet"', used, "offline"
    )
    text = reply.render(reply.of_report(seen, 1, None), ReplyLanguage.BOTH)
    assert "/home" not in text
    assert "someone" not in text
    assert "…/weights.h5" in text


@pytest.mark.parametrize(
    ("environments", "chosen"),
    [
        (("secretflow-1.10.0b1", "secretflow-1.11.0b1", "secretflow-1.12.0b0"), "1.11.0b1"),
        (("secretflow-1.10.0b1", "secretflow-1.12.0b0"), "1.12.0b0"),
    ],
)
def test_of_several_releases_a_reply_is_about_that_of_the_page_or_the_newest(
    environments: tuple[str, ...], chosen: str
) -> None:
    page = PageReference(ref="v1.11.0b1", path="docs/tree.ipynb", blob="0" * 40)
    some = [
        pages.document("tree", [], [], upstream=page, environment=one, edition="published")
        for one in environments
    ]
    found = reply.of_report(pages.report(*some), 7, None)
    assert [one.environment for one in found.editions] == [f"secretflow-{chosen}"]


def test_of_many_documents_a_few_are_named() -> None:
    with pytest.raises(UsageError, match=r"orchard_07 and 36 more\.$"):
        reply.of_report(many.report(44, many.RELEASES[:1]), 7, None)
