"""Where the data that travels with the tool lies: fixtures, documents, and the probes' code.

In a checkout fixtures and tutorials stand beside the package, at the top level; a wheel carries
them inside it, as a package cannot own folders beside itself. Who has documents or environments of
their own names the folders.
"""

import os
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
BUNDLED = PACKAGE / "data"
_ROOT = BUNDLED if BUNDLED.is_dir() else PACKAGE.parent

FIXTURES = _ROOT / "fixtures"
ENVIRONMENTS_VARIABLE = "SECRETFLOW_DOCS_VERIFY_ENVIRONMENTS"
TUTORIALS_VARIABLE = "SECRETFLOW_DOCS_VERIFY_TUTORIALS"  # the same as --tutorials
NO_SANDBOX_VARIABLE = "SECRETFLOW_DOCS_VERIFY_NO_SANDBOX"  # the same as --no-sandbox
EVIDENCE_VARIABLE = "SECRETFLOW_DOCS_VERIFY_EVIDENCE"  # where kept runs are, if not in the cache
FRESH_VARIABLE = "SECRETFLOW_DOCS_VERIFY_FRESH"  # the same as --fresh
ENVIRONMENTS = Path(os.environ.get(ENVIRONMENTS_VARIABLE) or FIXTURES / "environments").absolute()
TUTORIALS = _ROOT / "tutorials"
PROBES = PACKAGE / "probes"
