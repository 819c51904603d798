"""A sentence and its translation change together, and a catalogue nowhere else."""

import pytest

from verify.errors import UsageError
from verify.ledger.erratum import Edit, Wording
from verify.repairs import catalogues
from verify.repairs.catalogues import TranslatedProse

HEAD = 'msgid ""\nmsgstr ""\n"Language: xx\\n"\n\n'
ENTRY = """\
#: ../../guide/bridge.ipynb:9
msgid ""
"The bridge has **12** arches, "
"see `the plan <./plan.ipynb>`__."
msgstr "Pons **12** arcus habet."
"""
OTHERS = """
#, fuzzy
#| msgid "It has 12 arches"
msgid "It\u2019s 12 metres\\twide."
msgstr ""

#~ msgid "12 arches"
#~ msgstr "12"
"""
PAGE = "The bridge has **12** arches,\nsee [the plan](./plan.ipynb)."


def prose(before: str, *edits: Edit) -> TranslatedProse:
    after = before
    for edit in edits:
        after = after.replace(edit.find or "", edit.replace or "")
    return TranslatedProse(before, after, edits)


def edit(find: str, replace: str, *translated: str) -> Edit:
    other = Wording(find=translated[0], replace=translated[1]) if translated else None
    return Edit(find=find, replace=replace, translated=other)


@pytest.mark.parametrize(
    ("edits", "changes"),
    [
        pytest.param([edit("12", "13")], {"**12**": "**13**"}, id="a number is the same in both"),
        pytest.param(
            [edit("has **12**", "had **12**", "habet", "habuit")],
            {"has": "had", "habet": "habuit"},
            id="a translation has its own words",
        ),
        pytest.param(
            [edit("12", "13"), edit("arches", "arcs", "arcus", "fornices")],
            {"**12**": "**13**", "arches": "arcs", "arcus": "fornices"},
            id="two edits of one sentence",
        ),
        pytest.param(
            [edit("arches,\nsee", "arcs; cf.", "arcus", "fornices")],
            {"arches, ": "arcs; cf.", '"see ': '" ', "arcus": "fornices"},
            id="words that go over lines on both sides",
        ),
        pytest.param(
            [edit("[the plan](./plan.ipynb)", "`plan.py`", "habet", "habet, ``p``")],
            {"`the plan <./plan.ipynb>`__": "``plan.py``", "habet": "habet, ``p``"},
            id="a link becomes code",
        ),
        pytest.param(
            [edit("12** arches,\nsee", "12** wide arches,\nsee", "Pons", "Pons longus")],
            {"arches, ": "wide arches, ", "Pons": "Pons longus"},
            id="a word more",
        ),
        pytest.param(
            [edit("arches,\nsee", "arches,\nand see", "habet.", "habet!")],
            {"arches, ": "arches, and ", "habet.": "habet!"},
            id="a word more where a line ends",
        ),
        pytest.param([edit("bridges", "towers")], {}, id="words that no sentence has"),
    ],
)
def test_both_sides_change(edits: list[Edit], changes: dict[str, str]) -> None:
    expected = ENTRY
    for was, becomes in changes.items():
        expected = expected.replace(was, becomes)
    text = HEAD + ENTRY + OTHERS
    assert catalogues.rewritten(text, [prose(PAGE, *edits)]) == HEAD + expected + OTHERS


def test_a_sentence_without_translation_changes_alone() -> None:
    changed = [prose("It's 12 metres   wide.", edit("12 metres", "9 metres"))]
    text = HEAD + ENTRY + OTHERS
    assert catalogues.rewritten(text, changed) == text.replace("12 metres", "9 metres")


@pytest.mark.parametrize(
    ("text", "changed", "others", "sentence"),
    [
        (
            HEAD + ENTRY,
            prose(PAGE, edit("arches", "arcs")),
            [],
            "line 9: the translation has no “arches”",
        ),
        (
            HEAD + ENTRY,
            prose(PAGE, edit("12", "13")),
            [PAGE],
            "line 6: the sentence stands in another place, too",
        ),
        (
            HEAD + 'msgid "a " b"\n',
            prose(PAGE),
            [],
            "cannot be read (unescaped double quote found)",
        ),
    ],
)
def test_what_cannot_be_done_on_both_sides_is_said(
    text: str, changed: TranslatedProse, others: list[str], sentence: str
) -> None:
    with pytest.raises(UsageError) as caught:
        catalogues.rewritten(text, [changed], others)
    assert str(caught.value) == sentence


def test_catalogues_are_found_as_sphinx_lays_them_out() -> None:
    paths = [
        "docs/locales/la/LC_MESSAGES/guide/bridge.po",
        "docs/locales/el/LC_MESSAGES/guide/bridge.po",
        "docs/locales/la/LC_MESSAGES/bridge.po",
        "docs/guide/locale/la/LC_MESSAGES/bridge.po",
        "other/locales/la/LC_MESSAGES/guide/bridge.po",
        "docs/guide/bridge.ipynb",
    ]
    found = catalogues.of_page("docs/guide/bridge.ipynb", paths)
    assert found == sorted([*paths[:2], paths[3]])
