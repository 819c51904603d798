"""Repetitions of one run with the same seeds, compared step by step."""
