"""`check`: nothing is passed over in silence, nothing is installed unasked, and no word is lost."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests import PROJECT
from tests.repositories import alone, commit, git
from tests.rules import pages
from verify.cli.app import app
from verify.environment import environment
from verify.environment.environment import Environment
from verify.errors import ExitCode
from verify.system import cache

WRONG = "# A page\n\nSee [that](missing.md), it occured.\n"
RIGHT = "# A page\n\nText.\n"


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone(tmp_path, monkeypatch)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    pages.page(tmp_path / "docs", "page.md", WRONG)
    return tmp_path / "docs"


def ask(*arguments: str | Path, env: str | None = "none") -> tuple[int, str, str]:
    """What `check` ends with, its answer, and what it says besides."""
    chosen = ["--env", env] if env else []
    done = CliRunner().invoke(app, ["check", *map(str, arguments), *chosen])
    return done.exit_code, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["docs", "--root", "nowhere"], "--root: nowhere is no folder."),
        (["docs", "--root", "docs/page.md"], "--root: docs/page.md is no folder."),
        (["docs", "--root", "other"], "docs/page.md: neither lies in the root "),
        (["docs", "empty"], "empty: holds no page (.ipynb, .md, .rst), so nothing is checked."),
        (["hidden"], "hidden: holds no page"),
        (["nowhere"], "nowhere: no such file or folder."),
        (["notes.txt"], "notes.txt: no page; pages are .ipynb, .md, .rst, or notebooks in .py."),
        (
            ["docs", "--select", "spellings"],
            "--select: no kind 'spellings'; a near one is spelling.",
        ),
        (["docs", "--ignore", "syntax,"], "--ignore: no kind ''; known are: unreadable, "),
        (["docs", "--select", "syntax", "--ignore", "syntax"], "nothing is left to check."),
        (["--explain", "spellings"], "--explain: no kind 'spellings'; a near one is spelling"),
        (["docs", "--fail-on", "always"], "Invalid value for '--fail-on'"),
        (["docs", "--baseline", "notes.txt"], "notes.txt: is no baseline that can be read here"),
        (["docs", "--baseline", "no.json", "--since", "HEAD"], "no.json: no such file; write it"),
    ],
)
def test_what_would_not_be_looked_at_is_bad_usage(
    docs: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], says: str
) -> None:
    monkeypatch.chdir(docs.parent)
    for folder in ("other", "empty", "hidden/.drafts", "hidden/_build"):
        Path(folder).mkdir(parents=True)
    Path("hidden/.drafts/page.md").write_text(RIGHT)
    Path("hidden/_build/page.md").write_text(RIGHT)
    Path("notes.txt").write_text("Notes.\n")
    code, out, said = ask(*arguments)
    assert (code, out) == (ExitCode.USAGE, "")
    assert says in said.splitlines()[-1]


def test_no_name_begins_a_line_of_a_complaint(docs: Path) -> None:
    _, _, said = ask(f"{docs}\n{docs}/page.md:3: error: forged")
    assert not any(line.startswith(f"{docs}/page.md") for line in said.splitlines())
    assert "forged" in said


def test_a_draft_of_a_page_below_the_root_is_looked_at(docs: Path) -> None:
    draft = pages.page(docs.parent / "drafts", "page.md", RIGHT)
    assert ask(draft.path, "--root", docs)[0] == ExitCode.VERIFIED


def test_a_root_that_holds_all_paths_is_taken(docs: Path) -> None:
    pages.page(docs, "there.md", RIGHT)
    pages.page(docs, "README.md", RIGHT)
    (docs / "conf.py").touch()
    commit(docs.parent, "", {"README.md": "# A project\n\nSee [that](docs/there.md).\n"})
    code, out, _ = ask(docs / "there.md", docs.parent / "README.md")
    assert code == ExitCode.VERIFIED, out


@pytest.mark.parametrize(
    ("options", "kinds"),
    [
        ([], {"broken-link", "spelling"}),
        (["--select", "spelling"], {"spelling"}),
        (["--select", "spelling,broken-link"], {"broken-link", "spelling"}),
        (["--select", "spelling", "--select", "broken-link"], {"broken-link", "spelling"}),
        (["--ignore", "broken-link, syntax"], {"spelling"}),
        (["--select", "spelling,broken-link", "--ignore", "spelling"], {"broken-link"}),
    ],
)
def test_what_is_selected_and_not_ignored_is_told(
    docs: Path, options: list[str], kinds: set[str]
) -> None:
    _, out, _ = ask(docs, "--format", "json", *options)
    assert {finding["kind"] for finding in json.loads(out)["findings"]} == kinds


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], 1),
        (["--fail-on", "error"], 1),
        (["--fail-on", "warning"], 1),
        (["--fail-on", "never"], 0),
        (["--select", "spelling"], 0),
        (["--select", "spelling", "--fail-on", "warning"], 1),
    ],
)
def test_what_fails_is_chosen(docs: Path, options: list[str], code: int) -> None:
    assert ask(docs, *options)[0] == code


def test_the_command_line_goes_before_the_projects_settings(docs: Path) -> None:
    settings = 'select = ["spelling"]\nfail_on = "warning"\nbaseline = "known.json"\n'
    (docs / "docs-verify.toml").write_text(settings)
    assert ask(docs)[0] == ExitCode.VERIFIED
    assert (docs / "known.json").is_file()
    pages.page(docs, "page.md", WRONG + "\nIt occured again.\n")
    assert ask(docs)[0] == ExitCode.CONTRADICTED
    assert ask(docs, "--fail-on", "error")[0] == ExitCode.VERIFIED
    assert ask(docs, "--select", "broken-link")[0] == ExitCode.CONTRADICTED
    assert ask(docs, "--baseline", docs.parent / "other.json")[0] == ExitCode.VERIFIED


def test_a_baseline_keeps_what_is_known_in_every_format(docs: Path) -> None:
    baseline = docs.parent / "known.json"
    for _ in range(2):
        code, out, said = ask(docs, "--baseline", baseline)
        assert (code, "2 known from the baseline." in out, said) == (0, True, "")
    pages.page(docs, "page.md", f"{WRONG}\nAnd [this](gone.md).\n")
    answers = {
        name: ask(docs, "--baseline", baseline, "--format", name)
        for name in ("text", "json", "markdown", "github", "sarif")
    }
    assert {code for code, _, _ in answers.values()} == {ExitCode.CONTRADICTED}
    for name, (_, out, _) in answers.items():
        told = out if name != "sarif" else json.dumps(json.loads(out)["runs"][0]["results"][0])
        assert "gone.md" in told
    results = json.loads(answers["sarif"][1])["runs"][0]["results"]
    assert ["suppressions" in result for result in results] == [False, True, True]
    assert [one["kind"] for one in json.loads(answers["json"][1])["known"]] == [
        "broken-link",
        "spelling",
    ]
    for name in ("text", "markdown", "github"):
        assert "missing.md" not in answers[name][1]


def test_only_what_has_changed_is_looked_at(docs: Path) -> None:
    commit(docs.parent, "", {"docs/other.md": RIGHT})
    code, out, _ = ask(docs, "--since", "HEAD")
    assert (code, out.splitlines()[-1].startswith("0 pages checked")) == (0, True)
    pages.page(docs, "other.md", f"{RIGHT}\n[a](nowhere.md)\n")
    code, out, _ = ask(docs, "--since", "HEAD")
    assert (code, "nowhere.md" in out, "missing.md" in out) == (1, True, False)
    assert git(docs.parent, "status", "--porcelain") == "M docs/other.md"


def test_what_to_do_next_is_said_in_a_line_beside_the_answer(docs: Path) -> None:
    _, out, said = ask(docs)
    assert "--explain" not in out
    assert said == (
        "`--explain broken-link` says what that means; `--baseline FILE` keeps what is known, so "
        "that only what is new is told.\n"
    )
    assert ask(docs, "--quiet")[2] == ask(docs, "--format", "json")[2] == ""
    pages.page(docs, "page.md", RIGHT)
    assert ask(docs)[2] == ""


def test_a_page_cannot_write_the_summary(docs: Path) -> None:
    pages.page(docs, "page.md", "# A page\n\n[a](<a|b-_c_!%5Bx%5D(y)-&lt;script&gt;.md>)\n")
    _, out, _ = ask(docs, "--format", "markdown")
    rows = [line for line in out.splitlines() if line.startswith("| ")]
    assert len(rows) == 2
    assert rows[1].count("|") == 4
    assert not {"<", ">", "![", "`", "_"} & set(rows[1].replace("broken-link", ""))


ABSENT = environment.DEFAULT


def test_nothing_is_installed_unasked_and_what_is_left_out_is_said(docs: Path) -> None:
    code, out, said = ask(docs, env=None)
    assert code == ExitCode.CONTRADICTED
    assert said.startswith(
        f"The environment {ABSENT} is not built, so the pages are checked without: "
        "`--yes` builds it (8.7 GB), `--env none` checks without.\n"
    )
    assert "are looked for in part or not at all: missing-module, " in out
    assert "page checked without an environment" in out
    left_out = json.loads(ask(docs, "--format", "json", env=None)[1])["left_out"]
    assert "undocumented-package" in left_out
    assert not (docs.parent / "cache" / "environments").exists()


def test_an_environment_that_was_demanded_and_is_not_there_is_missed(docs: Path) -> None:
    code, out, said = ask(docs, env=ABSENT)
    assert (code, out) == (ExitCode.OURS, "")
    assert said == (
        f"The environment {ABSENT} is not built: `--yes` builds it (8.7 GB), `--env none` checks "
        "without.\n"
    )


def test_nobody_is_asked_for_what_is_not_needed(docs: Path) -> None:
    for options in (["--select", "spelling"], ["--env", "none"]):
        _, out, said = ask(docs, *options, env=None)
        assert "is not built" not in said
    assert "in part or not at all" in out


def test_yes_builds_what_is_missing(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[str] = []

    def ensure(name: str, _: object) -> Environment:
        built.append(name)
        return environment.of_prefix(Path(sys.prefix))

    monkeypatch.setattr(environment, "ensure", ensure)
    _, out, said = ask(docs, "--yes", env=None)
    assert built == [ABSENT]
    assert "page checked against " in out
    assert "is not built" not in said
    monkeypatch.setattr(environment, "is_built", lambda _: True)
    monkeypatch.setattr(environment, "locate", lambda name: ensure(name, None))
    built.clear()
    assert "page checked against " in ask(docs, "--yes", env=None)[1]
    assert built == [ABSENT]  # what is there stays


def test_on_a_terminal_it_asks_and_takes_no_for_an_answer(docs: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "verify", "check", str(docs)]
    with subprocess.Popen(
        command, cwd=PROJECT, stdin=theirs, stderr=theirs, stdout=subprocess.PIPE, text=True
    ) as process:
        os.close(theirs)
        said = ""
        while "[y/N]" not in said:
            said += os.read(ours, 1024).decode()
        os.write(ours, b"n\n")
        assert process.stdout
        out = process.stdout.read()
    os.close(ours)
    assert process.returncode == ExitCode.CONTRADICTED
    assert f"The environment {ABSENT} is not built. Build it (8.7 GB)?" in said
    assert "page checked without an environment" in out


@pytest.mark.parametrize(
    ("lang", "chosen", "chinese"),
    [
        ("zh_CN.UTF-8", [], True),
        ("C.UTF-8", [], False),
        ("C.UTF-8", ["--language", "zh"], True),
        ("zh_CN.UTF-8", ["--language", "en"], False),
    ],
)
def test_it_speaks_as_its_terminal_does_unless_it_is_told(
    docs: Path, monkeypatch: pytest.MonkeyPatch, lang: str, chosen: list[str], *, chinese: bool
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", lang)
    code, out, said = ask(docs, *chosen)
    told = {"“occured”拼写有误", "检查了 1 个页面", "会说明它的含义"}
    assert code == ExitCode.CONTRADICTED
    assert {one for one in told if one in out + said} == (told if chinese else set())
    assert ("“occured” is misspelt" in out) is not chinese
    assert ("英文单词拼写正确" in ask("--explain", "spelling", *chosen)[1]) is chinese


def test_a_baseline_and_a_waiver_hold_in_either_language(docs: Path, tmp_path: Path) -> None:
    known = tmp_path / "known.json"
    written, again = (
        ask(docs, "--baseline", known, "--language", language) for language in ("en", "zh")
    )
    assert (written[0], again[0]) == (ExitCode.VERIFIED, ExitCode.VERIFIED)
    assert "已写入" not in again[1]
    assert "2 个已在基线中" in again[1]
    (docs / "docs-verify.toml").write_text(
        '[[waive]]\nkind = "broken-link"\nfile = "*"\nmatch = "失效"\n'
        'reason = "It is being written."\nexpires = 2999-01-01\n'
    )
    assert "1 waived" in ask(docs)[1]
    assert "1 个已豁免" in ask(docs, "--language", "zh")[1]


def test_programs_get_both_languages_whichever_is_asked_for(docs: Path) -> None:
    one, other = (
        json.loads(ask(docs, "--format", "json", "--language", language)[1])
        for language in ("en", "zh")
    )
    assert one == other
    (link, word) = sorted(one["findings"], key=lambda found: str(found["kind"]))
    assert link["message"] == "The link `missing.md` leads nowhere: there is no `missing.md`."
    assert word["zh"] == {"message": "“occured”拼写有误。", "suggestion": "请写成“occurred”。"}
