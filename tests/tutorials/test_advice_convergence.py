"""The page on convergence: its own comparison tells rounds that agree from rounds that do not.

Its cells judge rounds that a network in NumPy trained, right ones and wrong ones; its claims judge
what a run of the page reached, and what it must not have reached.
"""

import contextlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.checks.builders import run
from verify.checks import Case, claims
from verify.contract import contract, pins
from verify.evidence.evidence import Evidence, StepRun, TrainingRun
from verify.finding import Verdict
from verify.page import reader
from verify.system.resources import TUTORIALS

FOLDER = TUTORIALS / "advice-convergence"
Array = np.ndarray[Any, Any]
Arrays = list[Array]
Mean = Callable[[Sequence[Arrays], Sequence[int]], Arrays]


@cache
def page() -> Case:
    document = contract.read(FOLDER / contract.FILE_NAME)
    edition = reader.read(FOLDER / contract.EDITION_NAME)
    return Case(document, "embedded", edition, pins.NONE)


def verdict(claim: str, printed: dict[str, str], trained: Sequence[TrainingRun] = ()) -> Verdict:
    """What becomes of a claim of the page, by what its steps printed and trained."""
    steps = {step: StepRun(step, 0, 1, text, None) for step, text in printed.items()}
    by_step = {one.step: [other for other in trained if other.step == one.step] for one in trained}
    ran = Case(
        page().contract,
        page().profile_name,
        page().notebook,
        page().pins,
        evidence=Evidence(steps=steps, trainings=by_step),
    )
    assert claim in claims.OF_RUN.subjects(ran.contract)
    return claims.OF_RUN.judge(ran, claim).verdict


# Where both must agree. 900 pictures of noise, of which the first party holds 600.

DRAWN = np.random.default_rng(5)
PICTURES, DIGITS = DRAWN.random((900, 64)), DRAWN.integers(0, 10, 900)
ALL, FIRST, SECOND = slice(0, 900), slice(0, 600), slice(600, 900)
UNEQUAL = (FIRST, SECOND)


@dataclass
class Network:
    """The page's network and its optimizers, in NumPy."""

    optimizer: str
    rate: float
    weights: Arrays = field(default_factory=list)
    first: Arrays = field(default_factory=lambda: [np.zeros(())] * 4)
    second: Arrays = field(default_factory=lambda: [np.zeros(())] * 4)
    steps: int = 0

    def set_weights(self, weights: Arrays) -> None:
        self.weights = list(weights)

    def get_weights(self) -> Arrays:
        return self.weights

    def train_on_batch(self, x: Array, y: Array) -> None:
        self.steps += 1
        for i, gradient in enumerate(self._gradients(x, y)):
            self.weights[i] = self.weights[i] - self.rate * self._direction(i, gradient)

    def _direction(self, i: int, gradient: Array) -> Array:
        if self.optimizer == "sgd":
            return gradient
        if self.optimizer == "momentum":
            self.first[i] = 0.9 * self.first[i] + gradient
            return self.first[i]
        self.first[i] = 0.9 * self.first[i] + 0.1 * gradient
        self.second[i] = 0.999 * self.second[i] + 0.001 * gradient**2
        mean = self.first[i] / (1 - 0.9**self.steps)
        size: Array = np.sqrt(self.second[i] / (1 - 0.999**self.steps))
        return mean / (size + 1e-7)

    def _gradients(self, x: Array, y: Array) -> Arrays:
        into_hidden, hidden_bias, into_output, output_bias = self.weights
        hidden = np.tanh(x @ into_hidden + hidden_bias)
        scores = np.exp(hidden @ into_output + output_bias)
        errors = scores / scores.sum(axis=1, keepdims=True)
        errors[np.arange(len(y)), y] -= 1
        errors /= len(y)
        behind = (errors @ into_output.T) * (1 - hidden**2)
        return [x.T @ behind, behind.sum(axis=0), hidden.T @ errors, errors.sum(axis=0)]


def secure(by_party: Sequence[Arrays], samples: Sequence[int], bits: int = 18) -> Arrays:
    """The weighted mean, of numbers cut to that many fractional bits."""
    sums = [
        sum(np.trunc(array * n * 2.0**bits) for array, n in zip(arrays, samples, strict=True))
        for arrays in zip(*by_party, strict=True)
    ]
    return [total / 2.0**bits / sum(samples) for total in sums]


