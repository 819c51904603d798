"""Arguments that change nothing beside the other arguments of their call.

Keras, `Model.fit`: `batch_size` is not for data sets, generators and sequences, which make batches
themselves; nor is `shuffle`. SecretFlow, `FLModel.fit`: where a `dataset_builder`
builds from files, it alone decides on batches, order and seed; the budget of differential privacy
is asked for only where there is a `dp_strategy`. scikit-learn, `train_test_split`: `random_state`
controls the shuffling.
"""

from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import Call, Part
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Text, Words, enumerated, joined

_IDLE = Words(zh="{names} 在这里不起作用：{why}。", en="{names} has no effect here: {why}.")
_IDLE_ALL = Words(zh="{names} 在这里不起作用：{why}。", en="{names} have no effect here: {why}.")
_LEAVE_OUT = Words(zh="请去掉它。", en="Leave it out.")
_LEAVE_ALL_OUT = Words(zh="请去掉它们。", en="Leave them out.")
_NO_STRATEGY = Words(zh="模型没有 `dp_strategy`", en="the model has no `dp_strategy`")
_BY_BUILDER = Words(
    zh="批次由 `dataset_builder` 从文件中生成",
    en="the `dataset_builder` makes the batches from the files",
)
_BY_DATA_SET = Words(
    zh="批次及其顺序由数据集自己决定", en="a data set makes its batches, and their order, itself"
)
_NOT_SHUFFLED = Words(zh="没有打乱（`shuffle=False`）", en="nothing is shuffled (shuffle=False)")

_OF_DATA_SETS = ("batch_size", "shuffle")
_OF_BUILDERS = (
    "batch_size", "batch_sampling_rate", "shuffle", "sampler_method", "random_seed",
    "max_batch_size", "prefetch_buffer_size", "label_decoder",
)  # fmt: skip
_KERAS_MODELS = {"Sequential", "Model"}
# What makes a data set of tf.data from another.
_GOES_ON = {
    "map", "batch", "prefetch", "cache", "shuffle", "take", "skip", "repeat", "unbatch", "filter",
    "with_options", "apply", "concatenate", "padded_batch", "interleave", "enumerate",
}  # fmt: skip
_FOLDERS = {"image_dataset_from_directory", "text_dataset_from_directory"}


def check(found: Practice) -> Iterator[Finding]:
    """Find such arguments; of alike calls the first is told."""
    told: set[tuple[str, ...]] = set()
    for call in found.calls:
        names, why = _idle(call)
        key = (call.name, *names)
        if names and key not in told:
            told.add(key)
            listed = enumerated(f"`{name}`" for name in names)
            message, suggestion = (
                (_IDLE, _LEAVE_OUT) if len(names) == 1 else (_IDLE_ALL, _LEAVE_ALL_OUT)
            )
            message = message.filled(names=listed, why=why)
            yield found.finding(call, FindingKind.NO_EFFECT, message, suggestion)


def _idle(call: Call) -> tuple[tuple[str, ...], Text]:
    given = {name for name, value in call.keywords.items() if value is not None}
    made = practice.last(call.on) if isinstance(call.on, Call) else ""
    if call.name == "fit" and made == "FLModel":
        names, why = list[str](), list[Words]()
        if isinstance(call.get("x", 0), dict) and isinstance(call.get("dataset_builder"), dict):
            names = [name for name in _OF_BUILDERS if name in given]
            why += [_BY_BUILDER] if names else []
        alone = isinstance(call.on, Call) and not {"dp_strategy", "**"} & call.on.keywords.keys()
        if alone and "dp_spent_step_freq" in given:
            why.append(_NO_STRATEGY)
            names.append("dp_spent_step_freq")
        return tuple(names), joined(why, zh="，而且", en=", and ")
    if call.name == "fit" and made in _KERAS_MODELS and _is_data_set(call.get("x", 0)):
        names = [name for name in _OF_DATA_SETS if name in given]
        return tuple(names), _BY_DATA_SET
    if practice.last(call) == "train_test_split" and call.keywords.get("shuffle") is False:
        names = [name for name in ("random_state",) if isinstance(call.keywords.get(name), int)]
        return tuple(names), _NOT_SHUFFLED
    return (), ""


def _is_data_set(value: object) -> bool:
    """Whether something is certain to be a data set of tf.data."""
    while True:
        if isinstance(value, Part) and not value.is_attribute:
            value = value.of
        elif isinstance(value, Call) and value.name in _GOES_ON and isinstance(value.on, Call):
            value = value.on
        else:
            break
    name = practice.dotted(value)
    return practice.last(value) in _FOLDERS or name.startswith("tensorflow.data.Dataset.")
