"""Spelling, punctuation, translations."""
