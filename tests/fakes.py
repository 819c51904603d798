"""The parts of Keras and SecretFlow that the probes touch, without either."""

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, pairwise
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float32]]


def f32(*values: float) -> Floats:
    """A vector as Keras keeps it."""
    return np.array(values, dtype=np.float32)


# Keras.


class Layer:
    """A layer as Keras shows it."""

    def __init__(self, name: str, *weights: Floats, trainable: bool = True) -> None:
        self.name, self.weights, self.trainable = name, list(weights), trainable

    @property
    def trainable_weights(self) -> list[Floats]:
        return self.weights if self.trainable else []


class Dense(Layer):
    """A second kind of layer."""


class Inner(Layer):
    """A network that another one has for a layer."""

    def __init__(self, name: str, *own: Layer) -> None:
        super().__init__(name, *(weight for layer in own for weight in layer.weights))
        self.layers = list(own)


class Mean:
    """The metric of the loss: over how many samples."""

    name = "loss"

    def __init__(self) -> None:
        self.samples = 0

    @property
    def count(self) -> Any:
        return SimpleNamespace(numpy=lambda: np.float32(self.samples))


class Model:
    """A model as Keras shows it."""

    built = True

    def __init__(self, *own: Layer) -> None:
        self.layers, self.metrics = list(own), [Mean()]

    def get_weights(self) -> list[Floats]:
        return [weight.copy() for layer in self.layers for weight in layer.weights]

    def set_weights(self, weights: Sequence[Floats]) -> None:
        remaining = iter(weights)
        for layer in self.layers:
            layer.weights = [next(remaining).astype(np.float32) for _ in layer.weights]

    def grow(self, by: float) -> None:
        """Train: every free weight grows."""
        for layer in self.layers:
            if layer.trainable:
                layer.weights = [weight + np.float32(by) for weight in layer.weights]

    def fit(
        self,
        x: Sequence[float],
        epochs: int = 1,
        callbacks: Sequence[Any] | None = None,
        validation: Sequence[float] = (),
    ) -> Any:
        """Train: every free weight grows by the sum of the samples, each epoch."""
        for callback in callbacks or ():
            callback.model = self
        for epoch in range(epochs):
            self.grow(sum(x))
            self.metrics[0].samples = len(x)
            if validation:
                for callback in callbacks or ():
                    callback.on_test_begin({})
                self.metrics[0].samples = len(validation)
            for callback in callbacks or ():
                callback.on_epoch_end(epoch, {})
        names = ["loss", *(["val_loss"] if validation else [])]
        falling = [np.float32(1 / (n + 1)) for n in range(epochs)]
        return SimpleNamespace(history=dict.fromkeys(names, falling))


def small_model() -> Model:
    """Three layers: one without weights, a frozen one, a free one."""
    return Model(
        Layer("input"),
        Dense("frozen", f32(1, -2), trainable=False),
        Dense("free", f32(0.5), f32(0.25, 0.125)),
    )


# PyTorch, with the methods that SecretFlow gives to its modules.


class Tensor:
    """A tensor: its array is the live one."""

    def __init__(self, *values: float, requires_grad: bool = False) -> None:
        self.array, self.requires_grad = f32(*values), requires_grad

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.array.shape)

    def numel(self) -> int:
        return int(self.array.size)

    def cpu(self) -> "Tensor":
        return self

    def detach(self) -> "Tensor":
        return self

    def numpy(self) -> Floats:
        return self.array


class Module:
    """A module: its own parameters, which have gradients or not, its buffers, and its parts."""

    def __init__(self, *parameters: Tensor, buffers: Sequence[Tensor] = (), **parts: Any) -> None:
        self.own, self.buffers, self.parts = parameters, buffers, parts

    def parameters(self, *, recurse: bool = True) -> Iterator[Tensor]:
        yield from self.own
        for part in self.parts.values() if recurse else ():
            yield from part.parameters()

    def state_dict(self, *, keep_vars: bool = False) -> dict[str, Tensor]:
        del keep_vars
        own = {str(number): tensor for number, tensor in enumerate((*self.own, *self.buffers))}
        return own | {
            f"{path}.{name}": tensor
            for path, part in self.parts.items()
            for name, tensor in part.state_dict().items()
        }

    def get_submodule(self, path: str) -> "Module":
        first, _, others = path.partition(".")
        return self.parts[first].get_submodule(others) if first else self

    def get_weights(self, *, return_numpy: bool = True) -> list[Floats]:
        assert return_numpy
        return [tensor.array.copy() for tensor in self.state_dict().values()]

    def update_weights(self, weights: Sequence[Floats]) -> None:
        for tensor, array in zip(self.state_dict().values(), weights, strict=True):
            tensor.array[:] = array

    def grow(self, by: float) -> None:
        """Train: every free weight grows, in its place."""
        for tensor in self.parameters():
            tensor.array += np.float32(by) * tensor.requires_grad


