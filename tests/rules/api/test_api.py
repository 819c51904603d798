"""Pages that use what their environment lacks; here, the environment that the tests run in."""

import json
import os
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from tests.rules import pages
from verify.environment import installed_files
from verify.environment.environment import Environment
from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules.api import asking, checking
from verify.rules.api.interface_questions import InterfaceQuestion, Verdict
from verify.system import cache as store
from verify.system.words import Text

MODULE, ATTRIBUTE = FindingKind.MISSING_MODULE, FindingKind.MISSING_ATTRIBUTE
CALL, PACKAGE = FindingKind.BAD_CALL, FindingKind.UNDOCUMENTED_PACKAGE


def environment_of(folder: Path, first: str = "nbformat") -> Environment:
    """The environment that runs the tests, as if a page documented it."""
    lock = folder / "tests.txt"
    lock.write_text(f"{first}=={version(first)}\n", encoding="utf-8")
    lock.with_suffix(".in").write_text(f"# python: 3\n{first}  # all of it\n", encoding="utf-8")
    prefix = Path(sys.prefix)
    return Environment(
        name="tests-1",
        lock=lock,
        lock_sha256=sha256(lock.read_bytes()).hexdigest(),
        python_version=f"{sys.version_info.major}.{sys.version_info.minor}",
        prefix=prefix,
        python=Path(sys.executable),
        kernel_name="tests-1",
        jupyter_path=prefix / "share" / "jupyter",
        log=folder / "log",
        packages={},
    )


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    return environment_of(tmp_path_factory.mktemp("lock"))


