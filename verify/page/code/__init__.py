"""The code of a page, read: facts, calls, values, what it installs."""
