"""Lets TensorFlow's iterators of data come to their end aside: a page that drops one would wait.

An iterator has a thread that tunes it, and that sleeps the longer the longer the iterator is used,
up to a minute. TensorFlow wakes it before it notes that the iterator is to end: the thread looks,
sees nothing, and sleeps on, and whoever dropped the iterator waits for it. Which data it gives, and
when, stays as it is; one that calls Python ends where it always did, for a page may hear of that.
"""

import threading
from contextlib import suppress
from functools import cache
from queue import SimpleQueue
from typing import Any

from docprobe.importing import after

_MODULE = "tensorflow.python.data.ops.iterator_ops"
_RESOURCE, _DATASET = "_iterator_resource", "_dataset"
_AT_ONCE = 4
_PYTHON = b"PyFunc"  # so are all operations called that call Python

_dropped: "SimpleQueue[list[Any]]" = SimpleQueue()


@cache
def end_aside() -> None:
    """Begin, in this process."""
    after(_MODULE, lambda module: _wrap(module.OwnedIterator))


def _wrap(iterator_class: Any) -> None:
    if hasattr(iterator_class, "__del__"):  # a release that ends them in a way of its own
        return
    for _ in range(_AT_ONCE):
        threading.Thread(target=_end, daemon=True).start()
    iterator_class.__del__ = _drop


def _drop(iterator: Any) -> None:
    """Hand over what waits when it ends; it is in nobody else's hand then."""
    with suppress(Exception):  # it ends here, as ever
        own = vars(iterator)
        # Of an iterator in a graph there is nothing that runs.
        if type(own[_RESOURCE]).__name__ == "EagerTensor" and not _calls_python(own[_DATASET]):
            _dropped.put([own[_DATASET], own.pop(_RESOURCE)])


def _calls_python(dataset: Any) -> bool:
    """Whether functions of the page's make its data, in it or in those that it is made from."""
    graphs = (wrapped.function.graph for wrapped in dataset._functions())  # noqa: SLF001
    if any(_PYTHON in graph.as_graph_def().SerializeToString() for graph in graphs):
        return True
    return any(map(_calls_python, dataset._inputs()))  # noqa: SLF001


def _end() -> None:
    while True:
        held = _dropped.get()
        held.pop()  # the iterator, and only then its data; meanwhile others may run
        held.clear()
