"""What is trained on, validated on, fitted on and given to whom."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.method.pairs import found, holds
from verify.finding import FindingKind
from verify.rules import method

TRAINED_ON = [
    (("from tensorflow import keras\n"
     "x, y = load('barley')\nu, v = load('wheat')\n"
     "model = keras.Sequential([keras.layers.Dense(1)])\n"
     "# 训练\nmodel.fit(x, y, validation_data=(@@), epochs=4)\n"), "x, y", "u, v"),
    (("from secretflow.ml.nn import FLModel\n"
     "from store import barley, wheat\n"
     "model = FLModel(device_list=['a', 'b'])\n"
     "model.fit(barley.x, barley.y, validation_data=(@@.x, @@.y))\n"), "barley", "wheat"),
    (("import tensorflow as tf\n"
     "rows = tf.data.Dataset.range(90).shuffle(90@@).map(read)\n"
     "a = rows.take(60)\nb = rows.skip(60)\nmodel.fit(a)\n"),
     "", ", reshuffle_each_iteration=False"),
    (("from torch.utils.data import DataLoader\n"
     "train_loader = DataLoader(barley, batch_size=4, shuffle=True)\n"
     "test_loader = DataLoader(@@, batch_size=4)\n"), "barley", "wheat"),
    (("from torch.utils.data import DataLoader\n"
     "def load():\n"
     "    trainloader = DataLoader(barley, batch_size=4)\n"
     "    valloader = DataLoader(barley, batch_size=4@@)\n"
     "    return trainloader, valloader\n"), "", ", sampler=held_out"),
    (("from torch.utils.data import DataLoader\nfrom torchvision import datasets\n"
     "train_set = datasets.KMNIST('.', train=True)\ntest_set = datasets.KMNIST('.', train=@@)\n"
     "loader = DataLoader(train_set)\n"), "True", "False"),
    (("from secretflow.ml.nn import FLModel\n"
     "def builder(path, stage='train'):\n"
     "    import tensorflow as tf\n"
     "    one, other = tf.data.Dataset.list_files(path), tf.data.Dataset.range(3)\n"
     "    if stage == 'train':\n        return one, 5\n    else:\n        return @@, 5\n"
     "model = FLModel(device_list=['a', 'b'])\n"
     "model.fit({'a': 'x', 'b': 'y'}, None, validation_data={'a': 'x', 'b': 'y'},\n"
     "          dataset_builder={'a': builder, 'b': builder})\n"), "one", "other"),
]  # fmt: skip
OVERLAPPING = [
    (("from store import rows\ntrain_x = rows[:70]\ntest_x = rows[@@:]\n"
     "model.fit(train_x, y)\n"), "60", "70"),
    (("import tensorflow as tf\nrows = tf.data.Dataset.range(90)\n"
     "held_out = rows.take(20)\nfor_training = rows.@@\nmodel.fit(for_training)\n"),
     "take(70)", "skip(20).take(70)"),
    (("from store import rows\n@@train = rows[:70]\nval = rows[:30]\nmodel.fit(train)\n"), "",
     "train = rows[30:]\n"),
]  # fmt: skip
FITTED = [
    (("from sklearn.preprocessing import MinMaxScaler\n"
     "from sklearn.model_selection import train_test_split\n"
     "x = read()\n@@"), "x = MinMaxScaler().fit_transform(x)\na, b = train_test_split(x)\n",
     "a, b = train_test_split(x)\na = MinMaxScaler().fit_transform(a)\n"),
    (("from secretflow.preprocessing.scaler import StandardScaler\n"
     "from secretflow.data.split import train_test_split\n"
     "from store import x\nscaler = StandardScaler()\n@@"),
     "z = scaler.fit_transform(x)\na, b = train_test_split(z, train_size=0.7)\n",
     "a, b = train_test_split(x, train_size=0.7)\na = scaler.fit_transform(a)\n"),
    (("from sklearn.decomposition import PCA\n"
     "from sklearn.model_selection import train_test_split\n"
     "from sklearn.datasets import load_digits\n"
     "x = load_digits().data\npca = PCA(9)\n@@"),
     "pca.fit(x)\na, b = train_test_split(pca.transform(x))\n",
     "pca.fit(x)\nshow(pca.transform(x))\na, b = train_test_split(x)\n"),
    (("from sklearn.preprocessing import @@\n"
     "from sklearn.model_selection import train_test_split\n"
     "def prepare(x):\n    x = @@().fit_transform(x)\n    return train_test_split(x)\n"
     "a, b = prepare(read())\n"), "RobustScaler", "OrdinalEncoder"),
]  # fmt: skip
ORDERED = [
    (("from torch.utils.data import DataLoader, SubsetRandomSampler\n"
     "from torchvision import datasets\nimport numpy as np\n"
     "def make(mixed, seed):\n"
     "    leaves = datasets.ImageFolder('leaves')\n    at = list(range(len(leaves)))\n"
     "    if mixed:\n        np.random.shuffle(at)\n"
     "    one, other = SubsetRandomSampler(at[:50]), SubsetRandomSampler(at[50:])\n"
     "    return DataLoader(leaves, sampler=one), DataLoader(leaves, sampler=other)\n"
     "a, b = make(mixed=@@, seed=3)\n"), "False", "True"),
    (("from sklearn.datasets import load_iris\n"
     "from sklearn.model_selection import train_test_split\n"
     "x, y = load_iris(return_X_y=True)\n"
     "a, b, c, d = train_test_split(x, y, @@)\n"), "shuffle=False", "stratify=y"),
    (("from tensorflow import keras\n"
     "leaves = keras.utils.image_dataset_from_directory(\n"
     "    'leaves', validation_split=0.2, subset='training', @@)\n"
     "model.fit(leaves)\n"), "shuffle=False", "seed=4"),
    (("from torch.utils.data import DataLoader\nfrom torchvision.datasets import ImageFolder\n"
     "def loader(path):\n    train = DataLoader(ImageFolder(path), batch_size=4@@)\n"
     "    return train\n"), "", ", shuffle=True"),
]  # fmt: skip
SAME = [
    (("import secretflow as sf\nfrom secretflow.ml.nn import FLModel\n"
     "a, b = sf.PYU('a'), sf.PYU('b')\nmodel = FLModel(device_list=[a, b])\n"
     "# 各方的数据\nmodel.fit({a: 'one.csv', b: '@@.csv'}, 'label', epochs=2)\n"), "one", "two"),
    (("import secretflow as sf\nfrom secretflow.ml.nn import FLModel\nfrom store import fetch\n"
     "def builder(part):\n"
     "    def build(path, stage='train'):\n        return fetch(path, part, stage), 9\n"
     "    return build\n"
     "a, b = sf.PYU('a'), sf.PYU('b')\nmodel = FLModel(device_list=[a, b])\npath = fetch('all')\n"
     "model.fit({a: path, b: path}, None, dataset_builder={a: builder(0), b: builder(@@)})\n"),
     "0", "1"),
    (("import secretflow as sf\nfrom secretflow.ml.nn import FLModel, SLModel\n"
     "a, b = sf.PYU('a'), sf.PYU('b')\nmodel = @@({a: 1, b: 2})\n"
     "model.fit({a: 'one.csv', b: 'one.csv'}, 'label')\n"), "FLModel", "SLModel"),
    (("import secretflow as sf\nelm, oak = sf.PYU('elm'), sf.PYU('oak')\n"
     "def cut(first, last):\n    return read('one.csv')[first:last]\n"
     "left = elm(cut, num_returns=1)(0, 40)\nright = oak(cut, num_returns=1)(@@)\n"),
     "0, 40", "40, 80"),
    (("from grove import Federation, owner\na, b = owner('a'), owner('b')\n"
     "model = Federation([a, b])\nmodel.fit({a: 'one.csv', b: '@@.csv'}, epochs=2)\n"),
     "one", "two"),
    (("# @@\nfrom grove import Federation, owner\na, b = owner('a'), owner('b')\n"
     "model = Federation([a, b])\nmodel.fit({a: 'one.csv', b: 'one.csv'}, epochs=2)\n"),
     "A horizontal federation.", "A vertical federation."),
]  # fmt: skip


@pytest.mark.parametrize(("source", "wrong", "right"), TRAINED_ON)
def test_validation_on_training_data(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.TRAINED_ON)


@pytest.mark.parametrize(("source", "wrong", "right"), OVERLAPPING)
def test_parts_that_share_rows(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    told = holds(tmp_path, source, wrong, right, FindingKind.TRAINED_ON)
    assert "share samples" in str(told.message)


@pytest.mark.parametrize(("source", "wrong", "right"), FITTED)
def test_fitted_before_the_split(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.FITTED_BEFORE_SPLIT)


@pytest.mark.parametrize(("source", "wrong", "right"), ORDERED)
def test_ordered_by_class(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.ORDERED_SPLIT)


@pytest.mark.parametrize(("source", "wrong", "right"), SAME)
def test_all_parties_have_the_same(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.SAME_SAMPLES)


@pytest.mark.parametrize(
    ("trained", "held", "text", "told"),
    [
        ("[0 1 2]", "[2 0 1]", "", 0),
        ("[0 1 2]", "[0 2]", "", 1),
        ("[0 1]", "[0 1 2]", "", 1),
        ("[0 1 2]", "[0 2]", "One class is missing from the second part.", 0),
    ],
)
def test_classes_that_a_page_prints(
    tmp_path: Path, trained: str, held: str, text: str, told: int
) -> None:
    cell = pages.code(
        "print(np.unique(y_train))\nprint('of the test', np.unique(y_test))",
        pages.printed(f"{trained}\nof the test {held}\n"),
    )
    page = pages.notebook(tmp_path, pages.prose(f"Parts. {text}"), cell, "model.fit(x, y_train)")
    kinds = [one.kind for one in method.check(pages.site(tmp_path, page))]
    assert kinds == [FindingKind.ORDERED_SPLIT] * told


def test_builders_for_parts_that_only_a_run_knows_may_differ(tmp_path: Path) -> None:
    wrong = next(source for source, *_ in SAME if "builder(@@)" in source).replace("@@", "0")
    assert len(found(tmp_path, wrong, FindingKind.SAME_SAMPLES)) == 1
    right = wrong.replace("builder(0)", "builder(fetch('parts'))")
    assert found(tmp_path, right, FindingKind.SAME_SAMPLES) == []


def test_a_loader_of_a_name_that_is_given_anew_is_another(tmp_path: Path) -> None:
    source = (
        "from torch.utils.data import DataLoader\n"
        "rows = read('barley')\ntrain_loader = DataLoader(rows)\n"
        "rows = read('wheat')\ntest_loader = DataLoader(rows)\n"
    )
    assert found(tmp_path, source, FindingKind.TRAINED_ON) == []


def test_a_finding_stands_where_the_code_is_written(tmp_path: Path) -> None:
    source = (
        "from torch.utils.data import SubsetRandomSampler\nfrom torchvision import datasets\n"
        "def make():\n    at = list(range(len(datasets.ImageFolder('x'))))\n"
        "    return SubsetRandomSampler(at[:5]), SubsetRandomSampler(at[5:])\n"
        "# %%\nx = 1\n# %%\na, b = make()\n"
    )
    (told,) = found(tmp_path, source, FindingKind.ORDERED_SPLIT)
    assert told.cell == 0
    assert "SubsetRandomSampler(at[:5])" in told.file.read_text().split("\n")[told.line - 1]


SCORED = (
    "from sklearn.linear_model import LogisticRegression\n"
    "from sklearn.metrics import roc_auc_score\n"
    "from store import x, y, u, v\nmodel = LogisticRegression()\nmodel.fit(x, y)\n"
    "print(roc_auc_score(@@))\n"
)


def test_a_score_on_what_was_fitted(tmp_path: Path) -> None:
    wrong, right = "y, model.predict_proba(x)[:, 1]", "v, model.predict_proba(u)[:, 1]"
    holds(tmp_path, SCORED, wrong, right, FindingKind.TRAINED_ON)


@pytest.mark.parametrize("text", ["The AUC on the training data is:", "训练集上的 AUC："])
def test_a_score_on_what_was_fitted_may_be_said_to_be_one(tmp_path: Path, text: str) -> None:
    source = SCORED.replace("@@", "y, model.predict(x)")
    page = pages.notebook(tmp_path, pages.prose(text), source)
    assert list(method.check(pages.site(tmp_path, page))) == []
