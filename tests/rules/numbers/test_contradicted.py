"""Prose numbers against code and stored outputs: contradictions, and near-identical agreements."""

from pathlib import Path
from typing import Any

import pytest

from tests.rules import pages
from tests.rules.pages import code, printed, prose
from verify.finding import Finding, FindingKind, Severity
from verify.rules.numbers import contradicted


def found(tmp_path: Path, *cells: Any) -> list[Finding]:
    return list(contradicted.check(pages.site(tmp_path, pages.notebook(tmp_path, *cells))))


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
    "types of what images show": [prose("数据集的图片有两个类型的果树。"), FOUND],
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
        "sf.init(parties=['ann', 'ben', 'cleo'], address='local')",
    ],
    "parties in Chinese": [
        prose("首先初始化三个参与方。"),
        "sf.init(['ann', 'ben'], address='local')",
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
    "a metric of an earlier epoch": [
        code("net.fit(x)", printed("Epoch 1/2 - acc: 0.7401\nEpoch 2/2 - acc: 0.8312\n")),
        prose("It reaches an accuracy of about 0.74 (74%)."),
    ],
    "a metric of an earlier epoch in Chinese": [
        code("net.fit(x)", printed("Epoch 1/2 - acc: 0.7401\nEpoch 2/2 - acc: 0.8312\n")),
        prose("训练结束后，模型在训练集上的准确率达到 74.01%。"),
    ],
    "a metric before its name": [
        code("net.fit(x)", printed("Epoch 1/1 - loss: 0.51 - accuracy: 0.8123\n")),
        prose("On held-out data we get 71.5% test accuracy."),
    ],
    "a metric below an epoch's name": [
        code("loop()", printed("Epoch 0/1\n---\nval Acc: 0.52\n\nEpoch 1/1\n---\nval Acc: 0.61\n")),
        prose("The final accuracy is 0.52."),
    ],
    "names of classes": [
        prose("The data set has 4 kinds of trees (ash, elm, oak and yew)."),
        "class_names = sorted(['ash', 'fir', 'larch', 'pine'])",
    ],
    "one name of a class": [
        prose("The data set has 3 classes of trees: ash, elm and oak."),
        "class_names = ['ash', 'elm', 'pine']",
    ],
    "kinds in Chinese": [prose("数据集包含 6 种花卉。"), "class_names = ['a', 'b', 'c']"],
    "the value of the next cell": [
        code("net.fit(x, epochs=3)"),
        prose("Now we train for 3 epochs."),
        code("net.fit(x, epochs=9)"),
    ],
}

