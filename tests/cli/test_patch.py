"""The ledger's repairs as a patch: git applies it, and all else stays byte for byte."""

import json
from dataclasses import dataclass, replace
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.bilingual import in_both
from tests.documents.folder import ENVIRONMENTS, DocumentFolder
from tests.repositories import alone, commit, git
from verify.cli import patch as cli_patch
from verify.cli.errata_wanted import ErrataWanted
from verify.contract import contract
from verify.environment import environment
from verify.errors import ExitCode, UsageError
from verify.report.formats import Outputs

PAGE = r"""{
  "metadata": {"b": 1, "a": 2.0 },
  "nbformat": 4, "nbformat_minor": 5,
  "cells": [
    {"cell_type": "markdown", "metadata": {}, "source": ["# Ships\n", "There are 12 ships.  "]},
    {"metadata": {}, "cell_type": "code", "source": [
      "import ships  # 12 of them\n",
      "fleet = ships.build(\n",
      "    size=12,\n",
      "    sink=True,\n",
      ")"
    ], "outputs": [{"output_type": "stream", "name": "stdout", "text": "12 ships\u001b"}],
    "execution_count": 3},
    {"cell_type": "code", "metadata": {}, "source": "fleet.list\nprint('é')",
     "execution_count": null, "outputs": []}
  ]
}"""

ERRATA = in_both("""
[[errata]]
id = "no-ships"
symptom = "ModuleNotFoundError: No module named 'ships'"
cause = "c"
since = "v0"
repair = "r"
apply = [{ install = "ships" }]

[[errata]]
id = "sinks"
kind = "text"
symptom = "It sinks."
cause = "c"
since = "v0"
repair = "r"
apply = [{ find = "$S.build($$$A, sink=True)", replace = "$S.build($$$A, sink=False)" }]

[[errata]]
id = "twelve"
kind = "text"
symptom = "There are 13."
cause = "c"
since = "v0"
repair = "r"
apply = [{ find = "12 ships", replace = "13 ships" }, { find = "12 of", replace = "13 of" }]

[[errata]]
id = "by-call"
symptom = "TypeError: no list"
cause = "c"
since = "v0"
repair = "r"
apply = [{ find = "$F.list", replace = "$F.list()" }]
""")

REPAIRED = (
    PAGE.replace("There are 12 ships.  ", "There are 13 ships.  ")
    .replace(
        '"import ships  # 12',
        '"%pip install ships\\n",\n      "\\n",\n      "import ships  # 13',
    )
    .replace("sink=True", "sink=False")
    .replace(r"fleet.list\n", r"fleet.list()\n")
)

CATALOGUE = "locale/la/LC_MESSAGES/page.po"
HEAD = 'msgid ""\nmsgstr "Language: la\\n"\n\n'
ENTRY = 'msgid "There are 12 ships."\nmsgstr ""\n"Sunt 12 "\n"naves."\n'


@dataclass(frozen=True)
class Ledger:
    """A page, its ledger, and patches of it."""

    documents: DocumentFolder
    wanted: cli_patch.PatchWanted

    @property
    def file(self) -> Path:
        return self.documents.root / "repairs.patch"

    def patch(self, ref: str = "v0", source: Path | None = None) -> tuple[ExitCode, str]:
        """Make the patch; what was said of it."""
        said = StringIO()
        known = contract.read(self.documents.tutorials / "small" / contract.FILE_NAME)
        code = cli_patch.make(
            [known],
            str(source or self.documents.upstream),
            ref,
            self.wanted,
            to=self.file,
            console=Console(file=said),
        )
        return code, said.getvalue()

    def applied(self, ref: str = "v0", name: str = "page.ipynb") -> str:
        """A file of the official repository once git has applied the patch to it."""
        clone = self.documents.upstream
        git(clone, "checkout", "--quiet", "--force", ref)
        if self.file.read_bytes():
            git(clone, "apply", str(self.file))
        return (clone / name).read_bytes().decode()


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    alone(tmp_path, monkeypatch)
    monkeypatch.setattr(environment, "FOLDER", ENVIRONMENTS)
    documents = DocumentFolder(tmp_path)
    documents.write(more=ERRATA, begins=1, build="pass", show="pass")
    commit(documents.upstream, "v0", {"page.ipynb": PAGE, "other.md": "a\r\n"})
    documents.pin()
    return Ledger(documents, cli_patch.PatchWanted(Outputs.KEEP, documents.out, "embedded"))


