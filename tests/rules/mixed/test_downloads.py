"""What is linked to, fetched and unpacked is one file."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.pages import code, notebook, prose
from verify.rules import mixed

LINK = "Get the [trees](https://example.org/data/{}) first."
FETCH = "!wget https://example.org/data/{}"


@pytest.mark.parametrize(
    ("linked", "fetched", "unpacked", "told"),
    [
        ("oak.zip", "oak.zip", "oak.zip", 0),
        ("elm.zip", "oak.zip", "oak.zip", 1),
        ("oak.zip", "oak.zip", "elm.zip", 1),
        ("elm.tar.gz", "oak.zip", "oak.zip", 0),  # another kind of file
        ("oak.zip", "oak.zip -O elm.zip", "elm.zip", 0),
    ],
)
def test_one_file_is_named_everywhere(
    tmp_path: Path, linked: str, fetched: str, unpacked: str, told: int
) -> None:
    page = notebook(
        tmp_path,
        prose(LINK.format(linked)),
        code(FETCH.format(fetched)),
        code(f"!unzip {unpacked}"),
    )
    assert len(list(mixed.check(pages.site(tmp_path, page)))) == told


def test_of_several_files_any_may_be_meant(tmp_path: Path) -> None:
    cells = [code(FETCH.format(name)) for name in ("oak.zip", "ash.zip")]
    page = notebook(tmp_path, prose(LINK.format("elm.zip")), *cells)
    assert list(mixed.check(pages.site(tmp_path, page))) == []