def coarse(by_party: Sequence[Arrays], samples: Sequence[int]) -> Arrays:
    return secure(by_party, samples, bits=16)


def unweighted(by_party: Sequence[Arrays], _: Sequence[int]) -> Arrays:
    return secure(by_party, [450] * len(by_party))


def exchanged(by_party: Sequence[Arrays], samples: Sequence[int]) -> Arrays:
    return secure(by_party, samples[::-1])


def no_number(by_party: Sequence[Arrays], samples: Sequence[int]) -> Arrays:
    *others, last = secure(by_party, samples)
    return [*others, np.full_like(last, np.nan)]


def first_only(by_party: Sequence[Arrays], _: Sequence[int]) -> Arrays:
    return by_party[0]


def rounds(
    optimizer: str = "sgd",
    rate: float = 0.5,
    mean: Mean = secure,
    parts: Sequence[slice] = UNEQUAL,
    steps: int = 1,
) -> list[Arrays]:
    """The weights before the first of three rounds and after each."""
    drawn = np.random.default_rng(2)
    shapes: list[tuple[int, ...]] = [(64, 32), (32,), (32, 10), (10,)]
    path = [[drawn.normal(0, 0.2, shape) for shape in shapes]]
    parties = [Network(optimizer, rate) for _ in parts]
    samples = [part.stop - part.start for part in parts]
    for _ in range(3):
        for party, part in zip(parties, parts, strict=True):
            party.set_weights(path[-1])
            for _ in range(steps):
                party.train_on_batch(PICTURES[part], DIGITS[part])
        path.append(mean([party.weights for party in parties], samples))
    return path


def printed_by(step: str, path: list[Arrays]) -> str:
    """What a step of the page prints of these rounds."""
    names: dict[str, Any] = {
        "np": np,
        "pictures": PICTURES,
        "digits": DIGITS,
        "train": np.arange(900),
        "alice": "alice",
        "bob": "bob",
        "two": ["alice", "bob"],
        "network": lambda optimizer, rate, _: lambda: Network(optimizer, rate),
        "seen": SimpleNamespace(path=path),
        "full_batch_path": lambda *_: path,
    }
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        for id_ in ("twin", step):
            (cell,) = page().notebook.cells_of_step(id_)
            exec(cell.source, names)  # noqa: S102  # the page's own comparison is what is tested
    return said.getvalue()


SLOW = {"rate": 0.1, "optimizer": "momentum"}
ADAM = {"rate": 0.01, "optimizer": "adam"}


@pytest.mark.parametrize(
    ("claim", "step", "trained", "expected"),
    [
        ("full-batches-agree", "agree", {}, Verdict.PASS),
        ("full-batches-agree", "agree", {"mean": unweighted}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"mean": exchanged}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"mean": first_only}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"mean": coarse}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"mean": no_number}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"optimizer": "momentum"}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"optimizer": "adam"}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"rate": 0.4999}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"steps": 4}, Verdict.FAIL),
        ("full-batches-agree", "agree", {"parts": (slice(0, 599), SECOND)}, Verdict.FAIL),
        ("momentum-agrees", "momentum", SLOW, Verdict.PASS),
        ("momentum-agrees", "momentum", SLOW | {"mean": unweighted}, Verdict.FAIL),
        ("momentum-agrees", "momentum", SLOW | {"optimizer": "sgd"}, Verdict.FAIL),
        ("local-steps-part", "local-steps", {"steps": 4}, Verdict.PASS),
        # Parties that hold the same data never part.
        ("local-steps-part", "local-steps", {"steps": 4, "parts": (ALL, ALL)}, Verdict.FAIL),
        ("adam-parts", "adam", ADAM, Verdict.PASS),
        ("adam-parts", "adam", ADAM | {"parts": (ALL, ALL)}, Verdict.FAIL),
    ],
)
def test_the_page_tells_rounds_that_agree_from_those_that_do_not(
    claim: str, step: str, trained: dict[str, Any], expected: Verdict
) -> None:
    said = printed_by(step, rounds(**trained))
    assert verdict(claim, {step: said}) is expected, said


@pytest.mark.parametrize("said", ["nan", "inf", "1.000001", ""])
def test_a_comparison_that_came_to_nothing_is_no_agreement(said: str) -> None:
    printed = {"agree": f"largest difference / bound: {said}\n"}
    assert verdict("full-batches-agree", printed) is Verdict.FAIL


