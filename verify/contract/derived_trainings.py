"""The trainings of several parties that a page writes down, for a contract that nobody wrote.

What is checked of them holds of every one: aggregates are weighted means of what the parties sent,
in the documented rounds, and only hidden layers cross where a network is split. What a network is
to look like, and what its metrics are to show, is left to a person.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from verify.page.code.facts import Fact, FactKind
from verify.system import typed_toml

_MODEL = re.compile(r"\.(FLModel|SLModel)$")
_FIT = re.compile(r"\.(FLModel|SLModel)\(\)\.fit$")
_KINDS = {"FLModel": "federated", "SLModel": "split"}
_PARTY = re.compile(r"PYU\('(\w+)'\)")
# A party of a dictionary's key, which nothing but a colon follows.
_KEY = re.compile(r"PYU\('(\w+)'\): ")
_NUMBER = re.compile(r"\d+")
# Aggregators that nobody is to see a party's own numbers through.
_HIDING = re.compile(r"aggregat\w*=.*\.(?:SecureAggregator|SPUAggregator)\b")


@dataclass(frozen=True)
class _Model:
    """What the page says of a network as it puts it together."""

    kind: str
    parties: Sequence[str] = ()
    labels: str = ""
    secure: bool = False


@dataclass
class DerivedTraining:
    """A training, as a contract has it."""

    cell: int
    keys: dict[str, object] = field(default_factory=dict)

    def row(self, number: int, step: str) -> str:
        """The training as a table of a contract, the so-manieth of its step."""
        said = {"id": f"{step}-training-{number}", "step": step, **self.keys}
        lines = (f"{key} = {typed_toml.written(value)}" for key, value in said.items())
        return "\n".join(("[[trainings]]", *lines, "", ""))


def of(facts: Mapping[int, Sequence[Fact]]) -> Iterator[DerivedTraining]:
    """The trainings of a page, in order.

    Args:
        facts: what the page's code states, by cell.
    """
    model: _Model | None = None
    for cell, some in sorted(facts.items()):
        for fact in some:
            if fact.kind is not FactKind.CALL:
                continue
            if made := _MODEL.search(fact.target):
                model = _model(made[1], fact)
            elif (fits := _FIT.search(fact.target)) and model and model.kind == fits[1]:
                keys = _keys(model, fact)
                if keys:
                    yield DerivedTraining(cell, keys)


def _model(kind: str, fact: Fact) -> _Model:
    given = _given(fact)
    if kind == "FLModel":
        parties = _PARTY.findall(given.get("device_list", ""))
        return _Model(kind, parties, secure=any(map(_HIDING.search, fact.arguments)))
    labels = _PARTY.findall(given.get("device_y", ""))
    parties = _KEY.findall(given.get("base_model_dict", ""))
    return _Model(kind, parties, labels=labels[0] if len(labels) == 1 else "")


def _keys(model: _Model, fact: Fact) -> dict[str, object]:
    """What a contract says of a training; nothing where the page leaves too much unsaid."""
    given = _given(fact)
    epochs = _number(given.get("epochs"))
    if not epochs or not model.parties or (model.kind == "SLModel" and not model.labels):
        return {}
    keys: dict[str, object] = {"kind": _KINDS[model.kind], "epochs": epochs}
    keys["parties"] = sorted(set(model.parties))
    if model.kind == "FLModel":
        keys["secure"] = model.secure
        keys["aggregate_freq"] = _number(given.get("aggregate_freq")) or 1
    else:
        keys["split"] = {"labels": model.labels}
    return keys


def _given(fact: Fact) -> dict[str, str]:
    pairs = (argument.partition("=") for argument in fact.arguments)
    return {name: value for name, sign, value in pairs if sign and name.isidentifier()}


def _number(text: str | None) -> int:
    return int(text) if text and _NUMBER.fullmatch(text) else 0
