"""The gate's judgement: waivers, their end, and the same finding in four formats."""

import json
from datetime import date
from pathlib import Path

import pytest
import sarif_pydantic

from tests.rules import pages
from verify.cli import check
from verify.cli.check import Asked
from verify.errors import ExitCode, UsageError
from verify.finding import Severity
from verify.report.formats import Format
from verify.rules import checked_site, gate, project
from verify.rules.gate import Judgement

TODAY = date(2026, 5, 1)
WAIVER = """
    [[waive]]
    kind = "undefined-name"
    file = "sub/*.ipynb"
    match = "`x`"
    reason = "defined by the reader"
    expires = {expires}
    """


def judged(tmp_path: Path, waivers: str = "") -> Judgement:
    pages.notebook(tmp_path, "print(x)", "print(y)", name="sub/a.ipynb")
    pages.page(tmp_path, "b.md", "```python\nmake all install\n```\n")
    (tmp_path / project.FILE_NAME).write_text(waivers.replace("\n    ", "\n"), encoding="utf-8")
    opened = checked_site.open_site([tmp_path], root=tmp_path)
    return gate.judge(opened, project.of_root(tmp_path), TODAY)


def test_findings_come_by_file_and_line(tmp_path: Path) -> None:
    judgement = judged(tmp_path)
    assert [(f.file.name, f.cell) for f in judgement.findings] == [
        ("b.md", None),
        ("a.ipynb", 0),
        ("a.ipynb", 1),
    ]
    assert (judgement.count(Severity.ERROR), judgement.count(Severity.WARNING)) == (2, 1)


def test_a_waiver_sets_a_finding_aside_with_its_reason(tmp_path: Path) -> None:
    judgement = judged(tmp_path, WAIVER.format(expires="2026-05-01"))
    assert [f.cell for f in judgement.findings] == [None, 1]
    ((finding, waiver),) = judgement.waived
    assert (finding.cell, waiver.reason) == (0, "defined by the reader")
    assert judgement.notes == ()


def test_a_waiver_that_ran_out_waives_nothing_and_is_told(tmp_path: Path) -> None:
    judgement = judged(tmp_path, WAIVER.format(expires="2026-04-30"))
    assert len(judgement.findings) == 3
    (note,) = judgement.notes
    assert str(note) == "A waiver of undefined-name in sub/*.ipynb ran out on 2026-04-30."


@pytest.mark.parametrize("change", [("sub/", "top/"), ("`x`", "`z`"), ("undefined-name", "syntax")])
def test_a_waiver_waives_only_what_it_names(tmp_path: Path, change: tuple[str, str]) -> None:
    judgement = judged(tmp_path, WAIVER.format(expires="2027-01-01").replace(*change))
    assert len(judgement.findings) == 3


@pytest.mark.parametrize(
    ("waiver", "says"),
    [
        (WAIVER.format(expires="2027-01-01").replace("undefined", "undefinde"), "no kind"),
        (WAIVER.format(expires="soon"), "TOML"),
        (WAIVER.format(expires="2027-01-01").replace("defined by the reader", ""), r":6: .*reason"),
        ("[[waive]]\nkind = 'syntax'\n", "expires"),
        ("wave = 1\n", "wave"),
    ],
)
def test_a_bad_project_file_is_named_with_its_line(tmp_path: Path, waiver: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        judged(tmp_path, waiver)


def test_an_unreadable_page_in_a_folder_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "broken.ipynb").write_text("{", encoding="utf-8")
    (finding,) = checked_site.open_site([tmp_path]).unreadable
    assert "is not a readable notebook" in str(finding.message)
    assert str(finding.suggestion).startswith("Bring back the last version that opens")


def test_folders_of_builds_and_hidden_ones_are_left_out(tmp_path: Path) -> None:
    for name in ("a.md", "_build/b.md", ".ipynb_checkpoints/c.md", "sub/d.rst", "e.txt"):
        pages_path = tmp_path / name
        pages_path.parent.mkdir(exist_ok=True)
        pages_path.write_text("# T\n", encoding="utf-8")
    opened = checked_site.open_site([tmp_path])
    assert [page.path.name for page in opened.pages] == ["a.md", "d.rst"]


@pytest.mark.parametrize("mark", ["conf.py", ".git"])
def test_the_root_is_where_sphinx_or_git_say(tmp_path: Path, mark: str) -> None:
    (tmp_path / "docs" / "sub").mkdir(parents=True)
    (tmp_path / "docs" / mark).touch()
    assert checked_site.root_of([tmp_path / "docs" / "sub"]) == tmp_path / "docs"


def test_text_names_place_severity_and_remedy(tmp_path: Path) -> None:
    judgement = judged(tmp_path, WAIVER.format(expires="2027-01-01"))
    text = check.rendered(judgement, Format.TEXT)
    path, line = tmp_path / "sub" / "a.ipynb", judgement.findings[-1].line
    assert '"print(y)"' in path.read_text(encoding="utf-8").split("\n")[line - 1]
    assert f"{path}:{line} (cell 1): error: The name `y` is used" in text
    assert "    Define or import `y` first." in text
    assert "2 pages checked without an environment" in text
    assert text.endswith("1 error, 1 warning, 1 waived.")


def test_json_follows_the_stable_interface(tmp_path: Path) -> None:
    data = json.loads(check.rendered(judged(tmp_path), Format.JSON))
    assert data["schema"] == 1
    assert data["checked"] == [str(tmp_path / "b.md"), str(tmp_path / "sub" / "a.ipynb")]
    assert {tuple(finding) for finding in data["findings"]} == {
        ("kind", "severity", "file", "line", "cell", "message", "suggestion", "zh")
    }


def test_github_gets_the_gravest_ten_and_the_number_of_the_rest(tmp_path: Path) -> None:
    pages.page(tmp_path, "a.md", "```python\nmake all install\n```\n")
    names = "\n".join(f"print(a{i})" for i in range(12))
    pages.notebook(tmp_path, names, name="100%,b.ipynb")
    judgement = gate.judge(checked_site.open_site([tmp_path]), project.Project(), TODAY)
    lines = check.rendered(judgement, Format.GITHUB).split("\n")
    assert len(lines) == 11
    assert all(line.startswith("::error file=") for line in lines[:10])
    assert "100%25%2Cb.ipynb" in lines[0]
    assert lines[10].endswith("::3 more; `verify check` shows them all.")


def test_sarif_is_valid_and_keeps_what_is_waived_as_suppressed(tmp_path: Path) -> None:
    judgement = judged(tmp_path, WAIVER.format(expires="2027-01-01"))
    log = json.loads(check.rendered(judgement, Format.SARIF))
    sarif_pydantic.Sarif.model_validate(log)
    results = log["runs"][0]["results"]
    assert [result["level"] for result in results] == ["warning", "error", "error"]
    assert "suppressions" in results[2]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in results)


@pytest.mark.parametrize(
    ("source", "code"), [("x = 1", ExitCode.VERIFIED), ("print(x)", ExitCode.CONTRADICTED)]
)
def test_the_exit_code_tells_whether_there_are_errors(
    tmp_path: Path, source: str, code: ExitCode, capsys: pytest.CaptureFixture[str]
) -> None:
    page = pages.notebook(tmp_path, source)
    said = check.check([page.path], Asked(env="none"))
    assert said == code
    assert "1 page checked" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("path", "env", "says"),
    [("nowhere", "none", "no such file"), (".", "unheard-of", 'no environment "unheard-of"')],
)
def test_bad_usage_is_said(path: str, env: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        check.check([Path(path)], Asked(env=env))
