"""A step that broke for want of a package: nobody locked it, or no reader can have it."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from verify.environment import environment
from verify.environment.contents import Installed
from verify.environment.environment import Environment
from verify.evidence.evidence import StepRun
from verify.evidence.failure import Failure, Need
from verify.execute.failures import of_shell_line
from verify.execute.page_packages import PagePackages, lacking
from verify.finding import Verdict
from verify.page import reader

GLUE = {"time": 5.0, "what": "glue==2", "why": "it is not there", "conflict": False}
KIT = {"time": 5.0, "what": "kit==9", "why": "Because small has kit 1", "conflict": True}
FILE = {"time": 5.0, "what": "-r all.txt", "why": "only names are known", "conflict": False}
HOW = "glue==2 is not locked beside small: `docs-verify env small --extra 'glue==2'` adds it"
NEITHER = "kit==9 cannot be installed beside small: Because small has kit 1"
PIP = of_shell_line(1, "python -m pip install glue==2 kit==9")


def missing(name: str) -> Failure:
    raised = f"ModuleNotFoundError: No module named '{name}'"
    return Failure(Verdict.FAIL, f"the code raised {raised}", raised=raised)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A release that has kit 1; what is locked beside it conflicts, or is asked for by others."""
    monkeypatch.setattr(environment, "FOLDER", tmp_path)
    (tmp_path / "small.in").write_text("# python: 3.10\nkit\n")
    (tmp_path / "small.txt").write_text("kit==1\n")
    (tmp_path / "small").mkdir()
    (tmp_path / "small" / "kit-9.txt").write_text(
        "# install: kit==9\n# beside: 0\n# conflict: Because small has kit 1\n"
    )
    (tmp_path / "small" / "chalk.txt").write_text(
        "# install: chalk\n# beside: 0\n# other: Because kit is 1 in the lock\n"
    )
    return environment.locate("small")


def explained(
    small: Environment,
    scratch: Path,
    failure: Failure,
    *notes: Mapping[str, object],
    started: float = 4,
) -> Failure:
    (scratch / "installed").mkdir(exist_ok=True)
    lines = "".join(f"{json.dumps(note)}\n" for note in notes)
    (scratch / "installed" / "refused.jsonl").write_text(lines)
    beside = PagePackages(
        small, asked=["kit==9", "glue==2", "chalk"], at_first=["kit", "brush"], notify=print
    )
    run = beside.explained(StepRun("a", started, 1, "", failure), scratch, {"kit": ["kit"]})
    assert run.failure
    return run.failure


@pytest.mark.parametrize("failure", [PIP, missing("sticky")])
def test_what_nobody_locked_is_no_fault_of_the_page(
    small: Environment, tmp_path: Path, failure: Failure
) -> None:
    judged = explained(small, tmp_path, failure, GLUE)
    assert (judged.verdict, judged.needs) == (Verdict.ERROR, Need.PACKAGE)
    assert str(judged.sentence) == f"{HOW} ({failure.raised or failure.sentence})"


@pytest.mark.parametrize("failure", [PIP, missing("sticky")])
def test_what_no_reader_can_have_is_one(
    small: Environment, tmp_path: Path, failure: Failure
) -> None:
    judged = explained(small, tmp_path, failure, GLUE, KIT)
    assert (judged.verdict, judged.needs) == (Verdict.FAIL, None)
    assert str(judged.sentence) == f"{NEITHER} ({failure.raised or failure.sentence})"


def test_what_is_not_asked_for_by_its_name_is_said_as_it_is(
    small: Environment, tmp_path: Path
) -> None:
    judged = explained(small, tmp_path, PIP, FILE)
    assert judged.verdict is Verdict.ERROR
    assert str(judged.sentence).startswith("-r all.txt: only names are known (the shell line")


def test_what_goes_with_another_lock_is_no_fault_of_the_page(
    small: Environment, tmp_path: Path
) -> None:
    note = {"time": 5.0, "what": "chalk", "why": "Because kit is 1 in the lock", "conflict": False}
    judged = explained(small, tmp_path, missing("chalk"), note)
    assert (judged.verdict, judged.needs) == (Verdict.ERROR, Need.PACKAGE)
    how = "chalk goes with small, but not with what its lock holds: Because kit is 1 in the lock"
    assert str(judged.sentence).startswith(how)


@pytest.mark.parametrize(
    ("failure", "started"),
    [
        (missing("kit"), 4),  # the release has it
        (PIP, 6),  # another line failed than the one that was refused
        (of_shell_line(2, "make all"), 4),
        (Failure(Verdict.FAIL, "the code raised KeyError", raised="KeyError: 'pip'"), 4),
        (Failure(Verdict.FAIL, "", raised="ModuleNotFoundError: No module named 'kit.gone'"), 4),
        (Failure(Verdict.ERROR, "memory ran out", needs=Need.MEMORY), 4),
    ],
)
def test_other_failures_stay_as_they_are(
    small: Environment, tmp_path: Path, failure: Failure, started: float
) -> None:
    assert explained(small, tmp_path, failure, GLUE, KIT, started=started) == failure


def test_a_module_that_nobody_told_to_install_is_the_pages_fault(
    small: Environment, tmp_path: Path
) -> None:
    assert explained(small, tmp_path, missing("sticky")) == missing("sticky")


def test_pip_is_offered_what_is_locked_and_has_at_first_what_the_release_lacks(
    small: Environment,
) -> None:
    beside = PagePackages(
        small, asked=["kit==9", "glue==2"], at_first=["kit", "brush"], notify=print
    )
    assert beside.offers == {
        "kit==9": {"folder": "", "conflict": "Because small has kit 1", "other": "", "warning": ""}
    }
    assert beside.at_first == ["brush"]
    assert beside.folders == []


def test_a_page_lacks_what_neither_the_release_nor_its_prose_brings() -> None:
    has = Installed(
        requires={"kit": ["screws"], "screws": [], "glue": [], "paint": ["brush"], "brush": []}
        | {"ipykernel": ["traits"], "traits": []},
        providers={"sticky": ["glue"], "colour": ["paint"], "hair": ["brush"], "kit": ["kit"]},
        records={},
        marker_environment={},
    )
    page = reader.of_text(
        "# %% [markdown]\n# Run `pip install paint`.\n\n# %%\n%pip install glue\n", Path("page.py")
    )
    assert lacking(has, ["kit"], page) == {"glue": ["sticky"]}
