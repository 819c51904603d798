"""A stated number of things against the things that are listed: “three parties: a and b”.

What counts as one thing is for a reader to say, so all of this is to be weighed, and nothing is
said where the words between could be read either way.
"""

import re
from collections.abc import Iterator, Sequence

from verify.finding import Severity
from verify.page.page import Page, Prose, Role
from verify.page.prose import quantities, sentences, units
from verify.page.prose.quantities import Quantity, is_whole
from verify.rules.numbers.conflict import LONGEST_PARAGRAPH, OPEN_LIST, Conflict
from verify.system.words import Words, enumerated

_LISTS = Words(
    zh="{unit}：文字中是 {stated}，却列出了 {count} 项：{listed}。",
    en="The text says {stated} ({unit}) and lists {count}: {listed}.",
)
_LIST_OTHERS = Words(zh="请写成 {count}，或列出其余各项。", en="Write {count}, or list the others.")
_LIST_HAS = Words(
    zh="{unit}：文字中是 {stated}，后面的列表却有 {count} 项。",
    en="The text says {stated} ({unit}), and the list after it has {count}.",
)

# `two sets of pools (a, b, c)`: each of them has all that.
_GROUPS = frozenset({"sets", "groups", "pairs", "lists", "series"})
_MOST = 30
_LONGEST = 400
_FEW = 200
_NOT_LISTED = frozenset(
    (
        "epochs rounds seconds ms minutes hours days bytes KB MB GB bits dimensions samples "
        "images tokens % batches times iterations cores rows columns neurons parameters points "
        "percent"
    ).split()
)
# What is counted may be told more closely, but not by a clause of its own.
_MARK = (
    r"(?P<mark>\s?[:：]\s?|\s[-–—]+\s|\s?——?\s?|\s?(?P<open>[(（])(?:namely|i\.e\.|即)?,?\s?|"
    r",?\s(?:namely|i\.e\.)[,:]?\s|[，,]?\s?分别[是为]\s?[:：]?\s?|[，,]\s?即\s?[:：]?\s?)"
)
_TO_NAMES = re.compile(
    r"(?!的)(?:[-\s](?!(?:shapes?|sizes?|with|in|into|by|from|to|on|at|as|per|is|are|was|for|that|which)\b)"
    rf"[A-Za-z][\w-]*){{0,4}}?(?:(?!(?<!参)与|[为成是在用从把将被到和对按来让使])[\s\u4e00-\u9fff]){{0,12}}?"
    rf"(?:\s(?:take part|participate|work together)(?:\sin\s(?:this|the|our)\s\w+)?)?{_MARK}"
)
_AND = r"\s*(?:\band\b|\bor\b|&|以及|和|及(?!其)|与|或)\s*"
_NO_NAME = re.compile(
    r"^\W*[\d一二两三四五六七八九十]|[.:：=]\s|\b(?:the|a|an|is|are|be|then|to|of|it|its|we|you|can|will|with|each|every|both|all|"
    r"which|that|this|for|by|in|on|from|as|not|no|if|i)\b|[的是有将把被可以我们每进行了这那第为如越]",
    re.IGNORECASE,
)
_WORDS_OF_A_NAME = 2
_CHARACTERS_OF_A_NAME = 8
_ANNOUNCES = re.compile(
    r"\b(?:following|below|there are|has|have|takes?|needs?|provides?|supports?|includes?|"
    r"contains?|consists? of|divided into|split into|only|with|outputs?|are|into)\b|"
    r"以下|如下|下面|下列|分为|分成|包含|包括|提供|支持|有|需要|存在",
    re.IGNORECASE,
)
_FAR = 25
# `n = 3`, `a length of 3`: the value of something, no count of what follows.
_VALUE_OF = re.compile(
    r"(?:[=＝:：]|(?<!分)为|长度|\b(?:length|size|rank|order|depth) of)\s?$", re.IGNORECASE
)
_BRACKETED = re.compile(r"\([^()]*\)|（[^（）]*）|“[^“”]*”")
# Before the number: its things are told there.
_TOLD_BEFORE = re.compile(
    r"、[^，,。；;]*$|\b(?:and|or)\s[^,;]*$|[和与及或][^，,。；;]*$", re.IGNORECASE
)


def conflicts(page: Page) -> Iterator[Conflict]:
    """The counts of a page that its listings contradict."""
    for i, piece in enumerate(page.prose):
        if len(piece.text) <= LONGEST_PARAGRAPH and piece.role is not Role.TABLE_CELL:
            yield from _named(piece)
            yield from _listed(piece, page.prose[i + 1 : i + 1 + _FEW])


def _counts(piece: Prose) -> list[Quantity]:
    return [
        quantity
        for quantity in quantities.find(piece.words)
        if is_whole(quantity)
        and 1 < quantity.value <= _MOST
        and quantity.unit
        and quantity.unit not in _NOT_LISTED
    ]


def names_after(piece: Prose, quantity: Quantity) -> list[str]:
    """The names that a text lists right after a count of them; none where that is not certain."""
    lead = _TO_NAMES.match(piece.text, quantity.end)
    return _names(_body(piece.text[lead.end() :], lead["open"])) if lead else []


