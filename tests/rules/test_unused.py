"""Unused imports and parameters: what must be flagged, and what must not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import FindingKind, Severity
from verify.page.page import Page
from verify.rules import unused


def told(tmp_path: Path, page: Page) -> list[str]:
    findings = sorted(unused.check(pages.site(tmp_path, page)))
    assert {one.kind for one in findings} <= {FindingKind.UNUSED}
    assert {one.severity for one in findings} <= {Severity.WARNING}
    return [str(one.message) for one in findings]


@pytest.mark.parametrize(
    ("cells", "part"),
    [
        pytest.param(["import json", "print(1)"], "`json` is imported", id="a module"),
        pytest.param(["import numpy as np\nx = 1"], "`np` is imported", id="by another name"),
        pytest.param(["from a import b, c\nb()"], "`c` is imported", id="one of two"),
        pytest.param(["def f(a, b):\n    return a\nf(1, 2)"], "parameter `b`", id="a parameter"),
    ],
)
def test_what_nothing_uses_is_a_warning(tmp_path: Path, cells: list[str], part: str) -> None:
    (message,) = told(tmp_path, pages.notebook(tmp_path, *cells))
    assert part in message


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param(["import json", "json.dumps(1)"], id="used in another cell"),
        pytest.param(["import json  # noqa: F401"], id="a comment says why"),
        pytest.param(["import ops_that_register"], id="importing may be the point"),
        pytest.param(["try:\n    import json\nexcept ImportError:\n    pass"], id="tried"),
        pytest.param(["import json as _json"], id="an underscore"),
        pytest.param(["from json import *", "dumps(1)"], id="all that a module has"),
        pytest.param(["import json", "%timeit json.dumps(1)"], id="a magic uses it"),
        pytest.param(["import json", "!echo {json.dumps(1)}"], id="a shell line uses it"),
        pytest.param(["import json", "json.dumps("], id="a broken cell may use it"),
        pytest.param(["import json", "exec('json')"], id="a text is run"),
        pytest.param(["from __future__ import annotations"], id="the future"),
        pytest.param(["def f(a, _b):\n    return a\nf(1, 2)"], id="a parameter's underscore"),
        pytest.param(["def f(a):\n    pass\nf(1)"], id="a body to be written"),
        pytest.param(["def f(a):\n    return 1\nprint(f(2))"], id="a constant function"),
        pytest.param(["def f(a, b):\n    return a\nmap(f, [1])"], id="handed on"),
        pytest.param(["@wrap\ndef f(a, b):\n    return a\nf(1, 2)"], id="decorated"),
        pytest.param(["def f(a, b):\n    return a"], id="never called"),
        pytest.param(
            ["def f(a, b):\n    return a\nf(1, 2)", "def f(a, b):\n    return b\nf(1, 2)"],
            id="one takes the place of another",
        ),
        pytest.param(["class A(B):\n    def f(self, a):\n        return self.x"], id="a method"),
        pytest.param(["def f(a, b):\n    print(a, locals())\nf(1, 2)"], id="all at once"),
    ],
)
def test_what_is_used_or_may_be_is_not_flagged(tmp_path: Path, cells: list[str]) -> None:
    assert told(tmp_path, pages.notebook(tmp_path, *cells)) == []


def test_a_program_in_a_text_is_judged_and_a_piece_is_not(tmp_path: Path) -> None:
    block = "```python\nimport json\nimport math\nprint(math.pi)\n```\n"
    (message,) = told(tmp_path, pages.page(tmp_path, "a.md", block))
    assert "`json`" in message
    pieces = [
        "```python\nimport json\n```\n",
        block.replace("print", "show"),
        block.replace(")", ", ...)"),
    ]
    for piece in pieces:
        assert told(tmp_path, pages.page(tmp_path, "a.md", piece)) == []


def test_of_a_page_and_its_copy_the_same_is_told(tmp_path: Path) -> None:
    # Many a documentation keeps its old versions beside the new one.
    cells = ["import json\nprint(1)", "def f(a, b):\n    return a\nf(1, 2)"]
    both = [pages.notebook(tmp_path, *cells, name=name) for name in ("new.ipynb", "old.ipynb")]
    found = sorted(unused.check(pages.site(tmp_path, *both)))
    told = {
        page.path: [(f.line, str(f.message)) for f in found if f.file == page.path] for page in both
    }
    assert told[both[0].path] == told[both[1].path]
    assert len(found) == 4


def test_python_warns_of_a_sample_nobody_but_its_page(
    tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    text = "# T\n\n```python\nimport json\nx = [1][0, 1]\nprint(x)\n```\n"
    (message,) = told(tmp_path, pages.page(tmp_path, "a.md", text))
    assert "`json` is imported" in message
    assert not recwarn.list
