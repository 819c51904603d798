"""What sources say of a use: there, not there, not so; and nothing where they do not tell."""

from pathlib import Path

import pytest

from tests.rules.breaks.libraries import interface
from verify.rules.api.interface_questions import InterfaceQuestion, Verdict
from verify.rules.api.uses import Arguments
from verify.rules.breaks import answering

ORCHARD = {
    "orchard/__init__.py": "from . import press\nfrom .trees import Pear, Tree as Plant\n"
    "from .tools import *\nfrom elsewhere import Spade\nVERSION = '1'\nOld = Plant\n",
    "orchard/press.py": "def squeeze(fruit, times=1, *, cloth=None): ...\n"
    "def jar() -> 'Jar': ...\ndef any(*a, **k): ...\n"
    "class Jar:\n    size: int\n    def fill(self, much, *, slowly): self.full = much\n",
    "orchard/trees.py": "import abc\n"
    "class Tree(abc.ABC):\n    def __init__(self, age, *, tall=False):\n        self.age = age\n"
    "    def cut(self): ...\n    @property\n    def top(self) -> 'Top': ...\n"
    "    @staticmethod\n    def count(of): ...\n    @classmethod\n    def make(cls, age): ...\n"
    "class Top:\n    leaves = 3\n"
    "class Pear(Tree):\n    def pick(self, many): ...\n"
    "class Graft(Unknown):\n    ...\n"
    "class Loose:\n    def __getattr__(self, name): ...\n"
    "@traced\nclass Traced:\n    def __init__(self): ...\n"
    "@traced\ndef wrapped(): ...\n",
    "orchard/tools.py": "try:\n    import fast\nexcept ImportError:\n    fast = None\n"
    "if fast:\n    def rake(): ...\nelse:\n    def rake(): ...\n_own = 1\n",
    "orchard/made.py": "globals().update(build())\n",
    "orchard/deep/low/here.py": "root = 1\n",
    "orchard/compiled.cpython-310-x86_64-linux-gnu.so": "",
    "orchard/broken.py": "def (\n",
    "orchard-1.dist-info/top.py": "",
}


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("orchard.press.squeeze", Verdict.FINE),
        ("orchard:press.squeeze", Verdict.FINE),
        ("orchard:Plant", Verdict.FINE),
        ("orchard:Old", Verdict.FINE),
        ("orchard:rake", Verdict.FINE),
        ("orchard:VERSION", Verdict.FINE),
        ("orchard:trees.Top.leaves", Verdict.FINE),
        ("orchard:deep.low.here.root", Verdict.FINE),
        ("orchard:Pear().age", Verdict.FINE),
        ("orchard:Pear().cut", Verdict.FINE),
        ("orchard:Pear().top.leaves", Verdict.FINE),
        ("orchard.press:jar().full", Verdict.FINE),
        ("orchard:Tree", Verdict.MISSING),
        ("orchard:_own", Verdict.MISSING),
        ("orchard:plough", Verdict.MISSING),
        ("orchard.press:Press", Verdict.MISSING),
        ("orchard:Pear().peel", Verdict.MISSING),
        ("orchard:Pear().top.roots", Verdict.MISSING),
        ("orchard.press:jar().empty", Verdict.MISSING),
        ("meadow:grass", Verdict.MISSING),
        ("orchard:Spade.handle", Verdict.UNDECIDED),
        ("orchard.made:anything", Verdict.UNDECIDED),
        ("orchard.compiled:anything", Verdict.UNDECIDED),
        ("orchard.broken:anything", Verdict.UNDECIDED),
        ("orchard.trees:Graft().anything", Verdict.UNDECIDED),
        ("orchard.trees:Loose().anything", Verdict.UNDECIDED),
        ("orchard.trees:Traced().anything", Verdict.UNDECIDED),
        ("orchard.press:squeeze().anything", Verdict.UNDECIDED),
        ("orchard:Pear{}.peel", Verdict.UNDECIDED),
    ],
)
def test_a_name_is_followed_through_the_sources(
    tmp_path: Path, path: str, verdict: Verdict
) -> None:
    library = interface(tmp_path, ORCHARD)
    assert answering.answer(library, InterfaceQuestion(path)).verdict is verdict


@pytest.mark.parametrize(
    ("module", "missing"),
    [
        ("orchard.deep.low", None),
        ("orchard.compiled", None),
        ("orchard.deep.high", ("orchard.deep", "high")),
        ("orchard.shed.door", ("orchard", "shed")),
        ("meadow", ("", "meadow")),
    ],
)
def test_a_module_is_there_with_all_its_parents(
    tmp_path: Path, module: str, missing: tuple[str, str] | None
) -> None:
    found = answering.answer(interface(tmp_path, ORCHARD), InterfaceQuestion(module, True))
    told = (found.owner, found.name) if found.verdict is Verdict.MISSING else None
    assert told == missing


@pytest.mark.parametrize(
    ("path", "shape", "wrong"),
    [
        ("orchard.press:squeeze", Arguments(1, ("times", "cloth")), None),
        ("orchard.press:squeeze", Arguments(3), ("many", "")),
        ("orchard.press:squeeze", Arguments(1, ("cork",)), ("unknown", "cork")),
        ("orchard.press:squeeze", Arguments(1, ("fruit",)), ("twice", "fruit")),
        ("orchard.press:squeeze", Arguments(0, ("times",)), ("missing", "fruit")),
        ("orchard.press:squeeze", Arguments(0, unpacks_dict=True), None),
        ("orchard.press:any", Arguments(9, ("whatever",)), None),
        ("orchard.press:Jar().fill", Arguments(1, ("slowly",)), None),
        ("orchard.press:Jar().fill", Arguments(1), ("missing", "slowly")),
        ("orchard.press:Jar().fill", Arguments(0, ("self", "slowly")), ("unknown", "self")),
        ("orchard:Pear", Arguments(1, ("tall",)), None),
        ("orchard:Pear", Arguments(2), ("many", "")),
        ("orchard:Pear.count", Arguments(1), None),
        ("orchard:Pear().count", Arguments(2), ("many", "")),
        ("orchard:Pear.make", Arguments(1), None),
        ("orchard:Pear.make", Arguments(2), ("many", "")),
        ("orchard:Pear.pick", Arguments(2), None),
        ("orchard:Pear.pick", Arguments(1), ("missing", "many")),
    ],
)
def test_arguments_fit_what_is_defined(
    tmp_path: Path, path: str, shape: Arguments, wrong: tuple[str, str] | None
) -> None:
    question = InterfaceQuestion(path, arguments=shape)
    found = answering.answer(interface(tmp_path, ORCHARD), question)
    assert found.verdict is (Verdict.MISFIT if wrong else Verdict.FINE)
    assert (found.what, found.name) == (wrong or ("", ""))


@pytest.mark.parametrize(
    "path", ["orchard.trees:Traced", "orchard.trees:wrapped", "orchard.trees:Graft", "orchard:Old"]
)
def test_what_something_else_may_change_accuses_nobody(tmp_path: Path, path: str) -> None:
    question = InterfaceQuestion(path, arguments=Arguments(7, ("nonsense",)))
    found = answering.answer(interface(tmp_path, ORCHARD), question)
    assert found.verdict is (Verdict.MISFIT if path == "orchard:Old" else Verdict.UNDECIDED)
