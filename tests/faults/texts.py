"""What a page says must not forge a report, nor break one; what it shows need be no picture."""

import json
import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from tests.faults.cells import cell
from tests.faults.fault import FAILS, WELL, Fault, Subject, Wanted
from tests.faults.scene import Scene
from verify.system.words import Words

# What moves a cursor, turns text round, or is nothing at all; a line's end and a tab are well.
_FORGING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_COMMAND = re.compile(r"^\s*::|##\[", re.MULTILINE)


def _harmless(scene: Scene, _: str) -> None:
    """Every form of the report is what it would be of plain words."""
    for name in ("summary.md", "junit.xml", "report.sarif", "report.html", "report.json"):
        text = (scene.out / name).read_text(encoding="utf-8")
        assert not _FORGING.search(text), (name, _FORGING.findall(text))
        assert name in ("report.html", "report.json") or not _COMMAND.search(text), name
    ET.parse(scene.out / "junit.xml")  # noqa: S314  # our own
    json.loads((scene.out / "report.sarif").read_text())
    assert "<script>alert(1)</script>" not in (scene.out / "report.html").read_text()
    assert not _FORGING.search(scene.printed), _FORGING.findall(scene.printed)
    assert not _COMMAND.search(scene.printed)


def _is_notebook(scene: Scene, name: str) -> None:
    file = scene.out / "notebooks" / f"{name}.corrected.embedded.ipynb"
    json.loads(file.read_text(), parse_constant=_refused)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


# Each: its id, its names, and a Python expression of the text.
_TEXTS: tuple[tuple[str, str, str, str], ...] = (
    (
        "colours",
        "escapes of a terminal's colours",
        "终端颜色的转义序列",
        r"'\x1b[2J\x1b[31mred\x1b[0m'",
    ),
    (
        "title",
        "escapes of an operating-system command",
        "操作系统命令的转义序列",
        r"'\x1b]0;title\x07\x1b]8;;http://x.invalid\x1b\\link\x1b]8;;\x1b\\'",
    ),
    ("eight-bit", "escapes of eight bits", "八位的转义序列", r"'\x9b31mred\x9d0;title\x9c'"),
    (
        "return",
        "a carriage return that rewrites its line",
        "改写整行的回车符",
        r"'bad\r  ✓     0.1 s  run:second'",
    ),
    (
        "lines",
        "lines like those of our own",
        "与我们自己的输出相同的行",
        r"'bad\n  ✓     0.1 s  run:second\nsmall: verified in 1 s'",
    ),
    (
        "commands",
        "commands of a workflow",
        "工作流命令",
        r"'bad\n::error::forged\n::set-output name=a::b\n  ::stop-commands::x'",
    ),
    (
        "commands-old",
        "commands of a workflow inside a line",
        "行内的工作流命令",
        r"'bad ##[stop-commands]x ##[error]forged'",
    ),
    (
        "bidi",
        "marks that reverse the direction of text",
        "改变文字方向的标记",
        r"'a \u202eevil\u202c \u2066b\u2069'",
    ),
    (
        "nul",
        "NUL and other characters that XML lacks",
        "不能出现在 XML 里的字符",
        r"'a \x00 \x0b \x1f \ufffe b'",
    ),
    ("surrogate", "half an emoji", "半个表情符号", r"'half \ud83d here'"),
    ("markup", "markup of our terminal's", "终端库的标记", r"'[/] [bold] [link=x] [/bold] [red'"),
    ("html", "a script for a browser", "浏览器脚本", r"'</script><script>alert(1)</script>'"),
    (
        "table",
        "the marks of tables and code in Markdown",
        "表格和代码的 Markdown 标记",
        r"'a | b |\n|---|\n``` \n# head <!-- x'",
    ),
    ("long", "a message of a million characters", "一百万个字符的消息", "'x' * 1_000_000"),
    ("many-lines", "a message of 10,000 lines", "一万行的消息", r"'line\n' * 10_000"),
    (
        "braces",
        "the marks of our own templates",
        "我们自己模板的标记",
        "'{why} {} {0.__class__} %s'",
    ),
)


def _of_texts() -> Iterator[Fault]:
    for name, en, zh, text in _TEXTS:
        source = f"text = {text}\nprint(text)\nraise ValueError(text)"
        names = (f"text-{name}", f"A message has {en}", f"消息里有{zh}")
        yield cell("texts", *names, source, FAILS, short=name == "return", looks=_harmless)


