"""What a check is given, and what a check is."""

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any

from verify.checks.told_once import OneList
from verify.contract.contract import Contract
from verify.contract.edition import Edition
from verify.contract.pins import Pins
from verify.contract.profiles import Profile
from verify.contract.training_terms import Training
from verify.environment.contents import Installed
from verify.evidence.evidence import Applied, Evidence, TrainingRun
from verify.evidence.failure import Failure
from verify.evidence.repetition.step_comparison import StepComparison
from verify.finding import CheckKind, Result, Verdict, worst
from verify.ledger.erratum import Erratum
from verify.page.code import literals
from verify.page.outputs.output_comparison import OutputClass
from verify.page.page import Page
from verify.repairs.repaired_pages import Repaired
from verify.system.words import Text, Words, enumerated, joined

_SHOWN = 3  # problems of a subject in a sentence
_SEVERAL = 2
# Trainings of several parties.
OF_PARTIES = ("federated", "split")
_FOLLOWS = Words(
    zh="该步骤所依据的单元格 {cells} 没有成功", en="it rests on cell {cells}, which failed"
)
_AS_LEDGER = Words(
    zh="本页面已按勘误表修正：{names}", en="repaired on this page as the ledger does: {names}"
)
NOT_ENDED = Words(
    zh="该训练在本次运行中没有结束", en="the training did not come to its end in this run"
)
_WITH_SEED = Words(zh="种子 {number}（共 {of} 个）", en="with seed {number} of {of}")
_WITH_EACH = Words(zh="{of} 个种子结果都如此；第一个", en="with each of {of} seeds; with the first")
_MORE = Words(zh="另有 {count} 项", en="and {count} more")
NONE_SUCH = Words(zh="没有这样的内容", en="nothing of the kind")
NOBODY = Words(zh="没有任何一方", en="nobody")
# Between a training and one of its series.
BETWEEN = "/"


class Needs(Enum):
    """What must be there before a check can judge."""

    TEXT = "the edition and its contract"
    ENVIRONMENT = "the documented environment"
    RUN = "a run"
    RUNS = "a run, and its repetitions if there are any"
    REPETITIONS = "several runs"


@dataclass(frozen=True)
class Case:
    """One document to judge, with as much beyond its text as the check needs.

    `seen` is the official page as it is now, where that is at hand; else it is as it was pinned.
    `rules` asks for what rules that need no run say of the page, beside what other checks have come
    to so far, or why that is not known.
    `repaired` are the errata that this page no longer has, as somebody made the ledger's repair.
    `own_modules` are those that lie beside the page.
    """

    contract: Contract
    profile_name: str
    notebook: Page
    pins: Pins
    applied: tuple[Applied, ...] = ()
    installed: Installed | None = None
    evidence: Evidence | None = None
    edition: Edition = Edition.CORRECTED
    reproduce: Callable[[Erratum], Failure | None] | None = None
    repeated: Mapping[str, StepComparison] = field(default_factory=dict)
    seen: Pins | None = None
    repaired: Repaired = field(default_factory=dict)
    rules: Callable[[], OneList | Words] | None = None
    own_modules: frozenset[str] = frozenset()

    @property
    def page(self) -> Pins:
        """The official page as it is now, as far as that is known."""
        return self.seen or self.pins

    @property
    def profile(self) -> Profile:
        """The profile that the run used."""
        return self.contract.profiles[self.profile_name]

    def training(self, training_id: str) -> Training:
        """The documented training of that id."""
        return self.contract.training(training_id)

    def runs_of(self, training_id: str) -> Sequence[TrainingRun]:
        """What the run recorded of a training, by seed; nothing if it did not come to its end."""
        return self.evidence.runs_of(self.contract, training_id) if self.evidence else ()

    def run_of(self, training_id: str) -> TrainingRun | None:
        """Its last one."""
        runs = self.runs_of(training_id)
        return runs[-1] if runs else None

    def repairs(self, cells: Iterable[int]) -> Text:
        """How the page came to differ in cells, in words; empty unless repairs explain each."""
        by_cell = [self.repaired.get(cell, ()) for cell in cells]
        if not all(by_cell):
            return ""
        names = enumerated(dict.fromkeys(name for some in by_cell for name in some))
        return _AS_LEDGER.filled(names=names) if names else ""

    def consequence(self, step_id: str | None) -> Words | None:
        """Why what a step shows may come from an earlier failure alone, if it may."""
        run = self.evidence.steps.get(step_id) if self.evidence and step_id else None
        if run is None or not run.follows:
            return None
        return _FOLLOWS.filled(cells=enumerated(run.follows))

    def left_out(self, step_id: str) -> Text:
        """Why a step is no part of this run: its profile ends before, or it says so itself."""
        return self.contract.left_out(self.profile_name, step_id)

    def epochs(self, training: Training) -> int:
        """How many epochs a training lasts in this run: as documented, or as its profile says.

        A change in the training's own step counts first, then one of a shared constant.
        """
        elsewhere = {t.step for t in self.contract.trainings} - {training.step}
        changes = [a for a in self.applied if is_of_epochs(a) and a.step not in elsewhere]
        changes.sort(key=lambda change: change.step != training.step)
        return int(changes[0].used) if changes else training.epochs


