"""One patch over a documentation: no contract, all formats, both languages; git applies it."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.repositories import alone, commit, git
from verify.cli import app, patch_pages
from verify.cli.errata_wanted import ErrataWanted
from verify.cli.patch_pages import PagesWanted
from verify.environment import environment
from verify.errors import ExitCode, UsageError
from verify.ledger import ledger, showing
from verify.repairs import page_patch

LEDGER = """
[[errata]]
id = "moor-first"
symptom = "TypeError: no harbour"
cause = { zh = "还没有港口。", en = "There is no harbour yet." }
since = { zh = "1.11.0b1 或更早", en = "1.11.0b1 or earlier" }
repair = { zh = "先看看。", en = "Look first." }
until = ["boats.start($$$)"]
apply = [{ find = "$B.moor()", replace = "if $B.harbour():\\n    $B.moor()" }]

[[errata]]
id = "sails-missing"
symptom = "ModuleNotFoundError: No module named 'sails'"
cause = { zh = "没有安装。", en = "It is not installed." }
since = { zh = "1.11.0b1 或更早", en = "1.11.0b1 or earlier" }
repair = { zh = "安装它。", en = "Install it." }
apply = [{ install = "sails" }]

[[errata]]
id = "thirteen"
kind = "text"
symptom = { zh = "有 13 条船。", en = "There are 13 boats." }
cause = { zh = "笔误。", en = "A slip." }
since = { zh = "首次发布", en = "first publication" }
repair = { zh = "改为 13。", en = "Say 13." }

[[errata.apply]]
find = "12 boats"
replace = "13 boats"
translated = { find = "12 条船", replace = "13 条船" }
"""
BY_HAND = """
[[errata]]
id = "no-anchor"
symptom = "AttributeError: no anchor"
cause = { zh = "没有锚。", en = "There is no anchor." }
since = { zh = "1.11.0b1 或更早", en = "1.11.0b1 or earlier" }
repair = { zh = "重写这一步。", en = "Write the step anew." }
shows = ["$B.start(1)"]
"""
CATALOGUE = "docs/locales/zh/LC_MESSAGES/fleet.po"
TRANSLATED = 'msgid "There are **12 boats**."\nmsgstr "有 **12 条船**。"\n'
HEAD = 'msgid ""\nmsgstr "Language: zh\\n"\n\n'
TEXT = """There are **12 boats**.

