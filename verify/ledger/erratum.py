"""Known defects of published pages, and how they are repaired."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from typing_extensions import Self

from verify.system.typed_toml import Strict
from verify.system.words import Text, Words


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


class KnownErratum(Strict):
    """A known defect of published pages, with our repair of it, wherever it shows.

    A `runtime` erratum shows when a cell runs: `symptom` is the exception with its message, or how
    the kernel ended, and `*` stands for whatever differs from run to run. A `text` erratum is
    there as long as a cell holds what its repair has to find; its `symptom` is told in words.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9-]+$")]
    kind: Literal["runtime", "text"] = "runtime"
    symptom: Text
    cause: Words
    since: Words
    repair: Words
    apply: Annotated[list[Edit], Field(min_length=1)]

    @property
    def installs(self) -> list[str]:
        """The packages that the repair installs."""
        return [edit.install for edit in self.apply if edit.install is not None]

    @model_validator(mode="after")
    def _text_is_found(self) -> Self:
        if self.kind == "text" and not any(edit.find for edit in self.apply):
            raise ValueError("a text erratum needs a `find` in its repair")
        if isinstance(self.symptom, Words) is not (self.kind == "text"):
            raise ValueError("the `symptom` of a text erratum is words, of others an exception's")
        return self


class Erratum(KnownErratum):
    """A known defect of one page: at which official cells, and which facts its repair changes.

    What the release's ledger knows of it need not be said again; what is said counts.
    """

    cells: Annotated[list[int], Field(min_length=1)]
    steps: list[str] = []
    page: list[str] = []
    ours: list[str] = []

    @property
    def run_cells(self) -> list[int]:
        """The cells that have to run for it to show."""
        return self.cells if self.kind == "runtime" else []

    @property
    def shows_in(self) -> list[int]:
        """The cells that must fail; what one has installed is there for the others."""
        return self.cells[:1] if self.installs else self.cells
