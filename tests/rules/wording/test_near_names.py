"""Names that are another one mistyped, articles, and translations that turn a text round."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.wording.test_translations import judged
from verify.finding import Severity
from verify.rules.wording import grammar, near_names


def near(tmp_path: Path, text: str) -> list[str]:
    page = pages.page(tmp_path, "a.md", text)
    return [str(one.suggestion) for one in near_names.of_page(page, {"gardenn"})]


def shell(*lines: str) -> str:
    return "\n".join(("```bash", *lines, "```\n"))


@pytest.mark.parametrize(
    ("wrong", "right", "wanted"),
    [
        ("prnue all", "prune all", "prune"),
        ("prunne all", "prune all", "prune"),
        ("cat gardem-list.yaml", "cat gardens-list.yaml", "garden-list.yaml"),
    ],
)
def test_a_slip_in_a_command_is_told(tmp_path: Path, wrong: str, right: str, wanted: str) -> None:
    known = ("prune garden-list.yaml", "prune garden-list.yaml", "prune x")
    if "gardem" in wrong:
        wrong, right = "cat garrden-list.yaml", "cat garden-lists.yaml"
    assert near(tmp_path, shell(*known, wrong)) == [f"Write “{wanted}”."]
    assert near(tmp_path, shell(*known, right)) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("The orchrad is old.", "The orchards are old."),
        ("The orcharrd is old.", "The orchardist is old."),
        ("An orchrad is old.", "An archard is old."),
    ],
)
def test_a_slip_in_a_sentence_is_told(tmp_path: Path, wrong: str, right: str) -> None:
    known = "One orchard, two: an orchard and another orchard. "
    assert near(tmp_path, f"{known}{wrong}\n") == ["Write “orchard”."]
    assert near(tmp_path, f"{known}{right}\n") == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("Call `prune_brnaches`.", "Call `prune_branch`."),
        ("```python\nprune(brnaches)\n```", "```python\nprune(branchlets)\n```"),
        ("Call `pprintt` and `pprintt`, or `pprint`.", "Call `print`, `print`, or `pprint`."),
    ],
)
def test_a_slip_in_a_name_of_code_is_told(tmp_path: Path, wrong: str, right: str) -> None:
    known = "Names are `branches`, `all_branches` and `branches`.\n\n"
    assert len(near(tmp_path, f"{known}{wrong}\n")) == ("pprint" not in wrong)
    assert near(tmp_path, f"{known}{right}\n") == []


def test_what_a_dictionary_has_told_is_not_told_again(tmp_path: Path) -> None:
    text = "Gardens: gardenned twice, gardened, gardened.\n"
    page = pages.page(tmp_path, "a.md", text)
    assert len(list(near_names.of_page(page, frozenset()))) == 1
    assert list(near_names.of_page(page, {"gardenned"})) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("It is a MLP.", "It is an MLP."),
        ("This is an PIR.", "This is a PIR, not a SAT."),
        ("Take a apple.", "Take an apple, a unit, a one-off, a SQL table."),
        ("He is an gardener.", "He is a gardener for an hour."),
        ("It is an unified tool.", "It is a unified tool, not an unintended use."),
        ("It is send to all.", "It is sent to all; what it is: build for one."),
        ("A orange grows.", "Here a equals b, and a is big; option a and b."),
    ],
)
def test_articles_and_verbs_have_the_form_that_fits(tmp_path: Path, wrong: str, right: str) -> None:
    for text, count in ((wrong, 1), (right, 0)):
        page = pages.page(tmp_path, "a.md", f"{text}\n")
        assert len(list(grammar.check(pages.site(tmp_path, page)))) == count


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("A table split vertically.", "水平切分的表。", "纵向切分的表。"),
        ("The sender waits.", "接收方等待。", "发送方等待接收方。"),
        ("On an SPU or a HEU.", "在 PPU 或 HEU 上。", "在 SPU 或 HEU 上，见 PPT。"),
        ("Of the maximum.", "取最小值。", "取峰值。"),
    ],
)
def test_a_translation_does_not_turn_a_text_round(
    tmp_path: Path, text: str, wrong: str, right: str
) -> None:
    (one,) = judged(tmp_path, text, wrong)
    assert one.severity is Severity.WARNING
    assert judged(tmp_path, text, right) == []
