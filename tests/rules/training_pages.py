"""Cells that train, with the logs that they would leave."""

from collections.abc import Sequence
from typing import Any

from tests.rules.pages import code, logged, printed

KERAS = """
    from tensorflow import keras
    def make(optimizer, weights=None):
        base = keras.applications.MobileNetV2(weights=weights, include_top=False)
        model = keras.Sequential([base, keras.layers.Dense(7)])
        model.compile(optimizer=optimizer, loss='mse', metrics=['accuracy'])
        return model
    """
PARTIES = """
    from tensorflow import keras
    from secretflow_fl.ml.nn import FLModel, SLModel
    from secretflow_fl.utils.compressor import TopkSparse
    def net():
        model = keras.Sequential([keras.layers.Dense(4), keras.layers.Dense(1)])
        model.compile(optimizer='sgd', loss='mse', metrics=['accuracy'])
        return model
    """


def rising(end: float, epochs: int) -> list[float]:
    """A series that comes close to its end early and still moves."""
    return [end * (1 - 0.3 / (i + 1) ** 2) for i in range(epochs)]


def keras_log(
    epochs: int, val: float | Sequence[float], *, steps: int = 20, total: int | None = None
) -> dict[str, Any]:
    """What Keras prints of a training whose validation accuracy ends so."""
    series = rising(val, epochs) if isinstance(val, float) else val
    lines = []
    for i, accuracy in enumerate(series):
        lines.append(f"Epoch {i + 1}/{total or epochs}")
        lines.append(
            f"{steps}/{steps} [====] - 1s 9ms/step - loss: {1 / (i + 2):.4f} - "
            f"accuracy: {0.5 + 0.01 * i:.4f} - val_loss: {1.2 / (i + 2):.4f} - "
            f"val_accuracy: {accuracy:.4f}"
        )
    return printed("\n".join(lines) + "\n")


def bar(epochs: int, *, steps: int = 15, **ends: float) -> dict[str, Any]:
    """What SecretFlow's progress bar leaves of a training whose metrics end so."""
    series = {name: rising(end, epochs) for name, end in ends.items()}
    return logged(
        "".join(
            f"100%|####| {steps}/{steps} [00:04<00:00, 4.5it/s, epoch: {i + 1}/{epochs} -  "
            + "  ".join(f"{name}:{values[i]}" for name, values in series.items())
            + " ]\n"
            for i in range(epochs)
        )
    )


def fit(name: str, made: str, *outputs: dict[str, Any], epochs: object = 8) -> Any:
    """A cell that makes a model and trains it."""
    return code(f"{name} = {made}\nh = {name}.fit(x, y, epochs={epochs})", *outputs)