def _named(piece: Prose) -> Iterator[Conflict]:
    for quantity in _counts(piece):
        lead = _TO_NAMES.match(piece.text, quantity.end)
        if lead is None or _VALUE_OF.search(piece.text, 0, quantity.start):
            continue
        body = _body(piece.text[lead.end() :], lead["open"])
        names = _names(body)
        fewest, most = _listed_in(body)
        if len(names) < 2 or fewest <= quantity.value <= most:  # noqa: PLR2004
            continue
        if quantity.unit in _GROUPS and lead[0].startswith(f" {quantity.unit} of "):
            continue
        # What stands in brackets may describe instead of list, unless it nearly fits.
        if lead["open"] and abs(fewest - quantity.value) > max(1, quantity.value // 3):
            continue
        message = _LISTS.filled(
            stated=quantity.text,
            unit=units.words(quantity.unit),
            count=fewest,
            listed=enumerated(names) if fewest == most else body.strip(),
        )
        suggestion = _LIST_OTHERS.filled(count=fewest)
        yield Conflict(piece, quantity.start, message, suggestion, Severity.WARNING)


def _body(text: str, opened: str | None) -> str:
    """The enumeration that a text begins with; nothing where its end is not certain."""
    if opened:
        body, closed, rest = text[:_LONGEST].partition({"(": ")", "（": "）"}[opened])
        # Of `(x, y) and (z, w)` both are what is counted, and in `(x (y), z)` nothing is sure.
        if not closed or re.search(r"[(（]", body) or re.match(rf"{_AND}[(（]", rest):
            return ""
    else:
        body = re.split(r"[。；;]|\.(?:\s|$)|\n\n", text[:_LONGEST], maxsplit=1)[0]
        body = _BRACKETED.sub("", body)
        body = re.split(r"[，,:：]", body, maxsplit=1)[0] if "、" in body.split("，")[0] else body
    return "" if OPEN_LIST.search(body) else body


def _items_of(body: str) -> list[str]:
    return [item.strip() for item in re.split(r"[、，,]", body) if item.strip()]


def _listed_in(body: str) -> tuple[int, int]:
    """How many things an enumeration has, at least and at most.

    The last `and` is the enumeration's own; another one, or one after Chinese commas that may part
    clauses as well, may join two things or stand within the name of one.
    """
    items = [re.sub(rf"^{_AND}", "", item) for item in _items_of(body)] or [""]
    oxford = re.search(rf"[,，]{_AND}\S+\s*$", body) is not None
    most = sum(len(re.split(_AND, item)) for item in items)
    certain = "，" not in body and not oxford and len(re.split(_AND, items[-1])) > 1
    return len(items) + certain, most


def _names(body: str) -> list[str]:
    """The names in an enumeration; none where it cannot be told for sure."""
    *first, last = _items_of(body) or [""]
    names = [*first, *(part for part in re.split(_AND, last) if part)]
    names = [name.strip("'\"`‘’“” \n") for name in names]
    return names if all(map(_is_name, names)) else []


def _is_name(text: str) -> bool:
    words = text.split()
    chinese = re.findall(r"[\u4e00-\u9fff]", text)
    return (
        bool(words)
        and len(words) <= _WORDS_OF_A_NAME
        and len(chinese) <= _CHARACTERS_OF_A_NAME
        and not _NO_NAME.search(text)
        and not re.search(_AND, text)
        and re.search(r"\w", text) is not None
    )


def _listed(piece: Prose, after: Sequence[Prose]) -> Iterator[Conflict]:
    if piece.role is Role.HEADING or not piece.text.rstrip().endswith((":", "：")) or not after:
        return
    last = max(sentences.split(piece.words.rstrip()), key=re.Match.start, default=None)
    if last is None:
        return
    counts = [quantity for quantity in _counts(piece) if quantity.start >= last.start()]
    if len(counts) != 1 or not _is_head(piece.words, last.start(), counts[0]):
        return
    items = _items(piece, after)
    count = counts[0]
    if items and items != count.value:
        message = _LIST_HAS.filled(stated=count.text, unit=units.words(count.unit), count=items)
        yield Conflict(piece, count.start, message, severity=Severity.WARNING)


def _is_head(text: str, begin: int, count: Quantity) -> bool:
    """Whether the counted things are what the list will name, not something said of them."""
    rest = text[count.end :].rstrip().rstrip(":：")
    before = text[begin : count.start]
    if _TOLD_BEFORE.search(before) or _VALUE_OF.search(before):
        return False
    chinese = re.search(r"[\u4e00-\u9fff]", rest) is not None
    far = len(rest) > (_FAR // 2 if chinese else _FAR)
    return not far and _ANNOUNCES.search(before) is not None and "，" not in rest


def _items(piece: Prose, after: Sequence[Prose]) -> int:
    """How many items the list has that follows at once; 0 where that is not certain."""
    first = after[0]
    if first.role is not Role.ITEM or first.group is None or first.group == piece.group:
        return 0
    of_list = [i for i, other in enumerate(after) if other.group == first.group]
    inside = after[: of_list[-1] + 1]
    if len(inside) > len({other.place for other in inside}) or len(inside) > len(of_list):
        return 0  # an item with parts of its own may be several, or belong to the one before
    if any(quantities.find(after[i].words) for i in of_list):
        return 0  # `two devices` may be one item
    places = {after[i].place[0] for i in of_list if after[i].place}
    for other in after[of_list[-1] + 1 :]:
        if other.role is Role.HEADING:
            break
        if other.role is Role.ITEM:  # the list may go on after a block of code
            return 0
    return len(places) if places == set(range(len(places))) else 0