def test_a_page_is_repaired_and_nothing_else_changes(ledger: Ledger) -> None:
    code, said = ledger.patch()
    assert ledger.applied() == REPAIRED
    assert code is ExitCode.VERIFIED
    commit_ = git(ledger.documents.upstream, "rev-parse", "v0^{commit}")
    assert said == (
        f"small: page.ipynb at v0, commit {commit_[:12]}: 4 of 4 errata are in the patch.\n"
        "  no-ships: repaired in cell 1.\n"
        "  sinks: repaired in cell 1.\n"
        "  twelve: repaired in cells 0, 1.\n"
        "  by-call: repaired in cell 2.\n"
        "  It has no catalogue of translations.\n"
        "  Stored outputs are kept, also those of repaired cells, which are of the source before.\n"
    )


def test_of_a_document_only_the_errata_that_are_wanted_are_repaired(ledger: Ledger) -> None:
    for errata, there in (
        (ErrataWanted(only=["twelve"]), {"13 ships": True, "sink=False": False}),
        (ErrataWanted(skip=["twelve"]), {"13 ships": False, "sink=False": True}),
    ):
        some = replace(ledger, wanted=replace(ledger.wanted, errata=errata))
        code, said = some.patch()
        assert code is ExitCode.VERIFIED, said
        assert ("twelve: repaired" in said) is there["13 ships"]
        page = some.applied()
        assert {what: what in page for what in there} == there
    wanted = replace(ledger.wanted, errata=ErrataWanted(only=["twelv"]))
    with pytest.raises(UsageError, match=r"^twelv: no such erratum here; a near one is twelve\.$"):
        replace(ledger, wanted=wanted).patch()


def test_a_file_keeps_its_line_ends_and_its_escapes(ledger: Ledger) -> None:
    text = PAGE.replace("\n", "\r\n").replace("é", "\\u00e9") + "\r\n"
    commit(ledger.documents.upstream, "v1", {"page.ipynb": text})
    assert ledger.patch("v1")[0] is ExitCode.VERIFIED
    repaired = REPAIRED.replace("\n", "\r\n").replace("é", "\\u00e9") + "\r\n"
    assert ledger.applied("v1") == repaired


def test_a_repaired_page_is_left_alone(ledger: Ledger) -> None:
    commit(ledger.documents.upstream, "v1", {"page.ipynb": REPAIRED})
    code, said = ledger.patch("v1")
    assert (code, ledger.file.read_bytes()) == (ExitCode.VERIFIED, b"")
    assert "0 of 4 errata are in the patch" in said
    assert said.count("left out, this page has it repaired.") == 4


def test_an_erratum_without_its_place_is_left_out_and_said(ledger: Ledger) -> None:
    text = PAGE.replace("sink=True", "sink=maybe")
    commit(ledger.documents.upstream, "v1", {"page.ipynb": text})
    code, said = ledger.patch("v1")
    assert code is ExitCode.USAGE
    assert "  sinks: left out, cell 1 holds nothing that its repair finds.\n" in said
    assert ledger.applied("v1") == REPAIRED.replace("sink=False", "sink=maybe")


def test_cells_are_found_where_they_have_moved(ledger: Ledger) -> None:
    more = '    {"cell_type": "markdown", "metadata": {}, "source": "12 ships sail."},\n'
    at = PAGE.index('    {"cell_type": "markdown"')
    commit(ledger.documents.upstream, "v1", {"page.ipynb": PAGE[:at] + more + PAGE[at:]})
    code, said = ledger.patch("v1")
    assert code is ExitCode.VERIFIED
    assert "  twelve: repaired in cells 1, 2.\n" in said
    assert ledger.applied("v1") == REPAIRED[:at] + more + REPAIRED[at:]


