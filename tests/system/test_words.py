"""Words are in Chinese and English, and are put together in both."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from verify.errors import UsageError
from verify.system import typed_toml
from verify.system.typed_toml import Strict
from verify.system.words import Language, Text, Words, clause, enumerated, joined, said, sentence

PEARS = Words(zh="梨", en="pears")
RIPE = Words(zh="{count} 个{what}熟了。", en="{count} {what} are ripe.")


class _Basket(Strict):
    holds: Words


def test_words_are_read_from_a_table_and_are_english_where_no_language_is_chosen(
    tmp_path: Path,
) -> None:
    file = tmp_path / "basket.toml"
    file.write_text('holds = { zh = "梨", en = "pears" }', encoding="utf-8")
    holds = typed_toml.read(file, _Basket).holds
    assert holds == PEARS
    assert [holds.of(language) for language in Language] == ["梨", "pears"]
    assert (str(holds), f"some {holds}") == ("pears", "some pears")
    assert {holds: 1}[PEARS] == 1


@pytest.mark.parametrize(
    "written",
    [
        '{ zh = "v1.11.0b1", en = "v1.11.0b1" }',
        '{ zh = "SecureAggregator", en = "SecureAggregator" }',
        '{ zh = "`sf.init(parties)`", en = "`sf.init(parties)`" }',
        '{ zh = "用 PyTorch", en = "with PyTorch" }',
    ],
)
def test_a_name_or_code_may_be_the_same_in_both(tmp_path: Path, written: str) -> None:
    file = tmp_path / "basket.toml"
    file.write_text(f"holds = {written}", encoding="utf-8")
    assert typed_toml.read(file, _Basket).holds.en


@pytest.mark.parametrize(
    ("written", "key", "why"),
    [
        ('"pears"', "holds", 'is said in two languages, { zh = "…", en = "…" }.'),
        ('{ zh = "梨" }', "holds.en", "field required."),
        ('{ en = "pears" }', "holds.zh", "field required."),
        ('{ zh = "梨", en = "pears", fr = "poires" }', "holds.fr", "extra inputs"),
        ('{ zh = "梨", en = "" }', "holds", "`en` is one line of words, with no space around it."),
        ('{ zh = "", en = "pears" }', "holds", "`zh` is one line of words"),
        ('{ zh = "梨 ", en = "pears" }', "holds", "`zh` is one line of words"),
        ('{ zh = "梨", en = "two\\npears" }', "holds", "`en` is one line of words"),
        ('{ zh = "pears", en = "pears here" }', "holds", "`zh` is in Chinese, or the same name"),
        ('{ zh = "ripe pears", en = "ripe pears" }', "holds", "`zh` is in Chinese"),
    ],
)
def test_what_lacks_a_language_is_refused_with_its_key(
    tmp_path: Path, written: str, key: str, why: str
) -> None:
    file = tmp_path / "basket.toml"
    file.write_text(f"holds = {written}", encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        typed_toml.read(file, _Basket)
    assert f"basket.toml:1: {key}: {why}" in str(caught.value)


def test_words_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PEARS.zh = "李"  # type: ignore[misc]


def test_a_template_is_filled_in_both_languages_with_what_is_in_both() -> None:
    assert RIPE.filled(count=3, what=PEARS) == Words(zh="3 个梨熟了。", en="3 pears are ripe.")
    assert RIPE.filled(count=3, what="{plums}").zh == "3 个{plums}熟了。"


def test_parts_are_joined_in_each_language_and_what_is_empty_is_left_out() -> None:
    assert joined(("", "plums", None, PEARS)) == Words(zh="plums；梨", en="plums; pears")
    assert joined((PEARS, "5"), zh="：", en=": ") == Words(zh="梨：5", en="pears: 5")
    assert joined(("plums", "figs")) == Words.model_construct(zh="plums；figs", en="plums; figs")
    assert joined((None, "plums")) == "plums"
    assert joined((None, "")) == ""


def test_names_and_numbers_are_listed_as_each_language_does() -> None:
    assert enumerated((3, PEARS)) == Words(zh="3、梨", en="3, pears")
    assert (enumerated(["plums"]), enumerated([])) == ("plums", "")


def test_a_number_is_formatted_where_it_stands() -> None:
    share = Words(zh="占 {share:.0%}", en="{share:.0%} of it").filled(share=0.25)
    assert share == Words(zh="占 25%", en="25% of it")


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_TW", "LANG": "C"}, "zh"),
    ],
)
def test_a_terminal_speaks_what_its_variables_say(
    variables: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, variables.get(name, ""))
    assert Language.of_environment().value == language


def test_a_sentence_becomes_a_part_of_another_without_its_full_stop() -> None:
    assert clause(RIPE) == Words(zh="{count} 个{what}熟了", en="{count} {what} are ripe")
    assert clause("They are ripe.") == "They are ripe"


@pytest.mark.parametrize(
    ("zh", "en", "told"),
    [
        ("改正它", "mend it", ("改正它。", "Mend it.")),
        ("改正它。", "Mend it.", ("改正它。", "Mend it.")),
        ("忘了逗号？", "forgot a comma?", ("忘了逗号？", "Forgot a comma?")),
        ("`pear` 不在", "`pear` is gone", ("`pear` 不在。", "`pear` is gone.")),
        ("pear.ripe 不在", "pear.ripe is gone", ("pear.ripe 不在。", "pear.ripe is gone.")),
    ],
)
def test_words_become_a_sentence_of_their_own(zh: str, en: str, told: tuple[str, str]) -> None:
    whole = sentence(Words(zh=zh, en=en))
    assert isinstance(whole, Words)
    assert (whole.zh, whole.en) == told


def test_what_no_language_changes_is_made_no_sentence() -> None:
    assert sentence("keyError: 'x'") == "keyError: 'x'"
    assert sentence("") == ""


def test_a_text_is_said_in_a_language_as_far_as_it_is_known_there() -> None:
    assert [said(text, Language.CHINESE) for text in (PEARS, "plums", 7)] == ["梨", "plums", "7"]


class _Note(BaseModel):
    text: Text


def test_what_a_run_has_shown_may_look_like_anything() -> None:
    raised = Words(zh="抛出 {said}", en="it raised {said}").filled(said="Error:\n  two lines")
    note = _Note(text=joined((raised, "x")))
    assert _Note.model_validate_json(note.model_dump_json()) == note
    with pytest.raises(ValidationError):
        _Note.model_validate({"text": {"zh": "梨"}})


@pytest.mark.parametrize(("text", "data"), [("x", "x"), (PEARS, {"zh": "梨", "en": "pears"})])
def test_a_text_goes_through_json_as_it_is(text: Text, data: object) -> None:
    note = _Note(text=text)
    assert note.model_dump() == {"text": data}
    assert _Note.model_validate_json(note.model_dump_json()) == note
