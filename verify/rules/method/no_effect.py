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
            listed = ", ".join(f"`{name}`" for name in names)
            be = "has" if len(names) == 1 else "have"
            yield found.finding(
                call,
                FindingKind.NO_EFFECT,
                f"{listed} {be} no effect here: {why}",
                "Leave it out." if len(names) == 1 else "Leave them out.",
            )


def _idle(call: Call) -> tuple[tuple[str, ...], str]:
    given = {name for name, value in call.keywords.items() if value is not None}
    made = practice.last(call.on) if isinstance(call.on, Call) else ""
    if call.name == "fit" and made == "FLModel":
        names, why = [], "the model has no `dp_strategy`."
        if isinstance(call.get("x", 0), dict) and isinstance(call.get("dataset_builder"), dict):
            names = [name for name in _OF_BUILDERS if name in given]
            why = "the `dataset_builder` makes the batches from the files."
        alone = isinstance(call.on, Call) and not {"dp_strategy", "**"} & call.on.keywords.keys()
        if alone and "dp_spent_step_freq" in given:
            why = why if not names else f"{why[:-1]}, and the model has no `dp_strategy`."
            names.append("dp_spent_step_freq")
        return tuple(names), why
    if call.name == "fit" and made in _KERAS_MODELS and _is_data_set(call.get("x", 0)):
        names = [name for name in _OF_DATA_SETS if name in given]
        return tuple(names), "a data set makes its batches, and their order, itself."
    if practice.last(call) == "train_test_split" and call.keywords.get("shuffle") is False:
        names = [name for name in ("random_state",) if isinstance(call.keywords.get(name), int)]
        return tuple(names), "nothing is shuffled (shuffle=False)."
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
