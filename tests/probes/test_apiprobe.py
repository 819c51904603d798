"""The program that answers inside the documented environment, asked about a library of ours."""

import sys
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from probeshared import questions

from verify.system.resources import PROBES

LIBRARY = '''
    import functools
    import typing


    def dig(depth, width=1, *, tool="spade"):
        return depth * width, tool


    def any_of(*tools, **options):
        return dig(*tools, **options)


    def strict(**options):
        if set(options) - {"seed"}:
            raise TypeError(options)


    def checked(**options):
        validate(options, {"seed"})


    def validate(options, allowed):
        for name in options:
            if name not in allowed:
                raise TypeError(name)


    def careless(depth, colour=None, **options):
        return depth


    def hidden(**options):
        return exec(options)


    def open_ended(depth=1, **options):
        return exec(depth, options)


    def wrapped(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper


    def filling(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            kwargs["depth"] = 3
            return function(*args, **kwargs)

        return wrapper


    @wrapped
    def through(depth):
        return depth


    @filling
    def filled(depth):
        return depth


    class Bed:
        """A bed."""

        shape = "round"

        def __init__(self, size):
            self.size = size
            self.log = {}

        def dig(self, depth: int, *, tool: str = "spade") -> typing.Dict:
            self.log[depth] = tool
            return self.log

        def itself(self):
            return self

        def nothing(self):
            self.size = 0

        @property
        def notes(self):
            return self.log

        def loose(self) -> dict:
            return unknown(self)


    class Raised(Bed):
        def __init__(self, **options):
            super().__init__(size=3, **options)

        def water(self):
            return 1


    class Magic:
        def __getattr__(self, name):
            return compute(name)


    class Table:
        def __getattr__(self, name):
            if name in self.names:
                return self[name]
            return object.__getattribute__(self, name)


    class Bag:
        def __init__(self, **items):
            for name, item in items.items():
                setattr(self, name, item)

        def empty(self):
            return self


    class Shared:
        def work(self, seed=None):
            return 1


    class Sub(Shared):
        def work(self, seed=None):
            return seed


    class Twofold:
        def __new__(cls, *_, **__):
            return object.__new__(cls)

        @wrapped
        def __init__(self, depth):
            self.depth = depth


    def make() -> Bed:
        return unknown()


    def table():
        return Table()


    _state = None


    def current():
        return _state
'''


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    before = set(sys.modules)
    library = tmp_path / "toolshed"
    library.mkdir()
    (library / "__init__.py").write_text("from .beds import Bed\n", encoding="utf-8")
    (library / "beds.py").write_text(textwrap.dedent(LIBRARY), encoding="utf-8")
    (library / "broken.py").write_text("import no_such_package\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.syspath_prepend(str(PROBES))
    answers = import_module("apiprobe.answers")

    def ask(path: str, *positional: object, is_module: bool = False, **named: Any) -> Any:
        shape = named.pop("shape", None)
        if positional or named:
            shape = {"positional": len(positional), "keywords": tuple(named)}
        entry = {"path": path, "is_module": is_module, "arguments": shape}
        return asdict(answers.answer(questions.question(entry)))

    yield ask
    for name in set(sys.modules) - before:
        if name.split(".")[0] in ("apiprobe", "providing", "toolshed"):
            del sys.modules[name]


@pytest.mark.parametrize(
    "path",
    [
        "toolshed.beds.Bed",  # a submodule that the package imports
        "toolshed:beds.Bed",
        "toolshed.beds:Bed().size",
        "toolshed.beds:Bed().shape",
        "toolshed.beds:Bed().dig().items",
        "toolshed.beds:Bed().itself().itself().log",
        "toolshed.beds:Bed().notes.keys",
        "toolshed.beds:Bed{}.water",  # a subclass has it
        "builtins:list().append",
    ],
)
def test_what_is_there_is_not_missing(ask: Any, path: str) -> None:
    assert ask(path)["verdict"] in ("fine", "undecided")


@pytest.mark.parametrize(
    ("path", "owner", "name"),
    [
        ("toolshed.beds.Lawn", "toolshed.beds", "Lawn"),
        ("toolshed:lawns.Bed", "toolshed", "lawns"),
        ("toolshed.beds:Bed.digg", "toolshed.beds.Bed", "digg"),
        ("toolshed.beds:Bed().digg", "toolshed.beds.Bed", "digg"),
        ("toolshed.beds:Bed().water", "toolshed.beds.Bed", "water"),
        ("toolshed.beds:Bed().dig().history", "dict", "history"),
        ("toolshed.beds:Bed().notes.history", "dict", "history"),
        ("toolshed.beds:Bed().nothing().size", "NoneType", "size"),
        ("toolshed.beds:make().digg", "toolshed.beds.Bed", "digg"),
        ("toolshed.beds:Raised().digg", "toolshed.beds.Raised", "digg"),
        ("builtins:list().push", "list", "push"),
    ],
)
def test_what_is_not_there_is_missing(ask: Any, path: str, owner: str, name: str) -> None:
    answer = ask(path)
    assert (answer["verdict"], answer["owner"], answer["name"]) == ("missing", owner, name)


@pytest.mark.parametrize(
    "path",
    [
        "toolshed.beds:Magic().anything",
        "toolshed.beds:Table().column",
        "toolshed.beds:Bag().anything",
        "toolshed.beds:Bed().loose().history",  # an annotation that the body does not confirm
        "toolshed.beds:current().anything",  # what a name of a module is later is not known
        "toolshed.beds:Bed{}.dig().history",
        "builtins:object{}.anything",
    ],
)
def test_what_only_running_tells_is_undecided(ask: Any, path: str) -> None:
    assert ask(path)["verdict"] == "undecided"


def test_a_column_of_a_table_is_not_called(ask: Any) -> None:
    assert ask("toolshed.beds:Table().append", 1)["verdict"] == "missing"


def test_a_method_that_was_meant_is_told_from_what_may_have_been_put_there(ask: Any) -> None:
    assert ask("toolshed.beds:Bag().emptyy", 1)["verdict"] == "missing"
    assert ask("toolshed.beds:Bag().spade", 1)["verdict"] == "undecided"
    assert ask("toolshed.beds:Bag().emptyy")["verdict"] == "undecided"


@pytest.mark.parametrize(
    ("module", "verdict"),
    [
        ("toolshed.beds", "fine"),
        ("toolshed.lawns", "missing"),
        ("toolshed.beds.deep", "missing"),
        ("toolshedd", "missing"),
        ("toolshed.broken", "undecided"),
    ],
)
def test_modules_are_imported(ask: Any, module: str, verdict: str) -> None:
    assert ask(module, is_module=True)["verdict"] == verdict


@pytest.mark.parametrize(
    ("path", "given", "what", "name"),
    [
        ("toolshed.beds:dig", (1, {"tools": 2}), "unknown", "tools"),
        ("toolshed.beds:dig", (0, {"width": 2}), "missing", "depth"),
        ("toolshed.beds:dig", (3, {}), "many", ""),
        ("toolshed.beds:dig", (1, {"depth": 2}), "twice", "depth"),
        ("toolshed.beds:any_of", (1, {"tools": 2}), "unknown", "tools"),
        ("toolshed.beds:strict", (0, {"sed": 2}), "unknown", "sed"),
        ("toolshed.beds:checked", (0, {"sed": 2}), "unknown", "sed"),
        ("toolshed.beds:careless", (1, {"shade": 2}), "ignored", "shade"),
        ("toolshed.beds:careless", (1, {"colour": 2}), "unread", "colour"),
        ("toolshed.beds:through", (1, {"deep": 2}), "unknown", "deep"),
        ("toolshed.beds:open_ended", (0, {"deppth": 2}), "misspelt", "deppth"),
        ("toolshed.beds:Bed", (1, {"sice": 2}), "unknown", "sice"),
        ("toolshed.beds:Bed", (2, {}), "many", ""),
        ("toolshed.beds:Bed().dig", (1, {"tol": 2}), "unknown", "tol"),
        ("toolshed.beds:Bed().dig", (2, {}), "many", ""),
        ("toolshed.beds:Raised", (0, {"sice": 2}), "unknown", "sice"),
        ("toolshed.beds", (1, {}), "uncallable", ""),
    ],
)
def test_arguments_that_do_not_fit(
    ask: Any, path: str, given: tuple[int, dict[str, int]], what: str, name: str
) -> None:
    answer = ask(path, shape={"positional": given[0], "keywords": tuple(given[1])})
    assert (answer["verdict"], answer.get("what"), answer.get("name")) == ("misfit", what, name)


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("toolshed.beds:dig", {"positional": 2, "keywords": ("tool",)}),
        ("toolshed.beds:dig", {"positional": 0, "keywords": (), "unpacks_dict": True}),
        ("toolshed.beds:dig", {"positional": 0, "keywords": (), "unpacks_list": True}),
        ("toolshed.beds:any_of", {"positional": 1, "keywords": ("tool",)}),
        ("toolshed.beds:strict", {"positional": 0, "keywords": ("seed",)}),
        ("toolshed.beds:checked", {"positional": 0, "keywords": ("seed",)}),
        ("toolshed.beds:hidden", {"positional": 0, "keywords": ("seed",)}),
        ("toolshed.beds:open_ended", {"positional": 0, "keywords": ("colour",)}),
        ("toolshed.beds:open_ended", {"positional": 0, "keywords": ("depth", "depths")}),
        ("toolshed.beds:open_ended", {"positional": 1, "keywords": ("deppth",)}),
        ("toolshed.beds:filled", {"positional": 0, "keywords": ()}),
        ("toolshed.beds:through", {"positional": 1, "keywords": ()}),
        ("toolshed.beds:Shared().work", {"positional": 0, "keywords": ("seed",)}),
        ("toolshed.beds:Bed().dig", {"positional": 1, "keywords": ("tool",)}),
        ("toolshed.beds:Twofold", {"positional": 0, "keywords": ("depth",)}),
    ],
)
def test_arguments_that_fit_or_may_fit(ask: Any, path: str, shape: dict[str, Any]) -> None:
    assert ask(path, shape=shape)["verdict"] == "fine"


@pytest.mark.parametrize(
    ("path", "moved"),
    [
        ("toolshed.old.Raised", "toolshed.beds.Raised"),  # the only definition
        ("toolshed.garden.beds.Bed", "toolshed.beds.Bed"),
        ("toolshed.beds.Lawn", None),
    ],
)
def test_what_moved_is_found(ask: Any, path: str, moved: str | None) -> None:
    assert ask(path)["moved"] == moved


def test_a_class_without_the_attribute_is_no_value_without_it(ask: Any) -> None:
    assert ask("toolshed.beds:Bed.digg")["sort"] == "object"
    assert ask("toolshed.beds:Bed().digg")["sort"] == "instance"
