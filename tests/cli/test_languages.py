"""Every command speaks the terminal's language, or the one that it is told."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.bilingual import share_of_latin
from tests.report import many
from tests.test_terms import PAIRS
from verify.cli import closing
from verify.cli.app import COMMANDS, HELP_ZH, app
from verify.history import changes_view
from verify.history.changes import ChangeKind, ComparedRun, RunChange
from verify.report import badge
from verify.report.formats import ChangesFormat
from verify.system.words import Language

NAMES = [name for names in COMMANDS.values() for name in names]
NO_RUN = {"zh": "还没有任何运行的记录", "en": "No run is known yet"}


def ask(monkeypatch: pytest.MonkeyPatch, lang: str, *arguments: str) -> str:
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("LANG", lang)
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize(
    ("lang", "told", "spoken"),
    [
        ("zh_CN.UTF-8", [], "zh"),
        ("C.UTF-8", [], "en"),
        ("C.UTF-8", ["--language", "zh"], "zh"),
        ("zh_CN.UTF-8", ["--language", "en"], "en"),
    ],
)
def test_a_command_speaks_as_its_terminal_does_unless_it_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str, told: list[str], spoken: str
) -> None:
    out = ask(monkeypatch, lang, "history", "--history", str(tmp_path / "runs"), *told)
    assert out.startswith(NO_RUN[spoken])
    assert ask(monkeypatch, "C", "history", "--history", str(tmp_path / "runs")).startswith(
        NO_RUN["en"]  # what one command was told is not for the next one
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_command_is_introduced_in_chinese(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    whole, own = (ask(monkeypatch, "zh_CN.UTF-8", *names, "-h") for names in ((), (name,)))
    about = own.split("\n\n")[1].strip()
    assert share_of_latin(about) <= 0.5
    assert about in whole
    assert HELP_ZH not in own
    assert all(len(line.encode("gb18030")) <= 80 for line in own.splitlines())
    assert "--language" in own


def test_what_commands_say_in_chinese_is_chinese() -> None:
    said = [zh for place, _, zh in PAIRS if place.startswith("verify/cli/")]
    assert len(said) > 100
    assert share_of_latin("，".join(said)) <= 0.15


def test_what_to_do_next_is_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    out = io.StringIO()
    report = many.report(3, many.RELEASES[:1])
    closing.show(report, tmp_path, Console(file=out, width=500), strict=False)
    assert f"报告：{tmp_path / 'report.html'}\n" in out.getvalue()
    assert f"接下来：打开 {tmp_path / 'report.html'}；" in out.getvalue()


def test_changes_are_told_in_chinese() -> None:
    sides = ComparedRun("spring", {}), ComparedRun("autumn", {})
    fails = RunChange(ChangeKind.FAILS, "pears", "claim:sweet", "pass", "fail", "they are sour")
    told = changes_view.rendered(*sides, [fails], ChangesFormat.TEXT, Language.CHINESE)
    assert told.splitlines() == [
        "从 spring 到 autumn：新出现的不符 1 项。",
        "",
        "pears",
        "  新出现的不符：claim:sweet：pass → fail（they are sour）",
    ]
    assert "没有变化" in changes_view.rendered(*sides, [], ChangesFormat.TEXT, Language.CHINESE)


def test_a_chinese_badge_has_room_for_its_words(tmp_path: Path) -> None:
    badge.write(many.report(10, many.RELEASES[:1]), tmp_path, Language.CHINESE)
    one = json.loads((tmp_path / "pages.published.json").read_text("utf-8"))
    assert one["label"] == "官方原文的页面"
    svg = (tmp_path / "pages.published.svg").read_text("utf-8")
    assert f'textLength="{11.0 * len(one["label"]):.1f}"' in svg