AGREEMENTS = {
    "names of classes in other forms": [
        prose("The data set has 3 classes of trees: ash, elm and oak trees."),
        "class_names = ['ash', 'elm', 'oak_tree']",
    ],
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
    "types of means": [prose("图片分类有两个类型的模型脚本。"), FOUND],
    "classes of an instance": [
        prose("Given a sample of 3 classes of images."),
        FOUND,
    ],
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
        "sf.init(parties=['ann', 'ben', 'cleo'], address='local')",
    ],
    "some of the parties": [
        prose("Two parties hold the features."),
        "sf.init(parties=['ann', 'ben', 'cleo'], address='local')",
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
    "another party's rate": [prose("The server learning rate is 1.0."), "lr = 0.1"],
    "values of a loop": [
        prose("The noise level is 0.3 here."),
        "for noise_level in [0.1, 0.3]:\n    run()\nrun(noise_level=0.2)",
    ],
    "a value that only a run knows": [
        prose("The batch size is 16."),
        "load(batch_size=32)\nload(batch_size=chosen())",
    ],
    "the number of an epoch": [prose("It stopped at epoch 3 of the run."), FIT],
    "every so many epochs": [prose("每训练 3 个 epoch 保存一次。"), FIT],
    "a call that is quoted": [prose("Calls such as net.fit(epochs=2, batch_size=128) work."), FIT],
    "a word of everyday": [prose("The value is 3."), "value = 5"],
    "two data sets": [
        prose("The teacher knows 90 classes of images, ours are 2 classes."),
        "labels = ['cat', 'dog', 'fox']",
    ],
    "classes of a part": [prose("Each client has images of 2 classes."), FOUND],
    "patches": [prose("The resized input gives 14 x 14 patches."), "t = Resize((224, 224))"],
    "shares of clients": [prose("50% of the clients are used for training."), "f(test_size=0.2)"],
    "a positional batch": [prose("The batch size is 20."), "d.batch(20)\nfit(batch_size=4)"],
    "a counter": [prose("The step count is 140."), "step_count = 0\nstep_count += 1"],
    "a formula": [prose("We sum $k=1$ terms."), "top(k=3)"],
    "a parameter that varies": [
        prose("The tensor has `ragged_depth` = 3."),
        "x = 1",
        "f(ragged_depth=1)",
        "f(ragged_depth=2)",
    ],
    "a metric of an epoch that is named": [
        code("net.fit(x)", printed("Epoch 1/2 - acc: 0.7401\nEpoch 2/2 - acc: 0.8312\n")),
        prose("After the first epoch the accuracy is 74%."),
    ],
    "a round figure": [
        code("net.fit(x)", printed("Epoch 1/1 - loss: 0.5 - accuracy: 0.9108\n")),
        prose("It reaches an accuracy of about 90%."),
    ],
    "a metric that an evaluation prints": [
        code("net.fit(x)", printed("Epoch 1/2 - acc: 0.74\nEpoch 2/2 - acc: 0.83\n")),
        prose("The test accuracy is 79%."),
        code("score(net)", printed("0.7902\n")),
    ],
    "names of classes": [
        prose("The data set has 4 kinds of trees (ashes, firs, larches and pines)."),
        "class_names = ['ash', 'fir', 'larch', 'pine']",
    ],
    "an interval": [
        prose("We give a 95% confidence interval for the test error."),
        "split(x, test_size=0.2)",
    ],
    "one letter": [prose("We stay with k=12 clusters."), "metric(k=5)"],
    "a multiple": [prose("`batch_size` 设置为 8 的倍数。"), "load(batch_size=500)"],
    "another unit": [prose("We set `buffer_size` to 2 MB."), "load(buffer_size=2097152)"],
    "a power": [prose("We set `buffer_size` to 10^6."), "load(buffer_size=1000000)"],
    "an advice in a comment": ['steps = 500  # use "steps = 9000" for better results'],
    "the last batch": [prose("最后一个元素的批大小为 1。"), "load(batch_size=3)"],
    "several values": [
        prose("We train for 10 epochs."),
        "x = 1",
        "fit(epochs=3)\nfit(epochs=5)",
    ],
    "a loop from one": [
        prose("We train for 10 rounds."),
        "rounds = 11\nfor i in range(1, rounds):\n    step()",
    ],
    "several splits": [
        prose("20% of the rows are used for testing; then 60% of the rows for testing."),
        "f(test_size=0.3)",
    ],
    "several sizes": [
        prose("The input is 200 × 300 pixels."),
        "a = Resize((224, 224))\nb = Resize((28, 28))",
    ],
    "a wish": [
        code("net.fit(x)", printed("accuracy: 0.81\n")),
        prose("If the accuracy is below 60%, train longer."),
    ],
}


# Written after the checks, as a second set.
LATER: list[list[Any]] = [
    [prose("Each client uses a minibatch; the batch size is 256."), code("train(bs=128)")],
    [prose("训练共 30 个 epoch。"), code("model.fit(x, epochs=20)")],
    [prose("Training runs for 8 epochs."), code("EPOCHS = 5\nmodel.fit(x, epochs=EPOCHS)")],
    [prose("`num_boost_round` is set to 20."), code("params = dict(num_boost_round=14)")],
    [prose("学习率设置为 0.3。"), code("params = {'learning_rate': 0.1}")],
    [prose("We set the momentum to 0.9."), code("opt = SGD(lr=0.1, momentum=0.8)")],
    [prose("The random seed is 42."), code("np.random.default_rng(seed=7)\nsplit(random_state=7)")],
    [prose("数据集包含 10 个类别的图片。"), code("labels = ['a', 'b', 'c']")],
    [prose("This is a 6-class image classification."), code("net = Net(num_classes=5)")],
    [
        prose("All photos are cropped to 128x128 pixels."),
        code("t = CenterCrop(120)\nload(target_size=(120, 120))"),
    ],
    [prose("输入图像大小为 224×224。"), code("net(input_shape=(299, 299, 3))")],
    [
        prose("创建 2 个参与方。"),
        code("parties = ['a', 'b', 'c']\nsf.init(parties, address='local')"),
    ],
    [
        prose("Let us start three nodes: one for each party."),
        code("sf.init(['ann', 'ben'], address='local')"),
    ],
    [prose("The last 20% are kept for testing."), code("train_test_split(x, test_size=0.25)")],
    [prose("We hold out 30% for validation."), code("load(validation_split=0.2)")],
    [code("for l in m.layers[:10]: l.trainable = False  # freeze the first 15 layers")],
    [code("model.fit(\n    x,\n    epochs=10,  # train for 20 epochs\n)")],
    [code("# use a batch size of 128\nloader = DataLoader(ds, batch_size=64)")],
    [code("evaluate()", printed("{'loss': 0.41, 'auc': 0.8812}")), prose("The AUC is 0.91.")],
    [code("evaluate()", printed("test accuracy = 0.7421\n")), prose("测试准确率达到 82%。")],
    [prose("The hidden size is 64."), code("net = MLP(hidden_size=32)")],
    [prose("`patience` 取 5。"), code("EarlyStopping(patience=3)")],
    [prose("Dropout is set to 0.2."), code("x = Dropout(0.5)(x)")],
    [prose("The threshold equals 0.6."), code("predict(threshold=0.5)")],
]


