"""The contract of a document: what it documents, step by step, and how that is judged."""

import string
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import BeforeValidator, Field, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from verify.contract.claim import Claim, Scalar, Waived
from verify.contract.edition import Edition
from verify.errors import UsageError
from verify.finding import Worded
from verify.system import typed_toml
from verify.system.typed_toml import Strict

FILE_NAME = "contract.toml"
EDITION_NAME = "tutorial.py"
PINS_NAME = "pins.json"
REPRODUCERS_NAME = "errata"
# How a profile calls the pretrained weights if a document has but one network.
WEIGHTS = "weights"

Item = TypeVar("Item")
# The keys where something is named, its name, and the names that there are.
Named = tuple[tuple[str | int, ...], str, AbstractSet[str]]


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


# Editions may name a constant differently, or pass an argument by name and by position.
OneOrMore = Annotated[list[Item], BeforeValidator(_listed), Field(min_length=1)]


class Page(Strict):
    """The official page that the document stands for; `issues` asked for its verification."""

    ref: str
    path: str
    blob: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]
    issues: list[int] = []


class Ours(Strict):
    """A page of our own, with no official text behind it, that puts somebody's advice to the test.

    `write_up` is where that advice was given.
    """

    write_up: str


class Undocumented(Strict):
    """A package that the page needs and the installation page does not bring."""

    package: str
    module: str
    cell: int
    erratum: str


class EnvironmentNeeds(Strict):
    """The documented environment, and what the page silently expects beyond it."""

    name: str
    documented: list[str]
    undocumented: list[Undocumented] = []


class FactRules(Strict):
    """Calls that an edition may word freely, as patterns; a leading `!` takes one back."""

    free: list[str] = []


