"""Options of commands, held against the scripts that they start."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.rules.api import script_options

SCRIPT = """\
import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--tree-count", type=int)
group = parser.add_argument_group("water")
group.add_argument("-w", "--water", action=argparse.BooleanOptionalAction)
arguments = parser.parse_args()
"""


def told(root: Path, command: str, script: str = SCRIPT) -> list[Finding]:
    (root / ".git").mkdir()
    (root / "tools").mkdir()
    (root / "tools" / "plant.py").write_text(script, encoding="utf-8")
    page = pages.page(root, "a.md", f"# Plant\n\n```bash\n{command}\n```\n")
    return list(script_options.check(pages.site(root, page)))


def test_an_option_that_the_script_does_not_parse_is_told(tmp_path: Path) -> None:
    (found,) = told(tmp_path, "python tools/plant.py --tree_count 3 \\\n  --water")
    assert (found.line, found.kind, found.severity) == (
        4,
        FindingKind.BAD_OPTION,
        Severity.WARNING,
    )
    assert str(found.message) == "`plant.py` has no option `--tree_count`."
    assert str(found.suggestion) == "Did you mean `--tree-count`?"


@pytest.mark.parametrize(
    "command",
    [
        "python tools/plant.py --tree-count=3 --no-water",
        "python3 tools/plant.py --tree 3 --help",  # argparse takes a beginning
        "python tools/prune.py --any",
        "python -m tools.plant --any",
        "cat tools/plant.py --any",
    ],
)
def test_what_the_script_parses_is_not_told(tmp_path: Path, command: str) -> None:
    assert told(tmp_path, command) == []


@pytest.mark.parametrize(
    "script",
    [
        SCRIPT + "\nadd_more(parser)\n",
        SCRIPT.replace("parse_args", "parse_known_args"),
        SCRIPT.replace("ArgumentParser()", "ArgumentParser(parents=[other])"),
        SCRIPT.replace('"--tree-count"', "NAME"),
        "import sys\n",
        "import (\n",
    ],
)
def test_a_script_that_may_take_more_is_not_judged(tmp_path: Path, script: str) -> None:
    assert told(tmp_path, "python tools/plant.py --any", script) == []
