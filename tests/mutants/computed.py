"""Arguments that are computed instead of written: to the same value, or nearly so.

Each way of writing yields two changes of every place where it can be used: one after which the
document states what it stated, and one after which it states something else.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from tests.mutants.reading import Change, Code

# A new expression, and lines that have to stand before it.
Written = tuple[str, str]
_MOST = 500  # what is counted one by one; readers of code do not count for ever


@dataclass(frozen=True)
class Place:
    """A literal that is an argument; `keyword` is its name, if it has one."""

    code: Code
    node: ast.expr
    keyword: ast.keyword | None

    def change(self, written: Written, *, whole: bool = False) -> Change:
        """The cell with the literal, or the whole keyword, written otherwise."""
        becomes, before = written
        code = self.code
        node = self.keyword if whole and self.keyword else self.node
        start, end = code.span(node)
        source = code.cell.source
        says = " ".join(f"{source[start:end]} → {becomes}".split())
        changed = f"{before}{source[:start]}{becomes}{source[end:]}"
        says += f", {' '.join(before.split())}" if before else ""
        return Change(code.cell.index, 0, len(source), changed, says)


def _places(code: Code, kind: type) -> Iterator[Place]:
    for call in code.calls():
        if any(isinstance(each, ast.Starred) for each in call.args):
            continue
        for node, keyword in (
            *((argument, None) for argument in call.args),
            *((keyword.value, keyword) for keyword in call.keywords if keyword.arg),
        ):
            if isinstance(node, ast.Constant) and type(node.value) is kind:
                yield Place(code, node, keyword)


def _numbers(how: Callable[[int, int], Written], off: int, code: Code) -> Iterator[Change]:
    """Whole numbers, written in a way that may be off."""
    for place in _places(code, int):
        value = ast.literal_eval(place.node)
        if 1 < value < _MOST:
            yield place.change(how(value, off))


def _texts(how: Callable[[str, bool], Written], off: int, code: Code) -> Iterator[Change]:
    for place in _places(code, str):
        value = ast.literal_eval(place.node)
        if len(value) > 2 and value.isprintable() and not set(value) & set("{}\\'\""):
            yield place.change(how(value, bool(off)))


def _keywords(how: Callable[[str, str], str], off: int, code: Code) -> Iterator[Change]:
    for place in (*_places(code, int), *_places(code, str)):
        if place.keyword and place.keyword.arg:
            value = ast.literal_eval(place.node)
            told = value if not off else value + 1 if isinstance(value, int) else f"{value}x"
            yield place.change((how(place.keyword.arg, repr(told)), ""), whole=True)


def _bounds(off: int, code: Code) -> Iterator[Change]:
    """Lists whose elements a comprehension takes from a tuple, up to a bound."""
    for call in code.calls():
        for node in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(node, ast.List) and len(node.elts) > 1 and _is_plain(node):
                some = ", ".join(code.text(each) for each in node.elts)
                bound = len(node.elts) - off
                yield Place(code, node, None).change(
                    (f"[({some})[place_] for place_ in range({bound})]", "")
                )


def _is_plain(node: ast.List) -> bool:
    """Whether nothing happens where its elements are read once more."""
    return all(isinstance(each, ast.Constant | ast.Name) for each in node.elts)


def _product(value: int, off: int) -> Written:
    factor = next((f for f in range(2, value) if value % f == 0), 1)
    return f"{factor} * {value // factor + off}", ""


def _sum_of_digits(value: int, off: int) -> Written:
    return f"{value // 2} + int('{value - value // 2 + off}')", ""


def _comprehension(value: int, off: int) -> Written:
    return f"len([each_ for each_ in range({value + off})])", ""


def _chosen(value: int, off: int) -> Written:
    return f"({value} if {1 + off} < 2 else {value + 1})", ""


def _looked_up(value: int, off: int) -> Written:
    return f"{{'one': {value}, 'other': {value + 3}}}['{'other' if off else 'one'}']", ""


def _helper(value: int, off: int) -> Written:
    before = "def counted_(first, more=0):\n    return first + more\n\n\n"
    return f"counted_({value - 1}, more={1 + off})", before


def _default(value: int, off: int) -> Written:
    before = f"def counted_(first, more={1 + off}):\n    return first + more\n\n\n"
    return f"counted_({value - 1})", before


def _looped(value: int, off: int) -> Written:
    # What a loop adds up would be a constant more that the document sets.
    return "counted_", f"for counted_ in (1, 2, {value + off}):\n    pass\n\n"


def _formatted(value: str, off: bool) -> Written:
    return f"f'{{\"{value[:2]}\"}}{value[2:-1]}{'_' if off else value[-1]}'", ""


def _joined(value: str, off: bool) -> Written:
    return f"''.join(['{value[:1]}', '{value[1:]}'{', chr(45)' if off else ''}])", ""


def _replaced(value: str, off: bool) -> Written:
    return f"'{value[:-1]}@'.replace('@', '{'_' if off else value[-1]}')", ""


def _unpacked(name: str, value: str) -> str:
    return f"**{{'{name}': {value}}}"


def _made_and_unpacked(name: str, value: str) -> str:
    return f"**dict({name}={value})"


# Each with how far it is off: 0 leaves what is stated as it is.
WAYS: dict[str, Callable[[int, Code], Iterator[Change]]] = {
    "a product": partial(_numbers, _product),
    "a sum": partial(_numbers, _sum_of_digits),
    "a comprehension that is counted": partial(_numbers, _comprehension),
    "a conditional on constants": partial(_numbers, _chosen),
    "a value looked up": partial(_numbers, _looked_up),
    "a helper's argument": partial(_numbers, _helper),
    "a helper's default": partial(_numbers, _default),
    "a loop over literals": partial(_numbers, _looped),
    "an f-string": partial(_texts, _formatted),
    "a joined text": partial(_texts, _joined),
    "a replaced part of a text": partial(_texts, _replaced),
    "a dictionary unpacked": partial(_keywords, _unpacked),
    "dict() unpacked": partial(_keywords, _made_and_unpacked),
    "a comprehension's bound": _bounds,
}
