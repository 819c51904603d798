"""The reply to an issue: what it says of each outcome, to whom it belongs, and that it is safe."""

import base64
import re
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
from verify.evidence.evidence import Applied
from verify.finding import Result, Verdict
from verify.report import entries, published, reply
from verify.report.entries import Report
from verify.report.formats import ReplyLanguage
from verify.report.harmless import inline
from verify.report.reply import pictures as reply_pictures
from verify.report.reply import tables
from verify.system.origin import Origin
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
        (Verdict.FAIL, True, "not verified: the page runs, and says what is not", "验证未通过"),
        (Verdict.ERROR, True, "could not be verified to the end; the page has", "但页面有以下几处"),
        (
            Verdict.ERROR,
            False,
            "could not be verified to the end; this says nothing",
            "并不说明页面有误",
        ),
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
    official, own = (text.index(said) for said in ("| the official text,", "| our own text:"))
    assert official < own
    assert "expected: one thing; observed: another" in text


@pytest.mark.parametrize(("issue", "name"), [(1750, "plums"), (1751, "pears")])
def test_an_issue_that_a_contract_names_is_answered_for_its_page(
    pears: Contract, plums: Contract, tmp_path: Path, issue: int, name: str
) -> None:
    files = [closed(one, results_of(one), tmp_path) for one in (pears, plums)]
    assert name in reply.of_report(report_of(*files), issue, None).document.name


def test_a_page_may_be_named_by_its_path(pears: Contract, plums: Contract, tmp_path: Path) -> None:
    seen = report_of(*(closed(one, results_of(one), tmp_path) for one in (pears, plums)))
    assert plums.page is not None
    assert reply.of_report(seen, 9, plums.page.path).document.name == plums.name


