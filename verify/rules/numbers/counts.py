"""Counts in prose (classes, files, parties, sizes, shares) against code and stored outputs."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from verify.finding import Severity
from verify.page.code import literals
from verify.page.code.literals import Literal
from verify.page.page import Page, Prose, Role
from verify.page.prose import quantities, units
from verify.page.prose.comments import Comment
from verify.page.prose.quantities import Quantity, QuantityKind, is_whole
from verify.rules.advice import write
from verify.rules.numbers import number_claims, splits
from verify.rules.numbers.conflict import Conflict, both, sentences_of, shown
from verify.system.words import Text, Words

_OTHER_SIZE = Words(
    zh="文字中是 {stated}，代码中却是 {a:g}x{b:g}。",
    en="The text says {stated}, but the code has {a:g}x{b:g}.",
)
_OTHER_SHARE = Words(
    zh="文字中是 {stated}（{name}），代码却按 {listed} 划分。",
    en="The text says {stated} ({name}), but the code splits at {listed}.",
)
_OTHER_COUNT = Words(
    zh="{what}：文字中是 {stated}，页面的代码和输出中却是 {listed}。",
    en="The text says {stated} {what}, but code and outputs of the page have {listed}.",
)

_FOUND = re.compile(
    r"Found (\d+) (?:files|images|validated image filenames) belonging to (\d+) classes"
)
_USED = re.compile(r"Using (\d+) files for")
_OF_DATA = re.compile(
    r"data\s?set|images?|photo|picture|sample|label|classif|predict|logistic|softmax|sorted|"
    r"数据集|图|样本|标签|预测",
    re.IGNORECASE,
)
_OF_CODE = re.compile(
    r"\b(?:module|python|inherit|import|implement|subclass|API)\w*|类和|继承|实现|封装",
    re.IGNORECASE,
)
_ALL = re.compile(r"data\s?set|\btotal|consist|contain|数据集|共|总", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:each|every|per|of which|train|test|valid)\w*|每|训练|测试|验证|其中", re.IGNORECASE
)
_CREATES = re.compile(
    r"\b(?:creat\w*|initiali\w*|set(?:ting)?\sup|start\w*|declar\w*|simulat\w*|defin\w*)\s(?:[\w'-]+\s){0,3}$|"
    r"(?:创建|创造|初始化|启动|声明|模拟|定义|构造)(?:了|出)?\s?$",
    re.IGNORECASE,
)
_RESIZES = re.compile(
    r"(?<![a-z])(?:resiz|rescal|scaled|crop|reshap|input)[^.]{0,30}$|(?:缩放|调整|裁剪|输入|统一)[^，。]{0,15}$",
    re.IGNORECASE,
)
_OF_PARTIES = re.compile(
    r"\b(?:clients?|nodes?|parties|workers?|users?)\b|客户端|参与方|节点|用户", re.IGNORECASE
)
_EACH = re.compile(r"\b(?:per|each|every)\b|每", re.IGNORECASE)
_TILES = re.compile(
    r"\s?(?:个|块|patch|grid|tile|cell|kernel|filter|conv|window|卷积|窗口)", re.IGNORECASE
)
_EDGES = 3
_CLASSES = frozenset({"classes", "types"})
# What a data set has kinds of; tools and methods have them, too.
_HAS = re.compile(
    r"(?:data\s?set|images|photos|pictures)\b[^.]*\b(?:ha[sv]e?|contains?|consists?|with|of|cover)|"
    r"(?:数据集|图片|图像)[^。]*(?:有|包含|包括|含|分(?!类)|共)",
    re.IGNORECASE,
)
# Types of what a page works with, not of what its data shows.
_OF_MEANS = re.compile(
    r"\s?[个种]?类[型别]?的?\S{0,4}(?:模型|脚本|方法|任务|算法|工具|接口|文件|参数|组件|方式|模式)|"
    r"\s?(?:types|kinds)\sof\s(?:\w+\s)?(?:model|script|method|task|tool|algorithm|layer|file)s?\b"
)
_NAMED = re.compile(r"(?<!^)(?<![.!?]\s)\b(?:[A-Z][a-z]*[A-Z0-9]|[A-Z]{2,})[\w-]*|\b[A-Z]\w*-\d+")
_PARTIES = frozenset({"parties", "entities", "nodes"})
_FILES = frozenset({"images", "files"})


@dataclass(frozen=True)
class CountEvidence:
    """What code and outputs of a page say of the things that prose counts."""

    classes: frozenset[float]
    classes_found: frozenset[float]
    found: frozenset[float]
    classes_claimed: frozenset[float]
    files: frozenset[float]
    parties: frozenset[float]
    sizes: frozenset[tuple[float, float]]
    shares: frozenset[float]


def evidence(page: Page, given: Sequence[Literal]) -> CountEvidence:
    """Gather what a page's code, by its literals, and its outputs say."""
    outputs = "\n".join(output.text for code in page.python for output in code.outputs)
    found = _FOUND.findall(outputs)
    files = {float(number) for number, _ in found}
    files |= {float(number) for number in _USED.findall(outputs)}
    unknown = {literal.parameter for literal in given if not literal.value}
    single = [
        (x.parameter, x.value[0]) for x in given if len(x.value) == 1 and x.parameter not in unknown
    ]
    named = literals.lists_of_names(page)
    return CountEvidence(
        classes=frozenset(named["classes"])
        | {value for name, value in single if name in ("classes", "softmax units")},
        classes_found=frozenset(float(number) for _, number in found)
        | {value for name, value in single if name == "classes"}
        if found
        else frozenset(),
        classes_claimed=frozenset(
            quantity.value
            for piece in page.prose
            for quantity in quantities.find(piece.words)
            if quantity.unit == "classes" and is_whole(quantity)
        ),
        found=frozenset(float(number) for number, _ in found),
        files=frozenset(files | {a + b for a in files for b in files if a != b})
        if found
        else frozenset(),
        parties=frozenset(named["parties"]),
        sizes=literals.sizes(given),
        shares=frozenset(
            value
            for name, value in single
            if name in ("test share", "train share") and 0 < value < 1
        ),
    )


