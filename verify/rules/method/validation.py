"""What validates a model was not trained on.

Keras, `Model.fit`, argument `validation_data`: data that the training does not see. tf.data,
`Dataset.shuffle`: `reshuffle_each_iteration` is on by default. torch.utils.data, `random_split`:
parts that do not overlap. scikit-learn, user guide, section 3.1, "Cross-validation": to test on
what a model has learnt from is a mistake of method.
"""

import ast
import math
import re
from collections.abc import Iterator

from verify.finding import Finding, FindingKind
from verify.page.code.values import UNKNOWN, Call, Own, Part, Returned
from verify.rules.method import practice
from verify.rules.method.practice import Practice
from verify.system.words import Words

_SAME_DATA = Words(
    zh="`{call}` 用训练数据本身作验证，因此验证看不出模型是否学到了这些样本以外的东西。",
    en="`{call}` validates on the very data that it trains on, so the validation "
    "cannot show whether the model has learnt anything but these samples.",
)
_UNSEEN = Words(
    zh="请给它训练中没有见过的数据。", en="Give it data that the training does not see."
)
_BUILT_ALIKE = Words(
    zh="`{builder}` 为训练和验证返回同一个数据集。",
    en="`{builder}` returns the same data set for training and for validation.",
)
_KEEP_PART = Words(
    zh="请留出一部分样本作验证，并返回那一部分。",
    en="Keep a part of the samples for validation, and return that part.",
)
_RESHUFFLED = Words(
    zh="数据集每次读取都会重新打乱，`take` 与 `skip` 因此分不开固定的样本："
    "第一个 epoch 之后，一部分的样本会出现在另一部分中。",
    en="The data set is shuffled anew each time that it is read, so that `take` and "
    "`skip` do not keep the same samples apart: after the first epoch, samples of one "
    "part turn up in the other.",
)
_ONCE = Words(
    zh="请给 `shuffle` 加上参数 `reshuffle_each_iteration=False`，或先划分，再只打乱训练部分。",
    en="Give `shuffle` the argument reshuffle_each_iteration=False, or split first and "
    "shuffle the training part alone.",
)
_LOADS_SAME = Words(
    zh="`{name}` 加载的样本与 `{other}` 相同：两者都由 `{source}` 构成。",
    en="`{name}` loads the same samples as `{other}`: both are made of `{source}`.",
)
_OTHER_DATA = Words(
    zh="请用训练中没有见过的数据集构成它。",
    en="Make it of a data set that the training does not see.",
)
_OF_TRAINING = Words(
    zh="`{name}` 由数据集的训练部分构成（`train=True`）。",
    en="`{name}` is made of the training part of the data set (train=True).",
)
_NOT_TRAIN = Words(zh="请改为 `train=False`。", en="Give it train=False.")
_OTHER_SEED = Words(
    zh="训练与验证两部分用不同的种子打乱，因此划分不同：验证部分含有训练过的样本。",
    en="The parts for training and for validation are shuffled by different seeds, and so split "
    "otherwise: the validation holds samples that were trained on.",
)
_SAME_SEED = Words(zh="请给两部分相同的种子。", en="Give both the same seed.")

_SHARED = Words(
    zh="`{name}` 与 `{other}` 都取自 `{source}`，并且有相同的样本：`{one}`、`{two}`。",
    en="`{name}` and `{other}` are both taken from `{source}` and share samples: "
    "`{one}` and `{two}`.",
)
_APART = Words(zh="请让两部分不重叠。", en="Take parts that do not overlap.")

