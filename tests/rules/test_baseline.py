"""A baseline: what a project began with is known, wherever it moves; what is new is told alone."""

import json
import os
from datetime import date
from pathlib import Path

import pytest

from tests.rules import pages
from verify.errors import ExitCode, UsageError
from verify.rules import baseline, checked_site, gate
from verify.rules.gate import Judgement
from verify.rules.project import Project, Waiver

DAY = date(2026, 5, 1)
KNOWN = "# Pears\n\nThey occured early, see [plums](plums.md).\n"


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    pages.page(folder, "pears.md", KNOWN)
    pages.page(folder, "apples.md", "# Apples\n\nThey ripen in autumn.\n")
    return folder


def judged(docs: Path, *names: str, project: Project | None = None) -> Judgement:
    chosen = [docs / name for name in names] or [docs]
    opened = checked_site.open_site(chosen, root=docs)
    judgement = gate.judge(opened, project or Project(), DAY)
    return baseline.applied(judgement, docs.parent / "known.json")


def kinds(judgement: Judgement) -> list[str]:
    return [finding.kind.value for finding in judgement.findings]


def test_the_first_run_writes_it_and_the_next_has_nothing_to_tell(docs: Path) -> None:
    first = judged(docs)
    assert (kinds(first), len(first.known), first.exit_code) == ([], 2, ExitCode.VERIFIED)
    assert tuple(map(str, first.notes)) == (
        f"{docs.parent / 'known.json'} was written, with all findings: keep it with the pages.",
    )
    kept = json.loads((docs.parent / "known.json").read_text("utf-8"))
    assert kept["schema"] == 1
    assert {name: sorted(found) for name, found in kept["findings"].items()} == {
        "docs/pears.md": ["broken-link", "spelling"]
    }
    second = judged(docs)
    assert (kinds(second), len(second.known), second.notes) == ([], 2, ())


def test_what_moves_stays_known_and_what_is_new_is_told_alone(docs: Path) -> None:
    judged(docs)
    pages.page(docs, "pears.md", f"Before all that.\n\n{KNOWN}\nAlso [figs](figs.md).\n")
    later = judged(docs)
    assert [(f.kind.value, f.line) for f in later.findings] == [("broken-link", 7)]
    assert "figs.md" in str(later.findings[0].message)
    assert (later.exit_code, later.notes) == (ExitCode.CONTRADICTED, ())


def test_cells_that_a_message_names_move_too(tmp_path: Path) -> None:
    log = pages.printed(
        "".join(f"Epoch {i}/6, loss: 0.{9 - i}, auc: 0.5, val_auc: 0.5\n" for i in range(1, 7))
    )
    one = [pages.code(f"train({i})", log) for i in range(2)]
    pages.notebook(tmp_path / "docs", *one)
    before = judged(tmp_path / "docs")
    pages.notebook(tmp_path / "docs", pages.prose("What follows."), *one)
    after = judged(tmp_path / "docs")
    moved = [
        (str(a.message), str(b.message)) for a, b in zip(before.known, after.known, strict=True)
    ]
    assert (kinds(after), after.notes) == ([], ())
    assert any(a != b for a, b in moved), moved


def test_one_more_of_the_same_is_new_and_its_place_is_not_sworn_to(docs: Path) -> None:
    page = "# Figs\n\n```python\nmake {}\n```\n"
    pages.page(docs, "figs.md", page.format("all"))
    judged(docs)
    pages.page(docs, "figs.md", page.format("all") * 2)
    later = judged(docs)
    assert kinds(later) == ["syntax"]
    assert "docs/figs.md had 1 alike before" in str(later.notes[0])


@pytest.mark.parametrize(
    "line",
    [
        "At {i}, they occured.",  # counted for the page
        "See [there](nowhere.md), point {i}.",  # told with all lines
        "第{i}点：水果fruit是甜的。",  # counted, with the first place
        "The hall is 5 x 4 = 21 metres, at {i}.",  # told one by one
    ],
)
def test_what_is_told_once_for_many_places_stays_known_when_some_are_mended(
    docs: Path, line: str
) -> None:
    def write(first: int, last: int) -> None:
        lines = (line.format(i=i) for i in range(first, last))
        pages.page(docs, "pears.md", "# Pears\n\n" + "\n\n".join(lines) + "\n")

    write(0, 9)
    assert {finding.file.name for finding in judged(docs).known} == {"pears.md"}
    for first, last in ((3, 8), (4, 5)):
        write(first, last)
        mended = judged(docs)
        assert kinds(mended) == []
        assert [note for note in mended.notes if str(note).startswith("Gone since")]
    write(0, 10)
    (more,) = judged(docs).findings
    assert more.file.name == "pears.md"


