"""A page and its catalogue: where they disagree, and where they only say it otherwise."""

from pathlib import Path

import polib
import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.rules.checked_site import open_site
from verify.rules.wording import translations


def catalogue(folder: Path, *entries: tuple[str, str], name: str = "a.po", flag: str = "") -> Path:
    """A catalogue beside a page `a`, from which all its entries come."""
    path = folder / "locales" / "zh_CN" / "LC_MESSAGES" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    file = polib.POFile()
    for text, translation in entries:
        where = [(f"../../{Path(name).with_suffix('.md')}", "")]
        flags = [flag] if flag else []
        file.append(polib.POEntry(msgid=text, msgstr=translation, occurrences=where, flags=flags))
    file.save(str(path))
    return path


def judged(tmp_path: Path, text: str, translation: str) -> list[Finding]:
    catalogue(tmp_path, (text, translation))
    page = pages.page(tmp_path, "a.md", text)
    return sorted(translations.check(pages.site(tmp_path, page)))


@pytest.mark.parametrize(
    ("text", "translation", "says"),
    [
        ("We train 5 epochs.", "我们训练 6 个轮次。", "5, its translation says 6"),
        ("Set `lr` first.", "先设置 `lr_min`。", "the code `lr`, its translation `lr_min`"),
        (
            "See [it](https://a.example/b/c).",
            "见[此](https://d.example/b/c)。",
            "links to https://a.example/b/c, its translation to https://d.example/b/c",
        ),
        (
            "See `it <https://a. example/x>`_.",
            "见 `此 <https://a.example/y>`_。",
            "links to https://a.example/x, its translation to https://a.example/y",
        ),
        (
            "See :ref:`guide`.",
            "见 :ref:`guides_2`。",
            "links to guide, its translation to guides_2",
        ),
        (
            "All 4,323 pictures are read.",
            "读取全部4232张图片。",
            "4,323, its translation says 4232",
        ),
        ("It reaches 91% in 3 rounds.", "经过3轮达到 95%。", "91%, its translation says 95%"),
        ("A rate of 0.01 is used.", "学习率为0.001。", "0.01, its translation says 0.001"),
        ("Default: 8. Range: [4, 32].", "默认：4。范围：[4, 32]。", "8, its translation says 4"),
        ("It has 30 thousand rows.", "共有2万行。", "30 thousand, its translation says 2万"),
        (
            "Install version 1.4.2 of it.",
            "请安装 1.4.3 版本。",
            "1.4.2, its translation says 1.4.3",
        ),
        ("Call ``fit_all`` now.", "现在调用 ``fit_one``。", "`fit_all`, its translation `fit_one`"),
        (
            "See `this page <https://a.example/x/1>`__.",
            "见 `此页 <https://a.example/x/2>`__。",
            "https://a.example/x/1, its translation to https://a.example/x/2",
        ),
        ("See [it](b/one.md).", "见[此处](b/two.md)。", "b/one.md, its translation to b/two.md"),
        ("![It](b/a.png) grows.", "[它](b/a.png)会长。", "translation only links to `b/a.png`"),
        ("At https://a.example/x.", "见 https://a.example/y。", "to https://a.example/y"),
    ],
)
def test_another_number_link_or_code_is_an_error(
    tmp_path: Path, text: str, translation: str, says: str
) -> None:
    (one,) = (each for each in judged(tmp_path, text, translation) if each.severity == "error")
    assert one.kind is FindingKind.TRANSLATION
    assert (one.file.name, one.line, one.cell) == ("a.po", 5, None)
    assert says in str(one.message)
    assert "(page a.md)" in str(one.message)


