"""What the mutants tell of us: counted by kind, listed where a check missed one, and as JSON."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.mutants.mutant import Fate, Judged

FEWEST = 60
SHARE = 0.95
_COUNTED = (Fate.KILLED, Fate.ACCIDENT, Fate.SURVIVED)
_HARMLESS = (Fate.SPARED, Fate.ALARM)


@dataclass
class Result:
    """All mutants that were tried, and the parts that could not be, with the reason."""

    seed: int
    judged: list[Judged] = field(default_factory=list)
    unrun: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)

    def of(self, *fates: Fate) -> list[Judged]:
        """Those that came to such an end."""
        return [one for one in self.judged if one.fate in fates]

    @property
    def share(self) -> float:
        """The share of the mutants that were tried which the check meant for them killed."""
        return len(self.of(Fate.KILLED)) / max(1, len(self.of(*_COUNTED)))

    @property
    def spared(self) -> float:
        """The share of the harmless ones that nobody complained of."""
        return len(self.of(Fate.SPARED)) / max(1, len(self.of(*_HARMLESS)))

    @property
    def good(self) -> bool:
        """Whether there were enough mutants, enough died as they should, and few false alarms."""
        few_alarms = not self.of(*_HARMLESS) or self.spared >= SHARE
        return len(self.of(*_COUNTED)) >= FEWEST and self.share >= SHARE and few_alarms

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        return {
            "schema": 1,
            "seed": self.seed,
            "tried": len(self.of(*_COUNTED)),
            "share": self.share,
            "harmless": len(self.of(*_HARMLESS)),
            "false_alarms": len(self.of(Fate.ALARM)),
            "seconds": self.seconds,
            "not_run": self.unrun,
            "mutants": [_as_json(one) for one in self.judged],
        }

    def write(self, path: Path) -> None:
        """Write the JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(self.as_json(), indent=1, ensure_ascii=False), encoding="utf-8")

    def show(self, console: Console) -> None:
        """Print the table, then everything that is a finding about us."""
        console.print(self._table())
        for part, reason in self.unrun.items():
            console.print(f"Not run: {part}: {reason}", markup=False, highlight=False)
        for fate in (Fate.SURVIVED, Fate.ACCIDENT, Fate.ALARM, Fate.UNRUN):
            for one in self.of(fate):
                console.print(_told(one), markup=False, highlight=False, soft_wrap=True)
        tried, killed = len(self.of(*_COUNTED)), len(self.of(Fate.KILLED))
        console.print(
            f"{killed} of {tried} mutants killed as meant ({self.share:.1%}); wanted are "
            f"{SHARE:.0%} of at least {FEWEST}; of {len(self.of(*_HARMLESS))} harmless changes "
            f"{len(self.of(Fate.ALARM))} raised a false alarm; seed {self.seed}, "
            f"{sum(self.seconds.values()):.0f} s.",
            highlight=False,
            soft_wrap=True,
        )

    def _table(self) -> Table:
        table = Table()
        table.add_column("kind of defect", no_wrap=True)
        for name in ("mutants", *(fate.value.replace(" by ", "\nby ") for fate in Fate)):
            table.add_column(name, justify="right")
        table.add_column("noticed by", no_wrap=True)
        for (family, kind), some in self._by_kind().items():
            fates = Counter(one.fate for one in some)
            killers = sorted({k.partition(":")[0] for one in some for k in one.meant})
            counts = [str(fates[fate] or "") for fate in Fate]
            table.add_row(f"{family}: {kind}", str(len(some)), *counts, ", ".join(killers))
        return table

    def _by_kind(self) -> Mapping[tuple[str, str], Sequence[Judged]]:
        kinds: dict[tuple[str, str], list[Judged]] = {}
        for one in self.judged:
            kinds.setdefault((one.mutant.family, one.mutant.kind), []).append(one)
        return kinds


def _told(one: Judged) -> str:
    meant = " or ".join(sorted({pattern.partition(":")[0] for pattern in one.mutant.meant}))
    told = f"{one.fate.value}: {one.mutant.id} (should be noticed by {meant or 'nobody'}"
    told += f"; noticed by {', '.join(one.killers)}" if one.killers else ""
    return f"{told}{'; ' if one.reason else ''}{one.reason})"


def _as_json(one: Judged) -> dict[str, Any]:
    mutant = one.mutant
    return {
        "family": mutant.family,
        "kind": mutant.kind,
        "place": mutant.place,
        "change": mutant.change,
        "fate": one.fate.value,
        "meant": mutant.meant,
        "killers": one.killers,
        "reason": one.reason,
    }
