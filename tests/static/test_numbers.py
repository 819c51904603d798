"""Prose numbers against code and stored outputs: contradictions, and near-identical agreements."""

from pathlib import Path
from typing import Any

import pytest

from tests.static import pages
from tests.static.pages import code, printed, prose
from verify.static import numbers
from verify.static.finding import Finding, FindingKind, Severity


def found(tmp_path: Path, *cells: Any) -> list[Finding]:
    return list(numbers.check(pages.site(tmp_path, pages.notebook(tmp_path, *cells))))


FIT = code("net.fit(x, y, epochs=12, batch_size=64)")
FOUND = code("load(folder)", printed("Found 480 files belonging to 4 classes.\n"))

CONTRADICTIONS = {
    "batch size": [prose("We use a batch size of 32."), FIT],
    "batch size in code words": [prose("Set `batch_size` to 32."), FIT],
    "batch size in Chinese": [prose("这里批大小设置为 32。"), FIT],
    "epochs": [prose("The network is trained for 20 epochs."), FIT],
    "epochs in Chinese": [prose("接下来训练 20 轮。"), FIT],
    "a constant": [prose("The learning rate is 0.1."), "learning_rate = 0.01"],
    "short name": [prose("学习率为 0.1。"), "opt = SGD(lr=0.01)"],
    "a default": [prose("The dropout rate is 0.5."), "def net(dropout_rate=0.3): ..."],
    "a dictionary": [prose("We set max_depth to 6."), "params = {'max_depth': 4}"],
    "percent": [prose("验证集比例 `validation_split` 为 30%。"), "load(validation_split=0.2)"],
    "after the value": [prose("We take 0.5 as the threshold."), "threshold = 0.7"],
    "rounds": [prose("We run 10 rounds of aggregation."), "fed.run(rounds=5)"],
    "class count and output": [prose("The data set has 6 classes of images."), FOUND],
    "class count and labels": [
        prose("数据集中的图片分为 4 个类别。"),
        "class_names = ['ash', 'elm', 'oak']",
    ],
    "class count and head": [
        prose("Images are sorted into 7 classes."),
        "head = Dense(9, activation='softmax')",
    ],
    "class count in a comment": [
        "num_classes = 4",
        "# say we have 8 classes\nhead = Dense(num_classes, activation='softmax')",
    ],
    "size": [prose("Pictures are resized to 160x160."), "img_height = 180\nimg_width = 180"],
    "size of a transform": [prose("图片被缩放到 256×256。"), "t = Resize((224, 224))"],
    "parties": [
        prose("We create two parties."),
        "sf.init(parties=['alice', 'bob', 'carol'], address='local')",
    ],
    "parties in Chinese": [
        prose("首先初始化三个参与方。"),
        "sf.init(['alice', 'bob'], address='local')",
    ],
    "frozen layers": [
        prose("We freeze the first 100 layers."),
        "for layer in net.layers[:120]:\n    layer.trainable = False",
    ],
    "frozen layers in Chinese": [
        prose("冻结前 100 层。"),
        "for layer in net.layers[:120]:\n    layer.trainable = False",
    ],
    "split": [prose("80% of the rows are used for training."), "split(x, test_size=0.3)"],
    "split in Chinese": [prose("其中 10% 用于测试。"), "split(x, test_size=0.3)"],
    "comment beside": ["net.fit(x, epochs=5)  # 50 epochs"],
    "comment above": ["# batch size 64\nload(batch_size=32)"],
    "comment with a learning rate": ["lr = 0.01  # learning rate of 0.001"],
    "metric": [
        code("net.fit(x)", printed("Epoch 1/1 - loss: 0.51 - accuracy: 0.8123\n")),
        prose("The accuracy reaches 95%."),
    ],
    "metric in Chinese": [
        code("print(auc)", printed("auc: 0.7312\n")),
        prose("可以看到，AUC 达到了 0.81。"),
    ],
    "the value of the next cell": [
        code("net.fit(x, epochs=3)"),
        prose("Now we train for 3 epochs."),
        code("net.fit(x, epochs=9)"),
    ],
}

