"""Rewritten code keeps the layout of what it came from, and says what it was rewritten to."""

import pytest

from verify.ledger.code_layout import kept

CALL = """\
made = build(
    size=3,  # small
    turn=False,
)
"""


@pytest.mark.parametrize(
    ("old", "new", "becomes"),
    [
        pytest.param(
            CALL, "made = build(size=3, turn=True)\n", CALL.replace("False", "True"), id="a value"
        ),
        pytest.param(
            CALL,
            "made = build(size=3, turn=False, seed=1)\n",
            CALL.replace("False", "False, seed=1"),
            id="an argument more",
        ),
        pytest.param(
            CALL,
            "made = build(turn=False)\n",
            "made = build(\n    turn=False,\n)\n",
            id="one fewer",
        ),
        pytest.param(
            "stop( )\ngo( )",
            "if on():\n    stop()\ngo()",
            "if on():\n    stop( )\ngo( )",
            id="a block around a line",
        ),
        pytest.param("a = (1,)", "a = (1)", "a = (1)", id="a comma that says something"),
        pytest.param(
            "if a:\n  b( )\nc( )", "if a:\n  b()\n  c()", "if a:\n  b()\n  c()", id="another block"
        ),
        pytest.param("a(\n", "b()", "b()", id="what was no Python"),
        pytest.param("f(\n  1)", "f(2 2)", "f(2 2)", id="what becomes none"),
        pytest.param("", "a = 1", "a = 1", id="nothing before"),
    ],
)
def test_layout_is_kept(old: str, new: str, becomes: str) -> None:
    assert kept(old, new) == becomes
