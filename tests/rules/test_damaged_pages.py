"""A page that cannot be read, or at which a rule breaks, costs no other page its findings."""

import json
import os
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.repositories import commit
from verify.cli import check
from verify.cli.check import Asked
from verify.errors import ExitCode
from verify.finding import Finding, FindingKind
from verify.report.formats import Format
from verify.rules import checked_site, gate
from verify.rules.checked_site import Site
from verify.rules.gate import Judgement
from verify.rules.project import Project

DEAD_LINK = "# A page\n\n[Nowhere](no.md)\n"


def notebook(*cells: dict[str, Any], **metadata: Any) -> str:
    content = {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(content)


def code(source: Any, **fields: Any) -> dict[str, Any]:
    shared: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    return shared | {"id": "a", "source": source} | fields


def _printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in code("a = 1").items() if name != key}


UNREADABLE = {
    "a cell without source": notebook(without("source")),
    "a cell whose source is null": notebook(code(None)),
    "a cell that is no cell": notebook("text"),  # type: ignore[arg-type]
    "a stream without a name": notebook(
        code("a = 1", outputs=[{"output_type": "stream", "text": "a"}])
    ),
    "an output that is null": notebook(code("a = 1", outputs=[None])),
    "no format": '{"cells": [], "metadata": {}, "nbformat": 4}',
    "no JSON": "{",
    "no notebook": "[]",
    "nothing": "",
}


def judged(folder: Path) -> Judgement:
    return gate.judge(checked_site.open_site([folder]), Project(), date(2026, 5, 1))


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
def test_a_page_that_cannot_be_read_is_told_beside_what_others_have(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "bad.ipynb").write_text(text)
    (tmp_path / "good.md").write_text(DEAD_LINK)
    found = judged(tmp_path).findings
    assert {(f.file.name, f.kind) for f in found} == {
        ("bad.ipynb", FindingKind.UNREADABLE),
        ("good.md", FindingKind.BROKEN_LINK),
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(notebook(code("a = 1"), kernelspec=None), id="kernelspec is null"),
        pytest.param(notebook(code("a = 1"), language_info=None), id="language is null"),
        pytest.param(notebook(code(" + ".join("1" * 400))), id="a long sum"),
        pytest.param(notebook(code("a = 1", metadata={"tags": [["x"]]})), id="a tag is a list"),
        pytest.param(
            notebook(
                code("a = 1", outputs=[{"output_type": "stream", "name": ["x"], "text": "a"}])
            ),
            id="a stream's name is a list",
        ),
        pytest.param(notebook(code("a = 1", execution_count=[[]])), id="a count is a list"),
        pytest.param(notebook(code("a = 1", metadata={"step": {}})), id="a step is a table"),
        pytest.param(
            notebook(
                code(
                    "a = 1",
                    outputs=[
                        {
                            "output_type": "execute_result",
                            "execution_count": {},
                            "data": {},
                            "metadata": {},
                        }
                    ],
                )
            ),
            id="an output's count is a table",
        ),
    ],
)
def test_what_is_odd_but_readable_is_judged(tmp_path: Path, text: str) -> None:
    (tmp_path / "odd.ipynb").write_text(text)
    assert judged(tmp_path).findings == ()


ODD_LINKS = {
    "a NUL": "%00.md",
    "a name that is too long": "x" * 5000 + ".md",
    "a path that is too long": "x/" * 3000 + "y.md",
    "a line's end and a command": "x%0a::error::y.md",
}


@pytest.mark.parametrize("name", ODD_LINKS.values(), ids=ODD_LINKS)
@pytest.mark.parametrize("how", ["[a]({})", "```{{include}} {}\n```"])
def test_a_link_that_no_file_can_have_leads_nowhere(tmp_path: Path, name: str, how: str) -> None:
    (tmp_path / "odd.md").write_text(f"# A page\n\n{how.format(name)}\n")
    (tmp_path / "good.md").write_text(DEAD_LINK)
    found = judged(tmp_path)
    assert {(f.file.name, f.kind) for f in found.findings} == {
        ("odd.md", FindingKind.BROKEN_LINK),
        ("good.md", FindingKind.BROKEN_LINK),
    }


