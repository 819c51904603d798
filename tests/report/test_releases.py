"""Releases side by side: where a page breaks first, told from what was there before."""

from typing import Any

import pytest

from tests.report import pages
from verify.evidence.failure import Need
from verify.finding import CheckKind, Verdict
from verify.report import cause, releases, totals
from verify.report.entries import DocumentEntry, StepEntry
from verify.report.outcome import Outcome
from verify.report.releases import Release
from verify.system.words import Words

FROST = "the code raised FrostError: no scarf"
OLD, NEW, NEWEST = "secretflow-1.9.0", "secretflow-1.10.0b1", "secretflow-1.10.0"


def orchard(environment: str, *steps: StepEntry, **fields: Any) -> DocumentEntry:
    """A published page as it was run in an environment."""
    said = {"edition": "published", "environment": environment, "outcome": Outcome.BREAKS}
    return pages.document("water", [], steps, **said | fields)


def broken(observed: str = FROST, cell: int = 3, **fields: Any) -> StepEntry:
    return pages.step(f"cell-{cell}", Verdict.FAIL, cells=[cell], observed=observed, **fields)


def met(erratum: str = "dry", cell: int = 3) -> StepEntry:
    return pages.step(f"cell-{cell}", Verdict.ERRATUM, cells=[cell], errata=[erratum])


def first(*documents: DocumentEntry) -> list[tuple[str, str | None, str, bool]]:
    """What breaks first: where, where not, what, and whether a ledger knows it."""
    found = pages.report(*documents).first_breaks
    return [(one.release, one.absent_in, str(one.says), one.known) for one in found]


# The order of releases and of pages.


def test_releases_are_in_the_order_of_their_versions() -> None:
    some = [orchard(NEWEST), orchard(NEW), orchard("our-own"), orchard(OLD)]
    found = [one.release for one in releases.of(some)]
    assert found == ["our-own", "1.9.0", "1.10.0b1", "1.10.0"]


def test_what_speaks_against_a_page_comes_before_our_own_faults() -> None:
    names = {outcome: outcome.value for outcome in Outcome}
    some = [pages.document(name, [], [], outcome=one) for one, name in names.items()]
    found = [row.gravest for row in releases.rows(some)]
    assert found == list(releases.GRAVEST)
    assert found.index(Outcome.BREAKS) < found.index(Outcome.OURS) < found.index(Outcome.WELL)
    assert set(found) == set(Outcome)


def test_a_page_is_one_row_in_all_releases_and_each_edition_another() -> None:
    some = [orchard(OLD), orchard(NEW), orchard(NEW, edition="corrected")]
    rows = releases.rows(some)
    assert [(row.last.edition, len(row.documents)) for row in rows] == [
        ("published", 2),
        ("corrected", 1),
    ]
    assert rows[0].of(Release(OLD)) is some[0]
    assert rows[1].of(Release(OLD)) is None


# First breaks.


def test_a_break_is_of_the_first_release_that_shows_it() -> None:
    well = pages.step("cell-3")
    assert first(orchard(OLD, well), orchard(NEW, broken()), orchard(NEWEST, broken())) == [
        ("1.10.0b1", "1.9.0", FROST, False)
    ]
    assert first(orchard(OLD, broken()), orchard(NEW, broken())) == [("1.9.0", None, FROST, False)]
    assert first(orchard(OLD, well), orchard(NEW, well)) == []


@pytest.mark.parametrize("verdict", [Verdict.UNCHECKED, Verdict.ERROR])
def test_a_run_that_did_not_come_to_its_end_does_not_say_that_a_break_is_new(
    verdict: Verdict,
) -> None:
    short = orchard(OLD, pages.step("cell-3", verdict), outcome=Outcome.NOT_RUN)
    assert first(short, orchard(NEW, broken())) == [("1.10.0b1", None, FROST, False)]


def test_a_cell_that_no_machine_is_to_run_leaves_nothing_open() -> None:
    skipping = orchard(OLD, pages.step("cell-3", Verdict.UNCHECKED), outcome=Outcome.WELL)
    assert first(skipping, orchard(NEW, broken(cell=4)))[0][1] == "1.9.0"


