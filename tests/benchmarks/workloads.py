"""Notebooks, pages and documents of our own invention that tools are measured with."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat

from verify.system.typed_toml import written
from verify.system.words import Words

NO_OP = "value_{cell} = {salt}"
_WAITS = "import time; time.sleep(1)  # {cell} {salt}"
# Its first layers are frozen, then a head is trained, on pictures that are drawn at random.
_TRAINING = (
    "import numpy as np\nimport tensorflow as tf\nsalt = {salt}",
    """\
rng = np.random.default_rng(7)
pictures = rng.random((256, 96, 96, 3), dtype=np.float32)
kinds = rng.integers(0, 4, 256)""",
    """\
base = tf.keras.applications.MobileNetV2(input_shape=(96, 96, 3), include_top=False, weights=None)
base.trainable = False
model = tf.keras.Sequential(
    [base, tf.keras.layers.GlobalAveragePooling2D(), tf.keras.layers.Dense(4)]
)
model.compile(
    optimizer="adam",
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)""",
    "history = model.fit(pictures, kinds, epochs=1, batch_size=16)",
    "print(model.evaluate(pictures, kinds, return_dict=True))",
)


@dataclass(frozen=True)
class Notebooks:
    """So many equal notebooks; what a cell holds has `{cell}` and `{salt}` filled in."""

    name: str
    documents: int
    cells: tuple[str, ...]

    def write(self, folder: Path, kernel: str, salt: int) -> list[Path]:
        """Write them. With another salt they are others, which nobody can have run before."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [folder / f"{self.name}-{number}.ipynb" for number in range(self.documents)]
        for number, path in enumerate(paths):
            filled = (
                source.replace("{cell}", str(cell)).replace("{salt}", f"1{salt:03}{number:04}")
                for cell, source in enumerate(self.cells)
            )
            nbformat.write(_notebook(filled, kernel), path)
        return paths


ONE = Notebooks("one", 1, (NO_OP,))
CELLS = Notebooks("cells", 1, (NO_OP,) * 101)
DOCUMENTS = Notebooks("documents", 5, (NO_OP,))
SLEEPING = Notebooks("sleeping", 1, (_WAITS,) * 5)
TRAINING = Notebooks("training", 1, _TRAINING)
FAILING = Notebooks("failing", 1, (NO_OP, "raise ValueError({salt})"))


def _notebook(sources: Iterator[str], kernel: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    named = {"name": kernel, "display_name": kernel, "language": "python"}
    made: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=cells)
    made.metadata["kernelspec"] = named
    return made


def pages(folder: Path, count: int) -> list[Path]:
    """So many Markdown pages without a fault, each with two sections, a table and some code."""
    for number in range(count):
        links = "".join(f"- [page {number}](page-{number}.md)\n" for _ in range(2))
        _text(
            folder / f"page-{number}.md",
            f"# Harvest {number}\n\nThe orchard is picked in {1900 + number}.\n\n## Ladders\n\n"
            f"{links}\n| tree | baskets |\n|---|---|\n| pear | {number} |\n\n"
            f"```python\nbaskets = {number}\nprint(baskets + 1)\n```\n",
        )
    return [folder]


def long_notebook(folder: Path, count: int) -> list[Path]:
    """A notebook of so many cells of code without a fault."""
    sources = (f"baskets_{i} = {i}\nprint(baskets_{i} + 1)" for i in range(count))
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(_notebook(sources, "python3"), folder / "long.ipynb")
    return [folder]


def faulty_page(folder: Path, count: int) -> list[Path]:
    """A page with so many links that lead nowhere."""
    links = "\n".join(f"- [tree {i}](no-such-tree-{i}.md)" for i in range(count))
    _text(folder / "faulty.md", f"# Trees\n\n{links}\n")
    return [folder]


def claims(folder: Path, environment: str, count: int) -> str:
    """A document of ours that claims so many numbers, each of which a step prints; its name."""
    name = f"claims-{count}"
    _text(
        folder / name / "tutorial.py",
        f'# %% step="count"\nfor tree in range({count}):\n'
        '    print(f"tree {tree} has {tree + 7} pears")\n',
    )
    rows = "".join(
        f'[[claims]]\nid = "tree-{i}"\nadvice = {{ zh = "第 {i} 棵树", en = "tree {i}" }}\n'
        f"documented = {i + 7}\n"
        'evidence = { printed = { step = "count", '
        f"pattern = 'tree {i} has (\\d+) pears' }} }}\n"
        for i in range(count)
    )
    said = written(Words(zh="数果子", en="counts the fruit"))
    _text(
        folder / name / "contract.toml",
        f'schema = 2\ntitle = {said}\n\n[ours]\nwrite_up = "https://orchard.example/pears"\n\n'
        f'[environment]\nname = "{environment}"\ndocumented = ["secretflow"]\n\n'
        f'[[steps]]\nid = "count"\nsays = {said}\n\n{rows}\n'
        f"[profiles.embedded]\nsays = {said}\nstep_limit_s = 600\nexpected_s = 20\n",
    )
    return name


def _text(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
