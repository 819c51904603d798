"""What others take into their own CI: the action's shell steps are carried out, as GitHub does."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests import PROJECT, commands
from tests.repositories import alone, commit, git
from verify.page import reader

ACTION = PROJECT / ".github" / "actions" / "check"
EXAMPLE = PROJECT / "docs" / "examples" / "docs-verify.yml"
HOOKS = PROJECT / ".pre-commit-hooks.yaml"
KNOWN = "# A page\n\nSee [that](missing.md).\n"
NEW = f"{KNOWN}\nAnd [this](gone.md).\n"


def read(file: Path) -> Any:
    return yaml.safe_load(file.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Ended:
    """How a job ended, what its log shows, and what it leaves."""

    code: int
    log: str
    summary: str
    sarif: dict[str, Any] | None


@dataclass(frozen=True)
class Runner:
    """A runner of GitHub's, as far as steps of shell notice: folders, variables, inputs."""

    workspace: Path
    temp: Path

    def run(self, given: dict[str, str], *steps: str) -> Ended:
        """Carry out these steps of the action in the workspace."""
        action = read(ACTION / "action.yml")
        inputs = {name: one["default"] for name, one in action["inputs"].items()}
        assert given.keys() <= inputs.keys()
        self.temp.mkdir(exist_ok=True)
        summary, output = self.temp / "summary.md", self.temp / "output.txt"
        code, log = 0, ""
        values = {f"inputs.{name}": value for name, value in (inputs | given).items()}
        values["steps.python.outputs.python-path"] = sys.executable
        variables = {
            "GITHUB_ACTION_PATH": str(ACTION),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(output),
            "RUNNER_TEMP": str(self.temp),
        }
        for step in (one for one in action["runs"]["steps"] if one.get("id") in steps):
            assert step["shell"] == "bash"
            filled = {
                name: re.sub(r"\$\{\{ (.+?) \}\}", lambda m: values[m[1]], value)
                for name, value in step["env"].items()
            }
            script = self.temp / "step.sh"
            script.write_text(step["run"], encoding="utf-8")
            done = subprocess.run(
                ("bash", "--noprofile", "--norc", "-eo", "pipefail", script),
                cwd=self.workspace,
                env=os.environ | variables | filled,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            code, log = done.returncode, log + done.stdout + done.stderr
        told = re.findall("sarif=(.+)", output.read_text("utf-8")) if output.exists() else []
        return Ended(
            code,
            log,
            summary.read_text("utf-8") if summary.exists() else "",
            json.loads(Path(told[0]).read_text("utf-8")) if told else None,
        )


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of which a pull request changes one page, as it is merged to be tested."""
    alone(tmp_path, monkeypatch)
    folder = tmp_path / "upstream"
    commit(folder, "", {"docs/a.md": KNOWN, "docs/b.md": KNOWN, "docs/conf.py": ""})
    git(folder, "switch", "--quiet", "--create", "change")
    commit(folder, "", {"docs/a.md": NEW, "docs/it's; a page.md": NEW})
    git(folder, "switch", "--quiet", "main")
    git(folder, "merge", "--quiet", "--no-ff", "--message=merged", "change")
    return folder


@pytest.fixture
def runner(tmp_path: Path, upstream: Path) -> Runner:
    """A shallow clone, as the example's first step makes it, with the tool that we are."""
    depth = steps_of(EXAMPLE, "changed")[0]["with"]["fetch-depth"]
    workspace = tmp_path / "workspace"
    git(tmp_path, "clone", "--quiet", f"--depth={depth}", upstream.as_uri(), str(workspace))
    programs = tmp_path / "temp" / "docs-verify" / "bin"
    programs.mkdir(parents=True)
    (programs / "docs-verify").symlink_to(Path(sys.prefix, "bin", "docs-verify"))
    return Runner(workspace, tmp_path / "temp")


def steps_of(workflow: Path, job: str) -> list[dict[str, Any]]:
    return list(read(workflow)["jobs"][job]["steps"])


@pytest.mark.slow
def test_the_pages_that_a_pull_request_changes_are_annotated(runner: Runner) -> None:
    ended = runner.run({}, "check")
    assert ended.code == 1
    annotated = re.findall(r"^::error file=(.+?),line=(\d+)", ended.log, re.MULTILINE)
    assert sorted(annotated) == [
        ("docs/a.md", "3"),
        ("docs/a.md", "5"),
        ("docs/it's; a page.md", "3"),
        ("docs/it's; a page.md", "5"),
    ]
    assert "b.md" not in ended.summary
    assert ended.summary.count("\n| docs/") == 4
    assert ended.sarif
    assert len(ended.sarif["runs"][0]["results"]) == 4


@pytest.mark.slow
def test_all_pages_are_checked_where_no_commit_is_named(runner: Runner) -> None:
    assert "file=docs/b.md" in runner.run({"since": ""}, "check").log


@pytest.mark.slow
def test_what_the_baseline_has_fails_nobody(runner: Runner) -> None:
    docs = runner.workspace / "docs"
    for page in docs.glob("*.md"):
        page.write_text(KNOWN)
    tool = runner.temp / "docs-verify" / "bin" / "docs-verify"
    command = (tool, "check", "docs", "--env", "none", "--baseline", "docs/known.json")
    subprocess.run(command, cwd=runner.workspace, check=True, capture_output=True)
    assert runner.run({"baseline": "docs/known.json"}, "check").code == 0
    (docs / "a.md").write_text(NEW)
    ended = runner.run({"baseline": "docs/known.json"}, "check")
    assert (ended.code, ended.log.count("::error")) == (1, 1)


@pytest.mark.slow
def test_a_baseline_that_is_not_there_is_no_green_run(runner: Runner) -> None:
    ended = runner.run({"baseline": "docs/known.json", "since": ""}, "check")
    assert (ended.code, "::error::The baseline is not there" in ended.log) == (2, True)
    assert not (runner.workspace / "docs" / "known.json").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"fail-on": "never", "root": "docs", "paths": "docs/a.md\n\ndocs/it's; a page.md\n"}, 0),
        ({"select": "spelling,broken-link", "ignore": "broken-link"}, 0),
        ({"since": "nothing"}, 2),
        ({"paths": "nowhere"}, 2),
    ],
)
def test_each_input_arrives(runner: Runner, given: dict[str, str], code: int) -> None:
    ended = runner.run(given, "check")
    assert ended.code == code, ended.log


