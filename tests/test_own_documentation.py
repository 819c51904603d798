"""Our own documents: what they say exists does, and our own rules find nothing in them."""

import re
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
import tomli
from markdown_it import MarkdownIt

from tests import PROJECT, commands
from verify.cli import check
from verify.cli.check import Asked
from verify.contract import contract
from verify.contract.contract import Contract
from verify.errors import ExitCode
from verify.finding import CheckKind, FindingKind, Verdict
from verify.report import output
from verify.system.resources import TUTORIALS

READMES = ("README.md", "README.zh.md")
DOCS = PROJECT / "docs"
KINDS = {kind.value for kind in FindingKind}


def _is_written(path: Path) -> bool:
    """Whether a page is kept in the repository; those of rules are made by the build."""
    return path.stem not in KINDS


ENGLISH, CHINESE = (
    {path.relative_to(DOCS / language).as_posix() for path in (DOCS / language).rglob("*.md")}
    for language in ("en", "zh")
)
PAGES = [
    *READMES,
    "CONTRIBUTING.md",
    *(
        path.relative_to(PROJECT).as_posix()
        for path in sorted(DOCS.rglob("*.md"))
        if _is_written(path)
    ),
]
PAIRS = [READMES, *((f"docs/en/{name}", f"docs/zh/{name}") for name in sorted(ENGLISH))]
PAIRS = [pair for pair in PAIRS if _is_written(Path(pair[0]))]
# What a command begins with that is not ours.
_COMMENT = re.compile(r"\s+# ?|(?<=:caption:)")
_FOREIGN = ("python3 -m venv ", ".venv/bin/python -m pip install ", "git ", "pytest ")


def read(page: str) -> str:
    return (PROJECT / page).read_text(encoding="utf-8")


def tokens(page: str) -> list[Any]:
    return MarkdownIt("commonmark").enable("table").parse(read(page))


def blocks(page: str) -> list[tuple[str, list[str]]]:
    """The language and the lines of each block, without comments and captions."""
    return [
        (token.info, [_COMMENT.split(line)[0] for line in token.content.splitlines()])
        for token in tokens(page)
        if token.type == "fence"
    ]


def rows(page: str) -> list[list[list[str]]]:
    """The inline code of each cell of each row of all tables."""
    found: list[list[list[str]]] = []
    for before, token in zip(chain([None], tokens(page)), tokens(page), strict=False):
        if token.type == "tr_open":
            found.append([])
        elif token.type == "inline" and before and before.type in ("td_open", "th_open"):
            found[-1].append([c.content for c in token.children if c.type == "code_inline"])
    return found


def links(page: str) -> list[str]:
    """Where it links to, in order; languages are as good as each other."""
    children = chain.from_iterable(token.children or () for token in tokens(page))
    targets = [str(child.attrs["href"]) for child in children if child.type == "link_open"]
    return sorted(target.replace("docs/zh/", "docs/en/") for target in targets)


def headings(page: str) -> list[str]:
    return [token.tag for token in tokens(page) if token.type == "heading_open"]


@pytest.mark.parametrize("page", PAGES)
def test_it_is_shown_as_it_is_meant(page: str) -> None:
    """Chinese has no spaces: a line's end would be one, and marks beside words make no emphasis."""
    for token in tokens(page):
        shown = "".join(
            "\n" if child.type == "softbreak" else child.content for child in token.children or ()
        )
        assert "**" not in shown, shown
        assert not re.search(
            r"[\u3000-\u9fff\uff00-\uffef]\n|\n[\u3000-\u9fff\uff00-\uffef]", shown
        )


def documents() -> list[Contract]:
    return [contract.read(path) for path in sorted(TUTORIALS.glob(f"*/{contract.FILE_NAME}"))]


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_ours_exists(page: str) -> None:
    for program, arguments in commands.of_text(read(page)):
        if arguments and "COMMAND" not in arguments and "KIND" not in arguments:
            commands.assert_known(program, arguments)


@pytest.mark.parametrize("page", PAGES)
def test_every_line_of_a_command_block_is_a_command(page: str) -> None:
    lines = chain.from_iterable(lines for language, lines in blocks(page) if language == "bash")
    for line in lines:
        known = line == "uvx nox" or commands.of_text(line) or line.startswith(_FOREIGN)
        assert known, line


def test_both_languages_have_the_same_pages() -> None:
    assert {name for name in ENGLISH if _is_written(Path(name))} == {
        name for name in CHINESE if _is_written(Path(name))
    }


@pytest.mark.parametrize("pair", PAIRS, ids=[pair[0] for pair in PAIRS])
@pytest.mark.parametrize("of", [headings, blocks, rows, links])
def test_both_languages_have_the_same_structure(pair: tuple[str, str], of: Any) -> None:
    english, chinese = pair
    if of is links and pair == READMES:  # each names the other
        assert len(links(english)) == len(links(chinese))
    else:
        assert of(english) == of(chinese)


