"""Mutants that have to train: defects in a page's cells, and in the library beneath the page.

One document of ours holds the same federated training once for each defect, and once as it should
be. Its page says that all are alike; the real command line runs and judges it. The parties hold
unequal data in unequal numbers, so that a wrong mean cannot look right.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from tests.bilingual import words
from tests.documents import folder as documents
from tests.documents.folder import DocumentFolder
from tests.mutants.mutant import Mutant
from verify.errors import ResourceError
from verify.page import reader

SAMPLE = Path(__file__).parent / "samples" / "site" / "tutorial" / "greenhouses.ipynb"
_PLANT = f"""\
import sys
sys.path.append({str(Path(__file__).parent)!r})
import defects
"""
_PLAIN = """\
from secretflow.security import aggregation
adder_of_all = adder
adder = aggregation.PlainAggregator(center)
"""
_EQUAL = """\
places_, readers_ = dict(places), dict(readers)
places = dict.fromkeys(places, places["east"])
readers = dict.fromkeys(readers, reader(8))
"""
_UNEQUAL = "\nplaces, readers = places_, readers_\n"
_FROZEN = """ready(network())
first.layers[1].trainable = False
first = ready(first, 0.01)"""
_SECURE = "\nadder = adder_of_all\n"
_REVEALS = "\nsf.reveal([worker.get_weights() for worker in shared._workers.values()])\n"
LIMIT_S = 300


def local(step: str) -> str:
    """The contract's table of the tutorial's training on one machine, in that step."""
    return documents.training(step, layers=4, frozen=0)


def federated(step: str) -> str:
    """That of its training across parties."""
    parties = ["north", "east", "south"]
    return documents.training(
        step, start="office", layers=4, frozen=2, parties=parties, aggregate_freq=2
    )


@dataclass(frozen=True)
class Defect:
    """What is wrong with one training: a part of its cells replaced, or code around them."""

    kind: str
    meant: tuple[str, ...]
    was: str = ""
    becomes: str = ""
    before: str = ""
    after: str = ""
    local: bool = False
    says: str = ""

    def planted(self, source: str) -> str:
        """The training's cells with the defect."""
        if source.count(self.was) < 1:
            raise ValueError(f"no {self.was!r} in the document")
        changed = source.replace(self.was, self.becomes) if self.was else source
        return f"{self.before}{changed}{self.after}"

    @property
    def change(self) -> str:
        """What was changed, in words."""
        return self.says or " ".join(f"{self.was} → {self.becomes}".split())


def _beneath(kind: str, *meant: str, call: str) -> Defect:
    before, after = f"{_PLANT}defects.{call}\n", "\ndefects.heal()\n"
    return Defect(kind, meant, before=before, after=after, says=f"{call}, beneath the page")


def _with_equal_data(defect: Defect) -> Defect:
    """The same defect where all parties hold the same data, as those of many pages do."""
    before, after = f"{_EQUAL}{defect.before}", f"{defect.after}{_UNEQUAL}"
    return replace(defect, kind=f"{defect.kind}, equal data", before=before, after=after)


_UNWEIGHTED = _beneath("aggregator unweighted", "aggregation", call="plant('unweighted')")
_FIRST_ONLY = _beneath("first client only", "aggregation", call="plant('first_only')")
_SKIPPED = _beneath("a layer skipped", "aggregation", call="plant('layer_skipped')")
# What breaks off ends the run, so it comes last.
DEFECTS = (
    _UNWEIGHTED,
    _FIRST_ONLY,
    _SKIPPED,
    _beneath("last client left out", "aggregation", call="plant('last_left_out')"),
    _beneath("weights swapped", "aggregation", call="plant('weights_rotated')"),
    _beneath("sign lost", "aggregation", call="plant('sign_lost')"),
    _beneath("fractional bits lost", "aggregation", call="plant('coarse')"),
    _beneath("the average of the round before", "aggregation", call="plant('late')"),
    _beneath("large numbers clipped", "aggregation", call="plant('clipped')"),
    _beneath("large negatives clipped", "aggregation", call="plant('negatives_clipped')"),
    _beneath("small numbers flushed", "aggregation", call="plant('flushed')"),
    _beneath("one array clipped", "aggregation", call="plant('first_array_clipped')"),
    *map(_with_equal_data, (_UNWEIGHTED, _FIRST_ONLY, _SKIPPED)),
    _beneath("party data exchanged", "rounds", call="exchange()"),
    Defect("layers unfrozen", ("freezing",), "trainable = False", "trainable = True"),
    Defect("the border of frozen layers moved", ("freezing",), "[:2]", "[:1]"),
    Defect("weights random", ("start",), "model.load_weights(start)", "pass"),
    Defect("epochs changed", ("series",), "epochs=2", "epochs=1"),
    Defect("aggregated less often", ("rounds",), "aggregate_freq=2", "aggregate_freq=3"),
    Defect(
        "weights in the open", ("privacy",), before=_PLAIN, after=_SECURE, says="PlainAggregator"
    ),
    Defect("revealed without need", ("reveals",), after=_REVEALS, says="sf.reveal(weights)"),
    Defect("training diverges", ("loss",), "0.01)", "1e9)", local=True),
    Defect("epochs changed", ("series",), "epochs=2", "epochs=1", local=True),
    Defect("layers frozen", ("freezing",), "ready(network(), 0.01)", _FROZEN, local=True),
    Defect("an API moved", ("run",), "first.fit(", "first.fti(", local=True),
)


