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
from verify.cli.console import CommandConsole, say
from verify.cli.options import InLanguage, Quiet
from verify.environment import environment
from verify.errors import ExitCode
from verify.ledger import ledger as ledgers
from verify.ledger.ledger import Ledger
from verify.report.formats import DriftFormat
from verify.system.language import spoken
from verify.system.terminal_text import harmless_json
from verify.system.words import Text, Words, said

SCHEMA = 1
_LOOKING = Words(zh="正在查找环境。", en="Looking for the environment.")
_STARTING = Words(
    zh="正在启动 SecretFlow，各方的方式：{setting}。",
    en="Starting SecretFlow, all parties {setting}.",
)
_ROUNDS = Words(zh="轮次", en="rounds")
_MEANING = Words(
    zh="n：不超过上界的轮次数，以及最大误差与上界之比",
    en="n: rounds within the bound, and the largest error as a share of it",
)
_NEW = Words(zh="新问题 {key}：{outcome}：{detail}", en="NEW {key}: {outcome}: {detail}")
_KNOWN = Words(zh="已知 {found}：{says}", en="known {found}: {says}")
_SHOULD = Words(zh="应当 {instead}；{program}", en="should {instead}; {program}")
_STALE = Words(
    zh="过时 {key} 在缺陷表中，但没有出现", en="STALE {key} is in the ledger, but does not show"
)
_CORRECT = Words(zh="正确", en="correct")
_IS_KNOWN = Words(zh="{outcome}（已知）", en="{outcome} (known)")


def run(name: str | None, examples: int, *, as_json: bool, quiet: bool = False) -> ExitCode:
    """Try the aggregators of an environment and print what they do.

    Args:
        name: the environment's, or that of our tutorials.
        examples: rounds for each property.
        as_json: for programs instead of people; progress goes to standard error in any case.
        quiet: whether there is none.
    """
    console = CommandConsole(stderr=True, quiet=quiet)
    with console.status(_LOOKING.of(spoken())) as status:

        def notify(sentence: Text) -> None:
            status.update(escape(said(sentence, spoken())))
            if not console.is_terminal:
                say(console, sentence)

        built = environment.ensure_built(name or environment.DEFAULT, notify)
        ledger = ledgers.read(built.name)
        cells: list[Cell] = []
        for setting in Setting:
            notify(_STARTING.filled(setting=setting.words))
            with laboratory.opened(built, setting) as secretflow:
                cells += survey(secretflow, setting, examples, ledger, notify)
    cells = merged(cells)
    gone = stale(cells, ledger)
    if as_json:
        told = _json(built.name, cells, ledger, gone)
        # Strict, for JSON has no NaN, and these are the figures that may be one.
        text = json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False)
        print(harmless_json(text))  # noqa: T201
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
                "says": str(cell.sentence),
                "outcome": cell.outcome.value,
                "detail": str(cell.detail),
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
    table = Table(_ROUNDS.of(spoken()), *(aggregator.value for aggregator in Aggregator))
    by_key = {cell.key: cell for cell in cells}
    for kind, sentence in {cell.name: cell.sentence for cell in cells}.items():
        row = (by_key.get(f"{aggregator.key}/{kind}") for aggregator in Aggregator)
        table.add_row(escape(said(sentence, spoken())), *(_brief(cell) for cell in row))
    console.print(table)
    say(console, _MEANING)
    for cell in cells:
        if cell.is_new:
            outcome = cell.outcome.words
            say(console, _NEW.filled(key=cell.key, outcome=outcome, detail=cell.detail))
    for defect in ledger.defects:
        found, program = ", ".join(defect.found) or defect.id, ledgers.program(name, defect.id)
        say(console, _KNOWN.filled(found=found, says=defect.says))
        should = _SHOULD.filled(instead=defect.instead, program=program)
        say(console, f"       {said(should, spoken())}")
    for key in gone:
        say(console, _STALE.filled(key=key))


def _brief(cell: Cell | None) -> str:
    if cell is None:
        return ""
    if cell.outcome is TrialOutcome.CORRECT:
        several = f"n={cell.rounds}, {cell.ratio:.2f}"
        return several if cell.rounds > 1 else _CORRECT.of(spoken())
    known = cell.contradicts and not cell.is_new
    outcome = Words(zh=cell.outcome.chinese, en=cell.outcome.value)
    return (_IS_KNOWN.filled(outcome=outcome) if known else outcome).of(spoken())


HELP_ZH = """用各种数组试用 SecretFlow 的聚合器，并判定结果。

\b
退出码 1 表示有结果与参照不符而缺陷表没有说明，或者已知的缺陷没有出现。
"""


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
    _language: InLanguage = None,
) -> ExitCode:
    """Try SecretFlow's aggregators with arrays of every kind and judge what comes out.

    Exit code 1 says that something contradicts the reference which the ledger of known defects
    does not explain, or that a known defect does not show.
    """
    return run(env, examples, as_json=form is DriftFormat.JSON, quiet=quiet)
