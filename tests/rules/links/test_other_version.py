"""Links of the documentation to itself: which leave the page's version, and which do not."""

import dataclasses
from pathlib import Path

import pytest

from tests.rules import orchard, pages
from verify.environment import environment
from verify.finding import Finding, Severity
from verify.rules.links import other_version
from verify.system import git
from verify.upstream.pages import PATHS_NAME

_WEB = "https://www.secretflow.org.cn"
_GIT = "https://github.com/secretflow/secretflow"


def found(root: Path, address: str, release: str | None = "1.11.0b1") -> list[Finding]:
    page = orchard.page(root, f"[a]({address})\n", "guide/page.ipynb")
    documented = environment.locate(environment.DEFAULT)
    if release:
        documented = dataclasses.replace(documented, packages={"secretflow": release})
    site = pages.site(root, page, environment=documented if release else None)
    return list(other_version.check(site))


@pytest.mark.parametrize(
    ("address", "suggestion"),
    [
        (f"{_WEB}/docs/secretflow/v1.2.0b0/en-US/guide/pruning", "Write `pruning.md`."),
        (
            f"{_WEB}/docs/secretflow/latest/zh-Hans/notes/harvest#x",
            "Write `../notes/harvest.rst#x`.",
        ),
        (f"{_WEB}/docs/secretflow/en/guide/irrigation.html", "Write `irrigation.ipynb`."),
        (f"{_WEB}/zh-CN/docs/secretflow/main/guide/pruning", "Write `pruning.md`."),
        (
            f"{_WEB}/docs/secretflow/latest/en-US/guide/none",
            f"Write `{_WEB}/docs/secretflow/v1.11.0b1/en-US/guide/none`.",
        ),
        ("https://secretflow.readthedocs.io/en/v0.8.0b0/guide/pruning.html", "Write `pruning.md`."),
        (
            f"{_GIT}/blob/v1.2.0b0/docs/guide/pruning.md",
            f"Write `{_GIT}/blob/v1.11.0b1/docs/guide/pruning.md`.",
        ),
        (f"{_GIT}/tree/v1.11.0b0/src", f"Write `{_GIT}/tree/v1.11.0b1/src`."),
        # Another one in its last component alone.
        (f"{_GIT}/tree/v1.11.1/src", f"Write `{_GIT}/tree/v1.11.0b1/src`."),
        (f"{_WEB}/docs/secretflow/v1.11.1/en-US/guide/pruning", "Write `pruning.md`."),
        (
            f"{_GIT}/blob/main/docs/guide/pruning.md",
            f"Write `{_GIT}/blob/v1.11.0b1/docs/guide/pruning.md`.",
        ),
    ],
)
def test_a_link_to_another_version_is_a_warning(
    tmp_path: Path, address: str, suggestion: str
) -> None:
    (finding,) = found(tmp_path, address)
    assert (finding.kind.value, finding.severity) == ("other-version", Severity.WARNING)
    assert str(finding.suggestion) == suggestion


@pytest.mark.parametrize(
    "address",
    [
        f"{_WEB}/docs/secretflow/v1.11.0b1/en-US/guide/pruning",
        f"{_WEB}/docs/secretflow/v1.11/en-US/guide/pruning",
        f"{_WEB}/docs/secretflow/v1.11.0b1/en-US/source/orchard.tools",
        f"{_WEB}/docs/spu/latest/en-US/reference",
        f"{_WEB}/docs/secretflow",
        f"{_GIT}/blob/main/src/cut.py",
        f"{_GIT}/tree/v1.11.0b1/docs",
        f"{_GIT}/blob/b9d6fd5ca9db/src/cut.py#L3",
        f"{_GIT}/issues/12",
        f"{_GIT}/releases/tag/v1.2.0b0",
        "https://github.com/secretflow/spu/blob/v0.1/docs/a.md",
        "https://orchard.readthedocs.io/en/v0.8/a.html",
    ],
)
def test_a_link_that_stays_or_leads_elsewhere_is_not_flagged(tmp_path: Path, address: str) -> None:
    assert found(tmp_path, address) == []


def test_a_page_that_this_very_version_lacks_is_an_error(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, f"{_WEB}/docs/secretflow/v1.11.0b1/en-US/guide/prunning")
    assert (finding.kind.value, finding.severity) == ("broken-link", Severity.ERROR)


def test_source_on_the_main_branch_is_a_warning_where_the_release_lacks_the_file(
    tmp_path: Path,
) -> None:
    (tmp_path / PATHS_NAME).write_text("docs/a.md\nsrc/cut.py\n", encoding="utf-8")
    root = tmp_path / "docs"
    assert found(root, f"{_GIT}/blob/main/src/cut.py") == []
    (finding,) = found(root, f"{_GIT}/blob/main/src/saw.py")
    assert "`src/saw.py`" in str(finding.message)


def test_without_a_release_only_what_moves_is_reported(tmp_path: Path) -> None:
    assert found(tmp_path, f"{_WEB}/docs/secretflow/v1.2.0b0/en-US/guide/pruning", None) == []
    (finding,) = found(tmp_path, f"{_WEB}/docs/secretflow/latest/en-US/guide/pruning", None)
    assert str(finding.suggestion) == "Write `pruning.md`."


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        ("https://github.com/Garden/orchard/blob/main/tools/prune.sh", True),
        ("https://github.com/garden/orchard/tree/master/tools/old/", True),
        ("https://colab.research.google.com/github/garden/orchard/blob/main/a.ipynb", True),
        ("https://github.com/garden/orchard/blob/main/tools/water.sh#L3", False),
        ("https://github.com/garden/orchard/blob/v1/tools/prune.sh", False),
        ("https://github.com/others/orchard/blob/main/tools/prune.sh", False),
    ],
)
def test_a_file_that_the_own_repository_lacks_is_told(
    tmp_path: Path, address: str, *, is_told: bool
) -> None:
    git.run(tmp_path, "init", "-q")
    git.run(tmp_path, "remote", "add", "origin", "git@github.com:garden/orchard.git")
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "water.sh").touch()
    page = pages.page(tmp_path, "docs/a.md", f"# A\n\n[a]({address})\n")
    (tmp_path / "docs" / "conf.py").write_text("project = 'Orchard'\n")
    told = list(other_version.check(pages.site(tmp_path, page)))
    assert [one.severity for one in told] == [Severity.WARNING] * is_told