@pytest.mark.parametrize("text", ["# Pears\n\nSee [plums](plums.md).\n", None])
def test_what_is_gone_is_told_so_that_the_file_can_be_renewed(docs: Path, text: str | None) -> None:
    judged(docs)
    (docs / "pears.md").unlink()
    if text:
        pages.page(docs, "pears.md", text)
    later = judged(docs)
    assert later.exit_code is ExitCode.VERIFIED
    gone = [note for note in later.notes if str(note).startswith("Gone since")]
    assert len(gone) == (1 if text else 2)
    assert any("docs/pears.md: “occured” is misspelt. [spelling]" in str(note) for note in gone)
    assert str(later.notes[-1]).startswith("To forget what is gone, delete ")


def test_of_many_that_are_gone_ten_are_told(docs: Path) -> None:
    pages.page(
        docs, "pears.md", "# Pears\n\n" + "".join(f"[to {i}](no{i}.md)\n" for i in range(13))
    )
    judged(docs)
    pages.page(docs, "pears.md", "# Pears\n")
    notes = judged(docs).notes
    assert len(notes) == 12
    assert str(notes[10]) == "3 more are gone."


@pytest.mark.parametrize(
    ("names", "project"),
    [
        (["apples.md"], {}),
        ([], {"select": ["punctuation"]}),
        ([], {"ignore": ["spelling", "broken-link"]}),
        (
            [],
            {
                "waive": [
                    {"kind": kind, "file": "*", "reason": "we know that", "expires": DAY}
                    for kind in ("spelling", "broken-link")
                ]
            },
        ),
    ],
)
def test_what_was_not_looked_for_is_not_gone(
    docs: Path, names: list[str], project: dict[str, object]
) -> None:
    judged(docs)
    later = judged(docs, *names, project=Project.model_validate(project))
    assert (kinds(later), later.known, later.notes) == ([], (), ())


def test_what_only_an_environment_shows_is_not_gone_without_one(docs: Path) -> None:
    judged(docs)
    file = docs.parent / "known.json"
    kept = json.loads(file.read_text("utf-8"))
    kept["findings"]["docs/apples.md"] = {"missing-module": {"There is none.": 1}}
    file.write_text(json.dumps(kept))
    assert judged(docs).notes == ()


def test_a_waiver_has_nothing_to_do_with_the_count(docs: Path) -> None:
    waiver = Waiver.model_validate(
        {"kind": "spelling", "file": "*", "reason": "we know that", "expires": DAY}
    )
    judged(docs, project=Project(waive=[waiver]))
    later = judged(docs)
    assert kinds(later) == ["spelling"]


def test_none_is_written_where_a_rule_broke(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rule(site: checked_site.Site) -> list[object]:
        raise RuntimeError(site.root)

    monkeypatch.setattr(gate, "CHECKS", (*gate.CHECKS, rule))
    first = judged(docs)
    assert not (docs.parent / "known.json").exists()
    assert {"not-checked", "broken-link"} <= set(kinds(first))


def test_a_rule_that_breaks_is_never_known(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judged(docs)

    def rule(site: checked_site.Site) -> list[object]:
        raise RuntimeError(site.root)

    monkeypatch.setattr(gate, "CHECKS", (rule,))
    later = judged(docs)
    assert (set(kinds(later)), later.notes) == ({"not-checked"}, ())
    assert later.exit_code is ExitCode.OURS


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "invalid JSON"),
        ("", "invalid JSON"),
        ("[]", "input should be"),
        ('{"findings": {}}', "schema"),
        ('{"schema": 2, "findings": {}}', "schema: input should be 1"),
        ('{"schema": 1, "findings": {}, "more": 1}', "more"),
        ('{"schema": 1, "findings": {"a.md": {"spellings": {"b": 1}}}}', "no kind 'spellings'"),
        ('{"schema": 1, "findings": {"a.md": {"spelling": {"b": 0}}}}', "greater than 0"),
        (b"\xff\xfe\x00", "invalid JSON"),
    ],
)
def test_a_damaged_file_is_refused_and_stays(docs: Path, content: str | bytes, says: str) -> None:
    file = docs.parent / "known.json"
    damaged = content if isinstance(content, bytes) else content.encode()
    file.write_bytes(damaged)
    with pytest.raises(UsageError, match=says) as problem:
        judged(docs)
    assert str(problem.value).startswith(f"{file}: is no baseline")
    assert file.read_bytes() == damaged


def test_a_pipe_in_its_place_is_not_waited_for(docs: Path) -> None:
    os.mkfifo(docs.parent / "known.json")
    with pytest.raises(UsageError, match="cannot be read"):
        judged(docs)


def test_where_it_cannot_lie_is_said(docs: Path) -> None:
    found = gate.judge(checked_site.open_site([docs]), Project(), DAY)
    for place, says in ((docs, "cannot be read"), (docs / "no" / "known.json", "cannot be writ")):
        with pytest.raises(UsageError, match=says):
            baseline.applied(found, place)
