"""Seeds, samplers, idle arguments, and loops of PyTorch's."""

from pathlib import Path

import pytest

from tests.rules.method.pairs import found, holds
from verify.finding import FindingKind

FL = "from secretflow.ml.nn import FLModel\nmodel = FLModel(device_list=['a', 'b']{more})\n"
UNUSED = [
    (("from torch.utils.data import DataLoader, RandomSampler\n"
     "def load(rows):\n    sampler = RandomSampler(rows)\n"
     "    return DataLoader(rows, @@)\n"), "batch_size=3", "sampler=sampler"),
    (("import torch\nfrom torch.utils.data import DataLoader\n"
     "def load(rows):\n    drawn = torch.Generator().manual_seed(5)\n"
     "    return DataLoader(rows, shuffle=True@@)\n"), "", ", generator=drawn"),
    (("import random\ndef load(rows, shuffle=True, seed=1):\n"
     "    if shuffle:\n        random.seed(seed)\n        random.shuffle(rows)\n    return rows\n"
     "model.fit(load([1, 2], shuffle=@@, seed=8))\n"), "False", "True"),
]  # fmt: skip
IDLE = [
    (("import tensorflow as tf\nrows = tf.data.Dataset.range(9).@@\n"
     "model = tf.keras.Sequential([tf.keras.layers.Dense(1)])\n"
     "model.fit(rows, batch_size=3)\n"), "batch(3)", "as_numpy_iterator()"),
    (("from sklearn.model_selection import train_test_split\n"
     "a, b = train_test_split(rows, shuffle=@@, random_state=5)\n"), "False", "True"),
    (FL.format(more="@@") + "model.fit(x, y, dp_spent_step_freq=4)\n", "", ", dp_strategy=noise"),
    (FL.format(more="") + "from store import build\n"
     "model.fit({'a': '1', 'b': '2'}, 'y', batch_size=8@@)\n",
     ", dataset_builder={'a': build, 'b': build}", ""),
]  # fmt: skip
LOOP = (
    "import torch\nfrom torch import nn\n"
    "class Net(nn.Module):\n"
    "    def __init__(self):\n        super().__init__()\n        self.norm = nn.BatchNorm1d(8)\n"
    "    def forward(self, x):\n        return self.norm(x)\n"
    "def train(net, batches, optimizer):\n    for x, y in batches:\n        {clear}\n"
    "        nn.functional.mse_loss(net(x), y).backward()\n        optimizer.step()\n"
    "def test(net, batches):\n    {mode}\n    with torch.no_grad():\n"
    "        return [net(x) for x, y in batches] or [0 for x in batches]\n"
)
TESTED = LOOP.replace(
    "        return [net(x) for x, y in batches] or [0 for x in batches]\n",
    "        for x, y in batches:\n            print(net(x), y)\n",
)
LOOPS = [
    (LOOP.format(clear="@@", mode="net.eval()"), "pass", "optimizer.zero_grad()"),
    (TESTED.format(clear="optimizer.zero_grad()", mode="@@"), "pass  # 评估", "net.eval()  # 评估"),
    (TESTED.format(clear="net.zero_grad()", mode="@@"), "print(net)", "net.train(False)"),
]


@pytest.mark.parametrize(("source", "wrong", "right"), UNUSED)
def test_chance_that_nothing_uses(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.UNUSED_CHANCE)


@pytest.mark.parametrize(("source", "wrong", "right"), IDLE)
def test_idle_arguments(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.NO_EFFECT)


@pytest.mark.parametrize(("source", "wrong", "right"), LOOPS)
def test_loops(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.TRAINING_LOOP)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("seed = 5\nmodel.fit(x)\n", 1),
        ("seed = 5\nmodel.fit(x, seed=seed)\n", 0),
        ("seed = 5\n# %%\n!train --seed {seed}\n# %%\nmodel.fit(x)\n", 0),
    ],
)
def test_a_seed_of_a_notebook(tmp_path: Path, source: str, told: int) -> None:
    assert len(found(tmp_path, source, FindingKind.UNUSED_CHANCE)) == told


def test_a_sampler_of_a_text_that_loads_without_it(tmp_path: Path) -> None:
    source = (
        "from torch.utils.data import DataLoader, RandomSampler\n"
        "order = RandomSampler(rows)\nbatches = DataLoader(rows, 5@@)\n"
    )
    holds(tmp_path, source, "", ", sampler=order", FindingKind.UNUSED_CHANCE)


def test_a_text_may_show_the_use_of_a_seed_elsewhere(tmp_path: Path) -> None:
    source = "seed = 5\nmodel.fit(x)\n"
    assert found(tmp_path, source, FindingKind.UNUSED_CHANCE, name="page.md") == []