@pytest.fixture(autouse=True, scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A cache of its own, which all tests of this module share."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(store.ROOT_VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield


def found(tmp_path: Path, environment: Environment, *page: Page) -> list[Finding]:
    return sorted(checking.check(pages.site(tmp_path, *page, environment=environment)))


WRONG = [
    ("import json.reader", MODULE, "no module `json.reader`"),
    ("from nbformat.v9 import new_notebook", MODULE, "`nbformat` has no module `v9`"),
    ("from nbformat import reads, readd", ATTRIBUTE, "has no `readd`"),
    ("import nbformat\nnbformat.v4.new_code_cel()", ATTRIBUTE, "has no `new_code_cel`"),
    ("import textwrap\ntextwrap.fill('a', 3, 4)", CALL, "takes at most 2"),
    ("import textwrap\ntextwrap.fill()", CALL, "needs the argument `text`"),
    ("import textwrap\ntextwrap.fill('a', text='b')", CALL, "the argument `text` twice"),
    ("import textwrap\ntextwrap('a')", CALL, "cannot be called"),
    ("import zipfile\nwith zipfile.ZipFile('a') as z:\n    z.unpack()", ATTRIBUTE, "`unpack`"),
    ("import pathlib\nfor p in pathlib.Path('a').iterdir():\n    p.title", ATTRIBUTE, "`title`"),
    ("import pathlib\nx = [p.titel for p in pathlib.Path('a').iterdir()]", ATTRIBUTE, "`titel`"),
    ("import logging\nlogging.getLogger('a').warm('b')", ATTRIBUTE, "`warm`"),
    ("rows = {}\nrows.append(3)", ATTRIBUTE, "no attribute `append`"),
    ("import textwrap, json\ntextwrap.fill(json)", CALL, "is given the module `json`"),
    (
        "%pip install numpy\nimport numpy as np\nnp.zeros(2, dtyp=int)",
        CALL,
        "takes no argument `dtyp`",
    ),
    (
        "%pip install numpy\nimport numpy as np\nnp.concatenate([[1]], axs=0)",
        CALL,
        "takes no argument `axs`",
    ),
    ("x = 'a'\nprint(x + 1)", CALL, "cannot join a value of type `str` and one of type `int`"),
    ("print(len(5))", CALL, "`len` is given a value of type `int`"),
    ("import docutils", PACKAGE, "`docutils` is imported, but installing nbformat"),
    ("import no_such_thing.at_all", PACKAGE, "`no_such_thing` is imported"),
]


FINE = [
    "import json\njson.dumps({}, indent=2)",
    "import nbformat\nnbformat.v4.new_code_cell(source='a', metadata={})",
    "try:\n    import no_such_thing\nexcept ImportError:\n    no_such_thing = None",
    "import textwrap\nif hasattr(textwrap, 'nothing'):\n    textwrap.nothing()",
    "import textwrap\ntextwrap.mine = len\ntextwrap.mine([])",
    "import argparse\na = argparse.ArgumentParser().parse_args([])\na.anything",
    "import types\nt = types.SimpleNamespace(a=1)\nt.a",
    "import pathlib\np = pathlib.Path('a')\np = {'a': p}\np.items()",
    "class Bed:\n    def dig(self):\n        self.depth = 1\nb = Bed()\nb.dig()\nb.depth",
    "import functools\n@functools.lru_cache\ndef dig():\n    return {}\ndig.cache_clear()",
    "import IPython\nIPython.get_ipython()",
    "%pip install docutils\nimport docutils",
    "!{sys.executable} -m pip install 'no-such-thing[all]>=2' -q\nimport no_such_thing",
    "import collections\nP = collections.namedtuple('P', 'a b')\nP(1, 2).a",
    "import sys\nif 'no_such' in sys.modules:\n    from no_such import thing",
    "import sys\nhosted = 'no_such' in sys.modules\nif hosted:\n    import no_such",
    "!protoc boat.proto --python_out=.\nfrom boat_pb2 import Boat\nimport boat_pb2_grpc",
    "!git clone https://example.org/deep-sea.git\nimport deep_sea",
    "import sys\nsys.path.append('..')\nimport no_such_thing",
    "with open('boat.py', 'w') as f:\n    f.write('x = 1')\nimport boat",
    "import logging\nclass Loud(logging.Logger):\n    loud = 1\nlogging.getLogger('a').loud",
    "%pip install numpy\nimport numpy as np\nnp.zeros(2, dtype=int)\nnp.add([1], [2], where=True)",
    "import textwrap\ntry:\n    textwrap.fill(textwrap)\nexcept AttributeError:\n    pass",
    "import pathlib\ndef f(where: str): ...\nf(pathlib.Path('a'))",
    "import re\nm = re.match('a', 'a')\nprint(f'{m.group(0)}')",
]


@pytest.fixture(scope="module")
def findings(
    environment: Environment, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, list[Finding]]:
    """What is found in each of the pages above, which are checked together."""
    folder = tmp_path_factory.mktemp("pages")
    codes = [*(code for code, _, _ in WRONG), *FINE]
    pages_of = {
        code: pages.notebook(folder / str(i), code, name="page.ipynb")
        for i, code in enumerate(codes)
    }
    every = found(folder, environment, *pages_of.values())
    return {
        code: [finding for finding in every if finding.file == page.path]
        for code, page in pages_of.items()
    }


@pytest.mark.parametrize(("code", "kind", "part"), WRONG)
def test_what_the_environment_lacks_is_an_error(
    findings: dict[str, list[Finding]], code: str, kind: FindingKind, part: str
) -> None:
    (finding,) = findings[code]
    assert (finding.kind, finding.severity, finding.cell) == (kind, Severity.ERROR, 0)
    assert part in str(finding.message)


@pytest.mark.parametrize("code", FINE)
def test_what_is_there_or_may_be_is_no_finding(
    findings: dict[str, list[Finding]], code: str
) -> None:
    assert findings[code] == []


def test_a_slip_is_told_what_it_was_meant_to_be(tmp_path: Path, environment: Environment) -> None:
    page = pages.notebook(tmp_path, "import nbformat\nnbformat.v4.new_code_cel()")
    (finding,) = found(tmp_path, environment, page)
    assert str(finding.message) == "`nbformat.v4` has no `new_code_cel` in tests-1."
    assert str(finding.suggestion) == "Did you mean `new_code_cell`?"


def test_each_cell_that_repeats_a_mistake_has_a_finding(
    tmp_path: Path, environment: Environment
) -> None:
    cells = ("import textwrap", "textwrap.fil('a')\ntextwrap.fil('b')", "textwrap.fil('c')")
    page = pages.notebook(tmp_path, *cells)
    assert [finding.cell for finding in found(tmp_path, environment, page)] == [1, 2]


def test_what_only_shows_code_may_leave_arguments_out(
    tmp_path: Path, environment: Environment
) -> None:
    text = "```python\nimport textwrap\ntextwrap.fill()\ntextwrap.fil('a')\n```\n"
    page = pages.page(tmp_path, "page.md", text)
    assert [(one.line, one.kind) for one in found(tmp_path, environment, page)] == [(4, ATTRIBUTE)]


def test_names_in_the_text_of_a_page_are_looked_up(
    tmp_path: Path, environment: Environment
) -> None:
    text = ".. autofunction:: nbformat.v4.new_code_cel\n\n.. autofunction:: nbformat.v4.reads\n"
    page = pages.page(tmp_path, "page.rst", text)
    assert [(one.line, one.kind) for one in found(tmp_path, environment, page)] == [(1, ATTRIBUTE)]


def test_a_page_about_a_container_has_what_its_image_has(
    tmp_path: Path, environment: Environment
) -> None:
    text = "```bash\ndocker run -it image\n```\n\n```python\nimport no_such_thing\n```\n"
    assert found(tmp_path, environment, pages.page(tmp_path, "page.md", text)) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Before you begin, `pip install {}`.",
        "With `pip install {}`, the reader has what parses the notes.",
        "Did you `pip install {}`?",
        "Now `pip install {}`!",
        "Run `pip install {}`; it takes a minute.",
        "One command is needed: `pip install {}`:",
        "The rest is brought by (`pip install {}`).",
        "Before you begin, pip install {}.",
        "With pip install {}, the reader has what parses the notes.",
        "You need pip install `{}`, and nothing else.",
        "Type pip install wheel, {} and go on.",
        "开始之前，请先 `pip install {}`。",
        "先运行`pip install {}`，再继续。",
        "先 pip install {}，再继续。",
        "先 pip install {}。然后继续。",
        "运行 pip install wheel、{}即可！",
        "是否已经 pip install {}？",
        "（pip install {}）；",
        "所需命令：pip install {}：",
    ],
)
def test_a_sentence_with_the_command_tells_to_install_whatever_mark_follows(
    tmp_path: Path, environment: Environment, sentence: str
) -> None:
    use = "\n\n```python\nimport docutils\n```\n"
    for name, number in (("docutils", 0), ("docopt", 1)):
        text = sentence.format(name) + use
        page = pages.page(tmp_path, f"{name}.md", text)
        assert len(found(tmp_path, environment, page)) == number, text


