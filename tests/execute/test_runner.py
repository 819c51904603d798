"""Where a cell failed is read from the trace that IPython writes, of whatever release."""

from pathlib import Path

import nbformat
import pytest

from verify.execute.runner import DocumentRun, line_of


@pytest.mark.parametrize(
    ("trace", "line"),
    [
        ("KeyError  Traceback\nCell In[3], line 12\n---> 12 x['y']\nKeyError: 'y'", 12),
        ("Input In [3], in <cell line: 7>()\n      6 y", 7),
        ("Cell In [3], line 12\nFile /lib/x.py:9, in f(x)", 12),
        ("Cell In[3], line 4\nCell In[2], line 9, in f(x)\n      9 raise", 4),
        ("Cell In[3], line 2, in f(x)\nThe above exception ...\nCell In[3], line 5", 5),
        ("\x1b[0;32mCell In[3], line 12\x1b[0m", 12),
        ("  Cell In[3], line 12\n    x y\n      ^\nSyntaxError: invalid syntax", 12),
        ("File /lib/x.py:9, in f(x)", None),
        ("", None),
    ],
)
def test_the_line_is_that_of_the_cells_own_statement(trace: str, line: int | None) -> None:
    assert line_of(trace.split("\n")) == line


@pytest.mark.parametrize(
    ("source", "tags", "shown", "sentence"),
    [
        ("One()", (), ["stream"], None),
        ("One()", (), ["stream", "error"], "the code raised ValueError: no"),
        ("%tb", (), ["error"], None),
        ("get_ipython().showtraceback()", (), ["error"], None),
        ("One()", ("raises-exception",), ["error"], None),
        ("One()", ("raises-exception",), ["stream"], "tagged raises-exception, and raised nothing"),
    ],
)
def test_an_exception_that_its_reader_sees_is_no_pass(
    source: str, tags: tuple[str, ...], shown: list[str], sentence: str | None
) -> None:
    cell = nbformat.v4.new_code_cell(source, metadata={"tags": list(tags)})
    raised = {"ename": "ValueError", "evalue": "no", "traceback": []}
    cell.outputs = [
        nbformat.v4.new_output(kind, **(raised if kind == "error" else {})) for kind in shown
    ]
    run = object.__new__(DocumentRun)
    run.scratch, run._reply, run._raised = Path("/nowhere"), {}, set()
    found = run._unsaid(cell)
    assert (found is None) == (sentence is None)
    assert found is None or (sentence or "") in str(found.sentence)
