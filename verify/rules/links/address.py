"""Addresses of the web as pages write them, and what makes one lead nowhere for certain."""

import difflib
import re
from urllib.parse import unquote

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_DRIVE = re.compile(r"^[A-Za-z]:(?:[\\/]|%5C)", re.IGNORECASE)
_OF_THE_WEB = ("https", "http")
# Schemes that are near to those, but mean something else.
_KNOWN = {"ftp", "ftps", "sftp", "httpx", "tcp", "udp", "hdfs"}
_LIKE_HTTP = 0.7
_FULL_WIDTH = (
    "\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09\u3010\u3011\u300a\u300b\u201c\u201d"
)
_HAN = "\u4e00-\u9fff"
_GLUED_URL = re.compile(rf"(?<=[A-Za-z0-9{_HAN},;|)\]{_FULL_WIDTH}])https?://", re.IGNORECASE)
_WORDS_AFTER = re.compile(rf"[{_FULL_WIDTH}]|(?<=[A-Za-z0-9])[{_HAN}]")
_DOTTED = re.compile(r"^(?:www\.[\w-]+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|ai|dev|cn))$")
_QUOTES = "\"'<>`\u201c\u201d\u2018\u2019"


def is_external(target: str) -> bool:
    """Say whether a target is none of this documentation's files."""
    return bool(_SCHEME.match(target)) or target.startswith("//")


def fault(target: str) -> tuple[str, str] | None:
    """Say what is wrong with the form of an address, and what to write instead.

    Returns:
        The end of a sentence that begins with the address, and a suggestion, perhaps empty; None
        where nothing is wrong, or where the target is a file.
    """
    shown = unquote(target).strip()
    if _DRIVE.match(shown) or shown.lower().startswith("file:"):
        return (
            "is a file of its author's own computer",
            "Link to the file inside the documentation.",
        )
    bare = shown.strip(_QUOTES)
    quoted = bare != shown and not any(quote in bare for quote in _QUOTES)
    if quoted and (is_external(bare) or bare.startswith("www.")):
        return "has quotation marks or brackets around it", f"Write `{bare}`."
    scheme = _SCHEME.match(shown)
    if scheme is None:
        return _without_scheme(shown)
    name = scheme[1].lower()
    return _of_the_web(shown, name) if name in _OF_THE_WEB else _misspelt(shown, name)


def _misspelt(shown: str, name: str) -> tuple[str, str] | None:
    meant = difflib.get_close_matches(name, _OF_THE_WEB, 1, _LIKE_HTTP)
    if name in _KNOWN or not meant:
        return None
    rest = shown[len(name) + 1 :].lstrip("/\\")
    return f"begins with `{name}:`, which is no scheme", f"Write `{meant[0]}://{rest}`."


def _without_scheme(shown: str) -> tuple[str, str] | None:
    found = re.match(r"^(h?ttps?)\s*[:\uff1a;]?\s*(?:/|\\){1,3}\s*(\S+)", shown, re.IGNORECASE)
    if found and not shown.startswith((".", "/")):
        return "lacks a proper `://`", f"Write `https://{found[2]}`."
    host = re.split(r"[/?#:]", shown, maxsplit=1)[0]
    if _DOTTED.match(host) and ("/" in shown or host.startswith("www.")):
        return "lacks `https://`, so it is taken for a file", f"Write `https://{shown}`."
    return None


def _of_the_web(shown: str, scheme: str) -> tuple[str, str] | None:
    rest = shown[len(scheme) + 1 :]
    if not rest.startswith("//") or rest.startswith("///"):
        stripped = rest.lstrip("/\\")
        return "lacks a proper `://`", f"Write `{scheme}://{stripped}`."
    inner = re.match(r"//(https?)(:?)//?(.*)", rest)
    if inner and (inner[2] or inner[3]):
        return "has its scheme twice", f"Write `{inner[1]}://{inner[3]}`."
    host = rest[2:].partition("/")[0].partition("?")[0].partition("#")[0]
    name = host.rpartition("@")[2].partition(":")[0]
    words, glued = _WORDS_AFTER.search(shown, len(scheme) + 3), _GLUED_URL.search(shown, 8)
    if words and not (glued and glued.start() < words.start()):
        return "goes on into the words after it", f"End it after `{shown[: words.start()]}`."
    if glued:
        first, second = shown[: glued.start()].rstrip(",;|)"), shown[glued.start() :]
        return "is two addresses in one", f"Write `{first}` and `{second}` apart."
    if not name or ".." in name or re.search(rf"[\s,;{_FULL_WIDTH}]", name) or name.startswith("."):
        return f"has no possible host (`{name}`)", "Correct the host's name."
    return None
