"""Why a step did not come to its end, as the checks read it."""

import re
from dataclasses import dataclass

from verify.finding import Verdict


@dataclass(frozen=True)
class Failure:
    """Why a step did not come to its end.

    `verdict` is `fail` where the page breaks, and `error` where the run lacked something. `raised`
    is the exception as Python words it, its name and the first line of its message. `at` is where:
    the index of the cell, and the line of its source, from 1. `unreached` says that something on
    the network could not be reached.
    """

    verdict: Verdict
    sentence: str
    trace: str = ""
    raised: str = ""
    at: tuple[int, int] | None = None
    unreached: bool = False

    def shows(self, symptom: str) -> bool:
        """Whether the page broke exactly so; a `*` stands for anything, such as an address."""
        wanted = re.compile(".*".join(map(re.escape, symptom.split("*"))))
        said = (self.raised, self.sentence)
        return self.verdict is Verdict.FAIL and any(map(wanted.fullmatch, said))
