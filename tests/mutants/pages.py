"""Mutants of pages, judged by the static gate: all mutants of a documentation in one go."""

import re
import shutil
import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from pathlib import Path

from tests.mutants import drafts, places
from tests.mutants.drafts import Draft
from tests.mutants.mutant import Mutant
from verify.environment.environment import Environment
from verify.rules import checked_site, gate
from verify.rules.project import Project
from verify.system.words import Tell

SITE = Path(__file__).parent / "samples" / "site"


@dataclass
class Documentation:
    """A folder of pages. `count` mutants of each kind are made, of pages that the seed chooses."""

    root: Path
    environment: Environment | None
    seed: int
    count: int
    name: str
    notify: Tell = lambda _: None
    _drafts: list[Draft] = field(default_factory=list)

    def mutants(self) -> list[Mutant]:
        """Mutants of all kinds for which the pages have places; judged when first asked."""
        by_kind: dict[str, list[Draft]] = defaultdict(list)
        for draft in drafts.of_folder(self.root, self._release):
            by_kind[draft.kind].append(draft)
        for kind, found in by_kind.items():
            self._drafts += places.some(found, self.count, f"{self.seed} {kind}")
        return [
            Mutant(
                self.name,
                draft.kind,
                f"{draft.page.relative_to(self.root)}, {draft.place}",
                draft.says,
                draft.meant,
                partial(self._killers_of, number),
            )
            for number, draft in enumerate(self._drafts)
        ]

    def _killers_of(self, number: int) -> frozenset[str]:
        return self._killers[number]

    @cached_property
    def _killers(self) -> list[frozenset[str]]:
        """For each draft what the gate finds in it, and not in the page that it was made of."""
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder).resolve() / "docs"
            shutil.copytree(self.root, root)
            (root / "conf.py").touch()
            paths = []
            for number, draft in enumerate(self._drafts):
                original = root / draft.page.relative_to(self.root)
                path = original.with_name(f"{original.stem}--{number}{original.suffix}")
                path.write_text(draft.text(), encoding="utf-8")
                paths += [original, path]
            opened = checked_site.open_site(
                list(dict.fromkeys(paths)),
                root=root,
                environment=self.environment,
                notify=self.notify,
            )
            found: dict[Path, set[tuple[str, str]]] = defaultdict(set)
            where: dict[tuple[Path, str, str], str] = {}
            for finding in gate.judge(opened, Project(), date.max).findings:
                said = re.sub(r"--\d+", "", str(finding.message))
                found[finding.file].add((finding.kind.value, said))
                place = f"line {finding.line}" if finding.cell is None else f"cell {finding.cell}"
                where[finding.file, finding.kind.value, said] = place
        return [
            frozenset(
                f"{kind}:{where[mutated, kind, said]}"
                for kind, said in found[mutated] - found[original]
            )
            for original, mutated in zip(paths[::2], paths[1::2], strict=True)
        ]

    @property
    def _release(self) -> str | None:
        return self.environment.packages.get("secretflow", "") if self.environment else None


def own(environment: Environment | None, seed: int, count: int, notify: Tell) -> Documentation:
    """The small documentation of our own, with pages of every format."""
    return Documentation(SITE, environment, seed, count, "page", notify=notify)
