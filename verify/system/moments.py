"""Moments, for people: a date and a time of day in the one time zone that all share."""

from datetime import datetime, timezone
from typing import Annotated

from pydantic import Field

# Seconds since 1970 that a calendar has a date for, and how long something took.
Moment = Annotated[float, Field(ge=-62_135_596_800, lt=253_402_300_800)]
Duration = Annotated[float, Field(ge=0, allow_inf_nan=False)]


def of(seconds: float) -> datetime:
    """A wall-clock time in seconds since 1970, with its time zone."""
    return datetime.fromtimestamp(seconds, timezone.utc)


def told(moment: datetime) -> str:
    """A moment to the minute, with its time zone."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def clock(seconds: float) -> str:
    """A duration in minutes and seconds, as clocks show them."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
