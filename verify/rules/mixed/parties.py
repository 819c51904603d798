"""What is told of one party names that party: its heading, its sentence, and the code below.

Commands and settings say whose they are: `--party alice`, `self_party: alice`, `{"alice": 16}` of
Ray's resources. Compared is only what names one party against what names one other, on a page that
has settings of both.
"""

import re
from collections.abc import Iterator, Sequence

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Block, Page, Prose, Role
from verify.system.words import Words

_OTHERS = Words(
    zh="这里讲的是 `{said}`，代码中的参与方却是 `{used}`。",
    en="This is about `{said}`, but the code is for the party `{used}`.",
)
_WRITE = Words(zh="这里是否应为 `{said}`？", en="Is `{said}` meant here?")

_LABEL_AT = Words(
    zh="正文说标签在 `{said}` 方，代码中的 `{name}` 却属于 `{used}`。",
    en="The text has the label with `{said}`, but in the code `{name}` is with `{used}`.",
)
_LABEL = re.compile(r"\blabels?\b|标签", re.IGNORECASE)
_HAS = re.compile(
    r"\b(?:owns?|holds?|held|has|keeps?|kept|belongs? to|leaves?|lives?|stays?|provides?|"
    r"possess\w*|owner|holder|owned|only)\b|持有|拥有|提供|属于|位于|所在|保留|在",
    re.IGNORECASE,
)
_UNSURE = re.compile(
    r"\b(?:not|no|without|if|or|either|send|sends|predict\w*|learn\w*|infer\w*|guess\w*|except)\b"
    r"|没有|不(?!离开)|无|若|如果|或|推断|除了|预测",
    re.IGNORECASE,
)
_NEVER_LEAVES = re.compile(r"(?:never|does not|do not|don't) leaves?|不(?:会)?离开", re.IGNORECASE)
_CLAUSE = re.compile(r"[^,;:.，；：。、]+")
_LABEL_SET = re.compile(r"\bdevice_y\s*=\s*(?:\w+\.)?(?P<name>[A-Za-z]\w*)\b(?!\s*[(\[.])")
_MAKES_PARTY = re.compile(r"\bPYU\(")

_QUOTE = r"[\\]?['\"]?"
_KEY = r"(?:self[_-]?party|party(?:[_-](?:name|id))?|my[_-]?party|role|self[_-]?role)"
_OWN = re.compile(
    rf"(?:--{_KEY}(?:=|[ \t]+)|\b{_KEY}{_QUOTE}\s*[:=]\s*){_QUOTE}(?P<name>[A-Za-z]\w+){_QUOTE}"
    rf"|resources[=\s]+['\"]?\s*\{{\s*{_QUOTE}(?P<resource>[A-Za-z]\w+){_QUOTE}\s*:"
)
# What documentation of protocols calls its parties.
_USUAL = {"alice", "bob", "carol", "charlie", "dave", "davy", "guest", "host"}


def of_page(page: Page) -> Iterator[Finding]:
    """Find code that is for another party than the text right above it speaks of."""
    own = {id(code): _own(code) for code in page.codes}
    known = set().union(*own.values()) if own else set()
    if len(known) < 2:  # noqa: PLR2004  # what the code has one of is a word for anything
        known |= _headed(page, known) | (_USUAL if known & _USUAL else set())
    for code in page.codes if len(known) > 1 else ():
        used = own[id(code)]
        said = _said(_above(page, code), known)
        if len(used) == 1 and len(said) == 1 and used != said:
            (one,), (other,) = said, used
            first = next(_OWN.finditer(code.source))
            row = code.source.count("\n", 0, first.start())
            yield Finding(
                page.path,
                code.line_of(row),
                code.cell,
                FindingKind.MIXED_UP,
                Severity.WARNING,
                _OTHERS.filled(said=one, used=other),
                _WRITE.filled(said=one),
            )


def labels_of_page(page: Page) -> Iterator[Finding]:
    """Find texts that have the label with another party than the code."""
    code = "\n".join(one.source for one in page.python)
    if not _MAKES_PARTY.search(code):
        return
    parties = {
        found[0].lower() for found in re.finditer(r"[A-Za-z]\w*(?=\s*(?:,[\s\w,]*)?=.*PYU\()", code)
    }
    owners = {found["name"].lower() for found in _LABEL_SET.finditer(code)}
    columns = _columns(code, parties)
    for piece in page.prose:
        for clause in _CLAUSE.finditer(piece.text):
            said = set(_words(clause[0])) & parties
            sure = _HAS.search(clause[0]) and not _UNSURE.search(_NEVER_LEAVES.sub("", clause[0]))
            if len(said) != 1 or not sure or not _LABEL.search(clause[0]):
                continue
            inside = (
                piece.text[span.start : span.end].strip("`")
                for span in piece.spans
                if clause.start() <= span.start < clause.end()
            )
            named = [(name, columns[name]) for name in inside if name in columns]
            named = named or [("device_y", one) for one in owners if len(owners) == 1]
            for name, used in named[:1]:
                if used in parties and {used} != said:
                    (one,) = said
                    yield Finding(
                        page.path,
                        piece.line_at(clause.start()),
                        piece.cell,
                        FindingKind.MIXED_UP,
                        Severity.WARNING,
                        _LABEL_AT.filled(said=one, name=name, used=used),
                        _WRITE.filled(said=used),
                    )


def _columns(code: str, parties: set[str]) -> dict[str, str]:
    """The columns that a dictionary gives to one party alone: `{north: ["age"], south: ["y"]}`."""
    given: dict[str, set[str]] = {}
    for found in re.finditer(r"\b([A-Za-z]\w*)\s*:\s*\[([^\[\]]*)\]", code):
        for column in (
            re.findall(r"['\"](\w+)['\"]", found[2]) if found[1].lower() in parties else ()
        ):
            given.setdefault(column, set()).add(found[1].lower())
    return {column: owners.pop() for column, owners in given.items() if len(owners) == 1}


def _own(code: Block) -> set[str]:
    """The parties that a piece of code says it is for."""
    found = (one["name"] or one["resource"] for one in _OWN.finditer(code.source))
    return {name.lower() for name in found}


def _headed(page: Page, known: set[str]) -> set[str]:
    """Parties that headings name as they name a known one: `Start alice`, `Start bob`."""
    words = [_words(one.text) for one in page.headings]
    named = [(one, name) for one in words for name in known & set(one)]
    return {
        other[one.index(name)]
        for one, name in named
        for other in words
        if len(other) == len(one) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
        and other[one.index(name)] != name
        and other[one.index(name)].isascii()
    }  # fmt: skip


def _words(text: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Za-z]\w*|[\u4e00-\u9fff]", text, re.ASCII)]


def _above(page: Page, code: Block) -> Sequence[Prose]:
    """The paragraph right above some code, else the heading that it stands under."""
    before = [one for one in page.prose if one.line < code.line]
    blocks = [one for one in page.codes if one.line < code.line]
    last = before[-1] if before else None
    follows = last is not None and (not blocks or blocks[-1].line < last.line)
    if last is not None and follows and last.role is not Role.HEADING:
        return [last]
    heading = next((one for one in reversed(before) if one.role is Role.HEADING), None)
    alone = heading is not None and not any(one.line > heading.line for one in blocks)
    return [heading] if heading is not None and alone else []


def _said(pieces: Sequence[Prose], known: set[str]) -> set[str]:
    return {word for piece in pieces for word in _words(piece.text)} & known
