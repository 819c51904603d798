"""The log of a training can come from the code that asks for the training."""

import math
import re
from collections.abc import Iterator

from verify.page.code.values import UNKNOWN, Call, Part
from verify.page.outputs import training_logs
from verify.page.page import Block, Page
from verify.page.prose import numerals
from verify.rules.outputs import trainings
from verify.rules.outputs.trainings import LoggedRun, Story
from verify.system.words import Text, Words, enumerated

_COUNTS = Words(
    zh="输出数出 {total} 个文件中的 {training} 个和 {validation} 个，合计却是 {sum} 个。",
    en="The output counts {training} and {validation} files of {total}, which are {sum}.",
)
_KEEPS = Words(
    zh="单元格从 {total} 个文件中留出 {share:g} 作验证，即 {kept} 个，但它的输出是 {said} 个。",
    en="The cell keeps {share:g} of {total} files for validation, which is {kept}, "
    "but its output says {said}.",
)
_EPOCHS = Words(
    zh="输出中有 {total} 个 epoch，但代码要求的是 {asked}。",
    en="The output tells of {total} epochs, but the code asks for {asked}.",
)
_MISSING = Words(
    zh="代码要求 {total} 个 epoch，也没有什么会提前结束训练，"
    "但输出中只有 {has} 个（最先缺少的是 {first}）。",
    en="The code asks for {total} epochs and nothing ends the training earlier, but "
    "the output has {has} of them ({first} is the first that is missing).",
)
_ROUNDS = Words(
    zh="输出中有 {rounds} 轮，但代码要求的是 {asked}。",
    en="The output tells of {rounds} rounds, but the code asks for {asked}.",
)
_FIXED_STEPS = Words(
    zh="输出中一个 epoch 有 {steps} 步，但代码要求的是 {asked}。",
    en="An epoch has {steps} steps in the output, but the code asks for {asked}.",
)
_STEPS = Words(
    zh="输出中一个 epoch 有 {steps} 步，但 {samples} 个样本、批次大小 {batch} 应为 {right} 步。",
    en="An epoch has {steps} steps in the output, but {samples} samples in batches of {batch} "
    "are {right}.",
)
_METRICS = Words(
    zh="模型的指标是 {wanted}，但输出中的是 {told}。",
    en="The model has the metrics {wanted}, but the output has {told}.",
)
_HISTORY = Words(
    zh="训练历史的键是 {keys}，但那次训练打印的是 {printed}。",
    en="The history has the keys {keys}, but its training printed {printed}.",
)
_FOUND = re.compile(r"Found (\d+) files belonging to (\d+) classes")
_USING = re.compile(r"Using (\d+) files for (training|validation)")
_SHAPE = re.compile(r"\(?(?:torch\.Size\(\[)?\(?(\d+)(?:, ?\d+)*,?\)?(?:\]\))?\)?")
_KEYS = re.compile(r"dict_keys\(\[([^\]]*)\]\)")
# What changes no dataset's number of batches.
_NEUTRAL = {"cache", "prefetch", "map", "shuffle", "with_options"}
_KERAS_BATCH = 32
# Metrics whose name in the history is the one that is asked for.
_PLAIN_METRICS = {
    "accuracy", "acc", "mae", "mse", "mean_absolute_error", "mean_squared_error",
    "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy",
}  # fmt: skip
_SPELT = {"acc": "accuracy"}
_RATE = {"lr", "learning_rate"}


def of_page(page: Page) -> Iterator[tuple[Block, Words]]:
    """Find logs that do not fit what the code asks for, and say why."""
    story = trainings.of_page(page)
    for code in page.python_cells:
        if code.outputs and (why := _files(story, code) or _keys(story, code)):
            yield code, why
    for run in story.runs:
        if why := (
            _epochs(story, run) or _rounds(run) or _steps(page, story, run) or _metrics(run)
        ):
            yield run.code, why


def _files(story: Story, code: Block) -> Words | None:
    """Counts of an image folder that do not add up, or do not fit the split asked for."""
    out = "\n".join(output.text for output in code.outputs)
    found, using = _FOUND.findall(out), _USING.findall(out)
    parts = {key: numerals.whole(number) for number, key in using}
    if len(found) != 1 or len(using) != len(parts) or not parts:
        return None
    total = numerals.whole(found[0][0])
    if len(parts) == 2 and sum(parts.values()) != total:  # noqa: PLR2004
        return _COUNTS.filled(**parts, total=total, sum=sum(parts.values()))
    asked = {
        call.get("validation_split")
        for call in story.replay.calls
        if call.cell == code.cell and call.name.endswith("image_dataset_from_directory")
    }
    share = asked.pop() if len(asked) == 1 else None
    if (
        "validation" in parts
        and isinstance(share, float)
        and parts["validation"] != int(share * total)
    ):
        kept = int(share * total)
        return _KEEPS.filled(share=share, total=total, kept=kept, said=parts["validation"])
    return None


