"""What a metric is, by its name: the one rule for shares, losses and what else trainings print.

Names are those of Keras, torchmetrics and boosting libraries; prefixes such as `val_` do not count.
"""

import re
from enum import Enum

_LOSS = re.compile(r"loss|error|mse|mae|rmse|perplexity", re.IGNORECASE)
_ACCURACY = re.compile(r"acc", re.IGNORECASE)
_SHARE = re.compile(
    r"acc|auc|auroc|precision|recall|f1|kappa|iou|dice|specificity|sensitivity", re.IGNORECASE
)


class MetricKind(Enum):
    """What the values of a metric are."""

    COUNTED = "a share of all samples, each of which is right or wrong: binomial"
    SHARE = "between 0 and 1, more is better, but no share of all samples"
    LOSS = "less is better, without an upper end"
    OTHER = "nothing that a name tells"


def kind(name: str) -> MetricKind:
    """What a metric is."""
    if _LOSS.search(name):
        return MetricKind.LOSS
    if not _SHARE.search(name):
        return MetricKind.OTHER
    return MetricKind.COUNTED if _ACCURACY.search(name) else MetricKind.SHARE


def is_share(name: str) -> bool:
    """Whether a metric lies between 0 and 1, and more is better."""
    return kind(name) in (MetricKind.COUNTED, MetricKind.SHARE)


def is_loss(name: str) -> bool:
    """Whether a metric is one where less is better."""
    return kind(name) is MetricKind.LOSS
