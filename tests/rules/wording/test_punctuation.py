"""Spaces and marks in Chinese and English: what must be flagged, and what must not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.rules.wording import punctuation

CHINESE = "\n\n各方只交换掩码之后的结果，从不交换样本，因此没有一方可以看到另一方的数据。"


def found(tmp_path: Path, text: str, name: str = "a.md") -> list[Finding]:
    return sorted(punctuation.check(pages.site(tmp_path, pages.page(tmp_path, name, text))))


@pytest.mark.parametrize(
    ("text", "says", "suggests"),
    [
        ("先求和,再平均。", "half-width", "“先求和，再平均。”"),
        ("先求和, 再平均。", "half-width", "“先求和，再平均。”"),
        ("方法如下:", "half-width", "“方法如下：”"),
        ("真的安全吗?", "half-width", "“真的安全吗？”"),
        ("到此为止.", "half-width", "“到此为止。”"),
        ("使用 `fit`,然后等待。", "half-width", "…，然后等待。”"),
        ("由 Ann,Bob 计算；见 Carol,然后停止。", "half-width", "Carol，然后停止。”"),
        ("Sum it，then mean it.", "full-width", "“Sum it, then m”"),
        (
            "It uses a mask（one for each round）now.",
            "full-width",
            "a mask (one for each round) now",
        ),
        ("共有１２方。", "full-width", "“12”"),
        ("先求和，，再平均。", "Two marks", "Keep one"),
        ("先求和。，再平均。", "Two marks", "Keep one"),
        ("Sum it,, then mean it.", "Two marks", "Keep one"),
        ("Sum it..", "Two marks", "Keep one"),
        ("先求和（sum)，再平均。", "differ in width", "“（sum）”"),
        ("Sum it (with a mask）.", "differ in width", "“(with a mask)”"),
        ("先求和（见上，再平均。", "never closed", ""),
        ("先求和见上），再平均。", "never opened", ""),
        ("所谓“掩码，是随机数。", "never closed", ""),
        ('They call it "mask in the text.', "no partner", ""),
        ("A mask [one of many is added.", "never closed", ""),
    ],
)
def test_a_wrong_mark_is_flagged_with_its_remedy(
    tmp_path: Path, text: str, says: str, suggests: str
) -> None:
    (one,) = found(tmp_path, text)
    assert (one.kind, one.severity, one.line) == (FindingKind.PUNCTUATION, Severity.WARNING, 1)
    assert says in str(one.message)
    assert suggests in str(one.suggestion)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("先求和，再平均：结果（见下）是“安全”的！", id="full-width Chinese"),
        pytest.param("Sum it, then (now) mean it: “done”, isn't it?", id="half-width English"),
        pytest.param("时间是 10:30，比例是 3:7，共 4,323 张，约 0.5。", id="numbers"),
        pytest.param("见 `a,b` 和 `f(x` 以及 <https://a.example/x,y>。", id="code and addresses"),
        pytest.param("取 $a,b)$ 与 $(c$ 的和。", id="formulas"),
        pytest.param("Use `sum`，" + CHINESE, id="a label's mark on a Chinese page"),
        pytest.param("取值在 [0, 1) 或 (0, $n$] 之内。", id="half-open intervals"),
        pytest.param("1) one\n\na) two\n\nFirst, 2) three, b) four.", id="counted by a bracket"),
        pytest.param("（一）求和；二）平均", id="counted in Chinese"),
        pytest.param("一. 求和", id="a Chinese number"),
        pytest.param("Wait... and see ../x or a..b", id="dots"),
        pytest.param("Sum, mean, etc., and so on.", id="an abbreviation"),
        pytest.param("等待……完成——然后继续", id="Chinese dots and dashes"),
        pytest.param('A 5" screen', id="inches"),
        pytest.param("It works :) doesn't it", id="a smiley"),
    ],
)
def test_right_marks_are_not_flagged(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


@pytest.mark.parametrize(
    ("text", "count", "line"),
    [
        ("使用SPU 设备。", "A place lacks", 1),
        ("使用 SPU 设备。\n\n共有3 方。", "A place lacks", 3),
        ("# 使用SPU计算\n\n由Ann计算", "4 places lack", 1),
    ],
)
def test_missing_spaces_are_one_finding_for_a_page(
    tmp_path: Path, text: str, count: str, line: int
) -> None:
    (one,) = found(tmp_path, text)
    assert str(one.message).startswith(f"{count} a space between Chinese and Latin text, first ")
    assert one.line == line


@pytest.mark.parametrize(
    "text",
    ["使用`spu`设备和$x$求和", "使用 SPU 设备，共 3 方。", "We use 3 of them.", "使用（SPU）。"],
)
def test_spaces_are_asked_for_between_words_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def test_a_piece_with_a_mark_repeated_is_one_finding(tmp_path: Path) -> None:
    page = pages.notebook(tmp_path, pages.prose("前言。\n\n先求和,\n再平均,再求和。"))
    (one,) = punctuation.check(pages.site(tmp_path, page))
    assert one.cell == 0
    assert (
        str(one.message)
        == "A half-width mark stands in a Chinese sentence: “先求和,” (2 times here)."
    )
    assert str(one.suggestion) == "Write “先求和，”."


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.rst", "Take this, |tree|, and go.\n\n.. |tree| image:: https://example.org/a.png", 0),
        ("a.md", "Take this, ![](a.png), and go.", 0),
        ("a.md", "See [](a.md), [](b.md), and go.", 0),
        ("a.md", "Take this, , and go.", 1),
    ],
)
def test_a_picture_stands_between_marks(
    tmp_path: Path, name: str, text: str, expected: int
) -> None:
    page = pages.page(tmp_path, name, f"{text}\n")
    assert len(list(punctuation.check(pages.site(tmp_path, page)))) == expected
