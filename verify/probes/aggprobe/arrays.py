"""Arrays as JSON: numpy's own pickles do not pass between its versions."""

import base64
from typing import Any

import numpy as np

Json = dict[str, Any]


def packed(value: Any) -> Json:
    """An array or a number of any library; raises TypeError if it holds anything but numbers."""
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{type(value).__name__} of {array.dtype}")
    data = base64.b64encode(array.tobytes()).decode()
    return {"dtype": array.dtype.str, "shape": list(array.shape), "data": data}


def unpacked(entry: Json) -> Any:
    """The array that was packed; it can be written to, as those of a model can."""
    data = base64.b64decode(entry["data"])
    return np.frombuffer(data, entry["dtype"]).reshape(entry["shape"]).copy()
