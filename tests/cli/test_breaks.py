"""Pages over releases on the command line: wheels brought by their digests, three forms."""

import json
import sys
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import pytest
from typer.testing import CliRunner

from tests.hearing import Heard
from verify.cli import app
from verify.environment import environment, wheels
from verify.errors import ExitCode, ResourceError

PAGES = {
    "docs/good.md": "# Good\n\n```python\nimport orchard\n```\n",
    "docs/bad.ipynb": json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                    "source": "from orchard import Tree\nimport spade",
                }
            ],
            "metadata": {},
            "nbformat": 4,
            "nbformat_minor": 4,
        }
    ),
}
RELEASES = {
    "1.0": {"orchard/__init__.py": "class Tree: ...\n"},
    "2.0": {"orchard/__init__.py": "", "orchard/wood.py": "class Tree: ...\n"},
}


def wheel(folder: Path, version: str, files: dict[str, str]) -> Path:
    """A wheel of these files, as an index would have it."""
    info = f"secretflow-{version}.dist-info"
    whole = {
        **files,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: secretflow\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    whole[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*whole, f"{info}/RECORD"])
    path = folder / f"secretflow-{version}-py3-none-any.whl"
    with ZipFile(path, "w") as archive:
        for name, text in whole.items():
            archive.writestr(name, text)
    return path


@pytest.fixture
def upstream(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages, and environments of two releases whose wheels lie in a folder."""
    folder, index = tmp_path / "environments", tmp_path / "index"
    folder.mkdir()
    index.mkdir()
    for version, files in RELEASES.items():
        digest = sha256(wheel(index, version, files).read_bytes()).hexdigest()
        name = f"secretflow-{version}"
        running = f"{sys.version_info.major}.{sys.version_info.minor}"
        (folder / f"{name}.in").write_text(f"# python: {running}\nsecretflow\n")
        more = "spade==1.0 \\\n    --hash=sha256:0\n" if version == "1.0" else ""
        lock = f"secretflow=={version} \\\n    --hash=sha256:{digest}\n{more}"
        (folder / f"{name}.txt").write_text(lock)
    monkeypatch.setattr(environment, "FOLDER", folder)
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("UV_NO_INDEX", "1")
    monkeypatch.setenv("UV_FIND_LINKS", str(index))
    for path, text in PAGES.items():
        (tmp_path / "upstream" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "upstream" / path).write_text(text)
    return tmp_path / "upstream"


def run(upstream: Path, *arguments: str) -> tuple[int, str]:
    """The exit code of `verify breaks`, and what it printed."""
    command = ["breaks", *arguments, "--upstream", str(upstream), "--ref", "v1", "--quiet"]
    done = CliRunner().invoke(app.app, command)
    return done.exit_code, done.stdout


def test_a_terminal_is_shown_pages_by_releases_and_the_changes(upstream: Path) -> None:
    code, told = run(upstream, "all")
    assert code == ExitCode.CONTRADICTED
    table, changes, uses, sums = told.strip().split("\n\n", 3)
    assert "docs/bad.ipynb │ ·   │ 2" in table
    assert "docs/good.md" not in table
    assert changes == (
        "2.0: orchard.Tree moved to orchard.wood.Tree (1 page)\n"
        "2.0: installing secretflow no longer brings spade (1 page)"
    )
    assert uses == "docs/bad.ipynb, cell 0: 2.0\n    orchard.Tree"
    assert sums.endswith("2 pages of v1; something breaks 0 in 1.0, 1 in 2.0.")


def test_programs_get_both_languages_and_each_use(upstream: Path) -> None:
    _, told = run(upstream, "docs/bad.ipynb", "--format", "json")
    found = json.loads(told)
    assert (found["schema"], found["ref"], found["releases"]) == (1, "v1", ["1.0", "2.0"])
    (page,) = found["pages"]
    assert page["breaks"][0] == {
        "first": "2.0",
        "releases": ["2.0"],
        "change": {
            "zh": "`orchard.Tree` 移到了 `orchard.wood.Tree`",
            "en": "`orchard.Tree` moved to `orchard.wood.Tree`",
        },
        "uses": ["orchard.Tree"],
        "cells": [0],
    }


def test_an_issue_gets_markdown_in_both_languages(upstream: Path, tmp_path: Path) -> None:
    file = tmp_path / "breaks.md"
    run(upstream, "all", "--format", "markdown", "--out", str(file))
    english, _, chinese = file.read_text().partition("\n---\n")
    assert "| page | 1.0 | 2.0 |\n|---|---|---|\n| `docs/bad.ipynb` | · | 2 |\n" in english
    assert "\n## First shown by 2.0\n" in english
    assert "- `orchard.Tree` moved to `orchard.wood.Tree`: `docs/bad.ipynb`\n" in english
    assert "\n## 最早出现于 2.0\n" in chinese
    assert "- `orchard.Tree` 移到了 `orchard.wood.Tree`: `docs/bad.ipynb`\n" in chinese


def test_without_breaks_the_exit_code_says_so(upstream: Path) -> None:
    code, told = run(upstream, "docs/good.md", "--format", "markdown")
    assert code == ExitCode.VERIFIED
    assert "Nothing was found." in told


def test_two_releases_at_least_are_compared(upstream: Path) -> None:
    code, _ = run(upstream, "all", "--env", "secretflow-1.0")
    assert code == ExitCode.USAGE


@pytest.mark.usefixtures("upstream")
def test_a_wheel_is_brought_once_and_with_its_digest_only() -> None:
    told = Heard()
    located = environment.locate("secretflow-1.0")
    root = wheels.sources(located, told.hear)
    assert (root / "orchard" / "__init__.py").read_text() == "class Tree: ...\n"
    assert told[0] == "Bringing secretflow==1.0."
    told.clear()
    assert wheels.sources(located, told.hear) == root
    assert not told
    lock = located.lock.read_text()
    located.lock.write_text(lock.replace("sha256:", "sha256:0")[: lock.index("\n", 20)] + "\n")
    with pytest.raises(ResourceError, match=r"secretflow==1\.0 could not be built"):
        wheels.sources(environment.locate("secretflow-1.0"), told.hear)
