"""What a run depends on: each part alone, and what must not matter."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.documents.folder import ENVIRONMENTS, DocumentFolder
from tests.documents.test_published import erratum, rewrite
from verify.contract import contract
from verify.contract.edition import Edition
from verify.environment import environment
from verify.execute import fixtures, run_key
from verify.execute.run_key import Part, Parts
from verify.execute.run_options import Options
from verify.execute.session import Session
from verify.ledger import ledger, writing
from verify.ledger.erratum import Edit, KnownErratum
from verify.system.words import Words

MORE = (
    erratum("slip", "NameError: name 'plum' is not defined", rewrite("plum", "pears"))
    + """
[[changes]]
profiles = "embedded"
assign = "rounds"
use = 2
reason = "time"
[[files]]
url = "https://data.example/pears.csv"
program = "pears.py"
"""
)
CELL = "pears = 12\nrounds = 20\nprint(pears)"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DocumentFolder:
    """A document that has each part, in an environment that nobody builds."""
    environments = tmp_path / "environments"
    shutil.copytree(ENVIRONMENTS, environments)
    monkeypatch.setattr(environment, "FOLDER", environments)
    programs = tmp_path / "data"
    programs.mkdir()
    (programs / "pears.py").write_text("import trees\n")
    (programs / "trees.py").write_text("TREES = 3\n")
    monkeypatch.setattr(fixtures, "DATA", programs)
    made = DocumentFolder(tmp_path)
    made.write(first=CELL, more=MORE)
    made.publish(CELL)
    made.pin()
    return made


CLAIM = """[[claims]]
id = "twelve"
cell = 0
says = { zh = "十二个梨", en = "there are twelve pears" }
documented = 12
evidence = { stated = { step = "first", target = "pears" } }
"""


def parts(folder: DocumentFolder, **options: object) -> Parts | None:
    """The parts of the key as files and options are now."""
    run_key._tool.cache_clear()  # within one process code does not change
    read = contract.read(folder.tutorials / "small" / "contract.toml")
    chosen = Options(out=folder.out, upstream=str(folder.upstream), ref="v0")
    return Session(read, replace(chosen, **options), print).key_parts  # type: ignore[arg-type]


def edit(file: Path, was: str, now: str) -> None:
    text = file.read_text()
    assert was in text
    file.write_text(text.replace(was, now))


def contract_with(was: str, now: str) -> Callable[[DocumentFolder, pytest.MonkeyPatch], None]:
    return lambda folder, _: edit(folder.tutorials / "small" / "contract.toml", was, now)


def edition_with(was: str, now: str) -> Callable[[DocumentFolder, pytest.MonkeyPatch], None]:
    return lambda folder, _: edit(folder.tutorials / "small" / "tutorial.py", was, now)


def other_lock(folder: DocumentFolder, _: pytest.MonkeyPatch) -> None:
    lock = folder.root / "environments" / "kernel-only.txt"
    lock.write_text(f"{lock.read_text()}\n# another\n")


def other_program(folder: DocumentFolder, _: pytest.MonkeyPatch) -> None:
    edit(folder.root / "data" / "trees.py", "3", "4")


def other_tool(folder: DocumentFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    (room := folder.root / "execute").mkdir()
    (room / "runner.py").write_text("LIMIT = 1\n")
    monkeypatch.setattr(run_key, "_ROOMS", (room,))


def fewer_cores(_: DocumentFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(99)))


Change = Callable[[DocumentFolder, pytest.MonkeyPatch], None]
CHANGES: dict[str, tuple[Change, list[Part]]] = {
    "a cell": (edition_with("pears = 12", "pears = 13"), [Part.CODE]),
    "what the profile changes": (contract_with("use = 2", "use = 3"), [Part.CODE]),
    "a step's limit": (contract_with('id = "first"', 'id = "first"\nlimit_s = 9'), [Part.STEPS]),
    "the lock": (other_lock, [Part.ENVIRONMENT, Part.FILES]),  # files are made in the environment
    "what the reader is told to install": (
        contract_with('"ipykernel", "numpy"', '"ipykernel"'),
        [Part.PACKAGES],
    ),
    "a stand-in's program": (other_program, [Part.FILES]),
    "an address": (contract_with("pears.csv", "plums.csv"), [Part.FILES]),
    "a seed": (contract_with("expected_s = 5", "expected_s = 5\nseed = 7"), [Part.PROFILE]),
    "our code": (other_tool, [Part.TOOL]),
    "the processor": (fewer_cores, [Part.MACHINE]),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_matters_changes_its_own_part_of_the_key(
    folder: DocumentFolder, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    change, changed = CHANGES[what]
    before = parts(folder)
    assert before
    change(folder, monkeypatch)
    after = parts(folder)
    assert after
    assert [one for one in Part if before[one] != after[one]] == changed
    assert run_key.key(before) != run_key.key(after)


def published_alone(folder: DocumentFolder) -> Path:
    """Publish a page with the document's erratum, and leave out what its profile changes."""
    folder.publish("print(plum)")
    (folder.tutorials / "small" / "tutorial.py").write_text('# %% step="first"\nprint(plum)')
    folder.pin()
    file = folder.tutorials / "small" / "contract.toml"
    edit(file, file.read_text()[file.read_text().index("[[changes]]") :], "")
    folder.pin()
    return file


