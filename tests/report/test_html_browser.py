"""report.html in a real browser: it can be read, filtered, linked and spoken, and harms nobody."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.report.browsing import DESKTOP, PHONE, Open

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# A machine that runs other tests meanwhile is slow; the figures of a quiet one are in seconds.
_PATIENCE_MS = 10_000


# What everybody can read.


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_page_is_accessible_and_no_wider_than_the_screen(
    open_: Open, size: tuple[int, int], scheme: str, locale: str
) -> None:
    page = open_("full", "", size, scheme, locale).page
    page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_everything_is_printed(open_: Open) -> None:
    page = open_().page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details:not([open])").count() == 0
    expect(page.locator("#filter")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details:not([open])").count() > 0


# Languages.


@pytest.mark.parametrize(("locale", "other"), [("en-US", "中文"), ("zh-CN", "English")])
def test_the_language_of_the_reader_comes_first_and_can_be_switched(
    open_: Open, locale: str, other: str
) -> None:
    page = open_("full", "", locale=locale).page
    lead = page.locator(".lead > span:visible")
    english = "2 pages as published, on SecretFlow —: 2 do not run"
    chinese = "SecretFlow — 的 2 个页面，按发布的原文：2 个无法运行"
    first, second = (english, chinese) if locale == "en-US" else (chinese, english)
    expect(lead).to_have_text(first)
    page.get_by_role("button", name=other).click()
    expect(lead).to_have_text(second)
    assert page.locator("html").get_attribute("lang") == ("zh-Hans" if second == chinese else "en")
    page.reload()
    expect(lead).to_have_text(second)


def test_in_chinese_no_phrase_of_ours_is_english(open_: Open) -> None:
    page = open_("full", "?lang=zh").page
    words = page.eval_on_selector_all("[data-t]", "nodes => nodes.map(node => node.textContent)")
    assert [word for word in words if not re.search("[\u4e00-\u9fff]", word)] == []
    labels = page.eval_on_selector_all(
        "[data-label]", "nodes => nodes.map(node => node.getAttribute('aria-label'))"
    )
    assert all(re.search("[\u4e00-\u9fff]", label) for label in labels if label)


def test_words_of_the_ledger_are_in_the_language_of_the_page(open_: Open) -> None:
    for language, shown, hidden in (("zh", ".in-zh", ".in-en"), ("en", ".in-en", ".in-zh")):
        page = open_("full", f"?lang={language}").page
        errata = page.locator("[id='water.corrected.errata:dry']")
        for one in errata.locator(shown).all():
            expect(one).to_be_visible()
        for one in errata.locator(hidden).all():
            expect(one).to_be_hidden()
        assert errata.locator(shown).count() == errata.locator(hidden).count() > 0


# Filters.


def test_verdicts_kinds_and_words_choose_what_is_shown(open_: Open) -> None:
    opened = open_()
    page = opened.page
    everything = opened.shown()
    assert len(everything) == 15
    for verdict in ("error", "erratum", "warning", "unchecked", "pass"):
        page.locator(f"input[value={verdict}]").uncheck()
    assert opened.shown() == ["water.corrected.claim:pears"]
    expect(page.locator("#shown")).to_have_text("1 of 15 shown")
    assert page.locator(".document:visible").count() == 1
    page.get_by_role("button", name="Show all").click()
    assert opened.shown() == everything
    page.get_by_role("combobox").select_option("loss")
    assert [one for one in opened.shown() if "loss" in one] == ["water.corrected.loss:head"]
    expect(page.locator("[id='water.corrected.loss:head']")).to_be_visible()
    page.get_by_role("combobox").select_option("")
    page.get_by_role("searchbox").fill("FROST")
    expect(page.locator("#shown")).to_have_text("10 of 15 shown")
    page.get_by_role("searchbox").fill("nothing has this")
    expect(page.locator("#none")).to_be_visible()


def test_counts_follow_the_other_filters(open_: Open) -> None:
    page = open_("full", "?kind=claim").page
    tallies = page.locator("#filter label output").all_inner_texts()
    assert tallies == ["1", "0", "0", "0", "1", "1"]
    page.locator("input[value=pass]").uncheck()
    expect(page.locator("option[value=claim]")).to_have_text("what the page says is so (2)")
    expect(page.locator("option[value=run]")).to_have_text("every documented step ran (1)")


def test_a_filtered_view_can_be_linked(open_: Open) -> None:
    first = open_()
    for verdict in ("fail", "error", "erratum", "warning", "pass"):
        first.page.locator(f"input[value={verdict}]").uncheck()
    first.page.get_by_role("searchbox").fill("figs")
    expect(first.page).to_have_url(re.compile(r"\?show=unchecked&find=figs$"))
    address = first.page.url
    second = open_("full", address.partition("report.html")[2])
    assert second.shown() == first.shown() == ["water.corrected.claim:figs"]


def test_the_filter_is_worked_with_the_keyboard_alone(open_: Open) -> None:
    opened = open_()
    page = opened.page
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.locator("input[value=fail]").focus()
    page.keyboard.press("Space")
    assert "water.corrected.claim:pears" not in opened.shown()
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    assert "water.corrected.claim:pears" in opened.shown()


# Links to a place.


def test_every_check_and_step_can_be_linked(open_: Open) -> None:
    opened = open_()
    page = opened.page
    for anchor in opened.shown():
        page.evaluate("anchor => { location.hash = encodeURIComponent(anchor) }", anchor)
        target = page.locator(f"[id='{anchor}']")
        expect(target).to_be_focused()
        expect(target).to_be_in_viewport()


def test_a_link_shows_what_a_filter_hides(open_: Open) -> None:
    page = open_("full", "?show=fail#water.corrected.loss%3Ahead").page
    expect(page.locator("[id='water.corrected.loss:head']")).to_be_in_viewport()
    assert "show" not in page.url
    page.goto(page.url.replace("?", "").partition("#")[0] + "?find=figs#harvest.corrected")
    expect(page.locator("[id='harvest.corrected']")).to_be_in_viewport()


@pytest.mark.parametrize("fragment", ["#nowhere", "#%", "#water.corrected.training%3Ahead"])
def test_any_link_is_borne(open_: Open, fragment: str) -> None:
    expect(open_("full", fragment).page.locator("#shown")).to_have_text("15 of 15 shown")


def test_the_command_is_copied(open_: Open) -> None:
    page = open_().page
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[id='water.corrected'] .copy").click()
    expect(page.locator("#said")).to_have_text("copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "uvx nox -s verify -- water --repeat 2"


# Hostile and large reports.


def test_nothing_that_a_run_has_printed_runs(open_: Open) -> None:
    page = open_("hostile").page
    page.evaluate("for (const node of document.querySelectorAll('details')) node.open = true")
    page.mouse.move(200, 400)
    for picture in page.locator("img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", value=True)
    page.wait_for_timeout(200)
    assert page.evaluate("window.hacked") is None


def test_what_got_into_the_page_all_the_same_would_not_run(open_: Open) -> None:
    opened = open_()
    opened.page.evaluate(
        """() => {
            const script = document.createElement("script");
            script.textContent = "window.hacked = 1";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.hacked=2'>");
        }"""
    )
    opened.page.wait_for_timeout(200)
    assert opened.page.evaluate("window.hacked") is None
    assert all("Content Security Policy" in message for message in opened.said)
    opened.said.clear()


def test_a_large_report_opens_and_filters(open_: Open) -> None:
    opened = open_("large")
    page = opened.page
    page.set_default_timeout(_PATIENCE_MS)
    opened_ms = page.evaluate("performance.getEntriesByType('navigation')[0].domComplete")
    assert 0 < opened_ms < _PATIENCE_MS
    filtering_ms = page.evaluate(
        """async () => {
            const began = performance.now(), form = document.getElementById("filter");
            for (const box of form.elements.show) box.checked = box.value === "fail";
            form.dispatchEvent(new Event("input"));
            while (document.querySelector("[data-packed]"))
              await new Promise(done => setTimeout(done));
            return performance.now() - began;
        }"""
    )
    assert filtering_ms < _PATIENCE_MS
    expect(page.locator("#shown")).to_have_text("150 of 5000 shown")
    assert len(opened.shown()) < 300
