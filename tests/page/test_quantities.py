"""Numbers with units, Chinese and English, told apart from what only looks like one."""

import pytest

from verify.page.prose import quantities
from verify.page.prose.quantities import QuantityKind

COUNT, PERCENT, SIZE, RANGE, VERSION = QuantityKind


@pytest.mark.parametrize(
    ("text", "kind", "values", "unit"),
    [
        ("4,323 photographs", COUNT, (4323,), "images"),
        ("4 323 images", COUNT, (4323,), "images"),
        ("共 4，323 张", COUNT, (4323,), "images"),
        ("1_000 rows", COUNT, (1000,), "samples"),
        ("3.5万条样本", COUNT, (35000,), "samples"),
        ("10k samples", COUNT, (10000,), "samples"),
        ("7B parameters", COUNT, (7e9,), "parameters"),
        ("2 million rows", COUNT, (2e6,), "samples"),
        ("4323 张彩色图片", COUNT, (4323,), "images"),
        ("48 维特征", COUNT, (48,), "features"),
        ("five classes", COUNT, (5,), "classes"),
        ("twenty-five classes", COUNT, (25,), "classes"),
        ("五类", COUNT, (5,), "classes"),
        ("两个参与方", COUNT, (2,), "parties"),
        ("三百二十个样本", COUNT, (320,), "samples"),
        ("two parties", COUNT, (2,), "parties"),
        ("two-party training", COUNT, (2,), "parties"),
        ("a 4-layer network", COUNT, (4,), "layers"),
        ("5 image classes", COUNT, (5,), "classes"),
        ("40 轮", COUNT, (40,), "rounds"),
        ("7 widgets", COUNT, (7,), "widgets"),
        ("88 MB", COUNT, (88,), "MB"),
        ("1.5 seconds", COUNT, (1.5,), "seconds"),
        ("a rate of 1e-4", COUNT, (1e-4,), ""),
        ("between -1 and", COUNT, (-1,), ""),
        ("95%", PERCENT, (95,), "%"),
        ("12.5 percent", PERCENT, (12.5,), "%"),
        ("百分之九十五", PERCENT, (95,), "%"),
        ("320x240", SIZE, (320, 240), ""),
        ("320×240", SIZE, (320, 240), ""),
        ("320*240", SIZE, (320, 240), ""),
        ("resized to 180 x 180.", SIZE, (180, 180), ""),
        ("(224, 224, 3)", SIZE, (224, 224, 3), ""),
        ("5–10 epochs", RANGE, (5, 10), "epochs"),
        ("3到5 轮", RANGE, (3, 5), "rounds"),
        ("3~5 layers", RANGE, (3, 5), "layers"),
        ("5 to 10 epochs", RANGE, (5, 10), "epochs"),
        ("1.5e-01-3 layers", RANGE, (0.15, 3), "layers"),
        ("2.12.0", VERSION, (), ""),
        ("v1.11.0b1", VERSION, (), ""),
        ("Python 3.10", VERSION, (), ""),
    ],
)
def test_a_quantity_has_a_kind_values_and_a_unit(
    text: str, kind: QuantityKind, values: tuple[float, ...], unit: str
) -> None:
    (found,) = quantities.find(text)
    assert (found.kind, found.values, found.unit) == (kind, values, unit)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "the 3rd step", "第3步", "第三个", "step 2", "步骤 2", "see Figure 4", "图 3",
        "2023-10-11", "2023年10月", "in May 12, 2021", "at 12:30:05", "since 2020",
        "192.168.0.1:9001", "port 9100", "端口 9100", "as in [1] and [3, 4]", "1. first\n2. last",
        "GPT-2", "ResNet50", "x1 and w_2", "3PC", "https://example.org/1/2", "one of them",
        "一种方法", "三思而行", "十分重要", "1/4",
    ],
)  # fmt: skip
def test_what_counts_nothing_is_no_quantity(text: str) -> None:
    assert quantities.find(text) == ()


@pytest.mark.parametrize(
    "text",
    ["about 300 images", "约 300 张", "300 张左右", "~300 images", "nearly 300 images",
     "more than 300 images", "至少 300 张", "300 多张", "up to 300 images"],
)  # fmt: skip
def test_a_hedged_quantity_is_approximate(text: str) -> None:
    (found,) = quantities.find(text)
    assert (found.values, found.unit, found.approximate) == ((300,), "images", True)


def test_an_exact_quantity_is_not_approximate() -> None:
    (found,) = quantities.find("It holds 300 images.")
    assert not found.approximate
    assert found.value == 300
