"""Reports of documents that nobody has run: with all there is, hostile, and very large."""

import base64
import io
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from PIL import Image

from tests.bilingual import words
from verify.contract.contract import PageReference
from verify.contract.training_terms import CombinationOutcome
from verify.evidence.division_of_work import ComputingMap, Drift, LayerMap
from verify.evidence.evidence import Applied
from verify.evidence.repetition.likeness import Likeness
from verify.execute.receipt import Receipt
from verify.finding import CheckKind, Finding, Result, Severity, Verdict
from verify.ledger.erratum import Edit, Erratum
from verify.report.combination_table import CombinationEntry
from verify.report.covered import Coverage, Covered
from verify.report.entries import DocumentEntry, EnvironmentEntry, Report, StepEntry, TrendEntry
from verify.report.outcome import Outcome
from verify.report.repeated import DifferenceEntry, RepeatedStep, RepeatEntry
from verify.report.training_entries import Documented, TrainingEntry
from verify.system import moments
from verify.system.words import Words

STARTED = moments.of(1_700_000_000)
# What a page could print to get at whoever reads the report.
HOSTILE = (
    '</script><script>window.hacked="script"</script>'
    "<img src=x onerror=\"window.hacked='image'\"><svg onload=\"window.hacked='svg'\"></svg>"
    "\"' onmouseover=window.hacked='attribute' x=\"{{ 7 * 7 }}<!-- --></pre></main></style>"
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
    "<script>parent.hacked = 1</script>"
    '<image href="https://example.com/picture.png"/><rect width="40" height="20"/></svg>'
)


def result(kind: CheckKind, name: str, verdict: Verdict, **fields: Any) -> Result:
    """A judgement in words of its own."""
    said = {
        "says": f"the orchard {name} bears 12 pears",
        "observed": f"{len(name)} pears on {name}",
        "tolerance": "± 2 pears: frost",
    }
    return Result(f"{kind.value}:{name}", kind, verdict, **said | fields)


def step(name: str, verdict: Verdict = Verdict.PASS, **fields: Any) -> StepEntry:
    """A step that took half a second."""
    said = {"says": f"{name}s the trees", "cells": [3], "duration_s": 0.5}
    return StepEntry(id=name, verdict=verdict, **said | fields)


def document(
    name: str, checks: Iterable[Result], steps: Iterable[StepEntry], **fields: Any
) -> DocumentEntry:
    """A document with findings for what somebody has to look at, and nothing else."""
    checks, steps = list(checks), list(steps)
    said = {
        "title": f"How to {name} an orchard",
        "edition": "corrected",
        "profile": "embedded",
        "profile_says": "small trees",
        "upstream": PageReference(ref="v1", path=f"docs/{name}.ipynb", blob="0" * 40),
        "verdict": Verdict.PASS,
        "outcome": Outcome.WELL,
        "duration_s": 61.0,
        "peak_memory_bytes": 2**30,
        "overrides": [],
        "undecided": {},
        "errata": [],
        "trainings": [],
        "coverage": _coverage(steps, checks),
        "receipt": None,
        "findings": [
            Finding(
                Path("docs/orchard.ipynb"),
                7,
                3,
                check.kind,
                Severity.ERROR,
                check.sentence,
                "plant another tree",
                check.id,
            )
            for check in checks
            if check.verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.ERRATUM) or check.warns
        ],
    }
    return DocumentEntry(name=name, checks=checks, steps=steps, **said | fields)


def report(*documents: DocumentEntry) -> Report:
    """A report of a run that took a minute."""
    return Report(
        schema=2,
        tool="secretflow-docs-verify 0",
        started=STARTED,
        duration_s=60.0,
        environments={
            "orchard-1": EnvironmentEntry(
                python="3.10.1", lock_sha256="f" * 64, packages={"pears": "1.2", "apples": "3"}
            )
        },
        documents=list(documents),
    )


