"""Acting on a module as soon as the page has imported it, and what is installed."""

import importlib.metadata
import os
import re
import sys
from collections.abc import Callable
from typing import Any

import after_import

from docprobe import intact

__all__ = ["after", "running_ray", "versions"]

_SCRATCH = os.environ.get("VERIFY_SCRATCH", "")
_FIELD = re.compile(r"^(Name|Version): *(.+?) *$", re.MULTILINE)


def after(name: str, action: Callable[[Any], object]) -> None:
    """Call `action(module)` once module `name` is imported, and watch over what that puts there."""

    def act(module: Any) -> None:
        if _is_of_the_page(module):
            return
        action(module)
        intact.remember_hooks(module)

    after_import.after(name, act)


def running_ray() -> Any:
    """Ray, where it runs: SecretFlow's debug mode does without."""
    ray = sys.modules.get("ray")
    return ray if ray is not None and ray.is_initialized() else None


def _is_of_the_page(module: Any) -> bool:
    """Whether a page has made the module itself, and given it a library's name.

    What pip installs in a run lies among its files, too, but as links.
    """
    file = getattr(module, "__file__", None)
    made = file is None or os.path.realpath(file).startswith(_SCRATCH + os.sep)
    return bool(_SCRATCH) and made


def versions() -> dict[str, str]:
    """Versions of all installed distributions, by name."""
    found = {}
    for distribution in importlib.metadata.distributions():
        text = distribution.read_text("METADATA") or distribution.read_text("PKG-INFO") or ""
        # Its head alone: `distribution.metadata` reads the whole description, twice.
        fields = dict(_FIELD.findall(text.partition("\n\n")[0]))
        if "Name" in fields:
            found[fields["Name"].lower()] = fields.get("Version", "")
    return found
