"""When modules of SecretFlow existed."""

import json
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from packaging.version import Version

from verify.rules.outputs import releases

RECIPE = releases.FILE.parent / "recipes" / "release_modules.py"


@pytest.mark.parametrize(
    ("module", "version", "excluded"),
    [
        ("secretflow_fl.ml.nn", "1.10.0b1", True),
        ("secretflow_fl.ml.nn", "1.11.0b1", False),
        ("secretflow_fl.ml.nn", "1.11.0.dev20241201", False),
        ("secretflow_fl.ml.nn", "1.10.0.dev20240901", False),  # built shortly before
        ("secretflow_fl.ml.nn", "1.2.0.dev20231009", True),
        ("secretflow.ml.nn", "1.10.0b1", False),
        ("secretflow.ml.nn", "1.12.0b0", True),
        ("secretflow.device", "0.7.11b0", False),
        ("secretflow.device", "99.0", False),
    ],
)
def test_a_version_lacks_a_module_only_if_a_release_shows_it(
    module: str, version: str, *, excluded: bool
) -> None:
    life = releases.lifetime(module)
    assert life is not None
    assert life.excludes(Version(version)) is excluded


def test_a_day_is_too_early_well_before_the_last_release_without_the_module() -> None:
    life = releases.lifetime("secretflow_fl")
    assert life is not None
    assert life.absent_until is not None
    assert life.is_later_than(date(2023, 4, 1))
    assert not life.is_later_than(life.absent_until - timedelta(days=30))


def test_other_packages_are_not_known() -> None:
    assert releases.lifetime("torch.nn") is None


def recipe(*arguments: str) -> dict[str, Any]:
    """What the recipe prints."""
    command = [sys.executable, str(RECIPE), *arguments]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, Any] = json.loads(answer.stdout)
    return told


def test_the_facts_are_read_from_the_tags_of_a_clone(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=T", "-c", "user.email=t@example.org")
        subprocess.run(["git", *identity, "-C", str(tmp_path), *arguments], check=True)

    def release(tag: str, *modules: str) -> None:
        for module in modules:
            path = tmp_path / module
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
        git("add", "-A")
        git("commit", "-q", "--allow-empty", "-m", tag)
        git("tag", tag)

    git("init", "-q")
    release("v1.0.0b0", "secretflow/__init__.py", "secretflow/ml/nn.py", "tests/test_a.py")
    release("v1.1.0.dev230811", "secretflow/daily.py")
    release("v1.2.0b0", "secretflow/ml/tree.py", "secretflow_fl/ml/nn.py")
    (tmp_path / "secretflow" / "ml" / "nn.py").unlink()
    release("v1.3.0b0")
    told = recipe(str(tmp_path))
    assert list(told["releases"]) == ["1.0.0b0", "1.2.0b0", "1.3.0b0"]
    assert told["modules"] == {
        "secretflow": ["1.0.0b0", "1.3.0b0"],
        "secretflow.daily": ["1.2.0b0", "1.3.0b0"],
        "secretflow.ml.nn": ["1.0.0b0", "1.2.0b0"],
        "secretflow.ml.tree": ["1.2.0b0", "1.3.0b0"],
        "secretflow_fl": ["1.2.0b0", "1.3.0b0"],
    }
    wheel = tmp_path / "secretflow-1.2.1b0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("secretflow/__init__.py", "")
        archive.writestr("secretflow/late.py", "")
        archive.writestr("secretflow-1.2.1b0.dist-info/late.py", "")
    told = recipe(str(tmp_path), "--wheel", str(wheel), "2024-01-02")
    assert list(told["releases"]) == ["1.0.0b0", "1.2.0b0", "1.2.1b0", "1.3.0b0"]
    assert told["releases"]["1.2.1b0"] == "2024-01-02"
    assert told["modules"]["secretflow.late"] == ["1.2.1b0", "1.2.1b0"]
    assert told["modules"]["secretflow"] == ["1.0.0b0", "1.3.0b0"]