def conflicts(piece: Prose, known: CountEvidence) -> Iterator[Conflict]:
    """The counts of a piece of prose that code and outputs of its page refute."""
    if piece.role is Role.TABLE_CELL:
        return
    for sentence in sentences_of(piece.words):
        text, at = sentence[0], sentence.start()
        yield from _shares(piece, text, at, known)
        for quantity in quantities.find(text):
            yield from _size(piece, text, at, quantity, known)
            if not is_whole(quantity) or quantity.value < 2:  # noqa: PLR2004
                continue
            if quantity.unit in _CLASSES:
                yield from _class_count(piece, text, at, quantity, known)
            elif quantity.unit in _FILES:
                yield from _file_count(piece, text, at, quantity, known)
            elif quantity.unit in _PARTIES:
                yield from _party_count(piece, text, at, quantity, known)


def _class_count(
    piece: Prose, text: str, at: int, quantity: Quantity, known: CountEvidence
) -> Iterator[Conflict]:
    spelt_binary = quantity.text == "二"
    if spelt_binary or _OF_CODE.search(text) or not _OF_DATA.search(text + _around(piece)):
        return
    of_means = _OF_MEANS.match(text, quantity.end)
    if quantity.unit == "types" and (of_means or not _HAS.search(text)):
        return
    # What the data set has decides; the width of a layer only where nothing else is known.
    values = known.classes_found or known.classes
    if _EACH.search(text) or number_claims.is_example(text):
        return  # a part of them
    # A text that names several data sets speaks of others than that of the code.
    others = known.classes_claimed - values
    if not known.classes_found and (
        len(others) > 1 or (_NAMED.search(text) and others != known.classes_claimed)
    ):
        return
    # A text that compares data sets names the one of the code, too.
    named = {q.value for q in quantities.find(piece.words) if q.unit in _CLASSES and is_whole(q)}
    if values and not named & values:
        yield _conflict(piece, at, quantity, values, "classes")


