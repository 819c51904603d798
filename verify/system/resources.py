"""Where the data that travels with the tool lies: fixtures, tutorials, and the probes' code.

In a checkout fixtures and tutorials stand beside the package, at the top level; a wheel carries
them inside it, as a package cannot own folders beside itself.
"""

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
_BUNDLED = PACKAGE / "data"
_ROOT = _BUNDLED if _BUNDLED.is_dir() else PACKAGE.parent

FIXTURES = _ROOT / "fixtures"
TUTORIALS = _ROOT / "tutorials"
PROBES = PACKAGE / "probes"