def is_of_epochs(change: Applied) -> bool:
    """Whether a change is of how long something is trained, as what it changed is called."""
    return literals.canonical(change.parameter) == "epochs"


@dataclass(frozen=True)
class Check:
    """A kind of check: the subjects that a contract gives it, and the judgement of one subject.

    A check of a run says with `step_of` after which step a subject can be judged. Some checks make
    sense for one edition only, and some have subjects that only a profile has (`of_profile`).
    """

    kind: CheckKind
    subjects: Callable[[Contract], list[str]]
    decide: Callable[[Case, str], Result]
    needs: Needs = Needs.RUN
    step_of: Callable[[Contract, str], str] | None = None
    editions: Collection[Edition] = tuple(Edition)
    of_profile: Callable[[Contract, str], list[str]] | None = None

    def subjects_in(self, contract: Contract, profile: str) -> list[str]:
        """The subjects that there are in a profile."""
        return self.of_profile(contract, profile) if self.of_profile else self.subjects(contract)

    def judge(self, case: Case, subject: str) -> Result:
        """The judgement of a subject: what the contract excuses is not decided, whatever it is."""
        result = self.decide(case, subject)
        excuse = case.contract.excuses(case.profile_name).get(result.id)
        if excuse is None and result.verdict is Verdict.FAIL:
            excuse = case.consequence(result.step)
        if excuse is None or result.verdict is Verdict.ERROR:
            return result
        outputs = (OutputClass.UNCHECKED,) * len(result.outputs)
        undecided = replace(result, verdict=Verdict.UNCHECKED, reason=excuse, outputs=outputs)
        return replace(undecided, basis=None, warns=False)

    def id(self, subject: str) -> str:
        """How this check of this subject is called in reports and on the command line."""
        return self.kind.id_of(subject)


def training_ids(contract: Contract) -> list[str]:
    """The subjects of checks that judge each training."""
    return [training.id for training in contract.trainings]


def step_of_training(contract: Contract, subject: str) -> str:
    """The step in which a training runs, of which the subject may be one series."""
    return contract.training(subject.partition(BETWEEN)[0]).step


def federated_ids(contract: Contract) -> list[str]:
    """The subjects of checks that judge each federated training."""
    return [training.id for training in contract.trainings if training.kind == "federated"]


def of_training(
    kind: CheckKind,
    judge: Callable[[Case, Training, TrainingRun], dict[str, Any]],
    subjects: Callable[[Contract], list[str]] = training_ids,
) -> Check:
    """A check that judges each training that came to its end.

    `judge` returns the fields of the result that it decides.
    """
    return of_series(kind, lambda case, training, run, _: judge(case, training, run), subjects)


def of_series(
    kind: CheckKind,
    judge: Callable[[Case, Training, TrainingRun, str], dict[str, Any]],
    subjects: Callable[[Contract], list[str]],
) -> Check:
    """The same for each series of such a training: a subject is `training/series`."""

    def judge_subject(case: Case, subject: str) -> Result:
        id_, _, series = subject.partition(BETWEEN)
        training = case.training(id_)
        cells = tuple(case.contract.step(training.step).cells)
        fields = _worst([judge(case, training, run, series) for run in case.runs_of(id_)])
        if fields is None:
            reason = case.left_out(training.step) or NOT_ENDED
            fields = {"verdict": Verdict.UNCHECKED, "reason": reason}
        return Result(check.id(subject), kind, step=training.step, cells=cells, **fields)

    check = Check(kind, subjects, judge_subject, step_of=step_of_training)
    return check


def _worst(judged: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """What decides a training with several seeds: the first of those that came out worst."""
    if len(judged) < _SEVERAL:
        return next(iter(judged), None)
    verdicts = [fields["verdict"] for fields in judged]
    number = verdicts.index(worst(verdicts))
    fields = judged[number]
    where = _WITH_SEED.filled(number=number + 1, of=len(judged))
    if fields["verdict"] is Verdict.PASS:
        where = _WITH_EACH.filled(of=len(judged))
    return fields | {"observed": joined((where, fields.get("observed")), zh="：", en=": ")}


def of_official(subjects: Callable[[Contract], list[str]]) -> Callable[[Contract], list[str]]:
    """The subjects of a check that compares with the official page, where there is one."""

    @functools.wraps(subjects)
    def of(contract: Contract) -> list[str]:
        return subjects(contract) if contract.page else []

    return of


def listed(problems: Sequence[Text]) -> Text:
    """The first problems, and how many more there are."""
    more = len(problems) - _SHOWN
    return joined([*problems[:_SHOWN], _MORE.filled(count=more) if more > 0 else None])


def who(names: Iterable[str]) -> Text:
    """Some parties by their names, or that there is none."""
    return enumerated(names) or NOBODY


def verdict(agrees: bool) -> Verdict:  # noqa: FBT001
    """Pass or fail."""
    return Verdict.PASS if agrees else Verdict.FAIL
