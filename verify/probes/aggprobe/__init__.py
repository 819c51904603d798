"""Rounds of aggregation on request, in the documented environment."""
