"""Pages that a rule of method fails, each with a nearly identical one that it passes."""

from pathlib import Path

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.rules import method


def found(root: Path, source: str, kind: FindingKind, *, name: str = "page.ipynb") -> list[Finding]:
    """The findings of one kind in a page with this code, whose cells `# %%` separates."""
    cells = [pages.code(cell) for cell in source.split("# %%\n") if cell.strip()]
    if name.endswith(".ipynb"):
        page = pages.notebook(root, *cells, name=name)
    elif name.endswith(".md"):
        page = pages.page(root, name, "\n\n".join(f"```python\n{c.source}\n```" for c in cells))
    else:
        blocks = ["\n".join(f"    {line}" for line in c.source.split("\n")) for c in cells]
        text = "\n\n".join(f".. code-block:: python\n\n{block}" for block in blocks)
        page = pages.page(root, name, f"Title\n=====\n\n{text}\n")
    every = list(method.check(pages.site(root, page)))
    assert all(one.severity is Severity.WARNING for one in every)
    return [one for one in every if one.kind is kind]


def holds(root: Path, source: str, wrong: str, right: str, kind: FindingKind) -> Finding:
    """Hold a rule to both sides of a pair, which differ in what stands for `@@`.

    Notebooks, Markdown and reStructuredText are judged alike.
    """
    for name in ("page.ipynb", "page.md", "page.rst"):
        assert found(root, source.replace("@@", right), kind, name=name) == [], name
        told = found(root, source.replace("@@", wrong), kind, name=name)
        assert len(told) == 1, (name, told)
        line = told[0].file.read_text(encoding="utf-8").split("\n")[told[0].line - 1]
        assert line.strip(), name
    return found(root, source.replace("@@", wrong), kind)[0]
