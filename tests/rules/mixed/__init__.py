"""Tests of what was copied and not adapted."""