class Linear(Module):
    """A second kind of module."""


def small_network() -> Module:
    """A frozen layer, one without weights and one of buffers alone in a container; a free layer."""
    return Module(
        body=Module(
            first=Linear(Tensor(1, -2)),
            second=Module(),
            third=Module(buffers=[Tensor(4)]),
        ),
        head=Linear(Tensor(0.5, requires_grad=True), Tensor(0.25, 0.125)),
    )


# SecretFlow's devices.


class Device(NamedTuple):
    """A party's device: it runs what it is given at once."""

    party: str

    def __str__(self) -> str:
        return self.party


class DeviceObject:
    """Something that one device holds."""

    def __init__(self, device: Device, data: Any) -> None:
        self.device, self.data = device, data

    def to(self, device: Device) -> "DeviceObject":
        return self if device == self.device else type(self)(device, self.data)


def reveal(value: Any) -> Any:
    """What the objects in a list, or one object, hold."""
    if callable(value):
        return lambda *args: reveal(value(*args))
    return [one.data for one in value] if isinstance(value, list) else value.data


class Proxy:
    """An object that lives on a device, whose methods return objects of that device."""

    def __init__(self, device: Device, own: Any) -> None:
        self.device, self.own = device, own

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            values = [arg.data if isinstance(arg, DeviceObject) else arg for arg in args]
            found = getattr(self.own, name)(*values, **kwargs)
            if isinstance(found, tuple):
                return [DeviceObject(self.device, one) for one in found]
            return DeviceObject(self.device, found)

        return call


# SecretFlow's federated learning.


class FedAvgW:
    """How a party trains; the strategy of averaged weights."""

    def __init__(self, builder_base: Callable[[], Model] | None) -> None:
        self.sets: dict[str, Iterator[Any]] = {}
        self.model = builder_base() if builder_base else None

    def build_dataset_from_builder(
        self, dataset_builder: Any, x: Any, _y: Any = None, stage: str = "train"
    ) -> int:
        batches, steps = dataset_builder(x, stage)
        self.sets[stage] = cycle(batches)
        return int(steps)

    def next_batch(self, stage: str = "train") -> Any:
        return next(self.sets[stage]), None, None

    def get_weights(self) -> Any:
        assert self.model
        return self.model.get_weights()

    def set_weights(self, weights: Any) -> None:
        assert self.model
        self.model.set_weights(weights)

    def train_step(self, weights: Any, _step: int, steps: int) -> tuple[Any, int]:
        assert self.model
        if weights is not None:
            self.model.set_weights(weights)
        samples = 0
        for _ in range(steps):
            batch, _, _ = self.next_batch()
            samples += len(batch)
            self.model.grow(float(np.mean(batch)))
        return self.get_weights(), samples

    def apply_weights(self, weights: Any) -> None:
        self.set_weights(weights)

    def evaluate(self, steps: int) -> None:
        for _ in range(steps):
            self.next_batch("eval")

    def predict(self, steps: int) -> None:
        for _ in range(steps):
            self.next_batch("eval")

    def load_model(self, model: Model) -> None:
        self.model = model


class TorchFedAvgW(FedAvgW):
    """The same with PyTorch, whose modules are set by the strategy alone."""

    model: Any

    def get_weights(self, *, return_numpy: bool = True) -> Any:
        return self.model.get_weights(return_numpy=return_numpy)

    def set_weights(self, weights: Any) -> None:
        self.model.update_weights(weights)

    def train_step(self, weights: Any, _step: int, steps: int) -> tuple[Any, int]:
        if weights is not None:
            self.set_weights(weights)
        samples = 0
        for _ in range(steps):
            batch, _, _ = self.next_batch()
            samples += len(batch)
            self.model.grow(float(np.mean(batch)))
        return self.get_weights(return_numpy=True), samples


class TorchUpdates(TorchFedAvgW):
    """Sends what changed, and goes back to where it started."""

    def train_step(self, weights: Any, _step: int, steps: int) -> tuple[Any, int]:
        start = self.get_weights()
        end, samples = super().train_step(weights, _step, steps)
        self.set_weights(start)
        return [new - old for new, old in zip(end, start, strict=True)], samples


class Dispatcher:
    """Finds the class of a strategy by its name and backend."""

    def __init__(self) -> None:
        self._ops: dict[str, Any] = {"fed_avg_w_tensorflow": FedAvgW, "fed_avg_w_torch": FedAvgW}

    def dispatch(self, name: str, backend: str, *args: Any, device: Device, **kwargs: Any) -> Any:
        return Proxy(device, self._ops[f"{name}_{backend}"](*args, **kwargs))


