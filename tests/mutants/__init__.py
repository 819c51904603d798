"""Planted defects, and who notices them."""

import sys

from verify.system.resources import PROBES

# For the auditor of the probes, where pytest has not put it on the path.
if str(PROBES) not in sys.path:
    sys.path.append(str(PROBES))