AGREEMENTS = {
    "batch size": [prose("We use a batch size of 64."), FIT],
    "no such parameter": [prose("We use a batch size of 32."), "net.fit(x, epochs=12)"],
    "a default is another thing": [prose("`batch_size` defaults to 32."), FIT],
    "one of several": [FIT, prose("Trained for 20 epochs."), "x = 1", "net.fit(x, epochs=20)"],
    "an advice": [prose("A batch size of 32 is usually enough."), FIT],
    "a part of the epochs": [prose("After 5 epochs the loss is flat."), FIT],
    "a range": [prose("A learning rate between 0.1 and 1 works."), "lr = 0.01"],
    "percent": [prose("`validation_split` 为 20%。"), "load(validation_split=0.2)"],
    "scientific": [prose("The learning rate is 0.001."), "lr = 1e-3"],
    "calculated": [prose("The buffer size is 1024."), "buffer_size = 4 * 256"],
    "named constant": [prose("We use a batch size of 16."), "BS = 16\nload(batch_size=BS)"],
    "class count": [prose("The data set has 4 classes of images."), FOUND],
    "Python classes": [prose("The module has two classes."), FOUND],
    "class count and head": [
        prose("Images are sorted into 9 classes."),
        "head = Dense(9, activation='softmax')",
    ],
    "hidden width": [
        prose("Images are sorted into 9 classes."),
        "h = Dense(128, activation='relu')\nhead = Dense(9, activation='softmax')",
    ],
    "files": [prose("The data set contains 480 images."), FOUND],
    "size": [prose("Pictures are resized to 180x180."), "img_height = 180\nimg_width = 180"],
    "original size": [prose("Each picture is 320x240 in the original."), "img_height = 180"],
    "parties": [
        prose("We create three parties."),
        "sf.init(parties=['alice', 'bob', 'carol'], address='local')",
    ],
    "some of the parties": [
        prose("Two parties hold the features."),
        "sf.init(parties=['alice', 'bob', 'carol'], address='local')",
    ],
    "frozen layers": [
        prose("We freeze the first 120 layers."),
        "for layer in net.layers[:120]:\n    layer.trainable = False",
    ],
    "split": [prose("70% of the rows are used for training."), "split(x, test_size=0.3)"],
    "comment beside": ["net.fit(x, epochs=50)  # 50 epochs"],
    "comment above": ["# batch size 32\nload(batch_size=32)"],
    "comment of another thing": ["steps = 5  # 50 epochs later it is done"],
    "metric": [
        code("net.fit(x)", printed("Epoch 1/1 - loss: 0.51 - accuracy: 0.8123\n")),
        prose("The accuracy reaches 81%."),
    ],
    "rounded": [
        code("net.fit(x)", printed("Epoch 1/1 - loss: 0.51 - accuracy: 0.8167\n")),
        prose("最终准确率约为 0.82。"),
    ],
    "a metric that nobody printed": [
        code("net.fit(x)", printed("Epoch 1/1 - loss: 0.51\n")),
        prose("The accuracy reaches 95%."),
    ],
    "a wish": [
        code("net.fit(x)", printed("accuracy: 0.81\n")),
        prose("If the accuracy is below 60%, train longer."),
    ],
}


@pytest.mark.parametrize("cells", CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_number_that_code_or_output_contradicts_is_an_error(
    tmp_path: Path, cells: list[Any]
) -> None:
    (finding,) = found(tmp_path, *cells)
    assert (finding.kind, finding.severity) == (FindingKind.NUMBER, Severity.ERROR)


def test_loading_fewer_files_than_the_text_tells_may_be_meant(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, prose("The data set contains 500 images."), FOUND)
    assert (finding.kind, finding.severity) == (FindingKind.NUMBER, Severity.WARNING)


@pytest.mark.parametrize("cells", AGREEMENTS.values(), ids=AGREEMENTS)
def test_a_number_that_agrees_or_says_something_else_is_none(
    tmp_path: Path, cells: list[Any]
) -> None:
    assert found(tmp_path, *cells) == []
