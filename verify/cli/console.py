"""The terminal, as commands write to it."""

import sys

from rich import console

# Wider than any sentence: in a file or a pipe nothing is broken, so that it can be searched.
_UNBROKEN = 100_000


class CommandConsole(console.Console):
    """One that leaves it to the command's end to deal with a reader who has gone."""

    def __init__(self, *, stderr: bool = False, quiet: bool = False) -> None:
        stream = sys.stderr if stderr else sys.stdout
        # Where colours are forced, as CI systems do, rich takes a log for a terminal.
        width = None if stream.isatty() else _UNBROKEN
        super().__init__(stderr=stderr, quiet=quiet, width=width)

    def on_broken_pipe(self) -> None:
        """Let the exception pass: rich would end with exit code 1, which is a verdict here."""
        raise BrokenPipeError
