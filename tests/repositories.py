"""Small real repositories, and a real git server on the loopback interface."""

import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it prints."""
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout.strip()


def commit(folder: Path, tag: str, files: dict[str, str | bytes | None]) -> str:
    """Write files, remove those without content, and commit; an empty tag is none."""
    if not (folder / ".git").exists():
        folder.mkdir(parents=True, exist_ok=True)
        git(folder, "init", "--quiet", "--initial-branch=main")
    for name, content in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            file.unlink()
        else:
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", f"--message=as of {tag or 'now'}")
    if tag:
        git(folder, "tag", "--annotate", f"--message={tag}", tag)
    return git(folder, "rev-parse", "HEAD")


def bare(clone: Path, *, partial: bool = True) -> Path:
    """A bare repository of a clone, which serves parts of itself or only all of it."""
    folder = clone.with_suffix(".git")
    git(clone.parent, "clone", "--quiet", "--bare", str(clone), str(folder))
    git(folder, "config", "uploadpack.allowFilter", str(partial).lower())
    git(folder, "update-server-info")
    return folder


def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have an empty cache, and a git that knows nothing of this machine and of a hook around it."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("SECRETFLOW_DOCS_VERIFY_CACHE", str(tmp_path / "cache"))


class Server(ThreadingHTTPServer):
    """Serves the repositories below a folder: `asked` are the requests so far.

    Args:
        root: the folder.
        smart: with git's own server, or as plain files.
        newest: whether the server passes on that it speaks git's current protocol.
        status: if not 0, all that is ever answered.
    """

    def __init__(self, root: Path, *, smart: bool, newest: bool, status: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.root, self.smart, self.newest, self.status = root, smart, newest, status
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[str] = []
        # Whether a request is answered at all; it may also be held up.
        self.before: Callable[[str], bool] = lambda _: True

    def fetches(self) -> int:
        """How many times contents were asked for."""
        return sum(request.startswith("POST") for request in self.asked)


@contextmanager
def served(
    root: Path, *, smart: bool = True, newest: bool = True, status: int = 0
) -> Iterator[Server]:
    """Serve a folder while the block runs."""
    with Server(root, smart=smart, newest=newest, status=status) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.answer()

    def do_POST(self) -> None:
        self.answer()

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""

    def answer(self) -> None:
        request = f"{self.command} {self.path}"
        self.server.asked.append(request)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.server.before(request):
            return
        if self.server.status:
            self.reply(self.server.status, {"WWW-Authenticate": 'Basic realm="test"'}, b"")
        elif self.server.smart:
            self.reply(*self.backend(body))
        else:
            file = self.server.root / self.path.partition("?")[0].lstrip("/")
            found = file.is_file()
            self.reply(200 if found else 404, {}, file.read_bytes() if found else b"")

    def reply(self, status: int, headers: dict[str, str], content: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def backend(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        path, _, query = self.path.partition("?")
        protocol = self.headers.get("Git-Protocol", "") if self.server.newest else ""
        environ = {
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": protocol,
        }
        command, environ = ["git", "http-backend"], os.environ | environ
        done = subprocess.run(command, input=body, env=environ, capture_output=True, check=False)
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        return int(headers.pop("Status", "200").split()[0]), headers, content
