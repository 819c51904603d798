"""Markup that a builder complains of, samples in other languages, pages that no table lists."""
