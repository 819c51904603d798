"""Addresses of the web as pages write them, and what makes one lead nowhere for certain."""

import difflib
import re
from urllib.parse import unquote

from verify.page.page import Link, LinkKind, Page
from verify.rules.advice import IN_DOCUMENTATION, write
from verify.system.words import Text, Words

# Each goes on with a sentence that begins with the address.
_OF_AUTHOR = Words(zh="是作者自己电脑上的文件", en="is a file of its author's own computer")
_QUOTED = Words(zh="带着引号或括号", en="has quotation marks or brackets around it")
_NO_SCHEME = Words(
    zh="以 `{name}:` 开头，这不是网址的协议", en="begins with `{name}:`, which is no scheme"
)
_NO_SLASHES = Words(zh="缺少正确的 `://`", en="lacks a proper `://`")
_TAKEN_FOR_FILE = Words(
    zh="缺少 `https://`，会被当成文件", en="lacks `https://`, so it is taken for a file"
)
_TWICE = Words(zh="的协议写了两遍", en="has its scheme twice")
_GOES_ON = Words(zh="与后面的文字连在了一起", en="goes on into the words after it")
_END = Words(zh="请在 `{part}` 之后结束网址。", en="End it after `{part}`.")
_TWO = Words(zh="是连在一起的两个网址", en="is two addresses in one")
_APART = Words(
    zh="请把 `{first}` 与 `{second}` 分开写。", en="Write `{first}` and `{second}` apart."
)
_NO_HOST = Words(zh="的主机名不可能存在（`{name}`）", en="has no possible host (`{name}`)")
_CORRECT_HOST = Words(zh="请改正主机名。", en="Correct the host's name.")
_SLASH_AFTER = Words(zh="在页面名之后多了一个斜杠", en="has a slash after the name of a page")
_Fault = tuple[Words, Text]
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
# The words after an address; a name with its suffix may hold some itself.
_IN_TEXT = re.compile(rf"[{_FULL_WIDTH}]|(?<=[A-Za-z0-9])[{_HAN}](?!\S*\.[a-z]{{1,5}}$)")
_SET_APART = re.compile(r"(?<=[A-Za-z0-9/])[\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f]")
_DOTTED = re.compile(r"^(?:www\.[\w-]+|[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|io|ai|dev|cn))$")
_QUOTES = "\"'<>`\u201c\u201d\u2018\u2019"


def is_external(target: str) -> bool:
    """Say whether a target is none of this documentation's files."""
    return bool(_SCHEME.match(target)) or target.startswith("//")


def is_bare(link: Link) -> bool:
    """Whether an address stands in the text, and its author did not say where it ends."""
    target, text = (
        _SCHEME.sub("", unquote(one).strip()).strip("/ ") for one in (link.target, link.text)
    )
    return link.kind is LinkKind.LINK and text in ("", target)


def fault(link: Link, page: Page) -> _Fault | None:
    """Say what is wrong with the form of an address, and what to write instead.

    Args:
        link: what has the address.
        page: its page; signs that are encoded there belong to the address.

    Returns:
        The end of a sentence that begins with the address, and a suggestion, perhaps empty; None
        where nothing is wrong, or where the target is a file.
    """
    is_encoded = "%" in link.target and link.target in page.text
    shown = (link.target if is_encoded else unquote(link.target)).strip()
    if _DRIVE.match(shown) or shown.lower().startswith("file:"):
        return _OF_AUTHOR, IN_DOCUMENTATION
    bare = shown.strip(_QUOTES)
    quoted = bare != shown and not any(quote in bare for quote in _QUOTES)
    if quoted and (is_external(bare) or bare.startswith("www.")):
        return _QUOTED, write(f"`{bare}`")
    scheme = _SCHEME.match(shown)
    if scheme is None:
        return _without_scheme(shown)
    name = scheme[1].lower()
    if name not in _OF_THE_WEB:
        return _misspelt(shown, name)
    words = _IN_TEXT if is_bare(link) else _SET_APART
    return _of_the_web(shown, name, words) or _after_a_page(shown)


def _after_a_page(shown: str) -> _Fault | None:
    path = re.split("[?#]", shown, maxsplit=1)[0]
    if not path.endswith("/index.html/"):
        return None
    right = shown.replace("/index.html/", "/index.html", 1)
    return _SLASH_AFTER, write(f"`{right}`")


def _misspelt(shown: str, name: str) -> _Fault | None:
    meant = difflib.get_close_matches(name, _OF_THE_WEB, 1, _LIKE_HTTP)
    if name in _KNOWN or not meant:
        return None
    rest = shown[len(name) + 1 :].lstrip("/\\")
    return _NO_SCHEME.filled(name=name), write(f"`{meant[0]}://{rest}`")


def _without_scheme(shown: str) -> _Fault | None:
    found = re.match(r"^(h?ttps?)\s*[:\uff1a;]?\s*(?:/|\\){1,3}\s*(\S+)", shown, re.IGNORECASE)
    if found and not shown.startswith((".", "/")):
        return _NO_SLASHES, write(f"`https://{found[2]}`")
    host = re.split(r"[/?#:]", shown, maxsplit=1)[0]
    if _DOTTED.match(host) and ("/" in shown or host.startswith("www.")):
        return _TAKEN_FOR_FILE, write(f"`https://{shown}`")
    return None


def _of_the_web(shown: str, scheme: str, after: re.Pattern[str]) -> _Fault | None:
    rest = shown[len(scheme) + 1 :]
    if not rest.startswith("//") or rest.startswith("///"):
        stripped = rest.lstrip("/\\")
        return _NO_SLASHES, write(f"`{scheme}://{stripped}`")
    inner = re.match(r"//(https?)(:?)//?(.*)", rest)
    if inner and (inner[2] or inner[3]):
        return _TWICE, write(f"`{inner[1]}://{inner[3]}`")
    host = rest[2:].partition("/")[0].partition("?")[0].partition("#")[0]
    name = host.rpartition("@")[2].partition(":")[0]
    words, glued = after.search(shown, len(scheme) + 3), _GLUED_URL.search(shown, 8)
    if words and not (glued and glued.start() < words.start()):
        return _GOES_ON, _END.filled(part=shown[: words.start()])
    if glued:
        first, second = shown[: glued.start()].rstrip(",;|)"), shown[glued.start() :]
        return _TWO, _APART.filled(first=first, second=second)
    if not name or ".." in name or re.search(rf"[\s,;{_FULL_WIDTH}]", name) or name.startswith("."):
        return _NO_HOST.filled(name=name), _CORRECT_HOST
    return None
