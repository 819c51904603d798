"""The text of a pull request: it links the issue, and says what changes in which languages."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.bilingual import words
from tests.cli import test_patch_pages
from tests.report import pages
from tests.repositories import git
from verify.cli import app
from verify.contract.contract import PageReference
from verify.environment import environment
from verify.finding import CheckKind, Verdict
from verify.ledger.erratum import Edit, Erratum
from verify.report import entries
from verify.report.entries import Report
from verify.report.outcome import Outcome

upstream = test_patch_pages.upstream
ISSUE = "https://forge.example/fleet/boats/issues/12"


def erratum(*apply: Edit) -> Erratum:
    """A known defect of cell 2; what mends it stands in the ledger of the test."""
    return Erratum(
        id="moor-first",
        cells=[2],
        symptom="TypeError: no harbour",
        cause=words("no harbour yet"),
        since=words("v1"),
        repair=words("look first"),
        apply=list(apply),
        shows=[] if apply else ["boats.moor()"],
    )


def report_of(path: str, *errata: Erratum, outcome: Outcome = Outcome.REPAIRED) -> Report:
    """A published page as it ran, with a sentence that is not so."""
    wrong = pages.result(CheckKind.CLAIM, "boats", Verdict.FAIL, cells=(7,))
    page = pages.document(
        "fleet",
        [wrong],
        [pages.step("sail")],
        edition="published",
        environment=environment.DEFAULT,
        upstream=PageReference(ref="v1.11.0b1", path=path, blob="0" * 40),
        errata=list(errata),
        outcome=outcome,
    )
    return pages.report(page)


MENDED = erratum(Edit(find="$B.moor()", replace="$B.look()"))


def told(upstream: Path, report: Report, *options: str) -> tuple[int, str, str, Path]:
    """How `reply --pull-request` ends, what it prints and says, and the folder of its files."""
    out = upstream.with_name("out")
    entries.write(report, out)
    arguments = ["reply", ISSUE, "--pull-request", "-o", str(out), "-u", str(upstream), *options]
    ended = CliRunner().invoke(app.app, arguments)
    return ended.exit_code, ended.stdout, ended.stderr, out / "replies" / "12"


@pytest.mark.parametrize(
    ("path", "count", "files", "languages"),
    [
        ("docs/fleet.md", 2, 2, f"(`{test_patch_pages.CATALOGUE}`) change together"),
        ("docs/a.ipynb", 3, 1, "has no Chinese translation of this page"),
    ],
)
def test_it_says_what_changes_in_which_languages(
    upstream: Path, *, path: str, count: int, files: int, languages: str
) -> None:
    code, text, said, folder = told(upstream, report_of(path, MENDED), "--language", "en")
    assert code == 0
    title, blank, first, *body = text.split("\n")
    assert title == f"docs: repair {count} known defects of {Path(path).name}"
    assert blank == ""
    assert first.startswith(f"For {ISSUE}: repairs these defects of `{path}` (v1.11.0b1, commit ")
    whole = "\n".join(body)
    assert languages in whole
    assert "| TypeError: no harbour | There is no harbour yet. | Look first. |" in whole
    assert "run for real in the environment secretflow-1.11.0b1, 1 of 1 steps" in whole
    assert "Not in this patch, and still open: " in whole
    assert (folder / "pull-request.md").read_text("utf-8").strip() == text.strip()
    assert f"git apply {folder / 'repairs.patch'}" in said
    clone = upstream.with_name("clone")
    git(upstream.parent, "clone", "--quiet", str(upstream), str(clone))
    git(clone, "apply", str(folder / "repairs.patch"))
    assert len(git(clone, "status", "--porcelain").splitlines()) == files


def test_both_languages_have_the_same_rows(upstream: Path) -> None:
    _, text, *_ = told(upstream, report_of("docs/fleet.md", MENDED))
    chinese, english = text.split("\n---\n")
    assert chinese.startswith("文档：修正 fleet.md 的 2 处已知缺陷")
    assert "**两种语言**" in chinese
    assert chinese.count("\n| ") == english.count("\n| ") == 4


def test_translated_code_is_the_pages_own(upstream: Path) -> None:
    code, text, *_ = told(
        upstream, report_of("docs/guide/c.ipynb", MENDED, outcome=Outcome.NEEDS), "--language", "en"
    )
    assert code == 0
    assert text.startswith("docs: repair a known defect of c.ipynb")
    assert "was run for real" not in text  # it did not come to its end
    assert "**How it was verified**: Git has applied the patch" in text


@pytest.mark.parametrize(
    ("path", "errata", "says"),
    [
        ("docs/a.ipynb", [], "docs/a.ipynb: has no known erratum that a patch repairs"),
        ("docs/a.ipynb", [erratum()], "docs/a.ipynb: has no known erratum that a patch repairs"),
        ("docs/guide/b.ipynb", [MENDED], "docs/guide/b.ipynb: v1.11.0b1, commit "),
    ],
)
def test_where_there_is_no_patch_there_is_no_pull_request(
    upstream: Path, path: str, errata: list[Erratum], says: str
) -> None:
    code, text, said, folder = told(upstream, report_of(path, *errata))
    assert (code, text) == (2, "")
    assert says in said
    assert not folder.exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--ref", "main"], "--upstream and --ref are of --pull-request; add that."),
        (["--upstream", "here"], "--upstream and --ref are of --pull-request; add that."),
        (["--pull-request", "--task", "7"], "--task is of a reply"),
    ],
)
def test_what_does_not_go_together_is_bad_input(arguments: list[str], says: str) -> None:
    ended = CliRunner().invoke(app.app, ["reply", "12", *arguments])
    assert ended.exit_code == 2
    assert says in ended.stderr
