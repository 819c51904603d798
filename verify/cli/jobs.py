"""Which runs a verification consists of, a machine for each, the longest first."""

import math
from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from verify.contract.contract import Contract
from verify.contract.edition import Edition, Wanted
from verify.environment import environment as environments
from verify.execute import fixtures
from verify.history import durations

OTHERS = "others"
"""In place of an environment's name: each release that a document was not written for."""

_ROOM = 3.0  # for a machine that is slower than the one where the time was taken
_READY_MINUTES = 30  # to install the environment and make the profile's files


class Planned(BaseModel):
    """One run. `files` is the key of what its profile puts in place, `ref` of a published page."""

    document: str
    edition: Edition
    profile: str
    environment: str
    ref: str
    files: str
    expected_s: float
    timeout_minutes: int


class Matrix(BaseModel):
    """What GitHub calls a matrix: `strategy.matrix` takes it as it is."""

    include: list[Planned]


def of_documents(
    contracts: Iterable[Contract], profile: str, wanted: Wanted, environment: str
) -> Matrix:
    """Plan the runs of documents that have the profile.

    Args:
        contracts: the documents.
        profile: the profile of all runs.
        wanted: the edition, or both.
        environment: an environment's name, `others`, or empty: the one that a document names.
    """
    runs = [
        _planned(contract, profile, edition, name)
        for contract in contracts
        for edition in wanted.editions
        if edition in contract.editions
        for name in _environments(contract, environment)
    ]
    return Matrix(include=sorted(runs, key=lambda run: -run.expected_s))


def _environments(contract: Contract, chosen: str) -> Iterator[str]:
    own = contract.environment.name
    if chosen == OTHERS:
        yield from (name for name in environments.names() if name != own)
    else:
        yield chosen or own


def _planned(contract: Contract, profile: str, edition: Edition, name: str) -> Planned:
    expected_s = durations.expected_s(contract, edition, profile)
    return Planned(
        document=contract.name,
        edition=edition,
        profile=profile,
        environment=name,
        ref=_ref(contract, name) if edition is Edition.PUBLISHED else "",
        files=fixtures.key(environments.locate(name), contract.files_of(profile)),
        expected_s=round(expected_s, 1),
        timeout_minutes=_READY_MINUTES + math.ceil(_ROOM * expected_s / 60),
    )


def _ref(contract: Contract, name: str) -> str:
    """The page's version: in another release's environment, as that release has it."""
    if name == contract.environment.name:
        return contract.official.ref
    return name.replace("secretflow-", "v", 1)