def full() -> Report:
    """A report with each part that a page can have, and each verdict."""
    checks = [
        result(CheckKind.CLAIM, "pears", Verdict.FAIL, step="train", cells=(3, 4)),
        result(CheckKind.CLAIM, "apples", Verdict.PASS),
        result(CheckKind.CLAIM, "figs", Verdict.UNCHECKED, reason="too early in the year"),
        result(CheckKind.LOSS, "head", Verdict.PASS, step="train"),
        result(CheckKind.START, "head", Verdict.ERROR, step="train", reason="no ladder"),
        result(CheckKind.FACTS, "water", Verdict.ERRATUM, step="water", cells=(3,)),
        result(CheckKind.REPEAT, "train", Verdict.PASS, warns=True),
        result(CheckKind.PINS, "pins", Verdict.PASS),
    ]
    orchard = document(
        "water",
        checks,
        [step("water", errata=["dry"]), step("train", reason="slowly", observed="it grew")],
        verdict=Verdict.FAIL,
        undecided={"loss:branch": "too small a branch"},
        overrides=[Applied("buckets", 2, "water", "50", "2", "time")],
        errata=[_erratum()],
        trainings=list(trainings()),
        combinations=[_combination()],
        receipt=_receipt(),
        repeat=_repeat(),
        trends=[TrendEntry(id="claim:pears", kind="failing", message="It fails since May.")],
    )
    published = document(
        "prune",
        [result(CheckKind.ERRATUM, "dry", Verdict.ERRATUM, cells=(3,))],
        [step("cut"), step("rest", Verdict.UNCHECKED, duration_s=None, reason="not selected")],
        edition="published",
        verdict=Verdict.ERRATUM,
        overrides=[Applied("saws", 2, "cut", "9", "1", "time")],
        errata=[_erratum()],
        combinations=[_combination()],
    )
    ours = document(
        "harvest",
        [result(CheckKind.PACKAGES, "all", Verdict.PASS)],
        [step("pick")],
        upstream=None,
        write_up="https://example.com/issues/1",
    )
    return report(ours, published, orchard)


def trainings() -> Iterator[TrainingEntry]:
    """Three seeds of a federated training, which starts from a page's own measurement."""
    for seed in range(3):
        yield TrainingEntry(
            id="head",
            step="train",
            kind="federated",
            history={
                "loss": [1.0, None, 0.5 - seed / 10],
                "accuracy": [0.2, 0.5, 0.7 + seed / 100],
                "val_accuracy": [0.1, 0.4, 0.6],
            },
            rounds=4,
            ratios=[None, 0.2, 0.25, 0.3],
            documented={"accuracy": Documented(value=0.8, low=0.75, high=0.85, held_to=0.5)},
            computing=_computing(),
        )


def _computing() -> ComputingMap:
    layers = [
        LayerMap("input", "Input", False, False, False, 0, None),
        LayerMap("trunk", "Conv2D", False, False, True, 3000, 1e-9),
        LayerMap("trunk-2", "BatchNormalization", False, False, True, 5000, None),
        LayerMap("head", "Dense", True, True, True, 2000, 0.5),
    ]
    drift = Drift(batch_normalisation=[0.0, 1e-9], others=[0.0, 0.0])
    return ComputingMap(layers, ["alice", "bob"], 4, 10_000, 10_000, 0.8, drift)


def _erratum() -> Erratum:
    return Erratum(
        id="dry",
        cells=[3],
        symptom="OutOfWater: *",
        cause=words("nobody filled the bucket"),
        since=words("v0"),
        repair=words("fill it"),
        apply=[Edit(find="$X.drain()", replace="$X.fill()")],
    )


def _combination() -> CombinationEntry:
    return CombinationEntry(
        id="tensorflow/fed/Plain",
        backend="tensorflow",
        strategy="fed",
        aggregator="Plain",
        verdict=Verdict.PASS,
        outcome=CombinationOutcome.WORKS,
        ratio=0.25,
    )


def _repeat() -> RepeatEntry:
    difference = DifferenceEntry(
        what="pears", first="12", other="13", likeness=Likeness.WITHIN_BAND, band="± 2: frost"
    )
    steps = [
        RepeatedStep(id="water", likeness=Likeness.BIT_EQUAL, trained=False, differences=[]),
        RepeatedStep(
            id="train", likeness=Likeness.WITHIN_BAND, trained=True, differences=[difference] * 10
        ),
        RepeatedStep(id="pick", likeness=None, trained=False, differences=[]),
    ]
    return RepeatEntry(
        times=2,
        durations_s=[60.0, 61.0],
        counts={Likeness.BIT_EQUAL: 1, Likeness.WITHIN_BAND: 1, Likeness.DIVERGENT: 0},
        not_compared=1,
        first_difference="train",
        steps=steps,
        says="run 2 times with the same seeds",
    )


