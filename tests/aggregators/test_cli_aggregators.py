"""What `python -m verify aggregators` prints, and which exit code it gives."""

from dataclasses import replace
from io import StringIO

import pytest
from rich.console import Console
from typer.testing import CliRunner

from tests.aggregators.cells import CELL
from tests.bilingual import words
from verify.aggregators.judging import TrialOutcome
from verify.aggregators.survey import Cell
from verify.aggregators.trial import Aggregator
from verify.cli import aggregators, app
from verify.errors import ExitCode
from verify.ledger.ledger import Defect, Ledger

GOOD = replace(CELL, aggregator=Aggregator.SECURE, sentence="sums of floats", rounds=12, ratio=0.25)
NEW = replace(
    GOOD,
    aggregator=Aggregator.PLAIN,
    outcome=TrialOutcome.SILENT,
    detail="1.0 instead of 1.5 (bound 0.1)",
    contradicts=True,
)
KNOWN = replace(NEW, aggregator=Aggregator.SPU, defect="sums-lost")
REFUSED = replace(GOOD, aggregator=Aggregator.SPARSE, outcome=TrialOutcome.REFUSED, rounds=1)
LEDGER = Ledger(
    defects=[
        Defect(
            id="sums-lost",
            says=words("sums are lost"),
            instead=words("add"),
            found=["spu/sums"],
            symptom="",
        )
    ]
)


def shown(cells: list[Cell], gone: list[str]) -> str:
    out = StringIO()
    aggregators.show("some", cells, LEDGER, gone, Console(file=out, width=120))
    return out.getvalue()


def test_the_table_has_a_row_for_each_kind_and_a_column_for_each_aggregator() -> None:
    lines = [
        line for line in shown([GOOD, NEW, KNOWN, REFUSED], []).splitlines() if "sums of" in line
    ]
    (row,) = lines
    cells = [cell.strip() for cell in row.replace("┃", "│").split("│") if cell.strip()]
    assert cells == ["sums of floats", "n=12, 0.25", "silent", "silent (known)", "refused"]


def test_what_is_new_known_or_stale_is_told_below() -> None:
    text = shown([GOOD, NEW, KNOWN], ["secure/sums"])
    assert "NEW plain/sums: silently wrong: 1.0 instead of 1.5 (bound 0.1)" in text
    assert "known spu/sums: sums are lost" in text
    assert "sums-lost.py" in text
    assert "STALE secure/sums is in the ledger, but does not show" in text


@pytest.mark.parametrize(
    ("cells", "gone", "code"),
    [
        ([GOOD, KNOWN, REFUSED], [], ExitCode.VERIFIED),
        ([GOOD, NEW], [], ExitCode.CONTRADICTED),
        ([GOOD], ["spu/sums"], ExitCode.CONTRADICTED),
    ],
)
def test_the_exit_code_tells_news(cells: list[Cell], gone: list[str], code: ExitCode) -> None:
    assert aggregators.verdict(cells, gone) is code


def test_an_unknown_environment_is_bad_usage() -> None:
    done = CliRunner().invoke(app.app, ["aggregators", "--env", "secretflow-0"])
    assert done.exit_code == ExitCode.USAGE
    assert 'There is no environment "secretflow-0"' in done.output