def test_of_a_published_page_the_repairs_count_and_not_what_is_said_of_them(
    folder: DocumentFolder,
) -> None:
    file = published_alone(folder)
    before = parts(folder, edition=Edition.PUBLISHED)
    edit(file, '"a slip"', '"another slip"')
    folder.pin()
    assert parts(folder, edition=Edition.PUBLISHED) == before
    edit(file, "replace = '''pears'''", "replace = '''12'''")
    folder.pin()
    after = parts(folder, edition=Edition.PUBLISHED)
    assert before
    assert after
    assert {one for one in Part if before[one] != after[one]} == {Part.ERRATA}


@pytest.mark.parametrize("finds", ["plum", "peach"])
def test_of_another_releases_ledger_counts_what_finds_a_place_on_the_page(
    folder: DocumentFolder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, finds: str
) -> None:
    published_alone(folder)
    monkeypatch.setattr(ledger, "FOLDER", tmp_path / "ledgers")
    before = parts(folder, edition=Edition.PUBLISHED)
    words = Words(zh="笔误", en="a slip")
    repair = Edit(find=finds, replace="7")
    writing.add(
        "garden-2",
        [
            KnownErratum(
                id="other", symptom="*", cause=words, since=words, repair=words, apply=[repair]
            )
        ],
    )
    after = parts(folder, edition=Edition.PUBLISHED)
    assert before
    assert after
    changed = {one for one in Part if before[one] != after[one]}
    assert changed == ({Part.ERRATA} if finds == "plum" else set())


NOTHING = {
    "a title": contract_with("A small document", "A document"),
    "what a step says": contract_with('en = "does first"', 'en = "counts"'),
    "a reason": contract_with('en = "time"', 'en = "money"'),
    "a claim": contract_with("[[files]]", f"{CLAIM}\n[[files]]"),
    "what is expected of time": contract_with("expected_s = 5", "expected_s = 50"),
    "prose": edition_with('# %% step="first"', '# %% step="first" tag=""'),
}


@pytest.mark.parametrize("change", NOTHING.values(), ids=NOTHING)
def test_what_is_only_judged_or_told_changes_nothing(
    folder: DocumentFolder,
    monkeypatch: pytest.MonkeyPatch,
    change: Change,
) -> None:
    before = parts(folder)
    change(folder, monkeypatch)
    assert parts(folder) == before


@pytest.mark.parametrize("options", [{"sandbox": False}, {"watch": False}])
def test_a_run_that_something_else_can_reach_has_no_key(
    folder: DocumentFolder, options: dict[str, object]
) -> None:
    assert parts(folder, **options) is None


def test_neither_has_one_with_the_network(folder: DocumentFolder) -> None:
    contract_with("expected_s = 5", "expected_s = 5\nstandins = false")(
        folder, pytest.MonkeyPatch()
    )
    assert parts(folder) is None
