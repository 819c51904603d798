"""Many pages in several releases in a real browser: seen at once, filtered, unpacked."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.report.browsing import DESKTOP, PHONE, Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_many_pages_are_seen_at_once_and_filtered_by_what_became_of_them(open_: Open) -> None:
    page = open_("many").page
    rows, shown = page.locator("#overview tbody tr:visible"), page.locator("#pages-shown")
    expect(shown).to_have_text("12 of 12 pages shown")
    page.locator("#pages input[value=repaired]").uncheck()
    page.locator("#pages input[value=well]").uncheck()
    page.locator("#pages input[value=needs]").uncheck()
    expect(shown).to_have_text("4 of 12 pages shown")
    assert rows.count() == 4
    assert "outcome=" in page.url
    page.reload()
    expect(shown).to_have_text("4 of 12 pages shown")
    page.locator("#pages").get_by_role("button").click()
    expect(shown).to_have_text("12 of 12 pages shown")
    page.get_by_role("searchbox").first.fill("asleep")  # a cause, not a page
    expect(shown).to_have_text("2 of 12 pages shown")
    page.get_by_role("searchbox").first.fill("no such thing")
    expect(page.locator("#no-page")).to_be_visible()


def test_a_count_of_the_bars_shows_its_pages(open_: Open) -> None:
    page = open_("many").page
    page.locator(".bars [data-outcome=contradicted]").first.click()
    expect(page.locator("#pages-shown")).to_have_text("2 of 12 pages shown")
    expect(page.locator("#pages input:checked")).to_have_count(1)


def test_a_cell_of_the_grid_leads_to_its_document_which_is_then_unpacked(open_: Open) -> None:
    page = open_("many").page
    assert page.locator("[data-packed]").count() == 24
    expect(page.locator("#no-script")).to_have_count(0)
    assert page.locator("[data-v]").count() == 0
    page.locator("#overview tr", has_text="orchard_09").locator("td a").last.click()
    document = page.locator("[id='orchard_09.published.1.11.0b1']")
    expect(document).to_be_in_viewport()
    expect(document.locator(".steps > li")).to_have_count(22)
    assert page.locator("[data-packed]").count() == 23


@pytest.mark.parametrize(
    ("fragment", "there"), [("run%3Acell-18", True), ("drift%3Acell-4", True), ("nothing", False)]
)
def test_a_link_into_a_packed_document_unpacks_it(open_: Open, fragment: str, there: bool) -> None:
    page = open_("many", f"#orchard_09.published.1.11.0b1.{fragment}").page
    target = page.locator(f"[id='orchard_09.published.1.11.0b1.{unquote(fragment)}']")
    expect(page.locator("[data-packed]")).to_have_count(23)
    expect(target).to_have_count(int(there))
    if there:
        expect(target).to_be_in_viewport()


def test_a_filter_looks_into_all_that_is_packed(open_: Open) -> None:
    opened = open_("many", "?lang=zh")
    page, count = opened.page, opened.page.locator("#shown")
    everything = page.locator("#filter").get_attribute("data-listed")
    expect(count).to_have_text(f"显示 {everything} / {everything} 项")
    page.get_by_role("searchbox").last.fill("scarf")
    expect(count).to_have_text(f"显示 3 / {everything} 项")
    assert page.locator("[data-packed]").count() == 0
    assert {one.rpartition(".")[2] for one in opened.shown()} == {"run:cell-18"}
    words = page.eval_on_selector_all(".body [data-t]", "nodes => nodes.map(n => n.textContent)")
    assert [word for word in words if not re.search("[\u4e00-\u9fff]", word)] == []
    page.locator("#filter").get_by_role("button").click()
    expect(count).to_have_text(f"显示 {everything} / {everything} 项")


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize(("scheme", "locale"), [("light", "zh-CN"), ("dark", "en-US")])
def test_many_pages_are_accessible(
    open_: Open, size: tuple[int, int], scheme: str, locale: str
) -> None:
    page = open_("many", "", size, scheme, locale).page
    page.locator("details.document > summary").first.click()
    expect(page.locator(".steps").first).to_be_attached()
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_without_a_script_many_pages_can_still_be_read(
    browser: Browser, files: dict[str, Path]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["many"].as_uri())
    expect(page.locator("#overview tbody tr")).to_have_count(12)
    expect(page.locator("#no-script")).to_be_visible()
    document = page.locator("[id='orchard_09.published.1.11.0b1']")
    document.locator("summary").first.click()
    expect(document.get_by_text("the code raised FrostError").first).to_be_visible()
    context.close()
