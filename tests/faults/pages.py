"""Pages that are bad files: each is one page's finding, and the others are judged."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.faults.fault import Fault, Subject, Wanted
from tests.faults.scene import Scene
from verify.system.words import Words

_UNREADABLE, _JUDGED = Wanted("unreadable", 1, "none"), Wanted("judged", 0, "none")
_REFUSED = Wanted("judged", 1, "none")  # what Python refuses, the page is told of
_CODE: dict[str, Any] = {
    "cell_type": "code",
    "execution_count": 1,
    "metadata": {},
    "outputs": [],
    "source": "x = 1",
}


def _notebook(*cells: object, **other: object) -> str:
    page = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(page | other)


def _without(key: str) -> dict[str, Any]:
    return {name: value for name, value in _CODE.items() if name != key}


def _output(**given: object) -> str:
    return _notebook(_CODE | {"outputs": [given]})


# Each: its id, whether it can be read, its names, its file's suffix, and what it holds.
_FILES: tuple[tuple[str, Wanted, str, str, str, str | bytes], ...] = (
    (
        "no-source",
        _UNREADABLE,
        "A cell has no source",
        "单元格没有 source",
        ".ipynb",
        _notebook(_without("source")),
    ),
    (
        "null-source",
        _UNREADABLE,
        "A cell's source is null",
        "单元格的 source 是 null",
        ".ipynb",
        _notebook(_CODE | {"source": None}),
    ),
    (
        "null-kernelspec",
        _JUDGED,
        "The kernelspec is null",
        "kernelspec 是 null",
        ".ipynb",
        _notebook(_CODE, metadata={"kernelspec": None}),
    ),
    (
        "odd-kernelspec",
        _UNREADABLE,
        "The kernelspec is a number",
        "kernelspec 是数字",
        ".ipynb",
        _notebook(_CODE, metadata={"kernelspec": 7}),
    ),
    (
        "no-stream-name",
        _UNREADABLE,
        "An output has no name",
        "输出没有 name",
        ".ipynb",
        _output(output_type="stream", text="1"),
    ),
    (
        "odd-output",
        _JUDGED,
        "An output is of no known type",
        "输出的类型未知",
        ".ipynb",
        _output(output_type="smell", text="1"),
    ),
    (
        "odd-text",
        _UNREADABLE,
        "An output's text is a number",
        "输出的文字是数字",
        ".ipynb",
        _output(output_type="stream", name="stdout", text=7),
    ),
    (
        "odd-data",
        _UNREADABLE,
        "An output's data is a list",
        "输出的 data 是列表",
        ".ipynb",
        _output(output_type="display_data", metadata={}, data=[1]),
    ),
    (
        "nul",
        _REFUSED,
        "NUL in a code cell",
        "代码单元格里有 NUL",
        ".ipynb",
        _notebook(_CODE | {"source": 'x = "\0"'}),
    ),
    ("nul-text", _JUDGED, "NUL in a text", "正文里有 NUL", ".md", "# T\n\nA \0 B.\n"),
    (
        "half-emoji",
        _JUDGED,
        "Half an emoji in a cell",
        "单元格里有半个表情符号",
        ".ipynb",
        _notebook({"cell_type": "markdown", "metadata": {}, "source": "half \ud83d here"}, _CODE),
    ),
    (
        "half-emoji-code",
        _REFUSED,
        "Half an emoji in code",
        "代码里有半个表情符号",
        ".ipynb",
        _notebook(_CODE | {"source": "x = '\ud83d'"}),
    ),
    (
        "digits",
        _JUDGED,
        "A number of 309 digits",
        "309 位的数字",
        ".md",
        f"# Key\n\nThe modulus is {'9' * 309} of 1024 bits.\n",
    ),
    (
        "digits-code",
        _REFUSED,
        "A number of 5,000 digits in code",
        "代码里有 5,000 位的数字",
        ".ipynb",
        _notebook(_CODE | {"source": f"x = {'9' * 5000}"}),
    ),
    (
        "digits-json",
        _UNREADABLE,
        "A number of 5,000 digits in the file",
        "文件里有 5,000 位的数字",
        ".ipynb",
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": ' + "9" * 5000 + "}",
    ),
    (
        "sum",
        _JUDGED,
        "A sum of 1,000 terms",
        "一千项的和",
        ".ipynb",
        _notebook(_CODE | {"source": "s = " + " + ".join(["'x'"] * 1000)}),
    ),
    (
        "brackets",
        _JUDGED,
        "150 brackets within one another",
        "一百五十层括号",
        ".ipynb",
        _notebook(_CODE | {"source": "x = " + "[" * 150 + "]" * 150}),
    ),
    (
        "brackets-many",
        _REFUSED,
        "20,000 brackets within one another",
        "两万层括号",
        ".ipynb",
        _notebook(_CODE | {"source": "x = " + "[" * 20_000 + "]" * 20_000}),
    ),
    (
        "minus-many",
        _REFUSED,
        "20,000 signs before a number",
        "数字前有两万个负号",
        ".ipynb",
        _notebook(_CODE | {"source": "x = " + "-" * 20_000 + "1"}),
    ),
    (
        "deep-json",
        _UNREADABLE,
        "A file of 100,000 brackets",
        "十万层括号的文件",
        ".ipynb",
        "[" * 100_000,
    ),
    (
        "deep-quotes",
        _JUDGED,
        "5,000 quotations within one another",
        "五千层引用",
        ".md",
        "# T\n\n" + ">" * 5000 + " deep\n",
    ),
    (
        "deep-list",
        _JUDGED,
        "500 lists within one another",
        "五百层列表",
        ".md",
        "".join(f"{'  ' * n}- x\n" for n in range(500)),
    ),
    (
        "deep-rst",
        _UNREADABLE,
        "300 quotations within one another, in reStructuredText",
        "reStructuredText 里有三百层引用",
        ".rst",
        "".join(f"{' ' * n}x\n\n" for n in range(300)),
    ),
    ("list", _UNREADABLE, "A notebook that is a list", "notebook 是一个列表", ".ipynb", "[]"),
    (
        "null-cells",
        _UNREADABLE,
        "The list of cells is null",
        "单元格列表是 null",
        ".ipynb",
        json.dumps({"cells": None, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}),
    ),
    ("odd-cell", _UNREADABLE, "A cell is a number", "单元格是数字", ".ipynb", _notebook(7)),
    ("empty", _UNREADABLE, "An empty notebook file", "空的 notebook 文件", ".ipynb", ""),
    (
        "cut",
        _UNREADABLE,
        "A notebook that ends in the middle",
        "中途结束的 notebook",
        ".ipynb",
        _notebook(_CODE)[:-20],
    ),
    (
        "old",
        _JUDGED,
        "A notebook of an old format",
        "旧格式的 notebook",
        ".ipynb",
        json.dumps(
            {
                "worksheets": [{"cells": [], "metadata": {}}],
                "metadata": {"name": ""},
                "nbformat": 3,
                "nbformat_minor": 0,
            }
        ),
    ),
    (
        "new",
        _UNREADABLE,
        "A notebook of a format to come",
        "未来格式的 notebook",
        ".ipynb",
        _notebook(_CODE, nbformat=9),
    ),
    (
        "odd-stream-name",
        _JUDGED,
        "A stream's name is a list",
        "输出流的名称是列表",
        ".ipynb",
        _output(output_type="stream", name=["stdout"], text="1"),
    ),
    (
        "odd-tags",
        _JUDGED,
        "A tag is a list",
        "标签是列表",
        ".ipynb",
        _notebook(_CODE | {"metadata": {"tags": [["x"]]}}),
    ),
    (
        "name-nul",
        _REFUSED,
        "A link and an inclusion hold NUL",
        "链接和包含的文件名里有 NUL",
        ".md",
        "# T\n\n[a](%00.md)\n\n```{include} a\0b\n```\n",
    ),
    (
        "name-long",
        _REFUSED,
        "A link is longer than names may be",
        "链接超过文件名的上限",
        ".md",
        f"# T\n\n[a]({'x' * 5000}.md) [b]({'x/' * 3000}y.md)\n",
    ),
    (
        "name-escapes",
        _REFUSED,
        "A link holds escapes, a line's end and a command",
        "链接里有转义、换行和命令",
        ".md",
        "# T\n\n[a](x%0a::error::y.md) [b](x%1b]0;t%07.md)\n",
    ),
    (
        "long-word",
        _JUDGED,
        "A word of 300,000 letters",
        "三十万个字母的单词",
        ".md",
        f"# T\n\n{'iVBORw0KGgo' * 27_000}\n",
    ),
    (
        "many-links",
        _REFUSED,
        "5,000 links to nothing in a line",
        "一行里有五千个无效链接",
        ".md",
        f"# T\n\n{'[a](gone-for-good.md) ' * 5000}\n",
    ),
    (
        "deep-toml",
        _JUDGED,
        "A sample of 5,000 brackets in TOML",
        "TOML 示例里有五千层括号",
        ".md",
        f"# T\n\n```toml\na = {'[' * 5000}\n```\n",
    ),
    (
        "yaml-bomb",
        _JUDGED,
        "The front matter is a YAML bomb",
        "页首元数据是 YAML 炸弹",
        ".md",
        "---\na: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(
            f"{one}: &{one} [{', '.join([f'*{before}'] * 9)}]\n"
            for before, one in zip("abcdefghi", "bcdefghij", strict=True)
        )
        + "---\n# T\n",
    ),
    (
        "yaml-python",
        _JUDGED,
        "The front matter names a program of Python's",
        "页首元数据指名 Python 程序",
        ".md",
        "---\na: !!python/object/apply:os.system ['touch planted']\n---\n# T\n",
    ),
    (
        "includes-self",
        _JUDGED,
        "A page includes itself",
        "页面包含自身",
        ".md",
        "# T\n\n```{include} page-includes-self.md\n```\n",
    ),
    (
        "latin",
        _UNREADABLE,
        "A text that is no UTF-8",
        "不是 UTF-8 的正文",
        ".md",
        "# Über\n".encode("latin-1"),
    ),
    (
        "binary",
        _UNREADABLE,
        "A picture that is called a page",
        "名为页面的图片",
        ".md",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    ),
)


def _place(scene: Scene, name: str) -> Path:
    """Where the page of a row is, beside one that has a defect of its own."""
    scene.checks = True
    folder = scene.root / "pages"
    folder.mkdir(exist_ok=True)
    (folder / "good.md").write_text("# Good\n\nSee [there](nowhere.md).\n")
    return folder / name


def _of_content(suffix: str, content: str | bytes) -> Callable[[Scene, str], None]:
    def adds(scene: Scene, name: str) -> None:
        whole = content.encode() if isinstance(content, str) else content
        _place(scene, f"{name}{suffix}").write_bytes(whole)

    return adds


def _of_file(make: Callable[[Path], object]) -> Callable[[Scene, str], None]:
    def adds(scene: Scene, name: str) -> None:
        make(_place(scene, f"{name}.md"))

    return adds


def _row(name: str, en: str, zh: str, adds: Callable[[Scene, str], None], wanted: Wanted) -> Fault:
    short = name in ("page-no-source", "page-digits")
    return Fault(name, Words(en=en, zh=zh), wanted, adds=adds, batch="pages", short=short)


def _rows() -> Iterator[Fault]:
    for name, wanted, en, zh, suffix, content in _FILES:
        yield _row(f"page-{name}", en, zh, _of_content(suffix, content), wanted)


SUBJECT = Subject(
    Words(zh="损坏的页面文件", en="Pages that are bad files"),
    (
        *_rows(),
        _row(
            "page-dangling",
            "A link to nothing beside the page",
            "页面旁有指向空处的链接",
            _of_file(lambda bad: bad.symlink_to("nowhere.md")),
            _JUDGED,
        ),
        _row(
            "page-loop",
            "A link to itself beside the page",
            "页面旁有指向自身的链接",
            _of_file(lambda bad: bad.symlink_to(bad.name)),
            _JUDGED,
        ),
        _row(
            "page-folder",
            "A folder that is called like a page",
            "名字像页面的文件夹",
            _of_file(Path.mkdir),
            _JUDGED,
        ),
        _row(
            "page-pipe",
            "A pipe that is called like a page",
            "名字像页面的管道",
            _of_file(os.mkfifo),
            _JUDGED,
        ),
    ),
)
