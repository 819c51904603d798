"""Our own documentation is held to what we hold others to."""

import re
from itertools import chain

import pytest

from tests import PROJECT, commands
from verify.cli import check
from verify.contract import contract
from verify.errors import ExitCode
from verify.finding import Verdict
from verify.report import output
from verify.report.formats import Format
from verify.system.resources import TUTORIALS

PAGES = ("README.md", "README.zh.md", "CONTRIBUTING.md")
READMES = PAGES[:2]
_BLOCK = re.compile(r"```bash\n(.*?)```", re.DOTALL)


def read(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def blocks(page: str) -> list[str]:
    """The lines of a page's commands, without their comments."""
    lines = chain.from_iterable(block.splitlines() for block in _BLOCK.findall(read(page)))
    return [re.split(r"\s+#", line)[0].strip() for line in lines if line.strip()]


def rows(page: str) -> list[list[str]]:
    """The cells of all tables."""
    lines = (line for line in read(page).splitlines() if line.startswith("| "))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_ours_exists(page: str) -> None:
    found = commands.of_text(read(page))
    assert found
    for program, arguments in found:
        if arguments:
            commands.assert_known(program, arguments)


@pytest.mark.parametrize("page", READMES)
def test_the_quick_start_is_two_commands(page: str) -> None:
    assert [line.rpartition(" ")[2] for line in blocks(page)[:2]] == ["verify", "tests"]


def test_the_chinese_readme_gives_commands_of_the_english_one() -> None:
    assert set(blocks("README.zh.md")) <= set(blocks("README.md"))


@pytest.mark.parametrize("page", READMES)
def test_all_documents_and_verdicts_and_files_are_in_its_tables(page: str) -> None:
    first = {cell for row in rows(page) for cell in re.findall(r"`([^`]+)`", row[0])}
    assert {path.parent.name for path in TUTORIALS.glob(f"*/{contract.FILE_NAME}")} <= first
    assert {verdict.value for verdict in Verdict} <= first
    assert {"report.json", *output.WRITERS} <= first


@pytest.mark.parametrize("page", READMES)
def test_each_document_has_its_last_verdict_and_version(page: str) -> None:
    names = {f"`{path.parent.name}`" for path in TUTORIALS.glob(f"*/{contract.FILE_NAME}")}
    told = [row for row in rows(page) if row[0] in names]
    assert len(told) == len(names)
    for row in told:
        assert re.search(r"\d{4}-\d\d-\d\d.*SecretFlow \d+\.\d+\.\d+", row[2]), row


def test_the_static_gate_finds_nothing_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [*(PROJECT / page for page in PAGES), *TUTORIALS.glob("*/tutorial.py")]
    code = check.check(paths, env="none", root=PROJECT, format_=Format.TEXT, online=False)
    assert code is ExitCode.VERIFIED, capsys.readouterr().out
