"""Many pages: terminal, summary, badges and site say how many came out how before anything else."""

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from tests.report import many, pages
from verify.cli import report as cli_report
from verify.report import badge, glance, summary, terminal, web_site
from verify.report.entries import Report
from verify.report.formats import ReportFormat
from verify.report.outcome import Outcome

ONE, TWO = many.RELEASES[:1], many.RELEASES[:2]
TOTALS = (
    "20 pages as published: 2 well as published, 10 well once known errata are repaired, "
    "2 in need of what is not there, 2 that run and say what is not so, 2 broken, "
    "2 we could not judge"
)


def printed(report: Report, width: int = 160) -> str:
    text = StringIO()
    terminal.show(report, Console(file=text, width=width))
    return text.getvalue()


@pytest.mark.parametrize(
    ("number", "releases", "wanted"),
    [(glance.HANDFUL, ONE, False), (glance.HANDFUL + 1, ONE, True), (1, TWO, True)],
)
def test_more_than_a_handful_and_several_releases_are_looked_at_from_above(
    number: int, releases: tuple[str, ...], *, wanted: bool
) -> None:
    report = many.report(number, releases)
    assert glance.is_wanted(report.documents) is wanted
    assert ("step" not in printed(report)) is wanted
    assert (
        "\n## docs/garden/orchard\\_00.ipynb (published)" not in summary.render(report)
    ) is wanted


def test_the_terminal_has_a_line_a_page_and_ends_with_the_totals() -> None:
    lines = printed(many.report(20, ONE)).splitlines()
    heads = [line.split() for line in lines if line.startswith(" docs/")]
    assert len(heads) == 20
    assert [head[1] for head in heads] == ["✗"] * 2 + ["≠"] * 2 + ["?"] * 2 + ["△"] * 2 + [
        "✎"
    ] * 10 + ["✓"] * 2
    broken = next(line for line in lines if line.startswith(" docs/garden/orchard_09.ipynb"))
    assert "✗ breaks           1      1    cell 18: the cell raised FrostError: 1.10" in broken
    assert lines[-1] == f"{TOTALS}."


def test_only_what_is_grave_is_told_in_full() -> None:
    found = printed(many.report(20, ONE))
    told = [line for line in found.splitlines() if line[:1] in "✗≠?" and line]
    assert [line.partition(":")[0] for line in told] == [
        f"{sign} docs/garden/orchard_{number}.ipynb"
        for sign, number in (
            *(("✗", "09"), ("✗", "19"), ("≠", "08"), ("≠", "18")),
            *(("?", "07"), ("?", "17")),
        )
    ]
    well = many.report(20, ONE)
    well.documents = [many.page(number, ONE[0], Outcome.WELL) for number in range(20)]
    assert printed(well).splitlines()[-1] == "20 pages as published: 20 well as published."
    assert not [line for line in printed(well).splitlines() if line[:1] in "✗≠?" and line]


def test_a_narrow_terminal_cuts_the_reason_and_tells_it_below() -> None:
    lines = printed(many.report(20, ONE), width=80).splitlines()
    row = next(line for line in lines if "orchard_09" in line)
    assert len(row) <= 80
    assert "…" in row
    said = "✗ docs/garden/orchard_09.ipynb: cell 18: the cell raised FrostError: "
    assert f"{said}1.10.0b1 has no attribute 'scarf'" in lines


def test_very_many_are_counted_in_the_end() -> None:
    report = many.report(1, ONE)
    report.documents = [many.page(number, ONE[0], Outcome.BREAKS) for number in range(75)]
    assert "… and 15 more, which the report has." in printed(report)


def test_several_releases_stand_side_by_side_with_where_each_page_breaks_first() -> None:
    text = printed(many.report(10, TWO))
    rows = {line.split()[0]: line.split() for line in text.splitlines() if line.startswith(" docs")}
    assert rows["docs/garden/orchard_08.ipynb"][1:5] == ["≠", "✗", "1.11.0b1", "(cell"]
    assert rows["docs/garden/orchard_00.ipynb"][1:] == [
        "✓",
        "✎",
        "1.11.0b1",
        "(cell",
        "4,",
        "known)",
    ]
    assert "✗ breaks   ≠ contradicted   ? not judged" in text
    assert "✗ docs/garden/orchard_09.ipynb in 1.10.0b1, 1.11.0b1: cell 18: the cell raised" in text
    assert "First in 1.11.0b1, not in 1.10.0b1: erratum dry: docs/garden/orchard_00.ipynb" in text
    assert "First in 1.10.0b1: erratum dry: " in text
    assert ".ipynb, 6 more\n" in text


