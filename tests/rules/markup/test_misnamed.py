"""Slips in the names of directives and roles, and names that extensions may have."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding
from verify.rules.markup import misnamed


def found(root: Path, text: str, name: str = "page.rst") -> list[Finding]:
    page = pages.page(root, name, f"Page\n====\n\n{text}\n")
    return list(misnamed.check(pages.site(root, page)))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (".. warnign:: Ripe plums fall.", ".. warning:: Ripe plums fall."),
        (".. code-blok:: python\n\n   ripen()", ".. code-block:: python\n\n   ripen()"),
        (".. toctreee::\n\n   plum", ".. toctree::\n\n   plum"),
        ("See :fucn:`open`.", "See :func:`open`."),
    ],
)
def test_a_slip_is_told_with_what_is_meant(tmp_path: Path, wrong: str, right: str) -> None:
    assert found(tmp_path, right) == []
    (one,) = found(tmp_path, wrong)
    assert one.line == 4
    assert found(tmp_path, wrong, "page.md") == []


@pytest.mark.parametrize(
    "text",
    [
        ".. plums:: ripe",
        ".. notes:: of an extension",
        ".. video:: plum.mp4",
        "See :plum:`ripe`.",
        "It is an error to write::\n\n   .. notee:: plum",
    ],
)
def test_a_name_of_an_extension_is_left_alone(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []
