"""Reads any page into the model that the static checks share."""

from pathlib import Path

from nbformat import NotebookNode

from verify.errors import UsageError
from verify.page import markdown, notebook, restructuredtext
from verify.page.markdown import Parts
from verify.page.model import Code, Output, Page
from verify.page.notebook import Notebook
from verify.system.terminal_text import as_shown

SUFFIXES = (".ipynb", ".md", ".rst")


def read(path: Path) -> Page:
    """Read a page; its suffix tells the format. A `.py` file is a notebook in percent format.

    Raises:
        UsageError: the file is missing, or not what its suffix says.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: cannot be read ({error}).") from error
    return of_text(text, path)


def of_text(text: str, path: Path) -> Page:
    """Read a page that is at hand as text; see `read`."""
    if path.suffix in (".ipynb", ".py"):
        return _of_notebook(notebook.parse(text, path), text)
    if path.suffix == ".rst":
        return restructuredtext.read(text, path)
    if path.suffix != ".md":
        raise UsageError(f"{path}: no page; pages are {', '.join(SUFFIXES)}, or notebooks in .py.")
    parts = Parts()
    markdown.read(text, parts)
    return _page(path, text, parts)


def _page(path: Path, text: str, parts: Parts, document: Notebook | None = None) -> Page:
    embedded = [restructuredtext.read(t, path, line=line) for t, line in parts.embedded]
    return Page(
        path,
        text,
        codes=(*parts.codes, *(code for page in embedded for code in page.codes)),
        prose=(*parts.prose, *(piece for page in embedded for piece in page.prose)),
        links=(*parts.links, *(link for page in embedded for link in page.links)),
        labels=(*parts.labels, *(label for page in embedded for label in page.labels)),
        names=tuple(name for page in embedded for name in page.names),
        notebook=document,
    )


def _of_notebook(document: Notebook, text: str) -> Page:
    parts = Parts()
    language = _language(document.node)
    for cell in document.cells:
        node = document.node.cells[cell.index]
        if cell.is_code:
            outputs = tuple(_output(output) for output in node.get("outputs", []))
            code = Code(
                cell.source,
                language,
                cell.line,
                cell.index,
                cell.rows,
                runs=True,
                outputs=outputs,
                execution_count=node.get("execution_count"),
            )
            parts.codes.append(code)
        elif cell.kind == "markdown":
            markdown.read(cell.source, parts, line=cell.line, cell=cell.index, rows=cell.rows)
    return _page(document.path, text, parts, document)


def _language(node: NotebookNode) -> str:
    told = (node.metadata.get("language_info") or {}).get("name")
    kernel = node.metadata.get("kernelspec") or {}
    return str(told or kernel.get("language") or "python").lower()


def _output(node: NotebookNode) -> Output:
    match node.output_type:
        case "stream":
            return Output(node.name, as_shown(node.text))
        case "error":
            # Editors note the death of a kernel as an error without a name.
            told = f"{node.ename}: {node.evalue}" if node.ename else " ".join(node.traceback)
            return Output("error", as_shown(told))
        case _:
            data = node.get("data", {})
            text = as_shown(str(data.get("text/plain", "")))
            return Output("display", text, tuple(data), node.get("execution_count"))
