"""The contract of a document: what it documents, step by step, and how that is judged."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from verify.contract import derived_claims, pins, references, steps
from verify.contract.claim import Claim, Waived
from verify.contract.edition import Edition
from verify.contract.pins import Pins
from verify.contract.profiles import OFFLINE, Change, FileRow, Profile
from verify.contract.steps import Step
from verify.contract.training_terms import Combination, Pair, Training
from verify.errors import UsageError
from verify.finding import CheckKind
from verify.ledger import ledger
from verify.ledger.erratum import Erratum, KnownErratum
from verify.system import typed_toml
from verify.system.cache import Notify
from verify.system.typed_toml import Strict
from verify.system.words import Text, Words
from verify.upstream import pages as upstream
from verify.upstream.pages import OfficialPage

FILE_NAME = "contract.toml"
_ENDS_BEFORE = Words(
    zh="配置 {profile} 到步骤 {step} 为止", en="profile {profile} ends with step {step}"
)
EDITION_NAME = "tutorial.py"
PINS_NAME = "pins.json"
REPRODUCERS_NAME = "errata"


class PageReference(Strict):
    """The official page that the document stands for; `issues` asked for its verification.

    A draft that lies in no repository says with `source` where it is.
    """

    ref: str
    path: str
    blob: Annotated[str, Field(pattern="^[0-9a-f]{40}$")]
    issues: list[int] = []
    source: str = ""

    def read(self, source: str, ref: str | None, notify: Notify) -> OfficialPage:
        """Read the page as it is now, at another version if one is given; a draft has only one.

        Raises:
            UsageError: the source has no such version or file.
            ResourceError: it cannot be reached.
        """
        if self.source:
            return upstream.read_page(self.source, self.ref, self.path, notify)
        return upstream.read_page(source, ref or self.ref, self.path, notify)


class Ours(Strict):
    """A page of our own, with no official text behind it, that puts somebody's advice to the test.

    `write_up` is where that advice was given.
    """

    write_up: str


@dataclass(frozen=True)
class Undocumented:
    """A package that the page needs and the installation page does not bring."""

    package: str
    module: str
    cell: int


class EnvironmentNeeds(Strict):
    """The documented environment: its name, and what the page tells its reader to install."""

    name: str
    documented: list[str] = ["secretflow"]


class FactRules(Strict):
    """Calls that an edition may word freely, as patterns; a leading `!` takes one back."""

    free: list[str] = []


class Defaults(Strict):
    """Keys that all trainings, or all claims, have alike unless one says otherwise."""

    trainings: dict[str, Any] = {}
    claims: dict[str, Any] = {}


class DocumentedReveal(Strict):
    """A place where the page brings something into the open, and why it has to."""

    step: str
    reason: Words


class Contract(Strict):
    """Everything about one document; `folder` and `name` come from where it was read.

    One that is `derived` was written from the page alone: nobody has said yet what it is to show.
    `known` are the errata of the release's ledger, and what the document adds to them; `errata` are
    those that its page has, by its pins.
    """

    schema_version: Annotated[Literal[2], Field(alias="schema")]
    title: Words
    derived: bool = False
    page: PageReference | None = None
    ours: Ours | None = None
    environment: EnvironmentNeeds
    facts: FactRules = FactRules()
    defaults: Defaults = Defaults()
    steps: list[Step]
    trainings: list[Training] = []
    combinations: list[Combination] = []
    claims: list[Claim] = []
    waived: list[Waived] = []
    reveals: list[DocumentedReveal] = []
    known: Annotated[list[KnownErratum], Field(alias="errata")] = []
    profiles: dict[str, Profile]
    changes: list[Change] = []
    files: list[FileRow] = []
    folder: Annotated[Path, Field(exclude=True)] = Path()

    @property
    def name(self) -> str:
        """The document's name: its folder's."""
        return self.folder.name

    @cached_property
    def pins(self) -> Pins:
        """The pins of the official page; a page of ours has none.

        Raises:
            UsageError: they are missing or unreadable.
        """
        return pins.read(self.pins_path) if self.page else pins.NONE

    @cached_property
    def errata(self) -> tuple[Erratum, ...]:
        """The errata of the page, each with its cells, as its pins tell.

        Raises:
            UsageError: the pins are missing, or older than the ledger.
        """
        return self.pins.errata(self.known)

    @property
    def undocumented(self) -> list[Undocumented]:
        """The packages that the page needs and does not tell its reader to install."""
        return [
            Undocumented(edit.install, edit.module or edit.install, erratum.cells[0])
            for erratum in self.errata
            for edit in erratum.apply
            if edit.install and not edit.instead
        ]

    @property
    def official(self) -> PageReference:
        """The official page.

        Raises:
            UsageError: it is a page of ours.
        """
        if self.page is None:
            raise UsageError(
                Words(
                    zh="{name}：是自编页面，没有官方页面。",
                    en="{name}: is a page of ours, there is no official one.",
                ).filled(name=self.name)
            )
        return self.page

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions that there are; a page of ours has none that is published."""
        if self.page is None:
            return (Edition.CORRECTED,)
        return tuple(Edition) if self.edition_path.is_file() else (Edition.PUBLISHED,)

    @property
    def edition_path(self) -> Path:
        """Our corrected edition."""
        return self.folder / EDITION_NAME

    @property
    def file(self) -> Path:
        """The file that a test runner knows it by: our edition, or the contract without one."""
        return self.edition_path if self.edition_path.is_file() else self.folder / FILE_NAME

    @property
    def pins_path(self) -> Path:
        """The pins of the official page."""
        return self.folder / PINS_NAME

    def reproducer(self, erratum: Erratum) -> Path:
        """The small program that shows a runtime erratum: the document's own, or the ledger's."""
        own = self.folder / REPRODUCERS_NAME / f"{erratum.id}.py"
        shared = ledger.program(self.environment.name, erratum.id)
        return shared if shared.is_file() and not own.is_file() else own

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

    def excuses(self, profile: str) -> dict[str, Words]:
        """Why a profile leaves checks undecided, by their ids."""
        of_claims = ((claim.id, claim.undecided_in(profile)) for claim in self.claims)
        excused = {CheckKind.CLAIM.id_of(id_): why for id_, why in of_claims if why}
        known = self.profiles.get(profile)
        return {**(known.undecided if known else {}), **excused}

    def training(self, training_id: str) -> Training:
        """The training of that id."""
        return next(training for training in self.trainings if training.id == training_id)

    def combination(self, pair_id: str) -> tuple[Combination, Pair]:
        """The pair of that id, and what is said of it."""
        return next(
            (one, pair) for one in self.combinations for pair in one.pairs if pair.id == pair_id
        )

    def changes_of(self, profile: str) -> list[Change]:
        """What a profile changes, in order."""
        return [change for change in self.changes if profile in change.profiles]

    def files_of(self, profile: str) -> list[FileRow]:
        """The files that a profile has for addresses, in order, as it has them."""
        standins = self.has_standins(profile)
        seen = (file.of(profile, standins=standins) for file in self.files)
        return [file for file in seen if file]

    def has_standins(self, profile: str) -> bool:
        """Whether programs build what stands in for downloads in a profile."""
        said = self.profiles[profile].standins
        return profile == OFFLINE if said is None else said

    def weights_of(self, training: Training, profile: str) -> FileRow | None:
        """The profile's file that a training names, or else the only one with weights."""
        files = self.files_of(profile)
        if training.weights:
            return next((file for file in files if file.is_called(training.weights)), None)
        of_networks = [file for file in files if file.holds_weights]
        return of_networks[0] if len(of_networks) == 1 else None

    def steps_of(self, profile: str) -> list[Step]:
        """The steps that a profile carries out."""
        until = self.profiles[profile].until
        ids = [step.id for step in self.steps]
        return self.steps[: ids.index(until) + 1] if until else self.steps

    def left_out(self, profile: str, step_id: str) -> Text:
        """Why a step is not carried out: the profile ends before, or it says so itself."""
        steps = self.steps_of(profile)
        if any(step.id == step_id for step in steps):
            return self.step(step_id).not_run or ""
        return _ENDS_BEFORE.filled(profile=profile, step=steps[-1].id)

    @model_validator(mode="before")
    @classmethod
    def _with_defaults(cls, given: Any) -> Any:  # noqa: ANN401  # nothing is validated yet
        """Complete rows with what stands once for all of them."""
        try:
            completed = {
                kind: [{**keys, **row} for row in given.get(kind, [])]
                for kind, keys in given["defaults"].items()
            }
        except (KeyError, TypeError, AttributeError):
            return given  # what is wrong with it is said by its keys
        return {**given, **completed}

    @model_validator(mode="before")
    @classmethod
    def _known_errata(cls, given: Any) -> Any:  # noqa: ANN401  # nothing is validated yet
        """Add what the release's ledger knows; what the contract says itself counts."""
        try:
            known = {one.id: one for one in ledger.read(given["environment"]["name"]).errata}
            own = [
                {**_said(known.pop(entry["id"], None)), **entry}
                for entry in given.get("errata", [])
            ]
        except (KeyError, TypeError, AttributeError):
            return given  # what it lacks is said by its keys
        return {**given, "errata": [*own, *map(_said, known.values())]}

    @model_validator(mode="after")
    def _references(self) -> "Contract":
        if problems := references.problems(self):
            raise ValidationError.from_exception_data("Contract", problems)
        return self


def _said(known: KnownErratum | None) -> dict[str, Any]:
    return known.model_dump(exclude_unset=True) if known else {}


def read(path: Path) -> Contract:
    """Read and validate a contract.

    Raises:
        UsageError: names file, line and key of everything that is wrong.
    """
    written = typed_toml.read(path, Contract).model_copy(update={"folder": path.parent})
    if written.page is None:
        return written
    try:
        pinned = written.pins
    except UsageError:  # whoever needs the pins says what is wrong with them
        return written
    claims = derived_claims.completed(written, pinned)
    told = steps.told(written.steps, pinned.facts)
    return written.model_copy(update={"steps": told, "claims": claims})
