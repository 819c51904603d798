"""How often a party goes through data, on how many samples, and what its own metrics come to."""

from typing import Any

from probeshared.events import MetricEvent, PassEnded

from docprobe.data_parts import Part, first_array
from docprobe.recording import Recorder

_STAGES = {"train": "train", "eval": "val", "val": "val"}


class Passes:
    """What a party has gone through since the last record."""

    def __init__(self, recorder: Recorder) -> None:
        self.recorder = recorder
        self.batches: dict[str, list[int]] = {}
        self.labels: set[str] = set()
        self.metrics: dict[str, tuple[MetricEvent, ...]] = {}
        self.data: dict[str, Part] = {}

    def drew(self, stage: str, inputs: Any, *, labels: bool, named: Any = None) -> int:
        """Count a batch; its samples are as many as its first array has rows.

        Args:
            stage: what the party goes through it for.
            inputs: its inputs.
            labels: whether the party has its labels.
            named: these, where they were seen.
        """
        part = _STAGES[stage]
        if named is not None:
            self.data.setdefault(part, Part(part, rows=False)).add(inputs, named)
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
                    data=self.data[part].told() if part in self.data else None,
                )
            )
        self.batches, self.labels, self.metrics, self.data = {}, set(), {}, {}
