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
    "20 pages as published, on SecretFlow 1.10.0b1: 18 do not run, 2 work",
    (
        "20 pages with known errata repaired on the way: 2 well as published, "
        "10 well once known errata are repaired, 2 in need of what is not there, "
        "2 that run and say what is not so, 2 broken, 2 we could not judge"
    ),
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
    assert ("Coverage" not in printed(report)) is wanted
    assert (
        "\n## docs/garden/orchard\\_00.ipynb (published)" not in summary.render(report)
    ) is wanted


def test_the_terminal_has_a_line_a_page_and_ends_with_the_totals() -> None:
    lines = printed(many.report(20, ONE)).splitlines()
    heads = [line.split() for line in lines if line.startswith(" docs/")]
    assert len(heads) == 20
    assert [head[1] for head in heads] == ["✗"] * 18 + ["✓"] * 2
    broken = next(line for line in lines if line.startswith(" docs/garden/orchard_09.ipynb"))
    assert broken.split() == [
        *("docs/garden/orchard_09.ipynb", "✗", "does", "not", "run,", "stops", "at", "cell", "4"),
        *("✗", "breaks", "1", "1"),
    ]
    assert lines[-2:] == [f"{says}." for says in TOTALS]


def test_only_what_is_grave_is_told_in_full() -> None:
    found = printed(many.report(20, ONE))
    _, _, listed = found.partition("\nFindings (6)\n")
    told = [line for line in listed.splitlines() if line.startswith("  docs/")]
    assert [line.partition(":")[0] for line in told] == [
        f"  docs/garden/orchard_{number}.ipynb" for number in ("08", "09", "18", "19", "07", "17")
    ]
    assert "\nKnown errata (1)\n  it fails here: OutOfWater: …. Cause: " in found
    assert " On 18 pages: docs/garden/orchard_01.ipynb (cell 4), " in found.replace("_08", "_01")
    assert "1 step: no stand-in is declared" in found.replace("2 steps", "1 step")
    well = many.report(20, ONE)
    well.documents = [many.page(number, ONE[0], Outcome.WELL) for number in range(20)]
    assert printed(well).splitlines()[-2].endswith("on SecretFlow 1.10.0b1: 20 work.")
    assert "Findings" not in printed(well)


def test_a_narrow_terminal_folds_the_table_and_tells_the_reason_in_a_line_below() -> None:
    lines = printed(many.report(20, ONE), width=80).splitlines()
    rows = [line for line in lines if line.startswith(" docs/")]
    assert len(rows) == 20
    assert max(map(len, rows)) <= 80
    said = "  docs/garden/orchard_09.ipynb: cell 18: it fails here: the code raised FrostError: "
    assert any(line.startswith(f"{said}1.10.0b1 has no attribute 'scarf'.") for line in lines)


def test_very_many_are_counted_in_the_end() -> None:
    report = many.report(1, ONE)
    report.documents = [many.page(number, ONE[0], Outcome.BREAKS) for number in range(75)]
    assert "\nFindings (75)\n" in printed(report)
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
    assert "✗ docs/garden/orchard_09.ipynb in 1.10.0b1, 1.11.0b1: cell 18: the code raised" in text
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
    lines = list(map(str, terminal.verdict_lines(many.report(20, ONE))))
    assert lines == [f"{says}." for says in TOTALS]
    assert len(terminal.verdict_lines(many.report(2, ONE))) == 2


def test_the_summary_begins_with_the_totals_and_stays_short() -> None:
    lines = summary.render(many.report(20, ONE)).splitlines()
    assert lines[:6] == [
        "# Documents verified",
        "",
        *(f"- {says}" for says in TOTALS),
        "",
        "| page | as published | with repairs | known | new |",
    ]
    signs = "✗ does not run, stops at cell 4 | ≠ contradicted | 1 | 1 |"
    assert lines[7] == f"| docs/garden/orchard\\_08.ipynb | {signs}"
    assert "## Findings (6)" in lines
    assert "## Known errata (1)" in lines
    assert len(summary.render(many.report()).splitlines()) < 150
    long = many.report(20, ONE)
    long.documents[9].steps[9].observed = "frost " * 1000
    assert max(map(len, summary.render(long).splitlines())) < 800


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
    assert printed(pages.full()).splitlines()[-4:] == [
        "2 pages as published, on SecretFlow —: 2 do not run.",
        "1 page with known errata repaired on the way: 1 well as published.",
        "1 page in our edition: 1 well.",
        "1 page of ours: 1 well.",
    ]
    alone = pages.full()
    del alone.documents[1:]
    assert "1 page" not in printed(alone)
    assert "official pages" not in printed(alone)


def test_annotations_of_many_begin_with_the_totals(tmp_path: Path) -> None:
    text = cli_report.rendered(many.report(20, ONE), ReportFormat.GITHUB, tmp_path)
    first, *rest = text.split("\n")
    assert first == f"::notice title=pages::{TOTALS[0]}."
    kinds = [line.partition(" file=")[0] for line in rest]
    assert kinds[:-1] == ["::error"] * 6 + ["::warning"] * 4
    assert kinds[-1].startswith("::notice title=more findings::14 more; ")
    few = cli_report.rendered(many.report(2, ONE), ReportFormat.GITHUB, tmp_path)
    assert "title=pages" not in few
