"""What is wrong with a page is told once, by cell; and so is what nobody could decide."""

from pathlib import Path
from typing import Any

import pytest

from tests.bilingual import words
from tests.report import pages
from verify.contract.contract import PageReference
from verify.evidence.failure import Need
from verify.finding import CheckKind, Finding, Result, Severity, Verdict
from verify.ledger.erratum import Edit, Erratum
from verify.report import defects, listing, published, undecided
from verify.report.defects import Standing
from verify.report.entries import DocumentEntry
from verify.report.outcome import Outcome
from verify.system.words import Language, Words, said

PAGE = "docs/water.ipynb"


def erratum(name: str, *cells: int, kind: str = "runtime", mended: bool = True) -> Erratum:
    symptom = "OutOfWater: no *" if kind == "runtime" else words("the page has 12 pears, not 11")
    how = {"apply": [Edit(find="drain()", replace="fill()")]} if mended else {"shows": ["drain()"]}
    why = {one: words(f"{one} of {name}") for one in ("cause", "since", "repair")}
    return Erratum(id=name, kind=kind, symptom=symptom, cells=list(cells), **why, **how)


def found(check: str, line: int, cell: int, file: str = PAGE) -> Finding:
    kind = next(one for one in CheckKind if one.value == check.partition(":")[0])
    return Finding(Path(file), line, cell, kind, Severity.WARNING, "told", "do", check)


def judged(
    kind: CheckKind, name: str, verdict: Verdict, *errata: str, cells: tuple[int, ...] = (5,)
) -> Result:
    return pages.result(kind, name, verdict, errata=errata, cells=cells, tolerance="")


def document(*checks: Result, **fields: Any) -> DocumentEntry:
    steps = fields.pop("steps", [pages.step("dig")])
    known = {"edition": "published", "environment": "secretflow-1.0", "findings": []}
    return pages.document("water", checks, steps, **known | fields)


def test_an_erratum_that_four_checks_came_upon_is_told_once_with_its_place() -> None:
    (one,) = defects.of(
        document(
            judged(CheckKind.FACTS, "fill", Verdict.ERRATUM, "dry"),
            judged(CheckKind.CLAIM, "full", Verdict.ERRATUM, "dry"),
            judged(CheckKind.ERRATUM, "dry", Verdict.ERRATUM, "dry"),
            judged(CheckKind.PACKAGES, "", Verdict.ERRATUM),
            steps=[pages.step("fill", Verdict.ERRATUM, cells=[5], errata=["dry"])],
            errata=[erratum("dry", 5)],
            findings=[found("run:fill", 41, 5), found("claim:full", 40, 5)],
        )
    )
    assert one.checks == ("facts:fill", "claim:full", "erratum:dry", "run:fill")
    assert (one.standing, one.stops, one.place) == (Standing.KNOWN, True, f"{PAGE}:40")
    assert str(one.sentence) == (
        "cell 5: it fails here: OutOfWater: no …. Cause: cause of dry. Repair: repair of dry."
    )
    assert said(one.sentence, Language.CHINESE).startswith("单元格 5：运行到此处失败：OutOfWater")


def test_findings_come_in_the_order_of_cells_and_faults_of_ours_last() -> None:
    some = defects.of(
        document(
            judged(CheckKind.START, "ladder", Verdict.ERROR, cells=(1,)),
            judged(CheckKind.CLAIM, "pears", Verdict.FAIL, cells=(3,)),
            Result("repeat:dig", CheckKind.REPEAT, Verdict.PASS, cells=(9,), warns=True),
            errata=[erratum("slip", 7, kind="text"), erratum("dry", 2, 8)],
        )
    )
    assert [one.cells for one in some] == [(2, 8), (3,), (7,), (9,), (1,)]
    assert [one.standing.value for one in some] == ["known", "new", "known", "warning", "ours"]
    assert [one.finding.severity.value for one in some] == [
        *("warning", "error", "warning", "warning", "error"),
    ]
    assert [one.finding.ours for one in some] == [False] * 4 + [True]


