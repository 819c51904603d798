"""Where a cell failed is read from the trace that IPython writes, of whatever release."""

import pytest

from verify.execute.runner import line_of


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
