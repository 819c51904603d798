"""A page of our own whose cells have outputs of every form."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat

from tests.page.outputs.outputs import FRAME, error, figure, log, printed, result

_BAR = "100%|##########| 30/30 [00:01<00:00, 21.3it/s]\n"
_KERAS = """\
Epoch 1/3
8/8 [==============================] - 2s 150ms/step - loss: 0.6931 - accuracy: 0.5312
Epoch 2/3
8/8 [==============================] - 1s 90ms/step - loss: 0.4512 - accuracy: 0.7812
Epoch 3/3
8/8 [==============================] - 1s 88ms/step - loss: 0.3127 - accuracy: 0.8906
"""
_TABLE = """\
   height  leaves   kind
0    12.5       7  roses
1     9.1       4  tulip
2     3.8       2  poppy
"""
_SERIES = "0    12.5\n1     9.1\n2     3.8\nName: height, dtype: float64"
_CELLS = {
    "garden.count()": [
        printed("Found 240 plants belonging to 3 kinds.\nThe mean height is 8.47\n")
    ],
    "garden.frame()": [result("  sepal length (cm)  kind\n0  5.1  setosa", **{"text/html": FRAME})],
    "garden.array()": [result("array([[0.125, 0.5],\n       [1.5, 2.25]], dtype=float32)")],
    "garden.measure()": [result("{'height': 8.4712345, 'leaves': 7, 'roses': 'thirsty'}")],
    "garden.kinds()": [result("['roses', 'tulips', 'poppies']")],
    "garden.sizes()": [result("(120, 80, 40)")],
    "garden.keys()": [result("dict_keys(['loss', 'accuracy', 'val_loss'])")],
    "garden.score()": [result("0.8125432")],
    "garden.name()": [result("'a rose is a rose'")],
    "garden.gate()": [result("<barn.Gate object at 0x7f30a1b2c3d4>")],
    "garden.train()": [printed(_KERAS), result("<barn.History at 0x7f30a1b2ffff>")],
    "garden.walk()": [log(_BAR), printed("walked through 30 beds\n")],
    "garden.draw()": [result("Text(0.5, 1.0, 'heights')"), figure()],
    "garden.paint()": [figure(axes=2), figure(width=6, height=9)],
    "garden.dig()": [printed("digging\n"), error("ValueError", "there are no pears here")],
    "garden.log()": [
        log("2024-07-03 20:12:02,535 INFO garden.py:15 -- opened\n"),
        printed("watering took 3.51 s, saved to /home/ann/beds.csv\nversion 0.8.3b0 is ready\n"),
    ],
    "garden.table()": [printed(_TABLE)],
    "garden.series()": [result(_SERIES)],
    "garden.evaluate()": [printed("{'val_auc_3': 0.9123456, 'val_loss_x': 0.2512345}\n")],
}


@contextmanager
def written() -> Iterator[Path]:
    """The page, in a folder that is gone afterwards."""
    page = nbformat.v4.new_notebook()
    page.cells = [nbformat.v4.new_code_cell("import garden")]
    for count, (source, outputs) in enumerate(_CELLS.items(), 2):
        cell = nbformat.v4.new_code_cell(source, execution_count=count)
        for output in outputs:
            fields = {key: value for key, value in output.items() if key != "output_type"}
            if output["output_type"] == "execute_result":
                fields["execution_count"] = count
            cell.outputs.append(nbformat.v4.new_output(output["output_type"], **fields))
        page.cells.append(cell)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "garden.ipynb"
        nbformat.write(page, path)
        yield path
