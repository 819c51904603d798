"""One term for one thing, in both languages: our words keep to the glossary."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import PROJECT
from verify.report.html import wording

_GLOSSARIES = [PROJECT / "docs" / language / "glossary.md" for language in ("en", "zh")]
# What is code, stands for a value, or is an option's name, is no word of ours.
_NO_WORDS = re.compile(r"`[^`]*`|\{[^{}]*\}|--[a-z-]+(?: [a-z]+)?|the wrong way round")
Rows = list[list[str]]


def rows(glossary: Path) -> Rows:
    """The terms of a glossary: English, Chinese, meaning, what is not said in Chinese."""
    lines = glossary.read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in table[1:]]


ROWS = rows(_GLOSSARIES[0])


def pairs() -> Iterator[tuple[str, str, str]]:
    """What our code says, English and Chinese, each with its place."""
    for file in sorted((PROJECT / "verify").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Words":
                said = {keyword.arg: keyword.value for keyword in node.keywords}
                words = [one.value for one in said.values() if isinstance(one, ast.Constant)]
                if list(said) == ["zh", "en"] and len(words) == 2:
                    place = f"{file.relative_to(PROJECT)}:{node.lineno}"
                    yield place, str(words[1]), str(words[0])
    for name, phrase in wording.table().items():
        if phrase["zh"]:
            yield name, phrase["en"], phrase["zh"]


PAIRS = list(pairs())


def uses(english: str, term: str) -> bool:
    """Whether English words have a term, as one or several of the thing."""
    plural = re.escape(f"{term[:-1]}ie") if term.endswith("y") else re.escape(term)
    plain = _NO_WORDS.sub(" ", english)
    return bool(
        re.search(rf"(?<![\w-])(?:{re.escape(term)}|{plural}e?s)(?![\w-])", plain, re.IGNORECASE)
    )


def strays(english: str, chinese: str) -> list[str]:
    """The terms of English words that the Chinese ones have another word for."""
    return [
        f"{term} is {said}"
        for term, said, *_ in ROWS
        if uses(english, term) and not any(one in chinese for one in said.split("、"))
    ]


def test_both_glossaries_have_the_same_terms() -> None:
    english, chinese = ([[row[0], row[1], row[3]] for row in rows(one)] for one in _GLOSSARIES)
    assert english == chinese
    assert len({row[0] for row in english}) == len(english) > 30
    assert len(PAIRS) > 700


@pytest.mark.parametrize(
    ("english", "chinese", "found"),
    [
        ("the claim holds", "论断成立", []),
        ("the claim holds", "断言成立", ["claim is 论断"]),
        ("all parties", "各方", []),
        ("all parties", "大家", ["party is 参与方、各方"]),
        ("the stored outputs", "输出", ["stored output is 已存输出"]),
        ("it is documented in `page`, {step}", "已写明", []),
    ],
)
def test_another_word_for_a_term_is_seen(english: str, chinese: str, found: list[str]) -> None:
    assert strays(english, chinese) == found


def test_each_term_has_its_word_in_what_we_say() -> None:
    found = {place: wrong for place, en, zh in PAIRS if (wrong := strays(en, zh))}
    assert found == {}


@pytest.mark.parametrize("word", [word for *_, word in ROWS if word])
def test_no_second_word_is_used(word: str) -> None:
    assert [place for place, _, chinese in PAIRS if word in chinese] == []
    glossary = _GLOSSARIES[1]
    documents = [*(PROJECT / "docs" / "zh").rglob("*.md"), PROJECT / "README.zh.md"]
    texts = {one: one.read_text(encoding="utf-8") for one in documents if one != glossary}
    assert [str(one) for one, text in texts.items() if word in text] == []
