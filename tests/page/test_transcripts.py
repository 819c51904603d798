"""A console's transcript is code with stored outputs; every line keeps its place."""

import pytest

from verify.page import transcripts
from verify.page.page import Output
from verify.page.transcripts import Entry


def outputs(source: str) -> list[tuple[Output, ...]]:
    return [one.outputs for one in transcripts.entries(source)]


def test_what_was_typed_goes_up_to_its_answer() -> None:
    source = ">>> a = 1\n>>> def f():\n...     return a\n...\n>>> f()\n1\n>>> f() + 1\n2\n>>> b = 2"
    assert list(transcripts.entries(source)) == [
        Entry(0, "a = 1\ndef f():\n    return a\n\nf()", "1"),
        Entry(6, "f() + 1", "2"),
        Entry(8, "b = 2", ""),
    ]


def test_the_prompts_of_ipython_are_known() -> None:
    source = "In [1]: for i in [1]:\n   ...:     print(i)\n   ...:\n1\n\nIn [2]: 1 + 1\nOut[2]: 2"
    assert list(transcripts.entries(source)) == [
        Entry(0, "for i in [1]:\n    print(i)\n", "1"),
        Entry(5, "1 + 1", "2"),
    ]
    assert outputs(source) == [
        (Output("stdout", "1\n"),),
        (Output("display", "2", ("text/plain",)),),
    ]


def test_a_comment_between_two_prompts_is_no_answer() -> None:
    (one,) = transcripts.entries(">>> a = 1\n# Now the other.\n>>> b = 2")
    assert (one.source, one.answer) == ("a = 1\n\nb = 2", "")


@pytest.mark.parametrize(
    ("source", "name"),
    [
        (">>> x\n<Pear at 0x1>", "display"),
        (">>> print(x)\nripe", "stdout"),
        (">>> for x in y: print(x)\nripe", "stdout"),
        (">>> start()\n2031-01-02 03:04:05,678 INFO worker.py:1 -- Up.", "stderr"),
        (">>> start()\nup since 2031-01-02 03:04:05", "display"),
        (">>> x\nTraceback (most recent call last):\n  ...\nNameError: name 'x'", "error"),
    ],
)
def test_an_answer_is_what_a_notebook_would_have_stored(source: str, name: str) -> None:
    (((stored,),)) = outputs(source)
    assert stored.name == name


def test_an_answer_of_which_a_part_is_left_out_is_not_stored() -> None:
    assert outputs(">>> list(range(9))\n[0, 1, ..., 8]") == [()]
    assert outputs(">>> list(range(2))\n[0, 1]") != [()]


def test_an_empty_line_of_an_answer_is_written_as_doctest_does() -> None:
    assert outputs(">>> print('a\\n\\nb')\na\n<BLANKLINE>\nb") == [(Output("stdout", "a\n\nb\n"),)]


@pytest.mark.parametrize(
    ("source", "typed"),
    [
        (">>> a", True),
        ("\n  >>> a", True),
        ("In [7]: a", True),
        ("$ python\n>>> a", False),
        ("a >>> b", False),
    ],
)
def test_a_transcript_begins_with_a_prompt(source: str, *, typed: bool) -> None:
    assert transcripts.is_one(source) is typed
