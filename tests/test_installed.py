"""What a wheel installs works by itself, from any folder, and changes nothing of itself."""

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uv

from tests import PROJECT
from tests.documents.folder import DocumentFolder
from tests.repositories import commit, git
from verify.system import cache, digests, resources

pytestmark = pytest.mark.slow

_LOCK = PROJECT / "fixtures" / "environments" / "tool.txt"
_TRAP = "raise SystemExit('a file of the current folder was loaded')\n"
_DIGEST = """
from verify.system import digests, resources
print(digests.of_folder(resources.PACKAGE, without=resources.BUNDLED))
"""


def run(*command: str | Path, cwd: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ = kept | {"COLUMNS": "300"} | variables
    return subprocess.run(
        command, cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=300
    )


def must(*command: str | Path, cwd: Path = PROJECT) -> str:
    done = run(*command, cwd=cwd)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@dataclass(frozen=True)
class Installed:
    """The tool in an environment of its own, called from a folder that lays traps for it."""

    prefix: Path
    elsewhere: Path

    def verify(self, *arguments: str | Path, **variables: str) -> tuple[int, str, str]:
        """Run the console script: exit code, standard output and error."""
        program = self.prefix / "bin" / "docs-verify"
        done = run(program, *arguments, cwd=self.elsewhere, **variables)
        return done.returncode, done.stdout, done.stderr

    def files(self) -> dict[str, str]:
        """What is installed of us, but for what Python compiled."""
        (site,) = self.prefix.glob("lib/python*/site-packages")
        found = [*site.glob("verify/**/*"), *site.glob("secretflow_docs_verify*/*")]
        files = (file for file in found if file.is_file() and file.suffix != ".pyc")
        return {str(file): digests.of_file(file) for file in files}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    must(sys.executable, "-m", "hatchling", "build", "-d", folder)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    top = tmp_path_factory.mktemp("installed")
    tool = Installed(top / "venv", top / "elsewhere")
    (wheel,) = built.glob("*.whl")
    must(uv.find_uv_bin(), "venv", "--quiet", "--python", sys.executable, tool.prefix)
    install = (uv.find_uv_bin(), "pip", "install", "--quiet", "--python", tool.prefix)
    must(*install, "--require-hashes", "-r", _LOCK)
    must(*install, "--no-deps", wheel)
    tool.elsewhere.mkdir()
    for name in ("conftest.py", "json.py", "verify.py"):
        (tool.elsewhere / name).write_text(_TRAP)
    (tool.elsewhere / "pytest.ini").write_text("[pytest]\naddopts = --nothing\n")
    before = tool.files()
    yield tool
    assert tool.files() == before


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))
    page = "# Pears\n\nSee [plums](plums.md) for what they occured to.\n"
    commit(tmp_path / "clone", "v0", {"docs/pears.md": page})
    return tmp_path / "clone"


def test_a_wheel_is_the_same_from_the_checkout_and_from_the_source_distribution(
    built: Path, tmp_path: Path
) -> None:
    (sdist,) = built.glob("*.tar.gz")
    (wheel,) = built.glob("*.whl")
    must("tar", "xzf", sdist, "-C", tmp_path)
    must(
        *(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path),
        cwd=tmp_path / sdist.name.removesuffix(".tar.gz"),
    )
    assert (tmp_path / wheel.name).read_bytes() == wheel.read_bytes()
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("fixtures", "tutorials"):
        tracked = must("git", "ls-files", folder).split()
        data = f"verify/data/{folder}/"
        assert {f"verify/data/{name}" for name in tracked} == {n for n in names if data in n}
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]


def test_a_receipt_names_the_same_tool(installed: Installed) -> None:
    out = must(installed.prefix / "bin" / "python", "-c", _DIGEST, cwd=installed.prefix)
    assert out.strip() == digests.of_folder(resources.PACKAGE)


def test_it_has_its_environments_and_documents(installed: Installed, clone: Path) -> None:
    code, out, _ = installed.verify("env")
    assert code == 0
    for sources in _LOCK.parent.glob("*.in"):
        assert f" {sources.stem} " in out
    code, out, _ = installed.verify("matrix", "--edition", "corrected")
    documents = {path.parent.name for path in PROJECT.glob("tutorials/*/contract.toml")}
    assert code == 0
    assert {run["document"] for run in json.loads(out)["include"]} <= documents
    # Its documents ask for their pages, which this clone does not have.
    code, _, said = installed.verify("patch", "--upstream", clone, "--ref", "v0")
    assert (code, "docs/tutorial/" in said) == (2, True)
    code, out, _ = installed.verify("pin", "--check", "--upstream", clone, "--ref", "v0")
    assert (code, "docs/tutorial/" in out) == (1, True)


def test_it_checks_and_brings_pages(installed: Installed, clone: Path) -> None:
    code, out, said = installed.verify("check", clone / "docs", "--env", "none", "--format", "json")
    assert code == 1, said
    assert {f["kind"] for f in json.loads(out)["findings"]} == {"broken-link", "spelling"}
    code, out, said = installed.verify("sync", "--upstream", clone, "--ref", "v0", "--quiet")
    assert (code, said) == (0, "")
    assert (Path(out.strip()) / "pears.md").is_file()


def test_it_does_not_change_its_own_documents_and_says_what_to_do(installed: Installed) -> None:
    code, _, said = installed.verify("pin")
    assert code == 2
    assert said.endswith("run this in a checkout, or name a folder of your own with --tutorials.\n")
    code, _, said = installed.verify("run", "nothing")
    assert code == 2
    assert said.startswith("nothing: no such document; known are: ")


def test_it_serves_documents_of_ones_own(installed: Installed, documents: DocumentFolder) -> None:
    cell = "import json\ntotal = 1"
    documents.write(first=cell)
    documents.publish(cell)
    documents.pin(blob=git(documents.upstream, "rev-parse", "v0:page.ipynb"))
    own = {
        resources.TUTORIALS_VARIABLE: str(documents.tutorials),
        resources.ENVIRONMENTS_VARIABLE: str(documents.environments),
        resources.EVIDENCE_VARIABLE: str(documents.root / "evidence"),
    }
    for command in (("pin",), ("pin", "--check"), ("patch",)):
        code, out, said = installed.verify(*command, "--upstream", documents.upstream, **own)
        assert code == 0, said + out
    history = ("--history", str(documents.root / "history.jsonl"))
    code, out, said = installed.verify("run", "--quiet", *history, **own)
    assert code == 0, said + out
    assert "… run:" not in out
    assert "With our repairs: runs to its end." in out
    for arguments in (["report"], ["history", *history], ["compare", "v0", "v0", *history]):
        code, out, said = installed.verify(*arguments, **own)
        assert code == 0, said + out
    notebook = installed.elsewhere / "build/verify/notebooks/small.corrected.embedded.ipynb"
    assert notebook.is_file()
