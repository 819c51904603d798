"""All checks. Adding one means adding a file and naming it here."""

from verify.checks import (
    freezing,
    layer_list,
    losses,
    packages,
    page_facts,
    pin_identity,
    series,
    start_weights,
    step_order,
    thresholds,
)
from verify.checks.case import Case, Check, Needs

ALL: tuple[Check, ...] = (
    pin_identity.CHECK,
    step_order.CHECK,
    page_facts.CHECK,
    packages.CHECK,
    series.CHECK,
    layer_list.CHECK,
    start_weights.CHECK,
    freezing.CHECK,
    losses.CHECK,
    thresholds.CHECK,
)

__all__ = ["ALL", "Case", "Check", "Needs"]
