"""What the laboratory of aggregators asks for, and what the documented environment answers."""

import base64
import math
from dataclasses import asdict, dataclass
from typing import Any, Literal

from .arrays import Array, np
from .events import RaisedEvent

Json = dict[str, Any]

# The trial of a page's own aggregator: one array of each number of dimensions, and numbers from
# those that a small learning rate makes to those that no network should have.
_SHAPES = ((3, 4, 2), (5, 7), (11,), (1,))
SMALLEST, LARGEST = 1e-6, 1e5


@dataclass(frozen=True)
class Packed:
    """An array as JSON has it: numpy's own pickles do not pass between its versions."""

    dtype: str
    shape: tuple[int, ...]
    data: str


@dataclass(frozen=True, kw_only=True)
class Request:
    """One round of aggregation: see the laboratory's `Case`."""

    aggregator: Literal["secure", "plain", "spu", "sparse"]
    operation: str
    axis: int
    holders: list[int]
    participants: list[int]
    bare: bool
    weights: Any
    held_weights: bool
    fxp_bits: int
    coding: str
    refusal_first: bool
    killed: int | None
    discard: bool
    layers: list[list[Packed]]


@dataclass(frozen=True, kw_only=True)
class TrialReturned:
    """The layers that came out, or the only one itself."""

    layers: list[Packed]
    bare: bool


@dataclass(frozen=True, kw_only=True)
class OddTrial:
    """Something came out that is no array, nor a list of arrays."""

    what: str


Answer = TrialReturned | OddTrial | RaisedEvent
_ANSWERS: dict[str, type[Answer]] = {
    one.__name__: one for one in (TrialReturned, OddTrial, RaisedEvent)
}


def request(entry: Json) -> Request:
    """A request that was sent as JSON; raises TypeError if it is none."""
    layers = [[Packed(**layer) for layer in layers] for layers in entry["layers"]]
    return Request(**entry | {"layers": layers})


def sent(answer: Answer) -> Json:
    """An answer as JSON has it."""
    return {"kind": type(answer).__name__, **asdict(answer)}


def answer(entry: Json) -> Answer:
    """An answer that was sent as JSON; raises TypeError if it is none."""
    kind = _ANSWERS[entry.pop("kind")]
    if kind is TrialReturned:
        entry["layers"] = [Packed(**layer) for layer in entry["layers"]]
    return kind(**entry)


def numbers(parties: int) -> list[list[Array]]:
    """Arrays of float32 for each party, the same ones each time.

    Whoever clips, saturates or flushes to zero is seen only where all parties hold numbers of that
    size: so each element has a size of its own, which is about the same at all parties and goes
    evenly, in powers, from the largest to the smallest in each array. Every other one is negative;
    now and then a party's sign is another one than that of the first.
    """
    generator = np.random.default_rng(parties)
    made: list[list[Array]] = [[] for _ in range(parties)]
    for shape in _SHAPES:
        count = math.prod(shape)
        sizes = np.geomspace(LARGEST, SMALLEST, count) * np.resize((1, -1), count)
        order = generator.permutation(count)
        for party, arrays in enumerate(made):
            share = generator.uniform(0.5, 1, count)
            share *= generator.choice((1, -1), count, p=(0.8, 0.2))
            flat = (sizes * (share if party else 1))[order].astype(np.float32)
            arrays.append(flat.reshape(shape))
    return made


def packed(value: Any) -> Packed:
    """An array or a number of any library; raises TypeError if it holds anything but numbers."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{type(value).__name__} of {array.dtype}")
    data = base64.b64encode(array.tobytes()).decode()
    return Packed(array.dtype.str, array.shape, data)


def unpacked(entry: Packed) -> Array:
    """The array that was packed; it can be written to, as those of a model can."""
    data: Array = np.frombuffer(base64.b64decode(entry.data), entry.dtype)
    shaped: Array = data.reshape(tuple(entry.shape)).copy()
    return shaped
