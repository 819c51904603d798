"""All subjects of the matrix, in the order in which they are told."""

from collections.abc import Iterator

from tests.faults import (
    clocks,
    environments,
    hostile,
    kernels,
    moments,
    network,
    output_folder,
    pages,
    parties,
    surroundings,
    texts,
    wants,
)
from tests.faults.fault import Fault, Subject

SUBJECTS: tuple[Subject, ...] = (
    kernels.SUBJECT,
    parties.SUBJECT,
    moments.SUBJECT,
    output_folder.SUBJECT,
    wants.SUBJECT,
    network.SUBJECT,
    environments.SUBJECT,
    clocks.SUBJECT,
    hostile.SUBJECT,
    texts.TEXTS,
    texts.DISPLAYS,
    pages.SUBJECT,
    surroundings.SUBJECT,
    surroundings.CACHES,
)


def faults() -> Iterator[Fault]:
    """All rows."""
    return (fault for subject in SUBJECTS for fault in subject.faults)