_FOLDERS = {"image_dataset_from_directory", "text_dataset_from_directory"}
_VALIDATION = ("validation_data", "valid_data", "val_data")
_HELD_OUT = re.compile(
    r"^(?:test|val|valid|validation|eval)(?:_|$|set|loader|data|dl|ds)", re.IGNORECASE
)
_TRAINING = re.compile(r"^(?:train|training)(?:_|$|set|loader|data|dl|ds)", re.IGNORECASE)
FOR_TRAINING = re.compile(r"(?:^|_)(?:train|training)(?:_|$)", re.IGNORECASE)
FOR_JUDGING = re.compile(
    r"(?:^|_)(?:test|testing|val|valid|validation|eval|held_?out|hold_?out)(?:_|$)", re.IGNORECASE
)
# Nodes of one graph are told apart by masks, not by data sets.
_MASKS = re.compile(r"torch_geometric|train_mask|test_mask")
# Of Lightning's and of Hugging Face's trainers: the place of an argument, and its names.
_OF_TRAINERS = (
    (1, "train_dataloaders", "train_dataset"),
    (2, "val_dataloaders", "eval_dataset"),
)
# A folder may be read once for each part, with transforms of its own, and taken apart later.
_FROM_FOLDERS = re.compile(r"(?:^|\.)(?:ImageFolder|DatasetFolder)$")
_TAKEN_APART = re.compile(r"Subset|random_split|Sampler|\.samples\b|\.imgs\b|split")
_FOR_TESTS = re.compile(r"^test_?(?:set|data|dataset|ds)?$", re.IGNORECASE)
# What a loader may be given that makes two of them on one data set differ.
_PARTS = {"sampler", "batch_sampler", "**"}
# What a data set keeps its order through.
_KEEPS_ORDER = {"map", "prefetch", "batch", "with_options", "take", "skip"}


def check(found: Practice) -> Iterator[Finding]:
    """Find validation data that are training data."""
    yield from _given_twice(found)
    yield from _reshuffled(found)
    yield from _loaded_twice(found)
    yield from _split_twice(found)
    yield from _overlapping(found)


def _finding(found: Practice, at: Call | ast.AST, message: Words, suggestion: Words) -> Finding:
    return found.finding(at, FindingKind.TRAINED_ON, message, suggestion)


def _given_twice(found: Practice) -> Iterator[Finding]:
    """A call that trains and validates on one thing."""
    told: set[tuple[int, int]] = set()
    yield from _loaders_of_one(found, told)
    for fit in found.fits:
        held = next((fit.keywords[key] for key in _VALIDATION if key in fit.keywords), None)
        if held is None:
            continue
        if "dataset_builder" in fit.keywords:  # which is told what part it is to make
            yield from _built_alike(found, fit, told)
            continue
        data = fit.get("x", 0)
        if isinstance(held, tuple | list) and held and not isinstance(data, tuple | list):
            held = held[0]
            held = held[0] if isinstance(held, tuple) and held else held
        place = (fit.cell, fit.row)
        if place not in told and (practice.same(data, held) or _is_slice(held, data)):
            told.add(place)
            yield _finding(
                found,
                fit,
                _SAME_DATA.filled(call=fit.name),
                _UNSEEN,
            )


def _loaders_of_one(found: Practice, told: set[tuple[int, int]]) -> Iterator[Finding]:
    """Trainers that are given one data set, or loaders of one, to train and to validate on."""
    for call in found.calls:
        given = [_loaded(call, *names) for names in _OF_TRAINERS]
        one, *others = [value for value in given if value is not None] or [None]
        known = (call.cell, call.row) in told or _MASKS.search(found.source)
        if one is not None and not known and any(practice.same(one, other) for other in others):
            told.add((call.cell, call.row))
            yield _finding(found, call, _SAME_DATA.filled(call=call.name), _UNSEEN)


def _loaded(call: Call, place: int, *names: str) -> object:
    """The data set of an argument; None where it has none."""
    value = next((call.keywords[name] for name in names if name in call.keywords), None)
    if value is None and call.name == "fit" and len(call.positional) > place:
        value = call.positional[place]
        if practice.last(value) != "DataLoader":
            return None
    sampled = isinstance(value, Call) and value.keywords.keys() & _PARTS
    if isinstance(value, Call) and practice.last(value) == "DataLoader" and not sampled:
        return value.get("dataset", 0)
    return value


def _is_slice(held: object, data: object) -> bool:
    """Whether some of the very rows that it trains on are held."""
    return isinstance(held, Part) and isinstance(held.key, slice) and practice.same(held.of, data)