@pytest.mark.parametrize("since", ["", "HEAD"])
def test_a_pipe_that_is_called_a_catalogue_is_not_waited_for(tmp_path: Path, since: str) -> None:
    messages = tmp_path / "locale" / "zh" / "LC_MESSAGES"
    messages.mkdir(parents=True)
    commit(tmp_path, "v0", {"good.md": "# A page\n"})
    (tmp_path / "good.md").write_text(DEAD_LINK)
    os.mkfifo(messages / "good.po")
    opened = checked_site.open_site([tmp_path], since=since)
    found = gate.judge(opened, Project(), date(2026, 5, 1)).findings
    assert {(f.file.name, f.kind) for f in found} == {
        ("good.md", FindingKind.BROKEN_LINK),
        ("good.po", FindingKind.TRANSLATION),
    }


def _huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1 << 36)


NO_PAGES: dict[str, Callable[[Path], object]] = {
    "a pipe": os.mkfifo,
    "a device without end": lambda path: path.symlink_to("/dev/zero"),
    "a file of 64 GiB that holds nothing": _huge,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a folder": Path.mkdir,
}


@pytest.mark.parametrize("name", ["odd.md", "conf.py"])
@pytest.mark.parametrize("make", NO_PAGES.values(), ids=NO_PAGES)
def test_what_is_no_file_beside_a_page_costs_it_nothing(
    tmp_path: Path, make: Callable[[Path], object], name: str
) -> None:
    make(tmp_path / name)
    (tmp_path / "good.md").write_text(DEAD_LINK)
    found = {(f.file.name, f.kind) for f in judged(tmp_path).findings}
    assert found - {("odd.md", FindingKind.UNREADABLE)} == {("good.md", FindingKind.BROKEN_LINK)}