@pytest.mark.parametrize(("page", "most"), [*((page, 150) for page in READMES), (PAGES[2], 60)])
def test_what_is_read_first_is_short(page: str, most: int) -> None:
    assert len(read(page).splitlines()) <= most


@pytest.mark.parametrize("page", READMES)
def test_the_first_commands_install_nothing_into_the_systems_python(page: str) -> None:
    first = next(lines[0] for language, lines in blocks(page) if language == "bash")
    assert first.startswith("uvx nox ")
    assert "pip install 'nox" not in read(page)


def named(*pages: str) -> set[str]:
    """All that stands first in the tables of some pages."""
    return {code for page in pages for row in rows(page) for code in row[0]}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_all_documents_verdicts_files_and_exit_codes_are_in_tables(language: str) -> None:
    report, listed = named(f"docs/{language}/report.md"), named(f"docs/{language}/documents.md")
    assert {one.name for one in documents()} <= listed
    assert {verdict.value for verdict in Verdict} <= report
    assert {"report.json", *output.WRITERS} <= report
    codes = re.findall(r"^\| (\d+) \|", read(f"docs/{language}/report.md"), re.MULTILINE)
    assert codes == [str(int(code)) for code in ExitCode]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_document_has_its_last_verdict_and_version(language: str) -> None:
    text = read(f"docs/{language}/documents.md")
    for one in documents():
        (row,) = re.findall(rf"^\| `{one.name}` \|.*$", text, re.MULTILINE)
        assert re.search(r"\d{4}-\d\d-\d\d.*SecretFlow \d+\.\d+\.\d+", row), row


@pytest.mark.parametrize("page", READMES)
def test_the_defects_of_each_page_are_counted_right(page: str) -> None:
    for one in documents():
        if one.page is None:
            continue
        stop = [erratum for erratum in one.errata if erratum.kind == "runtime"]
        cells = {cell for erratum in stop for cell in erratum.cells}
        (row,) = re.findall(rf"^\| `{one.name}` \|.*$", read(page), re.MULTILINE)
        numbers = [int(number) for number in re.findall(r"\d+", row.split("` |")[1])]
        assert numbers == [len(one.errata), len(stop), len(cells)]
        assert all(str(erratum.symptom) in read(page) for erratum in stop)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_of_where_things_go_names_what_exists(language: str) -> None:
    text = read(f"docs/{language}/adding.md")
    assert all(kind.__name__ in text for kind in (FindingKind, CheckKind))
    for path in re.findall(r"`((?:verify|tests|fixtures|tutorials)/[^`<*]*)", text):
        assert (PROJECT / path).exists(), path


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rooms_are_told_in_the_order_that_lint_holds(language: str) -> None:
    settings = tomli.loads(read("pyproject.toml"))["tool"]["importlinter"]["contracts"]
    (layers,) = (one["layers"] for one in settings if one["id"] == "rooms")
    held = [{room.strip().removeprefix("verify.") for room in layer.split("|")} for layer in layers]
    told = [{room.rstrip("/") for room in row[0]} for row in rows(f"docs/{language}/adding.md")]
    begin = next(number for number, row in enumerate(told) if "errors" in row)
    assert told[begin : begin + len(held)] == held[::-1]


# What a reviewer objects to in steps of official pages, which an edition of ours keeps.
OFFICIAL = {
    ("keras-applications-ladder", "argument-without-effect"),
    ("pytorch-finetune-alexnet", "argument-without-effect"),
    ("pytorch-finetune-alexnet", "degenerate-metric"),
    ("pytorch-finetune-alexnet", "input-range"),
    ("pytorch-finetune-alexnet", "same-samples"),
    ("split-learning-bank-marketing", "fitted-before-split"),
    ("tensorflow-finetune-inception-v3", "argument-without-effect"),
    ("tensorflow-finetune-inception-v3", "frozen-random"),
    ("tensorflow-finetune-inception-v3", "input-range"),
    ("tensorflow-finetune-inception-v3", "same-samples"),
}


def test_the_static_gate_finds_nothing_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    paths = [*(PROJECT / page for page in PAGES), *TUTORIALS.glob("*/tutorial.py")]
    code = check.check(paths, Asked(env="none", root=PROJECT))
    said = capsys.readouterr().out
    assert code is ExitCode.VERIFIED, said
    assert "0 errors" in said, said
    told = re.findall(r"tutorials/([\w-]+)/tutorial\.py:.* warning: .*\[([\w-]+)\]", said)
    assert set(told) == OFFICIAL, said
    # Our pages name files of SecretFlow's repository, which is not where they are read here.
    theirs = re.findall(r"`docs/(?:tutorial|user_guide|getting_started|known)\S*` is named", said)
    assert f" {len(told) + len(theirs)} warnings" in said, said
