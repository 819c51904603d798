"""Inputs, outputs, losses and weights of networks."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.method.pairs import found, holds
from tests.rules.pages import code, notebook, printed
from verify.finding import FindingKind
from verify.rules import method

SEQUENTIAL = (
    "from tensorflow import keras\nfrom tensorflow.keras import layers\n"
    "model = keras.Sequential([layers.Flatten(), @@)\n"
)
TORCH = (
    "import torch\nfrom torch import nn\nimport torch.nn.functional as F\n"
    "class Net(nn.Module):\n"
    "    def __init__(self):\n        super().__init__()\n"
    "        self.a = nn.Linear(8, 4)\n        self.b = nn.Linear(4, 3)\n"
    "    def forward(self, x):\n        x = F.relu(self.a(x))\n        x = self.b(x)\n"
    "        return @@\n"
    "def step(net, x, y):\n    nn.{loss}()(net(x), y).backward()\n"
)
LAYERS = [
    (
        (
            "from tensorflow import keras\n"
            "x = keras.Input(8)\ny = keras.layers.Dense(4@@)(x)\n"
            "y = keras.layers.Activation('linear', dtype='float32')(y)\n"
            "net = keras.Model(x, y)\nnet.compile(loss='categorical_crossentropy')\n"
        ),
        "",
        ", activation='softmax'",
    ),
    (SEQUENTIAL + "model.compile(loss='categorical_crossentropy')\n",
     "layers.Dense(1, activation='softmax')]", "layers.Dense(2, activation='softmax')]"),
    (SEQUENTIAL + "model.compile(loss=keras.losses.BinaryCrossentropy(from_logits=True))\n",
     "layers.Dense(1, activation='sigmoid')]", "layers.Dense(1)]"),
    (SEQUENTIAL + "model.compile(optimizer='sgd', loss='sparse_categorical_crossentropy')\n",
     "layers.Dense(6)]", "layers.Dense(6), layers.Softmax()]"),
    (SEQUENTIAL + "model.compile('sgd', 'sparse_categorical_crossentropy')\n",
     "layers.Dense(6, activation='sigmoid')]",
     "layers.Dense(6, activation=keras.activations.softmax)]"),
    (("from tensorflow import keras\n"
     "def make(n):\n    x = keras.Input(8)\n"
     "    y = keras.layers.Dense(n, activation='softmax')(x)\n"
     "    net = keras.Model(inputs=x, outputs=y)\n    net.compile(loss='@@')\n    return net\n"
     "make(5)\n"), "binary_crossentropy", "categorical_crossentropy"),
    (("from tensorflow import keras\n"
     "(x, y), (u, v) = keras.datasets.cifar10.load_data()\n"
     "model = keras.Sequential()\nmodel.add(keras.layers.Flatten())\n"
     "model.add(keras.layers.Dense(@@, activation='softmax'))\n"
     "model.compile(loss='sparse_categorical_crossentropy')\nmodel.fit(x / 255, y)\n"), "8", "10"),
    (TORCH.format(loss="CrossEntropyLoss"), "F.softmax(x, dim=1)", "x"),
    (TORCH.format(loss="CrossEntropyLoss"), "torch.softmax(x, 1)", "F.log_softmax(x, dim=1)"),
    (TORCH.format(loss="BCEWithLogitsLoss"), "torch.sigmoid(x)", "x"),
]  # fmt: skip
KERAS = (
    "from tensorflow import keras\nfrom tensorflow.keras.applications import {name}\n"
    "# 数据\npictures = keras.utils.image_dataset_from_directory('leaves')\n"
    "base = {name}(weights='imagenet', include_top=False, pooling='max')\n"
    "base.trainable = False\nscale = @@\nmodel = keras.Sequential([base, keras.layers.Dense(4)])\n"
    "model.fit(pictures)\n"
)
SHIFTED = KERAS.replace("scale = @@", "scale = lambda x: @@")
VISION = (
    "from torch.utils.data import DataLoader\nfrom torchvision import datasets, models\n"
    "from torchvision.transforms import Compose, Normalize, ToTensor\n"
    "leaves = datasets.ImageFolder('leaves', transform=Compose([ToTensor()]))\n"
    "loader = DataLoader(leaves, shuffle=True)\nnet = models.vgg11(@@)\n"
).replace("Normalize, ", "")
RANGES = [
    (KERAS.format(name="Xception"), "None", "keras.applications.xception.preprocess_input"),
    (KERAS.format(name="Xception"), "keras.layers.Rescaling(1 / 255)",
     "keras.layers.Rescaling(1 / 127.5, offset=-1)"),
    (SHIFTED.format(name="Xception"), "x / 255.0", "2 * (x / 255.0) - 1"),
    (KERAS.format(name="VGG19"), "None", "keras.applications.vgg19.preprocess_input"),
    (KERAS.format(name="EfficientNetV2S"), "keras.layers.Rescaling(1. / 255)", "None"),
    (VISION, "weights='IMAGENET1K_V1'", "weights=None"),
    (VISION, "pretrained=True", "pretrained=False"),
]  # fmt: skip
FROZEN = [
    (("from tensorflow import keras\n"
     "def make(weights):\n    base = keras.applications.ResNet50(weights=weights)\n"
     "    for layer in base.layers[:40]:\n        layer.trainable = False\n    return base\n"
     "make(@@).compile()\n"), "None", "'imagenet'"),
    (("from tensorflow import keras\nbase = keras.applications.ResNet50(weights=None)\n@@"
     "base.trainable = False\nbase.compile()\n"), "", "base.load_weights('mine.h5')\n"),
    (("from torchvision import models\nnet = models.resnet34(weights=@@)\n"
     "for p in net.parameters():\n    p.requires_grad = False\nloss.backward()\n"),
     "None", "models.ResNet34_Weights.DEFAULT"),
]  # fmt: skip
FROZEN += [
    (("from torchvision import models\nnet = models.resnet34(weights=@@)\n"
     "for p in net.layer1.parameters():\n    p.requires_grad = False\n"),
     "None", "models.ResNet34_Weights.DEFAULT"),
]  # fmt: skip
STACKED = (
    "import torch\nnet = torch.nn.Sequential(torch.nn.Linear(9, 4)@@)\n"
    "loss = torch.nn.CrossEntropyLoss()\nloss(net(x), y).backward()\n"
)
UNFROZEN = [
    (("from tensorflow import keras\nbase = keras.applications.VGG16(include_top=False)\n"
     "model = keras.Sequential([base, keras.layers.Flatten(), keras.layers.Dense(3)])\n"
     "model.compile(optimizer=@@)\nmodel.fit(x, y)\n"), "'adam'", "keras.optimizers.Adam(1e-5)"),
    (("from tensorflow import keras\nbase = keras.applications.VGG16(include_top=False)\n@@"
     "y = keras.layers.Dense(3)(base.output)\nmodel = keras.Model(base.input, y)\n"
     "model.compile(optimizer=keras.optimizers.RMSprop())\nmodel.fit(x, y)\n"), "",
     "base.trainable = False\n"),
]  # fmt: skip
METRICS = [
    (("from tensorflow import keras\nmodel = keras.Sequential([keras.layers.Dense(4)])\n"
     "model.compile(loss='@@', metrics=['accuracy', keras.metrics.BinaryAccuracy()])\n"),
     "binary_crossentropy", "categorical_crossentropy"),
    (("from secretflow.ml.nn.utils import TorchModel, metric_wrapper\n"
     "from torchmetrics import Accuracy, Recall\n"
     "made = TorchModel(metrics=[\n"
     "    metric_wrapper(Accuracy, task='multiclass', num_classes=4, average='micro'),\n"
     "    metric_wrapper(Recall, task='multiclass', num_classes=4, average='@@'),\n"
     "])\nmodel.fit(made)\n"), "micro", "macro"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "wrong", "right"), METRICS)
def test_two_metrics_that_are_one(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.DEGENERATE_METRIC)


@pytest.mark.parametrize(("source", "wrong", "right"), LAYERS)
def test_an_output_layer(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.OUTPUT_LAYER)


def test_a_stack_of_layers_that_ends_in_a_softmax(tmp_path: Path) -> None:
    kind = FindingKind.OUTPUT_LAYER
    holds(tmp_path, STACKED, ", torch.nn.Softmax(dim=1)", ", torch.nn.ReLU()", kind)
    two = STACKED.replace("@@", ", torch.nn.Softmax()") + "torch.nn.Sequential(torch.nn.ReLU())\n"
    assert found(tmp_path, two, kind) == []


@pytest.mark.parametrize(("source", "wrong", "right"), RANGES)
def test_a_range_of_inputs(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.INPUT_RANGE)


@pytest.mark.parametrize(("source", "wrong", "right"), FROZEN)
def test_frozen_layers(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.FROZEN_RANDOM)


@pytest.mark.parametrize(("source", "wrong", "right"), UNFROZEN)
def test_an_unfrozen_base(tmp_path: Path, source: str, wrong: str, right: str) -> None:
    holds(tmp_path, source, wrong, right, FindingKind.UNFROZEN_BASE)


@pytest.mark.parametrize(
    ("classes", "loss", "wrong"),
    [(4, 31.5, True), (4, 1.9, False), (4, 6.5, False), (100, 9.0, False)],
)
def test_a_first_loss(tmp_path: Path, classes: int, loss: float, wrong: bool) -> None:
    log = printed(
        "".join(
            f"Epoch {i + 1}/3\n9/9 [====] - 1s 9ms/step - loss: {value} - accuracy: 0.5\n"
            for i, value in enumerate((loss, 1.1, 0.9))
        )
    )
    source = f"""
        from tensorflow import keras
        model = keras.Sequential([keras.layers.Dense({classes}, activation='softmax')])
        model.compile(loss='sparse_categorical_crossentropy', metrics=['accuracy'])
        model.fit(x, y, epochs=3)
        """
    page = notebook(tmp_path, code(source, log))
    told = [one.kind for one in method.check(pages.site(tmp_path, page))]
    assert told == ([FindingKind.FIRST_LOSS] if wrong else [])


def test_classes_that_the_page_has_left_out_do_not_count(tmp_path: Path) -> None:
    source = """
        from tensorflow import keras
        (x, y), _ = keras.datasets.mnist.load_data()
        few = y < 6
        x, y = x[few], y[few]
        model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(6, 'softmax')])
        model.compile(loss='sparse_categorical_crossentropy')
        model.fit(x, y)
        """
    assert list(method.check(pages.site(tmp_path, notebook(tmp_path, code(source))))) == []
