"""What a metric is, by its name: the one rule for shares, losses and what else trainings print.

Names are those of Keras, torchmetrics, scikit-learn and boosting libraries; prefixes such as `val_`
and numbers such as the `_1` of Keras do not count. Rules, claims, bands and the history ask here.
"""

import re
from collections.abc import Mapping, Sequence
from enum import Enum

# What a training calls the loss on its own data; the second is split learning's name.
TRAINING_LOSS = ("loss", "train_loss")

_VALIDATION = re.compile(r"(?:val|valid|validation|test|eval)_", re.IGNORECASE)
# A single value, such as that at the end of the range, may be the same by chance.
_FEWEST = 2


class MetricKind(Enum):
    """What the values of a metric are."""

    COUNTED = "a share of all samples, each of which is right or wrong: binomial"
    AREA = "the area under a ROC curve: how often a positive ranks above a negative"
    GAP = "the largest distance of two distribution functions (Kolmogorov, Smirnov)"
    SHARE = "between 0 and 1, more is better, but no share of all samples"
    FIT = "at most 1, more is better, without a lower end"
    LOSS = "less is better, without an upper end"
    OTHER = "nothing that a name tells"


# The first that fits counts: a recall's loss is a loss, and a balanced accuracy no plain one.
_LOSSES = (
    r"loss|error|entropy|perplexity|deviance|hinge|divergence"
    r"|(?<![a-z])(?:r?mse|msle|mae|s?mape|nll|kld?|brier)(?![a-z])"
)
_AVERAGES = r"(?:balanced|macro|weighted|mean|average|per_?class)_?(?:\w+_)?(?:acc|prec)"
_NAMES = (
    (MetricKind.LOSS, _LOSSES),
    (MetricKind.SHARE, _AVERAGES),
    (MetricKind.COUNTED, r"acc"),
    (MetricKind.SHARE, r"pr_?auc|auc_?pr|(?<![a-z])ap(?![a-z])"),
    (MetricKind.AREA, r"auc|auroc"),
    (MetricKind.GAP, r"(?<![a-z])ks(?![a-z])|kolmogorov"),
    (MetricKind.SHARE, r"precision|recall|f1|f_?beta|kappa|iou|jaccard|dice"),
    (MetricKind.SHARE, r"specificity|sensitivity"),
    (MetricKind.FIT, r"(?<![a-z])r_?2(?![0-9])|explained_?variance"),
)
_PATTERNS = [(kind, re.compile(names, re.IGNORECASE)) for kind, names in _NAMES]
_SHARES = (MetricKind.COUNTED, MetricKind.AREA, MetricKind.GAP, MetricKind.SHARE)


def kind(name: str) -> MetricKind:
    """What a metric is."""
    return next((kind for kind, names in _PATTERNS if names.search(name)), MetricKind.OTHER)


def is_share(name: str) -> bool:
    """Whether a metric lies between 0 and 1, and more is better."""
    return kind(name) in _SHARES


def is_loss(name: str) -> bool:
    """Whether a metric is one where less is better."""
    return kind(name) is MetricKind.LOSS


def is_new_data(name: str) -> bool:
    """Whether a metric is measured on data that were held out."""
    return _VALIDATION.match(name) is not None


def kind_in(name: str, history: Mapping[str, Sequence[float]]) -> MetricKind:
    """What a metric is among the others of its training.

    Averaged over all samples of single labels (micro), precision, recall and F1 are the accuracy:
    where a series is an accuracy of the same data, value for value, it is a share of all samples.
    """
    found, values = kind(name), tuple(history.get(name, ()))
    if found is not MetricKind.SHARE or len(set(values)) < _FEWEST:
        return found
    doubles = (
        kind(other) is MetricKind.COUNTED
        and is_new_data(other) == is_new_data(name)
        and tuple(series) == values
        for other, series in history.items()
    )
    return MetricKind.COUNTED if any(doubles) else found
