"""One round of aggregation, and what can come out of it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

import numpy as np

from verify.probed import trials
from verify.system.words import Text

Array = np.ndarray[Any, Any]
Layers = tuple[Array, ...]
# SecretFlow's own: of the secure aggregator, and of the SPU with the field that it takes (FM128).
SECURE_BITS = 18
SPU_BITS = 26


class Aggregator(Enum):
    """The aggregators; the value is the class's name in the documentation."""

    SECURE = "SecureAggregator"
    PLAIN = "PlainAggregator"
    SPU = "SPUAggregator"
    SPARSE = "SparsePlainAggregator"

    @property
    def key(self) -> Literal["secure", "plain", "spu", "sparse"]:
        """A short name for files and messages."""
        return _KEYS[self]


_KEYS: dict[Aggregator, Literal["secure", "plain", "spu", "sparse"]] = {
    Aggregator.SECURE: "secure",
    Aggregator.PLAIN: "plain",
    Aggregator.SPU: "spu",
    Aggregator.SPARSE: "sparse",
}


@dataclass(frozen=True, eq=False)
class Trial:
    """A round of aggregation.

    `by_party` has the layers of each party; `holders` says which of five parties has them, in the
    order in which they are handed over. `participants` are those that a secure aggregator was made
    for, the holders if None. `bare` hands over the only layer itself instead of a list. With
    `held_weights` each party holds its own weight. `refusal_first` runs a round with infinities
    before; `killed` is the participant whose process ends before; `discard` keeps the aggregator
    from serving another round.
    """

    aggregator: Aggregator
    by_party: tuple[Layers, ...]
    weights: object = None
    operation: str = "average"
    holders: tuple[int, ...] = ()
    participants: tuple[int, ...] | None = None
    bare: bool = False
    held_weights: bool = False
    fxp_bits: int = SECURE_BITS
    axis: int = 0
    coding: str = "dense"
    refusal_first: bool = False
    killed: int | None = None
    discard: bool = False

    def __post_init__(self) -> None:
        """Without a word about it, the first parties hold the data."""
        if not self.holders:
            object.__setattr__(self, "holders", tuple(range(len(self.by_party))))

    @property
    def request(self) -> trials.Request:
        """As the documented environment's side of it wants it."""
        participants = self.holders if self.participants is None else self.participants
        return trials.Request(
            aggregator=self.aggregator.key,
            operation=self.operation,
            axis=self.axis,
            holders=list(self.holders),
            participants=sorted(set(participants)),
            bare=self.bare,
            weights=self.weights,
            held_weights=self.held_weights,
            fxp_bits=self.fxp_bits,
            coding=self.coding,
            refusal_first=self.refusal_first,
            killed=self.killed,
            discard=self.discard,
            layers=[list(map(trials.packed, layers)) for layers in self.by_party],
        )

    def __str__(self) -> str:
        """The round as a reader would write it down."""
        said = [f"{self.aggregator.value}.{self.operation}", _written(self.by_party)]
        if self.operation == "average":
            said.append(f"weights {self.weights}")
        if self.holders != tuple(range(len(self.by_party))):
            said.append(f"at the parties {self.holders}")
        if self.aggregator is Aggregator.SECURE and self.fxp_bits != SECURE_BITS:
            said.append(f"fxp_bits {self.fxp_bits}")
        return ", ".join(said)


@dataclass(frozen=True, eq=False)
class TrialResult:
    """What an aggregator returned."""

    layers: Layers
    bare: bool


@dataclass(frozen=True)
class TrialRaised:
    """The exception that a round ended with; `own` if SecretFlow's own code raised it."""

    name: str
    message: str
    own: bool

    def __str__(self) -> str:
        """As Python words it."""
        return f"{self.name}: {self.message}"


@dataclass(frozen=True)
class OddResult:
    """Something was returned that is no array, nor a list of arrays."""

    what: str


@dataclass(frozen=True)
class Died:
    """The process ended, or did not answer in time."""

    how: Text


Answer = TrialResult | TrialRaised | OddResult | Died
Run = Callable[[Trial], Answer]


def _written(by_party: tuple[Layers, ...]) -> str:
    arrays = [f"{layer.dtype}{layer.tolist()}"[:120] for layers in by_party for layer in layers]
    return " ".join(arrays)[:600]