@pytest.mark.parametrize(
    ("translation", "becomes", "said"),
    [
        (ENTRY, ENTRY.replace("12", "13"), f"  {CATALOGUE}: changes with it.\n"),
        (
            ENTRY.replace("Sunt 12", "Sunt XII"),
            None,
            f"  twelve: left out, {CATALOGUE}: line 5: the translation has no “12 naves”.\n",
        ),
        (ENTRY.replace("There", "Those"), None, f"  {CATALOGUE}: has none of these texts.\n"),
    ],
)
def test_a_translation_changes_with_its_sentence_or_neither_does(
    ledger: Ledger, translation: str, becomes: str | None, said: str
) -> None:
    file = ledger.documents.tutorials / "small" / contract.FILE_NAME
    own = "replace = \"13 ships\", translated = { find = '12 naves', replace = '13 naves' }"
    file.write_text(file.read_text().replace('replace = "13 ships"', own))
    ledger.documents.pin()
    commit(ledger.documents.upstream, "v1", {CATALOGUE: HEAD + translation})
    _, told = ledger.patch("v1")
    assert said in told
    assert ledger.applied("v1", CATALOGUE) == HEAD + (becomes or translation)
    is_in = "twelve: left out" not in told
    assert ("There are 13" in ledger.applied("v1")) is is_in


def test_stored_outputs_go_if_asked(ledger: Ledger) -> None:
    ledger = replace(ledger, wanted=replace(ledger.wanted, outputs=Outputs.CLEAR))
    assert "  Stored outputs are removed.\n" in ledger.patch()[1]
    cells = json.loads(ledger.applied())["cells"]
    assert [(cell["outputs"], cell["execution_count"]) for cell in cells[1:]] == [([], None)] * 2


def executed(*tags: str) -> str:
    """The notebook of a run: a cell of ours before those of the page, and perhaps another."""
    own = [
        {"cell_type": "code", "metadata": {"tags": [tag]}, "outputs": [], "execution_count": 1}
        for tag in ("verify-probe", *tags)
    ]
    shown: list[dict[str, object]] = [
        {"name": "stdout", "output_type": "stream", "text": ["13 ships\n"]},
        {"data": {}, "execution_count": 2, "metadata": {}, "output_type": "execute_result"},
    ]
    page = json.loads(PAGE)["cells"]
    page[1] |= {"outputs": shown, "execution_count": 2}
    return json.dumps({"cells": [*own, *page]})


def test_stored_outputs_are_those_of_a_run_if_asked(ledger: Ledger) -> None:
    ledger = replace(ledger, wanted=replace(ledger.wanted, outputs=Outputs.RENEW))
    run = ledger.documents.out / "notebooks" / "small.published.embedded.ipynb"
    with pytest.raises(UsageError, match="no executed notebook to take outputs from"):
        ledger.patch()
    run.parent.mkdir(parents=True)
    run.write_text(executed("verify-erratum"))
    with pytest.raises(UsageError, match="take outputs from a run of the patched page"):
        ledger.patch()
    run.write_text(executed())
    assert "those of a run in profile embedded: as it is." in ledger.patch()[1]
    cells = json.loads(ledger.applied())["cells"]
    assert (cells[1]["outputs"][0]["text"], cells[1]["execution_count"]) == (["13 ships\n"], 1)
    assert [cells[1]["outputs"][1]["execution_count"], cells[2]["execution_count"]] == [1, 2]
    run.write_text(executed().replace("13 ships", "http://127.0.0.1:8/ships"))
    assert "  Read those of cell 1 first: they name folders" in ledger.patch()[1]


def test_a_folder_without_git_is_patched_too(ledger: Ledger, tmp_path: Path) -> None:
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "page.ipynb").write_text(PAGE)
    code, said = ledger.patch("now", folder)
    assert (code, said.partition("\n")[0]) == (
        ExitCode.VERIFIED,
        "small: page.ipynb at now: 4 of 4 errata are in the patch.",
    )
    assert ledger.applied() == REPAIRED
