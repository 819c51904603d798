"""report.html as a file: well-formed, whole in itself, and harmless whatever a run has printed."""

import base64
import re
import zlib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.report import pages
from verify.cli import report as cli_report
from verify.errors import ExitCode
from verify.report import entries, html, output
from verify.report.entries import Report
from verify.report.formats import ReportFormat
from verify.report.html import view, wording
from verify.system.words import Words

_VOID = {"meta", "input", "img", "br", "link"}
_SIZE = 10_000_000


class Parsed(HTMLParser):
    """The elements of a page, each with its attributes; raises where tags do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), attrs
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, attribute: str) -> list[str]:
        """The values of an attribute, wherever it stands."""
        return [attributes[attribute] for _, attributes in self.elements if attribute in attributes]


def rendered(report: Report, out: Path) -> Parsed:
    return Parsed(html.render(report, out))


def test_what_is_only_to_be_weighed_is_folded_beneath_the_findings(tmp_path: Path) -> None:
    report = pages.full()
    water = report.documents[2]
    page = html.render(report, tmp_path)
    article = page[page.index(f'id="{water.name}.{water.edition}"') :]
    told = re.findall(r"(Findings|Warnings)</span>.*?\((\d+)\)", article)
    assert told[:2] == [("Findings", "4"), ("Warnings", "1")]
    assert '<details class="aside"><summary><h3><span class="in-en" lang="en">Warnings' in article


def test_code_in_words_is_printed_as_code_and_acts_on_nothing(tmp_path: Path) -> None:
    report = pages.full()
    step = next(one for one in report.documents[2].steps if one.observed)
    step.observed = Words(zh="缺少 `<b>pear</b>`", en="lacks `<b>pear</b>`")
    page = html.render(report, tmp_path)
    assert "<code>&lt;b&gt;pear&lt;/b&gt;</code>" in page
    assert "<b>pear" not in page


def hostile(out: Path) -> Report:
    """A hostile report with hostile outputs beside it."""
    report = pages.hostile()
    some = [
        pages.stream(pages.HOSTILE),
        pages.shown(text__html=pages.HOSTILE),
        pages.shown(image__svg_xml=pages.SVG),
        pages.shown(image__png=pages.HOSTILE),
        pages.stream("\x1b[31m" + "long " * 10**6),
    ]
    pages.write_notebook(out, report.documents[0], {"train": some})
    return report


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Parsed:
    """The page of a report with all there is."""
    return rendered(pages.full(), tmp_path_factory.mktemp("out"))


@pytest.mark.parametrize("name", ["full", "hostile"])
def test_the_page_needs_nothing_else_and_runs_nothing_but_its_own_script(
    tmp_path: Path, name: str
) -> None:
    report = hostile(tmp_path) if name == "hostile" else pages.full()
    page = rendered(report, tmp_path)
    scripts = [attributes for tag, attributes in page.elements if tag == "script"]
    assert scripts == [{"type": "application/json", "id": "words"}, {}]
    assert not [name for _, attributes in page.elements for name in attributes if name[:2] == "on"]
    assert not page.all("style")
    assert all(address.startswith("data:image/") for address in page.all("src"))
    allowed = ("#", "?show=", "https://", "notebooks/")
    assert all(address.startswith(allowed) for address in page.all("href"))
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"iframe", "object", "embed", "link", "base", "form action"}


def test_what_is_hostile_is_shown_as_it_is(tmp_path: Path) -> None:
    page = rendered(hostile(tmp_path), tmp_path)
    assert page.text.count(pages.HOSTILE) > 20


def test_five_megabytes_of_output_are_cut_with_a_word_on_it(tmp_path: Path) -> None:
    page = rendered(hostile(tmp_path), tmp_path)
    assert re.search(r"… 4,99\d,\d{3} characters are left out here …", page.text)


def test_the_policy_allows_the_script_and_the_style_of_the_page(page: Parsed) -> None:
    (policy,) = (value for value in page.all("content") if "default-src" in value)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert policy.count("'sha256-") == 2


def test_each_address_is_there_once_and_each_link_leads_somewhere(page: Parsed) -> None:
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    targets = {unquote(href[1:]) for href in page.all("href") if href.startswith("#")}
    assert targets <= set(ids)


@pytest.mark.parametrize(
    "anchor",
    [
        "water.corrected",
        "water.corrected.claim:pears",
        "water.corrected.run:train",
        "water.corrected.training:head",
        "water.corrected.errata:dry",
        "prune.published.erratum:dry",
    ],
)
def test_findings_have_the_addresses_that_others_link_to(page: Parsed, anchor: str) -> None:
    assert anchor in page.all("id")
    assert f"#{anchor}" in map(unquote, page.all("href"))


def test_every_phrase_of_the_page_is_known_with_its_values(page: Parsed) -> None:
    for _, attributes in page.elements:
        if "data-t" in attributes:
            phrase = wording.table()[attributes["data-t"]]
            wanted = set(re.findall(r"\{(\w+)\}", phrase["zh"]))
            assert {f"data-{name}" for name in wanted} <= attributes.keys()
    assert set(page.all("data-label")) <= wording.table().keys()


def test_a_reader_finds_all_parts_of_a_document(page: Parsed) -> None:
    for words in (
        "2 pages as published, on SecretFlow —: 2 do not run",
        "It fails here: OutOfWater: …",
        "the orchard pears bears 12 pears",
        "5 pears on pears",
        "± 2 pears: frost",
        "plant another tree",
        "docs/orchard.ipynb:7",
        "nobody filled the bucket",
        "It fails since May.",
        "too early in the year",
        "uvx nox -s verify -- water --repeat 2",
        "It puts this advice to the test",
        "sent for aggregation, though nobody trains them",
        "run 2 times with the same seeds",
        "pears 1.2",
    ):
        assert words in page.text, words


def test_a_large_report_stays_below_ten_megabytes(tmp_path: Path) -> None:
    report = pages.large()
    assert len(report.documents) == 50
    assert sum(len(d.checks) + len(d.steps) for d in report.documents) == 5000
    some = [pages.stream("the loss is 0.5\n" * 1000), pages.shown(image__svg_xml="<svg>" * 5000)]
    for entry in report.documents:
        pages.write_notebook(tmp_path, entry, {step.id: some for step in entry.steps})
    page = html.render(report, tmp_path)
    assert len(page.encode()) < _SIZE
    assert all('data-t="left-out"' in body for body in bodies(page))


def bodies(page: str) -> list[str]:
    """What the script unpacks when a reader looks at a document."""
    packed = re.findall(r'data-packed="([^"]+)"', page)
    return [zlib.decompress(base64.b64decode(one)).decode() for one in packed]


def test_a_run_writes_the_page_and_a_command_writes_it_again(tmp_path: Path) -> None:
    report = pages.full()
    entries.write(report, tmp_path)
    output.write(report, tmp_path)
    first = (tmp_path / "report.html").read_bytes()
    assert first.startswith(b"<!doctype html>\n")
    (tmp_path / "report.html").unlink()
    assert cli_report.show(tmp_path, ReportFormat.MARKDOWN) is ExitCode.CONTRADICTED
    assert (tmp_path / "report.html").read_bytes() == first


def test_a_page_that_cannot_be_made_says_so_and_the_rest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("<no> page")

    monkeypatch.setattr(view, "of_report", fail)
    output.write(pages.full(), tmp_path)
    page = Parsed((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "This page could not be made" in page.text
    assert "RuntimeError: <no> page" in page.text
    assert (tmp_path / "summary.md").exists()
