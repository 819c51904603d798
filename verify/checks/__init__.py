"""All checks. Adding one means adding a file and naming it here."""

from verify.checks import (
    aggregation,
    anchors,
    claims,
    combinations,
    errata,
    freezing,
    losses,
    numbers,
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
    stored_outputs,
)
from verify.checks.case import Case, Check, Needs

ALL: tuple[Check, ...] = (
    pin_identity.CHECK,
    step_order.CHECK,
    page_facts.CHECK,
    page_drift.CHECK,
    anchors.CHECK,
    numbers.CHECK,
    claims.OF_TEXT,
    packages.CHECK,
    errata.WRITTEN,
    errata.REPRODUCED,
    series.CHECK,
    stored_outputs.CHECK,
    start_weights.CHECK,
    freezing.CHECK,
    aggregation.CHECK,
    rounds.CHECK,
    privacy.CHECK,
    combinations.CHECK,
    reveals.CHECK,
    losses.CHECK,
    claims.OF_RUN,
    errata.SHOWN,
    repeat.CHECK,
)

__all__ = ["ALL", "Case", "Check", "Needs"]
