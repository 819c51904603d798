"""Numbers that contradict each other on one page, and near-identical ones that do not."""

from pathlib import Path

import pytest

from tests.rules import pages
from verify.finding import Finding, FindingKind, Severity
from verify.rules.numbers import arithmetic


def found(tmp_path: Path, text: str, name: str = "page.md") -> list[Finding]:
    return list(arithmetic.check(pages.site(tmp_path, pages.page(tmp_path, name, text))))


CONTRADICTIONS = {
    "a part larger than the total": "样本总数为 900 条，其中训练集 920 条，测试集 180 条。",
    "a total and its parts in brackets": (
        "The archive has a total of 910 pictures. Pictures in each class: cat (300), dog (310), "
        "fox (200)."
    ),
    "the same in Chinese": "共计 910 张图片，各类别的数量分别是：猫（300），狗（310），狐（200）。",
    "parts by their words": "The crate holds 50 pears: 20 of the first kind and 25 of the second.",
    "parts of a split by counts": (
        "We split the 800 rows into 500 for training, 100 for validation and 250 for testing."
    ),
    "out of all": "Out of 90 leaves, 30 are oak, 30 elm and 20 ash.",
    "counts in brackets": "In total there are 200 notes (80 from alice and 110 from bob).",
    "three in one": "数据集包含 90 个样本，三个类别分别有 30、30、20 个样本。",
    "with thousands separators": (
        "We use 12,500 samples in total, including 10,000 training samples and 2,400 test samples."
    ),
    "parts of each": "共有 45 个数：每个梨，加上 5 个数，加上 20 个数。",
    "the same in Chinese, with parts": "样本总数为 12500 条，其中训练集 10000 条，测试集 2400 条。",
    "total and list": (
        "The corpus holds 60 files in total, per tongue:\n\n- Czech: 20\n- Danish: 25\n- Dutch: 9\n"
    ),
    "total and list in Chinese": "一共有 60 个文件，其中：\n\n- 训练集：40 个\n- 测试集：25 个\n",
    "column total": (
        "| class | images |\n|---|---|\n| oak | 120 |\n| elm | 80 |\n| Total | 210 |\n"
    ),
    "column total in Chinese": "| 类 | 数量 |\n|---|---|\n| 橡 | 12 |\n| 榆 | 8 |\n| 合计 | 22 |\n",
    "row total": (
        "| site | train | test | total |\n|---|---|---|---|\n| a | 80 | 20 | 100 |\n"
        "| b | 60 | 20 | 90 |\n"
    ),
    "names after a count": "There are four colours: red, green and blue.",
    "names in brackets": "The set covers 6 fruits (apple, pear, plum, fig, kiwi).",
    "names of sets": "We build 2 sets (train, validation, test).",
    "names in Chinese": "数据集包含五类水果：苹果、梨、李子和桃。",
    "names after a dash": "We start three parties - north, south, east and west.",
    "names in Chinese brackets": "本例有 3 个参与方（张三、李四）。",
    "a list with one item too few": (
        "The loader takes three arguments:\n\n- the folder\n- the batch size\n"
    ),
    "a list with one item too many": "整个流程分为两个步骤：\n\n1. 读取\n2. 训练\n3. 评估\n",
    "parts of a split": "The data is split into 70% for training and 20% for testing.",
    "parts of a split in Chinese": "数据按 80% 训练集、10% 验证集、15% 测试集划分。",
    "a split as fractions": "We split the rows: 0.7 for training and 0.4 for testing.",
    "a split with a slash": "An 80/30 split separates training from testing.",
    "product": "10 batches of 32 make 300 images.",
    "product in Chinese": "每批 32 张，共 10 批，总计 300 张图片。",
    "a percentage of a count": "That is 25% of the 800 samples, i.e. 250 samples.",
    "a count and its percentage": "The model finds 45 of 50 defects (95%).",
    "a percentage in Chinese": "测试集占 800 条样本的 25%，即 250 条。",
    "a difference": "Accuracy rises from 80% to 85%, an increase of 7%.",
    "a difference in Chinese": "参数量从 300 增加到 360，增加了 50。",
    "an equation": "With both parties we have 120 + 80 = 210 rows.",
    "a product as equation": "Each picture has 28 × 28 = 764 pixels.",
    "a wrong direction": "The error falls from 0.21 to 0.35.",
    "what it consists of": (
        "The nursery consists of 70 plants of 3 kinds. Plants of each kind: fern (20), moss (30), "
        "reed (10)."
    ),
    "what it contains": "苗圃包含 70 株植物。每个品种的数量分别是：蕨（20），苔（30），苇（10）。",
    "a collection": (
        "It is a collection of 70 plants. The number of each sort is as follows: fern (20), "
        "moss (30), reed (10)."
    ),
    "a name with a conjunction": "调整三个方面：亮度、对比度、饱和度和色调。",
}

