"""The last layers of a network: how many outputs it has, and what activation they come from."""

from dataclasses import dataclass

from verify.page.code.values import UNKNOWN, Call, Imported
from verify.rules.method import practice

LINEAR = "linear"
_ACTIVATIONS = {"softmax", "sigmoid"}


@dataclass(frozen=True)
class Head:
    """`units` is None where it is not known, `activation` is `linear` where there is none."""

    at: Call
    units: int | None
    activation: str


def of_keras(model: object) -> Head | None:
    """The last layer of a network of Keras; None where reading cannot tell."""
    if not isinstance(model, Call) or not _is_keras(model):
        return None
    name = practice.last(model)
    if name == "Sequential":
        return _of_layers(_stacked(model))
    if name == "Model":
        outputs = model.get("outputs", 1)
        if isinstance(outputs, list) and len(outputs) == 1:
            outputs = outputs[0]
        return _of_layers(_called(outputs))
    return None


def of_torch(returned: object) -> Head | None:
    """The last layer of what a network of PyTorch's returns."""
    if not isinstance(returned, Call):
        return None
    name = practice.last(returned) or returned.name
    if name in _ACTIVATIONS and (practice.dotted(returned).startswith("torch") or returned.on):
        return Head(returned, _units(returned.on or _first(returned)), name)
    layer = returned.callee
    if isinstance(layer, Call):
        if practice.last(layer) == "Sequential":
            parts = [one for one in layer.positional if one is not UNKNOWN]
            end = parts[-1] if parts and len(parts) == len(layer.positional) else None
            return _of_module(end, returned)
        return _of_module(layer, returned)
    return None


def _of_module(layer: object, at: Call) -> Head | None:
    if not isinstance(layer, Call) or not practice.dotted(layer).startswith("torch.nn"):
        return None
    name = practice.last(layer)
    if name in ("Softmax", "Sigmoid"):
        return Head(layer, _units(_first(at)), name.lower())
    if name == "Linear":
        units = layer.get("out_features", 1)
        return Head(layer, units if isinstance(units, int) else None, LINEAR)
    return None


def _units(value: object) -> int | None:
    head = of_torch(value)
    return head.units if head else None


def _first(call: Call) -> object:
    return call.positional[0] if call.positional else None


def _is_keras(value: object) -> bool:
    return "keras." in practice.dotted(value)


def _stacked(model: Call) -> list[object]:
    """The layers of a `Sequential`, in order; the last one is UNKNOWN where that is not certain."""
    given = model.get("layers", 0)
    layers = list(given) if isinstance(given, list | tuple) else [] if given is None else [UNKNOWN]
    for use in model.uses:
        if use.name == "add":
            layers.append(UNKNOWN if use.again else _first(use))
        elif use.name == "pop":
            layers.append(UNKNOWN)
        elif use.name == "compile":
            break
    return layers


def _called(tensor: object) -> list[object]:
    """The layers that a tensor has gone through, in order, as far as each has one input."""
    found: list[object] = []
    while isinstance(tensor, Call):
        found.insert(0, tensor.callee if isinstance(tensor.callee, Call) else tensor)
        tensor = _first(tensor)
    return found


def _of_layers(layers: list[object]) -> Head | None:
    layer = layers[-1] if layers else None
    if not isinstance(layer, Call):
        return None
    name = practice.last(layer)
    if name == "softmax" and practice.dotted(layer).endswith(".nn.softmax"):
        told: str | None = "softmax"
    elif not _is_keras(layer):
        return None
    elif name == "Sequential":
        return _of_layers(_stacked(layer))
    elif name == "Dropout":
        told = LINEAR
    elif name in ("Activation", "Softmax"):
        told = "softmax" if name == "Softmax" else _activation(layer.get("activation", 0))
    else:
        return _of_dense(layer)
    before = _of_layers(layers[:-1])
    if told == LINEAR:
        return before
    return Head(layer, before.units if before else None, told) if told else None


def _of_dense(layer: Call) -> Head | None:
    if practice.last(layer) != "Dense":
        return None
    units, told = layer.get("units", 0), _activation(layer.get("activation", 1))
    known = isinstance(units, int) and not isinstance(units, bool)
    return Head(layer, units if known else None, told) if told else None  # type: ignore[arg-type]


def _activation(value: object) -> str | None:
    """The activation of a layer; None where it is not known."""
    if value is None:
        return LINEAR
    if isinstance(value, str):
        return value
    if isinstance(value, Imported):
        return practice.last(value)
    return None
