"""The two editions of a document: ours, corrected, and the official page as published."""

from enum import Enum


class Edition(str, Enum):
    """Which text of a document runs."""

    CORRECTED = "corrected"
    PUBLISHED = "published"


class Wanted(str, Enum):
    """Which editions a command is asked for."""

    CORRECTED = "corrected"
    PUBLISHED = "published"
    BOTH = "both"

    @property
    def editions(self) -> tuple[Edition, ...]:
        """Them, in the order in which they run."""
        return tuple(Edition) if self is Wanted.BOTH else (Edition(self.value),)
