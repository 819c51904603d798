"""Small changes of a module's source, as cosmic-ray makes them: one change each."""

from collections.abc import Iterator
from dataclasses import dataclass

from cosmic_ray import plugins
from cosmic_ray.mutating import mutate_code

# Of the replacements of an operator the nearest and the opposite: the others die with these. An
# annotation's `|` would die at import, and proves nothing.
_OPERATORS = (
    *("AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceUnaryOperator_Delete_Not"),
    *("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "NumberReplacer"),
    *("ReplaceBreakWithContinue", "ReplaceContinueWithBreak", "ZeroIterationForLoop"),
    *("ExceptionReplacer", "ReplaceUnaryOperator_USub_UAdd"),
    *(
        f"ReplaceComparisonOperator_{pair}"
        for pair in (
            *("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is", "Lt_LtE", "Lt_GtE"),
            *("LtE_Lt", "LtE_Gt", "Gt_GtE", "Gt_LtE", "GtE_Gt", "GtE_Lt"),
        )
    ),
    *(
        f"ReplaceBinaryOperator_{pair}"
        for pair in (
            *("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Mul"),
            *("Pow_Mul", "BitAnd_BitOr"),
        )
    ),
)


@dataclass(frozen=True)
class Mutant:
    """A changed source, and the one line that differs."""

    before: str
    after: str
    source: str

    @property
    def mypy_tells(self) -> bool:
        """Whether it changes a decorator's `frozen`, a signature's star, or what is for mypy."""
        star = self.before.replace("*,", "/,") == self.after
        return star or self.before.startswith("@") or "TYPE_CHECKING" in self.before


def of(source: str) -> Iterator[Mutant]:
    """All mutants of a source that only tests can tell from it."""
    for name in _OPERATORS:
        operator = plugins.get_operator(f"core/{name}")()
        occurrence = 0
        while (text := mutate_code(source, operator, occurrence)) is not None:
            occurrence += 1
            mutant = _mutant(source, text)
            if mutant and not mutant.mypy_tells:
                yield mutant


def _mutant(source: str, text: str) -> Mutant | None:
    for before, after in zip(source.splitlines(), text.splitlines(), strict=False):
        if before != after:
            return Mutant(before.strip(), after.strip(), text)
    return None
