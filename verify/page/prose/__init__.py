"""The prose of a page, read: sentences, numbers, quantities, units, comments."""
