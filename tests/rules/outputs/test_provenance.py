"""Stored outputs that cannot come from their source, their training or their version."""

from pathlib import Path
from typing import Any

import pytest

from tests.rules import pages
from tests.rules.pages import code, logged, notebook, printed, prose, raised, shown
from tests.rules.training_pages import KERAS, PARTIES, bar, fit, keras_log
from verify.environment import environment
from verify.finding import Finding, FindingKind, Severity
from verify.rules.outputs import provenance

FILES = (
    "Found 400 files belonging to 3 classes.\n"
    "Using {} files for training.\nUsing {} files for validation.\n"
)
LOADS = """
    import tensorflow as tf
    data = tf.keras.utils.image_dataset_from_directory(
        path, validation_split=0.2, subset='both', batch_size=8
    )
    train, test = data
    """
NET = "keras.Sequential([keras.layers.Dense(2)])"


def open_ended_bar(told: int, total: int) -> dict[str, Any]:
    """A progress bar that counts steps without knowing their number."""
    ends = (f"epoch: {i + 1}/{total} -  loss:{1 / (i + 2)} ]" for i in range(told))
    return logged("".join(f"12it [00:09,  1.2s/it, {end}\n" for end in ends))


def found(tmp_path: Path, *cells: Any) -> list[Finding]:
    """What is found, with the environment of a release."""
    page = notebook(tmp_path, *cells)
    released = environment.locate("secretflow-1.11.0b1")
    return sorted(provenance.check(pages.site(tmp_path, page, environment=released)))


@pytest.mark.parametrize(
    ("source", "output", "why"),
    [
        ("def f():\n    return 1", printed("hello\n"), "The cell only defines names"),
        ("# only words", printed("42\n"), "The cell does nothing"),
        ("class A:\n    def f(self):\n        print(1)", printed("1\n"), "only defines names"),
        ("x = f(3)", shown("9"), "the cell ends with none"),
        ("print('Ready to go')", printed("All done\n"), "prints “Ready to go”"),
        ("n = 3\nprint(f'parties: {n}')", printed("parties: 2\n"), "prints “parties: 3”"),
        ("print('parties: {}'.format(n))", printed("devices: 3\n"), "prints “parties:”"),
        ("print('训练完成')", printed("开始训练\n"), "prints “训练完成”"),
        ("print('all', 'good')", shown("3"), "prints “all…good”"),
        ("size = (96, 96)\nsize", shown("(128, 128)"), "The cell shows (96, 96)"),
        (("class Tree:\n    def __init__(self):\n        self.age = 0\n\n"
         "tree = Tree()\nprint(f'age: {tree.age}')"), printed("age: 7\n"), "prints “age: 0”"),
        ("run(x)", raised("ImportError", "no name x in y"), "no name x in y"),
        ("import nowhere", raised("ModuleNotFoundError", "No module"), "ModuleNotFoundError"),
        ("f()", raised("", "", "The kernel died.", "See its log."), "kernel died. See its log."),
    ],
)  # fmt: skip
def test_a_cell_cannot_have_written_it(
    tmp_path: Path, source: str, output: dict[str, Any], why: str
) -> None:
    (finding,) = found(tmp_path, code(source, output))
    assert (finding.kind, finding.severity) == (FindingKind.IMPOSSIBLE_OUTPUT, Severity.ERROR)
    assert why in str(finding.message)


def test_a_failure_that_nobody_announces_may_still_be_meant(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, code("run(x)", raised("NameError", "name 'x' is not defined")))
    assert finding.severity is Severity.WARNING
    announced = prose("Without a start value this breaks:")
    assert found(tmp_path, announced, code("run(x)", raised("NameError", "name 'x'"))) == []


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("def f():\n    return 2", printed("(PYUActor pid=33) hello\n")),  # a party's process
        ("@register\ndef f():\n    return 2", printed("registered\n")),
        ("f();", shown("3")),
        ("x = f(3)\nx", shown("9")),
        ("%time x = f(3)", printed("CPU times: 3 ms\n")),
        ("%%capture log\nprint('hello there')\nf()", shown("3")),
        ("n = 3\nprint(f'parties: {n}, {f()}')", printed("parties: 3, 17\n")),
        ("print('parties: {}'.format(n))", printed("parties: 3\n")),
        ("if f():\n    print('rarely')", printed("never\n")),
        ("for n in range(9):\n    pass\nprint(f'n is {n}')", printed("n is 8\n")),
        ("n = 1\nif f():\n    n = 2\nn", shown("2")),
        ("names = [1]\nnames.append(2)\nnames", shown("[1, 2]")),
        ("n = 1\ndef g():\n    global n\n    n = 2\ng()\nn", shown("2")),
        ("print('to a file', file=log)\nf()", shown("1")),
        ("mode = 'batch'\nmode", shown("'batch'")),
        ("a = 1\nb = a + 1\nb", shown("2")),
        ("print('old: %d' % n)", printed("old: 5\n")),
        (
            (
                "class Tree:\n    def __init__(self):\n        self.age = 0\n\n"
                "tree = Tree()\ngrow(tree)\nprint(f'age: {tree.age}')"
            ),
            printed("age: 7\n"),
        ),
        ("print('Ready to go')", logged("Ready to go\n")),
        ("d['k']  # raises KeyError: an error on purpose", raised("KeyError", "'k'")),
    ],
)
def test_a_cell_may_have_written_it(tmp_path: Path, source: str, output: dict[str, Any]) -> None:
    assert found(tmp_path, code(source, output)) == []