_NAMED = "raise type('E\\x1b[31m\\r::error::', (Exception,), {})('named')"
_ODD = """\
class Odd(Exception):
    def _render_traceback_(self):
        return {}
raise Odd("x")
"""
_DEEP = """\
deep = []
for _ in range(5000):
    deep = [deep]
display({'application/json': deep}, raw=True)
"""
_SHOW = "from IPython.display import display, clear_output\n"
# Each: its id, its names, the cell, what is wanted.
_DISPLAYS: tuple[tuple[str, str, str, str, Wanted], ...] = (
    (
        "nan",
        "A display holds NaN",
        "显示内容含 NaN",
        f"{_SHOW}display({{'application/json': {{'x': float('nan')}}}}, raw=True)",
        WELL,
    ),
    (
        "nan-metadata",
        "A display's metadata holds NaN",
        "显示的元数据含 NaN",
        f"{_SHOW}display({{'text/plain': 'x'}}, raw=True, metadata={{'x': float('inf')}})",
        WELL,
    ),
    (
        "no-picture",
        "A picture is no picture",
        "图片不是图片",
        f"{_SHOW}display({{'image/png': 'no base64 !'}}, raw=True)",
        WELL,
    ),
    (
        "number-picture",
        "A picture is a number",
        "图片是一个数字",
        f"{_SHOW}display({{'image/png': 7, 'text/plain': 'x'}}, raw=True)",
        WELL,
    ),
    (
        "list-text",
        "A text is a list of numbers",
        "文字是数字列表",
        f"{_SHOW}display({{'text/plain': [1, None]}}, raw=True)",
        WELL,
    ),
    (
        "null-text",
        "A text is null",
        "文字是 null",
        f"{_SHOW}display({{'text/plain': None}}, raw=True)",
        WELL,
    ),
    (
        "dict-html",
        "Markup is a dictionary",
        "标记是一个字典",
        f"{_SHOW}display({{'text/html': {{'a': 1}}, 'text/plain': 'x'}}, raw=True)",
        WELL,
    ),
    (
        "odd-type",
        "A display is of no known type",
        "显示内容的类型未知",
        f"{_SHOW}display({{'no type at all': 'x', '': 'y'}}, raw=True)",
        WELL,
    ),
    (
        "surrogate",
        "A display holds half an emoji",
        "显示内容有半个表情符号",
        f"{_SHOW}display({{'text/plain': 'half \\ud83d'}}, raw=True)",
        WELL,
    ),
    (
        "deep",
        "A display is 5,000 lists deep",
        "显示内容有五千层列表",
        _SHOW + _DEEP,
        Wanted("fail", 1),
    ),
    (
        "large",
        "A display of 50 MB",
        "50 MB 的显示内容",
        f"{_SHOW}display({{'text/html': 'x' * 50_000_000, 'text/plain': 'x'}}, raw=True)",
        WELL,
    ),
    (
        "clears",
        "A cell clears its output 2,000 times",
        "单元格清空输出两千次",
        f"{_SHOW}for n in range(2000):\n    clear_output(wait=n % 2)\n    print(n)",
        WELL,
    ),
    (
        "updates",
        "A cell updates a display that is not there",
        "单元格更新不存在的显示",
        "from IPython.display import update_display\nupdate_display('x', display_id='nowhere')",
        WELL,
    ),
    (
        "repr",
        "What a cell shows cannot be shown",
        "单元格要显示的对象无法显示",
        "class One:\n    def __repr__(self):\n        raise ValueError('no')\nOne()",
        FAILS,
    ),
    (
        "str",
        "An exception cannot say what it is",
        "异常说不出自己的内容",
        "class Odd(Exception):\n    def __str__(self):\n        raise ValueError('no')\nraise Odd",
        FAILS,
    ),
    (
        "trace-none",
        "An exception shows itself as nothing",
        "异常的自定义显示为空",
        _ODD.format("None"),
        FAILS,
    ),
    (
        "trace-odd",
        "An exception shows itself as numbers",
        "异常的自定义显示为数字",
        _ODD.format("[1, None]"),
        FAILS,
    ),
    (
        "comm",
        "A cell opens a channel that nobody knows",
        "单元格打开无人知道的通道",
        "from comm import create_comm\ncreate_comm(target_name='nobody', data={'x': 1})",
        WELL,
    ),
)


def _of_displays() -> Iterator[Fault]:
    for name, en, zh, source, wanted in _DISPLAYS:
        names = (f"display-{name}", en, zh)
        yield cell(
            "displays", *names, source, wanted, limit_s=30, short=name == "nan", looks=_is_notebook
        )


TEXTS = Subject(
    Words(zh="伪造报告的文字", en="Texts that forge reports"),
    (
        *_of_texts(),
        cell(
            "texts",
            "text-named",
            "An exception's name has escapes and commands",
            "异常的名称含转义和命令",
            _NAMED,
            FAILS,
            looks=_harmless,
        ),
    ),
)
DISPLAYS = Subject(Words(zh="无效的显示内容", en="Displays that are not valid"), (*_of_displays(),))
