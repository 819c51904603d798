"""`python -m verify aggregators`: what SecretFlow's aggregators do, held against a reference."""

import json
import math
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from verify.aggregators import laboratory
from verify.aggregators.judging import TrialOutcome
from verify.aggregators.laboratory import Setting
from verify.aggregators.survey import Cell, merged, stale, survey
from verify.aggregators.trial import Aggregator
from verify.cli.console import CommandConsole
from verify.cli.options import Quiet
from verify.environment import environment
from verify.errors import ExitCode
from verify.ledger import ledger as ledgers
from verify.ledger.ledger import Ledger
from verify.report.formats import DriftFormat

SCHEMA = 1


def run(name: str | None, examples: int, *, as_json: bool, quiet: bool = False) -> ExitCode:
    """Try the aggregators of an environment and print what they do.

    Args:
        name: the environment's, or that of our tutorials.
        examples: rounds for each property.
        as_json: for programs instead of people; progress goes to standard error in any case.
        quiet: whether there is none.
    """
    console = CommandConsole(stderr=True, quiet=quiet)
    with console.status("Looking for the environment.") as status:

        def notify(sentence: str) -> None:
            status.update(escape(sentence))
            if not console.is_terminal:
                console.print(sentence, markup=False, highlight=False, soft_wrap=True)

        built = environment.ensure_built(name or environment.DEFAULT, notify)
        ledger = ledgers.read(built.name)
        cells: list[Cell] = []
        for setting in Setting:
            notify(f"Starting SecretFlow, all parties {setting.value}.")
            with laboratory.opened(built, setting) as secretflow:
                cells += survey(secretflow, setting, examples, ledger, notify)
    cells = merged(cells)
    gone = stale(cells, ledger)
    if as_json:
        told = _json(built.name, cells, ledger, gone)
        print(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False))  # noqa: T201
    else:
        show(built.name, cells, ledger, gone, CommandConsole())
    return verdict(cells, gone)


def verdict(cells: list[Cell], gone: list[str]) -> ExitCode:
    """Whether anything is there that the ledger does not know, or something it knows is not."""
    is_news = bool(gone) or any(cell.is_new for cell in cells)
    return ExitCode.CONTRADICTED if is_news else ExitCode.VERIFIED


def _json(name: str, cells: list[Cell], ledger: Ledger, gone: list[str]) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "environment": name,
        "rounds": [
            {
                "aggregator": cell.aggregator.value,
                "name": cell.name,
                "says": cell.sentence,
                "outcome": cell.outcome.value,
                "detail": cell.detail,
                "rounds": cell.rounds,
                "error_to_bound": cell.ratio if math.isfinite(cell.ratio) else None,
                "contradicts": cell.contradicts,
                "defect": cell.defect,
            }
            for cell in cells
        ],
        "defects": [
            {**defect.model_dump(), "program": str(ledgers.program(name, defect.id))}
            for defect in ledger.defects
        ],
        "stale": gone,
    }


def show(name: str, cells: list[Cell], ledger: Ledger, gone: list[str], console: Console) -> None:
    """Print a table of what was tried, then what is new, known or stale."""
    table = Table("rounds", *(aggregator.value for aggregator in Aggregator))
    by_key = {cell.key: cell for cell in cells}
    for kind, sentence in {cell.name: cell.sentence for cell in cells}.items():
        row = (by_key.get(f"{aggregator.key}/{kind}") for aggregator in Aggregator)
        table.add_row(escape(sentence), *(_brief(cell) for cell in row))
    console.print(table)
    console.print("n: rounds within the bound, and the largest error as a share of it")
    for cell in cells:
        if cell.is_new:
            _say(console, f"NEW  {cell.key}: {cell.outcome.sentence}: {cell.detail}")
    for defect in ledger.defects:
        _say(console, f"known  {', '.join(defect.found) or defect.id}: {defect.says}")
        _say(console, f"       should {defect.instead}; {ledgers.program(name, defect.id)}")
    for key in gone:
        _say(console, f"STALE  {key} is in the ledger, but does not show")


def _brief(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.outcome is TrialOutcome.CORRECT:
        return f"n={cell.rounds}, {cell.ratio:.2f}" if cell.rounds > 1 else "correct"
    return f"{cell.outcome.value}{' (known)' if cell.contradicts and not cell.is_new else ''}"


def _say(console: Console, sentence: str) -> None:
    console.print(sentence, markup=False, highlight=False, soft_wrap=True)


def command(
    *,
    env: Annotated[
        str | None, typer.Option(help="An environment by name; by default that of our tutorials.")
    ] = None,
    examples: Annotated[
        int, typer.Option(help="Rounds for each property; fewer where they are slow.", min=1)
    ] = 100,
    form: Annotated[
        DriftFormat, typer.Option("--format", help="How to print it.")
    ] = DriftFormat.TEXT,
    quiet: Quiet = False,
) -> ExitCode:
    """Try SecretFlow's aggregators with arrays of every kind and judge what comes out.

    Exit code 1 says that something contradicts the reference which the ledger of known defects
    does not explain, or that a known defect does not show.
    """
    return run(env, examples, as_json=form is DriftFormat.JSON, quiet=quiet)
