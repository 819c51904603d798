"""Versions that a page asks for, and the documented environment."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.rules import pages
from verify.environment import environment
from verify.finding import Finding, FindingKind, Severity
from verify.rules.numbers import versions

ENVIRONMENT = replace(
    environment.locate(environment.names()[0]),
    python_version="3.10",
    packages={
        "secretflow": "1.11.0b1",
        "tensorflow": "2.12.0",
        "torch": "2.1.2+cu118",
        "numpy": "1.23.5",
    },
)


def found(tmp_path: Path, text: str, name: str = "page.md") -> list[Finding]:
    page = pages.page(tmp_path, name, text)
    return list(versions.check(pages.site(tmp_path, page, environment=ENVIRONMENT)))


@pytest.mark.parametrize(
    "text",
    [
        "It requires Python 3.8.",
        "需要 Python 3.8 环境。",
        "Install `tensorflow==2.10.0` first.",
        "The page needs numpy >= 2.0.",
        "本页依赖 numpy<1.20。",
        "```bash\nconda create -n flow python=3.9\n```",
        "```bash\npip install torch==1.13.1\n```",
        "You need TensorFlow 2.14 or later.",
    ],
)
def test_a_version_that_the_environment_has_not_is_an_error_or_a_warning(
    tmp_path: Path, text: str
) -> None:
    (finding,) = found(tmp_path, text)
    assert finding.kind is FindingKind.VERSION


@pytest.mark.parametrize(
    "text",
    [
        "Install `numpy==1.23.6` first.",
        "It requires SecretFlow 1.11.1.",
        "It requires SecretFlow 1.11.0b2.",
        "```bash\npip install torch==2.1.1\n```",
        "The page needs numpy > 1.23.5.",
    ],
)
def test_a_version_that_differs_in_its_last_component_alone_is_another(
    tmp_path: Path, text: str
) -> None:
    (finding,) = found(tmp_path, text)
    assert finding.kind is FindingKind.VERSION


def test_the_same_holds_in_other_formats(tmp_path: Path) -> None:
    text = (
        "Go\n==\n\nIt requires Python 3.8.\n\n.. code-block:: bash\n\n   pip install numpy==1.2\n"
    )
    assert [finding.line for finding in found(tmp_path, text, "page.rst")] == [4, 8]


def test_a_pinned_version_is_an_error_and_a_mentioned_one_a_warning(tmp_path: Path) -> None:
    (pinned,) = found(tmp_path, "Install `tensorflow==2.10.0`.")
    assert (pinned.severity, str(pinned.suggestion)) == (Severity.ERROR, "Write 2.12.0.")
    (mentioned,) = found(tmp_path, "The code is based on secretflow 1.2.0.")
    assert mentioned.severity is Severity.WARNING


@pytest.mark.parametrize(
    "text",
    [
        "It requires Python 3.10.",
        "It requires Python 3.8 or later.",
        "需要 Python 3.8 及以上。",
        "Python >= 3.8 is needed.",
        "Install `tensorflow==2.12.0` first.",
        "It uses TensorFlow 2.12.",
        "Since secretflow 1.2.0 this is built in.",
        "The option was removed before numpy 1.20.",
        "Compare with TensorFlow 1.15, which drew graphs.",
        "```bash\npip install torch==2.1.2\n```",
        "```bash\necho python=3.8\n```",
        "pandas==0.1 is not ours to know.",
        "The files are in my-python 3.8 folder.",
    ],
)
def test_a_version_that_holds_or_tells_history_is_none(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []


def test_nothing_is_judged_without_an_environment(tmp_path: Path) -> None:
    page = pages.page(tmp_path, "page.md", "It requires Python 3.8.")
    assert list(versions.check(pages.site(tmp_path, page))) == []