def _around(piece: Prose) -> str:
    """Comments are short: what they speak of often stands in the line below."""
    if not isinstance(piece, Comment) or piece.code is None:
        return ""
    return " ".join(piece.code.source.split("\n")[piece.row : piece.last_row + 1])


def _file_count(
    piece: Prose, text: str, at: int, quantity: Quantity, known: CountEvidence
) -> Iterator[Conflict]:
    clause = re.split(r"[,，;；]", text[: quantity.start])[-1]
    of_all = _ALL.search(text) and not _PART.search(clause)
    if of_all and known.files and quantity.value not in known.files:
        # What was loaded may be a part of what the text describes.
        yield replace(_conflict(piece, at, quantity, known.found, "files"), suggestion="")


def _party_count(
    piece: Prose, text: str, at: int, quantity: Quantity, known: CountEvidence
) -> Iterator[Conflict]:
    created = _CREATES.search(text[: quantity.start])
    if created and known.parties and quantity.value not in known.parties:
        yield _conflict(piece, at, quantity, known.parties, "parties")


def _size(
    piece: Prose, text: str, at: int, quantity: Quantity, known: CountEvidence
) -> Iterator[Conflict]:
    if quantity.kind is not QuantityKind.SIZE or quantity.approximate or len(known.sizes) != 1:
        return  # of which of several sizes it speaks is not told
    if not _RESIZES.search(text[: quantity.start]) or re.search(
        r"origin|原始|原图", text, re.IGNORECASE
    ):
        return
    if len(quantity.values) > _EDGES or re.match(r"\s?[=＝^×*]", text[quantity.end :]):
        return  # a product
    of_shape = quantity.text[0] in "(（" and re.search(r"input|输入|shape", text, re.IGNORECASE)
    if of_shape or _TILES.match(text, quantity.end):
        return
    # A text that compares sizes names the one of the code, too.
    if not any(_has_size(other, known) for other in quantities.find(text)):
        ((a, b),) = known.sizes
        message = _OTHER_SIZE.filled(stated=quantity.text, a=a, b=b)
        yield _soft(piece, at + quantity.start, message, write(f"{a:g}x{b:g}"))


def _has_size(quantity: Quantity, known: CountEvidence) -> bool:
    pairs = set(pairwise(quantity.values)) if quantity.kind is QuantityKind.SIZE else set()
    return bool(pairs & (known.sizes | {(b, a) for a, b in known.sizes}))


def _shares(piece: Prose, text: str, at: int, known: CountEvidence) -> Iterator[Conflict]:
    if not known.shares or _OF_PARTIES.search(text) or number_claims.is_example(text):
        return
    stated = list(splits.shares(text, quantities.find(text)))
    if len({name for name, _ in stated}) < len(stated):
        return  # several splits
    for name, quantity in stated:
        value = quantity.value / 100 if quantity.kind is QuantityKind.PERCENT else quantity.value
        possible = {
            share for known_share in known.shares for share in (known_share, 1 - known_share)
        }
        if quantity.approximate or any(literals.near(value, share) for share in possible):
            continue
        listed = both(f"{share:g}" for share in sorted(known.shares))
        message = _OTHER_SHARE.filled(stated=quantity.text, name=splits.NAMED[name], listed=listed)
        yield _soft(piece, at + quantity.start, message)


def _conflict(
    piece: Prose, at: int, quantity: Quantity, values: frozenset[float], what: str
) -> Conflict:
    listed = both(map(shown, sorted(values)))
    message = _OTHER_COUNT.filled(stated=quantity.text, what=units.words(what), listed=listed)
    suggestion = write(listed) if len(values) == 1 else ""
    return _soft(piece, at + quantity.start, message, suggestion)


def _soft(piece: Prose, offset: int, message: Words, suggestion: Text = "") -> Conflict:
    """What a count is of is for a reader to say."""
    return Conflict(piece, offset, message, suggestion, Severity.WARNING)