@pytest.mark.parametrize(
    "sentence",
    [
        "Run `pip install wheel`, since docutils takes long.",
        "Run pip install wheel. docutils comes later.",
        "运行 pip install wheel。docutils 以后再说。",
    ],
)
def test_what_the_sentence_says_after_the_command_is_not_installed(
    tmp_path: Path, environment: Environment, sentence: str
) -> None:
    page = pages.page(tmp_path, "page.md", f"{sentence}\n\n```python\nimport docutils\n```\n")
    (finding,) = found(tmp_path, environment, page)
    assert finding.kind is PACKAGE


def test_a_module_beside_the_page_is_its_own(tmp_path: Path, environment: Environment) -> None:
    (tmp_path / "mine.py").touch()
    cells = ("%%writefile yours.py\nx = 1", "import mine\nmine.anything\nimport yours")
    assert found(tmp_path, environment, pages.notebook(tmp_path, *cells)) == []


def test_a_value_of_another_type_is_a_warning(tmp_path: Path, environment: Environment) -> None:
    cell = "import textwrap\ntextwrap.fill(4)\ntextwrap.fill(text=5)"
    (finding,) = found(tmp_path, environment, pages.notebook(tmp_path, cell))
    assert (finding.severity, finding.line) == (Severity.WARNING, finding.line)
    assert str(finding.message) == "`fill` is given a value of type `int`, but takes `str`."


