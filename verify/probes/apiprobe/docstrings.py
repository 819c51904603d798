"""The keywords of functions written in C: their docstrings begin with the signature."""

import re
from collections.abc import Iterator
from typing import Any

_WORD = re.compile(r"[A-Za-z_]\w*")
# Names that PyTorch takes for its own, as NumPy has them ("NumPy compatibility" of its argument
# parser), and does not document.
_ALSO = {
    "axis": "dim", "keepdims": "keepdim", "a": "input", "x": "input", "x1": "input", "x2": "other",
}  # fmt: skip


def accepted(obj: Any, keyword: str) -> tuple[str, ...] | None:
    """The names that a docstring's signatures have, where it does not know a keyword at all.

    None where it does, or has no signature, or one that takes any keyword.
    """
    doc, name = getattr(obj, "__doc__", None), getattr(obj, "__name__", "")
    if not isinstance(doc, str) or not name or not doc.lstrip().startswith(f"{name}("):
        return None
    shown = list(_signatures(doc, name))
    words = set(_WORD.findall(doc))
    if not shown or "**" in "".join(shown) or keyword in words or _ALSO.get(keyword) in words:
        return None
    return tuple(sorted({word for one in shown for word in _parameters(one)}))


def _signatures(doc: str, name: str) -> Iterator[str]:
    """What stands in the brackets after a name."""
    for found in re.finditer(rf"(?<![\w.]){re.escape(name)}\(", doc):
        depth = 1
        for at in range(found.end(), len(doc)):
            depth += {"(": 1, ")": -1}.get(doc[at], 0)
            if not depth:
                yield doc[found.end() : at]
                break


def _parameters(signature: str) -> Iterator[str]:
    """The names before a default, a comma or a bracket."""
    for part in re.split(r"[,\[\]]", re.sub(r"=\s*\([^()]*\)", "=", signature)):
        if found := re.match(r"\s*\*?([A-Za-z_]\w*)\s*(?::[^=]*)?(?:=.*)?$", part, re.DOTALL):
            yield found[1]
