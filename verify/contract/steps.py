"""Steps: the documented actions, described by the contract or by what their cells state."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from verify.page.code.facts import Fact, FactKind
from verify.page.code.texts import SHELL
from verify.system.typed_toml import Strict
from verify.system.words import Words

_NAMED = 3
_ITS_CODE = Words(zh="运行其中的代码", en="runs its code")


class Step(Strict):
    """One documented action, and the official cells that carry it out; a page of ours has none.

    After the death of a kernel that an erratum explains, earlier steps are carried out again;
    `replay = false` marks one that leaves nothing behind which later steps need. `varies` says why
    a step may show something else in each run with the same seeds, such as noise that is the point.
    A step without words is described by what its cells state. `stored` says nothing any more: every
    stored output is compared.

    With `fresh = true` a step begins a script of its own, in a new kernel. One with `not_run` is
    left out, and says why: a text shows pieces that nobody could run as they stand. With
    `needs = "cluster"` it is just that which a run lacks.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9-]+$")]
    says: Words = _ITS_CODE
    cells: list[int] = []
    limit_s: float | None = None
    replay: bool = True
    varies: Words | None = None
    stored: bool = False
    fresh: bool = False
    not_run: Words | None = None
    needs: Literal["cluster"] | None = None


def told(steps: Sequence[Step], facts: Mapping[int, Sequence[Fact]]) -> list[Step]:
    """The steps, those without words of their own described by what their cells state."""
    return [step if "says" in step.model_fields_set else _described(step, facts) for step in steps]


def _described(step: Step, facts: Mapping[int, Sequence[Fact]]) -> Step:
    stated = [fact for cell in step.cells for fact in facts.get(cell, ())]
    return step.model_copy(update={"says": _says(stated)})


def _says(stated: Sequence[Fact]) -> Words:
    if any(fact.kind is FactKind.SYNTAX for fact in stated):
        return _ITS_CODE
    kinds = {FactKind.CALL: ("调用", "calls"), FactKind.CONSTANT: ("设定", "sets")}
    for kind, (zh, en) in kinds.items():
        names = list(dict.fromkeys(_name(fact) for fact in stated if fact.kind is kind))
        if names:
            shown = [f"`{name}`" for name in names[:_NAMED]]
            more = len(names) - len(shown)
            return Words(
                zh=f"{zh} {'、'.join(shown)}{f' 等 {len(names)} 个' if more else ''}",
                en=f"{en} {', '.join(shown)}{f' and {more} more' if more else ''}",
            )
    return _ITS_CODE


def _name(fact: Fact) -> str:
    """A name without its packages, but with its class; of a magic what a reader types."""
    if fact.target.startswith(SHELL):
        return "%" + fact.arguments[0].strip("'")
    parts = fact.target.split(".")
    return ".".join(parts[-2:]) if len(parts) > 1 and parts[-2][:1].isupper() else parts[-1]
