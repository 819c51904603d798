"""The parts of SecretFlow's split learning that the probes touch, without it."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from tests.fakes import Dense, Device, DeviceObject, Floats, Layer, Model, Proxy, f32


class MeanMetric:
    """A mean of Keras: its total and its count."""

    def __init__(self, name: str) -> None:
        self.name, self.total, self.count = name, np.float32(0), np.float32(0)

    def add(self, value: float, samples: int) -> None:
        self.total, self.count = self.total + np.float32(value * samples), self.count + samples

    def result(self) -> Any:
        return self.total / self.count if self.count else np.float32(0)


class Fuse(Model):
    """A fuse network, which has metrics."""

    metrics: Any

    def __init__(self, *own: Layer) -> None:
        super().__init__(*own)
        self.metrics = [MeanMetric("loss")]


def base() -> Model:
    """A base network: one frozen layer, one free layer."""
    return Model(Dense("kept", f32(1, 2), trainable=False), Dense("moved", f32(0.5)))


def fuse() -> Fuse:
    """A fuse network of one free layer."""
    return Fuse(Dense("top", f32(0.25)))


class SplitNN:
    """A party's part: it counts its batches, and whoever has the fuse network measures."""

    def __init__(self, builder_base: Any = None, builder_fuse: Any = None, **_: Any) -> None:
        self.model_base: Any = builder_base() if builder_base else None
        self.model_fuse: Any = builder_fuse() if builder_fuse else None
        self.train_y: Any = None
        self.eval_y: Any = None
        self._data_x: Any = None
        self.logs: Any = None
        self.data: dict[str, tuple[Any, Any]] = {}
        self.left: Iterator[Any] = iter(())

    def build(self, stage: str, x: Any, y: Any, size: int) -> None:
        self.data[stage] = ([x[i : i + size] for i in range(0, len(x), size)], y)
        self.size = size

    def reset_data_iter(self, stage: str) -> None:
        self.left = iter(self.data[stage][0])

    def get_batch_data(self, stage: str = "train", epoch: int = 0) -> None:
        del epoch
        self._data_x, labels = next(self.left), self.data[stage][1]
        own = None if labels is None else labels[: len(self._data_x)]
        self.train_y, self.eval_y = (own, None) if stage == "train" else (None, own)

    def pack_forward_data(self) -> Any:
        return [np.zeros((len(self._data_x), 4), np.float32)] if self.model_base else None

    def fuse_net(self, _hiddens: Any) -> None:
        self.model_fuse.grow(1)
        self.model_fuse.metrics[0].add(float(np.mean(self._data_x)), len(self._data_x))
        self.logs = {"train_loss": self.model_fuse.metrics[0].result()}

    def get_gradients(self) -> Any:
        return [np.ones((len(self._data_x), 4), np.float32)]

    def base_backward(self, _gradients: Any) -> None:
        self.model_base.grow(1)

    def evaluate(self, _hiddens: Any) -> Any:
        self.model_fuse.metrics[0].add(float(np.mean(self._data_x)), len(self._data_x))
        value = self.model_fuse.metrics[0].result()
        if self.logs is not None:
            self.logs["val_loss"] = value
        return {"loss": value}

    def predict(self, _hiddens: Any) -> Floats:
        return f32(*self._data_x)

    def reset_metrics(self) -> None:
        self.model_fuse.metrics = [MeanMetric("loss")]

    def get_logs(self) -> Any:
        return self.logs

    def load_base_model(self, network: Model) -> None:
        self.model_base = network

    def load_fuse_model(self, network: Fuse) -> None:
        self.model_fuse = network


class TorchSplitNN(SplitNN):
    """The same, where the loss in the logs is that of the last batch alone."""

    def fuse_net(self, hiddens: Any) -> None:
        super().fuse_net(hiddens)
        self.logs = {"train_loss": np.float32(np.mean(self._data_x))}

    def evaluate(self, _hiddens: Any) -> Any:
        return {"loss": np.float32(np.mean(self._data_x))}


