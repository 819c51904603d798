"""Rules of method: whether what a page trains, validates and concludes can be so."""

from verify.rules.method.checking import check

__all__ = ["check"]
