"""What a metric is follows from its name."""

import pytest

from verify.page.outputs.metrics import Kind, is_loss, is_share, kind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", Kind.COUNTED),
        ("val_multiclassaccuracy", Kind.COUNTED),
        ("sparse_categorical_accuracy", Kind.COUNTED),
        ("val_acc", Kind.COUNTED),
        ("auc_1", Kind.SHARE),
        ("multiclassprecision", Kind.SHARE),
        ("binaryf1score", Kind.SHARE),
        ("val_loss", Kind.LOSS),
        ("rmse", Kind.LOSS),
        ("mean_absolute_error", Kind.LOSS),
        ("logloss", Kind.LOSS),
        ("recall_loss", Kind.LOSS),
        ("epsilon", Kind.OTHER),
    ],
)
def test_a_name_tells_what_a_metric_is(name: str, expected: Kind) -> None:
    assert kind(name) is expected
    assert is_loss(name) == (expected is Kind.LOSS)
    assert is_share(name) == (expected in (Kind.COUNTED, Kind.SHARE))
