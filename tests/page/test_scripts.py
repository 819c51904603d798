"""Each reason to leave a block out has a page that it fits, and one nearly alike that is run."""

from pathlib import Path

import pytest

from verify.page import reader, text_cells
from verify.page.code import scripts
from verify.page.code.scripts import Part

START = "import secretflow as sf\nsf.init(['a', 'b'], address='local')"


def text(*blocks: str) -> tuple[Part, ...]:
    """What becomes of a text's blocks; their lines are 4 and so on."""
    written = "# Pears\n\n" + "\n".join(f"```python\n{block}\n```\n" for block in blocks)
    page = text_cells.with_cells(reader.of_text(written, Path("page.md")))
    return scripts.of_page(page)


def notebook(*cells: str) -> tuple[Part, ...]:
    written = "".join(f"# %%\n{cell}\n" for cell in cells)
    return scripts.of_page(reader.of_text(written, Path("page.py")))


def reasons(*blocks: str) -> list[str]:
    """Why blocks are left out, nothing where they are run."""
    return [part.why.en if part.why else "" for part in text(*blocks)]


@pytest.mark.parametrize(
    ("left", "reason", "runs"),
    [
        (
            "ripe = count(pears)",
            "a fragment: `count` is defined nowhere on the page",
            "pears = [3]\ncount = len\nripe = count(pears)",
        ),
        (
            "def ripe():\n    return count(3)",
            "a fragment: `count` is defined nowhere on the page",
            "def ripe():\n    return range(3)",
        ),
        (
            "class Pear(Fruit):\n    pass",
            "a fragment: `Fruit` is defined nowhere on the page",
            "class Pear(dict):\n    pass",
        ),
        (
            "def grow(tree: Tree):\n    pass",
            "a fragment: `Tree` is defined nowhere on the page",
            "def grow(tree: int):\n    pass",
        ),
        (
            "class Pear:\n    def grow(self, days): ...",
            "a fragment: something is left out in line 5",
            "class Pear:\n    def grow(self, days): pass",
        ),
        (
            "print(1, ...)",
            "a fragment: something is left out in line 4",
            "from typing import Callable, Tuple\nt: Tuple[int, ...]\nf: Callable[..., int]",
        ),
        (
            "x = 1\n# ...\ny = 2",
            "a fragment: something is left out in line 5",
            "x = 1\n# some ...\ny = 2",
        ),
        (
            "x = 1\n# the rest is omitted",
            "a fragment: something is left out in line 5",
            "x = 1\n# the name can be omitted where there is but one of them",
        ),
        (
            "x = 1\n# 省略",
            "a fragment: something is left out in line 5",
            "x = 1\n# 只有一个时,名称参数在这里可以省略不写,也可以照常写出来",
        ),
        (
            "def grow(self, days):\n    pass",
            "a fragment: the method `grow` is shown without its class",
            "class Pear:\n    def grow(self, days):\n        pass",
        ),
        (
            "from .pears import Pear",
            "a fragment: `from .pears import` is an import from inside a package",
            "from pears import Pear",
        ),
        (
            "x = 1\nreturn x",
            "a fragment: it is the inside of a function",
            "def f():\n    x = 1\n    return x",
        ),
        (
            "docker run -it pears",
            "it is no Python that could be run (line 4 of the file)",
            "import pears\ndocker run -it pears",  # who copies this is told of an error
        ),
        (
            "import pears\neat(<your pear>)",
            "a fragment: something is left out in line 5",
            "import pears\neat(<your pear",
        ),
        (
            "import sys\nprint(sys.argv[1])",
            "a program to start from a terminal with arguments (`sys.argv`), not in a kernel",
            "import sys\nprint(sys.path[0])",
        ),
        (
            "import secretflow as sf\nalice = sf.PYU('alice')",
            (
                "a fragment: it uses the device `PYU`, and nothing before it on the page starts "
                "SecretFlow (`init`)"
            ),
            f"{START}\nalice = sf.PYU('alice')",
        ),
    ],
)
def test_a_fragment_is_left_out_and_what_looks_like_it_is_run(
    left: str, reason: str, runs: str
) -> None:
    assert reasons(left) == [reason]
    assert reasons(runs) == [""]


def test_a_name_may_come_from_a_block_before_but_not_from_one_after() -> None:
    assert reasons("pears = 3", "print(pears)") == ["", ""]
    assert reasons("print(pears)", "pears = 3") == [
        "a fragment: the page defines `pears` only further down, in line 8",
        "",
    ]
    # A function may use what is defined before it is called.
    assert reasons("def show():\n    print(pears)", "pears = 3\nshow()") == ["", ""]


def test_what_needs_a_block_that_is_left_out_is_left_out_as_well() -> None:
    assert reasons("pears = grow()", "print(pears)", "print(3)") == [
        "a fragment: `grow` is defined nowhere on the page",
        "it follows from a step that is left out: line 4 makes `pears`, and does not run",
        "",
    ]
    assert reasons("pears = grow()", "pears = 3", "print(pears)")[2] == ""


