"""How near a name's new place is to its old one: the same for sources and for what is installed."""

TELLING = 5  # a shorter name tells nothing alone


def is_private(dotted: str) -> bool:
    """Whether a name is not for everybody, or one of tests."""
    return any(part.startswith("_") or part in ("test", "tests") for part in dotted.split("."))


def shared(one: list[str], wanted: list[str]) -> int:
    """How many names of the wanted path stand in the other, in order, from the end."""
    rest, count = list(one), 0
    for name in reversed(wanted):
        if name in rest:
            rest = rest[: len(rest) - 1 - rest[::-1].index(name)]
            count += 1
    return count
