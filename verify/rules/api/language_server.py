"""A type checker as a language server: what type an expression has, and where that is defined."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any

from verify.errors import ResourceError
from verify.system.complaints import why
from verify.system.words import Words

_LIMIT_S = 120
_NOTHING: MappingProxyType[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class Position:
    """0-based line, and column in bytes."""

    line: int
    column: int


class LanguageServer:
    """Speaks the Language Server Protocol over the pipes of a process."""

    def __init__(self, to: IO[bytes], back: IO[bytes]) -> None:
        self._to, self._back, self._last = to, back, 0

    def start(self, folder: Path) -> None:
        """Say where the project is."""
        root = {"uri": folder.as_uri(), "name": folder.name}
        general = {"general": {"positionEncodings": ["utf-8"]}}
        self.request(
            "initialize",
            {"processId": None, "rootUri": folder.as_uri(), "capabilities": general}
            | {"workspaceFolders": [root]},
        )
        self.tell("initialized", {})

    def open(self, file: Path, text: str) -> None:
        """Let the server read a file."""
        document = {"uri": file.as_uri(), "languageId": "python", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def shown_type(self, file: Path, at: Position) -> str:
        """The type of the name at a position, as text."""
        found = self.request("textDocument/hover", _at(file, at))
        value: str = (found or {}).get("contents", {}).get("value", "")
        return value.split("\n---", 1)[0].strip()

    def definitions(self, file: Path, at: Position) -> list[tuple[str, int]]:
        """The files (as addresses) and 0-based lines where the types of a name are defined."""
        found = self.request("textDocument/typeDefinition", _at(file, at)) or []
        return [(one["uri"], one["range"]["start"]["line"]) for one in found]

    def diagnostics(self, file: Path) -> list[dict[str, Any]]:
        """What the server says against a file that it has read."""
        found = self.request("textDocument/diagnostic", {"textDocument": {"uri": file.as_uri()}})
        items: list[dict[str, Any]] = (found or {}).get("items", [])
        return items

    def tell(self, method: str, params: Any) -> None:  # noqa: ANN401  # any JSON
        """Send what needs no answer."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Any) -> Any:  # noqa: ANN401  # any JSON
        """Ask, and wait for the answer."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        while True:
            message = self._receive()
            if "method" in message and "id" in message:  # the server asks something itself
                items = message.get("params", {}).get("items", [])
                self._send({"id": message["id"], "result": [None] * len(items)})
            elif message.get("id") == self._last:
                return message.get("result")

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self._to.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._to.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while line := self._back.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self._back.read(length)
        if not body:
            raise ResourceError(
                Words(
                    zh="类型检查器还没有回答就结束了。",
                    en="The type checker ended before it had answered.",
                )
            )
        message: dict[str, Any] = json.loads(body)
        return message


def _at(file: Path, at: Position) -> dict[str, Any]:
    position = {"line": at.line, "character": at.column}
    return {"textDocument": {"uri": file.as_uri()}, "position": position}


@contextmanager
def serving(command: list[str], folder: Path) -> Iterator[LanguageServer]:
    """Run a language server for a project's folder.

    Raises:
        ResourceError: it does not start, or ends early.
    """
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise ResourceError(
            Words(
                zh="{program}：无法启动（{error}）。", en="{program}: cannot be started ({error})."
            ).filled(program=command[0], error=why(error))
        ) from error
    timer = threading.Timer(_LIMIT_S, process.kill)
    timer.start()
    try:
        if process.stdin is None or process.stdout is None:
            raise ResourceError(
                Words(zh="{program}：没有管道。", en="{program}: has no pipes.").filled(
                    program=command[0]
                )
            )
        server = LanguageServer(process.stdin, process.stdout)
        server.start(folder)
        yield server
    except BrokenPipeError as error:
        raise ResourceError(
            Words(
                zh="类型检查器还没有回答就结束了。",
                en="The type checker ended before it had answered.",
            )
        ) from error
    finally:
        timer.cancel()
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