@pytest.mark.parametrize(
    ("text", "translation"),
    [
        ("All 4,323 pictures, 4 323 in number.", "共4323张，即 4323 张。"),
        ("The `Shared Tables` of both.", "双方的 `Shared Table`。"),
        ("See [it](https://a.example/b/c).", "见[此](https://d.example/e)。"),
        ("![It](b/a.png) grows.", "![它](b/a.png)会长。"),
        ("[It](b/a.png) grows.", "![它](b/a.png)会长。"),
        ("See :ref:`the guide <guide>`.", "见 :ref:`指南 <guide>`。"),
        ("The three banks train for 3 rounds.", "三家银行训练三轮。"),
        ("A set of 30 thousand rows, 20000 of them good.", "三万行数据，其中 2 万行可用。"),
        ("It reaches 95%, or 0.95.", "达到百分之95，即 95%。"),
        ("Half of 10 rows.", "10 行的 0.5。"),
        ("On May 4 we begin.", "5月4日开始。"),
        ("The second of 12 parts.", "十二部分之 2。"),
        ("Party 1 gives its table.", "发送方的表。"),
        ("In the year 2024.", "二〇二四年。"),
        ("Use ``x`` and ``y`` to call ``f``.", "用 x 与 y 调用 ``f``。"),
        ("The ``Name`` of it.", "其 ``name``。"),
        ("Since version 1.4.2.", "自该版本起。"),
        ("See https://en.a.example/wiki/Mask.", "见 https://zh.a.example/wiki/%E6%8E%A9。"),
        ("See https://a.example/en-US/x.html.", "见 https://a.example/zh-Hans/x.html。"),
        ("See `it <https://a.example/x/>`_.", "见 `此 <https://a.example/x>`_。"),
        ("See https://a.example/x.", "见 https://another.example/x。"),
        ("See `it <https://a. example/x>`_.", "见 `此 <https://a.example/x>`_。"),
        ("A bank has :math:`x_1` and :math:`3`.", "一方有 $x_2$。"),
        ("The same 3 words.", "The same 3 words."),
        ("Not translated, 3.", ""),
    ],
)
def test_what_is_said_otherwise_is_not_flagged(tmp_path: Path, text: str, translation: str) -> None:
    assert [one for one in judged(tmp_path, text, translation) if one.severity == "error"] == []


PAGE = """\
# The mask

Each bank adds a *mask* to [its sum](b.md), as `f` does.

1. Ask
2. Add
"""


@pytest.mark.parametrize(
    "text",
    [
        "The mask",
        "Each bank adds a *mask* to `its sum <b.html>`__, as ``f`` does.",
        "Each bank adds a *mask* to [its sum](b.md), as `f` does.",
        "1. Ask 2. Add",
        "Each bank |0123456789abcdef0123456789abcdef| adds a",
    ],
)
def test_an_entry_that_the_page_has_is_not_stale(tmp_path: Path, text: str) -> None:
    catalogue(tmp_path, (text, "掩码"))
    page = pages.page(tmp_path, "a.md", PAGE)
    assert list(translations.check(pages.site(tmp_path, page))) == []


def test_stale_entries_are_one_warning(tmp_path: Path) -> None:
    catalogue(tmp_path, ("The mask", "掩码"), ("A key", "密钥"), ("Lock 3 of it", "锁 4"))
    page = pages.page(tmp_path, "a.md", PAGE)
    (one,) = translations.check(pages.site(tmp_path, page))
    assert (one.severity, one.line) == (Severity.WARNING, 9)
    assert str(one.message) == "2 entries hold text that a.md does not have, first “A key …”."


def test_fuzzy_entries_are_one_warning(tmp_path: Path) -> None:
    catalogue(tmp_path, ("The mask", "掩码"), ("Ask", "问 3 次"), flag="fuzzy")
    page = pages.page(tmp_path, "a.md", PAGE)
    (one,) = translations.check(pages.site(tmp_path, page))
    assert one.severity is Severity.WARNING
    assert str(one.message).startswith("2 translations are marked fuzzy")


ROWS = [
    ("Plant the trees in rows of the same length.", "把树种成等长的行。"),
    ("Water them twice in each of the first weeks.", "头几周每周浇两次水。"),
    ("Prune them when the winter has come.", "冬天来了就修剪。"),
]


