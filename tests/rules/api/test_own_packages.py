"""Names and calls of the repository's own packages, where there is no environment."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import FindingKind, Severity
from verify.rules.api import checking
from verify.rules.breaks import own_packages

ORCHARD = """\
from orchard.trees import Apple
from orchard.water import *


def prune(tree, *, hard=False):
    return tree
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    package = tmp_path / "src" / "orchard"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(ORCHARD, encoding="utf-8")
    (package / "trees.py").write_text("class Apple:\n    def pick(self, count): ...\n")
    (package / "water.py").write_text("def pour(litres): ...\n")
    return tmp_path


def told(root: Path, text: str, name: str = "a.md") -> list[tuple[object, int, str]]:
    found = list(checking.check(pages.site(root, pages.page(root, name, text))))
    assert all(one.severity is Severity.WARNING for one in found)
    return [(one.kind, one.line, str(one.message)) for one in found]


def python(text: str) -> str:
    return f"# Trees\n\n```python\n{text}\n```\n"


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        (
            python("import orchard.soil"),
            FindingKind.MISSING_MODULE,
            "There is no module `orchard.soil` in the repository: `orchard` has no module `soil`.",
        ),
        (
            python("from orchard import Pear"),
            FindingKind.MISSING_ATTRIBUTE,
            "`orchard` has no `Pear` in the repository.",
        ),
        (
            python("import orchard\norchard.prune(1, soft=True)"),
            FindingKind.BAD_CALL,
            "`prune` takes no argument `soft`.",
        ),
        (
            python("from orchard import Apple\nApple().pick(number=2)"),
            FindingKind.BAD_CALL,
            "`pick` takes no argument `number`.",
        ),
    ],
)
def test_what_the_sources_lack_is_told(root: Path, text: str, kind: FindingKind, said: str) -> None:
    assert [(what, message) for what, _, message in told(root, text)] == [(kind, said)]


@pytest.mark.parametrize(
    "text",
    [
        python("from orchard import Apple, pour, prune, trees\nprune(Apple(), hard=True)"),
        python("import numpy\nnumpy.nothing()"),
        python("from orchard import _native, orchard_pb2"),
    ],
)
def test_what_the_sources_have_or_a_build_writes_is_not_told(root: Path, text: str) -> None:
    assert told(root, text) == []


def test_a_module_that_answers_by_itself_is_not_judged(root: Path) -> None:
    (root / "src" / "orchard" / "__init__.py").write_text("def __getattr__(name): ...\n")
    assert told(root, python("from orchard import Pear")) == []


def test_a_page_of_history_is_not_judged(root: Path) -> None:
    assert told(root, python("from orchard import Pear"), "migration.md") == []


def test_what_autodoc_is_to_document_is_looked_for(root: Path) -> None:
    text = "Trees\n=====\n\n.. automodule:: orchard.soil\n\n.. automodule:: orchard.trees\n"
    assert [line for _, line, _ in told(root, text, "a.rst")] == [4]


def test_two_packages_of_one_name_are_not_judged(root: Path) -> None:
    other = root / "lib" / "orchard"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text("")
    assert own_packages.of(root) is None
