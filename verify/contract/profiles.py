"""Declared reductions of cost: what a profile changes, and what it puts in place of downloads."""

import string
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from verify.contract.calibrated import Calibrated
from verify.contract.claim import Scalar
from verify.system.typed_toml import OneOrMore, Strict
from verify.system.words import Words


class Override(Strict):
    """One declared reduction: the argument of a call, or an assigned constant."""

    parameter: Literal["epochs", "archive", "weights", "data size"]
    call: str | None = None
    argument: OneOrMore[str | int] | None = None
    assign: OneOrMore[str] | None = None
    documented: Scalar
    use: Scalar
    reason: Words

    @model_validator(mode="after")
    def _one_target(self) -> "Override":
        if (self.call is None) == (self.assign is None):
            raise ValueError("names either `call` with `argument`, or `assign`")
        if self.call is not None and self.argument is None:
            raise ValueError("`call` needs `argument`, a name or a position")
        return self


class Recipe(Strict):
    """A fixture that a program of ours builds in the documented environment.

    With `torch_url`, torch gets it where it asks for the weights of that address.
    """

    program: str
    arguments: list[str] = []
    file: str
    torch_url: str | None = None


class Download(Strict):
    """A file that the page downloads, where it is kept, and how it is known to be right.

    `keras_file` is where Keras keeps it; `torch` says that torch asks for it, which knows it by the
    digest in its name.
    """

    url: str
    known_hash: str | None = None
    bytes: int | None = None
    keras_file: str | None = None
    torch: bool = False

    @property
    def torch_url(self) -> str | None:
        """The address at which torch asks for it."""
        return self.url if self.torch else None


@dataclass(frozen=True)
class StandIn:
    """What stands in for something that the page names, and which program of ours makes it.

    `parameter` is that of the override that puts it in place, if one does.
    """

    program: str
    documented: str
    parameter: str = ""


class Profile(Strict):
    """A declared reduction of cost, and the checks, by their ids, that it cannot decide.

    Of the rounds of aggregation, every `audit_every`-th is looked into. The run ends with the step
    `until`, if there is one.
    """

    says: Words
    seed: int | None = None
    step_limit_s: float
    expected_s: float
    audit_every: Annotated[int, Field(ge=1)] = 1
    until: str | None = None
    overrides: list[Override] = []
    recipes: dict[str, Recipe] = {}
    downloads: dict[str, Download] = {}
    undecided: dict[str, Words] = {}
    calibrated: list[Calibrated] = []

    @property
    def placed(self) -> dict[str, set[str]]:
        """The files that overrides put in place, by parameter."""
        found: dict[str, set[str]] = {}
        for override in self.overrides:
            if names := placeholders(override.use):
                found.setdefault(override.parameter, set()).update(names)
        return found

    @property
    def stand_ins(self) -> dict[str, StandIn]:
        """What programs of ours make in place of the documented files, by name."""
        found = {}
        for name, recipe in self.recipes.items():
            places = [one for one in self.overrides if name in placeholders(one.use)]
            documented = str(places[0].documented) if places else recipe.torch_url or recipe.file
            parameter = places[0].parameter if places else ""
            found[name] = StandIn(recipe.program, documented, parameter)
        return found

    @property
    def files(self) -> AbstractSet[str]:
        """The names of the files that it puts in place."""
        return self.recipes.keys() | self.downloads.keys()


def placeholders(use: Scalar) -> list[str]:
    """The `{names}` in an override's value."""
    parts = string.Formatter().parse(use) if isinstance(use, str) else ()
    return [name for _, name, _, _ in parts if name is not None]