@pytest.mark.parametrize(
    ("other", "count"),
    [
        ("the code raised FrostError: no scarf", 1),
        ("the code raised FrostError: no hat", 2),
        ("the code raised FrostError: no scarf at 0x7fa0", 2),
    ],
)
def test_another_message_is_another_break(other: str, count: int) -> None:
    assert len(first(orchard(OLD, broken()), orchard(NEW, broken(other)))) == count


def test_addresses_and_numbers_make_no_other_break() -> None:
    one, other = (broken(f"the code raised FrostError: tree {n} at 0x{n}f") for n in (12, 7))
    assert len(first(orchard(OLD, one), orchard(NEW, other))) == 1


def test_a_break_at_two_cells_is_told_once_with_both() -> None:
    (found,) = pages.report(orchard(OLD, broken(), broken(cell=9))).first_breaks
    assert found.cells == [3, 9]


def test_an_erratum_that_is_repaired_on_the_way_breaks_the_page_of_its_reader() -> None:
    before = orchard(OLD, pages.step("cell-3"), outcome=Outcome.WELL)
    assert first(before, orchard(NEW, met(), outcome=Outcome.REPAIRED)) == [
        ("1.10.0b1", "1.9.0", "dry", True)
    ]


def test_what_one_ledger_knows_and_another_does_not_is_one_break() -> None:
    known = pages.full().documents[2].errata
    old = orchard(OLD, met(), errata=known)
    new = orchard(NEW, broken("the code raised OutOfWater: none"))
    assert first(old, new) == [("1.9.0", None, "dry", True)]
    elsewhere = orchard(NEW, broken("the code raised OutOfWater: none", cell=8))
    assert len(first(old, elsewhere)) == 2
    moved = elsewhere.model_copy(deep=True)
    assert moved.upstream is not None
    moved.upstream = moved.upstream.model_copy(update={"blob": "1" * 40})
    assert len(first(old, moved)) == 1


def test_a_proposed_erratum_is_new_and_one_that_cannot_be_mended_is_known() -> None:
    proposed = pages.full().documents[2].errata
    new = orchard(OLD, broken(errata=["dry"]), proposed=proposed)
    assert first(new) == [("1.9.0", None, FROST, False)]
    unmended = pages.step("cell-3", Verdict.ERRATUM, observed="the code raised OutOfWater: no")
    known = orchard(OLD, unmended, errata=proposed, outcome=Outcome.KNOWN)
    assert first(known) == [("1.9.0", None, "dry", True)]


def test_one_defect_of_several_pages_is_one_piece_of_news_of_the_newest_release_first() -> None:
    some = [orchard(OLD, met()), orchard(NEW, met(), broken(cell=5))]
    some += [pages.document("prune", [], [broken()], environment=NEW, edition="published")]
    found = releases.news(releases.rows(some))
    assert [(one[0].release, str(one[0].says), len(one)) for one in found] == [
        ("1.10.0b1", FROST, 2),
        ("1.9.0", "dry", 1),
    ]


# Causes.


@pytest.mark.parametrize(
    ("outcome", "steps", "says"),
    [
        (Outcome.BREAKS, [pages.step("a"), broken(cell=4)], f"cell 4: {FROST}"),
        (Outcome.BREAKS, [pages.step("a"), met()], None),
        (Outcome.NOT_RUN, [pages.step("a", Verdict.UNCHECKED, reason="late")], "cell 3: late"),
        (Outcome.OURS, [pages.step("a", Verdict.ERROR, observed="we slept")], "cell 3: we slept"),
        (Outcome.KNOWN, [met(), pages.step("a", Verdict.ERRATUM, observed="no")], "cell 3: no"),
        (Outcome.WELL, [pages.step("a")], None),
        (
            Outcome.NEEDS,
            [pages.step("a", Verdict.ERROR, observed="none here", needs=Need.GPU)],
            "cell 3: it lacks a graphics processor: none here",
        ),
        (Outcome.NEEDS, [pages.step("a", Verdict.UNCHECKED, reason="too big")], "cell 3: too big"),
    ],
)
def test_the_cause_is_the_first_that_is_to_blame(
    outcome: Outcome, steps: list[StepEntry], says: str | None
) -> None:
    why = cause.of(orchard(OLD, *steps, outcome=outcome))
    assert (str(why.words) if why else None) == says


