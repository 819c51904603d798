"""Outputs of cells: a kernel drops some of them, and chokes on others; with this it sends all."""

from importlib import import_module
from typing import Any


def keep_all() -> None:
    """Let outputs queue up without a limit, where the queue of ZeroMQ holds a thousand."""
    shell: Any = import_module("IPython").get_ipython()
    thread = getattr(getattr(shell, "kernel", None), "iopub_thread", None)
    if thread is not None:  # the socket belongs to this thread
        thread.schedule(lambda: thread.socket.setsockopt(import_module("zmq").SNDHWM, 0))


def send_all() -> None:
    """Send half a character as the mark for one that is unknown.

    No message can hold it: the kernel breaks off, and the cell that showed it never ends.
    """
    shell: Any = import_module("IPython").get_ipython()
    session = getattr(getattr(shell, "kernel", None), "session", None)
    if session is None:
        return
    pack = session.pack

    def packed(content: Any) -> Any:
        try:
            return pack(content)
        except UnicodeEncodeError:
            return pack(_whole(content))

    session.pack = packed


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_whole(key): _whole(one) for key, one in value.items()}
    return [_whole(one) for one in value] if isinstance(value, list | tuple) else value
