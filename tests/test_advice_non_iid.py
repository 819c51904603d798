"""The page about unevenly spread data: its claims hold for what was measured, and for nothing else.

What the trainings reach is recorded here, so that whoever changes the page's claims sees at once
which wrong experiments they would let pass.
"""

from pathlib import Path

import pytest

from tests.checks.builders import evidence_of, run
from verify import contract, notebook, pins
from verify.checks import Case, claims
from verify.evidence import StepRun
from verify.finding import Verdict

FOLDER = Path(__file__).parent.parent / "tutorials" / "advice-non-iid"
PAGE = contract.read(FOLDER / contract.FILE_NAME)
COMPARED = [claim.id for claim in PAGE.claims if claim.kind == "comparison"]
HELD_OUT = 300
Reached = dict[str, tuple[float, ...]]

# The accuracy after the last round on the pictures held out, by seed, of a twin of the page's
# experiment in NumPy.
MEASURED: Reached = {
    "evenly": (0.953, 0.940, 0.950, 0.950, 0.953),
    "mildly-skewed": (0.960, 0.950, 0.937, 0.943, 0.947),
    "skewed": (0.777, 0.793, 0.650, 0.717, 0.920),
    "one-class-each": (0.310, 0.303, 0.307, 0.187, 0.453),
    "longer": (0.380, 0.317, 0.423, 0.310, 0.523),
    "averaging-each-step": (0.933, 0.957, 0.940, 0.923, 0.940),
    "with-fed-prox": (0.310, 0.303, 0.307, 0.187, 0.453),
}


def verdicts(reached: Reached, printed: dict[str, str] | None = None) -> dict[str, Verdict]:
    """What becomes of the page's claims when its trainings reach this and its steps print that."""
    runs = [
        run(
            step=PAGE.training(training).step,
            history={"val_accuracy": [0.2, accuracy]},
            samples={"val_accuracy": HELD_OUT},
        )
        for training, accuracies in reached.items()
        for accuracy in accuracies
    ]
    evidence = evidence_of(*runs)
    steps = {step: StepRun(step, 0, 1, text, None) for step, text in (printed or {}).items()}
    evidence = type(evidence)(steps=steps, trainings=evidence.trainings)
    edition = notebook.read(PAGE.edition_path)
    case = Case(PAGE, "embedded", edition, pins.NONE, evidence=evidence)
    judged = [claims.OF_RUN.judge(case, claim.id) for claim in PAGE.claims]
    return {claim.id: one.verdict for claim, one in zip(PAGE.claims, judged, strict=True)}


def test_every_comparison_holds_for_what_was_measured() -> None:
    found = verdicts(MEASURED)
    assert {claim: found[claim] for claim in COMPARED} == dict.fromkeys(COMPARED, Verdict.PASS)


def exchanged(one: str, other: str) -> Reached:
    return MEASURED | {one: MEASURED[other], other: MEASURED[one]}


def everywhere(training: str) -> Reached:
    return dict.fromkeys(MEASURED, MEASURED[training])


ALL_HARM = {"one-class-each-hurts", "skew-hurts", "one-class-each-is-worse-than-skew"}


@pytest.mark.parametrize(
    ("reached", "contradicted", "at_least_undecided"),
    [
        pytest.param(
            everywhere("evenly"),
            {
                "one-class-each-hurts",
                "more-rounds-do-not-make-up-for-it",
                "averaging-each-step-helps",
            },
            ALL_HARM,
            id="each party has all the data",
        ),
        pytest.param(
            everywhere("one-class-each"),
            set(),
            {*ALL_HARM, "more-rounds-do-not-make-up-for-it", "averaging-each-step-helps"},
            id="each party has one class throughout",
        ),
        pytest.param(
            exchanged("evenly", "one-class-each"),
            {"one-class-each-hurts", "skew-hurts", "one-class-each-is-worse-than-skew"},
            {"a-mild-skew-does-not-hurt", "averaging-each-step-is-not-sensitive"},
            id="the even spread and one class each exchanged",
        ),
        pytest.param(
            exchanged("skewed", "one-class-each"),
            {"one-class-each-is-worse-than-skew"},
            set(),
            id="the skewed parts and one class each exchanged",
        ),
        pytest.param(
            exchanged("mildly-skewed", "one-class-each"),
            {"a-mild-skew-does-not-hurt", "one-class-each-hurts"},
            set(),
            id="the mildly skewed parts and one class each exchanged",
        ),
        pytest.param(
            exchanged("averaging-each-step", "one-class-each"),
            {"averaging-each-step-helps", "averaging-each-step-is-not-sensitive"},
            set(),
            id="averaging at each step makes it worse",
        ),
        pytest.param(
            MEASURED | {"longer": MEASURED["evenly"]},
            {"more-rounds-do-not-make-up-for-it"},
            set(),
            id="more rounds make up for it",
        ),
    ],
)
def test_wrong_experiments_do_not_pass(
    reached: Reached, contradicted: set[str], at_least_undecided: set[str]
) -> None:
    found = verdicts(reached)
    assert {claim for claim in contradicted if found[claim] is not Verdict.FAIL} == set()
    assert {claim for claim in at_least_undecided if found[claim] is Verdict.PASS} == set()


def test_fewer_seeds_than_documented_decide_nothing() -> None:
    found = verdicts(MEASURED | {"one-class-each": MEASURED["one-class-each"][:4]})
    assert found["one-class-each-hurts"] is Verdict.UNCHECKED
    assert found["skew-hurts"] is Verdict.PASS


@pytest.mark.parametrize(
    ("claim", "step", "text", "verdict"),
    [
        (
            "fed-prox-does-nothing",
            "train-with-fed-prox",
            "fed_prox and fed_avg_w differ by at most 0.000",
            Verdict.PASS,
        ),
        (
            "fed-prox-does-nothing",
            "train-with-fed-prox",
            "fed_prox and fed_avg_w differ by at most 0.003",
            Verdict.FAIL,
        ),
        (
            "nothing-is-held-twice",
            "plot-parts",
            "601 pictures at the parties, 601 of them different\n" * 4,
            Verdict.PASS,
        ),
        (
            "nothing-is-held-twice",
            "plot-parts",
            "601 pictures at the parties, 601 of them different\n" * 3
            + "3005 pictures at the parties, 601 of them different\n",
            Verdict.FAIL,
        ),
    ],
)
def test_what_a_step_prints_decides(claim: str, step: str, text: str, verdict: Verdict) -> None:
    assert verdicts(MEASURED, {step: text})[claim] is verdict
