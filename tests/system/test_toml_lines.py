"""Every key of a TOML text is found at its line, however it is written."""

import pytest

from verify.system.toml_lines import line_of

TEXT = """\
top = 1
"quoted key" = 2
dotted.name = 3

[table]
inner = 4
inline = { one = 1, two = 2 }

[table.below]
deep = 5

[[many]]
name = "first"

[[many]]
name = "second"
list = [
  1,
  2,
]

[[many.nested]]
name = "second's first"

[[many.nested]]
name = "second's second"

[many.kinds]
dense = 1

[a."b c".d]
last = 6
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (["top"], 1),
        (["quoted key"], 2),
        (["dotted", "name"], 3),
        (["table"], 5),
        (["table", "inner"], 6),
        (["table", "inline"], 7),
        (["table", "inline", "two"], 7),
        (["table", "below"], 9),
        (["table", "below", "deep"], 10),
        (["many", 0], 12),
        (["many", 0, "name"], 13),
        (["many", 1], 15),
        (["many", 1, "name"], 16),
        (["many", 1, "list"], 17),
        (["many", 1, "list", 1], 19),
        (["many", 1, "nested", 0, "name"], 23),
        (["many", 1, "nested", 1, "name"], 26),
        (["many", 1, "kinds", "dense"], 29),
        (["a", "b c", "d", "last"], 32),
    ],
)
def test_a_key_is_at_its_line(keys: list[str | int], line: int) -> None:
    assert line_of(TEXT, keys) == line


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ([], 1),
        (["nowhere"], 1),
        (["table", "missing"], 5),
        (["table", "below", "missing", "deeper"], 9),
        (["many", 1, "missing"], 15),
        (["many", 2], 1),
        (["top", "inside"], 1),
    ],
)
def test_a_missing_key_is_at_the_nearest_table_above_it(keys: list[str | int], line: int) -> None:
    assert line_of(TEXT, keys) == line


def test_an_empty_text_has_one_line() -> None:
    assert line_of("", ["any"]) == 1


def test_lines_are_counted_in_a_text_of_more_than_ascii() -> None:
    assert line_of('# 联邦\nsays = "隐语"\nnext = 1\n', ["next"]) == 3


ROWS = """
rows = [
  { id = "a", says = { en = "x" } },
  # a remark
  { id = "b",
    many = [1,
            2] },
]
"""


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (("rows",), 2),
        (("rows", 0, "says", "en"), 3),
        (("rows", 1, "id"), 5),
        (("rows", 1, "many", 1), 7),
        (("rows", 1, "gone"), 5),
    ],
)
def test_rows_and_items_of_an_array_have_their_own_lines(
    keys: tuple[str | int, ...], line: int
) -> None:
    assert line_of(ROWS, keys) == line
