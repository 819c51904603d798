"""Watches one party's model inside the party's own process."""

from collections.abc import Callable, Sequence
from typing import Any

from docprobe import layers
from docprobe.recording import Recorder


class Watched:
    """Stands for the page's model builder; the party calls it to build its model."""

    def __init__(self, builder: Callable[[], Any], folder: str, number: int, party: str) -> None:
        self.builder, self.folder, self.number, self.party = builder, folder, number, party

    def __call__(self) -> Any:
        """Build the model as the page says, then watch its weights come and go."""
        model = self.builder()
        name = f"model-{self.number}-{self.party}"
        _watch(model, Recorder(self.folder, name), self.party, self.number)
        return model


def _watch(model: Any, recorder: Recorder, party: str, number: int) -> None:
    """Record what the party built, what each local phase changed, and what it held when idle.

    A local phase lies between the weights that the party received and those that it sends. A
    read without training before it (at the start, and once after the end) is an idle one: that is
    when digests are taken, so that rounds stay cheap.
    """
    counts = layers.counts(model)
    get_weights, set_weights = model.get_weights, model.set_weights
    built = get_weights()
    held = [built]
    recorder.write(
        "built",
        party=party,
        model=number,
        layers=layers.describe(model),
        digests=layers.digests(built, counts),
        magnitudes=layers.magnitudes(built, counts),
    )

    def watched_set(weights: Sequence[Any]) -> None:
        set_weights(weights)
        held[0] = get_weights()

    def watched_get() -> list[Any]:
        weights: list[Any] = get_weights()
        changes = layers.changes(held[0], weights, counts)
        details: dict[str, Any] = {
            "changes": changes,
            "drift": layers.changes(built, weights, counts),
        }
        if not any(changes):
            details["digests"] = layers.digests(weights, counts)
        recorder.write("idle" if "digests" in details else "sent", party=party, **details)
        return weights

    model.set_weights, model.get_weights = watched_set, watched_get
