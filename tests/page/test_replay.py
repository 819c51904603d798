"""What reading can tell of a page's values, and what it leaves open."""

from pathlib import Path

import pytest

from tests.rules.pages import code, notebook, prose
from tests.rules.training_pages import KERAS, PARTIES, fit, keras_log
from verify.page.code import replay
from verify.page.code.constants import is_constant
from verify.page.code.values import UNKNOWN
from verify.rules.outputs import trainings
from verify.rules.outputs.trainings import LoggedRun


def value(tmp_path: Path, *sources: str) -> object:
    codes = notebook(tmp_path, *sources).python_cells
    return replay.of_cells(codes).values[len(codes) - 1]


@pytest.mark.parametrize(
    ("sources", "known"),
    [
        (["n = 4", "n // 2 + 1"], 3),
        (["a, b = 1, 'x'", "(a, b)"], (1, "x")),
        (["sizes = {'big': 9}", "sizes['big']"], 9),
        (["def f(n, m=2):\n    return n * m", "f(3)"], 6),
        (["def f(n):\n    def g():\n        return n\n    return g", "f(5)()"], 5),
        (["n = 1\nif False:\n    n = 2", "n"], 1),
        (["n = 1\nfor n in [4, 5]:\n    pass", "n"], 5),
        (["n = 7\n%time f()", "f'n is {n}'"], "n is 7"),
        (["n = 1\nwhile f():\n    n += 1", "n"], UNKNOWN),
        (["n = 1\ntry:\n    f()\nexcept OSError:\n    n = 2", "n"], UNKNOWN),
        (["n = [1]\nn.append(2)", "n"], [1, 2]),
        (["n = [1]\nif f():\n    n.append(2)", "n"], UNKNOWN),
        (["n = [1]\nm = n\nn.append(2)", "m"], [1, 2]),
        (["n = 1\nif f():\n    n = 2", "n"], UNKNOWN),
        (["if f():\n    n = 2", "n"], 2),
        (["def f(n):\n    if n > 1:\n        return 'many'\n    return 'one'", "f(3)"], "many"),
        (["def f(n):\n    return 1 if n < 2 else n * f(n - 1)", "f(5)"], 120),
        (["def f(*a, k=1, **more):\n    return a, k, more", "f(1, 2, z=3)"], ((1, 2), 1, {"z": 3})),
        (["def f(a, b=2):\n    return a + b", "f(*[1], **{'b': 5})"], 6),
        (["n = 0\nfor i in range(100):\n    n += i", "n"], 4950),
        (["def g(n):\n    yield n", "len(g(1))"], UNKNOWN),
        (["n = 1\ndel n", "n"], UNKNOWN),
        (["n = 1 / 0", "n"], UNKNOWN),
        (["def f():\n    return f()", "f() + 1"], UNKNOWN),
    ],
)
def test_values_are_followed_as_far_as_they_are_certain(
    tmp_path: Path, sources: list[str], known: object
) -> None:
    found = value(tmp_path, *sources)
    assert not is_constant(found) if known is UNKNOWN else found == known


def runs(tmp_path: Path, *cells: object) -> tuple[LoggedRun, ...]:
    return trainings.of_page(notebook(tmp_path, *cells)).runs


@pytest.mark.parametrize(
    ("made", "pretrained"),
    [
        ("make('adam', 'imagenet')", True),
        ("make('adam')", False),
        ("make('adam', choose())", None),
        ("AutoModel.from_pretrained('small')", True),
    ],
)
def test_a_training_knows_its_first_weights(
    tmp_path: Path, made: str, *, pretrained: bool | None
) -> None:
    if pretrained is None:  # the argument's value is open, and no heading tells
        cells = [prose("# Use the pretrained model"), code(KERAS)]
    else:
        cells = [code(KERAS)]
    imports = code("from transformers import AutoModel")
    (run,) = runs(tmp_path, *cells, imports, fit("m", made, keras_log(3, 0.8), epochs=3))
    assert run.pretrained is pretrained


@pytest.mark.parametrize(
    ("made", "setting"),
    [("FLModel(model=net)", "federated"), ("SLModel(b, a, net)", "split"), ("net()", "local")],
)
def test_a_training_knows_its_setting(tmp_path: Path, made: str, setting: str) -> None:
    (run,) = runs(tmp_path, code(PARTIES), fit("m", made, keras_log(3, 0.8), epochs=3))
    assert run.setting == setting
    assert {"sgd", "dense"} <= run.names


def test_a_log_belongs_to_no_call_if_their_numbers_differ(tmp_path: Path) -> None:
    source = "for m in models():\n    m.fit(x, y, epochs=3)"
    told = runs(tmp_path, code(KERAS), code(source, keras_log(3, 0.8), keras_log(3, 0.9)))
    assert [run.call for run in told] == [None, None]
