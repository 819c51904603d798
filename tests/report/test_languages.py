"""The texts of a run in the language asked for: no sentence of a Chinese one is in English."""

import json
from io import StringIO
from pathlib import Path

import pytest
from junitparser import JUnitXml
from rich.console import Console
from typer.testing import CliRunner

from tests import sample_documents
from tests.bilingual import english, share_of_latin
from tests.report.test_entries import check, closed, report_of, results_of
from verify.checks import case as of_checks
from verify.checks import observed
from verify.cli import report as cli_report
from verify.cli.app import app
from verify.finding import Verdict
from verify.report import entries, output, terminal
from verify.report.entries import Report
from verify.report.formats import ReportFormat
from verify.system.words import Language, Words

SAYS = Words(zh="有多少个梨", en="how many pears there are")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    document = sample_documents.read("pears")
    results = [
        check(verdict, says=SAYS, observed=of_checks.NONE_SUCH, reason=observed.NO_NETWORK)
        for verdict in Verdict
    ]
    out = tmp_path_factory.mktemp("out")
    return report_of(closed(document, results_of(document, *results), out))


def shown(report: Report, language: Language) -> str:
    text = StringIO()
    terminal.show(report, Console(file=text, width=200), language)
    return text.getvalue()


def test_the_measure_tells_languages_apart() -> None:
    assert english("页面说 “the pears are ripe”，见 `see page one here`，用 GitHub Actions") == []
    assert english("页面说：the pears are ripe。") == ["the pears are ripe"]
    assert share_of_latin("页面称有三个梨") == 0
    assert share_of_latin("the page says") == 1
    assert share_of_latin("训练八个 epoch 之后再看 `claim.py`") == pytest.approx(1 / 5)


@pytest.mark.parametrize("form", ["terminal", "summary.md", "junit.xml", "report.sarif"])
def test_a_chinese_text_is_chinese_and_an_english_one_has_none(
    report: Report, tmp_path: Path, form: str
) -> None:
    texts = {}
    for language in Language:
        output.write(report, tmp_path, language)
        path = tmp_path / form
        texts[language] = (
            path.read_text(encoding="utf-8") if path.exists() else shown(report, language)
        )
    assert "没有看到网络" in texts[Language.CHINESE]
    assert "no network was seen" in texts[Language.ENGLISH]
    assert "no network was seen" not in texts[Language.CHINESE]
    assert "没有看到网络" not in texts[Language.ENGLISH]
    if form in ("terminal", "summary.md"):
        assert share_of_latin(texts[Language.CHINESE]) <= 0.15


def test_each_message_is_one_sentence_in_one_language(report: Report, tmp_path: Path) -> None:
    output.write(report, tmp_path, Language.CHINESE)
    results = [
        message
        for case in JUnitXml.fromfile(str(tmp_path / "junit.xml"))
        for one in case
        for message in [one.result[0].message if one.result else ""]
    ]
    log = json.loads((tmp_path / "report.sarif").read_text(encoding="utf-8"))["runs"][0]
    messages = [one["message"]["text"] for one in log["results"]]
    notes = cli_report.rendered(report, ReportFormat.GITHUB, tmp_path, Language.CHINESE)
    told = [one for one in [*results, *messages, *notes.splitlines()] if "没有看到网络" in one]
    assert len(told) >= 5
    for one in told:
        assert share_of_latin(one.rpartition("::")[2]) <= 0.25, one


def test_the_command_speaks_as_its_terminal_does_unless_it_is_told(
    report: Report,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries.write(report, tmp_path)
    for variable in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(variable, raising=False)
    for lang, told, chinese in (
        ("zh_CN.UTF-8", None, True),
        ("C.UTF-8", None, False),
        ("C.UTF-8", Language.CHINESE, True),
        ("zh_CN.UTF-8", Language.ENGLISH, False),
    ):
        monkeypatch.setenv("LANG", lang)
        chosen = ["--language", told.value] if told else []
        arguments = ["report", "--out", str(tmp_path), "--format", "markdown", *chosen]
        ended = CliRunner().invoke(app, arguments)
        assert ("没有看到网络" in ended.stdout) is chinese


def test_a_report_whose_texts_are_english_alone_is_read_and_shown(
    report: Report, tmp_path: Path
) -> None:
    data = json.loads(report.model_dump_json(by_alias=True))
    for one in data["documents"][0]["checks"]:
        one["observed"], one["reason"] = one["observed"]["en"], one["reason"]["en"]
    (tmp_path / "report.json").write_text(json.dumps(data), encoding="utf-8")
    old = entries.read(tmp_path / "report.json")
    assert "no network was seen" in shown(old, Language.CHINESE)