AGREEMENTS = {
    "a larger number of something else": "We have 90 pictures in total, of 640 rows and 80 labels.",
    "a total and its parts": (
        "The archive has a total of 810 pictures. Pictures in each class: cat (300), dog (310), "
        "fox (200)."
    ),
    "only some parts": "We use 12,500 samples in total, including 2,400 test samples.",
    "open list": "There are 910 pictures in total, such as cat (300), dog (310) and others.",
    "a part that counts for each": "共有 45 个数：5 个梨，每个 4 个数，加上 5 个数，加上 20 个数。",
    "an approximate total": "About 900 pictures, in total, of cat (300), dog (310), fox (200).",
    "settings after a total": (
        "A total of 500 samples is used with these settings:\n\n- epochs: 10\n- batch size: 32\n"
    ),
    "other units": "共计 900 张图片，每张大小为 320x240，训练分别用 10 轮和 32 的批大小。",
    "column total": (
        "| class | images |\n|---|---|\n| oak | 120 |\n| elm | 80 |\n| Total | 200 |\n"
    ),
    "a total that is no sum": (
        "| class | accuracy |\n|---|---|\n| oak | 0.91 |\n| elm | 0.87 |\n| Total | 0.89 |\n"
    ),
    "a table of times": (
        "| step | seconds | total |\n|---|---|---|\n| 1 | 20 | 45 |\n| 2 | 25 | 90 |\n"
    ),
    "names after a count": "There are four colours: red, green, blue and grey.",
    "examples": "There are four colours, e.g. red, green and blue.",
    "etc.": "数据集包含五类水果：苹果、梨等。",
    "including": "The set covers 6 fruits, including apple and pear.",
    "a sentence after the colon": "We have two options: start the server, wait, and then connect.",
    "a shape of data sets": "网络生成一个形状为（5，100，70）的波形数据集，共 3 个（a 与 b）。",
    "names in brackets of each": "We build 2 sets of crates (train, validation, test).",
    "names in brackets that describe": "We use 3 parties (each one with a CPU, a disk).",
    "a list that fits": "The loader takes three arguments:\n\n- folder\n- size\n- seed\n",
    "a list of something else": (
        "Two parties hold the data. The steps are:\n\n- load\n- train\n- evaluate\n"
    ),
    "nested items": "It has two parts:\n\n- first\n  - a\n  - b\n- second\n  - c\n",
    "parts of a split": "The data is split into 70% for training and 30% for testing.",
    "rest": "数据的 70% 用于训练，20% 用于测试，其余保留。",
    "percentages of different wholes": (
        "We use 10% of the data, split into 80% for training and 20% for testing."
    ),
    "product": "10 batches of 32 make 320 images.",
    "last batch": "每批 32 张，共 10 批。",
    "a count and its percentage": "The model finds 45 of 50 defects (90%).",
    "rounded": "测试集占 811 条样本的 33%，即 268 条。",
    "a difference": "Accuracy rises from 80% to 85%, an increase of 5%.",
    "relative": "Accuracy rises from 80% to 88%, an increase of 10%.",
    "an equation": "With both parties we have 120 + 80 = 200 rows.",
    "modular": "In the ring, 7 + 5 = 2 (mod 10).",
    "a formula": "The value is 2x + 3 = 9 for the first row.",
    "a chain": "The offset is n - 2 + 3 = 4.",
    "rounded quotient": "So 10 / 3 = 3.33 on average.",
    "clauses in Chinese": "样本分给四方：份额越大越多，越小越少。",
    "clauses on each": "我们训练两个模型：一个来自仓库，载入权重，只训练末层；另一个从头训练。",
    "counts of counts": "除最后三层（池化与两个全连接层）以外全部冻结。",
    "a magnitude": "The maps have 40 × 150 × 100 = 0.6 million values.",
    "a converted unit": "That is 60 × 60 = 1 hour, or 1024 × 1024 = 1 MB.",
    "a power": "After two steps it is worth 0.9<sup>2</sup> × 100 = 81, and 10^2 + 3 = 103.",
    "code in it": "The last row is `n` + 3 + 4 = 9 here.",
    "what is wrong": "It is wrong that 2 + 2 = 5.",
    "a binary number": "In binary, 1 + 1 = 10.",
    "lengths": "这个张量有 4 行，长度分别为 1、3、0 和 2。",
    "rates": "共 100 张图片，每类 20 张，每批 32 张。",
    "another sentence": "总共有 4 条记录。批大小为 3，结果有 3 个元素，最后一个元素只有 1 条。",
    "what it contains, in part": "It contains 70 plants. Ferns (20) and moss (30) are rare.",
    "a name with a conjunction": "调整四个方面：亮度、对比度、饱和度和色调。",
    "brackets within": "有两种接口：高级（`put` 和 `get`）和低级（`push` 和 `pop`）。",
    "two brackets": "有两种表示（中心，宽，高）和（左上，右下）。",
    "a shape": "The two layer output has the shape (batch, time, units).",
    "and its": "实现分为两部分：内核，另一个内核及其启动代码。",
    "a nested list": "有两种含义：\n\n- 软件\n- 数据\n    - 配置\n- 代码\n",
    "told before": "输入有文件、文件夹两种：\n\n- 后缀为 a\n- 后缀为 b\n- 后缀为 c\n",
    "confidence": "We split it and give a 95% interval for the test error of 80%.",
    "dates": "Between 2019-10-12 and 2020-01-02 two classes met: mathematics and physics.",
}


