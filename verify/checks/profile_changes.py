"""What a profile changed of that which a number rests on: then it is not the page's number.

Data and weights in whose place it puts stand-ins, and arguments that it changes, such as epochs.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from verify.checks.case import Case, is_of_epochs
from verify.contract.profiles import are_weights
from verify.contract.training_terms import Training
from verify.evidence.evidence import Applied
from verify.system.words import Text, Words, joined

_LASTED = Words(
    zh="{used} 个 epoch，而不是 {documented} 个", en="{used} epochs instead of {documented}"
)
_SET = Words(
    zh="{parameter} 为 {used}，而不是 {documented}",
    en="{parameter} {used} instead of {documented}",
)
_STANDS_IN = Words(zh="{documented} 由我们的替身代替", en="a stand-in of ours for {documented}")


def of_trainings(case: Case, training_ids: list[str]) -> Text:
    """What changed of that which trainings rest on, in words; empty if nothing did."""
    chain = _chain(case, training_ids)
    ids = [step.id for step in case.contract.steps]
    own = {training.step for training in chain}
    others = {training.step for training in case.contract.trainings} - own
    last = max(map(ids.index, own))

    def counts(one: Applied) -> bool:
        if one.step is None or one.program:  # whatever is asked for again, is asked for once
            return one.step is None or ids.index(one.step) <= last
        return one.step in own or (one.step in ids[:last] and one.step not in others)

    return _joined(case, chain, filter(counts, case.applied))


def of_printing(case: Case, step_id: str) -> Text:
    """What changed in a step or before it, in words; empty if nothing did."""
    ids = [step.id for step in case.contract.steps]
    reached = ids[: ids.index(step_id) + 1]
    trained = [t for t in case.contract.trainings if t.step in reached]
    before = (one for one in case.applied if one.step is None or one.step in reached)
    return _joined(case, trained, before)


def stands_in(url: str) -> Words:
    """What a report says of a stand-in for a download."""
    path = PurePosixPath(urlsplit(url).path)
    return _STANDS_IN.filled(documented=path.name or url)


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


def _changed(case: Case, some: Iterable[Applied], trainings: list[Training]) -> Iterator[Words]:
    """What places that were changed, and addresses of files, have become."""
    for change in some:
        if change.program:
            if not are_weights(change.documented) or _starts_from(case, trainings, change):
                yield stands_in(change.documented)
        elif not is_of_epochs(change):
            yield _SET.filled(
                parameter=change.parameter, used=change.used, documented=change.documented
            )


def _starts_from(case: Case, trainings: list[Training], change: Applied) -> bool:
    """Whether one of the trainings starts from weights of that address, as far as is known."""
    pretrained = [training for training in trainings if training.start == "pretrained"]
    files = [case.contract.weights_of(one, case.profile_name) for one in pretrained]
    return any(file is None or file.serves(change.documented) for file in files)


def _joined(case: Case, trainings: list[Training], some: Iterable[Applied]) -> Text:
    words = [*_epochs(case, trainings), *_changed(case, some, trainings)]
    return joined(dict.fromkeys(words))
