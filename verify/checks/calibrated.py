"""What a profile is known to show with its stand-ins and shortcuts, it shows."""

from verify.checks import measured
from verify.checks.case import Case, Check
from verify.checks.measured import SaidReach
from verify.checks.observed import UnknownError
from verify.contract.calibration import Calibrated
from verify.contract.contract import Contract
from verify.finding import CheckKind, Result, Verdict
from verify.system.words import Words

_NO_YARDSTICK = Words(
    zh="配置 {profile} 没有这个标尺", en="profile {profile} has no such yardstick"
)


def _of_all(contract: Contract) -> list[str]:
    """Those of all profiles."""
    return list(dict.fromkeys(s for name in contract.profiles for s in _of(contract, name)))


def _of(contract: Contract, profile: str) -> list[str]:
    return [one.id for one in contract.profiles[profile].calibrated]


def _found(contract: Contract, subject: str) -> Calibrated:
    some = (one for profile in contract.profiles.values() for one in profile.calibrated)
    return next(one for one in some if one.id == subject)


def _step_of(contract: Contract, subject: str) -> str:
    """The last step that it rests on."""
    one = _found(contract, subject)
    needed = {contract.training(name).step for name in (*one.trainings, *one.against)}
    return next(step.id for step in reversed(contract.steps) if step.id in needed)


def _decide(case: Case, subject: str) -> Result:
    one = next((own for own in case.profile.calibrated if own.id == subject), None)
    if one is None:
        reason = _NO_YARDSTICK.filled(profile=case.profile_name)
        return Result(CHECK.id(subject), CheckKind.CALIBRATED, Verdict.UNCHECKED, reason=reason)
    asked = SaidReach(one.measured, one.relation, one.value, one.tolerance, one.origin)
    try:
        fields = measured.judge(case, asked)
    except UnknownError as error:
        fields = {"verdict": Verdict.UNCHECKED, "reason": error.why}
    step = _step_of(case.contract, subject)
    return Result(CHECK.id(subject), CheckKind.CALIBRATED, says=one.says, step=step, **fields)


CHECK = Check(CheckKind.CALIBRATED, _of_all, _decide, step_of=_step_of, of_profile=_of)
