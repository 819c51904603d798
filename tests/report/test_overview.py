"""report.html of many pages: a grid, why each is as it is, since when, and each one packed."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.report import many, pages
from tests.report.test_html_page import Parsed, bodies
from verify.finding import Verdict
from verify.report import glance, html
from verify.report.entries import Report
from verify.report.html import view
from verify.report.html.overview import GridRow, Overview
from verify.report.outcome import Outcome

ONE, TWO = many.RELEASES[:1], many.RELEASES[:2]
_SIZE = 10_000_000


def seen(report: Report, out: Path) -> Overview:
    """The overview of a report that wants one."""
    found = view.of_report(report, out).overview
    assert found is not None
    return found


def row_of(overview: Overview, name: str) -> GridRow:
    (row,) = (row for row in overview.rows if name in row.place)
    return row


def test_a_handful_is_shown_as_before_and_more_from_above(tmp_path: Path) -> None:
    few, more = (many.report(glance.HANDFUL + one, ONE) for one in (0, 1))
    assert view.of_report(few, tmp_path).overview is None
    assert 'id="overview"' not in html.render(few, tmp_path)
    assert not bodies(html.render(few, tmp_path))
    page = html.render(more, tmp_path)
    assert 'id="overview"' in page
    assert len(bodies(page)) == glance.HANDFUL + 1


def test_a_few_documents_say_what_became_of_them(tmp_path: Path) -> None:
    page = Parsed(html.render(many.report(2, ONE), tmp_path))
    assert "on SecretFlow 1.10.0b1: 1 does not run, 1 works" in page.text
    assert page.all("data-t").count("outcome-repaired") == 1


def test_the_grid_has_a_row_a_page_and_a_column_a_release_the_gravest_first(
    tmp_path: Path,
) -> None:
    overview = seen(many.report(10, TWO), tmp_path)
    assert overview.releases == TWO
    assert [row.place[-8:-6] for row in overview.rows[:3]] == ["09", "08", "07"]
    row = row_of(overview, "orchard_08")
    first, second = row.cells
    assert first is not None
    assert second is not None
    assert (first.outcome, first.symbol, second.outcome) == ("contradicted", "≠", "breaks")
    assert (first.errata, first.defects, first.seconds, first.memory) == (1, 1, 48.0, 5.0)
    assert row.outcomes == "contradicted breaks"
    assert row.called == "orchard_08.ipynb"


def test_a_page_that_was_not_run_in_a_release_has_an_empty_cell(tmp_path: Path) -> None:
    report = many.report(2, TWO)
    del report.documents[1]
    assert row_of(seen(report, tmp_path), "orchard_00").cells[1] is None
    assert Parsed(html.render(report, tmp_path)).all("data-t").count("not-there") == 1


def test_one_release_says_whether_pages_work_and_several_also_since_when(tmp_path: Path) -> None:
    alone = seen(many.report(10, ONE), tmp_path)
    assert (alone.since, alone.groups) == ((), ())
    page = row_of(alone, "orchard_09").page
    assert page is not None
    assert str(page.brief) == "does not run, stops at cell 4"
    assert row_of(alone, "orchard_09").outcomes == "page-breaks"
    assert row_of(seen(many.report(10, TWO), tmp_path), "orchard_09").page is None
    assert "first-break" not in Parsed(html.render(many.report(10, ONE), tmp_path)).all("data-t")
    since = seen(many.report(10, TWO), tmp_path).since
    assert [(one.release, one.absent_in, len(one.pages), one.known) for one in since] == [
        ("1.11.0b1", ("1.10.0b1",), 1, False),
        ("1.11.0b1", ("1.10.0b1",), 1, True),
        ("1.10.0b1", (), 9, True),
        ("1.10.0b1", (), 1, False),
    ]


def test_new_breaks_come_before_known_ones_in_the_grid(tmp_path: Path) -> None:
    row = row_of(seen(many.report(10, TWO), tmp_path), "orchard_08")
    assert [(one.release, one.cells, one.known) for one in row.breaks] == [
        ("1.11.0b1", [18], False),
        ("1.10.0b1", [4], True),
    ]


def test_the_cause_is_told_once_for_all_releases_that_have_it(tmp_path: Path) -> None:
    groups = {group.outcome: group for group in seen(many.report(10, TWO), tmp_path).groups}
    assert list(groups) == ["breaks", "contradicted", "ours", "needs", "repaired"]
    assert [name for name, group in groups.items() if group.is_open] == list(groups)[:3]
    (_, lasting) = sorted(groups["breaks"].whys, key=lambda why: why.place)
    assert list(lasting.links) == list(TWO)
    assert str(lasting.where) == "cell 18"


def test_the_lead_is_of_the_published_page_and_bars_add_up(tmp_path: Path) -> None:
    report = many.report(10, TWO)
    ours = pages.document("orchard_00", [], [], environment=report.documents[0].environment)
    report.documents.append(ours)
    overview = seen(report, tmp_path)
    assert str(overview.lead).startswith("10 pages with known errata repaired on ")
    assert "each at its worst in 2 releases" in str(overview.lead)
    assert [(bar.text, bar.release) for bar in overview.bars] == [
        ("published", "1.10.0b1"),
        ("published", "1.11.0b1"),
        ("corrected", "1.10.0b1"),
    ]
    for bar in overview.bars:
        assert sum(part.width for part in bar.segments) == 1000
        assert list(bar.counts) == [part.outcome for part in bar.segments]


def test_no_colour_says_anything_alone(tmp_path: Path) -> None:
    page = html.render(many.report(10, TWO), tmp_path)
    cells = re.findall(
        r'<td class="o-([\w-]+)"><a href="[^"]+"><span [^>]+>(.)</span>(.*?)</a>', page
    )
    assert len(cells) == 20
    assert all(f'data-t="short-{outcome}"' in words for outcome, _, words in cells)


@pytest.mark.parametrize("releases", [ONE, TWO])
def test_each_link_leads_to_something_that_is_there_or_packed(
    tmp_path: Path, releases: tuple[str, ...]
) -> None:
    page = html.render(many.report(10, releases), tmp_path)
    parsed = [Parsed(page), *map(Parsed, bodies(page))]
    ids = [one for part in parsed for one in part.all("id")]
    assert len(ids) == len(set(ids))
    links = [href for part in parsed for href in part.all("href") if href.startswith("#")]
    assert {unquote(href[1:]) for href in links} <= set(ids)
    in_sight = {unquote(href[1:]) for href in parsed[0].all("href") if href.startswith("#")}
    documents = {anchor for anchor in in_sight if anchor.startswith("orchard")}
    assert {f"orchard_{n:02}.published" for n in range(10)} <= {
        anchor.split("-")[0].removesuffix(f".{releases[0]}") for anchor in documents
    }


def test_what_has_to_be_seen_is_readable_without_unpacking(tmp_path: Path) -> None:
    text = Parsed(html.render(many.report(10, ONE), tmp_path)).text
    for words in (
        "docs/garden/orchard_09.ipynb",
        "the code raised FrostError: 1.10.0b1 has no attribute 'scarf'",
        "nox -s verify -- docs/garden/orchard_09.ipynb --ref v1.11.0b1 --env secretflow-1.10.0b1",
        "Without JavaScript this page shows",
        "未启用 JavaScript 时",
        "does not run, stops at cell 4",
    ):
        assert words in text, words
    assert "cell-40" not in text


def test_nothing_hostile_gets_out_of_what_is_packed(tmp_path: Path) -> None:
    report = many.report(9, ONE)
    for document in report.documents:
        document.steps[3].observed = pages.HOSTILE
        document.steps[3].verdict = Verdict.FAIL
        document.outcome = Outcome.BREAKS
    page = html.render(report, tmp_path)
    assert Parsed(page).text.count(pages.HOSTILE) >= 9
    tags = {tag for one in map(Parsed, bodies(page)) for tag, _ in one.elements}
    assert not tags & {"script", "img", "style"}
    assert {"details", "ol"} <= tags


def test_a_whole_documentation_in_five_releases_stays_small(tmp_path: Path) -> None:
    report = many.report()
    assert len(report.documents) == 220
    assert sum(len(d.steps) + len(d.checks) for d in report.documents) > 16_000
    page = html.render(report, tmp_path)
    assert len(page.encode()) < _SIZE / 2
