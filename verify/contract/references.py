"""What a contract names, it also defines, once; what it lacks or repeats is said by its keys."""

import string
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from packaging.utils import canonicalize_name
from pydantic_core import InitErrorDetails, PydanticCustomError

from verify.contract import check_ids
from verify.contract.claim import EVERY, Claim, Observation
from verify.contract.profiles import Profile
from verify.contract.training_terms import Training
from verify.environment import environment as environments
from verify.system.resources import FIXTURES
from verify.system.words import Words

_ONE_OF = Words(zh="应写 `{one}` 和 `{other}` 中的一个", en="names one of `{one}` and `{other}`")
_NEEDED = Words(zh="这类页面需要 `{key}`", en="needs `{key}` on a page of this kind")
_REPEATED = Words(zh="“{id}”已经是前面一项的 id", en='"{id}" is the id of an earlier one too')
_UNOBSERVED = Words(
    zh="没有写证据，也没有说明配置 {profile} 为什么不判定它",
    en="names no evidence, and does not say why profile {profile} leaves it undecided",
)
_DANGLING = Words(
    zh="写了“{name}”，契约里没有定义它", en='names "{name}", which the contract does not define'
)

if TYPE_CHECKING:
    from verify.contract.contract import Contract

# The keys where something is named, its name, and the names that there are.
Named = tuple[tuple[str | int, ...], str, AbstractSet[str]]


def problems(contract: "Contract") -> list[InitErrorDetails]:
    """All that is wrong with the names in a contract."""
    return [
        *_undefined(contract),
        *_unobserved_claims(contract),
        *_repeated_pairs(contract),
        *_strangers(contract),
        *_repeated_ids(contract),
    ]


def _undefined(contract: "Contract") -> Iterator[InitErrorDetails]:
    for keys, name, known in _named(contract):
        if name not in known:
            yield {"type": _dangling(name), "loc": keys, "input": name}


def _named(contract: "Contract") -> Iterator[Named]:
    steps = {step.id for step in contract.steps}
    trainings = {training.id for training in contract.trainings}
    starts = trainings | {"pretrained", "random"}
    files = {name for file in contract.files for name in (file.called, *file.addresses)}
    for i, training in enumerate(contract.trainings):
        yield ("trainings", i, "step"), training.step, steps
        yield ("trainings", i, "start"), training.start or "random", starts
        if training.weights:
            yield ("trainings", i, "weights"), training.weights, files
    for i, combination in enumerate(contract.combinations):
        yield from ((("combinations", i, "step"), step, steps) for step in combination.step)
    for i, reveal in enumerate(contract.reveals):
        yield ("reveals", i, "step"), reveal.step, steps
    for i, claim in enumerate(contract.claims):
        for keys, name, known in _of_claim(contract, claim):
            yield ("claims", i, *keys), name, known
    yield ("environment", "name"), contract.environment.name, _environments()
    yield from _of_profiles(contract, steps)


def _of_claim(contract: "Contract", claim: Claim) -> Iterator[Named]:
    if claim.evidence:
        yield from _of_evidence(contract, claim.evidence)
    if claim.erratum:
        yield ("erratum",), claim.erratum, {erratum.id for erratum in contract.known}
    for name in claim.undecided:
        yield ("undecided", name), name, contract.profiles.keys() | {EVERY}


def _of_evidence(contract: "Contract", seen: Observation) -> Iterator[Named]:
    trainings = {training.id: training for training in contract.trainings}
    yield from ((("evidence",), name, trainings.keys()) for name in seen.trainings)
    steps = {step.id for step in contract.steps}
    yield from ((("evidence",), name, steps) for name in seen.steps)
    if seen.total_of:
        yield ("evidence", "total_of"), seen.total_of, {each.id for each in contract.claims}
    if seen.measured:
        known = [trainings[name] for name in seen.trainings if name in trainings]
        yield from _series(("evidence",), seen.measured.series, known)
    name = contract.environment.name
    if seen.version and (environments.FOLDER / f"{name}.txt").is_file():
        packages = set(environments.locate(name).packages)
        yield ("evidence", "version"), canonicalize_name(seen.version), packages


def _series(
    keys: tuple[str | int, ...], series: str, trainings: Iterable[Training]
) -> Iterator[Named]:
    for training in trainings:
        yield keys, series, set(training.metrics)


