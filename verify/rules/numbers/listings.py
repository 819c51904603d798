"""A stated number of things against the things that are listed: “three parties: a and b”."""

import re
from collections.abc import Iterator, Sequence

from verify.page.page import Page, Prose, Role
from verify.page.prose import quantities, sentences
from verify.page.prose.quantities import Quantity, is_whole
from verify.rules.numbers.conflict import OPEN_LIST, Conflict

_MOST = 30
_NOT_LISTED = frozenset(
    (
        "epochs rounds seconds ms minutes hours days bytes KB MB GB bits dimensions samples "
        "images tokens % batches times iterations cores rows columns neurons parameters points "
        "percent"
    ).split()
)
_TO_NAMES = re.compile(
    r"[^，,。.;；:：()（）\[\d\n]{0,40}?(?P<mark>\s?[:：]\s?|\s[-–—]+\s|\s?——?\s?|\s?(?P<open>[(（\[])(?:namely|i\.e\.|即)?,?\s?|"
    r",?\s(?:namely|i\.e\.)[,:]?\s|[，,]?\s?分别[是为]\s?[:：]?\s?|[，,]\s?即\s?[:：]?\s?)"
)
_AND = r"\s*(?:\band\b|\bor\b|&|以及|和|及|与|或)\s*"
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


def conflicts(page: Page) -> Iterator[Conflict]:
    """The counts of a page that its listings contradict."""
    for i, piece in enumerate(page.prose):
        yield from _named(piece)
        yield from _listed(piece, page.prose[i + 1 :])


def _counts(piece: Prose) -> list[Quantity]:
    return [
        quantity
        for quantity in quantities.find(piece.words)
        if is_whole(quantity)
        and 1 < quantity.value <= _MOST
        and quantity.unit
        and quantity.unit not in _NOT_LISTED
    ]


def _named(piece: Prose) -> Iterator[Conflict]:
    for quantity in _counts(piece):
        lead = _TO_NAMES.match(piece.text, quantity.end)
        if lead is None:
            continue
        names = _names(piece.text[lead.end() :], lead["open"])
        if len(names) < 2 or len(names) == quantity.value:  # noqa: PLR2004
            continue
        # What stands in brackets may describe instead of list, unless it nearly fits.
        if lead["open"] and abs(len(names) - quantity.value) > max(1, quantity.value // 3):
            continue
        message = (
            f"The text says {quantity.text} ({quantity.unit}) and lists {len(names)}: "
            f"{', '.join(names)}."
        )
        yield Conflict(piece, quantity.start, message, f"Write {len(names)}, or list the others.")


def _names(text: str, opened: str | None) -> list[str]:
    """The names that a text begins with; none where it cannot be told for sure."""
    if opened:
        closing = {"(": ")", "（": "）", "[": "]"}[opened]
        body, closed, _ = text.partition(closing)
        if not closed:
            return []
    else:
        body = re.split(r"[。；;]|\.(?:\s|$)|\n\n", text, maxsplit=1)[0]
        body = re.split(r"[，,:：]", body, maxsplit=1)[0] if "、" in body.split("，")[0] else body
    if OPEN_LIST.search(body):
        return []
    items = [item.strip() for item in re.split(r"[、，,]", body)]
    *first, last = [item for item in items if item] if any(items) else [""]
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
        message = f"The text says {count.text} ({count.unit}), and the list after it has {items}."
        yield Conflict(piece, count.start, message)


def _is_head(text: str, begin: int, count: Quantity) -> bool:
    """Whether the counted things are what the list will name, not something said of them."""
    rest = text[count.end :].rstrip().rstrip(":：")
    before = text[begin : count.start]
    chinese = re.search(r"[\u4e00-\u9fff]", rest) is not None
    far = len(rest) > (_FAR // 2 if chinese else _FAR)
    return not far and _ANNOUNCES.search(before) is not None and "，" not in rest


def _items(piece: Prose, after: Sequence[Prose]) -> int:
    """How many items the list has that follows at once; 0 where that is not certain."""
    first = after[0]
    if first.role is not Role.ITEM or first.group is None or first.group == piece.group:
        return 0
    of_list = [i for i, other in enumerate(after) if other.group == first.group]
    if any(quantities.find(after[i].words) for i in of_list):
        return 0  # `two devices` may be one item
    places = {after[i].place[0] for i in of_list if after[i].place}
    for other in after[of_list[-1] + 1 :]:
        if other.role is Role.HEADING:
            break
        if other.role is Role.ITEM:  # the list may go on after a block of code
            return 0
    return len(places) if places == set(range(len(places))) else 0
