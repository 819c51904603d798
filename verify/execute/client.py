"""nbclient for pages, which may show what no notebook can hold."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from nbclient.client import NotebookClient
from nbformat import NotebookNode

_ASK_PROBES = "__import__('docprobe').tell('{question}')"
_TEXTS = ("name", "text", "ename", "evalue")


class AskingClient(AsyncKernelClient):
    """With each piece of code that ends well, the probes say that they are what they were."""

    question: Callable[[], str]

    def execute(self, code: str, *args: Any, **options: Any) -> str:  # noqa: ANN401  # its base's
        """Ask the kernel to run code, and then its probes."""
        asked = {"probes": _ASK_PROBES.format(question=self.question())}
        sent: str = super().execute(code, *args, user_expressions=asked, **options)
        return sent


class PageClient(NotebookClient):
    """It takes whatever a kernel sends: what is of a wrong kind is kept as the text that it is."""

    def process_message(
        self, msg: dict[str, Any], cell: NotebookNode, cell_index: int
    ) -> NotebookNode | None:
        """Take a message about a cell's outputs."""
        return super().process_message(_fitting(msg), cell, cell_index)

    async def _check_raise_for_error(
        self, cell: NotebookNode, cell_index: int, exec_reply: dict[str, Any] | None
    ) -> None:
        reply = exec_reply and _fitting(exec_reply)
        await super()._check_raise_for_error(cell, cell_index, reply)


def _fitting(message: dict[str, Any]) -> dict[str, Any]:
    """A message of which each part is what a notebook says that it is (see nbformat's schema)."""
    content = dict(message["content"])
    for key in content.keys() & set(_TEXTS):
        content[key] = _text(content[key])
    if "traceback" in content:
        lines = content["traceback"]
        content["traceback"] = list(map(_text, lines)) if isinstance(lines, list) else []
    if "data" in content and "metadata" in content:  # those of what is shown have both
        content["data"] = _bundle(content["data"])
        content["metadata"] = content["metadata"] if _is_table(content["metadata"]) else {}
    return message | {"content": content}


def _bundle(data: object) -> dict[str, Any]:
    """What is shown, by its kind: text, but for what is JSON by its name."""
    if not isinstance(data, Mapping):
        return {"text/plain": _text(data)}
    return {
        kind: one if kind.endswith("json") or _is_text(one) else _text(one)
        for kind, one in data.items()
    }


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_text(value: object) -> bool:
    whole = isinstance(value, list) and all(isinstance(line, str) for line in value)
    return whole or isinstance(value, str)


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