class Dispatcher:
    """Finds a strategy, and whether it may skip gradients."""

    def __init__(self) -> None:
        self._ops: dict[str, Any] = {
            "split_nn_tensorflow": (SplitNN, False),
            "split_nn_torch": (TorchSplitNN, False),
        }

    def dispatch(self, name: str, backend: str, *args: Any, device: Device, **kwargs: Any) -> Any:
        made, skips = self._ops[f"{name}_{backend}"]
        return Proxy(device, made(*args, **kwargs)), skips


class AggLayer:
    """Sends hidden layers to the party with labels, and gradients back."""

    def __init__(self, device_y: Device, agg_method: Any = None) -> None:
        self.device_y = self.device_agg = device_y
        self.agg_method = agg_method

    def forward(self, data: dict[Device, DeviceObject]) -> list[DeviceObject]:
        return [datum.to(self.device_y) for datum in data.values()]

    def backward(self, gradient: DeviceObject, parties: Sequence[Device]) -> dict[Device, Any]:
        return {party: gradient.to(party) for party in parties}


class SLModel:
    """A split model; subclasses dispatch the workers."""

    dispatch: Callable[..., Any]

    def __init__(  # noqa: PLR0917  # as it is there
        self,
        base_model_dict: dict[Device, Any],
        device_y: Device,
        model_fuse: Any,
        dp_strategy_dict: Any = None,
        backend: str = "tensorflow",
        strategy: str = "split_nn",
        compressor: Any = None,
    ) -> None:
        self.base_model_dict, self.device_y, self.backend = base_model_dict, device_y, backend
        self.dp_strategy_dict, self.compressor = dp_strategy_dict, compressor
        self.agglayer = AggLayer(device_y)
        self._workers: dict[Device, Any] = {}
        for device in dict.fromkeys([*base_model_dict, device_y]):
            self._workers[device], _ = self.dispatch(
                strategy,
                backend=backend,
                builder_base=base_model_dict.get(device),
                builder_fuse=model_fuse if device == device_y else None,
                device=device,
            )

    def _each(self, method: str, *args: Any, **kwargs: Any) -> dict[Device, DeviceObject]:
        return {d: getattr(w, method)(*args, **kwargs) for d, w in self._workers.items()}

    def _build(self, stage: str, data: Any, size: int, *, labels: bool = True) -> int:
        x, y = data
        for device, worker in self._workers.items():
            worker.build(stage, x, y if labels and device == self.device_y else None, size)
        return -(-len(x) // size)

    def _step(self, stage: str) -> list[DeviceObject]:
        self._each("get_batch_data", stage=stage, epoch=0)
        return self.agglayer.forward(self._each("pack_forward_data"))

    def fit(self, data: Any, epochs: int = 1, size: int = 2, validation_data: Any = None) -> Any:
        steps, own = self._build("train", data, size), self._workers[self.device_y]
        held = self._build("eval", validation_data, size) if validation_data else 0
        history: dict[str, list[Any]] = {}
        for _ in range(epochs):
            own.reset_metrics()
            self._each("reset_data_iter", "train")
            for _ in range(steps):
                own.fuse_net(self._step("train"))
                sent = self.agglayer.backward(own.get_gradients(), [*self.base_model_dict])
                for device, gradient in sent.items():
                    self._workers[device].base_backward(gradient)
            if held:
                own.reset_metrics()
                self._each("reset_data_iter", "eval")
            for _ in range(held):
                own.evaluate(self._step("eval"))
            for name, value in own.get_logs().data.items():
                history.setdefault(name, []).append(value)
        return history

    def evaluate(self, data: Any, size: int = 2) -> Any:
        steps, own = self._build("eval", data, size), self._workers[self.device_y]
        own.reset_metrics()
        self._each("reset_data_iter", "eval")
        return [own.evaluate(self._step("eval")) for _ in range(steps)][-1].data

    def predict(self, data: Any, size: int = 2) -> Any:
        steps = self._build("eval", data, size, labels=False)
        self._each("reset_data_iter", "eval")
        own = self._workers[self.device_y]
        return [own.predict(self._step("eval")) for _ in range(steps)]
