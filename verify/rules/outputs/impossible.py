"""A cell's stored output can come from the source that stands above it."""

import ast
import math
import re
from collections.abc import Iterator

from verify.page.code import parsing
from verify.page.code.values import Call, Text
from verify.page.page import Block, Page
from verify.rules.outputs import trainings, vocabulary
from verify.rules.outputs.trainings import Story
from verify.system.words import Words

_FAILED = Words(
    zh="示例在运行时失败了：它的已存输出是错误“{error}”。",
    en="The sample failed when it was run: its stored output is the error “{error}”.",
)
_MUTE = Words(
    zh="单元格只定义名字，却有已存输出。",
    en="The cell only defines names, yet it has stored output.",
)
_EMPTY = Words(
    zh="单元格什么也不做，却有已存输出。", en="The cell does nothing, yet it has stored output."
)
_NO_EXPRESSION = Words(
    zh="已存输出是一个表达式的值，但单元格的末尾没有表达式。",
    en="The stored output is the value of an expression, but the cell ends with none.",
)
_NOT_PRINTED = Words(
    zh="单元格会打印“{shown}”，但它的已存输出里没有。",
    en="The cell prints “{shown}”, but that is not in its stored output.",
)
_OTHER_VALUE = Words(
    zh="单元格显示 `{value}`，但它的已存输出是“{shown}”。",
    en="The cell shows {value}, but its stored output is “{shown}”.",
)
_ANNOUNCED = vocabulary.any_of(
    "errors?", "exceptions?", "fail\\w*", "raises?", "traceback", "crash\\w*", "invalid",
    "not allowed", "can(?:no|')t", "cannot", "unable", "won't", "wrong", "problem\\w*",
    "impossible", "immutable", "un\\w+able", "not (?:supported|possible|defined|valid|work\\w*)",
    "mistake\\w*", "(?:in|not )compatible", "ambiguous", "debug\\w*", "bugs?", "refus\\w+",
    "reject\\w*", "prevent\\w*", "well-defined", "break\\w*", "mismatch\\w*", "except",
    "报错", "错误", "异常", "失败", "崩溃", "抛出", "不允许", "不能", "无法", "不支持", "不可",
    "拒绝", "出错", "不兼容", "问题",
)  # fmt: skip
_FIELD = re.compile(r"\{[^{}]*\}")
# A text that is shorter may be anything.
_SHORTEST = 3
_QUOTED = 80
# Lines were left out by hand, or an error took their place.
_CUT = re.compile(
    r"^\s*(?:[.…⋮]\s*)+$|\[\.\.\.\]|<\.\.\.>|truncated|省略|^Traceback|Traceback \(most recent",
    re.MULTILINE,
)


def of_page(page: Page) -> Iterator[tuple[Block, Words]]:
    """Find outputs that their own cell cannot have written, and say why."""
    story = trainings.of_page(page)
    for code in page.python_cells:
        if any(output.name == "error" for output in code.outputs):
            why = _failure(page, code)
        elif code.outputs:
            why = _silent(page, code) or _printed(story, code) or _displayed(story, code)
        else:
            why = None
        if why:
            yield code, why


def _failure(page: Page, code: Block) -> Words | None:
    """An error that the page does not announce."""
    error = next(output.text for output in code.outputs if output.name == "error")
    cells = [one.index for one in page.cells if one.runs]
    before = max((cell for cell in cells if cell < code.index), default=-1)
    after = min((cell for cell in cells if cell > code.index), default=math.inf)
    around = [p.text for p in page.prose if p.cell is not None and before < p.cell < after]
    around += [code.source, *trainings.above(code, page.headings)]
    if any(map(_ANNOUNCED.search, around)) or code.may_raise:
        return None
    return _FAILED.filled(error=_short(error))


def _plain(code: Block) -> ast.Module | None:
    """The syntax tree of a cell that is Python and nothing else."""
    if code.python != code.source or "interactivity" in code.source:
        return None
    return parsing.tree_of(code.source)


def _silent(page: Page, code: Block) -> Words | None:
    """Output below a cell that cannot have any, or a value where no expression stands last."""
    tree = _plain(code)
    if tree is None or "ast_node_interactivity" in page.text:
        return None
    shown = any(output.execution_count is not None for output in code.outputs)
    # A party's process may write at any time; it says who it is.
    written = [
        line
        for output in code.outputs
        if output.name == "stdout"
        for line in output.text.split("\n")
        if line.strip() and not re.match(r"\s*\(\w[^)]*\)|\[?\d{4}-\d\d-\d\d", line)
    ]
    if all(map(_is_mute, tree.body)) and (written or shown):
        return _MUTE if tree.body else _EMPTY
    if shown and not code.source.rstrip().endswith(";"):
        last = tree.body[-1]
        if not isinstance(last, ast.Expr):
            return _NO_EXPRESSION
    return None


def _is_mute(node: ast.stmt) -> bool:
    """Whether a statement prints nothing, whatever it runs in."""
    match node:
        case ast.FunctionDef() | ast.ClassDef():
            return not node.decorator_list
        case ast.Assign(value=value):
            return all(
                isinstance(child, ast.Constant | ast.List | ast.Tuple | ast.Dict | ast.expr_context)
                for child in ast.walk(value)
            )
        case ast.Pass():
            return True
        case _:
            return False


def _printed(story: Story, code: Block) -> Words | None:
    """A text that the cell prints for certain but that its output lacks."""
    if code.source.lstrip().startswith("%%capture"):
        return None
    # Made from another format, a notebook may keep what was printed as a result.
    out = "".join(output.text for output in code.outputs)  # some tools keep all as one stream
    if _CUT.search(out):
        return None
    for call in story.replay.prints.get(code.index, []):
        if "file" in call.keywords or "**" in call.keywords:
            continue
        wanted = [_pieces(value) for value in call.positional]
        known = "".join(piece for pieces in wanted for piece in pieces if piece)
        if len(_tight(known)) < _SHORTEST or "\r" in known or "\b" in known or "\x1b" in known:
            continue
        pattern = ".*?".join(
            "".join(re.escape(_tight(piece)) if piece is not None else ".*?" for piece in pieces)
            for pieces in wanted
        )
        if not re.search(pattern, _tight(out), re.DOTALL):
            shown = "…".join(piece.strip() for p in wanted for piece in p if piece)
            return _NOT_PRINTED.filled(shown=_short(shown))
    return None


def _pieces(value: object) -> list[str | None]:
    """What is known of a printed value; None stands for what is not."""
    match value:
        case bool() | None:
            return [str(value)]
        case str() | int():
            return [str(value)]
        case Text(pieces=pieces):
            return [one for piece in pieces for one in _pieces(piece)]
        case Call(name="format", on=str() as template) if "{{" not in template:
            fixed = _FIELD.split(template)
            return [one for text in fixed for one in (text, None)][:-1]
        case _:
            return [None]


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _short(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip()
    return text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"


def _displayed(story: Story, code: Block) -> Words | None:
    """A constant at a cell's end that its output shows with another value."""
    if _plain(code) is None or code.index not in story.replay.values:
        return None
    value = story.replay.values[code.index]
    shown = [o.text for o in code.outputs if o.execution_count is not None]
    if not _is_literal(value) or len(shown) != 1 or code.source.rstrip().endswith(";"):
        return None
    if _tight(shown[0]) in (_tight(repr(value)), _tight(str(value))):
        return None
    return _OTHER_VALUE.filled(value=repr(value), shown=_short(shown[0]))


def _is_literal(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_is_literal(one) for one in value)
    return isinstance(value, int | str)