def test_an_erratum_that_a_check_denies_is_no_defect() -> None:
    denied = judged(CheckKind.ERRATUM, "dry", Verdict.FAIL, "dry")
    (one,) = defects.of(document(denied, errata=[erratum("dry", 5)]))
    assert (one.standing, one.checks) == (Standing.NEW, ("erratum:dry",))


def test_what_no_rewriting_mends_stops_the_page_and_is_told_once() -> None:
    broken = pages.step("fill", Verdict.ERRATUM, cells=[5], observed="OutOfWater: no rain")
    (one,) = defects.of(document(steps=[broken], errata=[erratum("dry", 5, mended=False)]))
    assert (one.stops, one.checks) == (True, ("run:fill",))


def test_what_follows_or_lacks_something_is_no_defect_of_the_page() -> None:
    steps = [
        pages.step("ask", Verdict.ERROR, needs=Need.GPU, observed="no such card"),
        pages.step("go", Verdict.FAIL, follows=[3]),
    ]
    entry = document(steps=steps)
    assert defects.of(entry) == []
    assert [str(one.words) for one in undecided.of(entry)] == ["1 step: no such card"]


def test_two_cells_with_the_same_contradiction_are_one_and_with_another_are_two() -> None:
    def output(cell: int, observed: str) -> Result:
        says = words(f"in the stored output of cell {cell} a pear")
        name, kind = f"cell-{cell}", CheckKind.OUTPUTS
        return Result(f"outputs:{name}", kind, Verdict.FAIL, says, observed, cells=(cell,))

    alike = defects.of(document(output(3, "a fig"), output(4, "a fig")))
    assert [one.cells for one in alike] == [(3, 4)]
    differ = defects.of(document(output(3, "1 fig"), output(4, "2 figs")))
    assert [one.cells for one in differ] == [(3,), (4,)]


def test_a_text_has_lines_where_a_notebook_has_cells() -> None:
    upstream = pages.document("x", [], []).upstream
    assert upstream
    text = upstream.model_copy(update={"path": "docs/water.md"})
    check = judged(CheckKind.CLAIM, "pears", Verdict.FAIL, cells=(1,))
    fields = {"upstream": text, "findings": [found("claim:pears", 77, 1, "docs/water.md")]}
    (one,) = defects.of(document(check, **fields))
    assert str(one.where) == "line 77"


def test_a_defect_that_no_finding_places_has_the_line_of_its_cell() -> None:
    fields = {"errata": [erratum("dry", 1, 2)], "cell_lines": [1, 12, 40]}
    assert [one.place for one in defects.of(document(**fields))] == [f"{PAGE}:12"]
    nearer = defects.of(document(**fields, findings=[found("run:fill", 44, 2)]))
    assert [one.place for one in nearer] == [f"{PAGE}:44"]
    assert str(defects.where(document(**fields), [0, 2])) == "cells 0, 2"
    assert str(defects.where(document(**fields), [])) == ""


@pytest.mark.parametrize(
    ("symptom", "told"),
    [
        ("PumpError: no 'tap*", "PumpError: no 'tap…'"),
        ("PumpError: no 'tap*'", "PumpError: no 'tap…'"),
        ("PumpError: *", "PumpError: …"),
    ],
)
def test_a_symptom_without_its_end_closes_its_quotation(symptom: str, told: str) -> None:
    dry = erratum("dry", 5).model_copy(update={"symptom": symptom})
    assert str(defects.of(document(errata=[dry]))[0].what) == told


def test_what_several_editions_tell_is_to_be_changed_once_and_no_fault_of_ours() -> None:
    checks = (
        judged(CheckKind.CLAIM, "pears", Verdict.FAIL, cells=(3,)),
        judged(CheckKind.START, "ladder", Verdict.ERROR, cells=(1,)),
    )
    editions = [
        document(*checks, edition=one, errata=[erratum("dry", 7)])
        for one in ("published", "corrected")
    ]
    assert [one.cells for one in defects.of_page(editions)] == [(3,), (7,)]