@pytest.mark.parametrize("words", ["The next call fails.", "没有初始化时会报错。"])
def test_an_error_may_be_announced(tmp_path: Path, words: str) -> None:
    assert found(tmp_path, prose(words), code("f()", raised("RuntimeError", "no cluster"))) == []


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ([code(KERAS), fit("m", "make('sgd')", keras_log(10, 0.8), epochs=5)],
         "tells of 10 epochs, but the code asks for 5"),
        ([code(KERAS), code("n = 4\nhalf = n // 2"),
          fit("m", "make('sgd')", keras_log(4, 0.8), epochs="half")],
         "tells of 4 epochs, but the code asks for 2"),
        ([code(KERAS), fit("m", "make('sgd')", keras_log(6, 0.8, total=9), epochs=9)],
         "the output has 6 of them (7 is the first that is missing)"),
        ([code(PARTIES), fit("m", "FLModel(model=net)", bar(6, val_loss=0.4), epochs=3)],
         "tells of 6 epochs, but the code asks for 3"),
        ([code(KERAS), code("def train(n):\n    make('sgd').fit(x, y, epochs=n)"),
          code("train(3)", keras_log(5, 0.8))],
         "tells of 5 epochs, but the code asks for 3"),
        ([code("import xgboost as xgb\nb = xgb.train(p, d, num_boost_round=2)",
               printed("[0]\tauc:0.8\n[1]\tauc:0.9\n[2]\tauc:0.9\n"))],
         "tells of 3 rounds, but the code asks for 2"),
        # A bar that does not know how many steps there will be.
        ([code(PARTIES), fit("m", "FLModel(model=net)", open_ended_bar(5, 6), epochs=6)],
         "the output has 5 of them (6 is the first that is missing)"),
        ([code(LOADS, printed(FILES.format(320, 90)))], "which are 410"),
        ([code(LOADS, printed(FILES.format(300, 100)))], "which is 80, but its output says 100"),
        ([code(KERAS), code(LOADS, printed(FILES.format(320, 80))),
          code(f"m = {NET}\nm.fit(train, epochs=4)", keras_log(4, 0.8, steps=20))],
         "20 steps in the output, but 320 samples in batches of 8 are 40"),
        ([code(KERAS), code("xs = load()[0]\nxs.shape", shown("(1000, 20)")),
          code(f"m = {NET}\nm.fit(xs, y, epochs=3, batch_size=50)", keras_log(3, 0.8, steps=40))],
         "40 steps in the output, but 1000 samples in batches of 50 are 20"),
        ([code(KERAS), code(f"m = {NET}\nm.fit(g, epochs=3, steps_per_epoch=25)",
                            keras_log(3, 0.8))],
         "20 steps in the output, but the code asks for 25"),
        ([code(KERAS), code(f"m = {NET}\nm.compile(loss='mse', metrics=['mae'])\n"
                            "m.fit(x, y, epochs=3)", keras_log(3, 0.8))],
         "The model has the metrics `mae`, but the output has `accuracy`"),
        ([code(KERAS), fit("m", "make('sgd')", keras_log(8, 0.8)),
          code("h.history.keys()", shown("dict_keys(['loss', 'accuracy'])"))],
         "The history has the keys `accuracy`, `loss`"),
    ],
)  # fmt: skip
def test_a_log_does_not_fit_the_training_that_is_asked_for(
    tmp_path: Path, cells: list[Any], why: str
) -> None:
    (finding,) = found(tmp_path, *cells)
    assert finding.severity is Severity.ERROR
    assert why in str(finding.message)