def mutants(notify: Callable[[str], None]) -> list[Mutant]:
    """One mutant for each defect; all of them train in one run, when first asked."""
    run = _Run(notify)
    return [
        Mutant(
            "training",
            defect.kind,
            "one machine" if defect.local else "three parties",
            defect.change,
            tuple(name for kind in defect.meant for name in (kind, f"{kind}:{step}")),
            partial(run.killers, step),
        )
        for step, defect in _steps().items()
    ]


def _steps() -> dict[str, Defect]:
    """The defects by the step that trains with each."""
    return {f"t{number}": defect for number, defect in enumerate(DEFECTS)}


@dataclass
class _Run:
    """The run of the document with all defects."""

    notify: Callable[[str], None]

    def killers(self, step: str) -> frozenset[str]:
        """The checks that fail at one step."""
        if step not in self._verdicts:
            raise ResourceError(words("the run did not get there."))
        return self._verdicts[step]

    @cached_property
    def _verdicts(self) -> dict[str, frozenset[str]]:
        """The checks that fail, by the step that they judge; only steps that ran.

        Raises:
            ResourceError: the run did not come to a report, or complains where nothing is wrong.
        """
        with tempfile.TemporaryDirectory() as scratch:
            document = documents.with_secretflow(Path(scratch))
            _write(document)
            report = finished(document, self.notify)
        found: dict[str, set[str]] = {}
        (judged,) = report["documents"]
        for step in judged["steps"]:
            if step["verdict"] != "unchecked":
                found[step["id"]] = {f"run:{step['id']}"} if step["verdict"] != "pass" else set()
        for check in judged["checks"]:
            if check["verdict"] == "fail" and check["step"] in found:
                found[check["step"]].add(check["id"])
        healthy = {step: ids for step, ids in found.items() if step not in _steps() and ids}
        if healthy:
            raise ResourceError(words(f"checks fail where nothing is wrong: {healthy}."))
        return {step: frozenset(ids) for step, ids in found.items()}


def finished(document: DocumentFolder, notify: Callable[[str], None]) -> dict[str, Any]:
    """The report of a run of the documents in a folder.

    Raises:
        ResourceError: there is none.
    """
    process = document.start()
    for line in process.stdout or ():
        notify(line.rstrip())
    process.wait()
    if not (report := document.report()):
        raise ResourceError(words("the documented environment did not run."))
    return report


def _write(folder: DocumentFolder) -> None:
    """Write the page, on which all trainings are alike, and the edition with the defects."""
    sample = reader.read(SAMPLE)
    sources = {cell.step: cell.source for cell in sample.cells if cell.step}
    alone = sources["office"]
    together = f"{sources.pop('greenhouse')}\n\n{sources.pop('together')}"
    sources.pop("series")
    page = {**sources, "together": together}
    edition = dict(page)
    trainings = [local("office"), federated("together")]
    for step, defect in _steps().items():
        page[step] = alone if defect.local else together
        edition[step] = defect.planted(page[step])
        trainings.append(local(step) if defect.local else federated(step))
    contract = folder.write(begins=0, limit_s=LIMIT_S, more="".join(trainings), **page)
    cells = [f'# %% step="{step}"\n{source}' for step, source in edition.items()]
    contract.edition_path.write_text("\n\n".join(cells) + "\n", encoding="utf-8")