def _epochs(story: Story, run: LoggedRun) -> Words | None:
    """Another number of epochs than the code asks for."""
    training = run.training
    fits = [
        call
        for call in story.replay.calls
        if call.cell == run.code.cell and trainings.is_fit(call) and "epochs" in call.keywords
    ]
    asked = {run.call.get("epochs")} if run.call else {call.get("epochs") for call in fits}
    if not asked or not all(isinstance(one, int) for one in asked):
        return None
    if any("initial_epoch" in call.keywords or "**" in call.keywords for call in fits):
        return None
    numbers = enumerated(sorted(asked, key=str))
    # A loop of one's own may count from 0, up to one less than there are.
    counted = {training.total, (training.total or 0) + (training.epochs[0] == 0)}
    if training.total is not None and not counted & asked:
        return _EPOCHS.filled(total=training.total, asked=numbers)
    stops = any(call.get("callbacks") is not None for call in fits)
    if run.call is None or training.steps is None or training.total is None or stops:
        return None
    first = min(training.epochs[0], 1)
    told = sorted({one for one in training.epochs if first <= one < training.total + first})
    shortened = any(
        line.strip(" .…") == "" and line.strip()
        for output in run.code.outputs
        for line in output.text.split("\n")
    )
    if len(told) < training.total and not shortened:
        lacking = next((at for at, one in enumerate(told, first) if one != at), first + len(told))
        return _MISSING.filled(total=training.total, has=len(told), first=lacking)
    return None


def _rounds(run: LoggedRun) -> Words | None:
    """More rounds of boosting than the code asks for."""
    asked = run.call.keywords.get("num_boost_round") if run.call else None
    rounds = len(run.training.epochs)
    if run.training.epochs[:1] != (0,) or not isinstance(asked, int) or rounds <= asked:
        return None
    return _ROUNDS.filled(rounds=rounds, asked=asked)


def _steps(page: Page, story: Story, run: LoggedRun) -> Words | None:
    """Another number of steps in an epoch than the samples and the batch size make."""
    call, steps = run.call, run.training.steps
    if call is None or steps is None or run.setting != "local" or not call.positional:
        return None
    fixed = call.get("steps_per_epoch")
    if fixed is not None:
        if isinstance(fixed, int) and fixed != steps:
            return _FIXED_STEPS.filled(steps=steps, asked=fixed)
        return None
    counted = _of_dataset(page, call) or _of_array(page, story, call)
    if counted is None:
        return None
    samples, batch = counted
    right = math.ceil(samples / batch)
    if steps == right:
        return None
    return _STEPS.filled(steps=steps, samples=samples, batch=batch, right=right)


def _of_dataset(page: Page, call: Call) -> tuple[int, int] | None:
    """Samples and batch size of an image folder that is trained on."""
    data = call.positional[0]
    while isinstance(data, Part | Call):
        if isinstance(data, Part):
            data = data.of
        elif data.name in _NEUTRAL and data.on is not None:
            data = data.on
        else:
            break
    if not isinstance(data, Call) or not data.name.endswith("image_dataset_from_directory"):
        return None
    if any(use.name not in _NEUTRAL for use in data.uses):
        return None
    batch = data.get("batch_size") if "batch_size" in data.keywords else _KERAS_BATCH
    code = next((one for one in page.python_cells if one.cell == data.cell), None)
    told = _USING.findall("\n".join(o.text for o in code.outputs)) if code else []
    samples = [numerals.whole(number) for number, what in told if what == "training"]
    if len(samples) != 1 or not isinstance(batch, int):
        return None
    return samples[0], batch


def _of_array(page: Page, story: Story, call: Call) -> tuple[int, int] | None:
    """Samples and batch size of an array whose shape the page shows."""
    data, batch, share = call.positional[0], call.get("batch_size"), call.get("validation_split")
    if not isinstance(data, Part | Call) or not isinstance(batch, int | None):
        return None
    for code in page.python_cells:
        value = story.replay.values.get(code.index)
        shown = [o.text for o in code.outputs if o.execution_count is not None]
        is_its_shape = isinstance(value, Part) and value.of is data and value.key == "shape"
        if is_its_shape and len(shown) == 1 and (found := _SHAPE.fullmatch(shown[0].strip())):
            samples = numerals.whole(found[1])
            if isinstance(share, float):
                samples = int(samples * (1 - share))
            return None if share is UNKNOWN else (samples, batch or _KERAS_BATCH)
    return None


def _metrics(run: LoggedRun) -> Words | None:
    """Other metrics in the output than the model was compiled with."""
    asked = [call.keywords.get("metrics") for call in run.made_by if call.name == "compile"]
    if not asked or any(one != asked[0] for one in asked) or not isinstance(asked[0], list):
        return None
    wanted = {one.lower() if isinstance(one, str) else "?" for one in asked[0]}
    if not wanted <= _PLAIN_METRICS or run.training.steps is None:
        return None
    names = {training_logs.of_all_data(name) for name in run.training.series}
    if any(name.endswith("_loss") for name in names):
        return None
    # Keras up to 2.2 called the accuracy `acc`, whatever it was asked for.
    told = {_SPELT.get(name, name) for name in names - {"loss"}}
    wanted = {_SPELT.get(name, name) for name in wanted}
    if told == wanted or not told:
        return None
    return _METRICS.filled(wanted=_names(wanted), told=_names(told))


def _keys(story: Story, code: Block) -> Words | None:
    """Other keys of a history than the metrics that its training printed."""
    value = story.replay.values.get(code.index)
    if isinstance(value, Call) and value.name == "print" and len(value.positional) == 1:
        value = value.positional[0]
    if not isinstance(value, Call) or value.name != "keys":
        return None
    run = next((run for run in story.runs if run.call is not None and run.call is value.on), None)
    found = _KEYS.search("".join(output.text for output in code.outputs))
    if run is None or found is None or run.training.steps is None:
        return None
    keys = {key.strip(" '\"").lower() for key in found[1].split(",")} - _RATE
    told = set(run.training.series) - _RATE
    # Keys that have nothing in common are those of something else, such as histories by party.
    if keys == told or not keys & told:
        return None
    return _HISTORY.filled(keys=_names(keys), printed=_names(set(run.training.series)))


def _names(names: set[str]) -> Text:
    return enumerated(f"`{name}`" for name in sorted(names))
