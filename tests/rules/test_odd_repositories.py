"""What lies beside the pages, and what git says of it, costs no page its findings."""

import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.repositories import commit, git
from verify.cli import check
from verify.cli.check import Asked
from verify.errors import ExitCode, UsageError
from verify.finding import FindingKind
from verify.report.formats import Format
from verify.rules import checked_site, gate, project
from verify.rules.baseline import applied
from verify.rules.gate import Judgement
from verify.rules.project import Project

DEAD_LINK = "# A page\n\n[Nowhere](no.md)\n"
DEEP = f"a = {'-' * 20_000}1\n"
NO_UTF8 = b"v1\xe9\n"


def judged(*paths: Path) -> Judgement:
    return gate.judge(checked_site.open_site([*paths]), Project(), date(2026, 5, 1))


def found_in(*paths: Path) -> set[tuple[str, object]]:
    return {(finding.file.name, finding.kind) for finding in judged(*paths).findings}


ONLY_THE_LINK: set[tuple[str, object]] = {("page.md", FindingKind.BROKEN_LINK)}


@pytest.mark.parametrize(
    "content",
    [
        DEEP,
        "rediraffe_redirects = 'a\\0.txt'\n",
        f"rediraffe_redirects = '{'a/' * 3000}b.txt'\n",
        "html_extra_path = ['a\\0']\n",
        f"html_extra_path = ['{'a' * 5000}']\n",
    ],
    ids=["nested too deep", "a list with NUL", "a list too long", "a folder with NUL", "too long"],
)
def test_a_configuration_says_what_it_likes(tmp_path: Path, content: str) -> None:
    (tmp_path / "conf.py").write_text(content)
    (tmp_path / "page.md").write_text(DEAD_LINK)
    assert found_in(tmp_path) == ONLY_THE_LINK


def test_no_key_of_the_settings_begins_a_line_of_ours(tmp_path: Path) -> None:
    (tmp_path / project.FILE_NAME).write_text('"a\\npage.md:3: error: forged" = 1\n')
    with pytest.raises(UsageError) as told:
        project.of_root(tmp_path)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("name", ["refs.txt", "paths.txt"])
def test_a_list_that_is_no_utf_8_is_read_as_far_as_it_goes(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "conf.py").touch()
    (tmp_path / name).write_bytes(NO_UTF8)
    (tmp_path / "page.md").write_text(DEAD_LINK)
    assert check.check([tmp_path], Asked()) is ExitCode.CONTRADICTED
    assert "no.md" in capsys.readouterr().out


def test_a_tag_may_have_any_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path, "v0", {"page.md": DEAD_LINK})
    subprocess.run(["git", "-C", tmp_path, "tag", NO_UTF8.strip()], check=True)
    assert check.check([tmp_path], Asked()) is ExitCode.CONTRADICTED
    assert "no.md" in capsys.readouterr().out


def test_no_object_stands_for_another(tmp_path: Path) -> None:
    before = commit(tmp_path, "", {"page.md": "# A page\n"})
    after = commit(tmp_path, "", {"page.md": DEAD_LINK})
    git(
        tmp_path,
        "replace",
        *(git(tmp_path, "rev-parse", f"{one}^{{tree}}") for one in (before, after)),
    )
    site = checked_site.open_site([tmp_path], since=before)
    assert [page.path.name for page in site.pages] == ["page.md"]


def loop(path: Path) -> None:
    path.symlink_to(path.name)


def damaged(path: Path) -> None:
    path.write_text("{")


@pytest.mark.parametrize(
    ("name", "make"), [("part.md", loop), ("part.txt", os.mkfifo), ("part.ipynb", damaged)]
)
def test_what_a_page_includes_may_be_anything(
    tmp_path: Path, name: str, make: Callable[[Path], object]
) -> None:
    (tmp_path / "conf.py").touch()
    make(tmp_path / name)
    page = tmp_path / "page.md"
    page.write_text(f"{DEAD_LINK}\n```{{include}} {name}\n```\n\n[There](#there) [it]({name}#it)\n")
    found = judged(page).findings
    assert not any(finding.ours for finding in found)
    assert any("no.md" in str(finding.message) for finding in found)


@pytest.mark.parametrize("make", [damaged, os.mkfifo])
def test_a_catalogue_of_a_page_that_cannot_be_read_costs_others_nothing(
    tmp_path: Path, make: Callable[[Path], object]
) -> None:
    messages = tmp_path / "locales" / "zh" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    (messages / "bad.po").write_text('msgid "10 parties"\nmsgstr "12 方"\n')
    make(tmp_path / "bad.ipynb")
    (tmp_path / "page.md").write_text(DEAD_LINK)
    found = found_in(tmp_path / "page.md", messages / "bad.po")
    assert found == ONLY_THE_LINK | {("bad.po", FindingKind.TRANSLATION)}


def test_a_catalogue_whose_page_would_have_too_long_a_name_is_judged(tmp_path: Path) -> None:
    messages = tmp_path / "locales" / "zh" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    (messages / f"{'a' * 252}.po").write_text('msgid "10 parties"\nmsgstr "12 方"\n')
    assert {kind for _, kind in found_in(*messages.iterdir())} == {FindingKind.TRANSLATION}


def test_a_baseline_holds_names_and_messages_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xe9.md")).write_text(DEAD_LINK)
    cell = {"cell_type": "markdown", "metadata": {}, "source": "[a](\ud83d.md)"}
    content = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "page.ipynb").write_text(json.dumps(content))
    file = tmp_path / "known.json"
    assert len(applied(judged(tmp_path), file).known) == 2
    again = applied(judged(tmp_path), file)
    assert (len(again.known), again.findings, again.notes) == (2, (), ())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
@pytest.mark.parametrize("mode", [0o000, 0o400], ids=["closed", "only listed"])
def test_a_folder_that_nobody_may_read_is_told(tmp_path: Path, mode: int) -> None:
    (tmp_path / "page.md").write_text(DEAD_LINK)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "other.md").write_text(DEAD_LINK)
    inner.chmod(mode)
    try:
        told = found_in(tmp_path)
    finally:
        inner.chmod(0o700)
    name = "other.md" if mode else "inner"
    assert told == ONLY_THE_LINK | {(name, FindingKind.UNREADABLE)}


@pytest.mark.parametrize("form", [Format.JSON, Format.SARIF])
def test_no_name_in_json_commands_a_log(tmp_path: Path, form: Format) -> None:
    said = "##[error]forged\x9b31m\u202e.md"
    (tmp_path / "page.md").write_text(f"# A page\n\n[a](<{said}>)\n")
    told = check.rendered(judged(tmp_path), form)
    assert "forged" in told
    assert not any(sign in told for sign in ("##[", "\x9b", "\u202e"))
    if form is Format.JSON:
        assert said in json.loads(told)["findings"][0]["message"]
