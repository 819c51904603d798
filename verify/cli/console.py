"""The terminal, as commands write to it."""

import sys
from typing import Any

from rich import text as rich_text
from rich.console import Console

from verify.system import terminal_text
from verify.system.language import spoken
from verify.system.words import Text, said

# Wider than any sentence: in a file or a pipe nothing is broken, so that it can be searched.
_UNBROKEN = 100_000


class CommandConsole(Console):
    """One that leaves it to the command's end to deal with a reader who has gone."""

    def __init__(self, *, stderr: bool = False, quiet: bool = False, goes_on: bool = False) -> None:
        self._goes_on = goes_on
        self._failed: OSError | None = None
        stream = sys.stderr if stderr else sys.stdout
        # Where colours are forced, as CI systems do, rich takes a log for a terminal.
        width = None if stream.isatty() else _UNBROKEN
        super().__init__(stderr=stderr, quiet=quiet, width=width)

    def render_str(self, text: str, **how: Any) -> rich_text.Text:  # noqa: ANN401  # rich's
        """Whatever is said may be a page's words, and they command no terminal."""
        return super().render_str(terminal_text.harmless(text), **how)

    def print(self, *what: Any, **how: Any) -> None:  # noqa: ANN401  # rich's
        """Say something; where a run goes on without a listener, it does so in silence."""
        try:
            super().print(*what, **how)
        except OSError as error:
            if not self._goes_on:
                raise
            self.quiet, self._failed = True, error

    def see_that_all_was_said(self) -> None:
        """Tell at the end that what was said since could not be.

        Raises:
            OSError: the output cannot be written.
        """
        if self._failed:
            raise self._failed

    def on_broken_pipe(self) -> None:
        """Let the exception pass: rich would end with exit code 1, which is a verdict here."""
        raise BrokenPipeError


def say(console: Console, text: Text, style: str | None = None) -> None:
    """Tell a sentence in the terminal's language, in one line, and as it is: nothing is markup."""
    told = said(text, spoken())
    console.print(told, style=style, markup=False, highlight=False, soft_wrap=True)
