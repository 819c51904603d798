"""Tests, in the same rooms as what they test."""

from pathlib import Path

PROJECT = Path(__file__).parents[1]
SAMPLES = Path(__file__).parent / "samples"
