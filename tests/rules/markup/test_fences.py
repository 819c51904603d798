"""A fence that turns a page inside out is told, one that belongs where it stands is not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, Severity
from verify.rules.markup import fences


def found(root: Path, text: str, name: str = "page.md") -> list[Finding]:
    return list(fences.check(pages.site(root, pages.page(root, name, text))))


STRAY = """# Page

Text.
{fence}
## A part

```python
x = 1
```

More text.
"""


@pytest.mark.parametrize("fence", ["```\n", "~~~\n"])
def test_a_fence_too_many_is_an_error(tmp_path: Path, fence: str) -> None:
    assert found(tmp_path, STRAY.replace("{fence}", "")) == []
    (one,) = found(tmp_path, STRAY.replace("{fence}", fence))
    assert (one.line, one.severity) == (4, Severity.ERROR)


def test_a_block_that_lacks_its_end_swallows_the_next(tmp_path: Path) -> None:
    text = "# Page\n\n```\nfirst\n\nText.\n\n```python\nx = 1\n```\n\nText.\n\n```\nlast\n```\n"
    (one,) = found(tmp_path, text)
    assert (one.line, one.severity) == (3, Severity.ERROR)
    assert found(tmp_path, text.replace("first\n", "first\n```\n")) == []


def test_a_last_fence_without_an_end_is_a_warning(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "# Page\n\n```bash\nls\n")
    assert (one.line, one.severity) == (3, Severity.WARNING)


@pytest.mark.parametrize(
    "text",
    [
        "````\n## Shown\n\n```python\nx\n```\n````\n",
        "```md\n## Shown\n\n```\n",
        "> ```\n> x\n> ```\n",
        "```\n# a comment\n```\n",
        "Text with ``` in it.\n",
        "- ```\n  x\n  ```\n\n  Text.\n\n- ```python\n  x\n  ```\n",
    ],
)
def test_fences_that_are_meant_so(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, f"# Page\n\n{text}\nText.\n") == []


def test_a_cell_of_a_notebook_is_judged_alone(tmp_path: Path) -> None:
    cells = [pages.prose("```\n## A part\n"), pages.prose("```\nx\n```")]
    (one,) = fences.check(pages.site(tmp_path, pages.notebook(tmp_path, *cells)))
    assert one.cell == 0


@pytest.mark.parametrize(("indent", "expected"), [("    ", 0), ("", 1)])
def test_a_fence_far_in_a_block_is_an_example_of_one(
    tmp_path: Path, indent: str, expected: int
) -> None:
    text = f"# Page\n\n```\nfirst\n\n{indent}```python\nx = 1\n{indent}```\n```\n\nText.\n"
    assert len(found(tmp_path, text)) == expected
