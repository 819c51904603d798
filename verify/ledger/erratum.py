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


class Moved(Strict):
    """What was imported from a module or its parts, and is imported from another one now.

    Without `names`, the module itself is called otherwise, and so are its parts.
    """

    was: str
    names: list[str] = []
    now: str


class Edit(Strict):
    """One change that a repair makes.

    `install` is a package to install besides, `module` what is imported of it if that is called
    otherwise; with `instead`, which is what the page asks pip for, it is what to ask for in place
    of that, perhaps several packages; `moved` is what has to be imported from elsewhere; `before`
    are lines for the top of the cell; `find` is a pattern of ast-grep (`$X` stands for any
    expression, `$$$X` for any number of them) and `replace` what becomes of every place that fits.
    In prose, the two are plain text; `translated` is the same change in the page's translation,
    where that has other words than the page itself.
    """

    install: str | None = None
    module: str | None = None
    instead: str | None = None
    moved: Moved | None = None
    before: str | None = None
    find: str | None = None
    replace: str | None = None
    translated: Wording | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "Edit":
        forms = [self.install, self.moved, self.before, self.find]
        if sum(form is not None for form in forms) != 1:
            raise ValueError(
                Words(
                    zh="应写 `install`、`moved`、`before`，或 `find` 加 `replace`，只能写一种",
                    en="names one of `install`, `moved`, `before`, and `find` with `replace`",
                )
            )
        if (self.find is None) != (self.replace is None):
            raise ValueError(
                Words(
                    zh="`find` 与 `replace` 要一起写",
                    en="`find` needs `replace`, and `replace` needs `find`",
                )
            )
        if (self.module or self.instead) and self.install is None:
            raise ValueError(
                Words(
                    zh="`module` 和 `instead` 与 `install` 连用",
                    en="`module` and `instead` go with `install`",
                )
            )
        if self.instead and self.module is None:
            raise ValueError(
                Words(
                    zh="`instead` 需要 `module`：它出现在哪里？",
                    en="`instead` needs `module`: where does it show?",
                )
            )
        return self

    @property
    def imported(self) -> str | None:
        """The module that the installed package brings."""
        return self.module or self.install


class KnownErratum(Strict):
    """A known defect of published pages, with our repair of it, wherever it shows.

    A `runtime` erratum shows when a cell runs: `symptom` is the exception with its message, or how
    the kernel ended, and `*` stands for whatever differs from run to run. A `text` erratum is
    there as long as a cell holds what its repair has to find; its `symptom` is told in words.

    What no rewriting of a page mends has no `apply`; `shows` are patterns of the code in which it
    shows, and `repair` says what is to be done by hand.

    It may show wherever its repair finds a place, on pages whose paths fit one of `pages`; with
    `until`, patterns of code, only before the page's first place that fits one; with `beside`, only
    in cells that hold what fits that.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9-]+$")]
    kind: Literal["runtime", "text"] = "runtime"
    symptom: Text
    cause: Words
    since: Words
    repair: Words
    apply: list[Edit] = []
    shows: list[str] = []
    pages: Annotated[list[str], Field(min_length=1)] = ["*"]
    until: list[str] = []
    beside: str | None = None

    @property
    def installs(self) -> list[str]:
        """The packages that the repair installs."""
        return [word for edit in self.apply if edit.install for word in edit.install.split()]

    @model_validator(mode="after")
    def _is_found(self) -> Self:
        found = any(edit.find or edit.install or edit.moved for edit in self.apply)
        if bool(self.apply) is bool(self.shows) or not (found or self.shows):
            raise ValueError(
                Words(
                    zh="需要带 `find`、`moved` 或 `install` 的修正，或者 `shows`：它出现在哪里",
                    en="needs a repair with `find`, `moved` or `install`, or else `shows`: where "
                    "does it show",
                )
            )
        if self.kind == "text" and (self.installs or self.shows):
            raise ValueError(
                Words(
                    zh="文字勘误的修正里需要 `find`",
                    en="a text erratum needs a `find` in its repair",
                )
            )
        if isinstance(self.symptom, Words) is not (self.kind == "text"):
            raise ValueError(
                Words(
                    zh="文字勘误的 `symptom` 用文字写，其他勘误的写异常",
                    en="the `symptom` of a text erratum is words, of others an exception's",
                )
            )
        return self


class Erratum(KnownErratum):
    """A known defect of one page: at which official cells it shows."""

    cells: Annotated[list[int], Field(min_length=1)]
