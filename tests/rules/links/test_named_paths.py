"""Paths of the repository in commands and sentences: which are missing, and which are no paths."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.rules.links import named_paths
from verify.upstream.pages import PATHS_NAME

_FILES = """\
Makefile
WORKSPACE
docs/conf.py
garden/BUILD.bazel
garden/beds/roses.csv
garden/beds/strawberries.csv
tools/old/prune.sh
tools/water.sh
"""


def found(root: Path, text: str) -> list[Finding]:
    (root / "docs").mkdir(exist_ok=True)
    (root / PATHS_NAME).write_text(_FILES)
    (root / "docs" / "conf.py").write_text("project = 'Orchard'\n")
    (root / "Makefile").write_text("all: fruit\n\nfruit: tree\n\techo fruit\n")
    return list(named_paths.check(pages.site(root, pages.page(root, "docs/a.md", text))))


def commands(text: str) -> str:
    return f"# Water\n\n```bash\n{text}\n```\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (commands("sh tools/prune.sh"), "`tools/prune.sh` is named here"),
        (commands("python3 plant.py \\\n  --from garden/roses.csv"), "`garden/roses.csv` is"),
        (commands("FAST=1 sudo bash tools/prune.sh && ls"), "`tools/prune.sh` is named here"),
        (commands("cd tools\n./prune.sh --all"), "gone into `tools`, where there is no `prune.sh`"),
        (commands("cd orchard/hoses"), "`orchard/hoses`"),
        (commands("./water all"), "`water` is named here"),
        (commands("make fruits"), "has the target `fruits`"),
        (commands("bazel build -c opt //gardens:all"), "`//gardens:all`"),
        (commands("python3 plant.py garden/all/strawberries.csv"), "`garden/all/strawberries.csv`"),
        ("```\npython tools/prune.py\nDone.\n```\n", "`tools/prune.py` is named here"),
        ("Run this:\n\n```\n$ sh tools/prune.sh\nDone.\n```\n", "`tools/prune.sh` is named here"),
        ("The script is `tools/prune.sh`.\n", "`tools/prune.sh` is named here"),
        ("The script is `tool/water.sh`.\n", "`tool/water.sh` is named here"),
    ],
)
def test_what_the_repository_lacks_is_told(tmp_path: Path, text: str, said: str) -> None:
    root = tmp_path / "orchard"
    root.mkdir()
    one, *others = found(root, text)
    assert (one.kind, one.severity) == (FindingKind.MISSING_PATH, Severity.WARNING)
    assert said in str(one.message)
    assert not others


@pytest.mark.parametrize(
    "text",
    [
        commands("sh tools/old/prune.sh"),
        commands("cd tools/old\n./prune.sh --all"),
        commands("cd orchard/tools\n./water.sh"),
        commands("make fruit"),
        commands("bazel build //garden:all //..."),
        commands("docker exec -it box sh tools/prune.sh"),
        commands("mkdir tools/new\ncp a.sh tools/new/prune.sh"),
        commands("sh plant.sh > garden/log.txt -o garden/out.csv"),
        commands("cd /opt/trees\nsh tools/prune.sh"),
        commands("git clone https://example.org/other.git\nsh tools/prune.sh"),
        commands("sh tools/$NAME.sh tools/<name>.sh tools/your_name.sh garden/..."),
        commands("cat <<END\nsh tools/prune.sh\nEND"),
        commands("prune --model garden/plum-7b"),  # the name of a model at a hub
        commands("python3 plant.py orchard/tools/water.sh"),
        "Create `tools/new.sh` first.\n",
        "It says `a/b.c`, and `tools/x`.\n",
        "```\nplant tools/prune.sh\n```\n",
    ],
)
def test_what_is_there_or_made_or_elsewhere_is_not_told(tmp_path: Path, text: str) -> None:
    root = tmp_path / "orchard"
    root.mkdir()
    assert found(root, text) == []


def test_a_moved_file_is_proposed(tmp_path: Path) -> None:
    (one,) = found(tmp_path, commands("sh tools/prune.sh"))
    assert str(one.suggestion) == "Is it `tools/old/prune.sh`?"


def test_a_folder_that_is_written_nearly_so_is_proposed(tmp_path: Path) -> None:
    (one,) = found(tmp_path, "The script is `tool/water.sh`.\n")
    assert str(one.suggestion) == "Is it `tools/water.sh`?"
    assert found(tmp_path, "Of another project: `tool/plough.sh`.\n") == []


def test_a_history_names_what_was(tmp_path: Path) -> None:
    (tmp_path / PATHS_NAME).write_text(_FILES)
    page = pages.page(tmp_path, "CHANGELOG.md", "`tools/prune.sh` is gone.\n")
    assert list(named_paths.check(pages.site(tmp_path, page))) == []
