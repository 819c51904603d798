"""Outputs of cells: a kernel drops what nobody fetches fast enough; with this it keeps them."""

from importlib import import_module
from typing import Any


def keep_all() -> None:
    """Let outputs queue up without a limit, where the queue of ZeroMQ holds a thousand."""
    shell: Any = import_module("IPython").get_ipython()
    thread = getattr(getattr(shell, "kernel", None), "iopub_thread", None)
    if thread is not None:  # the socket belongs to this thread
        thread.schedule(lambda: thread.socket.setsockopt(import_module("zmq").SNDHWM, 0))
