"""All checks. Adding one means adding a file and naming it here."""

from verify.checks import (
    aggregation,
    errata,
    freezing,
    layer_list,
    losses,
    packages,
    page_drift,
    page_facts,
    pin_identity,
    privacy,
    repeat,
    reveals,
    rounds,
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
    page_drift.CHECK,
    packages.CHECK,
    errata.WRITTEN,
    errata.REPRODUCED,
    series.CHECK,
    layer_list.CHECK,
    start_weights.CHECK,
    freezing.CHECK,
    aggregation.CHECK,
    rounds.CHECK,
    privacy.CHECK,
    reveals.CHECK,
    losses.CHECK,
    thresholds.CHECK,
    errata.SHOWN,
    repeat.CHECK,
)

__all__ = ["ALL", "Case", "Check", "Needs"]
