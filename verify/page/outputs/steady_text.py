"""Text without what differs from run to run by its nature.

Progress bars are reduced to what they show in the end, and lines that Ray forwards from other
processes, which come when they come, are left out. Durations, rates, dates, addresses of objects,
process ids, ports, and random names (of temporary files, or as UUID) become a placeholder each.
Numbers of any other kind stay as they are.

Beside what a page has stored, its author's machine and releases differ, too: versions, folders, the
modules that a class lies in, and how a release calls its arrays.
"""

import re

from verify.system.terminal_text import as_shown, plain

_FORWARDED = re.compile(
    r"^\s*\((?:raylet|autoscaler|\w*(?:\([^()\n]*\))?[^()\n]*\bpid=\d+[^()\n]*)\).*$\n?",
    re.MULTILINE,
)
_NUMBER = r"(?<![\w.])\d+(?:\.\d+)?(?:e[-+]?\d+)?"
_UNIT = r"(?:[nmuµμ]s|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|毫秒|微秒|秒|分钟|小时)"
_COUNTED = r"(?:it|step|epoch|batch|sample|example|image|row|[kKMG]i?B|[kKMG]?b|B|bytes?)s?"
_CUE = r"(?<!<)\b(?:time|elapsed|took|duration|latency)\w*|耗时|用时|时间"

# In this order: what is whole goes before its parts.
_FLEETING = [
    ("uuid", re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)),
    ("address", re.compile(r"\b(?:at |object )0x[0-9a-f]+\b", re.IGNORECASE)),
    ("id", re.compile(r"\b(?:Object|Actor|Task|Job|Node|Worker)\w*\([0-9a-f]{8,}\)")),
    ("folder", re.compile(r"(?:/[\w.+-]+)*/sfdv-\w+")),
    ("date", re.compile(r"(?<!\d)\d{4}([-/])\d\d?\1\d\d?(?:[T _]\d\d[:-]\d\d[:-]\d\d[\d.,_]*|\b)")),
    ("date", re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? [A-Z][a-z]{2} +\d+\b")),
    ("time", re.compile(r"\b\d+:\d\d(?::\d\d)?(?:[.,]\d+)?(?!\w)")),
    ("pid", re.compile(r"\b(?:pid|process(?: id)?)\W{0,3}\d+\b", re.IGNORECASE)),
    ("port", re.compile(r"\bport\W{0,3}\d+\b", re.IGNORECASE)),
    ("port", re.compile(r"\b(?:\d{1,3}(?:\.\d{1,3}){3}|localhost):\d+\b")),
    ("temporary", re.compile(r"\btmp[a-z0-9_]{8}\b")),
    ("rate", re.compile(rf"{_NUMBER} ?{_COUNTED} ?/ ?s(?:ec\w*)?\b", re.IGNORECASE)),
    ("duration", re.compile(rf"{_NUMBER} ?{_UNIT}(?: ?/ ?\w+)?(?![\w.])")),
    ("duration", re.compile(rf"({_CUE})([^\d\n<>]{{0,20}}){_NUMBER}", re.IGNORECASE)),
]
# In this order, before the others.
_ELSEWHERE = [
    ("address", re.compile(r"<(?:[\w.]+\.)?(\w+)(?: object)? at 0x[0-9a-f]+>"), r"<\1 object>"),
    ("array", re.compile(r"\b(?:Device)?Array\("), "array("),
    ("axes", re.compile(r"<Axes(?:Subplot)?\b[^>\n]*>"), "<Axes>"),
    # A process counts its metrics and layers; which are the first hangs on what it made before.
    (
        "numbering",
        re.compile(r"\b((?:\w*_)?(?:auc|precision|recall|acc|accuracy|mean|iou))_\d+\b"),
        r"\1",
    ),
    ("numbering", re.compile(r"_\d+(?= \([A-Z]\w+\))"), ""),
    ("numbering", re.compile(r"^(\s*\d+ [a-z][a-z0-9_]*?)_\d+$", re.MULTILINE), r"\1"),
    ("ip", re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]|:\d)"), "<ip>"),
    (
        "version",
        re.compile(
            r"(?<![\w.])\d+\.\d+\.\d+(?:\.\d+)*(?:\.?(?:a|b|rc|post|dev)\d+)*(?:\+\w+)?(?!\w|[.:]\d)"
        ),
        "<version>",
    ),
    ("hash", re.compile(r"\b(?=[a-f]*\d)[0-9a-f]{32,}\b"), "<hash>"),
    ("folder", re.compile(r"(?<![\w:/.])(?:/[\w.+-]+)+/(?=[\w.+-])"), "<folder>/"),
]
_FRACTION = re.compile(r"(?<![\w.])\d+\.\d+(?:e[-+]?\d+)?", re.IGNORECASE)
_CLOCK = re.compile(
    r"%%?time(?:it)?\b|"
    r"\b(?:time|perf_counter|monotonic|process_time|now|today|utcnow|timeit)(?:_ns)?\(\s*\)"
)


def steady(text: str, source: str = "") -> str:
    """The text of an output, as it should be the same in each run.

    Args:
        text: what was printed or shown.
        source: the code that did it; where that reads a clock, every fraction may be a duration.
    """
    return masked(as_shown(without_forwarded(plain(text))).strip(), source)[0]


def without_forwarded(text: str) -> str:
    """The text without the lines that other processes wrote."""
    return _FORWARDED.sub("", text)


def masked(text: str, source: str = "", *, elsewhere: bool = False) -> tuple[str, frozenset[str]]:
    """A text with placeholders, and the kinds of what they stand for.

    Args:
        text: what a terminal shows.
        source: the code that printed it.
        elsewhere: whether it is to be compared with what another machine and release printed.
    """
    patterns = [(name, pattern, f"<{name}>") for name, pattern in _FLEETING]
    kinds = set()
    for name, pattern, instead in [*(_ELSEWHERE if elsewhere else ()), *patterns]:
        text, times = pattern.subn(instead, text)
        if times:
            kinds.add(name)
    if _CLOCK.search(source):
        text, times = _FRACTION.subn("<fraction>", text)
        kinds.update(["duration"] if times else [])
    return text, frozenset(kinds)
