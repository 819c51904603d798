"""Stored outputs, and conclusions that are drawn from them."""
