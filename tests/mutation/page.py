"""The page of what became of the mutants, in both languages."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.mutation import equivalent
from tests.mutation.equivalent import Equivalent
from tests.mutation.modules import SUBJECTS
from verify.system.words import Language, Words

Survivor = dict[str, Any]

_HEAD = {
    Language.CHINESE: "# 变异测试\n\n"
    "我们的测试能发现代码里的错误吗？[cosmic-ray](https://cosmic-ray.readthedocs.io) "
    "在起判断作用的模块里每次改动一处：一个比较、一个数、一个条件、一个循环。"
    "改动后快速测试仍全部通过，就说明没有测试守住这一处。`nox -s mutation` 写成本页，请勿手工修改；"
    "`-- checks.rounds history` 只重新运行名称以此开头的模块。\n\n"
    "共 {total} 处改动，测试发现 {killed} 处（在能发现的当中占 {share}）；"
    "{equivalent} 处与原代码等价，{open} 处未被发现。\n\n"
    "- **等价**：没有测试能区分的改动，原因见下表。\n"
    "- 装饰器、签名里的 `*` 和 `TYPE_CHECKING` 由 mypy 把守，不在其列。\n"
    "- 每处改动由同一个 pytest 进程的分支来判断：导入一次，收集一次。\n",
    Language.ENGLISH: """\
# Mutation tests

Would our tests notice a mistake in our own code? [cosmic-ray](https://cosmic-ray.readthedocs.io)
changes one thing at a time in the modules that decide: a comparison, a number, a condition, a loop.
Where all quick tests still pass, none of them holds this. `nox -s mutation` writes this page; do
not edit it. `-- checks.rounds history` runs modules anew whose names begin so.

{total} mutants, of which tests notice {killed} ({share} of those that can be noticed);
{equivalent} are equivalent, and {open} survive.

- **Equivalent**: no test can tell it from the code itself; the table below says why.
- Decorators, the `*` of a signature and `TYPE_CHECKING` are left out: mypy holds them.
- A fork of one pytest process judges each mutant, so all is imported and collected once.
""",
}
_COLUMNS = Words(
    zh="| 模块 | 改动 | 发现 | 等价 | 未发现 | 日期 |",
    en="| module | mutants | noticed | equivalent | survive | date |",
)
_NOT_RUN = Words(zh="未运行", en="not run")
_EQUIVALENT = Words(zh="等价的改动", en="Equivalent mutants")
_WHY = Words(zh="| 模块 | 改动后的一行 | 原因 |", en="| module | the line then | why |")
_OPEN = Words(zh="未发现的改动", en="Survivors")
_LINES = Words(
    zh="| 模块 | 原来的一行 | 改动后的一行 |", en="| module | the line | the line then |"
)


@dataclass(frozen=True)
class _Row:
    """A module, and what became of its mutants."""

    module: str
    total: int
    date: str
    survivors: tuple[tuple[Survivor, Equivalent | None], ...]

    @property
    def equivalent(self) -> list[tuple[Survivor, Equivalent]]:
        return [(one, same) for one, same in self.survivors if same]

    @property
    def open(self) -> list[Survivor]:
        return [one for one, same in self.survivors if not same]

    @property
    def killed(self) -> int:
        return self.total - len(self.survivors)


def _read(folder: Path) -> dict[str, _Row]:
    rows = {}
    for file in sorted(folder.glob("*.json")):
        told = json.loads(file.read_text(encoding="utf-8"))
        module = told["module"]
        pairs = tuple((one, equivalent.of(module, one["after"])) for one in told["survivors"])
        rows[module] = _Row(module, told["total"], told["date"], pairs)
    return rows


def _page(rows: dict[str, _Row], language: Language) -> str:
    total = sum(row.total for row in rows.values())
    killed = sum(row.killed for row in rows.values())
    same = sum(len(row.equivalent) for row in rows.values())
    share = f"{killed / (total - same):.1%}" if total > same else "0 %"
    head = _HEAD[language].format(
        total=total, killed=killed, share=share, equivalent=same, open=total - killed - same
    )
    return "\n".join((head, *_tables(rows, language)))


def _tables(rows: dict[str, _Row], language: Language) -> Iterator[str]:
    for subject in SUBJECTS:
        yield from (f"## {subject.title.of(language)}", "", _COLUMNS.of(language))
        yield "|---|---|---|---|---|---|"
        for module in subject.modules:
            yield _row(module, rows.get(module), language)
        yield ""
    yield from (f"## {_EQUIVALENT.of(language)}", "", _WHY.of(language), "|---|---|---|")
    for row in rows.values():
        for one, same in row.equivalent:
            yield f"| `{row.module}` | {_code(one['after'])} | {same.why.of(language)} |"
    yield from ("", f"## {_OPEN.of(language)}", "", _LINES.of(language), "|---|---|---|")
    for row in rows.values():
        for one in row.open:
            yield f"| `{row.module}` | {_code(one['before'])} | {_code(one['after'])} |"
    yield ""


def _row(module: str, row: _Row | None, language: Language) -> str:
    if row is None:
        return f"| `{module}` | {_NOT_RUN.of(language)} | | | | |"
    counts = f"{row.total} | {row.killed} | {len(row.equivalent)} | {len(row.open)}"
    return f"| `{module}` | {counts} | {row.date} |"


def _code(line: str) -> str:
    return "`` " + line.replace("|", "\\|") + " ``"


def write(folder: Path, docs: Path) -> None:
    """Write the page in both languages, from what each module's mutants came to."""
    rows = _read(folder)
    for language in Language:
        text = _page(rows, language)
        (docs / language.value / "mutation.md").write_text(text, encoding="utf-8")