@pytest.mark.parametrize("cells", LATER)
def test_it_holds_for_pages_that_the_checks_were_not_written_with(
    tmp_path: Path, cells: list[Any]
) -> None:
    (finding,) = found(tmp_path, *cells)
    assert finding.kind is FindingKind.NUMBER


# The code beside the text calls it by the same name and gives it another value.
LITERAL = {"batch size in code words", "a dictionary"}


@pytest.mark.parametrize(("name", "cells"), CONTRADICTIONS.items(), ids=CONTRADICTIONS)
def test_a_number_that_code_or_output_contradicts_is_found(
    tmp_path: Path, name: str, cells: list[Any]
) -> None:
    (finding,) = found(tmp_path, *cells)
    severity = Severity.ERROR if name in LITERAL else Severity.WARNING
    assert (finding.kind, finding.severity) == (FindingKind.NUMBER, severity)


def test_loading_fewer_files_than_the_text_tells_may_be_meant(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, prose("The data set contains 500 images."), FOUND)
    assert (finding.kind, finding.severity) == (FindingKind.NUMBER, Severity.WARNING)


@pytest.mark.parametrize("cells", AGREEMENTS.values(), ids=AGREEMENTS)
def test_a_number_that_agrees_or_says_something_else_is_none(
    tmp_path: Path, cells: list[Any]
) -> None:
    assert found(tmp_path, *cells) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Slow\n\nSlow training is done with `epochs=9`.\n\n## Quick\n", 0),
        ("Here `epochs=9`.\n", 1),
    ],
)
def test_a_setting_in_another_section_is_another_one(
    tmp_path: Path, text: str, expected: int
) -> None:
    page = pages.page(tmp_path, "a.md", f"# T\n\n{text}\n```python\nm.fit(x, epochs=3)\n```\n")
    assert len(list(contradicted.check(pages.site(tmp_path, page)))) == expected


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("We set `epochs` to 9.", "m.fit(x, epochs=3)", 1),
        ("We set `epochs` to 9, and elsewhere to 3.", "m.fit(x, epochs=3)", 0),
        ("Start it with `--epochs 9`.", "m.fit(x, epochs=3)", 0),
        ("The scale is `alpha / max_depth = 2`.", "m.fit(x, max_depth=4)", 0),
        ("The scale is `max_depth = 2`.", "m.fit(x, max_depth=4)", 1),
        ("The original code has `max_depth = 2`.", "m.fit(x, max_depth=4)", 0),
        ("Leaving `max_depth=2` will make trees small.", "m.fit(x, max_depth=4)", 0),
        ("For instance `max_depth=2` and trees.", "m.fit(x, max_depth=4)", 0),
        ("Here `max_depth=2` and trees.", "m.fit(x, max_depth=4)", 1),
        ("The scale is `tree__max_depth = 2`.", "m.fit(x, tree__max_depth=4)", 1),
        ("We hold 10% for the test.", "test_split = 0.2", 1),
        ("We hold 10% for the test.", "test_split = 0", 0),
    ],
)
def test_a_text_may_speak_of_another_value(
    tmp_path: Path, text: str, code: str, expected: int
) -> None:
    assert len(found(tmp_path, prose(text), code)) == expected


@pytest.mark.parametrize(("above", "severity"), [(2, Severity.WARNING), (3, Severity.ERROR)])
def test_a_text_may_speak_of_the_code_above(tmp_path: Path, above: int, severity: Severity) -> None:
    cells = [
        f"m.fit(x, max_depth={above})",
        prose("So `max_depth=2` is set."),
        "m.fit(x, max_depth=4)",
    ]
    assert [one.severity for one in found(tmp_path, *cells)] == [severity]
