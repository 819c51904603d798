"""Addresses of the web as pages write them, and what makes one lead nowhere for certain."""

import difflib
import re
from urllib.parse import unquote, urlsplit

from verify.static.page import Link

_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):")
_DRIVE = re.compile(r"^[A-Za-z]:(?:[\\/]|%5C)", re.IGNORECASE)
# Schemes that others than browsers understand; a name that is near to `http` is none of them.
_KNOWN = {
    *("http", "https", "ftp", "ftps", "sftp", "ssh", "git", "mailto", "tel", "data", "irc", "xmpp"),
    *("javascript", "news", "urn", "doi", "magnet", "s3", "oss", "hdfs", "grpc", "ws", "wss"),
    *("attachment", "project", "path", "inv", "myst", "vscode", "docker", "blob", "about", "geo"),
}
_LIKE_HTTP = 0.7
_FULL_WIDTH = (
    "\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff08\uff09\u3010\u3011\u300a\u300b\u201c\u201d"
)
_HAN = "\u4e00-\u9fff"
_GLUED_URL = re.compile(rf"(?<=[A-Za-z0-9{_HAN},;|)\]{_FULL_WIDTH}])https?://", re.IGNORECASE)
_WORDS_AFTER = re.compile(rf"[{_FULL_WIDTH}]|(?<=[A-Za-z0-9])[{_HAN}]")
_DOTTED = re.compile(r"^(?:www\.[\w-]+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|ai|dev|cn))$")
_LEFT_OVER = tuple("\"'<>`\u201c\u201d\u2018\u2019")


def is_external(target: str) -> bool:
    """Say whether a target is none of this documentation's files."""
    return bool(_SCHEME.match(target)) or target.startswith("//")


def fault(link: Link) -> tuple[str, str] | None:
    """Say what is wrong with the form of a link's address, and what to write instead.

    Returns:
        The end of a sentence that begins with the address, and a suggestion, perhaps empty; None
        where nothing is wrong, or where the target is a file.
    """
    shown = unquote(link.target).strip()
    if _DRIVE.match(shown) or shown.lower().startswith("file:"):
        return (
            "is a file of its author's own computer",
            "Link to the file inside the documentation.",
        )
    bare = shown.strip("".join(_LEFT_OVER))
    if bare != shown and (is_external(bare) or bare.startswith("www.")):
        return "has quotation marks or brackets around it", f"Write `{bare}`."
    scheme = _SCHEME.match(shown)
    if scheme is None:
        return _without_scheme(shown)
    name = scheme[1].lower()
    if name not in _KNOWN:
        near = difflib.get_close_matches(name, ("http", "https"), 1, _LIKE_HTTP)
        right = "http" if name in ("htp", "htpp", "httpp", "hhttp", "htttp") else "https"
        rest = shown[scheme.end() :].lstrip("/\\")
        return (
            (f"begins with `{scheme[1]}:`, which is no scheme", f"Write `{right}://{rest}`.")
            if near
            else None
        )
    return _of_the_web(shown, name) if name in ("http", "https") else None


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
    if glued := _GLUED_URL.search(shown, 8):
        first, second = shown[: glued.start()], shown[glued.start() :]
        return (
            "is two addresses in one",
            f"Write `{first.rstrip(_FULL_WIDTH + ',;|)')}` and `{second}` apart.",
        )
    host = rest[2:].partition("/")[0].partition("?")[0].partition("#")[0]
    if not host:
        return "names no host", "Complete the address."
    name = urlsplit(shown).netloc.rpartition("@")[2].partition(":")[0]
    if ".." in name or re.search(rf"[\s,;{_FULL_WIDTH}]", name) or name.startswith("."):
        return f"has no possible host (`{name}`)", "Correct the host's name."
    if words := _WORDS_AFTER.search(shown, len(scheme) + 3):
        return "goes on into the words after it", f"End it after `{shown[: words.start()]}`."
    return None
