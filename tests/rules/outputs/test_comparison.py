"""Conclusions that the page's own outputs contradict, and those that they bear out."""

from pathlib import Path
from typing import Any

import pytest

from tests.rules import pages
from tests.rules.pages import code, printed, prose
from tests.rules.training_pages import KERAS, PARTIES, bar, fit, keras_log
from verify.finding import Finding, FindingKind, Severity
from verify.rules.outputs import comparison

FEDERATED = "FLModel(device_list=[a, b], model=net, aggregator=g, strategy='fed_avg_w')"
SPLIT = "SLModel(bases, alice, net)"
SMALL = "SLModel(bases, alice, net, compressor=TopkSparse(0.1))"


def found(tmp_path: Path, *cells: Any) -> list[Finding]:
    page = pages.notebook(tmp_path, *cells)
    return sorted(comparison.check(pages.site(tmp_path, page)))


def weights(warm: float, cold: float, samples: int = 0) -> list[Any]:
    """A training from loaded weights and one from random ones."""
    counted = [printed(f"Using {samples} files for validation.\n")] if samples else []
    return [
        code(KERAS, *counted),
        fit("one", "make('adam', 'imagenet')", keras_log(8, warm)),
        fit("two", "make('adam')", keras_log(8, cold)),
    ]


def parties(joint: float, alone: float, made: str = FEDERATED) -> list[Any]:
    """A training across parties and one without."""
    return [
        code(PARTIES),
        fit("joint", made, bar(8, val_loss=0.4, val_accuracy=joint)),
        fit("alone", "net()", keras_log(8, alone)),
    ]


def optimizers(**ends: float) -> list[Any]:
    """A training for each optimizer."""
    runs = [fit(f"m_{n}", f"make('{n}')", keras_log(8, end)) for n, end in ends.items()]
    return [code(KERAS), *runs]


@pytest.mark.parametrize("said_first", [True, False])
@pytest.mark.parametrize(
    ("sentence", "trained"),
    [
        ("The run shows that pre-trained weights give a better accuracy.", weights),
        ("Training from scratch performs worse than pre-trained weights.", weights),
        ("Loading pretrained weights improves the performance of the model.", weights),
        ("从结果可以看出，随机初始化的模型准确率不如加载预训练权重的模型。", weights),
        ("对比实验表明，加载预训练权重让模型的性能更优秀。", weights),
        ("The federated model outperforms the model trained locally.", parties),
        ("Compared with local training, the federated model has a higher accuracy.", parties),
        ("与单机模型相比，联邦模型的准确率更高。", parties),
        ("多方联合训练使模型效果得到提升。", parties),
    ],
)
def test_a_conclusion_holds_only_if_its_own_trainings_bear_it_out(
    tmp_path: Path, *, sentence: str, trained: Any, said_first: bool
) -> None:
    better, worse = 0.9, 0.6
    contradicted = found(tmp_path, *trained(worse, better), prose(sentence))
    assert [(f.kind, f.severity, f.cell) for f in contradicted] == [
        (FindingKind.COMPARISON, Severity.ERROR, 3)
    ]
    assert found(tmp_path, *trained(better, worse), prose(sentence)) == []
    if said_first:  # what a page announces is no conclusion
        assert found(tmp_path, prose(sentence), *trained(worse, better)) == []


@pytest.mark.parametrize(
    ("sentence", "contradicted"),
    [
        ("Adam reaches a higher validation accuracy than SGD.", True),
        ("SGD reaches a higher validation accuracy than Adam.", False),
        ("在本实验中，Adam 的效果优于 SGD。", True),
        ("Of the three, Adam has the highest accuracy.", True),
        ("Of the three, RMSprop has the highest accuracy.", False),
        ("There is no significant difference between Adam and SGD in accuracy.", True),
        ("Adam 与 SGD 的准确率相当。", True),
        ("SGD is comparable to RMSprop in accuracy.", False),
        ("Adam ends with a lower validation loss than SGD.", False),  # both are the same
        ("Adam usually gives a better accuracy than SGD.", False),
        ("Does Adam give a better accuracy than SGD?", False),
        ("Adam does not give a better accuracy than SGD.", False),
        ("With Adam the accuracy improves steadily.", False),
        ("Adam needs less memory, and its results are better than SGD in cost.", False),
        ("Lion gives a better accuracy than SGD.", False),
        ("The accuracy is higher than 0.5.", False),
    ],
)
def test_both_sides_must_be_clear_from_the_words(
    tmp_path: Path, *, sentence: str, contradicted: bool
) -> None:
    cells = optimizers(adam=0.6, sgd=0.83, rmsprop=0.84)
    assert bool(found(tmp_path, *cells, prose(sentence))) == contradicted


def test_the_message_says_which_numbers_speak_against_it(tmp_path: Path) -> None:
    cells = weights(0.60, 0.90, samples=60)
    (finding,) = found(tmp_path, *cells, prose("Pre-trained weights give a better accuracy."))
    assert str(finding.message) == (
        "“Pre-trained weights give a better accuracy.” is not what the outputs show: "
        "`val_accuracy` over the last 3 epochs is 0.596 in cell 1 and 0.894 in cell 2 "
        "(n = 60, standard error of the difference 0.075, 4.0 of them apart)."
    )


