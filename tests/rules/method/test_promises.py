"""Results that stay at chance, that are promised without a seed, that are revealed for nobody."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.method import pairs
from tests.rules.pages import code, notebook, printed, prose
from verify.finding import FindingKind
from verify.rules import method

NET = """
from tensorflow import keras
model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(4, activation="softmax")])
model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
"""


def log(*epochs: tuple[float, float]) -> str:
    """What Keras prints of some epochs, each with its loss and accuracy."""
    return "".join(
        f"Epoch {i}/{len(epochs)}\n20/20 [====] - 1s 9ms/step - loss: {loss} - accuracy: {share}\n"
        for i, (loss, share) in enumerate(epochs, 1)
    )


@pytest.mark.parametrize(
    ("epochs", "told"),
    [
        ([(1.40, 0.25), (1.39, 0.26), (1.39, 0.24)], True),
        ([(1.40, 0.25), (1.39, 0.26), (1.10, 0.24)], False),  # the loss falls
        ([(1.40, 0.25), (1.39, 0.26), (1.39, 0.54)], False),
        ([(1.40, 0.25), (1.39, 0.26)], False),  # that may be the beginning
    ],
)
def test_a_training_that_stays_at_chance(
    tmp_path: Path, epochs: list[tuple[float, float]], *, told: bool
) -> None:
    fit = f"{NET}model.fit(x, y, epochs={len(epochs)})"
    page = notebook(tmp_path, code(fit, printed(log(*epochs))))
    found = list(method.check(pages.site(tmp_path, page)))
    said = [one for one in found if "guessing" in str(one.message)]
    assert bool(said) is told
    assert {one.kind for one in said} <= {FindingKind.DEGENERATE_METRIC}


@pytest.mark.parametrize(("printed_number", "told"), [("0.9736842", True), ("0.97", False)])
def test_a_promised_score_need_not_be_called_so(
    tmp_path: Path, printed_number: str, *, told: bool
) -> None:
    cell = code("forest.fit(x, y)\nprint(forest.score(u, v))", printed(printed_number))
    page = notebook(tmp_path, cell, prose("You will get 0.9736842, too."))
    kinds = [one.kind for one in method.check(pages.site(tmp_path, page))]
    assert (FindingKind.UNSEEDED in kinds) is told


@pytest.mark.parametrize(
    ("sentence", "seed", "told"),
    [
        ("You will see an accuracy of 0.874.", "", True),
        ("You will see an accuracy of 0.874.", "keras.utils.set_random_seed(3)", False),
        ("You will see an accuracy of about 0.874.", "", False),
        ("Our accuracy was 0.874.", "", False),
        ("训练后会得到 0.874 的准确率。", "", True),
        ("训练后会得到约 0.874 的准确率。", "", False),
    ],
)
def test_a_promise_needs_a_seed(tmp_path: Path, sentence: str, seed: str, *, told: bool) -> None:
    page = notebook(tmp_path, code(f"{NET}{seed}\nmodel.fit(x, y)"), prose(sentence))
    kinds = [one.kind for one in method.check(pages.site(tmp_path, page))]
    assert (FindingKind.UNSEEDED in kinds) is told


@pytest.mark.parametrize(("last", "told"), [("", 1), ("\nprint(total)", 0)])
def test_what_is_revealed_is_read(tmp_path: Path, last: str, told: int) -> None:
    source = f"import secretflow as sf\ntotal = sf.reveal(f(x)){last}"
    assert len(pairs.found(tmp_path, source, FindingKind.NEEDLESS_REVEAL)) == told
