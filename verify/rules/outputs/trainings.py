"""The trainings of a page: what each one's output tells, joined to the call that it comes from."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from verify.page.code import replay
from verify.page.code.replay import Replay
from verify.page.code.values import UNKNOWN, Call, Imported, Own
from verify.page.outputs import training_logs
from verify.page.outputs.training_logs import LoggedTraining
from verify.page.page import Block, Page, Prose
from verify.rules.outputs import vocabulary

_BOOSTERS = {"xgboost.train", "lightgbm.train"}
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]*|\d+")
_FITS = {"fit", "fit_generator", "train"}
_PRETRAINED_ARGUMENTS = ("weights", "pretrained", "weight")
_JOINT = {"FLModel": "federated", "SLModel": "split"}
_COMPRESSORS = ("compressor", "compress", "sparsity")


@dataclass(frozen=True, eq=False)
class LoggedRun:
    """A training of the page. `call` is None where no single call can be told to have made it.

    `names` are the identifiers, literal strings and settings that lead to it; `pretrained` says
    whether it starts from loaded weights, `setting` is federated, split or local, `compressed`
    whether what parties send is compressed. None where reading cannot tell.
    """

    training: LoggedTraining
    code: Block
    call: Call | None = None
    made_by: tuple[Call, ...] = ()
    names: frozenset[str] = frozenset()
    headings: tuple[str, ...] = ()
    pretrained: bool | None = None
    setting: str | None = None
    compressed: bool | None = None


@dataclass(frozen=True)
class Story:
    """What a page does and what its outputs tell of it."""

    replay: Replay = field(repr=False)
    runs: tuple[LoggedRun, ...]


@lru_cache(maxsize=64)
def _story(path: object, codes: tuple[Block, ...], headings: tuple[Prose, ...]) -> Story:
    del path
    told = replay.of_cells(codes)
    fits: dict[int, list[Call]] = {}
    for call in told.calls:
        if is_fit(call):
            fits.setdefault(call.cell, []).append(call)
    runs = []
    for code in codes:
        of_cell = training_logs.trainings(code) if code.outputs else ()
        calls = fits.get(code.index, [])
        if len(calls) != len(of_cell):  # a scaler is fitted too
            calls = [call for call in calls if "epochs" in call.keywords]
        certain = len(calls) == len(of_cell) and not any(call.again for call in calls)
        for i, training in enumerate(of_cell):
            runs.append(_run(told, training, code, calls[i] if certain else None, headings))
    return Story(told, tuple(runs))


def of_page(page: Page) -> Story:
    """Read a page's trainings; asking again costs nothing."""
    return _story(page.path, page.python_cells, page.headings)


def figures(page: Page) -> tuple[LoggedRun, ...]:
    """The single results that a page prints, each with what a sentence may call it by."""
    return tuple(
        LoggedRun(
            figure,
            code,
            names=frozenset(_labels(label, code)),
            headings=above(code, page.headings),
        )
        for code in page.python_cells
        for label, figure in training_logs.figures(code)
    )


def is_fit(call: Call) -> bool:
    """Whether a call trains a model."""
    return (call.name in _FITS and call.on is not None) or call.name in _BOOSTERS


def _run(
    told: Replay,
    training: LoggedTraining,
    code: Block,
    call: Call | None,
    headings: tuple[Prose, ...],
) -> LoggedRun:
    over = above(code, headings)
    if call is None:
        return LoggedRun(training, code, headings=over)
    made = tuple(replay.behind(told, call.on))
    joint = {_JOINT[name] for one in made if (name := one.name.rpartition(".")[2]) in _JOINT}
    return LoggedRun(
        training,
        code,
        call,
        made,
        frozenset(_names(call, made)),
        over,
        _pretrained(made, over),
        joint.pop() if len(joint) == 1 else "local" if not joint and made else None,
        any(
            isinstance(call.keywords.get(key), str | Call | Own)
            for call in made
            for key in _COMPRESSORS
        ),
    )


def _labels(label: str, code: Block) -> Iterator[str]:
    """What a printed result may be called by: its own label and the names in its cell."""
    words = _WORD.findall(label)
    for size in (1, 2, 3):
        for i in range(len(words) - size + 1):
            yield plain("".join(words[i : i + size]))
    yield from map(plain, re.findall(r"[A-Za-z_]\w+", code.source))


def above(code: Block, headings: Sequence[Prose]) -> tuple[str, ...]:
    """The heading that a cell stands under, and those above that one."""
    found: list[str] = []
    level = 99
    for heading in reversed(headings):
        if heading.line < code.line and heading.level < level:
            found.append(heading.text)
            level = heading.level
    return tuple(found)


def _pretrained(made: tuple[Call, ...], above: tuple[str, ...]) -> bool | None:
    told = []
    for call in made:
        if call.name.rpartition(".")[2] == "from_pretrained":
            told.append(True)
        for key in _PRETRAINED_ARGUMENTS:
            value = call.keywords.get(key, UNKNOWN)
            if isinstance(value, Imported | str | bool) or value is None:
                told.append(bool(value))
    if told:
        return told[0] if len(set(told)) == 1 else None
    if above and vocabulary.FROM_SCRATCH.search(above[0]):
        return False
    return None if above and vocabulary.PRETRAINED.search(above[0]) else False


def _names(call: Call, made: tuple[Call, ...]) -> Iterator[str]:
    for one in (call, *made):
        yield plain(one.name.rpartition(".")[2])
        for key, value in one.keywords.items():
            yield from _words(key, value)
        for value in one.positional:
            yield from _words("", value)


def _words(key: str, value: object) -> Iterator[str]:
    """What a sentence may call an argument by."""
    match value:
        case str():
            yield plain(value)
        case Imported() | Own():
            yield plain(value.name.rpartition(".")[2])
        case bool() | int() | float() if key:
            yield plain(f"{key}={value}")
        case list() | tuple():
            for one in value:
                yield from _words(key, one)


def plain(name: str) -> str:
    """A name as prose may write it: small letters, without what joins words."""
    return re.sub(r"[\s_-]+", "", name).lower()


def says_pretrained(text: str) -> bool | None:
    """Whether a text speaks of a start from loaded weights (True) or from random ones (False)."""
    if vocabulary.FROM_SCRATCH.search(text):
        return False
    return True if vocabulary.PRETRAINED.search(text) else None