@pytest.mark.parametrize(
    ("text", "translation", "told"),
    [
        ("Never prune them while the sap still rises.", "", 1),
        ("Never prune them while the sap still rises.", "树液上升时切勿修剪。", 0),
        ("Orchard Tools", "", 0),
        ("![rows](rows_of_the_first_trees.png)", "", 0),
        ("`water(trees, how_often=2)`", "", 0),
        ("y = \\sum_i x_i \\ for \\ all \\ of \\ them", "", 0),
    ],
)
def test_a_sentence_without_a_translation_is_a_warning(
    tmp_path: Path, text: str, translation: str, told: int
) -> None:
    catalogue(tmp_path, *ROWS, (text, translation))
    page = pages.page(tmp_path, "a.md", "\n\n".join([*(row for row, _ in ROWS), text, ""]))
    found = list(translations.check(pages.site(tmp_path, page)))
    assert [one.severity for one in found] == [Severity.WARNING] * told


def test_a_translation_that_has_only_begun_is_none(tmp_path: Path) -> None:
    catalogue(tmp_path, ROWS[0], *((text, "") for text, _ in ROWS[1:]))
    page = pages.page(tmp_path, "a.md", "\n\n".join(text for text, _ in ROWS))
    assert list(translations.check(pages.site(tmp_path, page))) == []


@pytest.mark.parametrize(
    ("second", "why"),
    [('msgstr "b""', "unescaped double quote found"), ("msgstr", "Syntax error in po file")],
)
def test_a_broken_catalogue_is_an_error_on_its_line(tmp_path: Path, second: str, why: str) -> None:
    path = catalogue(tmp_path)
    path.write_text(f'msgid "a"\n{second}\n', encoding="utf-8")
    (one,) = translations.check(pages.site(tmp_path, pages.page(tmp_path, "a.md", PAGE)))
    assert (one.severity, one.line) == (Severity.ERROR, 2)
    assert str(one.message) == f"The catalogue cannot be read: {why}."


@pytest.mark.parametrize("with_page", [True, False])
def test_a_catalogue_may_be_named_itself(tmp_path: Path, *, with_page: bool) -> None:
    path = catalogue(tmp_path, ("We train 5 epochs.", "训练 6 轮。"), name="deep/a.po")
    if with_page:
        pages.page(tmp_path, "deep/a.md", "We train 5 epochs.")
    (one,) = translations.check(open_site([path]))
    assert ("(page a.md)" in str(one.message)) is with_page


def test_a_catalogue_that_was_named_beside_its_page_is_judged_once(tmp_path: Path) -> None:
    path = catalogue(tmp_path, ("We train 5 epochs.", "训练 6 轮。"))
    page = pages.page(tmp_path, "a.md", "We train 5 epochs.")
    assert len(list(translations.check(open_site([path, page.path])))) == 1


@pytest.mark.parametrize(("comment", "expected"), [("#ours", 0), ("ours", 1)])
def test_a_catalogue_is_read_as_gettext_reads_it(
    tmp_path: Path, comment: str, expected: int
) -> None:
    path = catalogue(tmp_path)
    path.write_text(f'{comment}\nmsgid "a"\nmsgstr "b"\n', encoding="utf-8")
    page = pages.page(tmp_path, "a.md", "a\n")
    assert len(list(translations.check(pages.site(tmp_path, page)))) == expected


@pytest.mark.parametrize(
    ("text", "translated", "expected"),
    [
        (":ref:`start:Buying a Spade`", ":doc:`../start`", 0),
        (":ref:`start:Buying a Spade`", ":doc:`../stop`", 1),
        ("``a: b``", "``a:b``", 0),
        ("``a: b``", "``a: c``", 1),
    ],
)
def test_the_same_may_be_written_in_two_ways(
    tmp_path: Path, text: str, translated: str, expected: int
) -> None:
    path = catalogue(tmp_path, (f"See {text}.", f"见 {translated}。"))
    page = pages.page(tmp_path, "a.md", f"See {text}.\n")
    errors = [one for one in translations.check(pages.site(tmp_path, page)) if one.line > 1]
    assert path.exists()
    assert len([one for one in errors if one.severity is Severity.ERROR]) == expected
