"""Small published pages of which one cell has outputs stored, and runs of them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.checks.builders import contract_of
from verify.checks import Case
from verify.contract import pins
from verify.contract.edition import Edition
from verify.evidence.evidence import Evidence, StepRun
from verify.page import reader
from verify.upstream.pages import OfficialPage

SOURCES = ["import numpy as np", "n = 50", "model.fit(epochs=n)", "model.show()"]
Outputs = list[dict[str, Any]]


def page(stored: Outputs, sources: list[str]) -> OfficialPage:
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source, "execution_count": 1, "outputs": []}
        for source in sources
    ]
    cells[3]["outputs"] = [{"metadata": {}, "execution_count": 1, **one} for one in stored]
    for output in cells[3]["outputs"]:  # type: ignore[attr-defined]
        if output["output_type"] in ("stream", "error"):
            del output["metadata"], output["execution_count"]
        elif output["output_type"] == "display_data":
            del output["execution_count"]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4})
    return OfficialPage("v1", "1" * 40, "docs/small.ipynb", "b" * 40, text)


def case(
    stored: Outputs, run: Outputs, *, code: str = "", pinned: bool = False, **more: Any
) -> Case:
    """A published page whose last cell has outputs, and a run of it."""
    sources = [*SOURCES[:3], code] if code else SOURCES
    official = page(stored, sources)
    ran = replace(StepRun("show", 0, 1, "", None, outputs={3: run}), **more.pop("ran", {}))
    notebook = reader.of_text(official.text, Path("small.ipynb"))
    if pinned:  # the page itself is not at hand
        notebook = reader.of_text("\n".join(f"# %%\n{s}\n" for s in sources), Path("small.py"))
    return Case(
        contract=contract_of(),
        profile_name="short",
        notebook=notebook,
        pins=pins.of_page(official),
        evidence=Evidence(steps={"show": ran}, trainings={}),
        edition=Edition.PUBLISHED,
        **more,
    )
