"""Chinese words that only sound or look like the right one."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import FindingKind
from verify.rules.wording import confused


def told(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    site = pages.site(tmp_path, pages.page(tmp_path, "a.md", text))
    found = list(confused.check(site))
    assert all(one.kind is FindingKind.SPELLING for one in found)
    return [(one.line, str(one.message).split("”")[0][1:]) for one in found]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("果园有许多树。\n\n可以通过一下方式浇水：", "一下"),
        ("在调用这个函数是，先准备好数据。", "是"),
        ("如果加上所有数，那么久可以得到总数。", "久"),
        ("列表可以用下表索引。", "下表"),
        ("`prune` 来表面该树已修剪。", "表面"),
        ("把阀值设为 3。", "阀值"),
        ("请登陆系统。", "登陆"),
        ("运行这条命令既可。", "既可"),
    ],
)
def test_a_wrong_word_is_told(tmp_path: Path, text: str, word: str) -> None:
    assert [what for _, what in told(tmp_path, text)] == [word]


@pytest.mark.parametrize(
    "text",
    [
        "先介绍一下代码，再看一下文件。",
        "在使用中最常见的做法是，先浇水再修剪。",
        "为什么要等那么久？",
        "下表列出了索引。",
        "苹果的表面光滑。",
        "结果以经典的方法得到，来自已有的数据，双方各自已备好。",
        "部署时既使用甲，又使用乙；因该算法简单，所以快。",
        "请登录系统，运行这条命令即可。",
        "代码 `阀值` 不算。",
    ],
)
def test_a_right_word_is_not_told(tmp_path: Path, text: str) -> None:
    assert told(tmp_path, text) == []


def test_a_translation_is_read_as_well(tmp_path: Path) -> None:
    page = pages.page(tmp_path, "docs/a.md", "Set the threshold.\n")
    folder = tmp_path / "docs" / "locales" / "zh_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue = folder / "a.po"
    catalogue.write_text('msgid "Set the threshold."\nmsgstr "设置阀值。"\n', encoding="utf-8")
    assert [one.file.name for one in confused.check(pages.site(tmp_path, page))] == ["a.po"]