@pytest.mark.parametrize(
    ("warm", "severity"),
    [
        (0.60, [Severity.ERROR]),
        (0.72, [Severity.WARNING]),
        (0.79, []),
        (0.82, [Severity.WARNING]),  # so few bear nothing out
        (0.95, []),
    ],
)
def test_few_samples_make_a_difference_uncertain(
    tmp_path: Path, warm: float, severity: list[Severity]
) -> None:
    cells = weights(warm, 0.80, samples=100)
    sentence = prose("Pre-trained weights give a better accuracy.")
    assert [f.severity for f in found(tmp_path, *cells, sentence)] == severity


def test_a_conclusion_that_is_said_twice_is_one_finding(tmp_path: Path) -> None:
    twice = "Pre-trained weights give a better accuracy.\n\n- Pretrained weights perform better."
    assert len(found(tmp_path, *weights(0.5, 0.9), prose(twice))) == 1


@pytest.mark.parametrize(("end", "contradicted"), [(0.7, True), (0.89, False)])
def test_compression_is_told_from_the_argument(
    tmp_path: Path, *, end: float, contradicted: bool
) -> None:
    cells = [
        code(PARTIES),
        fit("plain", SPLIT, bar(6, train_loss=0.3, val_auc=0.9), epochs=6),
        fit("small", SMALL, bar(6, train_loss=0.3, val_auc=end), epochs=6),
        prose("The AUC of the compressed model is close to that of the uncompressed one."),
    ]
    assert bool(found(tmp_path, *cells)) == contradicted


@pytest.mark.parametrize(
    ("sentence", "contradicted"),
    [
        ("A learning rate of 0.001 gives a better accuracy than one of 0.1.", True),
        ("学习率为 0.1 时的准确率高于学习率为 0.001 时。", False),
    ],
)
def test_trainings_of_a_loop_are_told_by_their_settings(
    tmp_path: Path, *, sentence: str, contradicted: bool
) -> None:
    loop = """
        for rate in [0.1, 0.001]:
            model = make(keras.optimizers.SGD(learning_rate=rate))
            model.fit(x, y, epochs=6)
        """
    cells = [code(KERAS), code(loop, keras_log(6, 0.9), keras_log(6, 0.5)), prose(sentence)]
    assert bool(found(tmp_path, *cells)) == contradicted


@pytest.mark.parametrize(
    ("sentence", "contradicted"),
    [
        ("SGD 比 Adam 收敛更快。", True),
        ("Adam converges faster than SGD.", False),
        ("Adam converges more slowly than SGD.", True),
    ],
)
def test_speed_is_the_epochs_that_it_takes(
    tmp_path: Path, *, sentence: str, contradicted: bool
) -> None:
    quick = [0.7, 0.82, 0.83, 0.83, 0.83, 0.83, 0.83, 0.83]
    slow = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.82, 0.83]
    cells = [
        code(KERAS),
        fit("one", "make('adam')", keras_log(8, quick)),
        fit("two", "make('sgd')", keras_log(8, slow)),
    ]
    assert bool(found(tmp_path, *cells, prose(sentence))) == contradicted


@pytest.mark.parametrize(
    ("sentence", "contradicted"),
    [
        ("The AUC of the linear model is higher than that of the tree model.", True),
        ("可以看到，Tree 模型的 AUC 高于 Linear 模型。", False),
        ("The AUC of the linear model is close to that of the tree model.", True),
        ("The second model has a better AUC than the first.", False),
    ],
)
def test_single_results_are_told_by_their_labels(
    tmp_path: Path, *, sentence: str, contradicted: bool
) -> None:
    cells = [
        code("print(f'(Tree CPU) auc: {score(p)}')", printed("(Tree CPU) auc: 0.9123\n")),
        code("print(f'(Linear SPU) auc: {score(q)}')", printed("(Linear SPU) auc: 0.8123\n")),
        prose(sentence),
    ]
    severities = [finding.severity for finding in found(tmp_path, *cells)]
    assert severities == ([Severity.WARNING] if contradicted else [])


def test_pairs_differ_in_what_the_sentence_is_about_alone(tmp_path: Path) -> None:
    cells = [
        code(KERAS),
        prose("## Adam"),
        fit("a1", "make('adam', 'imagenet')", keras_log(8, 0.9)),
        fit("a2", "make('adam')", keras_log(8, 0.5)),
        prose("## SGD"),
        fit("b1", "make('sgd', 'imagenet')", keras_log(8, 0.5)),
        fit("b2", "make('sgd')", keras_log(8, 0.9)),
        prose("## Summary\n\nThe pretrained weights lead to better performance."),
    ]
    (finding,) = found(tmp_path, *cells)
    # One of the two pairs bears it out, so it is not simply wrong.
    assert finding.severity is Severity.WARNING
    assert "cell 5" in str(finding.message)
    assert "cell 6" in str(finding.message)
