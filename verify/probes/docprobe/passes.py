"""How often a party goes through data, on how many samples, and what its own metrics come to."""

from typing import Any

from probeshared.events import MetricEvent, PassEnded

from docprobe.recording import Recorder

_STAGES = {"train": "train", "eval": "val", "val": "val"}


def first_array(inputs: Any) -> Any:
    """The first array of a batch, which a party may have several of, by name or not."""
    while isinstance(inputs, (dict, list, tuple)) and inputs:
        inputs = next(iter(inputs.values() if isinstance(inputs, dict) else inputs))
    return inputs


class Passes:
    """What a party has gone through since the last record."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.batches: dict[str, list[int]] = {}
        self.labels: set[str] = set()
        self.metrics: dict[str, tuple[MetricEvent, ...]] = {}

    def drew(self, stage: str, inputs: Any, *, labels: bool) -> int:
        """Count a batch; its samples are as many as its first array has rows."""
        part = _STAGES[stage]
        shape: Any = getattr(first_array(inputs), "shape", None)
        samples = int(shape[0]) if shape is not None and len(shape) else 0
        self.batches.setdefault(part, []).append(samples)
        if labels:
            self.labels.add(part)
        return samples

    def measured(self, stage: str, metrics: tuple[MetricEvent, ...]) -> None:
        """Keep what the metrics of a stage have come to so far."""
        self.metrics[_STAGES[stage]] = metrics

    def ended(self) -> None:
        """Record what has been gone through."""
        for part, samples in self.batches.items():
            # Before any training, a party calls its metrics of an evaluation those of training.
            other = () if "train" in self.batches else self.metrics.get("train", ())
            self.recorder.write(
                PassEnded(
                    stage="train" if part == "train" else "val",
                    batches=len(samples),
                    samples=sum(samples),
                    labels=part in self.labels,
                    metrics=self.metrics.get(part, other),
                )
            )
        self.batches, self.labels, self.metrics = {}, set(), {}
