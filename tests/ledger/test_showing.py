"""Where errata show follows from the page: from what their repairs find, and from nothing else."""

from pathlib import Path
from typing import Any

import pytest

from tests.bilingual import words
from verify.ledger import showing
from verify.ledger.erratum import KnownErratum
from verify.page import reader, text_cells
from verify.page.page import Page

TEXT = {"id": "x", "symptom": "y"} | dict.fromkeys(("cause", "since", "repair"), words("z"))
STOP = [{"find": "$SF.stop()", "replace": "$SF.stop(1)"}]


def page(*cells: str) -> Page:
    return reader.of_text("\n\n".join(f"# %%\n{cell}" for cell in cells), Path("page.py"))


def cells(notebook: Page, *, path: str = "docs/page.py", **fields: Any) -> list[list[int]]:
    said = {"symptom": words("y")} if fields.get("kind") == "text" else {}
    known = KnownErratum.model_validate({**TEXT, **said, **fields})
    return [erratum.cells for erratum in showing.on_page([known], notebook, path)]


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (("sf.stop()", "sf.init()", "sf.stop()"), [[0]]),
        (("sf.stop(); sf.init()", "sf.stop()"), [[0]]),
        (("sf.init(); sf.stop()",), []),
        (("sf.stop()", "model.init()", "sf.stop()"), [[0, 2]]),
        (("x = 1",), []),
    ],
)
def test_it_shows_only_before_what_ends_it(sources: tuple[str, ...], found: list[Any]) -> None:
    assert cells(page(*sources), apply=STOP, until=["sf.init($$$)"]) == found


STOPS = "sf.shutdown()\nsf.init(['a'])"
START = "import secretflow as sf\nsf.init(['a'])"


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        ((START, "sf.shutdown()"), []),
        ((START, START.replace("sf.", "sf.shutdown()\nsf.", 1)), [[3]]),  # a script of its own
        ((START, "sf.shutdown()\nsf.init(['a'])"), []),
        ((START.replace("['a']", "['a'], 'ip:port'"), f"import secretflow as sf\n{STOPS}"), [[3]]),
    ],
)
def test_in_a_text_each_script_has_its_own_end(sources: tuple[str, ...], found: list[Any]) -> None:
    written = "# P\n\n" + "\n\n".join(f"```python\n{source}\n```" for source in sources)
    text = text_cells.with_cells(reader.of_text(written, Path("page.md")))
    edits = [{"find": "$SF.shutdown()", "replace": "$SF.shutdown(1)"}]
    assert cells(text, apply=edits, until=["sf.init($$$)"], path="page.md") == found


def test_it_shows_only_beside_what_it_goes_with() -> None:
    notebook = page("Dense(10)  # ten classes", "Dense(n)  # ten classes", "# ten classes")
    words = [{"find": "ten classes", "replace": "classes"}]
    assert cells(notebook, apply=words, kind="text", beside="Dense(10)") == [[0]]
    assert cells(notebook, apply=words, kind="text") == [[0, 1, 2]]


def test_it_shows_only_on_pages_of_its_paths() -> None:
    notebook = page("sf.stop()")
    assert cells(notebook, apply=STOP, pages=["docs/*.py"]) == [[0]]
    assert cells(notebook, apply=STOP, pages=["docs/other/*"]) == []


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (("x = 1", "import plots.tools", "import plots"), [[1]]),
        (("%pip install plots-lib", "import plots"), []),
        (("import splots",), []),
    ],
)
def test_a_package_is_missed_where_it_is_imported_first(
    sources: tuple[str, ...], found: list[Any]
) -> None:
    lacking = [{"install": "plots-lib", "module": "plots"}]
    assert cells(page(*sources), apply=lacking) == found


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (("!pip install -q kit==1", "x = 1", "import kit.tools"), [[2]]),
        (("# pip install kit==1", "import kit"), [[1]]),
        (("!pip install kit==2", "import kit"), []),
        (("!pip install kit", "import kit"), []),
        (("import kit",), []),
        (("!pip install kit==1",), []),
    ],
)
def test_another_version_is_wanted_where_the_page_imports_what_it_asks_for(
    sources: tuple[str, ...], found: list[Any]
) -> None:
    instead = [{"install": "kit==2 glue", "instead": "kit==1", "module": "kit"}]
    assert cells(page(*sources), apply=instead) == found


MOVED = {"was": "old.scaling", "names": ["Scaler"], "now": "new"}


@pytest.mark.parametrize(
    ("source", "becomes"),
    [
        ("from old.scaling import Scaler", "from new import Scaler"),
        ("from old.scaling.parts import Scaler as S", "from new import Scaler as S"),
        (
            "from old.scaling import (\n    Other,\n    Scaler,\n)",
            "from old.scaling import Other\nfrom new import Scaler",
        ),
        (
            "if x:\n    from old.scaling import Scaler, Other\n    y = 1",
            "if x:\n    from old.scaling import Other\n    from new import Scaler\n    y = 1",
        ),
        ("from old.scaling import Other", None),
        ("from old.scalings import Scaler", None),
        ("from .old.scaling import Scaler", None),
    ],
)
def test_names_that_moved_are_imported_from_their_new_home(
    source: str, becomes: str | None
) -> None:
    notebook = page(source)
    known = KnownErratum.model_validate({**TEXT, "apply": [{"moved": MOVED}]})
    found = showing.on_page([known], notebook, "page.py")
    assert bool(found) is (becomes is not None)
    assert showing.repaired(found, notebook).cells[0].source == (becomes or source)


def test_a_renamed_module_is_renamed_with_its_parts() -> None:
    notebook = page("from a.privacyacy.tf import DP", "from a.privacy.tf import DP")
    renamed = {"was": "a.privacyacy", "now": "a.privacy"}
    known = KnownErratum.model_validate({**TEXT, "apply": [{"moved": renamed}]})
    found = showing.on_page([known], notebook, "page.py")
    assert [erratum.cells for erratum in found] == [[0]]
    sources = [cell.source for cell in showing.repaired(found, notebook).cells]
    assert sources == ["from a.privacy.tf import DP"] * 2
