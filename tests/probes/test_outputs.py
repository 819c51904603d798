"""What a cell shows is sent, whatever it holds."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from docprobe import outputs


def _packed(monkeypatch: pytest.MonkeyPatch, content: object) -> Any:
    """What arrives of a message."""
    session = SimpleNamespace(pack=lambda it: json.dumps(it, ensure_ascii=False).encode())
    shell = SimpleNamespace(kernel=SimpleNamespace(session=session))
    ipython = SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setattr(outputs, "import_module", lambda _: ipython)
    outputs.send_all()
    return json.loads(session.pack(content))


def test_half_a_character_is_sent_as_an_unknown_one(monkeypatch: pytest.MonkeyPatch) -> None:
    content = {"text": "half \ud83d here", "\udce4": [("\ud83d\udedf", 7, None)]}
    arrived = {"text": "half \ufffd here", "\ufffd": [["\U0001f6df", 7, None]]}
    assert _packed(monkeypatch, content) == arrived


def test_whole_characters_are_sent_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    content = {"text": "船 \U0001f6df \x1b[0m", "data": [1.5, True]}
    assert _packed(monkeypatch, content) == content


def test_where_there_is_no_kernel_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = SimpleNamespace(get_ipython=lambda: None)
    monkeypatch.setattr(outputs, "import_module", lambda _: nobody)
    outputs.send_all()
    assert nobody.get_ipython() is None
