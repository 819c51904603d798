"""What is told of each rule: the rules agree with the examples that stand in the documentation."""

import html
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.bilingual import english, share_of_latin
from tests.rules import examples, pages
from tests.rules.api.test_api import environment_of
from tests.rules.examples import Side
from tests.rules.links.test_external import _Server, server  # noqa: F401  # a fixture
from verify.cli import app, check
from verify.finding import Finding, FindingKind
from verify.page import reader
from verify.report.formats import Format
from verify.rules import checked_site, explanation, gate, project
from verify.rules.gate import Judgement
from verify.rules.links import external
from verify.system import cache as store
from verify.system.words import Language, Words

TODAY = date(2026, 5, 1)
# What the examples say of the environment that their pages document.
PACKAGES = {"secretflow": "1.11.0b1", "numpy": "1.23.5", "nbformat": "5.10.0"}
SIDES = list(examples.sides(FindingKind.EXTERNAL_LINK))
ONLINE = explanation.of(FindingKind.EXTERNAL_LINK).examples


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Judgement, dict[str, Path]]:
    """What the gate says of all examples, and the folder of each."""
    root = tmp_path_factory.mktemp("examples")
    documented = replace(environment_of(tmp_path_factory.mktemp("lock")), packages=PACKAGES)
    folders = {side.id: side.written(root) for side in SIDES}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(store.ROOT_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        opened = checked_site.open_site([root], root=root, environment=documented)
        return gate.judge(opened, project.Project(), TODAY), folders


@pytest.fixture(scope="module")
def findings(judged: tuple[Judgement, dict[str, Path]]) -> dict[str, list[Finding]]:
    """What the gate finds in each example."""
    judgement, folders = judged
    return {
        name: [one for one in judgement.findings if one.file.is_relative_to(folder)]
        for name, folder in folders.items()
    }


@pytest.mark.parametrize("side", SIDES, ids=[side.id for side in SIDES])
def test_an_example_is_what_it_says(findings: dict[str, list[Finding]], side: Side) -> None:
    kinds = {finding.kind for finding in findings[side.id]}
    assert kinds == ({side.kind} if side.side == "wrong" else set()), findings[side.id]


@pytest.mark.parametrize(
    "side", [side for side in SIDES if side.side == "wrong"], ids=lambda s: s.id
)
def test_what_is_found_is_said_in_both_languages(
    findings: dict[str, list[Finding]], side: Side
) -> None:
    said = [text for one in findings[side.id] for text in (one.message, one.suggestion) if text]
    for words in said:
        assert isinstance(words, Words), words
        assert english(words.zh) == []


@pytest.mark.parametrize("form", Format)
def test_a_chinese_reader_is_told_nothing_in_english(
    judged: tuple[Judgement, dict[str, Path]], form: Format
) -> None:
    told = check.rendered(judged[0], form, Language.CHINESE)
    if form is Format.JSON:
        found = json.loads(told)["findings"]
        told = "\n".join(text for one in found for text in one["zh"].values())
        assert [one["message"] for one in found] == [str(f.message) for f in judged[0].findings]
    elif form is Format.SARIF:
        results = json.loads(told)["runs"][0]["results"]
        told = "\n".join(one["message"]["text"] for one in results)
    else:
        kinds_and_commands = r"(?m)\[[a-z-]+\]|^::\S+ \S+,title=[^:]*::"
        told = re.sub(kinds_and_commands, " ", html.unescape(told))
    assert share_of_latin(told) <= 0.15


def test_no_severity_is_untold(findings: dict[str, list[Finding]]) -> None:
    for one in [finding for found in findings.values() for finding in found]:
        assert isinstance(one.kind, FindingKind)
        assert one.severity in explanation.of(one.kind).severities, one


@pytest.mark.slow
@pytest.mark.parametrize("example", ONLINE)
def test_an_example_of_the_web_is_what_it_says(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    server: _Server,  # noqa: F811
    example: explanation.Example,
) -> None:
    monkeypatch.setenv(store.ROOT_VARIABLE, str(tmp_path / "cache"))
    base = f"http://127.0.0.1:{server.server_port}"

    def kinds(text: str) -> list[object]:
        page = pages.page(tmp_path, example.file, text.replace("https://example.org", base))
        return [one.kind for one in external.check(pages.site(tmp_path, page, online=True))]

    assert kinds(example.wrong) == [FindingKind.EXTERNAL_LINK]
    assert kinds(example.right) == []


@pytest.mark.parametrize("language", Language)
def test_each_rule_is_explained_in_words_that_pass_the_rules(
    tmp_path: Path, language: Language
) -> None:
    read = []
    for kind in FindingKind:
        path = tmp_path / f"{kind.value}.md"
        text = explanation.markdown(kind, language, examples=False)
        said = [getattr(one, language.value) for one in explanation.of(kind).examples]
        path.write_text("\n\n".join([text, *said]) + "\n", encoding="utf-8")
        read.append(reader.read(path))
    opened = pages.site(tmp_path, *read)
    assert gate.judge(opened, project.Project(), TODAY).findings == ()


def test_each_rule_has_an_example_but_what_is_our_own_fault() -> None:
    assert {kind for kind in FindingKind if not explanation.of(kind).examples} == {
        FindingKind.NOT_CHECKED
    }


def test_no_explanation_is_left_over() -> None:
    explained = {path.stem for path in explanation.FOLDER.glob("*.toml")}
    assert explained == {kind.value for kind in FindingKind}


def test_the_command_line_explains_a_kind_and_checks_nothing() -> None:
    done = CliRunner().invoke(app.app, ["check", "--explain", "doubled-word"])
    assert (done.exit_code, done.output) == (
        0,
        explanation.markdown(FindingKind.DOUBLED_WORD, Language.ENGLISH),
    )