@pytest.mark.parametrize("form", list(Format))
def test_a_file_whose_name_is_no_text_is_told_in_every_form(tmp_path: Path, form: Format) -> None:
    for name in (b"\xff.md", b"a\n::error::b.md", b"a\x1b[31mb.md"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text(DEAD_LINK)
    text = check.rendered(judged(tmp_path), form)
    assert text.count("no.md") >= 3
    assert "\x1b" not in text
    lines = text.splitlines()
    assert form is Format.GITHUB or not any(one.startswith("::") for one in lines)


def test_a_word_of_a_million_letters_takes_no_longer_than_others(tmp_path: Path) -> None:
    picture = "iVBORw0KGgoAAAANSUhEUgAA" * 12_000
    (tmp_path / "page.md").write_text(f"# A page\n\n{picture}\n\n{'[a](no.md) ' * 5000}\n")
    assert {f.kind for f in judged(tmp_path).findings} == {FindingKind.BROKEN_LINK}


LONG = {
    "letters in an output": notebook(code("a = 1", outputs=[_printed("0f3a" * 50_000)])),
    "letters in code": notebook(code(f"a = '{'0f3a' * 50_000}'\nprint(a)")),
    "empty lines in code": notebook(code(f"a = 1{chr(10) * 200_000}print(a)")),
    "blanks in code": notebook(code(f"a = 1\n{' ' * 200_000}\nprint(a)")),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_what_repeats_itself_takes_no_longer_than_others(tmp_path: Path, text: str) -> None:
    (tmp_path / "page.ipynb").write_text(text)
    began = time.process_time()
    judged(tmp_path)
    assert time.process_time() - began < 20  # or many minutes, where each place looks at the rest


DIGITS = "9" * 4400
COUNTED = {
    "epochs": f"Epoch 1/{DIGITS}\n loss: 0.5\nEpoch 2/{DIGITS}\n loss: 0.4\n",
    "an epoch": f"Epoch {DIGITS}/3\n loss: 0.5\nEpoch 2/3\n loss: 0.4\n",
    "steps": f"Epoch 1/2\n{DIGITS}/{DIGITS} [====] - loss: 0.5\n",
    "rounds": f"[{DIGITS}]\ttrain-auc:0.5\n",
    "rows": f"[{DIGITS} rows x {DIGITS} columns]\n",
    "files": f"Found {DIGITS} files belonging to 2 classes.\nUsing {DIGITS} files for training.\n",
}


@pytest.mark.parametrize("printed", COUNTED.values(), ids=COUNTED)
def test_no_count_of_an_output_is_too_large(tmp_path: Path, printed: str) -> None:
    cell = code("model.fit(data, epochs=2)", outputs=[_printed(printed)])
    (tmp_path / "page.ipynb").write_text(notebook(cell))
    assert not any(finding.ours for finding in judged(tmp_path).findings)


def test_epochs_that_are_missing_are_counted_one_by_one_by_nobody(tmp_path: Path) -> None:
    many = 3_000_000_000_000
    lines = f"Epoch 1/{many}\n5/5 [====] - loss: 0.5\nEpoch 3/{many}\n5/5 [====] - loss: 0.4\n"
    source = f"history = model.fit(data, epochs={many})\nprint(history)"
    (tmp_path / "page.ipynb").write_text(notebook(code(source, outputs=[_printed(lines)])))
    said = [str(finding.message) for finding in judged(tmp_path).findings]
    assert any(str(many) in one or f"{many:,}" in one for one in said), said


@pytest.mark.parametrize("numeral", ["亿" * 60, "九千" * 200, "二" * 5000])
def test_no_chinese_numeral_is_too_large(tmp_path: Path, numeral: str) -> None:
    (tmp_path / "page.md").write_text(f"# 页\n\n共有{numeral}张图片，其中训练集{numeral}张。\n")
    assert not any(finding.ours for finding in judged(tmp_path).findings)


@pytest.mark.parametrize("name", ["a**.*", "[.*", "[!].*"])
def test_a_pattern_of_pictures_may_be_none(tmp_path: Path, name: str) -> None:
    (tmp_path / "page.rst").write_text(f"A page\n======\n\n.. image:: {name}\n")
    (tmp_path / "conf.py").touch()
    assert {f.kind for f in judged(tmp_path).findings} == {FindingKind.BROKEN_IMAGE}


def test_a_number_beyond_all_floats_is_no_reason_to_stop(tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text(f"There are {'9' * 309} grains, 3 + 4 of them mine.\n")
    assert judged(tmp_path).findings == ()


def test_a_nul_in_code_is_told_as_python_tells_it(tmp_path: Path) -> None:
    (tmp_path / "page.ipynb").write_text(notebook(code("a = 1\0")))
    (finding,) = judged(tmp_path).findings
    assert finding.kind is FindingKind.SYNTAX


def test_what_is_nested_too_deep_for_python_is_told_in_few_words(tmp_path: Path) -> None:
    for name, source in (("signs", "-" * 20_000 + "1"), ("brackets", "[" * 9_000 + "]" * 9_000)):
        (tmp_path / f"{name}.ipynb").write_text(notebook(code(f"a = {source}\nprint(a)")))
    found = [one for one in judged(tmp_path).findings if one.kind is FindingKind.SYNTAX]
    assert [one.file.stem for one in found] == ["brackets", "signs"]
    assert max(len(str(one.message)) for one in found) < 300


def test_half_a_character_hides_no_typo(tmp_path: Path) -> None:
    text = {"cell_type": "markdown", "metadata": {}, "source": "A \ud83d teh ship."}
    (tmp_path / "page.ipynb").write_text(notebook(text))
    (finding,) = judged(tmp_path).findings
    assert finding.kind is FindingKind.SPELLING
    assert "teh" in str(finding.message)


def test_a_link_to_nothing_is_no_page(tmp_path: Path) -> None:
    (tmp_path / "gone.md").symlink_to("nowhere.md")
    (tmp_path / "good.md").write_text(DEAD_LINK)
    assert [f.file.name for f in judged(tmp_path).findings] == ["good.md"]


def broken_at(name: str, error: Exception) -> Callable[[Site], list[Finding]]:
    def rule(checked: Site) -> list[Finding]:
        if any(page.path.name == name for page in checked.pages):
            raise error
        return []

    return rule


def test_a_rule_that_breaks_does_so_for_its_page_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = broken_at("odd.md", RuntimeError("first\nwhat it says"))
    monkeypatch.setattr(gate, "CHECKS", (rule, *gate.CHECKS))
    (tmp_path / "odd.md").write_text("Fine.\n")
    (tmp_path / "good.md").write_text(DEAD_LINK)
    ours, theirs = sorted(judged(tmp_path).findings, key=lambda f: f.file.name, reverse=True)
    assert (ours.file.name, ours.kind, ours.ours) == ("odd.md", FindingKind.NOT_CHECKED, True)
    assert "(RuntimeError: what it says)" in str(ours.message)
    assert theirs.kind is FindingKind.BROKEN_LINK


def exit_code(folder: Path) -> ExitCode:
    return check.check([folder], Asked(env="none"))


def test_a_rule_that_breaks_is_our_fault_where_nothing_else_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "CHECKS", (broken_at("odd.md", ValueError()), *gate.CHECKS))
    (tmp_path / "odd.md").write_text("Fine.\n")
    assert exit_code(tmp_path) is ExitCode.OURS
    (tmp_path / "good.md").write_text(DEAD_LINK)
    assert exit_code(tmp_path) is ExitCode.CONTRADICTED
