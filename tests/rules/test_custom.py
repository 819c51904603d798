"""Customs: what much of a documentation has alike is a warning, and a slip stays an error."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, Severity
from verify.page.page import Page
from verify.rules import custom, syntax
from verify.rules.gate import StaticCheck
from verify.rules.links import links, malformed
from verify.rules.markup import complaints, samples

MANY = 8


def judged(root: Path, check: StaticCheck, some: list[Page]) -> list[Finding]:
    return sorted(custom.settled(check(pages.site(root, *some))))


def severities(
    root: Path, check: StaticCheck, lines: list[str], *, on: int = 4, end: str = "md"
) -> set[Severity]:
    """How the lines are told that stand in turn on some pages, each a paragraph."""
    texts = ["\n\n".join(lines[i::on]) for i in range(on)]
    some = [pages.page(root, f"{i}.{end}", f"{text}\n") for i, text in enumerate(texts)]
    return {one.severity for one in judged(root, check, some)}


def block(code: str, language: str = "python") -> str:
    return f"```{language}\n{code}\n```"


OF_TEXTS = [
    pytest.param(syntax.check, lambda i: block(f"x = plant({i}\ny = x"), "md", id="a sample"),
    pytest.param(samples.check, lambda i: block(f'{{"a": {i} 2}}', "json"), "md", id="JSON"),
    pytest.param(
        complaints.check,
        lambda i: f".. code:: {'a ' * (i + 2)}\n\n   x = 1",
        "rst",
        id="a directive",
    ),
]
OF_LINKS = [
    pytest.param(links.check, lambda i: f"[a](row{i}.tree)", "md", id="an ending"),
    pytest.param(links.check, lambda i: f"[a](/trees/row{i}.md)", "md", id="a root"),
    pytest.param(links.check, lambda i: f"[a](#row-{i})", "md", id="an anchor"),
    pytest.param(malformed.check, lambda i: f"See [tree {i}][row{i}].", "md", id="a name"),
]
FORMS = [*OF_TEXTS, *OF_LINKS]


@pytest.mark.parametrize(("check", "line", "end"), FORMS)
def test_what_much_of_a_documentation_has_alike_is_a_warning(
    tmp_path: Path, check: StaticCheck, line: Callable[[int], str], end: str
) -> None:
    assert severities(tmp_path, check, [*map(line, range(MANY))], end=end) == {Severity.WARNING}


@pytest.mark.parametrize(("check", "line", "end"), FORMS)
def test_few_slips_and_those_of_few_pages_are_errors(
    tmp_path: Path, check: StaticCheck, line: Callable[[int], str], end: str
) -> None:
    lines = [*map(line, range(MANY))]
    assert severities(tmp_path / "few", check, lines[1:], end=end) == {Severity.ERROR}
    assert severities(tmp_path / "on two pages", check, lines, on=2, end=end) == {Severity.ERROR}


@pytest.mark.parametrize(("check", "line", "end"), OF_LINKS)
def test_one_target_that_many_pages_copy_is_one_slip(
    tmp_path: Path, check: StaticCheck, line: Callable[[int], str], end: str
) -> None:
    lines = [line(0)] * (2 * MANY - 1)  # most pages have it twice, in lines of their own
    assert severities(tmp_path, check, lines, on=MANY, end=end) == {Severity.ERROR}


@pytest.mark.parametrize(
    ("check", "slip", "right", "end"),
    [
        pytest.param(
            syntax.check,
            lambda i: block(f"x = plant({i}\ny = x"),
            lambda _: [block("x = plant(1)")] * 9,
            "md",
            id="a sample",
        ),
        pytest.param(
            links.check, lambda i: f"[a](row{i}.tree)", lambda i: [f"[a]({i}.tree)"] * 2, "md"
        ),
        pytest.param(
            links.check,
            lambda i: f"[a](#row-{i})",
            lambda i: [f"# Pear {i}\n\n[a](#pear-{i})", f"# Plum {i}\n\n[a](#plum-{i})"],
            "md",
            id="an anchor",
        ),
        pytest.param(
            complaints.check,
            lambda i: f".. code:: {'a ' * (i + 2)}\n\n   x = 1",
            lambda _: [".. code:: python\n\n   x = 1"] * 2,
            "rst",
            id="a directive",
        ),
    ],
)
def test_where_most_are_right_the_others_are_slips(
    tmp_path: Path,
    check: StaticCheck,
    slip: Callable[[int], str],
    right: Callable[[int], list[str]],
    end: str,
) -> None:
    for i in range(2 * MANY):
        (tmp_path / f"{i}.tree").touch()
    lines = [*map(slip, range(MANY)), *(one for i in range(2 * MANY) for one in right(i))]
    assert severities(tmp_path, check, lines, end=end) == {Severity.ERROR}


def test_a_cell_that_runs_is_refused_whatever_texts_show(tmp_path: Path) -> None:
    shown = [block(f"x = plant({i}\ny = x") for i in range(MANY)]
    some = [pages.page(tmp_path, f"{i}.md", text) for i, text in enumerate(shown)]
    cells = pages.notebook(tmp_path, "x = plant(1\ny = x")
    told = judged(tmp_path, syntax.check, [*some, cells])
    assert {one.severity for one in told if one.file != cells.path} == {Severity.WARNING}
    (own,) = (one for one in told if one.file == cells.path)
    assert own.severity is Severity.ERROR


def test_the_reason_is_told_behind_what_to_do(tmp_path: Path) -> None:
    some = [pages.page(tmp_path, f"{i}.md", f"[a](row{i}.tree)\n") for i in range(MANY)]
    assert {str(one.suggestion) for one in judged(tmp_path, links.check, some)} == {
        "Much of this documentation is so, which may be its own way."
    }
