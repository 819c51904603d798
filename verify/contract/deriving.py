"""A contract for a page that nobody wrote one for, derived from the page alone."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from verify.contract import contract, pins
from verify.contract.contract import Contract
from verify.contract.profiles import OFFLINE
from verify.page.code import parsing
from verify.page.page import Block
from verify.system.words import Words
from verify.upstream.pages import OfficialPage

# What makes a training or an estimation last, by the names that pages give it.
_COSTS = re.compile(r"(?:\w+_)?epochs?|num_boost_round|n_estimators|max_iter")
_CHEAP = 2
_SEED = 20240607
_STEP_LIMIT_S = 600
_EXPECTED_S = 60
_TITLE = Words(zh="页面 {name}", en="The page {name}")
_SAYS = Words(
    zh="离线、固定种子：数据用我们的替身文件，训练缩短",
    en="offline and seeded: stand-ins of ours for data, trainings cut short",
)
_REASON = Words(zh="两轮就能看出能否训练", en="two rounds show whether it trains")


def write(page: OfficialPage, environment: str, folder: Path) -> Contract:
    """Write the contract and the pins of a page, to run as they are or to refine.

    A step is a code cell. What costs time is cut wherever a literal says how much of it there is.

    Args:
        page: the page.
        environment: the name of the environment that it documents.
        folder: the document's folder, which is made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / contract.FILE_NAME).write_text(_text(page, environment), encoding="utf-8")
    derived = contract.read(folder / contract.FILE_NAME)
    pins.write(pins.of_page(page, derived.known), derived.pins_path)
    return contract.read(folder / contract.FILE_NAME)


def _text(page: OfficialPage, environment: str) -> str:
    cells = [cell for cell in page.parsed.cells if cell.runs]
    rows = "".join(f'  {{ id = "{_id(cell)}", cells = [{cell.index}] }},\n' for cell in cells)
    return f"""\
# Derived from the page alone. A person may add what steps are for, claims, trainings, files.

schema = 2
title = {_words(_TITLE.filled(name=PurePosixPath(page.path).name))}

steps = [
{rows}]

[page]
ref = {_quoted(page.ref)}
path = {_quoted(page.path)}
blob = {_quoted(page.blob)}

[environment]
name = {_quoted(environment)}

{"".join(change for cell in cells for change in _changes(cell))}\
[profiles.{OFFLINE}]
says = {_words(_SAYS)}
seed = {_SEED}
step_limit_s = {_STEP_LIMIT_S}
expected_s = {_EXPECTED_S}
"""


def _id(cell: Block) -> str:
    return f"cell-{cell.index}"


def _words(words: Words) -> str:
    return f"{{ zh = {_quoted(words.zh)}, en = {_quoted(words.en)} }}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # strings of TOML are those of JSON


def _changes(cell: Block) -> Iterator[str]:
    """What is made cheaper in a cell."""
    tree = parsing.tree_of(cell.python)
    for place in dict.fromkeys(_costs(tree) if tree else ()):
        yield f"""\
[[changes]]
profiles = "{OFFLINE}"
steps = ["{_id(cell)}"]
{place}
use = {_CHEAP}
reason = {_words(_REASON)}

"""


def _costs(tree: ast.AST) -> Iterator[str]:
    """The places of literals that say how often something is repeated, as a change names them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func).rpartition(".")[2]
            for given in node.keywords:
                if given.arg and called.isidentifier() and _is_cost(given.arg, given.value):
                    yield f'call = "{called}"\nargument = "{given.arg}"'
        elif isinstance(node, ast.Assign) and len(node.targets) == 1:
            target = node.targets[0]
            if isinstance(target, ast.Name) and _is_cost(target.id, node.value):
                yield f'assign = "{target.id}"'
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                name = key.value if isinstance(key, ast.Constant) else None
                if isinstance(name, str) and _is_cost(name, value):
                    yield f'key = "{name}"'


def _is_cost(name: str, value: ast.expr) -> bool:
    number = value.value if isinstance(value, ast.Constant) else None
    return bool(_COSTS.fullmatch(name)) and type(number) is int and number > _CHEAP
