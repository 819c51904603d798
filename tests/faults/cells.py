"""Short ways to write rows."""

from collections.abc import Callable
from dataclasses import replace

from tests.faults.fault import Fault, Wanted
from tests.faults.scene import FINE, Done, Scene
from verify.system.words import Words

LAST = "print('third')"
Adds = Callable[[Scene, str], None]


def of_cell(source: str, limit_s: float = 120) -> Adds:
    """Add a document whose second cell is this."""

    def adds(scene: Scene, name: str) -> None:
        scene.write(name, limit_s=limit_s, first=FINE, second=source, third=LAST)

    return adds


def tagged(tag: str, source: str) -> Adds:
    """Add a document whose second cell has a tag."""

    def adds(scene: Scene, name: str) -> None:
        scene.write(name, first=FINE, second=source, third=LAST)
        marked = f'step="second" tags=["{tag}"]'
        scene.edit("tutorial.py", lambda text: text.replace('step="second"', marked), name)

    return adds


def cell(  # noqa: PLR0917  # columns of a table
    batch: str,
    name: str,
    en: str,
    zh: str,
    source: str | Adds,
    wanted: Wanted,
    *,
    limit_s: float = 120,
    short: bool = False,
    says: str = "",
    looks: Callable[[Scene, str], None] = lambda *_: None,
) -> Fault:
    """A row about what a cell does, in a run with others of its batch."""
    return Fault(
        name,
        Words(en=en, zh=zh),
        replace(wanted, says=says or wanted.says),
        adds=of_cell(source, limit_s) if isinstance(source, str) else source,
        batch=batch,
        looks=looks,
        short=short,
    )


def row(
    name: str,
    en: str,
    zh: str,
    made: Callable[[Scene], Done],
    wanted: Wanted,
    *,
    mended: Callable[[Scene], None] = lambda _: None,
    short: bool = False,
    step: str = "",
) -> Fault:
    """A row with a run of its own."""
    return Fault(name, Words(en=en, zh=zh), wanted, made, mended=mended, short=short, step=step)