```python
import boats, sails

boats.moor()
boats.start(1)
```
"""
NOTEBOOK = ["There are 12 boats.", "import boats, sails", "boats.moor()", "boats.start(1)"]


def notebook(*sources: str) -> str:
    """A notebook of prose and then code, which has put something out."""
    shown = {"output_type": "stream", "name": "stdout", "text": ["splash\n"]}
    code = {"cell_type": "code", "metadata": {}, "outputs": [shown], "execution_count": 1}
    prose = {"cell_type": "markdown", "metadata": {}, "source": sources[0]}
    cells = [prose, *({**code, "source": source} for source in sources[1:])]
    content = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(content, indent=1)


FILES = {
    "docs/a.ipynb": notebook(*NOTEBOOK),
    "docs/guide/b.ipynb": notebook("# B", "boats.start(1)\nboats.moor()"),
    "docs/guide/c.ipynb": notebook("# C", "boats.moor()", "boats.start(1)"),
    "docs/d.rst": "D\n=\n\n.. code-block:: python\n\n   boats.moor()\n",
    "docs/e.md": "```python\nboats.moor()\nthe rest is missing\n```\n",
    "docs/fleet.md": TEXT,
    CATALOGUE: HEAD + TRANSLATED,
    "README.md": TEXT,
}
REPAIRED = {
    "docs/a.ipynb": notebook(
        NOTEBOOK[0].replace("12", "13"),
        f"%pip install sails\n\n{NOTEBOOK[1]}",
        "if boats.harbour():\n    boats.moor()",
        NOTEBOOK[3],
    ),
    "docs/guide/b.ipynb": FILES["docs/guide/b.ipynb"],
    "docs/guide/c.ipynb": FILES["docs/guide/c.ipynb"].replace(
        "boats.moor()", "if boats.harbour():\\n    boats.moor()"
    ),
    "docs/d.rst": FILES["docs/d.rst"].replace(
        "   boats.moor()", "   if boats.harbour():\n       boats.moor()"
    ),
    "docs/e.md": FILES["docs/e.md"],
    "docs/fleet.md": TEXT.replace("12", "13").replace(
        "boats.moor()", "if boats.harbour():\n    boats.moor()"
    ),
    CATALOGUE: HEAD + TRANSLATED.replace("12", "13"),
    "README.md": TEXT,
}


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    alone(tmp_path, monkeypatch)
    folder = tmp_path / "ledgers" / environment.DEFAULT
    folder.mkdir(parents=True)
    (folder / ledger.FILE_NAME).write_text(LEDGER)
    monkeypatch.setattr(ledger, "FOLDER", folder.parent)
    commit(tmp_path / "upstream", "v1.11.0b1", dict(FILES))
    return tmp_path / "upstream"


def patched(upstream: Path, *names: str, clear: bool = False) -> tuple[bytes, ExitCode, str, str]:
    """The patch, its exit code, what was said of it, and its summary."""
    said, summary = StringIO(), upstream.with_name("summary.md")
    wanted = PagesWanted(names, str(upstream), None, None, clear)
    content, code = patch_pages.make(wanted, Console(file=said), summary=summary, quiet=True)
    return content, code, said.getvalue(), summary.read_text()


def applied(upstream: Path, content: bytes) -> dict[str, str]:
    """The files of a clean clone after the patch."""
    clone, file = upstream.with_name("clone"), upstream.with_name("repairs.patch")
    git(upstream.parent, "clone", "--quiet", str(upstream), str(clone))
    file.write_bytes(content)
    git(clone, "apply", "--check", str(file))
    git(clone, "apply", str(file))
    return {path: (clone / path).read_text() for path in FILES}


def test_all_pages_are_repaired_and_nothing_else_changes(upstream: Path) -> None:
    content, code, said, _ = patched(upstream, "all")
    assert applied(upstream, content) == REPAIRED
    assert code is ExitCode.VERIFIED
    head = git(upstream, "rev-parse", "HEAD")[:12]
    assert said == (
        f"v1.11.0b1, commit {head}, by the ledger of {environment.DEFAULT}: "
        "pages that change: 4 of 6, files: 5.\n"
        "  moor-first: repaired, pages: 4, places: 4.\n"
        "  thirteen: repaired, pages: 2, places: 2.\n"
        "  sails-missing: repaired, pages: 1, places: 1.\n"
        "  Read again, the patched pages show nothing that was repaired.\n"
        "  Stored outputs are kept, also those of repaired cells: 3.\n"
    )


def test_a_patched_documentation_shows_none_of_them(upstream: Path) -> None:
    files = applied(upstream, patched(upstream, "all")[0])
    known = ledger.read(environment.DEFAULT).errata
    for path in ("docs/a.ipynb", "docs/d.rst", "docs/guide/c.ipynb"):
        assert showing.on_page(known, page_patch.read(path, FILES[path]), path)
        assert not showing.on_page(known, page_patch.read(path, files[path]), path)


@pytest.mark.parametrize(
    ("names", "changed"),
    [
        (["docs/guide"], {"docs/guide/c.ipynb"}),
        (["docs/guide/b.ipynb"], set()),
        (["docs/*.rst", "docs/fleet.md"], {"docs/d.rst", "docs/fleet.md", CATALOGUE}),
    ],
)
def test_some_pages_are_named_as_in_a_run(
    upstream: Path, names: list[str], changed: set[str]
) -> None:
    content, _, _, _ = patched(upstream, *names)
    found = {line[6:] for line in content.decode().splitlines() if line.startswith("+++ b/")}
    assert found == changed


def test_of_few_pages_places_are_told(upstream: Path) -> None:
    _, _, said, _ = patched(upstream, "docs/a.ipynb", "docs/fleet.md")
    assert said.partition("\n")[2].startswith(
        "  docs/a.ipynb:\n"
        "    moor-first: repaired in cell 2.\n"
        "    sails-missing: repaired in cell 1.\n"
        "    thirteen: repaired in cell 0.\n"
        "  docs/fleet.md:\n"
        "    moor-first: repaired in line 6.\n"
        "    thirteen: repaired in line 1.\n"
        f"    {CATALOGUE}: changes with it.\n"
    )


def test_the_summary_tells_each_defect_in_both_languages(upstream: Path) -> None:
    _, _, _, summary = patched(upstream, "all")
    english, _, chinese = summary.partition("\n---\n")
    assert english.startswith("# Known defects of the tutorials: v1.11.0b1, commit ")
    assert (
        "\n## `thirteen`: 2 pages\n\n"
        "- **Symptom**: There are 13 boats.\n"
        "- **Cause**: A slip.\n"
        "- **Since**: first publication\n"
        "- **Repair**: Say 13.\n\n"
        "- `docs/a.ipynb`, cell 0\n"
        "- `docs/fleet.md`, line 1\n"
    ) in english
    assert "- **Since**: 1\\.11.0b1 or earlier\n" in english
    assert "\n## `thirteen`: 2 个页面\n" in chinese
    assert "- **修正**: 改为 13。\n" in chinese


def test_what_cannot_follow_is_left_out_and_said(upstream: Path) -> None:
    commit(upstream, "", {CATALOGUE: HEAD + TRANSLATED.replace("12 条", "十二条")})
    git(upstream, "tag", "--force", "v1.11.0b1")
    content, code, said, summary = patched(upstream, "docs/fleet.md")
    why = f"{CATALOGUE}: line 5: the translation has no “12 条船”"
    assert code is ExitCode.USAGE
    assert f"  docs/fleet.md: thirteen: {why}.\n" in said
    assert "Read again" not in said
    assert "**Not repaired**" in summary
    assert (b"13 boats" in content, b"harbour" in content) == (False, True)


def test_what_no_rewriting_mends_is_told_and_nobody_is_at_fault(upstream: Path) -> None:
    file = ledger.FOLDER / environment.DEFAULT / ledger.FILE_NAME
    file.write_text(LEDGER + BY_HAND)
    content, code, said, summary = patched(upstream, "docs/guide")
    assert code is ExitCode.VERIFIED
    told = "to be mended by hand, which no patch does, on docs/guide/b.ipynb, docs/guide/c.ipynb"
    assert f"  no-anchor: {told}.\n" in said
    assert "\n- `docs/guide/b.ipynb`: to be mended by hand\n" in summary
    assert "\n- `docs/guide/b.ipynb`: 须手工修正\n" in summary
    assert b"anchor" not in content


def test_a_page_that_is_none_is_said_and_the_others_are_patched(upstream: Path) -> None:
    commit(upstream, "v2", {"docs/guide/b.ipynb": "{}", "docs/guide/e.md": b"\xff"})
    wanted = PagesWanted(("docs/guide",), str(upstream), "v2", None)
    said = StringIO()
    content, code = patch_pages.make(wanted, Console(file=said), summary=None)
    assert code is ExitCode.USAGE
    assert "  docs/guide/b.ipynb: left alone, " in said.getvalue()
    assert "  docs/guide/e.md: left alone, " in said.getvalue()
    assert b"docs/guide/c.ipynb" in content


def test_stored_outputs_go_if_asked(upstream: Path) -> None:
    content, _, said, _ = patched(upstream, "docs/a.ipynb", clear=True)
    cells = json.loads(applied(upstream, content)["docs/a.ipynb"])["cells"][1:]
    assert [(cell["outputs"], cell["execution_count"]) for cell in cells] == [([], None)] * 3
    assert "  Stored outputs are removed.\n" in said


def test_the_summary_lies_beside_the_patch(upstream: Path, tmp_path: Path) -> None:
    out = tmp_path / "repairs.patch"
    of = ("--upstream", str(upstream), "--ref", "v1.11.0b1")
    done = CliRunner().invoke(app.app, ["patch", "all", *of, "--out", str(out)])
    assert done.exit_code == ExitCode.VERIFIED
    assert applied(upstream, out.read_bytes()) == REPAIRED
    assert (tmp_path / "repairs.md").read_text().startswith("# Known defects of the tutorials")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["all", "--outputs", "renew"], id="outputs of no run"),
        pytest.param(["docs/none.md"], id="a page that is none"),
        pytest.param(["small", "--summary", "summary.md"], id="a summary of a document"),
    ],
)
def test_what_does_not_go_together_is_bad_input(upstream: Path, arguments: list[str]) -> None:
    of = ("--upstream", str(upstream), "--ref", "v1.11.0b1")
    assert CliRunner().invoke(app.app, ["patch", *arguments, *of]).exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("errata", "repaired"),
    [
        (ErrataWanted(only=["thirteen"]), {"13 boats": True, "harbour()": False}),
        (ErrataWanted(skip=["thirteen"]), {"13 boats": False, "harbour()": True}),
        (ErrataWanted(only=["thirteen", "moor-first"]), {"13 boats": True, "harbour()": True}),
    ],
)
def test_only_the_errata_that_are_wanted_are_repaired(
    upstream: Path, errata: ErrataWanted, repaired: dict[str, bool]
) -> None:
    wanted = PagesWanted(("all",), str(upstream), None, None, errata=errata)
    content, code = patch_pages.make(wanted, Console(file=StringIO()), summary=None, quiet=True)
    assert code is ExitCode.VERIFIED
    files = applied(upstream, content)
    text = "".join(files[path] for path in FILES if path != "README.md")
    assert {what: what in text for what in repaired} == repaired


@pytest.mark.parametrize(
    ("errata", "says"),
    [
        (ErrataWanted(only=["thirten"]), "thirten: no such erratum here; a near one is thirteen."),
        (ErrataWanted(skip=["x"]), "x: no such erratum here; known: moor-first, sails-missing, "),
        (
            ErrataWanted(skip=["moor-first", "sails-missing", "thirteen"]),
            "--skip: leaves no erratum to be repaired.",
        ),
    ],
)
def test_an_erratum_that_is_none_is_bad_input(
    upstream: Path, errata: ErrataWanted, says: str
) -> None:
    wanted = PagesWanted(("all",), str(upstream), None, None, errata=errata)
    with pytest.raises(UsageError, match=f"^{re.escape(says)}"):
        patch_pages.make(wanted, Console(file=StringIO()), summary=None, quiet=True)


def test_a_release_without_a_ledger_is_bad_input(upstream: Path) -> None:
    wanted = PagesWanted(("all",), str(upstream), None, "secretflow-1.10.0b1")
    with pytest.raises(UsageError, match="its ledger has no errata"):
        patch_pages.make(wanted, Console(file=StringIO()), summary=None)