def test_a_page_that_one_release_was_not_run_with_has_a_gap() -> None:
    report = many.report(2, TWO)
    del report.documents[1]
    row = next(line for line in printed(report).splitlines() if "orchard_00" in line)
    assert row.split()[1:] == ["✓"]


def test_a_profile_and_an_edition_of_our_own_are_named() -> None:
    report = many.report(9, ONE)
    report.documents[0].profile = "real"
    report.documents[1].edition = "corrected"
    text = printed(report)
    assert " docs/garden/orchard_00.ipynb (real)" in text
    assert " docs/garden/orchard_01.ipynb (corrected)" in text
    assert text.splitlines()[-1] == (
        "1 page in our edition: 1 well once known errata are repaired."
    )


def test_pytest_says_the_totals_of_many_and_a_sentence_of_each_of_a_few() -> None:
    assert list(map(str, terminal.verdict_lines(many.report(20, ONE)))) == [f"{TOTALS}."]
    assert len(terminal.verdict_lines(many.report(2, ONE))) == 2


def test_the_summary_begins_with_the_totals_and_stays_short() -> None:
    lines = summary.render(many.report(20, ONE)).splitlines()
    assert lines[:5] == [
        "# Documents verified",
        "",
        f"- {TOTALS}",
        "",
        "| page | outcome | known | new | why |",
    ]
    assert lines[6].startswith("| docs/garden/orchard\\_09.ipynb | ✗ breaks | 1 | 1 | cell 18: ")
    assert "## What to look at" in lines
    assert len(summary.render(many.report()).splitlines()) < 150
    long = many.report(20, ONE)
    long.documents[9].steps[9].observed = "frost " * 1000
    assert max(map(len, summary.render(long).splitlines())) < 400


def test_the_summary_of_several_releases_says_what_is_new_in_which() -> None:
    text = summary.render(many.report(10, TWO))
    assert "| page | 1.10.0b1 | 1.11.0b1 | breaks first in |" in text
    assert "| docs/garden/orchard\\_00.ipynb | ✓ well | ✎ well, repaired | 1\\.11.0b1 (" in text
    assert "| 1\\.11.0b1 | 1\\.10.0b1 | erratum dry | docs/garden/orchard\\_00.ipynb |" in text
    assert "What breaks, and which" not in summary.render(many.report(10, ONE))


def test_a_badge_counts_all_pages_of_a_release(tmp_path: Path) -> None:
    badge.write(many.report(10, TWO), tmp_path)
    said = json.loads((tmp_path / "pages.published.1.11.0b1.json").read_text())
    assert said["label"] == "pages as published, 1.11.0b1"
    assert said["message"].endswith("1 contradicted, 2 breaks, 1 not judged")
    assert said["color"] == "#c62828"
    assert "2 breaks" in (tmp_path / "pages.published.1.11.0b1.svg").read_text()
    alone = tmp_path / "alone"
    badge.write(many.report(1, ONE), alone)
    assert not list(alone.glob("pages*"))


@pytest.mark.parametrize(("number", "folded"), [(3, False), (12, True)])
def test_the_site_shows_the_badge_of_all_and_folds_many(
    tmp_path: Path, number: int, *, folded: bool
) -> None:
    out, site = tmp_path / "out", tmp_path / "site"
    out.mkdir()
    for name in ("report.json", "report.html"):
        (out / name).write_text("{}")
    web_site.add(many.report(number, ONE), out, site / "nightly")
    page = (site / "index.html").read_text()
    assert page.index("pages.published.svg") < page.index("orchard_00")
    assert ("<details>" in page) is folded


def test_a_report_of_several_has_its_totals_and_that_of_one_document_none() -> None:
    assert printed(pages.full()).splitlines()[-3:] == [
        "1 page as published: 1 well as published.",
        "1 page in our edition: 1 well.",
        "1 page of ours: 1 well.",
    ]
    alone = pages.full()
    del alone.documents[1:]
    assert "1 page" not in printed(alone)


def test_annotations_of_many_begin_with_the_totals(tmp_path: Path) -> None:
    text = cli_report.rendered(many.report(20, ONE), ReportFormat.GITHUB, tmp_path)
    first, *rest = text.split("\n")
    assert first == f"::notice title=pages::{TOTALS}."
    assert all(line.startswith("::error file=") for line in rest)
    few = cli_report.rendered(many.report(2, ONE), ReportFormat.GITHUB, tmp_path)
    assert "title=pages" not in few