@pytest.mark.parametrize(
    ("steps", "fits"), [(12, False), (13, True), (14, False)], ids=["floor", "ceiling", "more"]
)
def test_a_short_last_batch_is_a_step_so_that_only_the_ceiling_fits(
    tmp_path: Path, steps: int, fits: bool
) -> None:
    """100 samples in batches of 8 are 12 whole ones and a half."""
    shape = code("xs = load()[0]\nxs.shape", shown("(100, 20)"))
    trains = f"m = {NET}\nm.fit(xs, y, epochs=3, batch_size=8)"
    told = found(tmp_path, code(KERAS), shape, code(trains, keras_log(3, 0.8, steps=steps)))
    wrong = f"{steps} steps in the output, but 100 samples in batches of 8 are 13"
    assert [wrong in str(one.message) for one in told] == ([] if fits else [True])


@pytest.mark.parametrize(
    "cells",
    [
        [code(KERAS), code("n = 6"), fit("m", "make('sgd')", keras_log(6, 0.8), epochs="n")],
        [code(PARTIES), fit("m", "FLModel(model=net)", open_ended_bar(6, 6), epochs=6)],
        [code(KERAS), fit("m", "make('sgd')", keras_log(6, 0.8), epochs="unknown()")],
        [code(KERAS), code("m = make('sgd')\nm.fit(x, y, epochs=9, callbacks=[stop])",
                           keras_log(6, 0.8, total=9))],
        [code(LOADS, printed(FILES.format(320, 80))), code(KERAS),
         code(f"m = {NET}\nm.fit(train.prefetch(2), epochs=4)", keras_log(4, 0.8, steps=40))],
        [code(LOADS, printed(FILES.format(320, 80))), code(KERAS),
         code(f"m = {NET}\nm.fit(train.take(9), epochs=4)", keras_log(4, 0.8, steps=9))],
        [code(KERAS), fit("m", "make('sgd')", keras_log(8, 0.8)),
         code("h.history.keys()",
              shown("dict_keys(['loss', 'accuracy', 'val_loss', 'val_accuracy'])"))],
    ],
)  # fmt: skip
def test_a_log_fits_the_training_or_nobody_can_tell(tmp_path: Path, cells: list[Any]) -> None:
    assert found(tmp_path, *cells) == []


OURS = "import secretflow as sf\n"
RAY = "2023-02-03 10:00:00,123\tINFO worker.py:1 -- Started\n"


@pytest.mark.parametrize(
    ("source", "output", "severity", "why"),
    [
        (OURS + "from secretflow_fl.ml.nn import SLModel\nprint(sf.__version__)",
         printed("1.4.0b0\n"), Severity.ERROR, "that module came with 1.11.0b1"),
        (OURS + "from secretflow_fl.ml.nn import SLModel\nprint('is', sf.__version__)",
         printed("is 1.2.0.dev20231001\n"), Severity.ERROR, "that module came with 1.11.0b1"),
        (OURS + "from secretflow.ml.nn import FLModel\nsf.__version__",
         shown("'1.12.0b0'"), Severity.ERROR, "the last release with that module is 1.10.0b1"),
        ("import secretflow_fl\nf()", logged(RAY), Severity.ERROR, "The output is of 2023-02-03"),
        ("import torch\ntorch.__version__", shown("'1.13.1'"), Severity.WARNING,
         "comes from torch 1.13.1, but the page is about torch 2.1.2"),
        (OURS + "print(sf.__version__)", printed("1.9.0b2\n"), Severity.WARNING,
         "secretflow 1.9.0b2"),
    ],
)  # fmt: skip
def test_an_output_is_of_another_version(
    tmp_path: Path, source: str, output: dict[str, Any], severity: Severity, why: str
) -> None:
    (finding,) = found(tmp_path, code(source, output))
    assert finding.severity is severity
    assert why in str(finding.message)


@pytest.mark.parametrize(
    ("source", "output"),
    [
        ("import torch\ntorch.__version__", shown("'2.1.2+cpu'")),
        # Builds of single days have what the next release has.
        (OURS + "import secretflow_fl\nprint(sf.__version__)", printed("1.11.0.dev20241201\n")),
        ("import secretflow_fl\nf()", logged(RAY.replace("2023", "2025"))),
        ("import secretflow.device\nf()", logged(RAY)),
        ("import unknown_package\nunknown_package.__version__", shown("'0.1'")),
        ("import torch, jax\nprint(torch.__version__, jax.__version__)", printed("cuda 11.8\n")),
    ],
)
def test_an_output_may_be_of_this_version(
    tmp_path: Path, source: str, output: dict[str, Any]
) -> None:
    assert found(tmp_path, code(source, output)) == []


def test_a_cell_is_told_once(tmp_path: Path) -> None:
    source = OURS + "import secretflow_fl\nprint('It is', sf.__version__)"
    assert len(found(tmp_path, code(source, logged(RAY), printed("1.4.0b0\n")))) == 1


def test_code_that_was_put_aside_after_its_run_is_a_warning(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, code("# x = f(3)\n# print(x)", printed("42\n")))
    assert finding.severity is Severity.WARNING