# Where they part. The accuracy on the pictures held out after the last epoch, by seed, as a run of
# the page showed.

Reached = dict[str, tuple[float, ...]]
HELD_OUT = 897
MEASURED: Reached = {
    "centralised-base": (0.903, 0.904, 0.891, 0.919, 0.901),
    "centralised-tripled": (0.935, 0.936, 0.930, 0.950, 0.950),
    "centralised-too-high": (0.105, 0.090, 0.168, 0.090, 0.105),
    "federated-base": (0.827, 0.790, 0.788, 0.832, 0.790),
    "federated-tripled": (0.906, 0.902, 0.888, 0.911, 0.900),
    "federated-too-high": (0.117, 0.097, 0.097, 0.101, 0.090),
    "federated-longer": (0.906, 0.912, 0.895, 0.916, 0.896),
    "federated-seldom": (0.909, 0.899, 0.888, 0.907, 0.904),
}
COMPARED = {claim.id for claim in page().contract.claims if claim.is_comparison}


def failing_and_held(reached: Reached) -> tuple[set[str], set[str]]:
    """The comparisons that fail, and those that hold, when the page's trainings reach this."""
    trained = [
        run(
            step=training,
            history={"val_accuracy": [0.1, value]},
            samples={"val_accuracy": HELD_OUT},
        )
        for training, values in reached.items()
        for value in values
    ]
    found = {claim: verdict(claim, {}, trained) for claim in COMPARED}
    failed = {claim for claim, one in found.items() if one is Verdict.FAIL}
    return failed, {claim for claim, one in found.items() if one is Verdict.PASS}


def test_all_comparisons_hold_for_what_was_measured() -> None:
    assert failing_and_held(MEASURED) == (set(), COMPARED)


def with_(training: str, other: str) -> Reached:
    """What was measured, but for one training, which reached what another one did."""
    return MEASURED | {training: MEASURED[other]}


def swapped(one: str, other: str) -> Reached:
    return with_(one, other) | {other: MEASURED[one]}


BASE, TRIPLED, LONGER = "federated-base", "federated-tripled", "federated-longer"


@pytest.mark.parametrize(
    ("reached", "failed", "not_held"),
    [
        pytest.param(
            swapped("centralised-base", BASE),
            {"lags-at-the-same-rate", "rate-matters", "epochs-matter"},
            {"rate-makes-up", "epochs-make-up"},
            id="the federated training is ahead",
        ),
        pytest.param(
            with_(BASE, "centralised-base"),
            {"lags-at-the-same-rate", "rate-matters", "epochs-matter"},
            set(),
            id="both converge alike",
        ),
        pytest.param(
            swapped(TRIPLED, BASE),
            {"lags-at-the-same-rate", "rate-matters", "epochs-matter"},
            {"rate-makes-up", "frequency-hardly-matters"},
            id="the lower rate is better",
        ),
        pytest.param(
            with_(LONGER, BASE),
            {"epochs-matter"},
            {"epochs-make-up"},
            id="more epochs bring nothing",
        ),
        pytest.param(
            with_("federated-too-high", TRIPLED),
            {"rate-can-be-too-high"},
            set(),
            id="no rate is too high",
        ),
        pytest.param(
            with_("centralised-too-high", "centralised-tripled"),
            {"rate-can-be-too-high-on-one-machine"},
            set(),
            id="no rate is too high for one machine",
        ),
        pytest.param(
            with_("federated-seldom", "federated-too-high"),
            {"frequency-hardly-matters"},
            set(),
            id="rare averages spoil the training",
        ),
        pytest.param(
            MEASURED | {TRIPLED: (0.7, 0.99, 0.9, 0.8, 0.95)},
            set(),
            {"rate-makes-up", "rate-matters", "frequency-hardly-matters"},
            id="seeds vary too much to tell",
        ),
        pytest.param(
            MEASURED | {BASE: MEASURED[BASE][:4]},
            set(),
            {"lags-at-the-same-rate", "rate-matters", "epochs-matter"},
            id="a seed is missing",
        ),
    ],
)
def test_other_experiences_are_not_passed_off_as_the_advice(
    reached: Reached, failed: set[str], not_held: set[str]
) -> None:
    found, held = failing_and_held(reached)
    assert failed <= found
    assert held == COMPARED - failed - not_held
