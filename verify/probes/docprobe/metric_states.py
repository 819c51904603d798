"""What a party's own metrics are made of, as plain numbers: those of Keras and of torchmetrics."""

from collections.abc import Iterable
from typing import Any

from probeshared.arrays import np
from probeshared.events import MetricEvent


def told(metrics: Iterable[Any]) -> tuple[MetricEvent, ...]:
    """One entry a metric, as it stands now."""
    return tuple(_of_torch(one) if hasattr(one, "compute") else _of_keras(one) for one in metrics)


def mean(name: str, total: float, count: float, last: float) -> MetricEvent:
    """A mean that somebody has added up, of which the last value is known, too."""
    values = (total / count,) if count else ()
    return MetricEvent(name=name, kind="Mean", values=values, total=total, count=count, last=last)


def _of_keras(metric: Any) -> MetricEvent:
    parts: dict[str, Any] = {}
    if hasattr(metric, "total") and hasattr(metric, "count"):
        parts = {"total": float(metric.total), "count": float(metric.count)}
    elif hasattr(metric, "true_positives"):
        parts = _counted(
            metric, "true_positives", "false_positives", "true_negatives", "false_negatives"
        )
        curve = getattr(metric, "curve", "")
        parts["curve"] = str(getattr(curve, "value", curve))
    kind = type(metric).__name__
    return MetricEvent(name=metric.name, kind=kind, values=_plain(metric.result()), **parts)


def _of_torch(metric: Any) -> MetricEvent:
    parts: dict[str, Any] = {}
    if hasattr(metric, "mean_value") and hasattr(metric, "weight"):
        total, count = (float(np.sum(_plain(one))) for one in (metric.mean_value, metric.weight))
        parts = {"total": total, "count": count}
    elif hasattr(metric, "tp") and not isinstance(metric.tp, list):
        parts = _counted(metric, "tp", "fp", "tn", "fn")
        # Of two classes there is one count, of which nothing is averaged.
        parts["average"] = str(getattr(metric, "average", "none") or "none")
    kind = type(metric).__name__
    return MetricEvent(
        name=kind.lower(), kind=kind, values=_plain(_quietly(metric.compute)), **parts
    )


def _quietly(compute: Any) -> Any:
    """What a metric computes, without its warnings: the page hears those it causes itself."""
    import warnings  # only where torchmetrics is

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compute()


def _counted(metric: Any, *names: str) -> dict[str, Any]:
    fields = ("true_positives", "false_positives", "true_negatives", "false_negatives")
    return {
        field: _plain(getattr(metric, name))
        for field, name in zip(fields, names, strict=True)
        if hasattr(metric, name)
    }


def _plain(value: Any) -> tuple[float, ...]:
    """All numbers of a tensor of any library."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
    return tuple(map(float, np.asarray(value, dtype=np.float64).reshape(-1)))