def _of_profiles(contract: "Contract", steps: AbstractSet[str]) -> Iterator[Named]:
    """What profiles name, and what is changed and loaded in them."""
    for name, profile in contract.profiles.items():
        for keys, used, known in _of_profile(contract, profile):
            yield ("profiles", name, *keys), used, known
    known = contract.profiles.keys()
    for i, change in enumerate(contract.changes):
        yield from ((("changes", i, "profiles"), one, known) for one in change.profiles)
        yield from ((("changes", i, "steps"), step, steps) for step in change.steps)
        for one in known & set(change.profiles):
            here = {file.called for file in contract.files_of(one)}
            yield from ((("changes", i, "use"), name, here) for name in _placeholders(change.use))
    for i, file in enumerate(contract.files):
        yield from ((("files", i, "profiles"), one, known) for one in file.profiles)


def _of_profile(contract: "Contract", profile: Profile) -> Iterator[Named]:
    if profile.until:
        yield ("until",), profile.until, {step.id for step in contract.steps}
    ids = check_ids.of_run(contract) if profile.undecided else set()
    yield from ((("undecided", id_), id_, ids) for id_ in profile.undecided)
    trainings = {training.id: training for training in contract.trainings}
    for i, one in enumerate(profile.calibrated):
        for key, names in (("trainings", one.trainings), ("against", one.against)):
            yield from ((("calibrated", i, key), name, trainings.keys()) for name in names)
            known = [trainings[name] for name in names if name in trainings]
            yield from _series(("calibrated", i, "series"), one.series, known)


def _placeholders(use: object) -> list[str]:
    """The `{names}` in a change's value."""
    parts = string.Formatter().parse(use) if isinstance(use, str) else ()
    return [name for _, name, _, _ in parts if name is not None]


def _strangers(contract: "Contract") -> Iterator[InitErrorDetails]:
    """What speaks of an official page where there is none, and the other way round."""
    if (contract.page is None) == (contract.ours is None):
        yield {"type": _one_of("page", "ours"), "loc": (), "input": contract.title}
        return
    for i, claim in enumerate(contract.claims):
        if bool(claim.advice) != (contract.page is None):
            wanted = "advice" if contract.ours else "cell"
            yield {"type": _needed(wanted), "loc": ("claims", i), "input": claim.id}


def _unobserved_claims(contract: "Contract") -> Iterator[InitErrorDetails]:
    for i, claim in enumerate(contract.claims):
        if claim.evidence is None:
            for name in contract.profiles:
                if claim.undecided_in(name):
                    continue
                yield {"type": _unobserved(name), "loc": ("claims", i), "input": claim.id}


def _repeated_pairs(contract: "Contract") -> Iterator[InitErrorDetails]:
    seen: set[str] = set()
    for i, combination in enumerate(contract.combinations):
        for pair in combination.pairs:
            if pair.id in seen:
                yield {"type": _repeated(pair.id), "loc": ("combinations", i), "input": pair.id}
            seen.add(pair.id)


def _environments() -> AbstractSet[str]:
    """The environments that can be built here, and those that come with the tool."""
    folders = (environments.FOLDER, FIXTURES / "environments")
    return {lock.stem for folder in folders for lock in folder.glob("*.txt")}


def _repeated_ids(contract: "Contract") -> Iterator[InitErrorDetails]:
    named: dict[tuple[str, ...], list[Any]] = {
        ("steps",): contract.steps,
        ("trainings",): contract.trainings,
        ("claims",): contract.claims,
        ("errata",): contract.known,
    }
    for name, profile in contract.profiles.items():
        named["profiles", name, "calibrated"] = profile.calibrated
    for keys, entries in named.items():
        ids = [entry.id for entry in entries]
        for i, id_ in enumerate(ids):
            if id_ in ids[:i]:
                yield {"type": _repeated(id_), "loc": (*keys, i, "id"), "input": id_}


def _refused(says: Words) -> PydanticCustomError:
    return PydanticCustomError("refused", "{error}", {"error": ValueError(says)})


def _one_of(one: str, other: str) -> PydanticCustomError:
    return _refused(_ONE_OF.filled(one=one, other=other))


def _needed(key: str) -> PydanticCustomError:
    return _refused(_NEEDED.filled(key=key))


def _repeated(id_: str) -> PydanticCustomError:
    return _refused(_REPEATED.filled(id=id_))


def _unobserved(profile: str) -> PydanticCustomError:
    return _refused(_UNOBSERVED.filled(profile=profile))


def _dangling(name: str) -> PydanticCustomError:
    return _refused(_DANGLING.filled(name=name))
