"""What a metric is follows from its name."""

import pytest

from verify.page.outputs.metrics import MetricKind, is_loss, is_share, kind


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", MetricKind.COUNTED),
        ("val_multiclassaccuracy", MetricKind.COUNTED),
        ("sparse_categorical_accuracy", MetricKind.COUNTED),
        ("val_acc", MetricKind.COUNTED),
        ("auc_1", MetricKind.SHARE),
        ("multiclassprecision", MetricKind.SHARE),
        ("binaryf1score", MetricKind.SHARE),
        ("val_loss", MetricKind.LOSS),
        ("rmse", MetricKind.LOSS),
        ("mean_absolute_error", MetricKind.LOSS),
        ("logloss", MetricKind.LOSS),
        ("recall_loss", MetricKind.LOSS),
        ("epsilon", MetricKind.OTHER),
    ],
)
def test_a_name_tells_what_a_metric_is(name: str, expected: MetricKind) -> None:
    assert kind(name) is expected
    assert is_loss(name) == (expected is MetricKind.LOSS)
    assert is_share(name) == (expected in (MetricKind.COUNTED, MetricKind.SHARE))
