"""What breaks in our own code breaks for one item alone, however it can be shown."""

import pytest

from verify.pytest_plugin.items import StepItem


def test_what_pytest_cannot_show_is_shown_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> str:
        raise SystemError("AST constructor recursion depth mismatch")

    monkeypatch.setattr(pytest.Item, "repr_failure", breaks)
    item = object.__new__(StepItem)
    with pytest.raises(KeyError) as raised:
        raise KeyError("sun")
    assert "KeyError: 'sun'" in item.repr_failure(raised)