def test_a_cell_that_is_to_raise_is_asked_nothing(tmp_path: Path, environment: Environment) -> None:
    cell = pages.code("import textwrap\ntextwrap.fill(textwrap, 1, 2, 3)\ntextwrap.nothing")
    cell.metadata["tags"] = ["raises-exception"]
    assert found(tmp_path, environment, pages.notebook(tmp_path, cell, "x = 1")) == []


def test_an_abbreviation_is_told_before_what_looks_alike(
    tmp_path: Path, environment: Environment
) -> None:
    page = pages.notebook(
        tmp_path, "import csv\ncsv.reader([], delimit=',')\nimport json\njson.dumps(1, separator=1)"
    )
    assert {str(one.suggestion) for one in found(tmp_path, environment, page)} <= {
        "Did you mean `separators`?",
        "Did you mean `delimiter`?",
    }


def test_an_installation_that_changes_in_place_is_asked_again(tmp_path: Path) -> None:
    site = tmp_path / "lib" / "python3.11" / "site-packages"
    source = tmp_path / "elsewhere" / "sea.py"
    info = site / "sea-1.dist-info"
    for folder in (info, source.parent):
        folder.mkdir(parents=True)
    url = {"url": source.parent.as_uri(), "dir_info": {"editable": True}}
    (info / "direct_url.json").write_text(json.dumps(url), encoding="utf-8")
    digests = set()
    for text in ("x = 1", "x = 1\ny = 2", "x = 1\ny = 2"):
        source.write_text(text, encoding="utf-8")
        os.utime(source, ns=(1, len(text)))
        digests.add(installed_files.digest(site))
    assert len(digests) == 2
    (site / "sea.pth").write_text(f"{tmp_path / 'another'}\n", encoding="utf-8")
    assert installed_files.digest(site) not in digests


def test_answers_are_kept_and_not_asked_for_again(environment: Environment) -> None:
    told: list[Text] = []
    question = InterfaceQuestion("textwrap.shorten")
    first = asking.ask(environment, [question], told.append)
    assert [str(one) for one in told] == ["Asking tests-1 about 1 names and calls."]
    assert asking.ask(environment, [question], told.append) == first
    assert len(told) == 1


def test_a_question_that_ends_the_process_stays_undecided(tmp_path: Path) -> None:
    deadly = tmp_path / "deadly.py"
    deadly.write_text("import os\nos._exit(7)\n", encoding="utf-8")
    environment = environment_of(tmp_path)
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\nPYTHONPATH={tmp_path} exec {sys.executable} "$@"\n', encoding="utf-8"
    )
    python.chmod(0o755)
    told: list[Text] = []
    fields = {name: getattr(environment, name) for name in environment.__dataclass_fields__}
    questions = [
        InterfaceQuestion("deadly.x"),
        InterfaceQuestion("deadly.y"),
        InterfaceQuestion("textwrap.fill"),
        InterfaceQuestion("zipfile.nothing"),
    ]
    asked = asking.ask(Environment(**fields | {"python": python}), questions, told.append)
    assert [asked[one].verdict for one in questions] == [
        Verdict.UNDECIDED,
        Verdict.UNDECIDED,
        Verdict.FINE,
        Verdict.MISSING,
    ]
    (_, dies) = told
    assert str(dies) == "Not all of deadly could be checked: tests-1 dies when it is looked at."
