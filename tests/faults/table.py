"""Writes the matrix with what its rows have seen, in both languages: `nox -s faults` calls it."""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests import PROJECT
from tests.faults import matrix
from tests.faults.fault import Fault
from verify.system.words import Language, Words

Rows = Mapping[str, dict[str, Any]]

_TITLE = Words(zh="故障矩阵", en="The fault matrix")
_HEAD = {
    Language.CHINESE: "每一行都是对一次真实运行所做的一件事：真实的 Jupyter 内核，真实的沙箱。"
    "本页由 `nox -s faults` 根据各行所见写成，请勿手工修改。\n\n"
    "共 {count} 行，已运行 {ran} 行，其中 {right} 行符合要求。\n\n"
    "- **应有**和**所见**：结论与退出码。`none`：没有报告提到该文档。"
    "对 `check` 而言，`unreadable` 表示页面无法读取，`judged` 表示已判断。\n"
    "- **证据**：`kept` 为已保存，`incomplete` 为报告说明它不完整，`none` 为没有内核运行。\n"
    "- **遗留**：运行结束后仍在的进程、端口和文件。\n"
    "- **下次运行**：随后在同一输出文件夹里的运行是否正常。\n"
    "- 只涉及页面自身的行，与同类的行在一次运行里先后执行，"
    "因此也表明一处故障不会殃及其他文档；其退出码是该文档单独运行时的退出码。",
    Language.ENGLISH: """\
Each row is one thing that was done to a real run: a real Jupyter kernel in the real sandbox.
`nox -s faults` writes this page from what its rows have seen; do not edit it.

{count} rows, of which {ran} have been run, and {right} of those are as they should be.

- **Wanted** and **seen**: verdict and exit code. `none`: no report has the document. Of `check`,
  `unreadable` says that a page cannot be read, `judged` that it was judged.
- **Evidence**: `kept`, `incomplete` where the report says so, `none` where no kernel ran.
- **Left behind**: processes, ports and files that are still there after the run.
- **Next run**: whether the run after it, into the same output folder, is right.
- Rows about what a page itself does share a run with others of their kind, one after the other, so
  they also show that no fault takes another document with it; their exit code is what the document
  alone gives.""",
}
_COLUMNS = Words(
    zh="| 故障 | 应有 | 所见 | 证据 | 遗留 | 下次运行 |",
    en="| fault | wanted | seen | evidence | left behind | next run |",
)
_NOT_RUN = Words(zh="未运行", en="not run")
_NOTHING = Words(zh="无", en="nothing")
_SOMETHING = Words(zh="**有**", en="**something**")
_RIGHT, _WRONG = Words(zh="正常", en="right"), Words(zh="**不正常**", en="**wrong**")


def read(folder: Path) -> Rows:
    """What rows have seen, by their names."""
    return {file.stem: json.loads(file.read_text()) for file in sorted(folder.glob("*.json"))}


def page(rows: Rows, language: Language) -> str:
    """The page in a language."""
    faults = list(matrix.faults())
    ran = [rows[one.id] for one in faults if one.id in rows]
    right = sum(not one["wrong"] for one in ran)
    head = _HEAD[language].format(count=len(faults), ran=len(ran), right=right)
    return "\n".join((f"# {_TITLE.of(language)}", "", head, *_tables(rows, language)))


def _tables(rows: Rows, language: Language) -> Iterator[str]:
    for subject in matrix.SUBJECTS:
        yield from ("", f"## {subject.title.of(language)}", "", _COLUMNS.of(language))
        yield "|---|---|---|---|---|---|"
        yield from (_row(one, rows.get(one.id), language) for one in subject.faults)
    yield ""


def _row(fault: Fault, seen: dict[str, Any] | None, language: Language) -> str:
    name = fault.name.of(language).replace("|", "\\|")
    wanted = _outcome(fault.wanted.verdict, fault.wanted.code)
    if seen is None:
        return f"| {name} | {wanted} | {_NOT_RUN.of(language)} | | | |"
    left = (_SOMETHING if seen["left"] else _NOTHING).of(language)
    follows = (_WRONG if seen["follows"] else _RIGHT).of(language)
    outcome = _outcome(seen["verdict"], seen["code"])
    if seen["wrong"]:
        outcome = f"{outcome} {_WRONG.of(language)}"
    return f"| {name} | {wanted} | {outcome} | `{seen['evidence']}` | {left} | {follows} |"


def _outcome(verdict: str, code: int) -> str:
    return f"`{verdict}`, `{code}`"


def write(rows: Rows, docs: Path) -> None:
    """Write the page in both languages."""
    for language in Language:
        text = page(rows, language)
        (docs / language.value / "faults.md").write_text(text, encoding="utf-8")


def main() -> None:
    """Write both pages from the folder that the rows were run into."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seen", type=Path, help="the folder that --faults named")
    rows = read(parser.parse_args().seen)
    write(rows, PROJECT / "docs")
    sys.exit(any(one["wrong"] for one in rows.values()))


if __name__ == "__main__":
    main()
