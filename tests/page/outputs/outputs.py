"""Outputs of cells as nbformat has them."""

import base64
import io
from typing import Any

from PIL import Image

FRAME = """\
<div><table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th>
<th>sepal length (cm)</th><th>kind</th></tr></thead><tbody>
<tr><th>0</th><td>5.1</td><td>setosa</td></tr><tr><th>1</th><td>4.9</td><td>setosa</td></tr>
</tbody></table><p>150 rows \u00d7 2 columns</p></div>"""


def printed(text: str, name: str = "stdout") -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def log(text: str) -> dict[str, Any]:
    return printed(text, "stderr")


def result(text: str, **more: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"text/plain": text, **more}}


def frame(html: str = FRAME) -> dict[str, Any]:
    """A data frame; its text is broken as a terminal would have it."""
    return result(f"a frame \\\n{len(html)} {hash(html)}", **{"text/html": html})


def error(name: str, message: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": message, "traceback": []}


def figure(
    *, width: int = 8, height: int = 6, size: str = "640x480", axes: int = 1
) -> dict[str, Any]:
    file = io.BytesIO()
    Image.new("L", (width, height)).save(file, "PNG")
    text = f"<Figure size {size} with {axes} Axes>"
    picture = base64.b64encode(file.getvalue()).decode()
    data = {"image/png": picture, "text/plain": text}
    return {"output_type": "display_data", "data": data}
