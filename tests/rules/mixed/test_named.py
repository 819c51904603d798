"""What a text names is what the code below it is for: parties, data sets, networks."""

from pathlib import Path

import pytest

from tests.rules import pages
from tests.rules.pages import code, notebook, prose
from verify.rules import mixed

PARTIES = [
    ("On the machine of carol:", "serve --party {}", "carol", "alice"),
    ("在 alice 上执行：", "ray start --head --resources='{{\"{}\": 8}}'", "alice", "bob"),
    ("The settings of host:", "config = {{'party':\n    '{}'}}", "host", "guest"),
    ("The settings of guest:", "config = {{'self_party': '{}'}}", "guest", "host"),
]


@pytest.mark.parametrize(("said", "command", "own", "other"), PARTIES)
def test_code_is_for_the_party_that_the_text_speaks_of(
    tmp_path: Path, said: str, command: str, own: str, other: str
) -> None:
    text = "# Page\n\n{}\n\n```bash\n{}\n```\n"
    for name, told in ((own, 0), (other, 1)):
        page = pages.page(tmp_path, "page.md", text.format(said, command.format(name)))
        assert len(list(mixed.check(pages.site(tmp_path, page)))) == told


def test_sections_tell_of_what_parties_there_are(tmp_path: Path) -> None:
    """Parties of any name are known by headings that are alike."""
    text = (
        "# Page\n\n## Start oak\n\n```sh\nrun --party oak\n```\n\n## Start elm\n\n```sh\n{}\n```\n"
    )
    for name, told in (("elm", 0), ("oak", 1)):
        page = pages.page(tmp_path, "page.md", text.format(f"run --party {name}"))
        assert len(list(mixed.check(pages.site(tmp_path, page)))) == told


def test_a_text_on_both_parties_is_of_neither(tmp_path: Path) -> None:
    text = "# Page\n\nWhile bob waits, alice is told whom to call:\n\n```sh\nrun --party bob\n```\n"
    page = pages.page(tmp_path, "page.md", text)
    assert list(mixed.check(pages.site(tmp_path, page))) == []


@pytest.mark.parametrize(
    ("said", "loads", "told"),
    [
        ("We train on the MNIST data set.", "keras.datasets.mnist.load_data()", 0),
        ("We train on the MNIST data set.", "keras.datasets.fashion_mnist.load_data()", 1),
        ("We train on Fashion-MNIST.", "keras.datasets.fashion_mnist.load_data()", 0),
        ("这里使用 CIFAR-10 数据集。", "datasets.CIFAR100('.')", 1),
        ("这里使用 CIFAR-100 数据集。", "datasets.CIFAR100('.')", 0),
        ("We train on SVHN.", "torchvision.datasets.KMNIST('.')", 1),
        ("It is used like MNIST.", "datasets.KMNIST('.')", 0),
        ("We use it as MNIST is used; KMNIST has other signs.", "datasets.KMNIST('.')", 0),
        ("We fine-tune VGG-16.", "models.vgg19(weights=w)", 1),
        ("We fine-tune VGG-19.", "models.vgg19(weights=w)", 0),
        ("The next cell fetches CIFAR-10.", "CIFAR100('.', download=True)", 1),
        ("The next cell fetches CIFAR-100.", "CIFAR100('.', download=True)", 0),
        ("Next to CIFAR-10 we fetch this:", "CIFAR100('.', download=True)", 0),
        ("We train on CIFAR-10.", "1\nclass CIFAR100(Data): ...", 0),
        ("这里下载 ResNet-50 的权重。", "resnet18(weights=w)", 1),
    ],
)
def test_data_and_networks_are_those_that_the_text_names(
    tmp_path: Path, said: str, loads: str, told: int
) -> None:
    page = notebook(tmp_path, prose(said), code(f"it = {loads}"))
    assert len(list(mixed.check(pages.site(tmp_path, page)))) == told


OWNERS = (
    "import secretflow as sf\nfrom secretflow.ml.nn import SLModel\n"
    "oak, elm = sf.PYU('oak'), sf.PYU('elm')\n"
    "parts = {oak: ['age', 'size'], elm: ['ripe', 'colour']}\n"
)


@pytest.mark.parametrize(
    ("said", "more", "told"),
    [
        ("The label never leaves oak.", "device_y = elm", 1),
        ("The label never leaves elm.", "device_y = elm", 0),
        ("标签由 oak 持有，elm 只有特征。", "SLModel(parts, device_y=elm)", 1),
        ("标签由 elm 持有，oak 只有特征。", "SLModel(parts, device_y=elm)", 0),
        ("Only oak has the label `ripe`.", "", 1),
        ("Only elm has the label `ripe`.", "", 0),
        ("The label `ripe` is hidden from oak.", "", 0),
        ("oak does not have the label.", "device_y = elm", 0),
        ("Both oak and elm keep a label.", "device_y = elm", 0),
        ("If oak has the label, it computes the loss.", "device_y = elm", 0),
        ("oak has the label.", "device_y = elm\ndevice_y = oak", 0),
    ],
)
def test_the_label_is_with_the_party_that_the_text_names(
    tmp_path: Path, said: str, more: str, told: int
) -> None:
    page = notebook(tmp_path, prose(said), code(OWNERS + more))
    assert len(list(mixed.check(pages.site(tmp_path, page)))) == told
