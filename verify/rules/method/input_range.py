"""A pretrained network gets inputs in the range that it was trained on.

Keras, "Keras Applications", and the page of each family: some have a rescaling layer of their own
and take 0 to 255, others want their `preprocess_input`. torchvision, "Models and pre-trained
weights", section "Using the pre-trained models": each set of weights has its `transforms()`, which
normalise.
"""

import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import UNKNOWN, Call, Imported, Operation
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_TWICE = Words(
    zh="`{network}` 自己会缩放输入，是用 0 到 255 的像素训练的；这里却先除以了 255。",
    en="`{network}` rescales its inputs by itself and was trained on pixels from 0 to 255; here "
    "they are divided by 255 before.",
)
_LEAVE_OUT = Words(zh="请去掉这一缩放。", en="Leave the rescaling out.")
_UNCHANGED = Words(
    zh="`{network}` 是用{wants}训练的；这里输入的却是未经处理的 0 到 255 的像素。",
    en="`{network}` was trained on {wants}; here it gets pixels from 0 to 255 as they are.",
)
_PREPROCESS = Words(
    zh="请用网络自己模块中的 `preprocess_input` 处理图片。",
    en="Pass the pictures through the `preprocess_input` of the network's own module.",
)
_DIVIDED = Words(
    zh="`{network}` 是用{wants}训练的；这里的像素却只除以 255，范围成了 0 到 1。",
    en="`{network}` was trained on {wants}; here pixels are divided by 255 alone, which "
    "makes them 0 to 1.",
)
_PREPROCESS_INSTEAD = Words(
    zh="请改用网络自己模块中的 `preprocess_input` 处理图片。",
    en="Pass the pictures through the `preprocess_input` of the network's own module instead.",
)
_FROM_ONE = Words(zh="范围为 -1 到 1 的像素", en="pixels from -1 to 1")
_LESS_MEAN = Words(
    zh="减去 ImageNet 颜色均值的像素", en="pixels less the mean of ImageNet's colours"
)
_NOT_NORMALISED = Words(
    zh="`{network}` 是用归一化的图片训练的；这里的 `{makes}` 产生 0 到 1 的像素，之后没有归一化。",
    en="`{network}` was trained on normalised pictures; here `{makes}` makes pixels from 0 to 1 "
    "and nothing normalises them.",
)
_TRANSFORMS = Words(
    zh="请使用权重自带的 `transforms()`，或按其均值和标准差加上 `Normalize`。",
    en="Use the `transforms()` of the weights, or add Normalize with their mean and standard "
    "deviation.",
)

# Families of Keras Applications that rescale by themselves, and those that want -1 to 1, or the
# mean of ImageNet's colours taken off.
_RESCALES = re.compile(r"^(?:EfficientNet(?:V2)?[BSML]?\d?|ConvNeXt\w+|RegNet[XY]\w+|ResNetRS\d+)$")
_ONE = re.compile(
    r"^(?:InceptionV3|InceptionResNetV2|Xception|MobileNet|MobileNetV2|NASNet\w+|ResNet\d+V2)$"
)
_MEAN = re.compile(r"^(?:VGG1[69]|ResNet(?:50|101|152)|DenseNet\d+)$")
_APPLICATION = re.compile(r"keras\.(?:src\.)?applications\.")
_TORCHVISION = re.compile(r"^torchvision\.models\.(?!detection|segmentation|video|optical)")
# Where pictures come from as they are, from 0 to 255.
_PICTURES = re.compile(
    r"image_dataset_from_directory|ImageDataGenerator|\bload_img\b|image\.load_img|imread\(|"
    r"Image\.open|decode_jpe?g|decode_image|tfds\.load|cifar100?\.load_data|decode_png"
)
# Whatever changes the range of inputs.
_CHANGES = re.compile(
    r"preprocess_input|preprocessing_function|Rescaling|rescale\s*=|Normaliz|normaliz|127\.5|"
    r"/\s*255|1\.?/255|standardiz|convert_image_dtype|-\s*mean|imagenet_utils|samplewise_|featurewise_|"
    r"include_preprocessing|preprocess\w*\("
)
_BY_255 = re.compile(r"1(?:\.0*)?\s*/\s*255|0\.00392|/=?\s*255")
_SHIFTS = re.compile(
    r"127\.5|offset\s*=|preprocess_input|preprocessing_function|Normaliz|-\s*0\.5|\*\s*2|2(?:\.0?)?\s*\*|mean"
)
_TENSORS = {"ToTensor", "ToImage", "ConvertImageDtype", "ToDtype", "PILToTensor"}
_NORMALISES = re.compile(
    r"Normalize|normalize\(|\.transforms\(|preprocess|mean|AutoImageProcessor|FeatureExtractor"
)


