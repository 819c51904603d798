"""Pages that no table of contents names; what is excluded, included or linked is found."""

from pathlib import Path

import pytest

from verify.rules import checked_site
from verify.rules.markup import unlisted

CONF = "extensions = ['myst_parser']\nexclude_patterns = ['drafts']\n"
INDEX = "Index\n=====\n\n.. toctree::\n\n   first\n   Second <deep/second>\n   more/*\n"


def unlisted_in(root: Path, *names: str, conf: str = CONF, text: str = "# A page\n") -> list[str]:
    files = dict.fromkeys(names, text) | {"conf.py": conf, "index.rst": INDEX}
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    site = checked_site.open_site([root])
    return [one.file.relative_to(root).as_posix() for one in unlisted.check(site)]


def test_what_no_table_names_is_told(tmp_path: Path) -> None:
    names = ("first.md", "deep/second.md", "more/third.md", "deep/fourth.md")
    assert unlisted_in(tmp_path, *names) == ["deep/fourth.md"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("drafts/new.md", "# A page\n"),
        ("new.md", "---\norphan: true\n---\n# A page\n"),
        ("README.md", "# A page\n"),
    ],
)
def test_what_is_not_to_be_listed(tmp_path: Path, name: str, text: str) -> None:
    assert unlisted_in(tmp_path, name, text=text) == []


def test_a_page_that_another_one_links_to_is_found(tmp_path: Path) -> None:
    (tmp_path / "first.md").write_text("See [it](new.md).\n", encoding="utf-8")
    assert unlisted_in(tmp_path, "new.md") == []


def test_without_a_reader_of_its_format_a_file_is_no_page(tmp_path: Path) -> None:
    assert unlisted_in(tmp_path, "new.md", conf="") == []
