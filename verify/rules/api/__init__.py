"""Code against the documented environment: what pages use of it, and whether it is there."""

from verify.rules.api.checking import check

__all__ = ["check"]
