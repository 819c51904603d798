"""How far something reaches that begins in a page's code: far enough, and not everywhere."""

import ast
from collections.abc import Iterator

import pytest

from verify.page.code import flow, origins
from verify.page.code.origins import ChangedPlace
from verify.page.page import Block
from verify.system.words import Text


def cells(*sources: str) -> list[Block]:
    return [Block(source, 1, "python", index, kind="code") for index, source in enumerate(sources)]


def begins(_: Block, node: ast.AST) -> Iterator[str]:
    """It begins at the number 50."""
    if isinstance(node, ast.Constant) and node.value == 50:
        yield "fifty"


def reached(*sources: str) -> list[int]:
    return list(flow.reached(cells(*sources), begins))


@pytest.mark.parametrize(
    ("sources", "expected"),
    [
        (("a = 50", "b = a + 1", "print(b)", "print(1)"), [0, 1, 2]),
        (("a = 50", "a = 1", "print(a)"), [0]),
        (("a = 50", "a += 1", "print(a)"), [0, 1, 2]),
        (("a = []", "a.append(50)", "print(a)"), [1, 2]),
        (("a = {}", "a['n'] = 50", "print(a)"), [1, 2]),
        (("a = b = 50", "print(b)"), [0, 1]),
        (("for i in range(50):\n    total = i", "print(total)"), [0, 1]),
        (("if x > 50:\n    y = 1", "print(y)"), [0, 1]),
        (("with open(f) as g:\n    a = 50\n    b = 1", "print(b)", "print(a)"), [0, 2]),
        (("with make(50) as g:\n    b = 1", "print(b)", "print(g)"), [0, 2]),
        (("try:\n    a = 1\nexcept E:\n    a = 50", "print(a)"), [0, 1]),
        # The page's own functions, by what they read when they are called.
        (("def f():\n    return 50", "print(1)", "print(f())"), [2]),
        (("n = 1", "def f():\n    return n", "n = 50", "print(f())"), [2, 3]),
        (("n = 50", "def f():\n    return n", "n = 1", "print(f())"), [0]),
        (("def f():\n    return g()", "def g():\n    return 50", "print(f())"), [2]),
        (("class A:\n    def f(self):\n        return 50", "a = A()", "print(a.f())"), [1, 2]),
        (("def f(m):\n    m.n = 50", "f(model)", "print(model)"), [1, 2]),
        # Objects that are trained, files that are written and read.
        (("m = M()", "m.fit(x, epochs=50)", "print(m.loss)"), [1, 2]),
        (("d = load(50)", "np.savez('x/d.npz', d=d)", "e = np.load('x/d.npz')", "e"), [0, 1, 2, 3]),
        (("save(50, 'd.csv')", "!head d.csv", "!head e.csv"), [0, 1]),
        (("save(50, 'd.csv')", "%%!\ncat ./d.csv", "%%!\ncat ./e.csv"), [0, 1]),
        # A module is what it was, whatever it is given; what is shown stays as well.
        (("import plt\na = 50", "plt.plot(a)", "plt.show()"), [0, 1]),
        (("a = 50\nb = 1", "print(b)", "print(a, b)", "print(b)"), [0, 2]),
        (("a = (", "b = 50", "print(b)"), [1, 2]),
    ],
)
def test_what_is_reached(sources: tuple[str, ...], expected: list[int]) -> None:
    assert reached(*sources) == expected


def chance(*sources: str) -> dict[int, tuple[Text, ...]]:
    code = cells(*sources)
    return dict(flow.reached(code, origins.chance(code)))


@pytest.mark.parametrize(
    ("seeded", "drawing"),
    [
        ("np.random.seed(1)", "import numpy as np\na = np.random.rand(2)"),
        ("random.seed(1)", "import random\na = random.choice(b)"),
        ("torch.manual_seed(1)", "import torch\na = torch.nn.Linear(2, 2)"),
        ("tf.random.set_seed(1)", "import tensorflow as tf\na = tf.keras.layers.Dense(2)"),
        (
            "keras.utils.set_random_seed(1)",
            "from tensorflow.keras import layers\na = layers.Dense(2)",
        ),
        ("np.random.seed(1)", "import numpy as np\na = df.sample(frac=0.5)"),
        (
            "np.random.seed(1)",
            "from sklearn.model_selection import train_test_split\na = train_test_split(x)",
        ),
    ],
)
def test_a_draw_is_chance_unless_it_has_been_seeded(seeded: str, drawing: str) -> None:
    imports, draw = drawing.split("\n")
    root = "import numpy as np, random, torch, keras\nimport tensorflow as tf\n"
    assert set(chance(imports, draw, "print(a)")) == {1, 2}
    assert chance(root + seeded, imports, draw, "print(a)") == {}
    assert set(chance(imports, draw, "print(a)", root + seeded)) == {1, 2}


@pytest.mark.parametrize(
    ("unseeded", "seeded"),
    [
        ("df.sample(frac=0.5)", "df.sample(frac=0.5, random_state=1)"),
        ("numpy.random.default_rng()", "numpy.random.default_rng(7)"),
        ("numpy.random.RandomState()", "numpy.random.RandomState(seed=7)"),
        ("DataLoader(x, shuffle=True)", "DataLoader(x, shuffle=True, generator=g)"),
        ("DataLoader(x, shuffle=True)", "DataLoader(x, shuffle=False)"),
        ("x.shuffle(100)", "x.shuffle(100, seed=1)"),
        ("sklearn.cluster.KMeans(3)", "sklearn.cluster.KMeans(3, random_state=0)"),
        ("sklearn.cluster.KMeans(3, random_state=None)", "sklearn.linear_model.Ridge()"),
        ("io.make_shares(x)", "io.make_shape(x)"),
        ("time.time()", "time.sleep(1)"),
        ("torch.cuda.is_available()", "torch.is_tensor(x)"),
        ("jax.devices()", "jax.jit(f)"),
    ],
)
def test_what_gives_a_seed_or_draws_nothing_is_no_chance(unseeded: str, seeded: str) -> None:
    imports = "import numpy, sklearn, time, torch, jax"
    assert set(chance(imports, f"a = {unseeded}", "print(a)")) == {1, 2}
    assert chance(imports, f"a = {seeded}", "print(a)") == {}


