"""Declared reductions of cost: what a profile changes, and the files it has for addresses."""

import re
from functools import cached_property
from pathlib import PurePosixPath
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from verify.contract.calibration import Calibrated
from verify.contract.claim import Scalar
from verify.system.typed_toml import OneOrMore, Strict
from verify.system.words import Text, Words, joined

_IN_CALLS = Words(zh="对 `{call}` 的调用里的{what}", en="{what} in calls of `{call}`")
_CALLS = Words(zh="对 `{call}` 的调用", en="calls of `{call}`")
_POSITION = Words(zh="第 {number} 个参数", en="argument {number}")

# What the last part of an address ends in if it is of a network's weights.
_WEIGHTS = (".h5", ".hdf5", ".keras", ".npz", ".pt", ".pth", ".safetensors")
# The profile that every document has, and that needs no network.
OFFLINE = "embedded"
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


class Change(Strict):
    """One declared change of the page's code: `use` stands where a literal of its type stood.

    That is an `argument` of each `call`, by name or position, the constant that is given to a name
    (`assign`), or to a `key` of a dictionary; several of them if the same value stands in each. A
    call may be told from others by more of its name: `model.fit`. A `call` alone gets the arguments
    that a table has for it and that it leaves to the library. `steps` are those that it is for,
    if not for all. `name` is what reports call it, if not by what it changes.
    """

    profiles: OneOrMore[str]
    name: str = ""
    call: str | None = None
    argument: OneOrMore[str | int] | None = None
    assign: OneOrMore[str] | None = None
    key: OneOrMore[str] | None = None
    steps: list[str] = []
    use: Scalar | list[Scalar] | dict[str, Scalar]
    reason: Words

    @property
    def completes(self) -> bool:
        """Whether it gives calls arguments that they leave to the library."""
        return isinstance(self.use, dict)

    @property
    def places(self) -> Text:
        """What it changes, in words."""
        if self.completes:
            return _CALLS.filled(call=self.call)
        called = [
            _IN_CALLS.filled(
                what=_POSITION.filled(number=one + 1) if isinstance(one, int) else f"`{one}`",
                call=self.call,
            )
            for one in self.argument or ()
        ]
        given = [f"`{one}`" for one in [*(self.assign or ()), *(self.key or ())]]
        return joined([*called, *given], zh=" 或 ", en=" or ")

    @model_validator(mode="after")
    def _has_a_target(self) -> "Change":
        if self.completes:
            if self.call is None or self.argument or self.assign or self.key:
                raise ValueError(
                    Words(
                        zh="`use` 是参数表时，只写 `call`",
                        en="has a table of arguments as `use`, and so names only a `call`",
                    )
                )
        elif (self.call is None) != (self.argument is None):
            raise ValueError(
                Words(
                    zh="`call` 与 `argument`（名字或位置）要一起写",
                    en="`call` and `argument`, a name or a position, go together",
                )
            )
        if self.call is None and self.assign is None and self.key is None:
            raise ValueError(
                Words(
                    zh="应写 `call` 加 `argument`、`assign` 或 `key`",
                    en="names `call` with `argument`, `assign`, or `key`",
                )
            )
        return self


class FileRow(Strict):
    """A file for an address; whatever loader asks for that gets it.

    In `url` a `*` stands for anything, and `http` is as good as `https`. In profiles with stand-ins
    `program` builds the file in the documented environment, of which every report tells. In others,
    or without `program`, it is downloaded once, checked against `known_hash` and `bytes`, and kept.
    In `arguments` for the program `{url}` stands for the address that was asked for.
    `name` is for changes that use its path, and for people; without `url` it is for these alone.
    It is for all profiles if it names none.
    """

    url: list[str] | str = []
    name: str = ""
    program: str | None = None
    arguments: list[str] = []
    known_hash: str | None = None
    bytes: int | None = None
    profiles: list[str] = []

    @property
    def addresses(self) -> list[str]:
        """The addresses, and the patterns of some."""
        return [self.url] if isinstance(self.url, str) else self.url

    @property
    def exact(self) -> str:
        """The address, if there is one that is no pattern."""
        return next((url for url in self.addresses if "*" not in url), "")

    @property
    def called(self) -> str:
        """Its name, or else the last part of its address."""
        return self.name or last_part(self.addresses[0])

    @property
    def file(self) -> str:
        """The name of the file that a program is to write."""
        return next((part for url in self.addresses if "*" not in (part := last_part(url))), "file")

    def arguments_for(self, url: str) -> list[str]:
        """The program's arguments when a file for this address is asked for."""
        return [argument.replace("{url}", url) for argument in self.arguments]

    @property
    def holds_weights(self) -> bool:
        """Whether it holds a network's weights, as its address says."""
        return any(map(are_weights, self.addresses))

    def is_called(self, name: str) -> bool:
        """Whether a name is its own, or an address of it."""
        return name in (self.called, *self.addresses)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = (_SCHEME.sub("", url).split("*") for url in self.addresses)
        return re.compile("|".join(".*".join(map(re.escape, some)) for some in parts) or "(?!)")

    def serves(self, url: str) -> bool:
        """Whether it is for this address."""
        return self._pattern.fullmatch(_SCHEME.sub("", url)) is not None

    @model_validator(mode="after")
    def _one_source(self) -> "FileRow":
        if not self.addresses and not self.name:
            raise ValueError(
                Words(
                    zh="应写 `url`，或供替换使用的 `name`",
                    en="names `url`, or `name` for a change to use",
                )
            )
        if self.program is None and (self.arguments or not self.addresses):
            raise ValueError(
                Words(zh="应写生成它的 `program`", en="names the `program` that builds it")
            )
        return self

    def of(self, profile: str, *, standins: bool) -> "FileRow | None":
        """The file as a profile has it: built or downloaded, or not at all."""
        if self.profiles and profile not in self.profiles:
            return None
        if standins or not self.program:
            return self
        return (
            self.model_copy(update={"program": None, "arguments": []}) if self.addresses else None
        )


class Profile(Strict):
    """A declared reduction of cost, and the checks, by their ids, that it cannot decide.

    Of the rounds of aggregation, every `audit_every`-th is looked into. The run ends with the step
    `until`, if there is one. With `standins`, programs build what stands in for downloads; an
    address that no file of the contract is for gets what `fixtures/data` has for it. The profile
    `embedded` has them if it does not say otherwise. Time and memory are what to expect where it
    has never run.
    """

    says: Words
    seed: int | None = None
    step_limit_s: float
    expected_s: float
    expected_gib: Annotated[float, Field(gt=0)] | None = None
    audit_every: Annotated[int, Field(ge=1)] = 1
    until: str | None = None
    standins: bool | None = None
    undecided: dict[str, Words] = {}
    calibrated: list[Calibrated] = []

    @property
    def expected_bytes(self) -> int | None:
        """The memory to expect, if the contract says."""
        return None if self.expected_gib is None else round(self.expected_gib * 2**30)


def last_part(url: str) -> str:
    """The last part of an address: how a file that is loaded from there is called."""
    return PurePosixPath(urlsplit(url).path).name or urlsplit(url).netloc


def are_weights(url: str) -> bool:
    """Whether an address is one of a network's weights, as it says."""
    return urlsplit(url).path.endswith(_WEIGHTS)
