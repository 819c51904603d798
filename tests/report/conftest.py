"""A headless Chromium, and the pages that it opens."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.report import chromium, many, pages
from tests.report.browsing import DESKTOP, Open, Opened
from tests.report.test_html_page import hostile
from verify.report import html


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        try:
            found = chromium.find(playwright)
        except chromium.MissingError as error:
            pytest.skip(str(error))
        browser = playwright.chromium.launch(
            executable_path=found.program,
            env={**found.environment},
            chromium_sandbox=False,
            args=["--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages, written as a run writes them."""
    out = {name: tmp_path_factory.mktemp(name) for name in ("full", "hostile", "large", "many")}
    reports = {"full": pages.full(), "hostile": hostile(out["hostile"]), "large": pages.large()}
    reports["many"] = many.report(12, many.RELEASES[:2])
    outputs = [pages.stream("it grew\n" * 30), pages.shown(image__png=pages.png())]
    pages.write_notebook(out["full"], reports["full"].documents[2], {"train": outputs})
    for name, report in reports.items():
        html.write(report, out[name] / "report.html")
    return {name: folder / "report.html" for name, folder in out.items()}


@pytest.fixture
def open_(browser: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Opens a page at an address; whatever a test does, nothing may be said or asked for."""
    all_opened: list[Opened] = []

    def opened(
        name: str = "full",
        query: str = "",
        size: tuple[int, int] = DESKTOP,
        scheme: Any = "light",
        locale: str = "en-US",
    ) -> Opened:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale=locale,
            reduced_motion="reduce",
        )
        one = Opened(context.new_page())
        one.page.goto(files[name].as_uri() + query)
        all_opened.append(one)
        return one

    yield opened
    for one in all_opened:
        assert one.said == []
        strange = [url for url in one.asked if not url.startswith(("file:", "data:"))]
        assert strange == []
        one.page.context.close()
