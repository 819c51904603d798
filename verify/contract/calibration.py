"""What a profile is known to show with stand-ins and shortcuts: its yardstick, not the page's."""

from typing import Annotated

from pydantic import Field, model_validator

from verify.contract.claim import Measured, MeasuredRelation, Tolerance
from verify.system.typed_toml import Strict
from verify.system.words import Words


class Calibrated(Strict):
    """What trainings reach with what a profile puts in place of the documented data and effort.

    A run that falls short of it has lost something, though the page says nothing of it. `origin`
    says how the value was found, `detects` which loss is surely noticed.
    """

    id: Annotated[str, Field(pattern="^[a-z0-9_-]+$")]
    says: Words
    trainings: Annotated[list[str], Field(min_length=1)]
    series: str
    relation: MeasuredRelation = ">="
    value: float | None = None
    against: list[str] = []
    window: Annotated[int, Field(ge=1)] | None = None
    margin: Annotated[float, Field(ge=0)] | None = None
    detects: Annotated[float, Field(gt=0)] | None = None
    false_alarm: Annotated[float, Field(gt=0, lt=0.5)] = 0.01
    origin: Words

    @property
    def measured(self) -> Measured:
        """What is looked at."""
        return Measured(
            series=self.series, trainings=self.trainings, against=self.against, window=self.window
        )

    @property
    def tolerance(self) -> Tolerance:
        """How far off it may be."""
        return Tolerance(margin=self.margin, false_alarm=self.false_alarm, detects=self.detects)

    @model_validator(mode="after")
    def _one_yardstick(self) -> "Calibrated":
        if (self.value is None) == (not self.against):
            raise ValueError(
                Words(
                    zh="应写 `value`，或写与之比较的训练 `against`，只能二选一",
                    en="names either a `value`, or the trainings that it is held `against`",
                )
            )
        if bool(self.against) != (self.relation in ("better", "alike")):
            raise ValueError(
                Words(
                    zh='"better" 和 "alike" 与 `against` 连用，其余的与 `value` 连用',
                    en='"better" and "alike" go with `against`, and the others with a `value`',
                )
            )
        return self