# Written after the checks, as a second set.
LATER = [
    ("md", "The survey has 1,840 answers in total: 920 from men and 820 from women."),
    ("md", "全部数据总共 2000 条记录，其中训练集 1500 条，验证集 300 条，测试集 250 条。"),
    ("md", "共计 80 个样本：甲方 30 个，乙方 40 个。"),
    ("md", "Three hospitals take part: Mercy, Hope, Grace and Saint Luke."),
    ("md", "The pipeline has five stages:\n\n1. ingest\n2. clean\n3. train\n4. report\n"),
    (
        "rst",
        "Overview\n========\n\nThere are two modes:\n\n- simulation\n- cluster\n- production\n",
    ),
    (
        "rst",
        "D\n=\n\n=====  ==\nitem   n\n=====  ==\na      10\nb      20\nsum    35\n=====  ==\n",
    ),
    (
        "md",
        "| party | rows |\n|---|---|\n| alice | 1,000 |\n| bob | 2,500 |\n| **Total** | 3,600 |\n",
    ),
    (
        "md",
        "60% of the records go to training, 20% to validation and 30% to testing after the split.",
    ),
    ("md", "按照 7:3 之外，我们划分 75% 用于训练，35% 用于测试。"),
    ("md", "We partition the data with a 70/40 split."),
    (
        "md",
        "With 12 batches of 16 images we get... that is, 12 batches of 16 images make 182 images.",
    ),
    ("md", "每轮 50 步，共 4 轮，一共 250 步。"),
    ("md", "30% of 600 samples, i.e. 200 samples, are noisy."),
    ("md", "The attack recovers 18 of 24 labels (70%)."),
    ("md", "Latency drops from 40 ms to 30 ms, a reduction of 15 ms."),
    ("md", "准确率由 0.81 提升到 0.86，提升了 0.06。"),
    ("md", "内存从 64 MB 减少到 96 MB。"),
    ("md", "The image has 32 * 32 * 3 = 3062 values."),
    ("md", "Each of the 3 clients holds 200 rows, 500 rows in total."),
    ("md", "There are 4 clients with 250 samples each, for a total of 900 samples."),
    ("md", "支持三种协议：ABY3、SEMI2K、CHEETAH 和 REF2K。"),
    ("md", "We use two optimizers, namely Adam, SGD and RMSprop."),
]


@pytest.mark.parametrize(("suffix", "text"), LATER)
def test_it_holds_for_pages_that_the_checks_were_not_written_with(
    tmp_path: Path, suffix: str, text: str
) -> None:
    (finding,) = found(tmp_path, text, f"page.{suffix}")
    assert finding.kind is FindingKind.ARITHMETIC


# What leaves no second reading; the others are for an editor to weigh.
CERTAIN = {
    "what it consists of",
    "a total and its parts in brackets", "the same in Chinese", "total and list", "column total",
    "parts of each",
    "column total in Chinese", "row total", "an equation", "a product as equation",
}  # fmt: skip


@pytest.mark.parametrize(("name", "text"), CONTRADICTIONS.items(), ids=CONTRADICTIONS)
def test_numbers_that_contradict_each_other_are_found(tmp_path: Path, name: str, text: str) -> None:
    (finding,) = found(tmp_path, text)
    severity = Severity.ERROR if name in CERTAIN else Severity.WARNING
    assert (finding.kind, finding.severity) == (FindingKind.ARITHMETIC, severity)


@pytest.mark.parametrize("text", AGREEMENTS.values(), ids=AGREEMENTS)
def test_numbers_that_agree_are_none(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) == []
