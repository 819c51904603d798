"""Lines of an output that the page's own code did not write, and what kind each of them is.

Logs of libraries, what a download or an installation tells of itself, warnings, and the
intermediate form in which a compiler prints a program: they hang on the machine and the release.
"""

import re
from collections.abc import Iterator

LOG = "what libraries log"
DOWNLOAD = "what a download or an installation tells"
COMPILED = "a compiler's intermediate form"
FORWARDED = "lines of other processes"

_MOMENT = r"\d{4}[-/]\d\d[-/]\d\d[ T,]\d\d:\d\d:\d\d[.,:\d]*"
_LEVEL = r"(?:trace|debug|info|warn(?:ing)?|error|critical|fatal)"
_LOGGED = re.compile(
    rf"^\s*(?:\[?{_MOMENT}\]?:?\s+(?:\[?{_LEVEL}\b|[DIWEF] \S+:\d+\])"
    rf"|{_LEVEL}:\S+?:"
    r"|[DIWEF]\d{4} \d\d:\d\d:\d\d\.\d+"
    rf"|\[\d\d:\d\d:\d\d\] {_LEVEL}\b"
    rf"|{_LEVEL}: (?:There was an error checking|All log messages|Running pip)"
    r"|\S*\.pyx?:\d+: \w*Warning\b"
    r"|\w+Warning: |huggingface/tokenizers: |To disable this warning|Parameters: \{)",
    re.IGNORECASE,
)
# A warning shows the line of code that caused it; a log may go on indented.
_GOES_ON = re.compile(r"^(?:\s{2,}|\t)\S")
_DOWNLOADED = re.compile(
    r"^\s*(?:Downloading(?: data)?\b.*(?:://|\.(?:zip|gz|tgz|whl|tar))"
    r"|(?:Extracting|Collecting|Requirement already satisfied|Looking in indexes"
    r"|Installing collected packages|Successfully (?:un)?installed|Attempting uninstall"
    r"|Building wheels?|Using cached|Preparing metadata)\b"
    rf"|--{_MOMENT}--|(?:Resolving|Connecting to) \S+|HTTP request sent|Length: |Saving to: "
    r"|Archive: |(?:inflating|extracting|creating|linking): "
    r"|\S+\s+\[ *<=> *\]|\S+\s+\d+%\[=*>?\s*\]|\[notice\] |Files already downloaded|.* saved \[\d+"
    r"|\d+/\d+ \[[=>.]+\] - \S+ \d+m?u?s/step$)"
)
_PROGRAM = re.compile(
    r"^\s*(?:b?['\"])?(?:HloModule\b|module @?\w*.*(?:mhlo|stablehlo|pphlo|attributes)"
    r"|(?:#loc|builtin\.module|func\.func)\b|\{ lambda )"
)
_OPENS = re.compile(r"[({]\s*$")
_CLOSES = re.compile(r"^\s*[)}]")


def is_program(text: str) -> bool:
    """Whether a text is a program in a compiler's intermediate form."""
    return bool(_PROGRAM.match(text))


def own_lines(text: str) -> tuple[list[str], frozenset[str]]:
    """The lines of the page's own, and the kinds of those that were left out."""
    kinds: set[str] = set()
    kept: list[str] = []
    last = ""
    for line in _without_programs(text.split("\n"), kinds):
        if _LOGGED.match(line):
            last = LOG
        elif _DOWNLOADED.match(line):
            last = DOWNLOAD
        elif not (last == LOG and _GOES_ON.match(line)):
            last = ""
        if last:
            kinds.add(last)
        else:
            kept.append(line)
    return kept, frozenset(kinds)


def _without_programs(lines: list[str], kinds: set[str]) -> Iterator[str]:
    """The lines without programs: from their first line to their last closing bracket."""
    inside, depth = False, 0
    for number, line in enumerate(lines):
        if not inside and _PROGRAM.match(line):
            inside, depth = True, 0
            kinds.add(COMPILED)
        if not inside:
            yield line
            continue
        depth += bool(_OPENS.search(line)) - bool(_CLOSES.match(line))
        following = next((later for later in lines[number + 1 :] if later.strip()), "")
        inside = depth > 0 or not line.strip() or _belongs(following)


def _belongs(line: str) -> bool:
    """Whether a line after a closed bracket opens the next part of the program."""
    return bool(_OPENS.search(line)) or line.startswith((" ", "}", "#"))
