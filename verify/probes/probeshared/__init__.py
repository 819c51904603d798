"""What the probes and the tool say to each other, declared once for both sides.

Standard library and numpy alone; `events` and `questions` do without numpy. In the documented
environment this package is `probeshared`, for the probes' folder is on its path; the tool has it
from `verify.probed`.
"""