def test_an_import_of_everything_may_bring_any_name() -> None:
    assert reasons("from pears import *", "print(ripe)") == ["", ""]
    assert reasons("from pears import Pear", "print(ripe)")[1] != ""


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (
            "import secretflow as sf\nsf.init(['a'], address='192.0.2.7:9000')",
            "it needs a cluster: `sf.init` joins one that already runs at `192.0.2.7:9000`",
        ),
        (
            "import secretflow as sf\nsf.init(['a'], 'ip:port')",
            "it needs a cluster: `sf.init` joins one that already runs at `ip:port`",
        ),
        (
            "import ray\nhead = 'ray://pears.example:9000'\nray.init(head)",
            (
                "it needs a cluster: `ray.init` joins one that already runs at "
                "`ray://pears.example:9000`"
            ),
        ),
        (
            "import secretflow as sf\nsf.init(cluster_config={'self_party': 'bob'})",
            (
                "it needs a cluster: it is the part of the party `bob`, and the others run at the "
                "same time, each on its own"
            ),
        ),
        (
            "import secretflow as sf\nsf.init(cluster_config=dict(a=1))",
            (
                "it needs a cluster: with `cluster_config` each party runs on its own, all at the "
                "same time"
            ),
        ),
        (
            "import pears\ndef run(party):\n    pears.join(self_party=party)",
            "it needs a cluster: each of several parties starts this program, all at the same time",
        ),
        (
            f"{START}\nnodes = [{{'party': 'a', 'address': '192.0.2.7:9100'}}]",
            "it needs a cluster: it names another machine, `192.0.2.7:9100`",
        ),
    ],
)
def test_what_needs_a_cluster_says_so_before_it_runs(block: str, reason: str) -> None:
    for (part,) in (text(block), notebook(block)):
        assert part.why
        assert (part.why.en, part.cluster) == (reason, True)


@pytest.mark.parametrize(
    "block",
    [
        START,
        "import secretflow as sf\nsf.init(['a', 'b'])",
        "import secretflow as sf\nsf.init(['a'], address='local', cluster_config=None)",
        "import ray\nray.init(num_cpus=2)",
        "import ray\nray.init()\nray.init(address='auto')",
        "import pears\npears.init(address='192.0.2.7:9000')",
        f"{START}\nnodes = [{{'party': 'a', 'address': '127.0.0.1:9100'}}]",
    ],
)
def test_what_stays_on_this_machine_is_run(block: str) -> None:
    started = "import ray\nray.init()" if "auto" in block else "pears = 3"
    assert [part.why for part in notebook(started, block)] == [None, None]


def test_a_cluster_that_a_page_starts_itself_is_there() -> None:
    join = "import ray\nray.init(address='127.0.0.1:6379')"
    assert [part.cluster for part in notebook("pears = 3", join)] == [False, True]
    assert [part.cluster for part in notebook("!ray start --head", join)] == [False, False]


def test_of_a_notebook_only_what_needs_a_cluster_is_left_out_and_what_follows() -> None:
    cluster = "import secretflow as sf\nsf.init(['a'], address='ip:port')"
    parts = notebook("print(unknown)\n# ...", cluster, "a = sf.PYU('a')", "print(3)", START)
    assert [bool(part.why) for part in parts] == [False, True, True, False, False]
    assert not any(part.fresh for part in parts)


def fresh(*blocks: str) -> list[bool]:
    return [part.fresh for part in text(*blocks)]


def test_what_imports_and_initialises_anew_is_another_script() -> None:
    assert fresh(START, "alice = sf.PYU('a')", START) == [False, False, True]
    # The same script starts over.
    assert fresh(START, "sf.shutdown()\nsf.init(['a'])") == [False, False]
    # Nothing has been started before.
    assert fresh("import secretflow as sf", START) == [False, False]


def test_imports_may_have_a_block_of_their_own() -> None:
    imports, init = START.split("\n")
    assert fresh(imports, init, imports, init) == [False, False, True, False]
    assert fresh(imports, init, "pears = 3", init) == [False] * 4


def test_a_script_does_not_live_off_the_names_of_another() -> None:
    assert reasons(f"{START}\npears = 3", START, "print(pears)") == [
        "",
        "",
        "a fragment: `pears` belongs to another script of the page (line 4)",
    ]
    assert reasons(f"{START}\npears = 3", f"{START}\npears = 4", "print(pears)") == ["", "", ""]


def test_a_script_of_which_the_first_part_is_left_out_still_begins_anew() -> None:
    cluster = START.replace("local", "ip:port")
    parts = text(START, cluster, "print(3)")
    assert [(bool(part.why), part.fresh) for part in parts] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_words_are_in_both_languages() -> None:
    for part in text("ripe = count(3)", START.replace("local", "ip:port")):
        assert part.why
        assert part.why.zh != part.why.en
