"""Where the tool comes from: only what people can open on the web is an address."""

from pathlib import Path

import pytest

from tests.repositories import alone, commit, git
from verify.system import digests, origin
from verify.system.origin import Origin


@pytest.mark.parametrize(
    ("remote", "address"),
    [
        ("https://forge.example/boats/tool.git", "https://forge.example/boats/tool"),
        ("git@forge.example:boats/tool.git", "https://forge.example/boats/tool"),
        ("ssh://git@forge.example/boats/tool", "https://forge.example/boats/tool"),
        ("https://user:secret@forge.example/boats/tool", ""),
        ("/srv/tool", ""),
        ("file:///srv/tool", ""),
        ("", ""),
    ],
)
def test_what_is_on_the_web_is_an_address(remote: str, address: str) -> None:
    assert origin.on_the_web(remote) == address


def test_changed_code_has_no_commit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone(tmp_path, monkeypatch)
    commit(tmp_path / "tool", "v1", {"verify/sail.py": "1\n", "README.md": "sail\n"})
    git(tmp_path / "tool", "remote", "add", "origin", "https://forge.example/boats/tool.git")
    monkeypatch.setattr(origin, "PACKAGE", tmp_path / "tool" / "verify")
    known = origin.known()
    assert known.address == "https://forge.example/boats/tool"
    assert len(known.commit) == 40
    (tmp_path / "tool" / "README.md").write_text("more\n")
    assert origin.known() == known
    code = digests.of_folder(tmp_path / "tool" / "verify")
    assert origin.known(code) == known
    assert origin.known("0" * 64) == Origin(known.address)
    (tmp_path / "tool" / "verify" / "sail.py").write_text("2\n")
    assert origin.known() == Origin(known.address)


def test_without_a_checkout_nothing_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone(tmp_path, monkeypatch)
    monkeypatch.setattr(origin, "PACKAGE", tmp_path / "verify")
    assert origin.known() == Origin()
