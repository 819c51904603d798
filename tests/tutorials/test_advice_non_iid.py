"""The page about unevenly spread data: its claims hold for what was measured, and for nothing else.

What the trainings reach is recorded here, so that whoever changes the page's claims sees at once
which wrong experiments they would let pass.
"""

import pytest

from tests.checks.builders import evidence_of, run
from verify.checks import Case, claims
from verify.contract import contract, pins
from verify.evidence.evidence import StepRun
from verify.finding import Verdict
from verify.page import reader
from verify.system.resources import TUTORIALS

FOLDER = TUTORIALS / "advice-non-iid"
PAGE = contract.read(FOLDER / contract.FILE_NAME)
COMPARED = [claim.id for claim in PAGE.claims if claim.is_comparison]
HELD_OUT = 300
Reached = dict[str, tuple[float, ...]]

# The accuracy after the last round on the pictures held out, by seed, in a run of the page.
MEASURED: Reached = {
    "evenly": (0.9400, 0.9600, 0.9600, 0.9467, 0.9600),
    "mildly-skewed": (0.9567, 0.9567, 0.9433, 0.9600, 0.9433),
    "skewed": (0.7467, 0.8033, 0.6700, 0.8067, 0.9367),
    "one-class-each": (0.2833, 0.3533, 0.2233, 0.2733, 0.3467),
    "longer": (0.3900, 0.3967, 0.2767, 0.3433, 0.4267),
    "averaging-each-step": (0.9167, 0.9367, 0.9367, 0.9433, 0.9200),
    "with-fed-prox": (0.2833, 0.3533, 0.2233, 0.2733, 0.3467),
    "twice-an-epoch": (0.2833, 0.3600, 0.1833, 0.2567, 0.4500),
    "twice-with-fed-prox": (0.5767, 0.5933, 0.6300, 0.5900, 0.6533),
    "skewed-twice": (0.7333, 0.8133, 0.6867, 0.8233, 0.9233),
    "skewed-twice-with-fed-prox": (0.7433, 0.8400, 0.7267, 0.8333, 0.9267),
    "with-fed-avg-u": (0.2833, 0.3533, 0.2233, 0.2733, 0.3467),
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
    edition = reader.read(PAGE.edition_path)
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
            exchanged("twice-with-fed-prox", "twice-an-epoch"),
            {"fed-prox-helps"},
            set(),
            id="fed_prox makes it worse",
        ),
        pytest.param(
            MEASURED | {"twice-with-fed-prox": MEASURED["evenly"]},
            {"fed-prox-does-not-make-up-for-it"},
            set(),
            id="fed_prox makes up for it",
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
            "fed-prox-changes-little-with-a-skew",
            "train-skewed-twice",
            "with a strong skew fed_prox and fed_avg_w end at most 0.040 apart",
            Verdict.PASS,
        ),
        (
            "fed-prox-changes-little-with-a-skew",
            "train-skewed-twice",
            "with a strong skew fed_prox and fed_avg_w end at most 0.110 apart",
            Verdict.FAIL,
        ),
        (
            "fed-avg-u-is-fed-avg-w",
            "train-with-fed-avg-u",
            "fed_avg_u and fed_avg_w end at most 0.003 apart",
            Verdict.PASS,
        ),
        (
            "fed-avg-u-is-fed-avg-w",
            "train-with-fed-avg-u",
            "fed_avg_u and fed_avg_w end at most 0.030 apart",
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