@pytest.mark.slow
def test_no_input_is_carried_out(runner: Runner) -> None:
    trap = "$(touch ran)`touch ran`;touch ran;'\"touch ran"
    (runner.workspace / trap).write_text("{}")
    names = read(ACTION / "action.yml")["inputs"]
    ended = runner.run(dict.fromkeys(names, trap), "check")
    assert (ended.code, "--root: $(touch" in ended.log) == (2, True), ended.log
    assert not list(runner.workspace.glob("**/ran"))


def test_the_shell_of_every_action_is_clean() -> None:
    for file in ACTION.parent.glob("*/action.yml"):
        for step in read(file)["runs"]["steps"]:
            if "run" in step:
                command = (Path(sys.prefix, "bin", "shellcheck"), "--shell=bash", "-")
                done = subprocess.run(
                    command, input=step["run"], capture_output=True, text=True, check=False
                )
                assert done.returncode == 0, done.stdout


def test_the_example_asks_the_action_for_what_it_has_and_gets_no_more_than_it_needs() -> None:
    inputs = read(ACTION / "action.yml")["inputs"]
    ours = "".join(file.read_text("utf-8") for file in PROJECT.glob(".github/**/*.yml"))
    workflow = read(EXAMPLE)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow[True]  # to YAML 1.1, `on` is a truth value
    writes = {"changed": set(), "all": {"security-events"}}
    assert workflow["jobs"].keys() == writes.keys()
    for name, job in workflow["jobs"].items():
        may = {scope for scope, how in job["permissions"].items() if how == "write"}
        assert may == writes[name]
        checkout, checked = job["steps"]
        assert checkout["uses"] in ours  # the same commit as our own workflows'
        assert checkout["with"]["persist-credentials"] is False
        path = f"secretflow-docs-verify/{ACTION.relative_to(PROJECT).as_posix()}@"
        assert path in checked["uses"]
        assert checked["with"].keys() <= inputs.keys()


def test_the_hook_is_a_command_of_ours() -> None:
    (hook,) = read(HOOKS)
    program, *arguments = [*str(hook["entry"]).split(), *map(str, hook["args"])]
    assert program == "docs-verify"
    commands.assert_known(program, " ".join(arguments))
    for name in (*reader.SUFFIXES, ".po"):
        assert re.search(hook["files"], f"docs/page{name}")


@pytest.mark.slow
def test_the_action_installs_what_it_runs(runner: Runner) -> None:
    shutil.rmtree(runner.temp / "docs-verify")
    ended = runner.run({}, "install", "check")
    assert (ended.code, "::error file=docs/a.md" in ended.log) == (1, True), ended.log
