"""What a page documents of a training, and of strategies with aggregators."""

from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from verify.finding import Worded
from verify.page.outputs.metrics import TRAINING_LOSS
from verify.system.typed_toml import OneOrMore, Strict
from verify.system.words import Words


class Split(Strict):
    """How a network is split among the parties that hold different columns of the same samples.

    Each party of the training has a base network. The party that has the `labels` has the fuse
    network as well: the others send it their hidden layers, and it sends the gradients back.
    `hidden` is how many numbers of each sample a party sends, where the page says so.
    """

    labels: str
    hidden: dict[str, Annotated[int, Field(ge=1)]] = {}


class Training(Strict):
    """One documented training and what must hold of it.

    The trainings of a step are in the order in which it carries them out. `seeds` says that it does
    so several times in a row, with another seed each. `reproducible` says that the page promises
    the same result, bit for bit, of each run. `metrics` are the series that it reports. `weights`
    is the profile's file that a pretrained network starts from, by its name or address; the only
    one with weights needs no naming. `replaces` are layers of that file, by their names there, in
    whose places the page puts others or none.

    `frozen` are the first so many layers of each network, or layers by their names, by patterns of
    names, or by ranges of their indices such as `0-248`. Among several networks a name may have its
    party and part before it, as `alice/base/dense`. What the page does not say is left out.

    Of a federated one: the parties' weights are averaged every `aggregate_freq` steps; `secure`
    says that nobody may see a party's own weights. Of a split one: see `Split`. An `estimator` is
    one of SecretFlow's own, such as trees or a linear model. Layers of Keras are those that its
    networks list; layers of PyTorch are the modules with parameters or buffers of their own, so
    that activations, pooling and dropout do not count.
    """

    id: str
    step: str
    kind: Literal["local", "federated", "split", "estimator"]
    epochs: Annotated[int, Field(ge=1)]
    metrics: list[str] = []
    start: str | None = None
    layers: Annotated[int, Field(ge=1)] | None = None
    frozen: Annotated[int, Field(ge=0)] | list[str] | None = None
    replaces: list[str] = []
    weights: str = ""
    parties: list[str] = []
    batch_size: Annotated[int, Field(ge=1)] | None = None
    seeds: Annotated[int, Field(ge=1)] = 1
    aggregate_freq: Annotated[int, Field(ge=1)] = 1
    secure: bool = True
    reproducible: bool = False
    split: Split | None = None

    @property
    def has_loss(self) -> bool:
        """Whether it reports a loss on what it trains on."""
        return not set(TRAINING_LOSS).isdisjoint(self.metrics)

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Training":
        if (self.kind == "split") != (self.split is not None):
            raise ValueError(
                Words(
                    zh="属于该种类时才有 `split`，也必须有",
                    en="has `split` if it is of that kind, and only then",
                )
            )
        strangers = {*self.split.hidden} - {*self.parties} if self.split else set()
        if strangers:
            raise ValueError(
                Words(
                    zh="`split.hidden` 里的 {strangers} 不在 `parties` 之中",
                    en="`split.hidden` names {strangers}, which is none of `parties`",
                ).filled(strangers=min(strangers))
            )
        return self


class CombinationOutcome(Worded):
    """What becomes of a strategy and an aggregator together."""

    WORKS = "works", "they train", "能够训练"
    REFUSED = "refused", "a check of SecretFlow's refuses them", "被 SecretFlow 自己的检查拒绝"
    BREAKS = "breaks", "they break with an error from deeper down", "因更底层的错误而中断"


class Flaw(Worded):
    """What may be wrong with a training whose aggregates are all right."""

    PARTIES_DIFFER = (
        "parties-differ",
        "the parties end with different networks",
        "训练结束时各参与方的网络不同",
    )
    ARRAYS_REPEATED = (
        "arrays-repeated",
        "a party sends more arrays than its network has",
        "某个参与方发送的数组多于它的网络所有",
    )


class Pair(NamedTuple):
    """A strategy of a back end, and an aggregator by the name of its class."""

    backend: str
    strategy: str
    aggregator: str

    @property
    def id(self) -> str:
        """How it is called in reports and on the command line."""
        return "-".join(self)


class Combination(Strict):
    """Strategies and aggregators, each of which is tried with each other, and what becomes of them.

    They are trained in each of the steps. Of those that work: whether every aggregate is `within`
    its bound, or `undecidable` why nobody can tell; whether somebody else sees a party's own
    numbers (`plaintext`); what else is wrong. Others end with `symptom`, an exception and its
    message, in which `*` stands for anything. `defect` is the entry for it in the ledger of what
    SecretFlow gets wrong: whatever breaks or comes out wrong has one.
    """

    step: OneOrMore[str]
    backend: Literal["tensorflow", "torch"]
    strategy: OneOrMore[str]
    aggregator: OneOrMore[str]
    outcome: CombinationOutcome
    within: bool | None = None
    undecidable: Words | None = None
    plaintext: bool | None = None
    flaws: list[Flaw] = []
    symptom: str = ""
    defect: str = ""

    @property
    def pairs(self) -> list[Pair]:
        """Each of them."""
        return [Pair(self.backend, s, a) for s in self.strategy for a in self.aggregator]

    @model_validator(mode="after")
    def _says_what_its_outcome_needs(self) -> "Combination":
        works = self.outcome is CombinationOutcome.WORKS
        if works == bool(self.symptom) or works != (self.plaintext is not None):
            raise ValueError(
                Words(
                    zh="能运行的写 `plaintext`，否则写 `symptom`",
                    en="has `plaintext` if it works, else `symptom`",
                )
            )
        if works and (self.within is None) != bool(self.undecidable):
            raise ValueError(
                Words(
                    zh="应写 `within`，或用 `undecidable` 说明为什么无法判定",
                    en="names `within`, or with `undecidable` why nobody can tell",
                )
            )
        wrong = self.outcome is CombinationOutcome.BREAKS or self.within is False or self.flaws
        if wrong and not self.defect:
            raise ValueError(
                Words(
                    zh="应在 `defect` 里写出缺陷表中对应的条目",
                    en="names in `defect` the entry of the ledger for what is wrong",
                )
            )
        return self
