"""What a metric is follows from its name, and from the others of its training."""

import pytest

from verify.page.outputs.metrics import (
    MetricKind,
    is_loss,
    is_new_data,
    is_share,
    kind,
    kind_in,
)

SHARES = (MetricKind.COUNTED, MetricKind.AREA, MetricKind.GAP, MetricKind.SHARE)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", MetricKind.COUNTED),
        ("val_multiclassaccuracy", MetricKind.COUNTED),
        ("sparse_categorical_accuracy", MetricKind.COUNTED),
        ("val_acc", MetricKind.COUNTED),
        ("balanced_accuracy", MetricKind.SHARE),
        ("auc_1", MetricKind.AREA),
        ("val_binaryauroc", MetricKind.AREA),
        ("pr_auc", MetricKind.SHARE),
        ("average_precision", MetricKind.SHARE),
        ("ks", MetricKind.GAP),
        ("test_ks", MetricKind.GAP),
        ("tasks", MetricKind.OTHER),
        ("multiclassprecision", MetricKind.SHARE),
        ("binaryf1score", MetricKind.SHARE),
        ("val_loss", MetricKind.LOSS),
        ("rmse", MetricKind.LOSS),
        ("val_mae_1", MetricKind.LOSS),
        ("mean_absolute_error", MetricKind.LOSS),
        ("binary_crossentropy", MetricKind.LOSS),
        ("logloss", MetricKind.LOSS),
        ("recall_loss", MetricKind.LOSS),
        ("r2", MetricKind.FIT),
        ("val_r2_score", MetricKind.FIT),
        ("explained_variance", MetricKind.FIT),
        ("epsilon", MetricKind.OTHER),
    ],
)
def test_a_name_tells_what_a_metric_is(name: str, expected: MetricKind) -> None:
    assert kind(name) is expected
    assert is_loss(name) == (expected is MetricKind.LOSS)
    assert is_share(name) == (expected in SHARES)


@pytest.mark.parametrize(
    ("name", "new"), [("val_loss", True), ("test_auc", True), ("validity", False), ("loss", False)]
)
def test_a_prefix_tells_on_which_data_a_metric_is(name: str, *, new: bool) -> None:
    assert is_new_data(name) is new


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({"accuracy": [0.5, 0.8]}, MetricKind.COUNTED),
        ({"accuracy": [0.5, 0.81]}, MetricKind.SHARE),
        ({"val_accuracy": [0.5, 0.8]}, MetricKind.SHARE),
        ({"recall": [0.5, 0.8]}, MetricKind.SHARE),
        ({}, MetricKind.SHARE),
    ],
)
def test_a_precision_that_is_the_accuracy_of_the_same_data_is_counted(
    others: dict[str, list[float]], expected: MetricKind
) -> None:
    assert kind_in("precision", {"precision": [0.5, 0.8], **others}) is expected


def test_one_value_or_the_same_at_the_end_of_the_range_may_agree_by_chance() -> None:
    for values in ([0.8], [0.0, 0.0, 0.0]):
        both = {"accuracy": values, "precision": values}
        assert kind_in("precision", both) is MetricKind.SHARE
