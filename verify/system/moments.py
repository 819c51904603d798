"""Moments, for people: a date and a time of day in the one time zone that all share."""

from datetime import datetime, timezone


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
