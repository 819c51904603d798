"""A notebook's file changes where its cells change, and nowhere else."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verify.errors import UsageError
from verify.repairs import notebook_file

WHOLE = """{
 "cells": [
  {
   "cell_type": "markdown",
   "metadata": {},
   "source": [
    "一 two\\n",
    "three"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 7,
   "metadata": {},
   "outputs": [
    {"source": ["not a cell's"], "text":  "1\\u001b"}
   ],
   "source": "a = 1\\nb = \\"2\\""
  }
 ],
 "metadata": {"z": 1,   "a": 2.50},
 "nbformat": 4
}"""


def one(source: str) -> str:
    return f'{{"cells":[{{"source": {source},"cell_type":"code"}} ],"x":"é"}}\n'


@pytest.mark.parametrize(
    ("before", "source", "after"),
    [
        pytest.param(r'["a\n", "b"]', "a\nc", r'["a\n", "c"]', id="a line"),
        pytest.param(r'["a\n",   "b"]', "a\nx\nb", r'["a\n",   "x\n",   "b"]', id="a line more"),
        pytest.param('[\n "a"\n]', "a\nb", '[\n "a\\n",\n "b"\n]', id="the first line more"),
        pytest.param(r'["a\n","b\n","c"]', "a\nc", r'["a\n","c"]', id="a line fewer"),
        pytest.param(r'["a\n","b"]', "a\n", r'["a\n"]', id="the last line fewer"),
        pytest.param(r'["a\n","b"]', "a\nb\nc\n", r'["a\n","b\n","c\n"]', id="lines at the end"),
        pytest.param(r'["a"]', "b\na", r'["b\n","a"]', id="a line before the only one"),
        pytest.param(
            '[\r\n\t"a\\n",\r\n\t"c"\r\n]',
            "a\nb\nc",
            '[\r\n\t"a\\n",\r\n\t"b\\n",\r\n\t"c"\r\n]',
            id="line ends and tabs of the file",
        ),
        pytest.param(r'"a\nb"', "a\nc\nb", r'"a\nc\nb"', id="one string"),
        pytest.param(r'"\u4e2d = \/ 1"', "中 = / 2", r'"\u4e2d = \/ 2"', id="escapes that stay"),
        pytest.param(r'"\ud83d\ude00 1"', "😀 2", r'"\ud83d\ude00 2"', id="a pair of escapes"),
        pytest.param(r'["x = \"1\"\\n"]', 'x = "2"\\n', r'["x = \"2\"\\n"]', id="a backslash"),
        pytest.param("[]", "a\nb", r'["a\n", "b"]', id="an empty cell"),
        pytest.param('""', "a", '"a"', id="an empty string"),
        pytest.param('"a"', "é", '"é"', id="letters as the file writes them"),
    ],
)
def test_a_source_is_rewritten_in_the_manner_of_its_file(
    before: str, source: str, after: str
) -> None:
    assert notebook_file.rewritten(one(before), {0: source}, {}) == one(after)


def test_a_file_that_escapes_every_letter_goes_on_to() -> None:
    text = r'{"cells":[{"source":"a"},{"source":"\u4e2d\u001b"}]}'
    assert notebook_file.rewritten(text, {0: "é"}, {}) == text.replace('"a"', r'"\u00e9"')
    coloured = text.replace(r"\u4e2d", "")  # control characters have to be escaped anyway
    assert notebook_file.rewritten(coloured, {0: "é"}, {}) == coloured.replace('"a"', '"é"')


def test_what_is_stored_is_written_as_notebooks_are() -> None:
    cleared = notebook_file.rewritten(
        WHOLE, {}, {0: notebook_file.NOTHING, 1: notebook_file.NOTHING}
    )
    begin, end = WHOLE.index('[\n    {"source"'), WHOLE.index(',\n   "source": "a')
    assert cleared == (WHOLE[:begin] + "[]" + WHOLE[end:]).replace("7,", "null,")
    outputs = [{"name": "stdout", "output_type": "stream", "text": ["é\n"]}]
    renewed = notebook_file.rewritten(cleared, {}, {1: (outputs, 3)})
    assert '   "execution_count": 3,\n' in renewed
    assert '   "outputs": [\n    {\n     "name": "stdout",\n' in renewed
    assert json.loads(renewed)["cells"][1]["outputs"] == outputs
    same = json.loads(WHOLE)["cells"][1]["outputs"]
    assert notebook_file.rewritten(WHOLE, {}, {1: (same, 7)}) == WHOLE


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1,}', '{"worksheets": []}'])
def test_what_is_no_notebook_is_said(text: str) -> None:
    with pytest.raises(UsageError):
        notebook_file.rewritten(text, {0: ""}, {})


WORDS = st.text(alphabet='a1 \n"\\/é中😀\u2028\t', max_size=24)
LAYOUTS = st.tuples(
    st.sampled_from([None, 1, "\t"]), st.booleans(), st.booleans(), st.sampled_from(["\n", "\r\n"])
)


def as_file(sources: list[str], layout: tuple[Any, bool, bool, str]) -> str:
    indent, escapes, listed, newline = layout
    cells = [
        {"source": source.splitlines(keepends=True) if listed else source} for source in sources
    ]
    text = json.dumps({"cells": cells, "n": 1e2}, indent=indent, ensure_ascii=escapes)
    return text.replace("\n", newline)


@given(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3), LAYOUTS)
def test_whatever_changes_the_rest_stays(
    cells: list[tuple[str, str]], layout: tuple[Any, bool, bool, str]
) -> None:
    text = as_file([was for was, _ in cells], layout)
    rewritten = notebook_file.rewritten(text, {i: new for i, (_, new) in enumerate(cells)}, {})
    sources = [cell["source"] for cell in json.loads(rewritten)["cells"]]
    assert ["".join(source) for source in sources] == [new for _, new in cells]
    assert rewritten.endswith(text[text.index('"n"') :])
    assert notebook_file.rewritten(text, {i: was for i, (was, _) in enumerate(cells)}, {}) == text