def _receipt() -> Receipt:
    return Receipt(
        tool_version="0",
        python="3.10.1",
        environment="orchard-1",
        lock_sha256="f" * 64,
        record_sha256={"pears": "a" * 64},
        fixtures_sha256={},
        seed=7,
        platform="Linux",
        cpu="two of them",
        threads=2,
        memory_bytes=2**34,
    )


def _coverage(steps: list[StepEntry], checks: list[Result]) -> Coverage:
    none = Covered(of=0, done=0)
    return Coverage(
        steps=len(steps),
        steps_run=sum(one.duration_s is not None for one in steps),
        code_cells=len(steps),
        code_cells_run=len(steps),
        prose_numbers=none,
        stored_outputs=none,
        calls=none,
        links=none,
        claims={},
        checks={verdict.value: sum(c.verdict is verdict for c in checks) for verdict in Verdict},
    )


def hostile() -> Report:
    """A report in which all that a page or a run could have a say in is hostile."""
    said = dict.fromkeys(("says", "observed", "tolerance", "reason"), HOSTILE)
    checks = [
        result(CheckKind.CLAIM, HOSTILE, Verdict.FAIL, step="train", **said),
        result(CheckKind.PINS, "pins", Verdict.UNCHECKED, **said),
    ]
    errata: dict[str, Any] = dict.fromkeys(
        ("cause", "repair"), Words(zh=f"中文{HOSTILE}", en=HOSTILE)
    )
    errata["symptom"] = HOSTILE
    return report(
        document(
            "water",
            checks,
            [step("train", says=HOSTILE, observed=HOSTILE, reason=HOSTILE)],
            title=HOSTILE,
            profile_says=HOSTILE,
            verdict=Verdict.FAIL,
            undecided={HOSTILE: HOSTILE},
            overrides=[Applied(HOSTILE, 2, HOSTILE, HOSTILE, HOSTILE, HOSTILE)],
            errata=[_erratum().model_copy(update=errata)],
            trends=[TrendEntry(id=HOSTILE, kind="drift", message=HOSTILE)],
            trainings=[
                TrainingEntry(id=HOSTILE, step=HOSTILE, kind="", history={HOSTILE: [1.0]}, rounds=0)
            ],
        )
    )


def large(documents: int = 50, checks: int = 100) -> Report:
    """As many documents and checks as a page has to bear; of the checks a tenth are steps."""
    kinds = [kind for kind in CheckKind if kind is not CheckKind.RUN]
    verdicts = [*[Verdict.PASS] * 8, Verdict.UNCHECKED, Verdict.ERRATUM]
    return report(
        *(
            document(
                f"tend-{number}",
                (
                    result(
                        kinds[check % len(kinds)],
                        f"tree-{check}",
                        Verdict.FAIL if check % 29 == 28 else verdicts[check % len(verdicts)],
                        step=f"row{check % (checks // 10)}" if check % 3 else None,
                        cells=(check,),
                    )
                    for check in range(checks - checks // 10)
                ),
                [step(f"row{row}") for row in range(checks // 10)],
                errata=[_erratum()],
                trainings=list(trainings()),
                receipt=_receipt(),
            )
            for number in range(documents)
        )
    )


def stream(text: str) -> dict[str, Any]:
    """What a cell has printed."""
    return {"output_type": "stream", "name": "stdout", "text": text}


def shown(**data: str) -> dict[str, Any]:
    """What a cell has displayed, by the kind of data: `image__png` stands for `image/png`."""
    named = {kind.replace("__", "/").replace("_", "+"): text for kind, text in data.items()}
    return {"output_type": "display_data", "data": named, "metadata": {}}


def png(width: int = 30, height: int = 20, colour: str = "green") -> str:
    """A picture as a notebook has it."""
    packed = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(packed, "PNG")
    return base64.b64encode(packed.getvalue()).decode("ascii")


def write_notebook(
    out: Path, entry: DocumentEntry, outputs: dict[str, list[dict[str, Any]]]
) -> None:
    """Put an executed notebook beside a report, with the outputs of its steps."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {"step": name},
            "source": "",
            "execution_count": 1,
            "outputs": some,
        }
        for number, (name, some) in enumerate(outputs.items())
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path = out / "notebooks" / f"{entry.name}.{entry.edition}.{entry.profile}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook), encoding="utf-8")
    nbformat.validate(notebook)
