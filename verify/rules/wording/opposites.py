"""A translation that says another thing than its text: horizontal for vertical, HTTP for HTML.

Only words are compared whose opposites exclude each other in both languages, and that no sentence
turns round by a negation.
"""

import re

_ACRONYM = re.compile(r"(?<![A-Za-z0-9])[A-Z]{3,6}(?![A-Za-z0-9])")

# Each pair: one word in English and Chinese, and its opposite.
_PAIRS = tuple(
    tuple(re.compile(pattern, re.IGNORECASE) for pattern in pair)
    for pair in (
        (r"\bvertical", "垂直|纵向", r"\bhorizontal", "水平|横向"),
        (r"\bsenders?\b", "发送方|发送者", r"\breceivers?\b", "接收方|接收者"),
        (r"\btrain(?:ing)?[ -](?:data)?set", "训练集", r"\btest(?:ing)?[ -](?:data)?set", "测试集"),
        (r"\bminimum\b|\bsmallest\b", "最小", r"\bmaximum\b|\blargest\b", "最大"),
        (r"\bupload", "上传", r"\bdownload", "下载"),
    )
)


def found(text: str, translation: str) -> tuple[str, str] | None:
    """What a text says, and what a translation says in its place."""
    lost, new = _acronyms(text) - _acronyms(translation), _acronyms(translation) - _acronyms(text)
    if len(lost) == len(new) == 1 and _differ_by_a_letter(min(lost), min(new)):
        return min(lost), min(new)
    for en, zh, other_en, other_zh in _PAIRS:
        for one, its, opposite, wrong in (
            (en, zh, other_en, other_zh),
            (other_en, other_zh, en, zh),
            (zh, en, other_zh, other_en),
            (other_zh, other_en, zh, en),
        ):
            said, turned = one.search(text), wrong.search(translation)
            if said and turned and not opposite.search(text) and not its.search(translation):
                return said[0], turned[0]
    return None


def _acronyms(text: str) -> set[str]:
    return set(_ACRONYM.findall(text))


def _differ_by_a_letter(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
