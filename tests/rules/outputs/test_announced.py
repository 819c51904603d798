"""Stored outputs that warn of the page's own code."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.rules.outputs import announced

CELL = "x = 1\nplant(depth=3)\n"


def found(tmp_path: Path, text: str) -> list[Finding]:
    cell = pages.code(CELL, pages.printed(text))
    return list(announced.check(pages.site(tmp_path, pages.notebook(tmp_path, cell))))


@pytest.mark.parametrize(
    "text",
    [
        "/run/ipykernel_7/42.py:2: DeprecationWarning: plant will go.\n  plant(depth=3)\n",
        "<ipython-input-3-0a1b>:2: FutureWarning: plant will change.\n",
        "/run/ipykernel_7/42.py:2: UserWarning: plant is deprecated.\n",
        "/run/ipykernel_7/42.py:2: plant (from garden) is deprecated and will be removed.\n",
        "WARNING:absl:`depth` is deprecated, please use `at`.\n",
        "/lib/garden.py:9: UserWarning: The parameter 'depth' has no effect.\n",
        "WARNING: The `depth` argument is deprecated and ignored.\n",
    ],
)
def test_a_warning_of_a_line_of_the_page_is_told_there(tmp_path: Path, text: str) -> None:
    (finding,) = found(tmp_path, text + text)
    assert (finding.kind, finding.severity) == (FindingKind.DEPRECATED, Severity.WARNING)
    assert finding.cell == 0


@pytest.mark.parametrize(
    "text",
    [
        "/lib/garden.py:9: FutureWarning: Soil is deprecated.\n",
        "/run/ipykernel_7/42.py:2: RuntimeWarning: divide by zero.\n",
        "WARNING:absl:`colour` is deprecated, please use `at`.\n",
        "the depth is ignored\n",
        "`depth` is deprecated\n",
    ],
)
def test_other_warnings_are_not_the_pages(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []
