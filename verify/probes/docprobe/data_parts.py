"""What a training is given in a part of its data: its classes, its range, a checksum a sample.

A part that cannot be read says why; that is no fault of the run.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from probeshared.arrays import np
from probeshared.event_parts import MADE_BY_ITSELF, DataPart

from docprobe.audit import checksum

# More classes than these are no classes, but identifiers or quantities.
_MOST_CLASSES = 1000
_MOST_ROWS = 200_000
_MATRIX = 2


def first_array(inputs: Any) -> Any:
    """The first array of a batch, which a party may have several of, by name or not."""
    while isinstance(inputs, (dict, list, tuple)) and inputs:
        inputs = next(iter(inputs.values() if isinstance(inputs, dict) else inputs))
    return inputs


class Part:
    """One part, batch by batch."""

    def __init__(self, stage: str, *, rows: bool) -> None:
        self.stage, self.keeps_rows = stage, rows
        self.samples = 0
        self.classes: Counter[str] | None = Counter()
        self.low: Any = np.nan
        self.high: Any = np.nan
        self.rows: list[int] = []
        self.unseen = ""

    def add(self, inputs: Any, labels: Any) -> None:
        """Take note of a batch."""
        try:
            self._add(on_host(first_array(inputs)), labels)
        except Exception as error:  # noqa: BLE001  # a page may train on anything
            self.unseen = f"{type(error).__name__}: {error}"

    def _add(self, array: Any, labels: Any) -> None:
        self.samples += len(array)
        if array.size and array.dtype.kind in "fiu":
            self.low = np.fmin(self.low, np.nanmin(array))
            self.high = np.fmax(self.high, np.nanmax(array))
        if self.keeps_rows and len(self.rows) < _MOST_ROWS:
            self.rows += [checksum([row]) for row in array[: _MOST_ROWS - len(self.rows)]]
        named = _classes(labels)
        if self.classes is None or named is None or len(self.classes | named) > _MOST_CLASSES:
            self.classes = None
        else:
            self.classes += named

    def told(self) -> DataPart:
        """The record of it."""
        known = bool(np.isfinite(self.low) and np.isfinite(self.high))
        return DataPart(
            stage="train" if self.stage == "train" else "val",
            samples=self.samples,
            classes=dict(self.classes or {}),
            low=float(self.low) if known else None,
            high=float(self.high) if known else None,
            rows=self.rows,
            unseen=self.unseen,
        )


def on_host(value: Any) -> Any:
    """An array of numpy's, from wherever it is."""
    return np.asarray(value.detach().cpu() if hasattr(value, "detach") else value)


def _classes(labels: Any) -> Counter[str] | None:
    """How many samples are of which class; None where labels are no classes."""
    if labels is None:
        return None
    array = on_host(first_array(labels))
    if array.ndim == _MATRIX and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim == _MATRIX and bool(np.all((array == 0) | (array == 1))):
        if not bool(np.all(array.sum(axis=1) == 1)):
            return None  # of several labels a sample each may be a class
        array = array.argmax(axis=1)
    if array.ndim != 1:
        return None
    if array.dtype.kind == "f":
        if not bool(np.all(array == np.floor(array))):
            return None
        array = array.astype(np.int64)
    return Counter(str(one) for one in array.tolist())


def of_fit(given: Mapping[str, Any]) -> tuple[DataPart, ...]:
    """The parts of what Keras' `fit` is given, as far as they can be read."""
    try:
        return _of_fit(given)
    except Exception as error:  # noqa: BLE001  # a page may train on anything
        return (_unseen("train", f"{type(error).__name__}: {error}"),)


def _of_fit(given: Mapping[str, Any]) -> tuple[DataPart, ...]:
    """The parts; one that is split off is the end of the data.

    Source: Keras, "Model training APIs", `fit`: its `validation_split` and `validation_data`.
    """
    x, y = given.get("x"), given.get("y")
    inputs = first_array(x)
    if not isinstance(inputs, np.ndarray):
        return (_unseen("train"),)
    share = given.get("validation_split") or 0.0
    until = int(len(inputs) * (1 - share))
    found = [_whole("train", inputs[:until], _cut(y, 0, until))]
    if share:
        found.append(_whole("val", inputs[until:], _cut(y, until, len(inputs))))
    validation = given.get("validation_data")
    if isinstance(validation, tuple) and isinstance(first_array(validation[:1]), np.ndarray):
        labels = validation[1] if len(validation) > 1 else None
        found.append(_whole("val", validation[0], labels))
    elif validation is not None:
        found.append(_unseen("val"))
    return tuple(found)


def _cut(labels: Any, begin: int, end: int) -> Any:
    array = first_array(labels)
    return array[begin:end] if isinstance(array, np.ndarray) else None


def _whole(stage: str, inputs: Any, labels: Any) -> DataPart:
    part = Part(stage, rows=True)
    part.add(inputs, labels)
    return part.told()


def _unseen(stage: str, why: str = MADE_BY_ITSELF) -> DataPart:
    part = Part(stage, rows=False)
    part.unseen = why
    return part.told()