@pytest.mark.parametrize(
    ("kind", "frame"),
    [(CheckKind.CLAIM, "the page says"), (CheckKind.METRICS, "expected:")],
)
def test_what_no_page_says_is_not_said_to_be_said(kind: CheckKind, frame: str) -> None:
    check = judged(kind, "pears", Verdict.FAIL)
    (one,) = defects.of(document(check))
    assert str(one.what).startswith(f"{frame} ")
    assert f"{frame} " in check.sentence


# Verdicts of pages.


RUNS = "With our repairs: runs to its end."
LEDGER = "The page as published (by the ledger; not run this time)"
BREAKS = "does not run on SecretFlow 1.0, stops at cell 5"
SLIP, DRY = ("slip", "text", 2), ("dry", "runtime", 5)


@pytest.mark.parametrize(
    ("edition", "outcome", "errata", "first", "second"),
    [
        ("published", Outcome.WELL, [], "works on SecretFlow 1.0", ""),
        (
            *("published", Outcome.REPAIRED, [DRY, SLIP]),
            *(f"{BREAKS}; 2 defects, 1 of them stops it", RUNS),
        ),
        (
            *("published", Outcome.REPAIRED, [SLIP]),
            *("runs, but says what is not so on SecretFlow 1.0; 1 defect", RUNS),
        ),
        (
            *("published", Outcome.NEEDS, []),
            *("could not be judged on SecretFlow 1.0: it needs what is not there", ""),
        ),
        (
            *("published", Outcome.NOT_RUN, []),
            *("could not be judged on SecretFlow 1.0: it was not run to its end", ""),
        ),
        ("corrected", Outcome.REPAIRED, [DRY], f"{BREAKS}; 1 defect", RUNS),
        (
            *("corrected", Outcome.WELL, []),
            *("no defect of it is known on SecretFlow 1.0", RUNS),
        ),
    ],
)
def test_the_words_follow_both_verdicts(
    edition: str, outcome: Outcome, errata: list[tuple[str, str, int]], first: str, second: str
) -> None:
    some = [erratum(name, cell, kind=kind) for name, kind, cell in errata]
    page = published.of(document(edition=edition, outcome=outcome, errata=some))
    whose = LEDGER if edition == "corrected" else "The page as published"
    assert str(page.as_published) == f"{whose}: {first}."
    assert str(page.repaired) == second
    assert said(page.as_published, Language.CHINESE).startswith("页面的官方原文")


@pytest.mark.parametrize(
    ("verdict", "outcome", "second"),
    [
        (Verdict.FAIL, Outcome.CONTRADICTED, "runs, but one thing is not so"),
        (Verdict.PASS, Outcome.WELL, "does what it says; profile embedded decides 1 of its 1"),
        (Verdict.UNCHECKED, Outcome.WELL, "does what it says; profile embedded decides 0 of its 1"),
    ],
)
def test_the_second_verdict_says_how_much_was_decided(
    verdict: Verdict, outcome: Outcome, second: str
) -> None:
    check = judged(CheckKind.CLAIM, "pears", verdict)
    entry = document(check, edition="corrected", outcome=outcome, errata=[erratum("dry", 5)])
    entry.coverage.claims = {one.value: int(one is verdict) for one in Verdict}
    assert str(published.of(entry).repaired).startswith(f"With our repairs: {second}")


def test_a_page_that_breaks_and_one_of_ours_say_so() -> None:
    broken = pages.step("fill", Verdict.FAIL, cells=[5], observed="FrostError")
    page = published.of(document(steps=[broken], outcome=Outcome.BREAKS))
    assert str(page.as_published).endswith(
        "does not run on SecretFlow 1.0, stops at cell 5; 1 defect."
    )
    assert page.repaired == ""  # nothing was repaired
    entry = document(
        steps=[broken], outcome=Outcome.BREAKS, errata=[erratum("slip", 2, kind="text")]
    )
    assert str(published.of(entry).repaired) == "With our repairs: still stops at cell 5."
    ours = published.of(document(upstream=None))
    assert list(map(str, ours.sentences)) == ["A page of ours: runs to its end."]