def test_of_known_defects_the_one_that_nothing_mends_is_the_cause() -> None:
    document = orchard(OLD, met("dry", 1), met("rot", 4), outcome=Outcome.KNOWN)
    (dry,) = pages.full().documents[2].errata[:1]
    rot = dry.model_copy(update={"id": "rot", "apply": [], "shows": ["pick()"]})
    document.errata = [dry.model_copy(update={"id": "dry"}), rot]
    why = cause.of(document)
    assert why is not None
    assert why.cells == (4,)


def test_what_follows_from_another_failure_is_no_cause() -> None:
    follows = broken("the code raised NameError: tree", cell=2, follows=[1])
    why = cause.of(orchard(OLD, follows, broken(cell=4)))
    assert why is not None
    assert (why.cells, why.check) == ((4,), "run:cell-4")


def test_the_cause_of_a_contradiction_and_of_a_repair_is_told_in_both_languages() -> None:
    wrong = pages.result(CheckKind.OUTPUTS, "pears", Verdict.FAIL, cells=(7, 8), step="late")
    document = pages.document("water", [wrong], [], outcome=Outcome.CONTRADICTED)
    why = cause.of(document)
    assert why is not None
    assert isinstance(why.words, Words)
    assert why.words.en.startswith("cells 7, 8: the page says the orchard pears bears 12 pears")
    assert why.words.zh.startswith("单元格 7、8：页面称：")
    repaired = pages.document("water", [], [], outcome=Outcome.REPAIRED)
    assert cause.of(repaired) is None
    repaired.errata = pages.full().documents[2].errata
    known = cause.of(repaired)
    assert known is not None
    assert known.words == Words(zh="单元格 3：已知勘误 dry", en="cell 3: known errata: dry")


def test_defects_are_what_fails_of_steps_and_checks() -> None:
    wrong = pages.result(CheckKind.OUTPUTS, "pears", Verdict.FAIL)
    right = pages.result(CheckKind.OUTPUTS, "figs", Verdict.ERRATUM)
    document = pages.document("water", [wrong, right], [broken(), met()])
    assert cause.defects(document) == 2


# Totals.


def test_published_pages_lead_and_the_best_is_counted_first() -> None:
    outcomes = (Outcome.BREAKS, Outcome.REPAIRED, Outcome.WELL, Outcome.REPAIRED)
    some = [
        pages.document(f"tree-{n}", [], [], edition="published", outcome=one)
        for n, one in enumerate(outcomes)
    ]
    ours = pages.document("tree-0", [], [])
    assert totals.sentences([ours, *some]) == [
        Words(
            zh="SecretFlow — 的 4 个页面，按发布的原文：3 个未能判定，1 个正常",
            en="4 pages as published, on SecretFlow —: 3 could not be judged, 1 works",
        ),
        Words(
            zh="运行中修正已知勘误的 4 个页面：1 个原样正常，2 个修正已知勘误后正常，1 个运行出错",
            en="4 pages with known errata repaired on the way: 1 well as published, "
            "2 well once known errata are repaired, 1 broken",
        ),
        Words(zh="修正版的 1 个页面：1 个正常", en="1 page in our edition: 1 well"),
    ]


REPAIRED = "1 page with known errata repaired on the way"


def test_of_several_releases_each_page_counts_at_its_worst_and_then_each_release() -> None:
    some = [orchard(OLD, outcome=Outcome.WELL), orchard(NEW, outcome=Outcome.OURS)]
    assert [str(says) for says in totals.sentences(some)] == [
        "1 page as published, on SecretFlow 1.10.0b1: 1 could not be judged",
        "1 page as published, on SecretFlow 1.9.0: 1 works",
        f"{REPAIRED}, each at its worst in 2 releases: 1 we could not judge",
        f"{REPAIRED}, 1.9.0: 1 well as published",
        f"{REPAIRED}, 1.10.0b1: 1 we could not judge",
    ]


def test_each_outcome_has_its_words_and_a_sign_of_its_own() -> None:
    assert set(totals.COUNTED) == set(totals.SHORT) == set(totals.SYMBOLS) == set(Outcome)
    assert len(set(totals.SYMBOLS.values())) == len(Outcome)