class FLModel:
    """A federated model of a few parties, each with a worker; subclasses make the workers."""

    def __init__(
        self,
        device_list: Sequence[Device],
        model: Callable[[], Model] | None,
        aggregator: Any,
        backend: str = "tensorflow",
    ) -> None:
        self._aggregator, self.strategy, self.backend = aggregator, "fed_avg_w", backend
        self._workers: dict[Device, Any] = {}
        self.init_workers(model, device_list, backend)

    def init_workers(self, model: Any, device_list: Sequence[Device], backend: str) -> None:
        raise NotImplementedError

    def fit(
        self,
        x: dict[Device, Any],
        epochs: int = 1,
        validation_data: dict[Device, Any] | None = None,
        aggregate_freq: int = 1,
        dataset_builder: Any = None,
    ) -> Any:
        workers = self._workers.items()
        for device, worker in workers:
            steps = worker.build_dataset_from_builder(dataset_builder, x[device]).data
        start = self._aggregator.average([w.get_weights() for _, w in workers], axis=0)
        for device, worker in workers:
            worker.set_weights(start.to(device))
        for _ in range(epochs):
            average: Any = None
            for step in range(0, steps, aggregate_freq):
                turns = [
                    worker.train_step(
                        average and average.to(device), step, min(aggregate_freq, steps - step)
                    )
                    for device, worker in workers
                ]
                params, samples = zip(*turns, strict=True)
                average = self._aggregator.average(list(params), axis=0, weights=list(samples))
            for device, worker in workers:
                worker.apply_weights(average.to(device))
                if validation_data:
                    place = validation_data[device]
                    worker.build_dataset_from_builder(dataset_builder, place, stage="eval")
                    worker.evaluate(1)
        return {"global_history": {"loss": [1] * epochs}}

    def evaluate(self, x: dict[Device, Any], dataset_builder: Any = None) -> Any:
        for device, worker in self._workers.items():
            worker.build_dataset_from_builder(dataset_builder, x[device], stage="eval")
            worker.evaluate(1)
        return [Told("loss")], {}


class Told:
    """A metric of all parties, which keeps what it computes with."""

    def __init__(self, name: str) -> None:
        self.name, self.kept = name, 0

    def result(self) -> Any:
        self.kept += 1
        return np.float32(0.5)


class PlainAggregator:
    """Has every party send its numbers to one device, which averages them."""

    def __init__(self, device: Device) -> None:
        self.device = device

    def average(self, data: Sequence[Any], axis: Any = None, weights: Any = None) -> Any:
        assert axis == 0
        sent = [datum.to(self.device).data for datum in data]
        shares = [
            w.to(self.device).data if isinstance(w, DeviceObject) else w for w in weights or ()
        ]
        mean = [
            np.average(same, axis=0, weights=shares or None) for same in zip(*sent, strict=True)
        ]
        return DeviceObject(self.device, [one.astype(np.float32) for one in mean])


class SecureAggregator(PlainAggregator):
    """The same with masks that cancel out: fixed point, truncated, modulo 2^64."""

    def __init__(self, device: Device, fxp_bits: int = 18) -> None:
        super().__init__(device)
        self._fxp_bits = fxp_bits
        self._generator = np.random.default_rng(9)

    def average(self, data: Sequence[Any], axis: Any = None, weights: Any = None) -> Any:
        assert axis == 0
        shares = [w.data if isinstance(w, DeviceObject) else w for w in weights or [1] * len(data)]
        coded = [
            [encoded(array, w, self._fxp_bits) for array in datum.data]
            for datum, w in zip(data, shares, strict=True)
        ]
        for own, following in pairwise(coded):
            masks = [self._generator.integers(0, 2**64, a.shape, np.uint64) for a in own]
            own[:] = [array + mask for array, mask in zip(own, masks, strict=True)]
            following[:] = [array - mask for array, mask in zip(following, masks, strict=True)]
        sent = [
            DeviceObject(datum.device, own).to(self.device).data
            for datum, own in zip(data, coded, strict=True)
        ]
        return DeviceObject(self.device, decoded(sent, shares, self._fxp_bits))


def encoded(array: Any, weight: float, bits: int) -> Any:
    """Numbers in fixed point modulo 2^64, truncated towards zero."""
    product = (array * array.dtype.type(weight)).astype(np.float64)
    return np.trunc(product * 2**bits).astype(np.int64).view(np.uint64)


def decoded(by_party: Sequence[Any], weights: Sequence[float], bits: int) -> list[Any]:
    """The mean of all parties' numbers in fixed point, masks or not."""
    sums = [np.sum(same, axis=0, dtype=np.uint64) for same in zip(*by_party, strict=True)]
    return [one.view(np.int64) / 2**bits / sum(weights) for one in sums]