def check(found: Practice) -> Iterator[Finding]:
    """Find pretrained networks whose inputs are as none of their training was."""
    yield from _of_keras(found)
    yield from _of_torchvision(found)


def _of_keras(found: Practice) -> Iterator[Finding]:
    networks = [call for call in found.calls if _APPLICATION.search(practice.dotted(call))]
    networks = [call for call in networks if practice.last(call)[:1].isupper()]
    trained = [call for call in networks if _is_trained(call)]
    names = {practice.last(call) for call in networks}
    # Where there are several networks, nobody can say for which one a page changes its pictures.
    if len(names) != 1 or not trained or not _PICTURES.search(found.source):
        return
    name, source = names.pop(), found.source
    at = trained[0]
    if _RESCALES.match(name) and _rescaled(found) and not _SHIFTS.search(source):
        yield found.finding(
            at,
            FindingKind.INPUT_RANGE,
            _TWICE.filled(network=name),
            _LEAVE_OUT,
        )
    elif (_ONE.match(name) or _MEAN.match(name)) and not _CHANGES.search(source):
        yield found.finding(
            at,
            FindingKind.INPUT_RANGE,
            _UNCHANGED.filled(network=name, wants=_wants(name)),
            _PREPROCESS,
        )
    elif (
        (_ONE.match(name) or _MEAN.match(name)) and _rescaled(found) and not _SHIFTS.search(source)
    ):
        yield found.finding(
            at,
            FindingKind.INPUT_RANGE,
            _DIVIDED.filled(network=name, wants=_wants(name)),
            _PREPROCESS_INSTEAD,
        )


def _wants(name: str) -> Words:
    return _FROM_ONE if _ONE.match(name) else _LESS_MEAN


def _is_trained(call: Call) -> bool:
    """Whether it comes with the weights of ImageNet, as it does where nothing else is said."""
    weights = call.keywords.get("weights", "imagenet")
    return weights == "imagenet" and "**" not in call.keywords and not call.positional


def _rescaled(found: Practice) -> bool:
    """Whether pictures are certain to be divided by 255."""
    for call in found.calls:
        given = (*call.positional, *call.keywords.values())
        if practice.last(call) in ("Rescaling", "ImageDataGenerator") and any(
            map(_is_255th, given)
        ):
            return "offset" not in call.keywords
    return bool(_BY_255.search(found.source)) and "Rescaling" not in found.source


def _is_255th(value: object) -> bool:
    return isinstance(value, float) and abs(value * 255 - 1) < 0.01  # noqa: PLR2004


def _of_torchvision(found: Practice) -> Iterator[Finding]:
    networks = [call for call in found.calls if _TORCHVISION.match(practice.dotted(call))]
    trained = [call for call in networks if _has_weights(call)]
    makes = [call for call in found.calls if practice.last(call) in _TENSORS]
    loads = re.search(r"ImageFolder|CIFAR100?\(|DataLoader", found.source)
    if trained and makes and loads and not _NORMALISES.search(found.source):
        yield found.finding(
            trained[0],
            FindingKind.INPUT_RANGE,
            _NOT_NORMALISED.filled(
                network=practice.last(trained[0]), makes=practice.last(makes[0])
            ),
            _TRANSFORMS,
        )


def _has_weights(call: Call) -> bool:
    weights = call.keywords.get("weights", call.keywords.get("pretrained"))
    if weights is UNKNOWN or isinstance(weights, Operation):
        return False
    return isinstance(weights, str | Imported) or weights is True
