"""What a run leaves for those who judge it, whole enough to be judged again without running."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError

from verify.errors import UsageError
from verify.evidence.evidence import Applied, StepRun
from verify.execute.receipt import Receipt
from verify.ledger.erratum import Erratum
from verify.system.complaints import why
from verify.system.moments import Duration, Moment
from verify.system.words import Words


@dataclass(frozen=True)
class Recording:
    """All that was noted of a whole run beside what the probes wrote.

    `parts` are the stretches in the order of the file, `hindered` names for each step that could
    not run the one that ended the kernel. `applied` are the stand-ins that the page was given;
    `made` the paths that changes of its code name, `asked` what stood for each address. `kernels`
    are the folders of the evidence below the run's own.
    """

    __pydantic_config__ = ConfigDict(ser_json_inf_nan="constants")

    started: Moment
    duration_s: Duration
    parts: Sequence[StepRun]
    replayed: Sequence[StepRun]
    hindered: Mapping[str, str]
    standins: Sequence[Applied]
    made: Mapping[str, str]
    asked: Mapping[str, str]
    cells: Mapping[str, Sequence[Mapping[str, Any]]]
    proposed: Sequence[Erratum]
    weights: Mapping[str, Mapping[str, tuple[str, ...]]]
    kernels: Sequence[str]
    peak_bytes: int
    receipt: Receipt


_JSON = TypeAdapter(Recording)


def to_json(recording: Recording) -> bytes:
    """A recording as a file has it."""
    return _JSON.dump_json(recording)


def of_json(content: bytes) -> Recording:
    """Read it back.

    Raises:
        UsageError: it is none of this version.
    """
    try:
        return _JSON.validate_json(content)
    except ValidationError as error:
        raise UsageError(
            Words(
                zh="不是本版本的运行记录（{error}）", en="no recording of this version ({error})"
            ).filled(error=why(error))
        ) from error
