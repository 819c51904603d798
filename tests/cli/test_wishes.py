"""What is asked of a run goes together, or is refused in a sentence before anything begins."""

from pathlib import Path

import pytest

from tests import sample_documents
from tests.cli.test_app import ask
from verify.cli.wishes import Wishes
from verify.contract import contract
from verify.contract.edition import Wanted
from verify.errors import ExitCode, UsageError
from verify.ledger import ledger
from verify.system import resources

BOTH = "contradict each other"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["run", "--quick", "--all"], f"--quick and --all {BOTH}"),
        (["run", "--quick", "--profile", "real"], f"--quick and --profile real {BOTH}"),
        (["run", "--quick", "docs/a.ipynb"], f"--quick and docs/a.ipynb {BOTH}"),
        (["run", "--all", "pears"], f"--all and pears {BOTH}"),
        (["run", "pears", "docs/a.ipynb"], "docs/a.ipynb: pages by path and documents by name"),
        (["run", "--accept"], "--accept writes down what runs of published pages propose"),
        (["run", "--accept", "-e", "corrected", "docs/a.md"], "--accept writes down what runs"),
        (["run", "--ref", "v1"], "--ref v1 is of published pages, and none is asked for"),
        (["run", "--plan", "-u", "no/where"], "no/where: neither a folder nor a git URL."),
        (["run", "--ray", "10.0.0.1:6379", "--fresh"], f"--ray and --fresh {BOTH}"),
        (["patch", "pears", "docs/a.ipynb"], "docs/a.ipynb: pages by path and documents by name"),
        (["patch", "--profile", "real"], "--run and --profile are of the run for --outputs renew"),
        (["patch", "--run", "build"], "--run and --profile are of the run for --outputs renew"),
        (["patch", "all", "--only", "a", "--skip", "b"], f"--only and --skip {BOTH}"),
        (["report", "--history", "h"], "--history is for the runs of output folders"),
        (["report", "--json", "--format", "sarif"], f"--json and --format sarif {BOTH}"),
    ],
)
def test_wishes_that_contradict_one_another_are_refused(arguments: list[str], says: str) -> None:
    code, out = ask(*arguments)
    assert code == ExitCode.USAGE
    assert out.startswith(says)
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    "wishes",
    [
        Wishes(quick=True, profile="quick"),
        Wishes(everything=True, profile="real"),
        Wishes(("pears",), edition=Wanted.PUBLISHED, ref="v1", accept=True),
        Wishes(("docs/a.ipynb", "docs/b"), ref="v1", accept=True),
        Wishes(("all",), edition=Wanted.PUBLISHED),
        Wishes(ray="10.0.0.1:6379"),
    ],
)
def test_wishes_that_go_together_are_not(wishes: Wishes) -> None:
    wishes.refuse()


def test_an_installed_ledger_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "FOLDER", resources.BUNDLED / "fixtures")
    with pytest.raises(UsageError, match="belongs to the installed tool"):
        Wishes(("all",), accept=True).refuse()


def test_of_documents_that_are_named_each_has_what_is_asked_for() -> None:
    pears, weather = (sample_documents.read(name) for name in ("pears", "weather"))
    published = Wishes(("pears", "weather"), edition=Wanted.PUBLISHED)
    with pytest.raises(UsageError, match=r"^weather has no published edition; leave that out"):
        published.fitting([pears, weather])
    assert Wishes(edition=Wanted.PUBLISHED).fitting([pears, weather]) == [pears]
    with pytest.raises(UsageError, match=r"^weather has no profile quick"):
        Wishes(("pears", "weather"), quick=True).fitting([pears, weather])
    assert Wishes(quick=True).fitting([pears, weather]) == [pears]
    with pytest.raises(UsageError, match="has no profile huge; known are: "):
        Wishes(profile="huge").fitting([pears])


@pytest.mark.parametrize("edition", [Wanted.CORRECTED, Wanted.BOTH])
def test_a_page_that_nobody_corrected_has_no_corrected_edition(
    tmp_path: Path, edition: Wanted
) -> None:
    folder = sample_documents.written("pears", tmp_path)
    (folder / "tutorial.py").unlink()
    alone = contract.read(folder / "contract.toml")
    path = str(alone.official.path)
    with pytest.raises(UsageError, match="no corrected edition"):
        Wishes((path,), edition=edition).fitting([alone])
    assert Wishes((path,)).fitting([alone]) == [alone]
