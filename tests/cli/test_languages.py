"""Every command speaks the terminal's language, or the one that it is told."""

import io
import json
import re
from pathlib import Path

import pytest
import tomli
from rich.console import Console
from typer.testing import CliRunner

from tests.bilingual import share_of_latin
from tests.report import many
from tests.test_terms import PAIRS
from verify.cli import chinese, closing
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
        "  新出现的不符：claim:sweet：属实 → 不符（they are sour）",
    ]
    assert "没有变化" in changes_view.rendered(*sides, [], ChangesFormat.TEXT, Language.CHINESE)


def test_a_chinese_badge_has_room_for_its_words(tmp_path: Path) -> None:
    badge.write(many.report(10, many.RELEASES[:1]), tmp_path, Language.CHINESE)
    one = json.loads((tmp_path / "pages.published.json").read_text("utf-8"))
    assert one["label"] == "官方原文的页面"
    svg = (tmp_path / "pages.published.svg").read_text("utf-8")
    assert f'textLength="{11.0 * len(one["label"]):.1f}"' in svg


def rows(told: str) -> list[str]:
    """The rows of arguments and options, each in one line."""
    body = told[told.index("选项：") :] if "参数：" not in told else told[told.index("参数：") :]
    return [" ".join(one.split()) for one in re.split(r"\n  (?=\S)", body)[1:]]


@pytest.mark.parametrize("name", ["", *NAMES])
def test_no_option_or_argument_is_left_in_english(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    told = ask(monkeypatch, "zh_CN.UTF-8", *filter(None, [name]), "-h")
    found = rows(told if name else told.partition("页面：")[0])
    assert any("显示本说明并退出" in row for row in found)
    assert [row for row in found if not re.search("[\u3400-\u9fff]{2}", row)] == []
    assert [row for row in found if re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,}", row)] == []
    assert re.search("default|env var|required|Usage|Options|Arguments", told) is None
    if name:
        assert told == ask(monkeypatch, "C", name, "--language", "zh", "-h")


def test_no_help_in_chinese_has_lost_its_english(monkeypatch: pytest.MonkeyPatch) -> None:
    told = "".join(ask(monkeypatch, "C", *names, "-h") for names in [(), *zip(NAMES)])
    flat = "".join(told.split())
    help_ = tomli.loads(Path(chinese.__file__).with_suffix(".toml").read_text("utf-8"))["help"]
    lost = [one for one in help_ if "".join(one.split()) not in flat]
    assert lost == ["(dynamic)"]  # the parser's own, of no option yet


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("checks", "没有 checks 这个命令。相近的有：'check'。"),
        ("zzz", "没有 zzz 这个命令。"),
        ("check --rooot here", "没有 --rooot 这个选项。相近的有：--root。"),
        ("check --zzz", "没有 --zzz 这个选项。"),
        ("run --quick=3", "选项 --quick 后面不带值。"),
        ("run --out", "选项 --out 后面要有一个值。"),
        ("run --repeat 0", "'--repeat' / '-n' 的值应不小于 1。"),
        ("run --repeat x", "'--repeat' / '-n' 的值应为整数。"),
        ("check --fail-on x", "'--fail-on' 的值 x 无效，可用的有：'error', 'warning', 'never'。"),
        ("list --tutorials nowhere", "'--tutorials' 的值无效：nowhere 不存在。"),
        ("list --tutorials {file}", "'--tutorials' 的值无效：{file} 是文件，不是文件夹。"),
        ("compare a", "缺少参数 after。"),
        ("compare a b c", "多出了参数：c。"),
        ("draft x", "缺少选项 --to。"),
    ],
)
def test_what_the_parser_cannot_read_is_told_in_chinese(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: str, complaint: str
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    file = tmp_path / "a.md"
    file.touch()
    done = CliRunner().invoke(app, arguments.format(file=file).split())
    assert done.exit_code == 2
    assert done.stderr.endswith(f"错误：{complaint.format(file=file)}\n")
    assert "Try" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says", "english"),
    [
        ("check", "请给出一个页面", "Name a page"),
        ("check nowhere.md", "nowhere.md：没有这个文件或文件夹。", "nowhere.md: no such file"),
        ("check {file} --json --format sarif", "--json 与 --format sarif 互相矛盾", "contradict"),
        ("run nobody", "nobody：没有这个文档；已有的是：", "nobody: no such document; known are: "),
        ("run --quick --all", "--quick 与 --all 互相矛盾", "contradict each other"),
        ("run --jobs 0", "--jobs 0：应为文档的个数", "--jobs 0: a number of documents"),
        ("run --profile x", "没有配置 x；已有的是：", "has no profile x; known are: "),
        ("reply 1 --out nowhere", "nowhere：还没有报告；", "nowhere: holds no report yet; "),
        ("reply one", "one：不是 issue；", "one: is no issue; "),
        ("patch --only a --skip b", "--only 与 --skip 互相矛盾", "contradict each other"),
    ],
)
def test_what_is_wrong_with_the_usage_is_told_in_the_language_that_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: str, says: str, english: str
) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    file = tmp_path / "a.md"
    file.touch()
    for language, expected in (("zh", says), ("en", english)):
        told = [*arguments.format(file=file).split(), "--language", language]
        done = CliRunner().invoke(app, told)
        assert done.exit_code == 2
        assert expected in done.stderr


def test_a_complaint_is_in_the_language_that_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    asked = CliRunner().invoke(app, ["check", "--language=zh", "--zzz"])
    assert "错误：没有 --zzz 这个选项。" in asked.stderr
    assert "Error: No such option: --zzz" in CliRunner().invoke(app, ["check", "--zzz"]).stderr
