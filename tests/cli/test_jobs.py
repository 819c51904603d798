"""The runs of a verification: which documents, editions and releases, the longest first."""

import json
from pathlib import Path

import pytest

from tests import sample_documents
from verify.cli import jobs
from verify.cli import matrix as cli_matrix
from verify.cli.jobs import Planned
from verify.contract.contract import Contract
from verify.contract.edition import Wanted
from verify.environment import environment
from verify.errors import UsageError
from verify.system import cache as store

OWN = "secretflow-1.11.0b1"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.ROOT_VARIABLE, str(tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def contracts() -> list[Contract]:
    return [sample_documents.read(name) for name in sample_documents.NAMES]


def planned(
    contracts: list[Contract],
    profile: str = "embedded",
    wanted: Wanted = Wanted.BOTH,
    env: str = "",
) -> list[Planned]:
    return jobs.of_documents(contracts, profile, wanted, env).include


def test_each_edition_that_there_is_gets_a_machine(contracts: list[Contract]) -> None:
    runs = planned(contracts)
    assert {(run.document, run.edition) for run in runs} == {
        (one.name, edition) for one in contracts for edition in one.editions
    }
    assert {run.environment for run in runs} == {OWN}
    assert {(run.edition.value, run.ref) for run in runs} == {
        ("corrected", ""),
        ("published", "v1.11.0b1"),
    }


def test_the_longest_begins_by_what_was_recorded_or_else_declared(
    contracts: list[Contract], cache: Path
) -> None:
    declared = planned(contracts)
    assert [run.expected_s for run in declared] == sorted(
        (run.expected_s for run in declared), reverse=True
    )
    last = declared[-1]
    whole = {"whole": 90_000.0, "steps": {}}
    took = {f"{last.document}.{last.edition.value}.embedded": whole}
    (cache / "durations.json").write_text(json.dumps(took))
    first = planned(contracts)[0]
    assert (first.document, first.expected_s) == (last.document, 90_000.0)
    assert first.timeout_minutes > 90_000 / 60 > last.timeout_minutes


def test_other_releases_run_the_page_as_they_have_it(contracts: list[Contract]) -> None:
    (one,) = (one for one in contracts if one.name == "pears")
    runs = planned([one], wanted=Wanted.PUBLISHED, env=jobs.OTHERS)
    assert {(run.environment, run.ref) for run in runs} == {
        (name, name.replace("secretflow-", "v")) for name in environment.names() if name != OWN
    }
    (named,) = planned([one], wanted=Wanted.CORRECTED, env="secretflow-1.12.0b0")
    assert (named.environment, named.ref) == ("secretflow-1.12.0b0", "")
    with pytest.raises(UsageError, match='no environment "secretflow-0"'):
        planned([one], env="secretflow-0")


def test_the_key_of_its_files_changes_with_recipe_and_lock(contracts: list[Contract]) -> None:
    keys = {
        (run.document, run.profile, run.environment): run.files
        for profile in ("embedded", "real")
        for env in ("", "secretflow-1.12.0b0")
        for run in planned(
            [one for one in contracts if profile in one.profiles], profile, Wanted.CORRECTED, env
        )
    }
    with_files = [key for key in keys.values() if key]
    assert keys["weather", "embedded", OWN] == ""
    other = "secretflow-1.12.0b0"
    assert keys["pears", "embedded", OWN] != keys["pears", "embedded", other]
    assert keys["pears", "real", OWN] == keys["pears", "real", other]
    assert len(set(with_files)) == 2 * 2 + 2  # downloads are the same in each release
    assert all(len(key) == 16 for key in with_files)


def test_documents_without_the_profile_are_left_out_and_named(
    contracts: list[Contract], capsys: pytest.CaptureFixture[str]
) -> None:
    cli_matrix.show(contracts, "quick", Wanted.CORRECTED, "")
    out, told = capsys.readouterr()
    able = [one.name for one in contracts if "quick" in one.profiles]
    assert [run["document"] for run in json.loads(out)["include"]] == able
    assert len(out.splitlines()) == 1
    assert told.splitlines() == [
        f"{one.name}: left out, for it has no profile quick."
        for one in contracts
        if one.name not in able
    ]
    with pytest.raises(UsageError, match="nothing to run: profile fast, edition both"):
        cli_matrix.show(contracts, "fast", Wanted.BOTH, "")
