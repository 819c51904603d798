"""Who drops an iterator of TensorFlow's does not wait for its end; what it gives stays as it is."""

import threading
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docprobe import iterators

from tests import waiting
from tests.probes.builders import write_module

_TENSORFLOW = """
class EagerTensor:
    def __init__(self, end):
        self.end = end

    def __del__(self):
        self.end()


class Tensor(EagerTensor):
    pass


class OwnedIterator:
    def __init__(self, resource, dataset=None):
        self._iterator_resource = resource
        if dataset is not None:
            self._dataset = dataset
"""
_NAME = "tensorflow.python.data.ops.iterator_ops"


@pytest.fixture
def module(modules: Path) -> Iterator[Any]:
    """TensorFlow's module of iterators, as a process of a page's imports it."""
    write_module(modules, _NAME, _TENSORFLOW)
    iterators.end_aside.cache_clear()
    iterators.end_aside()
    iterators.end_aside()  # a party calls it for each of its models
    yield import_module(_NAME)
    iterators.end_aside.cache_clear()


class Dataset:
    """Made from others, by functions whose operations have these names."""

    def __init__(self, *inputs: "Dataset", operations: str = "") -> None:
        graph = SimpleNamespace(
            as_graph_def=lambda: SimpleNamespace(SerializeToString=operations.encode)
        )
        self._inputs = lambda: list(inputs)
        self._functions = lambda: [SimpleNamespace(function=SimpleNamespace(graph=graph))]


class Ending:
    """An end that lasts until it is let go, and knows who carried it out."""

    def __init__(self) -> None:
        self.by: list[threading.Thread] = []
        self.go = threading.Event()

    def __call__(self) -> None:
        self.by.append(threading.current_thread())
        if self.by[-1] is not threading.main_thread():
            self.go.wait(10)


def test_who_drops_an_iterator_goes_on_while_it_comes_to_its_end(module: Any) -> None:
    ending, dataset = Ending(), Dataset(Dataset(operations="DecodeJpeg"))
    dropped = module.OwnedIterator(module.EagerTensor(ending), dataset)
    del dropped  # it would wait here
    waiting.until(lambda: bool(ending.by), "nobody ends it")
    assert ending.by[0] is not threading.main_thread()
    ending.go.set()


def test_its_data_outlive_it(module: Any) -> None:
    ending, order = Ending(), list[str]()
    ending.go.set()
    resource = module.EagerTensor(lambda: order.append("iterator"))
    dataset: Any = Dataset()
    dataset.own = module.EagerTensor(lambda: order.append("data"))
    dropped = module.OwnedIterator(resource, dataset)
    del resource, dataset, dropped
    waiting.until(lambda: len(order) > 1, "nobody ends it")
    assert order == ["iterator", "data"]


def test_several_come_to_their_ends_at_once(module: Any) -> None:
    endings = [Ending() for _ in range(3)]
    for ending in endings:
        module.OwnedIterator(module.EagerTensor(ending), Dataset())
    waiting.until(lambda: all(ending.by for ending in endings), "one waits for another")
    for ending in endings:
        ending.go.set()


@pytest.mark.parametrize(
    "made",
    [
        lambda module, end: module.OwnedIterator(
            module.EagerTensor(end), Dataset(operations="EagerPyFunc")
        ),
        lambda module, end: module.OwnedIterator(
            module.EagerTensor(end), Dataset(Dataset(Dataset(operations="x PyFuncStateless y")))
        ),
        lambda module, end: module.OwnedIterator(module.Tensor(end), Dataset()),
        lambda module, end: module.OwnedIterator(module.EagerTensor(end)),
        lambda module, end: module.OwnedIterator(module.EagerTensor(end), object()),
    ],
    ids=["python-makes-its-data", "further-up", "in-a-graph", "of-parts", "of-another-release"],
)
def test_others_end_where_they_always_did(
    module: Any, made: Callable[[Any, Callable[[], None]], Any]
) -> None:
    ending = Ending()
    made(module, ending)
    assert ending.by == [threading.main_thread()]


def test_a_release_that_ends_iterators_in_a_way_of_its_own_keeps_it(modules: Path) -> None:
    write_module(modules, _NAME, f"{_TENSORFLOW}\n    def __del__(self): ...\n")
    iterators.end_aside.cache_clear()
    own = import_module(_NAME).OwnedIterator
    before = own.__del__
    iterators.end_aside()
    iterators.end_aside.cache_clear()
    assert own.__del__ is before