def _split_twice(found: Practice) -> Iterator[Finding]:
    """Two parts of a folder that Keras draws by other seeds, or that are the same part."""
    drawn: dict[str, list[Call]] = {}
    for call in found.calls:
        share, part = call.keywords.get("validation_split"), call.keywords.get("subset")
        shuffled = call.keywords.get("shuffle", True) is True
        if practice.last(call) in _FOLDERS and shuffled and isinstance(share, float) and part:
            folder = call.get("directory", 0)
            if isinstance(folder, str) or folder is not UNKNOWN:
                drawn.setdefault(f"{folder!r} {share}", []).append(call)
    for calls in drawn.values():
        parts = {call.keywords["subset"]: call for call in calls}
        seeds = [call.keywords.get("seed") for call in parts.values()]
        known = all(isinstance(seed, int) for seed in seeds)
        if len(calls) == len(parts) == 2 and known and len(set(seeds)) > 1:  # noqa: PLR2004
            yield _finding(found, calls[1], _OTHER_SEED, _SAME_SEED)
        names = [found.names.get(id(call.node), "") for call in calls]
        if len(calls) == 2 and len(parts) == 1 and _HELD_OUT.match(names[1]):  # noqa: PLR2004
            other = _LOADS_SAME.filled(
                name=names[1], other=names[0], source=calls[0].keywords["subset"]
            )
            yield _finding(found, calls[1], other, _OTHER_DATA)


def _built_alike(found: Practice, fit: Call, told: set[tuple[int, int]]) -> Iterator[Finding]:
    """A builder of data sets that makes the same one for training and for validation."""
    builders = fit.keywords["dataset_builder"]
    for builder in builders.values() if isinstance(builders, dict) else ():
        if not isinstance(builder, Own) or builder.is_class or (builder.cell, -1) in told:
            continue
        told.add((builder.cell, -1))
        made = [
            one.value
            for one in found.replay.body_of(builder)
            if isinstance(one, Returned) and isinstance(one.value, tuple) and one.value
        ]
        if len(made) > 1 and all(practice.same(made[0][0], one[0]) for one in made[1:]):
            yield _finding(
                found,
                builder.node,
                _BUILT_ALIKE.filled(builder=builder.name),
                _KEEP_PART,
            )


def _reshuffled(found: Practice) -> Iterator[Finding]:
    """The head and the rest of a data set that is shuffled anew each time that it is read."""
    parts: dict[int, dict[str, Call]] = {}
    shuffles: dict[int, Call] = {}
    for call in found.calls:
        if call.name not in ("take", "skip") or not isinstance(call.on, Call):
            continue
        whole: object = call.on
        while isinstance(whole, Call) and whole.name in _KEEPS_ORDER:
            whole = whole.on
        if isinstance(whole, Call) and whole.name == "shuffle" and _each_time(whole):
            shuffles[id(whole)] = whole
            parts.setdefault(id(whole), {}).setdefault(call.name, call)
    for key, some in parts.items():
        sizes = [call.get("count", 0) for call in some.values()]
        if some.keys() == {"take", "skip"} and practice.same(*sizes):
            yield _finding(found, shuffles[key], _RESHUFFLED, _ONCE)


def _each_time(shuffle: Call) -> bool:
    """Whether a shuffle of tf.data draws a new order for each epoch."""
    again = shuffle.get("reshuffle_each_iteration", 2)
    known = again is None or again is True
    return known and shuffle.on is not None and shuffle.on is not UNKNOWN and not _other(shuffle)


def _other(shuffle: Call) -> bool:
    """Whether the `shuffle` is that of another library's data sets, which is done once."""
    return any(
        practice.dotted(one).startswith(("datasets.", "torch", "numpy", "random", "sklearn"))
        or practice.last(one) == "load_dataset"
        for one in practice.calls_behind(shuffle)
    )


def _loaded_twice(found: Practice) -> Iterator[Finding]:
    """Loaders, or data sets, for training and for a test that hold the same samples."""
    for body in _bodies(found):
        made = _made_in(body)
        for name, value in made.items():
            if isinstance(value, ast.Call) and (why := _loads(name, value, made, found.source)):
                yield _finding(found, value, *why)
            elif isinstance(value, ast.Call) and (other := _of_same_folder(name, value, made)):
                source = ast.unparse(value.args[0])
                same = _LOADS_SAME.filled(name=name, other=other, source=source)
                if not _TAKEN_APART.search(found.source):
                    yield _finding(found, value, same, _OTHER_DATA)


def _loads(
    name: str, call: ast.Call, made: dict[str, ast.expr | None], source_of_all: str
) -> tuple[Words, Words] | None:
    callee = ast.unparse(call.func)
    if _HELD_OUT.match(name) and callee.endswith("DataLoader") and call.args and _is_whole(call):
        source = ast.unparse(call.args[0])
        for other, its in made.items():
            if not isinstance(its, ast.Call) or ast.unparse(its.func) != callee:
                continue
            if not _TRAINING.match(other) or not _is_whole(its) or not its.args:
                continue
            again = source in made and made[source] is None
            if source.isidentifier() and not again and ast.unparse(its.args[0]) == source:
                message = _LOADS_SAME.filled(name=name, other=other, source=source)
                return message, _OTHER_DATA
    apart = _TAKEN_APART.search(source_of_all) is None and _HELD_OUT.match(name)
    if (_FOR_TESTS.match(name) or apart) and re.search(r"(?:^|\.)(?:datasets|dset)\.\w+$", callee):
        for keyword in call.keywords:
            if keyword.arg == "train" and ast.unparse(keyword.value) == "True":
                return _OF_TRAINING.filled(name=name), _NOT_TRAIN
    return None