def test_of_both_editions_the_official_text_tells_whether_it_works() -> None:
    both = [
        document(edition=edition, outcome=Outcome.REPAIRED, errata=[erratum("dry", 5)])
        for edition in ("published", "corrected")
    ]
    first, second = published.of_all(both)
    assert (len(first.defects), len(second.defects)) == (1, 0)
    assert list(map(str, second.sentences)) == ["With our repairs: runs to its end."]
    assert list(map(str, published.totals([first, second]))) == [
        "1 page as published, on SecretFlow 1.0: 1 does not run"
    ]
    (known,) = listing.known([first, second])
    assert str(known.pages) == f"On {PAGE} (cell 5)."


# What could not be decided.


def open_claim(name: str, reason: object) -> Result:
    return pages.result(CheckKind.CLAIM, name, Verdict.UNCHECKED, reason=reason)


def test_reasons_that_share_a_part_are_one_line_and_others_are_not() -> None:
    few = Words(zh="2 个 epoch，而不是 50 个", en="2 epochs instead of 50")
    both = Words(zh="2 个 epoch，而不是 50 个；替身", en="2 epochs instead of 50; a stand-in")
    entry = document(
        open_claim("pears", few),
        open_claim("figs", both),
        open_claim("plums", Words(zh="替身", en="a stand-in")),
        open_claim("nuts", Words(zh="没有人数", en="nobody counts them")),
        undecided={
            "loss:branch": Words(zh="树枝太小", en="too small a branch"),
            "claim:nuts": "twice",
        },
    )
    assert [str(one.words) for one in undecided.of(entry)] == [
        "3 claims: 2 epochs instead of 50; a stand-in",
        "1 claim: nobody counts them",
        "1 curve of losses: too small a branch",
    ]
    assert next(said(one.words, Language.CHINESE) for one in undecided.of(entry)) == (
        "3 条论断：2 个 epoch，而不是 50 个；替身"
    )


def test_reasons_that_differ_in_a_name_alone_are_told_by_the_first() -> None:
    steps = [
        pages.step(
            name,
            Verdict.UNCHECKED,
            reason=words(f"a piece: `{name}` is nowhere"),
        )
        for name in ("dig", "plant", "water")
    ]
    assert [str(one.words) for one in undecided.of(document(steps=steps))] == [
        "3 steps: a piece: `dig` is nowhere, and 2 alike"
    ]


def test_what_one_defect_of_the_library_makes_of_two_metrics_is_told_once() -> None:
    def of_metric(name: str, cell: int = 5) -> Result:
        return pages.result(
            CheckKind.METRICS, name, Verdict.ERRATUM, cells=(cell,), says=name, reason="leaks"
        )

    (one,) = defects.of(document(of_metric("ripeness"), of_metric("weight")))
    assert one.checks == ("metrics:ripeness", "metrics:weight")
    assert " (and 1 more alike). Cause: leaks." in str(one.sentence)
    assert len(defects.of(document(of_metric("ripeness"), of_metric("weight", cell=7)))) == 2


def test_of_a_text_each_defect_has_its_own_lines() -> None:
    page, checks = "docs/water.md", [judged(CheckKind.CLAIM, one, Verdict.FAIL) for one in "ab"]
    places = [found("claim:a", 4, 5, page), found("claim:b", 9, 5, page)]
    upstream = PageReference(ref="v1", path=page, blob="0" * 40)
    some = defects.of(document(*checks, findings=places, upstream=upstream))
    assert sorted(one.lines for one in some) == [(4,), (9,)]
