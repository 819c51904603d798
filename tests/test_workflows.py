"""What GitHub is told to do, this project can do; and it is given no more than it needs."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import commands
from verify.environment import environment
from verify.history import durations
from verify.system import cache

GITHUB = Path(__file__).parent.parent / ".github"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
_WRITES = {
    "code-scanning": {"security-events"},
    "deploy": {"pages", "id-token"},
    "issue": {"issues"},
    "publish": {"pages", "id-token", "issues"},
}


def read(file: Path) -> dict[Any, Any]:
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for file in WORKFLOWS:
        for name, job in read(file)["jobs"].items():
            yield file.stem, name, job


def steps() -> Iterator[dict[str, Any]]:
    for _, _, job in jobs():
        yield from job.get("steps", ())
    for file in GITHUB.glob("actions/*/action.yml"):
        yield from read(file)["runs"]["steps"]


def used() -> list[tuple[str, str]]:
    return [found for step in steps() for found in commands.of_text(step.get("run", ""))]


@pytest.mark.parametrize(("program", "arguments"), used())
def test_a_command_of_ours_is_one(program: str, arguments: str) -> None:
    commands.assert_known(program, arguments)


def test_there_are_commands_to_look_at() -> None:
    found = {arguments.split()[0] for program, arguments in used() if program == "verify"}
    assert found == {"breaks", "check", "matrix", "report", "run", "site", "track"}


@pytest.mark.parametrize(
    ("workflow", "runs_in"),
    [("nightly", [environment.DEFAULT]), ("weekly", sorted(environment.names()))],
)
def test_every_page_runs_in_the_documented_release_and_each_week_in_all(
    workflow: str, runs_in: list[str]
) -> None:
    inputs = read(GITHUB / "workflows" / f"{workflow}.yml")["jobs"]["verify"]["with"]
    assert json.loads(inputs["pages"]) == runs_in
    called = read(GITHUB / "workflows" / "verify.yml")[True]["workflow_call"]["inputs"]
    assert called["ref"]["default"] == environment.DEFAULT.replace("secretflow-", "v")


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_a_workflow_may_do_nothing_of_itself(file: Path) -> None:
    workflow = read(file)
    events = workflow[True]  # to YAML 1.1, `on` is a truth value
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in events
    assert "workflow_run" not in events


def test_a_job_may_write_only_what_it_is_there_for() -> None:
    for workflow, name, job in jobs():
        writes = {scope for scope, may in job["permissions"].items() if may == "write"}
        assert writes == _WRITES.get(name, set()), f"{workflow}: {name}"
        assert "uses" in job or "timeout-minutes" in job, f"{workflow}: {name}"


def test_actions_are_pinned_and_leave_no_credentials() -> None:
    pins: dict[str, set[str]] = {}
    for file in GITHUB.rglob("*.yml"):
        for action, pin in re.findall(r"uses: ([^./\s][^@\s]*)(.*)", file.read_text("utf-8")):
            assert re.fullmatch(r"@[0-9a-f]{40} # v\d+\.\d+\.\d+", pin), f"{file}: {action}{pin}"
            pins.setdefault(action.partition("/cache")[0], set()).add(pin)
    assert all(len(versions) == 1 for versions in pins.values())
    for step in steps():
        if "actions/checkout@" in step.get("uses", ""):
            assert step["with"] == {"persist-credentials": False}
        assert "${{" not in step.get("run", "")


def test_what_reads_the_durations_looks_where_they_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / ".cache" / "secretflow-docs-verify"))
    paths = {
        step["with"]["path"]
        for step in steps()
        if "remembered" in str(step.get("with", {}).get("key"))
    }
    (pattern,) = paths
    kept = durations._file()
    assert kept.relative_to(tmp_path).match(pattern.removeprefix("~/"))
