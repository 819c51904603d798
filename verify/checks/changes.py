"""What a profile changed of that which a number rests on: then it is not the page's number.

Data and weights in whose place it puts stand-ins, and arguments that it changes, such as epochs.
"""

from collections.abc import Iterator
from pathlib import PurePosixPath

from verify.checks.case import Case
from verify.contract.profiles import StandIn
from verify.contract.training_terms import Training
from verify.evidence.evidence import Applied
from verify.system.words import Text, Words, joined

_EPOCHS = "epochs"
_LASTED = Words(
    zh="{used} 个 epoch，而不是 {documented} 个", en="{used} epochs instead of {documented}"
)
_SET = Words(
    zh="{parameter} 为 {used}，而不是 {documented}",
    en="{parameter} {used} instead of {documented}",
)
_STANDS_IN = Words(
    zh="{program} 生成的替代品，而不是 {documented}",
    en="what {program} makes instead of {documented}",
)


def of_trainings(case: Case, training_ids: list[str]) -> Text:
    """What changed of that which trainings rest on, in words; empty if nothing did."""
    chain = _chain(case, training_ids)
    ids = [step.id for step in case.contract.steps]
    own = {training.step for training in chain}
    others = {training.step for training in case.contract.trainings} - own
    last = max(map(ids.index, own))

    def counts(one: Applied) -> bool:
        if one.step in (None, *own):
            return True
        return one.step in ids[:last] and one.step not in others

    pretrained = {training.weights for training in chain if training.start == "pretrained"}
    words = [*_epochs(case, chain), *_changed(case, filter(counts, case.applied), pretrained)]
    return _joined(words)


def of_printing(case: Case, step_id: str) -> Text:
    """What changed in a step or before it, in words; empty if nothing did."""
    ids = [step.id for step in case.contract.steps]
    reached = ids[: ids.index(step_id) + 1]
    trained = [t for t in case.contract.trainings if t.step in reached]
    before = (one for one in case.applied if one.step is None or one.step in reached)
    pretrained = {training.weights for training in trained if training.start == "pretrained"}
    return _joined([*_epochs(case, trained), *_changed(case, before, pretrained)])


def _chain(case: Case, training_ids: list[str]) -> list[Training]:
    """Trainings, and those that they start from."""
    found: dict[str, Training] = {}
    todo = list(training_ids)
    while todo:
        training = case.training(todo.pop(0))
        if training.id not in found:
            found[training.id] = training
            known = [other.id for other in case.contract.trainings]
            todo += [training.start] if training.start in known else []
    return list(found.values())


def _epochs(case: Case, trainings: list[Training]) -> Iterator[Words]:
    for training in trainings:
        if (used := case.epochs(training)) != training.epochs:
            yield _LASTED.filled(used=used, documented=training.epochs)


def _changed(case: Case, some: Iterator[Applied], pretrained: set[str]) -> Iterator[Words]:
    """What places that were changed, and files that were put in place, have become."""
    weights = {training.weights for training in case.contract.trainings}
    stand_ins, placed = case.profile.stand_ins, case.profile.placed
    unseen = {name for name, one in stand_ins.items() if not one.parameter}
    for change in some:
        files = placed.get(change.parameter, set())
        unseen |= {name for name in files if name in stand_ins}
        if not files and change.parameter != _EPOCHS:
            yield _SET.filled(
                parameter=change.parameter, used=change.used, documented=change.documented
            )
    for name in sorted(unseen):
        if name not in weights or name in pretrained:
            yield _told(stand_ins[name])


def _told(one: StandIn) -> Words:
    named = PurePosixPath(one.documented).name
    return _STANDS_IN.filled(program=one.program, documented=named)


def _joined(words: list[Words]) -> Text:
    return joined(dict.fromkeys(words))
