"""Stored outputs as pins keep them: forms, digests and numbers, and not a word of the page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from verify.page.outputs import output_reading
from verify.page.outputs.forms import Form
from verify.page.outputs.lines import OutputLine
from verify.page.outputs.output_reading import Reading, Slot
from verify.page.page import Page

_FORMS = {form.value: form for form in Form}


def of_page(page: Page) -> Mapping[int, tuple[Reading, ...]]:
    """The stored outputs of a page by cell, as they read when they come back from pins."""
    stored = output_reading.of_page(page)
    return {cell: tuple(map(_without_text, readings)) for cell, readings in stored.items()}


def _without_text(one: Reading) -> Reading:
    return replace(one, lines=tuple(replace(line, text="") for line in one.lines))


def rows(readings: Sequence[Reading]) -> list[list[Any]]:
    """Readings as JSON: slot, form, digest, outline, what varies, count, rest, then the lines."""
    return [
        [
            one.slot.value,
            one.form.value,
            one.digest,
            one.outline,
            sorted(one.varying),
            one.count,
            one.rest,
            *([line.digest, *line.numbers] for line in one.lines),
        ]
        for one in readings
    ]


def readings(some: Sequence[Sequence[Any]]) -> tuple[Reading, ...]:
    """What `rows` wrote."""
    return tuple(
        Reading(
            Slot(slot),
            _FORMS[form],
            digest,
            tuple(OutputLine(key, tuple(numbers)) for key, *numbers in lines),
            count,
            rest,
            outline,
            frozenset(varying),
        )
        for slot, form, digest, outline, varying, count, rest, *lines in some
    )