class Step(Strict):
    """One documented action, and the official cells that carry it out; a page of ours has none.

    After the death of a kernel that an erratum explains, earlier steps are carried out again;
    `replay = false` marks one that leaves nothing behind which later steps need. `varies` says why
    a step may show something else in each run with the same seeds, such as noise that is the point.
    `stored = true` has its stored output compared with the run's, as far as no profile changes it:
    shapes, types, keys, numbered lists.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9-]+$")]
    says: str
    cells: list[int] = []
    limit_s: float | None = None
    replay: bool = True
    varies: str = ""
    stored: bool = False


class Training(Strict):
    """One documented training and what must hold of it.

    The trainings of a step are in the order in which it carries them out. `seeds` says that it does
    so several times in a row, with another seed each. `reproducible` says that the page promises
    the same result, bit for bit, of each run. `weights` is the profile's file that a pretrained
    network starts from; `replaces` are layers of that file, by their names there, in whose places
    the page puts others or none.

    Of a federated one: the parties' weights are averaged every `aggregate_freq` steps; `secure`
    says that nobody may see a party's own weights. Layers of Keras are those that its networks
    list; layers of PyTorch are the modules with parameters or buffers of their own, so that
    activations, pooling and dropout do not count.
    """

    id: str
    step: str
    kind: Literal["local", "federated"]
    epochs: Annotated[int, Field(ge=1)]
    history: list[str]
    start: str
    layers: int
    frozen: int
    replaces: list[str] = []
    weights: str = WEIGHTS
    parties: list[str] = []
    batch_size: Annotated[int, Field(ge=1)] | None = None
    seeds: Annotated[int, Field(ge=1)] = 1
    aggregate_freq: Annotated[int, Field(ge=1)] = 1
    secure: bool = True
    reproducible: bool = False


class Outcome(Worded):
    """What becomes of a strategy and an aggregator together."""

    WORKS = "works", "they train"
    REFUSED = "refused", "a check of SecretFlow's refuses them"
    BREAKS = "breaks", "they break with an error from deeper down"


class Flaw(Worded):
    """What may be wrong with a training whose aggregates are all right."""

    PARTIES_DIFFER = "parties-differ", "the parties end with different networks"
    ARRAYS_REPEATED = "arrays-repeated", "a party sends more arrays than its network has"


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
    outcome: Outcome
    within: bool | None = None
    undecidable: str = ""
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
        works = self.outcome is Outcome.WORKS
        if works == bool(self.symptom) or works != (self.plaintext is not None):
            raise ValueError("has `plaintext` if it works, else `symptom`")
        if works and (self.within is None) != bool(self.undecidable):
            raise ValueError("names `within`, or with `undecidable` why nobody can tell")
        wrong = self.outcome is Outcome.BREAKS or self.within is False or self.flaws
        if wrong and not self.defect:
            raise ValueError("names in `defect` the entry of the ledger for what is wrong")
        return self


def _cell(index: int) -> str:
    return f"cell {index}"


class Wording(Strict):
    """Words, and others in their place."""

    find: str
    replace: str


class Edit(Strict):
    """One change that a repair makes.

    `install` is a package to install besides; `before` are lines for the top of the cell; `find`
    is a pattern of ast-grep (`$X` stands for any expression, `$$$X` for any number of them) and
    `replace` what becomes of every place that fits. In prose, the two are plain text; `translated`
    is the same change in the page's translation, where that has other words than the page itself.
    """

    install: str | None = None
    before: str | None = None
    find: str | None = None
    replace: str | None = None
    translated: Wording | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "Edit":
        forms = [self.install, self.before, self.find]
        if sum(form is not None for form in forms) != 1:
            raise ValueError("names one of `install`, `before`, and `find` with `replace`")
        if (self.find is None) != (self.replace is None):
            raise ValueError("`find` needs `replace`, and `replace` needs `find`")
        return self


class Reveal(Strict):
    """A place where the page brings something into the open, and why it has to."""

    step: str
    reason: str


class Erratum(Strict):
    """A known defect of the published page, with our repair of it.

    A `runtime` erratum shows when each of its cells runs: `symptom` is the exception with its
    message, or how the kernel ended, and `*` stands for whatever differs from run to run. A `text`
    erratum is there as long as one of its cells holds what its repair has to find.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9-]+$")]
    kind: Literal["runtime", "text"] = "runtime"
    cells: Annotated[list[int], Field(min_length=1)]
    symptom: str
    cause: str
    since: str
    repair: str
    apply: Annotated[list[Edit], Field(min_length=1)]
    steps: list[str] = []
    page: list[str] = []
    ours: list[str] = []

    @property
    def run_cells(self) -> list[str]:
        """The cells that have to run for it to show, in words."""
        return list(map(_cell, self.cells)) if self.kind == "runtime" else []

    @property
    def installs(self) -> list[str]:
        """The packages that the repair installs."""
        return [edit.install for edit in self.apply if edit.install is not None]

    @property
    def shows_in(self) -> list[int]:
        """The cells that must fail; what one has installed is there for the others."""
        return self.cells[:1] if self.installs else self.cells

    @model_validator(mode="after")
    def _text_is_found(self) -> "Erratum":
        if self.kind == "text" and not any(edit.find for edit in self.apply):
            raise ValueError("a text erratum needs a `find` in its repair")
        return self


class Override(Strict):
    """One declared reduction: the argument of a call, or an assigned constant."""

    parameter: Literal["epochs", "archive", "weights", "data size"]
    call: str | None = None
    argument: OneOrMore[str | int] | None = None
    assign: OneOrMore[str] | None = None
    documented: Scalar
    use: Scalar
    reason: str

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


class Profile(Strict):
    """A declared reduction of cost, and the checks, by their ids, that it cannot decide.

    Of the rounds of aggregation, every `audit_every`-th is looked into. The run ends with the step
    `until`, if there is one.
    """

    says: str
    seed: int | None = None
    step_limit_s: float
    expected_s: float
    audit_every: Annotated[int, Field(ge=1)] = 1
    until: str | None = None
    overrides: list[Override] = []
    recipes: dict[str, Recipe] = {}
    downloads: dict[str, Download] = {}
    undecided: dict[str, str] = {}

    @property
    def files(self) -> AbstractSet[str]:
        """The names of the files that it puts in place."""
        return self.recipes.keys() | self.downloads.keys()


