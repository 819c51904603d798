"""Findings, of pages that were read as of pages that were run: one renderer a file."""

from pathlib import Path


def relative(file: Path) -> Path:
    """The file as seen from the current folder if it is below it: so GitHub finds its lines."""
    whole = file.resolve()
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else file
