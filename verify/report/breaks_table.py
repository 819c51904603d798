"""Pages by releases: what breaks where, and the change of the library that causes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Column, Table

from verify.page.page import NOTEBOOKS
from verify.report.harmless import inline
from verify.rules.breaks.page_breaks import PageBreak
from verify.system.terminal_text import printed_json
from verify.system.words import Language, Words, enumerated, said

_SCHEMA = 1
# Of no more pages than these, a terminal is told each use.
_FEW = 3
_WIDTH = 160
_TITLE = Words(
    zh="{ref} 的页面在各版本中的情况（只看源代码，不运行）",
    en="Pages of {ref} in each release, by the sources alone",
)
_COLUMN = Words(zh="页面", en="page")
_FIRST = Words(zh="最早出现于 {version}", en="First shown by {version}")
_OLDEST = Words(zh="最早出现于 {version} 或更早", en="First shown by {version}, or earlier")
_NOTHING = Words(zh="没有发现。", en="Nothing was found.")
_PAGES = Words(zh="{count} 个页面", en="{count} pages")
_CHANGE = Words(
    zh="{version}：{change}（{count} 个页面）", en="{version}: {change} ({count} pages)"
)
_CHANGE_ONE = Words(zh="{version}：{change}（1 个页面）", en="{version}: {change} (1 page)")
_PLACES = {
    "cell": Words(zh="单元格 {places}", en="cell {places}"),
    "line": Words(zh="第 {places} 行", en="line {places}"),
}
_USED = Words(zh="{path}，{place}：{releases}", en="{path}, {place}: {releases}")
_IN = Words(zh="{release} 中 {count} 个", en="{count} in {release}")
_SUMS = Words(
    zh="{ref} 共 {count} 个页面；会出错的：{counts}。",
    en="{count} pages of {ref}; something breaks {counts}.",
)
_NOTE = Words(
    zh="数字是使该页面出错的改动数。能看出来的是：导入、名称、属性、参数和随安装而来的包；其余要靠运行。",
    en="Numbers count the changes that break a page. What can be seen are imports, names, "
    "attributes, arguments, and packages that an installation brings; all else takes a run.",
)


@dataclass(frozen=True)
class PageRow:
    """A page and what breaks it."""

    path: str
    breaks: tuple[PageBreak, ...]

    @property
    def place(self) -> str:
        """What its places are: cells of a notebook, lines of a text."""
        return "cell" if self.path.endswith(NOTEBOOKS) else "line"

    def count(self, version: str) -> int:
        """How many changes break it in a release."""
        return sum(version in one.releases for one in self.breaks)


@dataclass(frozen=True)
class BreaksTable:
    """What was found for the pages of a version, over some releases, oldest first."""

    ref: str
    versions: tuple[str, ...]
    rows: tuple[PageRow, ...]

    @property
    def broken(self) -> list[PageRow]:
        """The pages that something breaks, the worst first."""
        some = [row for row in self.rows if row.breaks]
        return sorted(some, key=lambda row: -sum(row.count(one) for one in self.versions))

    @property
    def changes(self) -> list[tuple[str, Words, list[PageRow]]]:
        """The first release that shows a change, the change, and the pages that it breaks."""
        found: dict[tuple[int, str], tuple[str, Words, list[PageRow]]] = {}
        for row in self.broken:
            for one in row.breaks:
                key = (self.versions.index(one.first), str(one.change))
                found.setdefault(key, (one.first, one.change, []))[2].append(row)
        order = sorted(found, key=lambda key: (key[0], -len(found[key][2]), key[1]))
        return [found[key] for key in order]


def as_text(table: BreaksTable, language: Language = Language.ENGLISH) -> str:
    """For a terminal: the table, then the changes, then the uses of a few pages."""
    lines = [_table(table, language), ""]
    for version, change, rows in table.changes:
        plain = said(change, language).replace("`", "")
        told = _CHANGE_ONE if len(rows) == 1 else _CHANGE
        lines.append(told.filled(version=version, change=plain, count=len(rows)).of(language))
    if len(table.rows) <= _FEW:
        for row in table.broken:
            for one in row.breaks:
                place = _PLACES[row.place].filled(places=_places(one))
                where = _USED.filled(path=row.path, place=place, releases=enumerated(one.releases))
                lines += ["", where.of(language)]
                lines += [f"    {use}" for use in one.written]
    return "\n".join([*lines, "", _sums(table).of(language)])


def _table(table: BreaksTable, language: Language) -> str:
    shown = Table(Column(_COLUMN.of(language), overflow="fold"), *table.versions)
    for row in table.broken:
        shown.add_row(row.path, *(str(row.count(one) or "·") for one in table.versions))
    console = Console(width=_WIDTH, color_system=None)
    with console.capture() as capture:
        console.print(shown)
    return capture.get().rstrip()


def _sums(table: BreaksTable) -> Words:
    counts = [
        _IN.filled(release=one, count=sum(bool(row.count(one)) for row in table.rows))
        for one in table.versions
    ]
    return _SUMS.filled(count=len(table.rows), ref=table.ref, counts=enumerated(counts))


def as_json(table: BreaksTable) -> str:
    """For programs; words are in both languages."""
    pages = [
        {
            "path": row.path,
            "breaks": [
                {
                    "first": one.first,
                    "releases": one.releases,
                    "change": one.change.model_dump(),
                    "uses": one.written,
                    f"{row.place}s": one.places,
                }
                for one in row.breaks
            ],
        }
        for row in table.rows
    ]
    content = {"schema": _SCHEMA, "ref": table.ref, "releases": table.versions, "pages": pages}
    return printed_json(content)


def as_markdown(table: BreaksTable) -> str:
    """For an issue or a pull request, English first."""
    parts = [_section(table, one) for one in (Language.ENGLISH, Language.CHINESE)]
    return "\n".join([*parts[0], "", "---", "", *parts[1], ""])


def _section(table: BreaksTable, language: Language) -> Iterator[str]:
    yield f"# {_TITLE.of(language).format(ref=inline(table.ref))}"
    yield ""
    if not table.broken:
        yield _NOTHING.of(language)
        return
    yield f"{_NOTE.of(language)}"
    yield ""
    yield f"| {_COLUMN.of(language)} | {' | '.join(table.versions)} |"
    yield f"|---|{'---|' * len(table.versions)}"
    for row in table.broken:
        counts = " | ".join(str(row.count(one) or "·") for one in table.versions)
        yield f"| `{row.path}` | {counts} |"
    shown = ""
    for version, change, rows in table.changes:
        if version != shown:
            title = _OLDEST if version == table.versions[0] else _FIRST
            yield from ("", f"## {title.of(language).format(version=version)}", "")
            shown = version
        yield f"- {change.of(language)}: {_named(rows, language)}"


def _named(rows: Sequence[PageRow], language: Language) -> str:
    if len(rows) > _FEW:
        return _PAGES.of(language).format(count=len(rows))
    return ", ".join(f"`{row.path}`" for row in rows)


def _places(one: PageBreak) -> str:
    return ", ".join(map(str, one.places))
