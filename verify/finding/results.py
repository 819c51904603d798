"""What checks say: results of a run, and findings, which every renderer gets."""

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

from verify.finding.kinds import CheckKind, FindingKind, Worded
from verify.system.words import Text, Words, enumerated, joined


class Verdict(str, Enum):
    """How a step, a check or a document came out; the later member outweighs the earlier."""

    PASS = "pass"  # noqa: S105  # no password
    ERRATUM = "erratum"
    UNCHECKED = "unchecked"
    FAIL = "fail"
    ERROR = "error"


_WEIGHT = {verdict: weight for weight, verdict in enumerate(Verdict)}


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of the whole; nothing at all is `unchecked`."""
    return max(verdicts, key=_WEIGHT.__getitem__, default=Verdict.UNCHECKED)


class Basis(Worded):
    """How a claim was decided: what was looked at."""

    READ = "read", "read in the code", "在代码中读出"
    ADDED = "added", "added up on the page", "按页面所列相加"
    MEASURED = "measured", "measured", "实测得出"
    SHOWN = "shown", "shown by the run", "由运行显示"


# The parts of a judgement: each is one of the fields of a result.
_STEP = Words(zh="步骤 {part}", en="step {part}")
_CELL = Words(zh="官方单元格 {part}", en="official cell {part}")
_CELLS = Words(zh="官方单元格 {part}", en="official cells {part}")
_SAYS = Words(zh="页面称：{part}", en="the page says {part}")
_SHOWS = Words(zh="该配置应显示：{part}", en="the profile is to show {part}")
_SHOULD = Words(zh="应当：{part}", en="expected: {part}")
# What no page says, but each training is to be.
_OF_TRAININGS = (CheckKind.METRICS, CheckKind.DATA, CheckKind.LOSS)
_OBSERVED = Words(zh="实测：{part}", en="observed {part}")
_TOLERANCE = Words(zh="容差：{part}", en="tolerance {part}")
_GROUNDS = Words(zh="依据：{part}", en="grounds: {part}")  # of what is no more than a warning
_REASON = Words(zh="（原因：{part}）", en="({part})")


@dataclass(frozen=True)
class Result:
    """One check's judgement: where, what the page says, what was observed, how far apart it may be.

    `tolerance` names its source; `reason` says why a verdict is `unchecked` or `error`, and what
    to do next. `warns` makes a finding of what contradicts nothing and should be looked at. `at` is
    the place where something broke: the cell of the edition, and the line of its source, from 1.
    `errata` are the entries of the contract's ledger that the judgement rests on, `outputs` the
    classes of the stored outputs that were compared, one each. `basis` is how a claim was decided,
    if it was. `rule` is the kind of what a rule tells of the same, with its `suggestion`; where no
    more than a rule tells it, `place` is the file, as its messages name it, and the line.
    """

    id: str
    kind: CheckKind
    verdict: Verdict
    says: Text = ""
    observed: Text = ""
    tolerance: Text = ""
    reason: Text = ""
    step: str | None = None
    cells: tuple[int, ...] = field(default=())
    warns: bool = False
    at: tuple[int, int] | None = None
    errata: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    basis: Basis | None = None
    rule: FindingKind | None = None
    suggestion: Text = ""
    place: tuple[str, int] | None = None

    @property
    def is_hint(self) -> bool:
        """Whether it is no more than what a rule warns of: nothing was held against a run."""
        return self.warns and self.place is not None

    @property
    def told_as(self) -> CheckKind | FindingKind:
        """Its kind; of what only a rule tells, that of the rule."""
        return self.rule if self.rule and self.place else self.kind

    @property
    def sentence(self) -> str:
        """The whole judgement in English."""
        return str(self.words)

    @property
    def expected(self) -> Text:
        """What was to be, and who says so."""
        frame = _SHOWS if self.kind is CheckKind.CALIBRATED else _SAYS
        frame = _SHOULD if self.kind in _OF_TRAININGS else frame
        return _part(frame, self.says) or ("" if self._is_of_rules else self.kind.words)

    @property
    def _is_of_rules(self) -> bool:
        """Whether it is what rules tell of the page: their own words need none beside them."""
        return bool(self.place) or (self.kind is CheckKind.RULES and bool(self.observed))

    @property
    def words(self) -> Text:
        """The whole judgement: step, official cell, expected, observed."""
        of_cells = _CELLS if len(self.cells) > 1 else _CELL
        where = _part(_STEP, self.step), _part(of_cells, enumerated(self.cells))
        return joined((joined(where, zh="，", en=", "), self.judged), zh="：", en=": ")

    @property
    def judged(self) -> Text:
        """The same without its place."""
        judged = (
            self.expected,
            self.observed if self._is_of_rules else _part(_OBSERVED, self.observed),
            _part(_GROUNDS if self.warns else _TOLERANCE, self.tolerance),
            self.basis.words if self.basis else None,
        )
        return self._because(joined(judged))

    @property
    def happened(self) -> Text:
        """What was observed, and why, alone."""
        return self._because(self.observed)

    def _because(self, what: Text) -> Text:
        return joined((what, _part(_REASON, self.reason)), zh="", en=" ")


def _part(template: Words, part: Text | None) -> Text:
    return template.filled(part=part) if part else ""


class Severity(Worded):
    """An `error` makes the gate fail; a `warning` is for an editor to weigh."""

    ERROR = "error", "error", "错误"
    WARNING = "warning", "warning", "警告"


@dataclass(frozen=True)
class Finding:
    """What a maintainer has to look at, as every renderer gets it: where, what, what to do.

    `cell` is the 0-based index over all cells of a notebook, None in other pages; `line` is the
    1-based line in the file. `message` is a whole sentence; `suggestion` says what to write or do,
    and is empty where nobody can know. Of a run, `check` is the id of what found it. `ours` says
    that nothing is known to be wrong with the page: something of ours, or of the machine, failed.
    """

    file: Path
    line: int
    cell: int | None
    kind: CheckKind | FindingKind
    severity: Severity
    message: Text
    suggestion: Text = ""
    check: str = ""
    ours: bool = False

    def __lt__(self, other: "Finding") -> bool:
        """By page and place, whatever has no cell before what has one."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[object, ...]:
        cell = -1 if self.cell is None else self.cell
        said = str(self.message), str(self.suggestion)
        return self.file, self.line, cell, self.kind, self.severity, *said
