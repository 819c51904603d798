"""The terminal, as commands write to it."""

from rich import console


class CommandConsole(console.Console):
    """One that leaves it to the command's end to deal with a reader who has gone."""

    def on_broken_pipe(self) -> None:
        """Let the exception pass: rich would end with exit code 1, which is a verdict here."""
        raise BrokenPipeError
