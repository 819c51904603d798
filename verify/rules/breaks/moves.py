"""Where a name of one release is in another: the public place that has most of its old path."""

import re

from verify.probed import places
from verify.rules.breaks.interface import Interface, Other, Undecided


def place(interface: Interface, dotted: str, *, is_module: bool) -> str | None:
    """Where a dotted name that a release lacks is there, None if that is not certain."""
    name, wanted = dotted.rpartition(".")[2], dotted.split(".")[1:]
    if name.startswith("_") or not wanted:
        return None
    found = {one for one in interface.sources if one.rpartition(".")[2] == name}
    defined = set[str]()
    if not is_module:
        for module in _binding(interface, name):
            found.add(f"{module}.{name}")
        defined = {one for one in _defining(interface, name) if not places.is_private(one)}
    public = [one for one in found if one != dotted and not places.is_private(one)]
    # Most of the old path must be in the new one, else the definition must be the only one.
    scored = sorted((-places.shared(one.split("."), wanted), len(one), one) for one in public)
    if scored and -scored[0][0] >= min(2, len(wanted)):
        # Two that are as near as each other leave nothing to choose by.
        if len(scored) > 1 and scored[0][:2] == scored[1][:2]:
            return None
        return scored[0][2]
    if is_module or len(name) < places.TELLING or len(defined) != 1:
        return None
    return defined.pop()


def _binding(interface: Interface, name: str) -> list[str]:
    """The modules that certainly have something under a name."""
    found = []
    for module, text in interface.sources.texts.items():
        if name in text and name in interface.sources.of(module).names:
            try:
                value = interface.member(module, name)
            except Undecided:
                continue
            if value is not None and not isinstance(value, Other):
                found.append(module)
    return found


def _defining(interface: Interface, name: str) -> list[str]:
    written = re.compile(rf"^(?:class|def)\s+{name}\b", re.MULTILINE)
    texts = interface.sources.texts.items()
    return [f"{module}.{name}" for module, text in texts if written.search(text)]
