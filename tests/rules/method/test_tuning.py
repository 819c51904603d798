"""Fine-tuning as others write it: new heads, splits by seeds, trainers, scores of one part."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.method.pairs import found, holds
from verify.finding import FindingKind
from verify.rules import method, unused

ZOO = (
    "import torch\nfrom torch import nn\nfrom torchvision import datasets, models\n"
    "train_set = datasets.KMNIST('.', train=True)\n"
    "net = models.regnet_y_400mf(weights='IMAGENET1K_V1')\n"
)
STEP = (
    "loss = nn.CrossEntropyLoss()\nopt = torch.optim.SGD(net.fc.parameters(), lr=0.01)\n"
    "for x, y in load(train_set):\n    opt.zero_grad()\n    loss(net(x), y).backward()\n"
    "    opt.step()\n"
)
IRIS = "from sklearn.datasets import load_wine\nx, y = load_wine(return_X_y=True)\n"
SPLIT = IRIS + (
    "from sklearn.model_selection import train_test_split\n"
    "from sklearn.preprocessing import RobustScaler\nfrom sklearn.svm import SVC\n"
)
PARTS = "a, b, c, d = train_test_split(x, y)\n"
FOLDER = (
    "from tensorflow import keras\nread = keras.utils.image_dataset_from_directory\n"
    "train = read('herbs', validation_split=0.3, subset='training', seed=5)\n"
    "valid = read('herbs', validation_split=0.3, subset=@@)\n"
    "keras.Sequential([keras.layers.Dense(4)]).fit(train, validation_data=valid)\n"
)
TWO_SPLITS = (
    "from secretflow.data.split import train_test_split\nfrom store import x, y\n"
    "a, b = train_test_split(x, train_size=0.7, random_state=4)\n"
    "c, d = train_test_split(y, train_size=0.7, random_state=@@)\n"
    "model = SLModel({})\nmodel.fit(a, c)\n"
)
LIGHTNING = (
    "from torch.utils.data import DataLoader\nimport lightning\nfrom store import net, one, other\n"
    "lightning.Trainer().fit(net, DataLoader(one, shuffle=True), DataLoader(@@))\n"
)
FACES = (
    "from transformers import Trainer\nfrom store import model, rows\n"
    "trainer = Trainer(model, train_dataset=rows['train'], eval_dataset=rows[@@])\n"
    "model.fit()\n"
)
Pair = tuple[str, str, str, FindingKind]
PAIRS: list[Pair] = [
    (f"{ZOO}net.fc = nn.Linear(440, @@)\n{STEP}", "100", "10", FindingKind.OUTPUT_LAYER),
    (f"{ZOO}K = @@\nnet.fc = nn.Linear(440, K)\n{STEP}", "9", "10", FindingKind.OUTPUT_LAYER),
    (f"{ZOO}net.fc = nn.Sequential(nn.Linear(440, 10)@@)\n{STEP}", ", nn.Softmax(dim=1)",
     ", nn.Dropout(0.1)", FindingKind.OUTPUT_LAYER),
    (f"{ZOO}@@{STEP}",
     "net.fc = nn.Linear(440, 10)\nfor p in net.parameters():\n    p.requires_grad = False\n",
     "for p in net.parameters():\n    p.requires_grad = False\nnet.fc = nn.Linear(440, 10)\n",
     FindingKind.FROZEN_RANDOM),
    (f"{ZOO}net.fc = nn.Linear(440, 10)\n{STEP}".replace("net.fc.parameters(), lr=0.01", "@@"),
     "net.parameters(), lr=0.1", "net.parameters(), lr=0.001", FindingKind.UNFROZEN_BASE),
    ((f"{ZOO}net.fc = nn.Linear(440, 10)\n{STEP}@@with torch.no_grad():\n"
      "    right = sum(count(net(x), y) for x, y in load(train_set))\n"),
     "", "net.eval()\n", FindingKind.TRAINING_LOOP),
    (f"{IRIS}@@from sklearn.svm import SVC\nmodel = SVC().fit(x[:120], y[:120])\n",
     "", "from numpy.random import permutation\nn = permutation(178)\nx, y = x[n], y[n]\n",
     FindingKind.ORDERED_SPLIT),
    (f"{SPLIT}@@{PARTS}SVC().fit(a, c)\n", "x = (x - x.min(axis=0)) / (x.max(axis=0) - x.min())\n",
     "x = x / 255\n", FindingKind.FITTED_BEFORE_SPLIT),
    (f"{SPLIT}{PARTS}s = RobustScaler().fit(a)\nSVC().fit(s.transform(a), c)\nz = s.@@(b)\n",
     "fit_transform", "transform", FindingKind.FITTED_BEFORE_SPLIT),
    (f"{SPLIT}{PARTS}model = SVC().fit(a, c)\nprint('Score:', model.score(@@))\n",
     "a, c", "b, d", FindingKind.TRAINED_ON),
    (FOLDER, "'validation', seed=6", "'validation', seed=5", FindingKind.TRAINED_ON),
    (FOLDER, "'training', seed=5", "'validation', seed=5", FindingKind.TRAINED_ON),
    (LIGHTNING, "one", "other", FindingKind.TRAINED_ON),
    (FACES, "'train'", "'test'", FindingKind.TRAINED_ON),
    (("from tensorflow import keras\nfrom store import x, y, u, v\n"
      "keras.Sequential([keras.layers.Dense(1)]).fit(x, y, validation_data=(@@))\n"),
     "x[:90], y[:90]", "u[:90], v[:90]", FindingKind.TRAINED_ON),
    (("from torch.utils.data import DataLoader\nfrom torchvision.datasets import ImageFolder\n"
      "train_set = ImageFolder('herbs/train')\nvalid_set = ImageFolder('herbs/@@')\n"
      "loaders = [DataLoader(train_set, shuffle=True), DataLoader(valid_set)]\n"),
     "train", "valid", FindingKind.TRAINED_ON),
    (TWO_SPLITS, "5", "4", FindingKind.MIXED_UP),
    (("from tensorflow import keras\n"
      "base = keras.applications.VGG16(include_top=False, weights='imagenet')\n"
      "base.trainable = @@\nhead = keras.layers.Dense(3, activation='softmax')\n"
      "model = keras.Sequential([base, head])\n"
      "model.compile('adam', 'categorical_crossentropy')\nmodel.fit(x, y)\n"),
     "True", "False", FindingKind.UNFROZEN_BASE),
]  # fmt: skip


@pytest.mark.parametrize(("source", "wrong", "right", "kind"), PAIRS)
def test_it_tells_one_side_of_a_pair(
    tmp_path: Path, source: str, wrong: str, right: str, kind: FindingKind
) -> None:
    """In a notebook, in Markdown and in reStructuredText."""
    assert str(holds(tmp_path, source, wrong, right, kind).message)


def test_a_folder_that_is_taken_apart_later_may_be_read_twice(tmp_path: Path) -> None:
    """Each part has transforms of its own then."""
    source = (
        "from torch.utils.data import DataLoader, Subset\n"
        "from torchvision.datasets import ImageFolder\n"
        "train_set = ImageFolder('herbs', bright)\nvalid_set = ImageFolder('herbs', plain)\n"
        "a, b = Subset(train_set, first), Subset(valid_set, rest)\nDataLoader(a, shuffle=True)\n"
    )
    assert found(tmp_path, source, FindingKind.TRAINED_ON) == []


def test_a_training_score_beside_the_score_of_a_test_is_none(tmp_path: Path) -> None:
    """A reader sees both."""
    source = f"{SPLIT}{PARTS}model = SVC().fit(a, c)\nprint(model.score(a, c), model.score(b, d))\n"
    assert found(tmp_path, source, FindingKind.TRAINED_ON) == []


@pytest.mark.parametrize(("last", "told"), [("print(share)", 1), ("", 0)])
def test_a_revealed_value_goes_somewhere(tmp_path: Path, last: str, told: int) -> None:
    """A call alone is shown only where its cell ends."""
    code = f"import secretflow as sf\nshare = sf.to(alice, 3)\nsf.reveal(share)\n{last}"
    page = pages.notebook(tmp_path, pages.code(code))
    kinds = [one.kind for one in method.check(pages.site(tmp_path, page))]
    assert kinds == [FindingKind.NEEDLESS_REVEAL] * told


def test_two_pages_that_are_the_same_are_judged_both(tmp_path: Path) -> None:
    """What is read once for both belongs to both."""
    cell = pages.code("import os\nimport re\n\nprint(re.escape('a'))")
    site = [pages.notebook(tmp_path, cell, name=name) for name in ("one.ipynb", "other.ipynb")]
    files = {one.file.name for one in unused.check(pages.site(tmp_path, *site))}
    assert files == {"one.ipynb", "other.ipynb"}