@pytest.mark.parametrize(
    ("issue", "document", "says"),
    [
        (9, None, "issue 9: no page is said for it; name one that the report has: "),
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


def overgrown() -> Report:
    """A page of which there is too much of all that a reply tells."""
    page = pages.full().documents[2]
    errata = [page.errata[0].model_copy(update={"id": f"dry-{n}", "cells": [n]}) for n in range(40)]
    checks = [
        replace(check(verdict, observed=f"{n} {'精' * 5000}", reason=f"{n} pears"), id=f"loss:{n}")
        for n in range(60)
        for verdict in (Verdict.FAIL, Verdict.UNCHECKED)
    ]
    grown = {
        "errata": errata,
        "checks": checks,
        "steps": [pages.step(f"row{n}") for n in range(80)],
        "trainings": [
            one.model_copy(update={"id": f"tree-{n}"}) for n, one in enumerate(pages.trainings())
        ]
        * 9,
        "overrides": [replace(page.overrides[0], used=str(n)) for n in range(50)],
    }
    ours = page.model_copy(update=grown)
    return pages.report(ours, ours.model_copy(update={"edition": "published"}))


@pytest.mark.parametrize("pictures", [[], [f"https://docs.example/{n}.png" for n in range(14)]])
@pytest.mark.parametrize("language", ReplyLanguage)
def test_it_fits_into_a_comment_and_has_at_most_120_lines(
    language: ReplyLanguage, pictures: list[str]
) -> None:
    answer = replace(reply.of_report(overgrown(), 1, "water"), pictures=pictures)
    text = reply.render(answer, language)
    assert len(text) <= 65_536
    assert text.count("\n") <= 120
    assert "</details>\n" in text[-20:]


def test_who_speaks_is_linked_with_the_commit(pears: Contract, tmp_path: Path) -> None:
    seen = reply.of_report(report(pears, tmp_path), 7, None)
    home = "https://docs.example/tool"
    for origin, said in (
        (Origin(), "Verified by secretflow-docs-verify 0, a program"),
        (Origin(home), f"Verified by [secretflow-docs-verify]({home}) 0, a program"),
        (Origin("", "a" * 40), "docs-verify 0 (commit `aaaaaaaaaaaa`), a program"),
        (Origin(home, "a" * 40), f"(commit [`aaaaaaaaaaaa`]({home}/commit/{'a' * 40})), a"),
    ):
        assert said in reply.render(replace(seen, origin=origin), ENGLISH)


def test_both_verdicts_are_said_in_the_words_of_the_report(pears: Contract, tmp_path: Path) -> None:
    seen = report(pears, tmp_path)
    told = [str(one) for one in published.of(seen.documents[0]).sentences]
    text = reply.render(reply.of_report(seen, 7, None), ENGLISH)
    assert len(told) == 2
    assert [line for line in text.split("\n") if line.startswith("**")][:2] == [
        f"**{inline(one)}**" for one in told
    ]


def test_a_published_page_that_was_not_run_is_said_first(pears: Contract, tmp_path: Path) -> None:
    text = reply.render(reply.of_report(report(pears, tmp_path), 7, None), ENGLISH)
    rows = [line for line in text.split("\n") if line.startswith(("| the official", "| our own"))]
    assert "| not run this time |" in rows[0]
    assert rows[1].startswith("| our own text")


def test_defects_are_told_in_the_order_of_cells_and_each_once(pears: Contract) -> None:
    late, early = (
        replace(check(Verdict.FAIL, cells=(cell,), observed=f"{cell} figs"), id=f"loss:{cell}")
        for cell in (12, 2)
    )
    seen = reply.of_report(report(pears, Path(), late, early, early), 7, None)
    found = [one.cells for one in seen.defects]
    assert found == sorted(found)
    assert found.count((2,)) == found.count((12,)) == 1


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ([], "head"),
        ([Applied("epochs", 1, None, "9", "2", "time")], "head\ncut short"),
        (
            [Applied("figs.csv", 1, None, "https://x.example/figs.csv", "figs.py", "offline", "p")],
            "head\nof stand-in data, not of the page's",
        ),
    ],
)
def test_curves_of_stand_in_data_say_so_in_their_title(overrides: list[Applied], said: str) -> None:
    page = pages.full().documents[2].model_copy(update={"overrides": overrides})
    figure = reply_pictures.curves(page.trainings[:1], str(tables.departs(page)))
    assert [axes.get_title(loc="left") for axes in figure.axes] == [said, said]
    text = reply.render(reply.of_report(pages.report(page), 7, None), ENGLISH)
    assert f"**{': '.join(['Trainings', *said.splitlines()[1:]])}**" in text


def test_the_patch_is_named_where_there_is_one(pears: Contract, tmp_path: Path) -> None:
    seen = report(pears, tmp_path)
    text = reply.render(reply.of_report(seen, 7, None), ENGLISH)
    page = pears.official
    assert f"`docs-verify patch {page.path} --ref {page.ref} --out repairs.patch`" in text
    assert f"`docs-verify reply 7 {pears.name} --pull-request`" in text
    seen.documents[0].errata = [
        one.model_copy(update={"apply": [], "shows": ["$X"]}) for one in seen.documents[0].errata
    ]
    assert "docs-verify patch" not in reply.render(reply.of_report(seen, 7, None), ENGLISH)


def test_the_chinese_one_is_chinese(pears: Contract, tmp_path: Path) -> None:
    text = reply.render(reply.of_report(report(pears, tmp_path), 7, None), CHINESE)
    ours = re.sub(r"`[^`]*`|\|[^\n]*|secretflow-docs-verify|SHA-256|\S+\.\S+", "", text)
    latin, chinese = re.findall(r"[A-Za-z]{2,}", ours), re.findall("[\u4e00-\u9fff]", ours)
    assert len(latin) <= 0.15 * (len(latin) + len(chinese) / 2), latin


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
        assert "![" not in printed.out
        assert "| step | place | result | s |" in printed.out
        assert "with pictures beside it (2)" in printed.err


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
