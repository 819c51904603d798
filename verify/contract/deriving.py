"""A contract for a page that nobody wrote one for, derived from the page alone."""

from collections import Counter
from collections.abc import Container, Iterator
from pathlib import Path, PurePosixPath

from verify.contract import contract, costs, derived_trainings, pins
from verify.contract.contract import Contract
from verify.contract.profiles import OFFLINE
from verify.page.code import facts, scripts
from verify.page.code.scripts import Part
from verify.page.page import Block
from verify.system.typed_toml import written
from verify.system.words import Words
from verify.upstream.pages import OfficialPage

_SEED = 20240607
# The longest cells of SecretFlow's pages take 100 s on two idle cores; a busy machine needs more.
_STEP_LIMIT_S = 600
_EXPECTED_S = 60
_TITLE = Words(zh="页面 {name}", en="The page {name}")
_SAYS = Words(
    zh="离线、固定种子：数据用我们的替身文件，训练缩短",
    en="offline and seeded: stand-ins of ours for data, trainings cut short",
)


def write(page: OfficialPage, environment: str, folder: Path, *, drafted: str = "") -> Contract:
    """Write the contract and the pins of a page, to run as they are or to refine.

    A step is a code cell. What costs time is cut wherever a literal says how much of it there is.
    What cannot be run is left out, with the reason.

    Args:
        page: the page.
        environment: the name of the environment that it documents.
        folder: the document's folder, which is made.
        drafted: where the page is, if it lies in no repository.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / contract.FILE_NAME).write_text(_text(page, environment, drafted), encoding="utf-8")
    derived = contract.read(folder / contract.FILE_NAME)
    pins.write(pins.of_page(page, derived.known), derived.pins_path)
    return contract.read(folder / contract.FILE_NAME)


def _text(page: OfficialPage, environment: str, drafted: str) -> str:
    parts = scripts.of_page(page.parsed)
    rows = "".join(map(_row, parts))
    return f"""\
# Derived from the page alone. A person may add what steps are for, claims, trainings, files; and
# takes `derived` out who has done so.

schema = 2
derived = true
title = {written(_TITLE.filled(name=" ".join(PurePosixPath(page.path).name.split())))}

steps = [
{rows}]

[page]
ref = {written(page.ref)}
path = {written(page.path)}
blob = {written(page.blob)}
{f"source = {written(drafted)}" if drafted else ""}
[environment]
name = {written(environment)}

{"".join(_trainings(page, {part.cell.index for part in parts if not part.why}))}\
{"".join(change for part in parts if not part.why for change in _changes(part.cell))}\
[profiles.{OFFLINE}]
says = {written(_SAYS)}
seed = {_SEED}
step_limit_s = {_STEP_LIMIT_S}
expected_s = {_EXPECTED_S}
"""


def _row(part: Part) -> str:
    """A code cell as a step: whether it begins a script of its own, and why it is not run."""
    keys = [f'id = "{_id(part.cell)}"', f"cells = [{part.cell.index}]"]
    keys += ["fresh = true"] if part.fresh else []
    keys += [f"not_run = {written(part.why)}"] if part.why else []
    keys += ['needs = "cluster"'] if part.cluster else []
    return f"  {{ {', '.join(keys)} }},\n"


def _id(cell: Block) -> str:
    return f"cell-{cell.index}"


def _trainings(page: OfficialPage, run: Container[int]) -> Iterator[str]:
    """What the page trains among parties, in the cells that are run."""
    numbers: Counter[int] = Counter()
    for training in derived_trainings.of(facts.of_notebook(page.parsed)):
        if training.cell not in run:
            continue
        numbers[training.cell] += 1
        yield training.row(numbers[training.cell], _id(page.parsed.cells[training.cell]))


def _changes(cell: Block) -> Iterator[str]:
    """What is made cheaper in a cell."""
    for place, (use, reason) in costs.found(cell).items():
        yield f"""\
[[changes]]
profiles = "{OFFLINE}"
steps = ["{_id(cell)}"]
{place}
use = {use}
reason = {written(reason)}

"""