def _of_same_folder(name: str, call: ast.Call, made: dict[str, ast.expr | None]) -> str:
    """The data set for training that is read from the same folder in the same way, if any."""
    if not (_HELD_OUT.match(name) and _FROM_FOLDERS.search(ast.unparse(call.func)) and call.args):
        return ""
    for other, its in made.items():
        if isinstance(its, ast.Call) and _TRAINING.match(other) and its.args:
            same_kind = ast.unparse(its.func) == ast.unparse(call.func)
            if same_kind and ast.unparse(its.args[0]) == ast.unparse(call.args[0]):
                return other
    return ""


def _overlapping(found: Practice) -> Iterator[Finding]:
    """Parts of one thing for training and for a test, whose rows overlap by their numbers."""
    for body in _bodies(found):
        made = _made_in(body)
        parts = {name: part for name, value in made.items() if (part := _rows(value))}
        for name, (source, first, last) in parts.items():
            for other, (its, start, end) in parts.items():
                sides = FOR_JUDGING.search(name) and FOR_TRAINING.search(other)
                once = not source.isidentifier() or made.get(source, name) is not None
                if sides and once and its == source and max(first, start) < min(last, end):
                    one, two = (ast.unparse(made[key] or ast.Pass()) for key in (name, other))
                    said = _SHARED.filled(name=name, other=other, source=source, one=one, two=two)
                    yield _finding(found, made[name] or ast.Pass(), said, _APART)


def _rows(value: ast.expr | None) -> tuple[str, float, float] | None:
    """What rows are taken from, the first of them and the one after the last."""
    skipped = 0.0
    if isinstance(value, ast.Subscript) and isinstance(value.slice, ast.Slice):
        bounds = [value.slice.lower or ast.Constant(0), value.slice.upper or ast.Constant(math.inf)]
        known = [one.value for one in bounds if isinstance(one, ast.Constant)]
        if value.slice.step is None and len(known) == 2 and all(map(_is_count, known)):  # noqa: PLR2004
            first, last = map(float, known)  # type: ignore[arg-type]
            return ast.unparse(value.value), first, last
        return None
    count = _counted(value, "take")
    inner = value.func.value if count and isinstance(value, ast.Call) else value  # type: ignore[attr-defined]
    if (over := _counted(inner, "skip")) and isinstance(inner, ast.Call):
        skipped, inner = over, inner.func.value  # type: ignore[attr-defined]
    if inner is value or inner is None:
        return None
    return ast.unparse(inner), skipped, skipped + (count or math.inf)


def _counted(value: ast.expr | None, method: str) -> float | None:
    """How many a method of tf.data is told to take or to skip."""
    if isinstance(value, ast.Call) and getattr(value.func, "attr", "") == method:
        given = value.args[0] if len(value.args) == 1 else None
        if isinstance(given, ast.Constant) and _is_count(given.value):
            return float(given.value)  # type: ignore[arg-type]
    return None


def _is_count(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and value >= 0


def _is_whole(call: ast.Call) -> bool:
    """Whether a loader goes through all of its data set."""
    return not {keyword.arg or "**" for keyword in call.keywords} & _PARTS


def _bodies(found: Practice) -> Iterator[list[ast.stmt]]:
    """The statements of the page itself, and those of each function."""
    yield [statement for _, tree in found.trees for statement in tree.body]
    for _, tree in found.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node.body


def _made_in(body: list[ast.stmt]) -> dict[str, ast.expr | None]:
    """What a body gives each name to; None for what is given twice, or by more than an `=`."""
    made: dict[str, ast.expr | None] = {}
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        given: dict[str, ast.expr | None] = {
            node.id: None
            for node in ast.walk(statement)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            given[statement.targets[0].id] = statement.value
        made |= {name: None if name in made else value for name, value in given.items()}
    return made