class Contract(Strict):
    """Everything about one document; `folder` and `name` come from where it was read."""

    schema_version: Annotated[Literal[1], Field(alias="schema")]
    title: str
    page: Page | None = None
    ours: Ours | None = None
    environment: EnvironmentNeeds
    facts: FactRules = FactRules()
    steps: list[Step]
    trainings: list[Training] = []
    combinations: list[Combination] = []
    claims: list[Claim] = []
    waived: list[Waived] = []
    reveals: list[Reveal] = []
    errata: list[Erratum] = []
    profiles: dict[str, Profile]
    folder: Annotated[Path, Field(exclude=True)] = Path()

    @property
    def name(self) -> str:
        """The document's name: its folder's."""
        return self.folder.name

    @property
    def official(self) -> Page:
        """The official page.

        Raises:
            UsageError: it is a page of ours.
        """
        if self.page is None:
            raise UsageError(f"{self.name}: is a page of ours, there is no official one.")
        return self.page

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions that there are: a page of ours has no published one."""
        return tuple(Edition) if self.page else (Edition.CORRECTED,)

    @property
    def edition_path(self) -> Path:
        """Our corrected edition."""
        return self.folder / EDITION_NAME

    @property
    def pins_path(self) -> Path:
        """The pins of the official page."""
        return self.folder / PINS_NAME

    def reproducer(self, erratum: Erratum) -> Path:
        """Where the small program is that shows a runtime erratum."""
        return self.folder / REPRODUCERS_NAME / f"{erratum.id}.py"

    def erratum(self, erratum_id: str) -> Erratum:
        """The erratum of that id."""
        return next(erratum for erratum in self.errata if erratum.id == erratum_id)

    def step_of_cell(self, cell: int) -> Step | None:
        """The step that an official cell belongs to."""
        return next((step for step in self.steps if cell in step.cells), None)

    def step(self, step_id: str) -> Step:
        """The step of that id, which validation has made sure of."""
        return next(step for step in self.steps if step.id == step_id)

    def claim(self, claim_id: str) -> Claim:
        """The claim of that id."""
        return next(claim for claim in self.claims if claim.id == claim_id)

    def training(self, training_id: str) -> Training:
        """The training of that id."""
        return next(training for training in self.trainings if training.id == training_id)

    def combination(self, pair_id: str) -> tuple[Combination, Pair]:
        """The pair of that id, and what is said of it."""
        return next(
            (one, pair) for one in self.combinations for pair in one.pairs if pair.id == pair_id
        )

    def steps_of(self, profile: str) -> list[Step]:
        """The steps that a profile carries out."""
        until = self.profiles[profile].until
        ids = [step.id for step in self.steps]
        return self.steps[: ids.index(until) + 1] if until else self.steps

    def left_out(self, profile: str, step_id: str) -> str:
        """Why a profile does not carry out a step, if it ends before."""
        steps = self.steps_of(profile)
        if any(step.id == step_id for step in steps):
            return ""
        return f"profile {profile} ends with step {steps[-1].id}"

    def _of(self, claim: Claim) -> Iterator[Named]:
        """What a claim names, by its keys."""
        if seen := claim.evidence:
            trainings = {training.id for training in self.trainings}
            yield from ((("evidence",), name, trainings) for name in seen.trainings)
            steps = {step.id for step in self.steps}
            yield from ((("evidence",), name, steps) for name in seen.steps)
            if seen.total_of:
                yield ("evidence", "total_of"), seen.total_of, {each.id for each in self.claims}
        if claim.erratum:
            yield ("erratum",), claim.erratum, {erratum.id for erratum in self.errata}
        for key, some in (("profiles", claim.profiles.keys()), ("undecided", claim.undecided)):
            yield from (((key, name), name, self.profiles.keys()) for name in some)

    def _strangers(self) -> Iterator[InitErrorDetails]:
        """What speaks of an official page where there is none, and the other way round."""
        if (self.page is None) == (self.ours is None):
            yield {"type": _one_of("page", "ours"), "loc": (), "input": self.title}
            return
        for i, claim in enumerate(self.claims):
            if (claim.cell is None) != (self.page is None):
                wanted = "advice" if self.ours else "cell"
                yield {"type": _needed(wanted), "loc": ("claims", i), "input": claim.id}

    @model_validator(mode="after")
    def _references(self) -> "Contract":
        steps = {step.id for step in self.steps}
        trainings = {training.id for training in self.trainings}
        errata = {erratum.id for erratum in self.errata}
        cells = {_cell(cell) for step in self.steps for cell in step.cells}
        starts = trainings | {"pretrained", "random"}
        files = {WEIGHTS}.union(*(each.files for each in self.profiles.values()))
        named: list[Named] = []
        for i, training in enumerate(self.trainings):
            named.append((("trainings", i, "step"), training.step, steps))
            named.append((("trainings", i, "start"), training.start, starts))
            named.append((("trainings", i, "weights"), training.weights, files))
        for i, combination in enumerate(self.combinations):
            named += [(("combinations", i, "step"), step, steps) for step in combination.step]
        for i, reveal in enumerate(self.reveals):
            named.append((("reveals", i, "step"), reveal.step, steps))
        for i, claim in enumerate(self.claims):
            named += [(("claims", i, *keys), name, known) for keys, name, known in self._of(claim)]
        for i, erratum in enumerate(self.errata):
            named += [(("errata", i, "steps"), step, steps) for step in erratum.steps]
            named += [(("errata", i, "cells"), cell, cells) for cell in erratum.run_cells]
        for i, need in enumerate(self.environment.undocumented):
            named.append((("environment", "undocumented", i, "erratum"), need.erratum, errata))
        for name, profile in self.profiles.items():
            named += [
                (("profiles", name, *keys), used, known)
                for keys, used, known in _of(profile, steps)
            ]
        problems: list[InitErrorDetails] = [
            {"type": _dangling(name), "loc": keys, "input": name}
            for keys, name, known in named
            if name not in known
        ]
        problems += [
            {"type": _unobserved(name), "loc": ("claims", i), "input": claim.id}
            for i, claim in enumerate(self.claims)
            if claim.evidence is None
            for name in self.profiles.keys() - claim.undecided.keys()
        ]
        pairs = [(i, pair.id) for i, one in enumerate(self.combinations) for pair in one.pairs]
        problems += [
            {"type": _repeated(id_), "loc": ("combinations", i), "input": id_}
            for at, (i, id_) in enumerate(pairs)
            if id_ in (other for _, other in pairs[:at])
        ]
        problems += self._strangers()
        for kind in ("steps", "trainings", "claims", "errata"):
            ids = [entry.id for entry in getattr(self, kind)]
            problems += [
                {"type": _repeated(id_), "loc": (kind, i, "id"), "input": id_}
                for i, id_ in enumerate(ids)
                if id_ in ids[:i]
            ]
        if problems:
            raise ValidationError.from_exception_data("Contract", problems)
        return self


def _of(profile: Profile, steps: AbstractSet[str]) -> Iterator[Named]:
    """What a profile names, by its keys."""
    if profile.until:
        yield ("until",), profile.until, steps
    for i, override in enumerate(profile.overrides):
        for file in _placeholders(override.use):
            yield ("overrides", i, "use"), file, profile.files


def _placeholders(use: Scalar) -> list[str]:
    """The `{names}` in an override's value."""
    parts = string.Formatter().parse(use) if isinstance(use, str) else ()
    return [name for _, name, _, _ in parts if name is not None]


def _one_of(one: str, other: str) -> PydanticCustomError:
    return PydanticCustomError(
        "one_of", "names one of `{one}` and `{other}`", {"one": one, "other": other}
    )


def _needed(key: str) -> PydanticCustomError:
    return PydanticCustomError("needed", "needs `{key}` on a page of this kind", {"key": key})


def _repeated(id_: str) -> PydanticCustomError:
    return PydanticCustomError("repeated", '"{id}" is the id of an earlier one too', {"id": id_})


def _unobserved(profile: str) -> PydanticCustomError:
    return PydanticCustomError(
        "unobserved",
        "names no evidence, and does not say why profile {profile} leaves it undecided",
        {"profile": profile},
    )


def _dangling(name: str) -> PydanticCustomError:
    return PydanticCustomError(
        "dangling", 'names "{name}", which the contract does not define', {"name": name}
    )


def read(path: Path) -> Contract:
    """Read and validate a contract.

    Raises:
        UsageError: names file, line and key of everything that is wrong.
    """
    return typed_toml.read(path, Contract).model_copy(update={"folder": path.parent})
