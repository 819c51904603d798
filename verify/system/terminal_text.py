"""Text that programs wrote for a terminal or a log."""

import json
import re

# Sequences for colours and cursor (CSI), strings such as titles and links, and all other escapes.
_ESCAPE = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"
    r"|\x1b[\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\)?"
    r"|\x1b[ -/]*[0-~]?"
)
# What turns the direction of writing, other controls, and what is no character.
_CONTROLS = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
    r"\ud800-\udfff]"
)
# What GitHub takes for a command: `::error::` where a line begins, `##[error]` anywhere.
_COMMANDS = re.compile(r"^(\s*:)(?=:[\w-]+(?: [^\n]*)?::)|(##)(?=\[)", re.MULTILINE)
_APART = "\u200b"
# The same in JSON, where only texts hold them; what is below a space, JSON itself writes in digits.
_IN_JSON = re.compile(rf"{_CONTROLS.pattern}|(?<=##)\[")
# What moves the cursor back over a line.
_REWINDS = re.compile(r"[\r\x08]+")


def plain(text: str) -> str:
    """The text without a terminal's escape sequences."""
    return _ESCAPE.sub("", text)


def harmless(text: str) -> str:
    """The text without what commands a terminal or CI, turns writing round, or is nothing."""
    shown = _CONTROLS.sub("", plain(text.replace("\r\n", "\n")))
    return _COMMANDS.sub(rf"\g<0>{_APART}", shown)


def harmless_json(text: str) -> str:
    """JSON as the same data, but what commands a terminal or CI is written in digits."""
    return _IN_JSON.sub(lambda found: in_digits(found[0]), text)


def printed_json(content: object, *, indent: int = 1) -> str:
    """Data as JSON for programs, which a log may show."""
    return harmless_json(json.dumps(content, ensure_ascii=False, indent=indent))


def in_digits(text: str) -> str:
    """Characters in UTF-16, as JSON and Python can read them."""
    units = text.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def as_shown(text: str) -> str:
    """What a screen shows of it in the end: no escapes, of a progress bar its last state."""
    text = plain(text).replace("\r\n", "\n")
    if not _REWINDS.search(text):
        return text
    return "\n".join(map(_last_state, text.split("\n")))


def _last_state(line: str) -> str:
    parts = [part.rstrip() for part in _REWINDS.split(line)]
    return next((part for part in reversed(parts) if part), "")


def last_line(text: str, default: str = "it said nothing") -> str:
    """The last line that says something: in most programs' errors the one that counts."""
    return (text.strip().splitlines() or [default])[-1]
