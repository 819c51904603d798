"""What a finding is known by when its page has changed: its message without places and counts.

Some rules tell what they find often in one finding, with how often or where else; if that is mended
in one place, the rest is nothing new.
"""

import re

_OFTEN = re.compile(r" \((\d+) times (?:here|on this page)\)|^(?:(\d+) places lack|A place lacks)")
_ELSEWHERE = re.compile(
    r" \(also in cells? (\d+(?:, \d+)*)\)"
    r"| So it is in lines? (\d+(?:, \d+)*)(?: and (\d+) more)?\."
)
_FIRST = re.compile(r", first “[^”]*”")
_PLACES = re.compile(r"\b(line|cell)s? \d+(?:, \d+)*")


def by(message: str) -> str:
    """The message, as it stays."""
    for part in (_OFTEN, _ELSEWHERE, _FIRST):
        message = part.sub("", message)
    return _PLACES.sub(r"\1", message).strip()


def often(message: str) -> int:
    """How many places of its page it is about."""
    if found := _OFTEN.search(message):
        return int(found[1] or found[2] or 1)
    if found := _ELSEWHERE.search(message):
        listed = (found[1] or found[2]).count(",") + 1
        return 1 + listed + int(found[3] or 0)
    return 1
