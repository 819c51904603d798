"""What an output is: the forms that are told apart, and the one that a value's text has."""

import ast
import re
from collections.abc import Iterator

from verify.finding import Worded
from verify.page.outputs import other_hands


class Form(Worded):
    """What an output is; each carries the words for it."""

    TABLE = "table", "a table: columns, rows, cells", "表格：列、行、单元"
    ARRAY = "array", "an array: dimensions, type, numbers", "数组：维数、类型、数值"
    SERIES = "series", "a series of named values", "一组具名的值"
    CONTAINER = "container", "a list, tuple, set or dictionary", "列表、元组、集合或字典"
    NUMBER = "number", "a number or a truth value", "数或真值"
    STRING = "string", "a text or bytes in quotes", "带引号的文字或字节"
    OBJECT = "object", "an object as its class names it", "以类名表示的对象"
    LINES = "lines", "printed lines", "打印的各行"
    TRAINING = (
        "training",
        "the log of a training: series, epochs, steps",
        "训练日志：序列、epoch、训练步",
    )
    PROGRESS = "progress", "progress bars in their last state", "进度条的最终状态"
    LOG = "log", other_hands.LOG, "库写的日志"
    DOWNLOAD = "download", other_hands.DOWNLOAD, "下载或安装时的提示"
    COMPILED = "compiled", other_hands.COMPILED, "编译器的中间表示"
    FORWARDED = "forwarded", other_hands.FORWARDED, "其他进程写的行"
    FIGURE = "figure", "a figure: its format and axes", "图：格式和坐标轴"
    ERROR = "error", "an exception: its class and message", "异常：类和消息"


# What the page's own code does not say.
OF_OTHERS = (Form.COMPILED, Form.DOWNLOAD, Form.LOG, Form.FORWARDED)

NUMBER = re.compile(
    r"(?<![\w.])(?:[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?(?!\w)|[-+]?\b(?:nan|inf|NaN)\b)",
    re.IGNORECASE,
)
_DTYPE = re.compile(r"\bdtype=(?:[\w]+\.)?(\w+)")
# What does not say the type of its elements has the usual one, as NumPy's and PyTorch's pages on
# `repr` have it: of decimals, of complex numbers.
_UNTOLD = {"array": ("float64", "complex128"), "tensor": ("float32", "complex64")}
_NAMED_ARGUMENT = re.compile(r",\s*[a-z_]+=")
_ELEMENT = re.compile(r"\w")
_IMAGINARY = re.compile(r"\dj\b|\.j\b")
_DECIMAL = re.compile(r"\.|\b(?:nan|inf)\b|\de[-+]\d")
# The first that fits.
_PATTERNS = {
    Form.ARRAY: re.compile(
        r"^(?:(?:(?:Device)?[Aa]rray|tensor)\(|<tf\.Tensor:[^\[]*numpy=).*[)>]$", re.DOTALL
    ),
    Form.SERIES: re.compile(r"^(?:Name: .*, )?(?:Length: \d+, )?dtype: (\w+)$", re.MULTILINE),
    Form.STRING: re.compile(r"^b?(?P<quote>['\"]).*(?P=quote)$", re.DOTALL),
    Form.CONTAINER: re.compile(r"^[\[({].*[\])}]$", re.DOTALL),
    Form.NUMBER: re.compile(rf"^(?:{NUMBER.pattern}|True|False|None)$", re.IGNORECASE),
    Form.OBJECT: re.compile(r"^(?:<.*>|[A-Za-z_][\w.]*\(.*\))$", re.DOTALL),
}
_BRACKETS = {"[": "list", "(": "tuple", "{": "dictionary"}
_TIGHT = re.compile(r"\s*([\[\](){},])\s*")
_WORDED = re.compile(r"[^\d\s.,+eE-]")
_OPEN, _CLOSE = "[({", "])}"


def of_value(text: str) -> tuple[Form, str]:
    """The form of a value's text, and what neither chance nor other data changes of it, in words.

    The words are facts, such as the type and the dimensions of an array.
    """
    text = text.strip()
    if other_hands.is_program(text):
        return Form.COMPILED, ""
    for form, pattern in _PATTERNS.items():
        if found := pattern.search(text):
            return form, _outline(form, text, found)
    return Form.LINES, ""


def _outline(form: Form, text: str, found: re.Match[str]) -> str:
    match form:
        case Form.ARRAY:
            return f"{dimensions(text)} dimensions {_dtype(text)}".rstrip()
        case Form.SERIES:
            return found[1]
        case Form.STRING:
            return "bytes" if text.startswith("b") else "text"
        case Form.CONTAINER:
            is_set = text.startswith("{") and ":" not in text
            of = ", ".join(sorted(set(_DTYPE.findall(text))))  # of arrays among its elements
            return f"{'set' if is_set else _BRACKETS[text[0]]} {of}".rstrip()
        case _:
            return ""


def _dtype(text: str) -> str:
    """The type of an array's elements, if its text tells."""
    if told := _DTYPE.search(text):
        return told[1]
    maker, _, rest = text.partition("(")
    decimals, complex_numbers = _UNTOLD.get(maker, ("", ""))
    elements = _NAMED_ARGUMENT.split(rest.replace("...", ""))[0]
    if not decimals or not _ELEMENT.search(elements):
        return ""
    if "True" in elements or "False" in elements:
        return "bool"
    if _IMAGINARY.search(elements):
        return complex_numbers
    return decimals if _DECIMAL.search(elements) else "int64"


def dimensions(text: str) -> int:
    """How many dimensions an array's text has, by the brackets that it opens with."""
    found = re.search(r"\[[\[\s]*", text)
    return found[0].count("[") if found else 0


def elements(text: str) -> Iterator[str]:
    """The parts of a value's text, wherever it was broken into lines.

    It is cut at its outer commas and between brackets; numbers in a row stay together.
    """
    numbers = ""
    for part in _cut(_TIGHT.sub(r"\1", " ".join(_in_order(text).split()))):
        if not _WORDED.search(part):
            numbers += part
            continue
        if numbers:
            yield numbers
        numbers = ""
        yield part
    if numbers:
        yield numbers


def _cut(text: str) -> Iterator[str]:
    depth, begin = 0, 0
    for place, sign in enumerate(text):
        before = text[place - 1 : place]
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if sign == "," and (depth <= 1 or before in _CLOSE):
            yield text[begin : place + 1]
            begin = place + 1
        elif sign in _OPEN and before and before in _CLOSE:
            yield text[begin:place]
            begin = place
    yield text[begin:]


def units(lines: list[str]) -> Iterator[str]:
    """The lines, and as one what goes over several because a bracket is open."""
    at = 0
    while at < len(lines):
        end = _closed(lines, at)
        yield "\n".join(lines[at : end + 1])
        at = end + 1


def _closed(lines: list[str], start: int) -> int:
    """The line at which all brackets are closed again; the same one if they never are."""
    depth = 0
    for at in range(start, len(lines)):
        bare = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", "", lines[at])
        depth += sum((sign in _OPEN) - (sign in _CLOSE) for sign in bare)
        if depth <= 0:
            return at
    return start


def _in_order(text: str) -> str:
    """A set has no order: its elements sorted."""
    if not text.startswith("{") or ":" in text:
        return text
    try:
        found = ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return text
    return "{" + ", ".join(sorted(map(repr, found))) + "}" if isinstance(found, set) else text