def test_a_machine_lists_files_in_its_own_order() -> None:
    assert chance("!ls pears")[0] == (origins.LISTED,)
    assert chance("x = !ls pears")[0] == (origins.LISTED,)
    assert chance("!cat pears/ls") == {}


def test_chance_is_told_in_words() -> None:
    found = chance("import numpy as np", "a = np.random.rand(2)", "print(a)")
    assert list(map(str, found[2])) == ["numpy.random.rand draws without a seed (cell 1)"]
    assert chance("import torch", "torch.cuda.device_count()")[1] == (origins.EQUIPMENT,)


def changed(change: ChangedPlace, *sources: str) -> dict[int, tuple[Text, ...]]:
    code = cells(*sources)
    return dict(flow.reached(code, origins.changes(code, [change])))


def test_a_changed_expression_reaches_from_its_own_cell() -> None:
    sources = ("n = 50", "m = fit(epochs=50)", "print(m)", "print(n)")
    assert set(changed(ChangedPlace("epochs", 1, "50"), *sources)) == {1, 2}
    assert set(changed(ChangedPlace("epochs", 0, "50"), *sources)) == {0, 3}
    assert changed(ChangedPlace("epochs", 1, "51"), *sources) == {}
    assert changed(ChangedPlace("no code", 1, "5 0"), *sources) == {}


def test_a_replaced_file_reaches_from_where_its_address_stands() -> None:
    change = ChangedPlace("pears", url="https://a.b/pears.csv")
    sources = ("u = 'https://a.b/pears.csv'", "d = read(u)", "e = load_plums()", "print(e)")
    assert set(changed(change, *sources)) == {0, 1}


@pytest.mark.parametrize(
    ("source", "reached"),
    [
        ("d = read('./fruit/pears.dat')", True),
        ("d = read('fruit')", True),
        ("d = read('plums.dat')", False),
        ("d = read('pear')", False),
        ("!head fruit/pears.dat > x; d = 1", True),
    ],
)
def test_what_is_in_a_replaced_archive_reaches_from_where_it_is_opened(
    source: str, *, reached: bool
) -> None:
    change = ChangedPlace("pears", url="https://a.b/c.zip", holds=("fruit", "pears.dat"))
    assert set(changed(change, "!wget https://a.b/c.zip", "print(1)", source)) == (
        {0, 2} if reached else {0}
    )


@pytest.mark.parametrize(
    ("source", "reached"),
    [
        ("import pears.ripe as p\nd = p.pick()\nprint(d)", True),
        ("from pears import pick\nd = pick()\nprint(d)", True),
        ("def f():\n    import pears\n    return pears.pick()\nd = f()\nprint(d)", True),
        ("import pearson\nd = pearson.pick()\nprint(d)", False),
    ],
)
def test_a_package_in_another_version_reaches_what_uses_it(source: str, *, reached: bool) -> None:
    found = changed(ChangedPlace("pears 2", module="pears"), source, "print(d)")
    assert (1 in found) is reached


def test_a_file_that_is_written_through_a_name_passes_on_what_is_written() -> None:
    change = ChangedPlace("pears", url="https://a.b/pears.csv")
    sources = (
        "d = read('https://a.b/pears.csv')",
        "files = {1: open('own.csv', 'w'), 2: open('other.csv', 'w')}",
        "for file in files.values():\n    file.write('head')",
        "for one in d:\n    files[1].write(one)",
        "!head own.csv",
        "!head third.csv",
    )
    assert set(changed(change, *sources)) == {0, 3, 4}
    # A function of the page may write them.
    writes = (
        sources[0],
        "path = 'own.csv'",
        "def divide(data):\n    data.head().to_csv(path)",
        "divide(d)",
        "e = read(path)",
        "f = read('other.csv')",
    )
    assert set(changed(change, *writes)) == {0, 3, 4}
    # Also ones that it alone names.
    named = (
        sources[0],
        "def f():\n    d.to_csv(at + '/own.csv')",
        "f()",
        "!head own.csv",
        "!head x.csv",
    )
    assert set(changed(change, *named)) == {0, 2, 3}
    # Without what was loaded, nothing of it is in the files.
    assert set(changed(change, *sources[:3], "files[1].write('x')", *sources[4:])) == {0}


@pytest.mark.parametrize(
    ("source", "reached"),
    [
        ("d = load_pears()", True),
        ("from torchvision.models import alexnet\nd = alexnet()", True),
        ("from transformers import A\nd = A.from_pretrained('pear')", True),
        ("from sklearn.datasets import load_iris\nd = load_iris()", False),
        ("d = plant()", False),
    ],
)
def test_a_file_without_an_address_in_the_code_comes_from_any_loader(
    source: str, *, reached: bool
) -> None:
    found = changed(ChangedPlace("pears", url="https://a.b/pears.csv"), source, "print(d)")
    assert set(found) == ({0, 1} if reached else set())
