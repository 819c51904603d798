"""A page and its catalogues of translations have the same numbers, links and inline code."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

import polib

from verify.finding import Finding, FindingKind, Severity
from verify.page.page import Page
from verify.rules.checked_site import Site
from verify.rules.wording import catalogues, opposites
from verify.rules.wording.catalogues import UnreadableCatalogueError
from verify.rules.wording.stated_values import stated_anywhere, written_in_digits
from verify.system.words import Text, Words, joined

_UNREADABLE = Words(zh="翻译目录无法读取：`{why}`。", en="The catalogue cannot be read: {why}.")
_CORRECT = Words(zh="请改正这一行。", en="Correct the line.")
_OF_PAGE = Words(zh="（页面 {page}）", en="(page {page})")
_SENTENCE = Words(zh="{says}。", en="{says}.")
_SAYS = Words(
    zh="原文写的是 {here}，译文写的是 {there}",
    en="The text says {here}, its translation says {there}",
)
_LINKS = Words(
    zh="原文链接到 {here}，译文链接到 {there}",
    en="The text links to {here}, its translation to {there}",
)
_CODE = Words(
    zh="原文的代码是 `{here}`，译文的代码是 `{there}`",
    en="The text has the code `{here}`, its translation `{there}`",
)
_PICTURES = Words(
    zh="原文显示图片 `{here}`，译文只链接到 `{there}`",
    en="The text shows the picture `{here}`, its translation only links to `{there}`",
)
_TURNED = Words(
    zh="原文说的是“{here}”，译文说的是“{there}”",
    en="The text says “{here}”, its translation “{there}”",
)
_TRANSLATE = Words(zh="请翻译原文里的那个词。", en="Translate the word that stands in the text.")
_SAME = Words(zh="请让两种语言说法一致。", en="Make both languages say the same.")
_FUZZY = Words(
    zh="有 1 条译文标为 fuzzy，读者看到的是原文",
    en="A translation is marked fuzzy, so that readers get the original",
)
_FUZZY_MANY = Words(
    zh="有 {count} 条译文标为 fuzzy，读者看到的是原文",
    en="{count} translations are marked fuzzy, so that readers get the original",
)
_CHECK = Words(
    zh="请对照原文检查，并去掉这个标记。",
    en="Check them against the text and remove the mark.",
)
_EMPTY = Words(
    zh="有 1 个句子没有译文，读者看到的是原文：“{shown} …”",
    en="A sentence has no translation, so that readers get the original: “{shown} …”",
)
_EMPTY_MANY = Words(
    zh="有 {count} 个句子没有译文，读者看到的是原文，第一个是“{shown} …”",
    en="{count} sentences have no translation, so that readers get the original, first “{shown} …”",
)
_ADD = Words(
    zh="请补上译文，页面的其余部分都有译文。", en="Translate it, as the rest of the page is."
)
_GONE = Words(
    zh="有 1 个条目的文字在页面 {page} 上没有：“{shown} …”。",
    en="An entry holds text that {page} does not have, first “{shown} …”.",
)
_GONE_MANY = Words(
    zh="有 {count} 个条目的文字在页面 {page} 上没有，第一个是“{shown} …”。",
    en="{count} entries hold text that {page} does not have, first “{shown} …”.",
)
_RENEW = Words(zh="请从页面重新生成翻译目录。", en="Renew the catalogue from the page.")
# A template, and how each side fills it.
_Disagreement = tuple[Words, Text, Text]

_ROLE = re.compile(r":[\w:+-]+:`[^`]*`")
_REFERENCE = re.compile(r":(?:ref|doc|download|numref):`(?:[^`<]*<)?(?P<target>[^`<>]+)>?`")
_MATH = re.compile(r"\$\$?[^$]+\$\$?")
_TITLED = re.compile(r"`(?P<title>[^`<]*)<(?P<target>[^`<>]+)>`__?")
_LINKED = re.compile(r"!?\[(?P<title>[^\]]*)\]\((?P<target>[^()\s]+)[^()]*\)")
_ADDRESS = re.compile(r"https?://[\w./?=&%#~:@+!*-]+", re.ASCII)
_LITERAL = re.compile(r"(?<!`)(`{1,2})(?!`)(?P<code>[^`]+)\1(?![`_])")
_LANGUAGE = re.compile(
    r"(?<![a-z0-9])(?:zh|cn|en|us|uk)(?:[-_](?:hans|cn|us|gb))?(?![a-z0-9])", re.IGNORECASE
)
_VERSION = re.compile(r"(?<![\w.])v?(\d+(?:\.\d+){2,}(?:(?:a|b|rc|\.?dev|\.?post)\d+)?)", re.ASCII)
# A substitution, such as a notebook's picture in a sentence, or a list's number.
_NOT_ON_THE_PAGE = re.compile(r"\|[\w-]+\|(?!\w)|(?<![\w.])\d{1,2}\.(?=\s)")
_LATIN_WORD = re.compile(r"(?<!\S)[A-Za-z][a-z'-]*(?=[.,:;?!]?(?!\S))")
_FORMULA_OR_PICTURE = re.compile(r"\\[A-Za-z]|!\[")
_HAN = re.compile(r"[\u4e00-\u9fff]")
# So many words, so many of them in small letters, or so many characters are more than a name.
_WORDS, _SMALL, _CHARACTERS = 4, 3, 8
# Where so many sentences have a translation, all were meant to have one.
_TRANSLATED, _FEWEST = 0.8, 2
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class _Text:
    """One side of an entry."""

    raw: str

    @cached_property
    def targets(self) -> set[str]:
        """What it links to."""
        found = [
            match["target"]
            for pattern in (_REFERENCE, _LINKED)
            for match in pattern.finditer(self.raw)
        ]
        # An address may be broken over lines, which an entry has as blanks; docutils drops them.
        found += ["".join(match["target"].split()) for match in _TITLED.finditer(self.raw)]
        rest = _LINKED.sub(" ", _TITLED.sub(" ", _ROLE.sub(" ", self.raw)))
        return {target.strip().rstrip("./") for target in (*found, *_ADDRESS.findall(rest))}

    @cached_property
    def codes(self) -> set[str]:
        """Its inline code."""
        text = _ROLE.sub(" ", _TITLED.sub(" ", self.raw))
        return {match["code"].strip() for match in _LITERAL.finditer(text)}

    @cached_property
    def words(self) -> str:
        """The text without links' targets, code and formulas."""
        text = _LINKED.sub(r" \g<title> ", _TITLED.sub(r" \g<title> ", self.raw))
        for pattern in (_ADDRESS, _ROLE, _MATH, _LITERAL):
            text = pattern.sub(" ", text)
        return text

    @cached_property
    def numbers(self) -> dict[float, list[str]]:
        """The values that it writes in digits, and how."""
        return written_in_digits(self.words)

    @property
    def count(self) -> int:
        """How many numbers it writes."""
        return sum(map(len, self.numbers.values()))


def check(site: Site) -> Iterator[Finding]:
    """Compare each page's catalogues with themselves and with the page."""
    for catalogue, page in catalogues.of_site(site):
        yield from _judge(catalogue, page)


def _judge(path: Path, page: Page | None) -> Iterator[Finding]:
    try:
        entries = catalogues.entries(path)
    except UnreadableCatalogueError as error:
        yield _finding(path, error.line, _UNREADABLE.filled(why=error.what), _CORRECT)
        return
    of_page = _OF_PAGE.filled(page=page.path.name) if page else ""
    gone = _gone(entries, page) if page else []
    unseen = {entry.msgid for entry in gone}
    for entry in entries:
        if not entry.translated() or entry.msgid == entry.msgstr or entry.msgid in unseen:
            continue  # what is gone from the page is shown to nobody
        here, there = _Text(entry.msgid), _Text(entry.msgstr)
        for disagreement in (_numbers, _versions, _targets, _pictures, _codes):
            if found := disagreement(here, there):
                says, ours, theirs = found
                message = _with(says.filled(here=ours, there=theirs), of_page)
                yield _finding(path, entry.linenum, message, _SAME)
        if turned := opposites.found(here.words, there.words):
            says = _TURNED.filled(here=turned[0], there=turned[1])
            message = _with(says, of_page)
            yield _finding(path, entry.linenum, message, _TRANSLATE, Severity.WARNING)
    if fuzzy := [entry for entry in entries if entry.fuzzy and entry.msgstr]:
        says = (_FUZZY_MANY if len(fuzzy) > 1 else _FUZZY).filled(count=len(fuzzy))
        message = _with(says, of_page)
        yield _finding(path, fuzzy[0].linenum, message, _CHECK, Severity.WARNING)
    if empty := _untranslated(entries, path):
        shown = " ".join(empty[0].msgid.split()[:6])
        says = (_EMPTY_MANY if len(empty) > 1 else _EMPTY).filled(count=len(empty), shown=shown)
        message = _with(says, of_page)
        yield _finding(path, empty[0].linenum, message, _ADD, Severity.WARNING)
    if page and gone:
        shown = " ".join(gone[0].msgid.split()[:6])
        message = _GONE_MANY if len(gone) > 1 else _GONE
        message = message.filled(count=len(gone), page=page.path.name, shown=shown)
        yield _finding(path, gone[0].linenum, message, _RENEW, Severity.WARNING)


def _untranslated(entries: Sequence[polib.POEntry], path: Path) -> list[polib.POEntry]:
    """The sentences without a translation, in a catalogue that translates nearly all of them."""
    to_chinese = any(part.lower().startswith("zh") for part in path.parts)
    told = [one for one in entries if _is_sentence(_Text(one.msgid).words, to_chinese=to_chinese)]
    empty = [one for one in told if not one.msgstr and not one.fuzzy]
    few = max(1, (1 - _TRANSLATED) * len(told))
    return empty if len(empty) <= few and len(told) > _FEWEST else []


def _is_sentence(text: str, *, to_chinese: bool) -> bool:
    """Whether a text is one that the language of a catalogue has other words for."""
    if _HAN.search(text):
        return not to_chinese and len(_HAN.findall(text)) >= _CHARACTERS
    words = [] if _FORMULA_OR_PICTURE.search(text) else _LATIN_WORD.findall(text)
    return to_chinese and len(words) >= _WORDS and sum(map(str.islower, words)) >= _SMALL


def _finding(
    path: Path, line: int, message: Words, suggestion: Words, severity: Severity = Severity.ERROR
) -> Finding:
    return Finding(path, line, None, FindingKind.TRANSLATION, severity, message, suggestion)


def _with(says: Words, of_page: Text) -> Words:
    return _SENTENCE.filled(says=joined((says, of_page), zh="", en=" "))


def _numbers(here: _Text, there: _Text) -> _Disagreement | None:
    """A number left out or put in may be a free translation; another one instead of it is not."""
    lost = _only_in(here, there, here.numbers.keys() - stated_anywhere(there.raw))
    new = _only_in(there, here, there.numbers.keys() - stated_anywhere(here.raw))
    exchanged = here.count == there.count and (lost or new)
    if not exchanged and not (lost and new):
        return None
    lost = lost or _only_in(here, there, here.numbers.keys())
    new = new or _only_in(there, here, there.numbers.keys())
    return (_SAYS, lost, new) if lost and new else None


def _only_in(one: _Text, other: _Text, values: Iterable[float]) -> Text:
    """Those of the values that a text writes more often than the other, for a sentence."""
    more = (
        shown
        for value in sorted(values)
        for shown in one.numbers[value][len(other.numbers.get(value, ())) :]
    )
    return joined(dict.fromkeys(more), zh="、", en=" and ")


def _versions(here: _Text, there: _Text) -> _Disagreement | None:
    lost = set(_VERSION.findall(here.words)) - set(_VERSION.findall(there.raw))
    new = set(_VERSION.findall(there.words)) - set(_VERSION.findall(here.raw))
    if not lost or not new:
        return None
    return _SAYS, min(lost), min(new)


def _targets(here: _Text, there: _Text) -> _Disagreement | None:
    lost = {target for target in here.targets if not _holds(there.raw, target)}
    new = {target for target in there.targets if not _holds(here.raw, target)}
    for mine in sorted(lost):
        for other in sorted(new):
            if _are_comparable(mine, other) and not _are_variants(mine, other):
                return _LINKS, mine, other
    return None


def _pictures(here: _Text, there: _Text) -> _Disagreement | None:
    """A picture that has lost its exclamation mark."""
    shown, kept = _shown(here), _shown(there)
    lost = {one for one in shown - kept if one.rstrip("./") in there.targets}
    return (_PICTURES, min(lost), min(lost)) if lost else None


def _shown(text: _Text) -> set[str]:
    return {one["target"] for one in _LINKED.finditer(text.raw) if one[0].startswith("!")}


def _are_comparable(one: str, other: str) -> bool:
    """Whether one stands for the other: a translation may well lead to another site's page."""
    (host, path), (other_host, other_path) = map(_parts, (one, other))
    return host == other_host or (path == other_path and len(path) > 1)


def _parts(target: str) -> tuple[str, str]:
    """The host of an address, and the rest."""
    host, _, path = target.partition("://")[2].partition("/")
    return (host, path) if "://" in target else ("", target)


def _holds(text: str, part: str) -> bool:
    """Whether a text holds a part as a whole, and not only at the begin of a longer name."""
    return re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text, re.ASCII) is not None


def _are_variants(one: str, other: str) -> bool:
    """Whether two addresses are one page in two languages, or are written in two ways."""
    one, other = unquote(one).lower(), unquote(other).lower()
    if sorted(_LANGUAGE.findall(one)) != sorted(_LANGUAGE.findall(other)):
        return True
    return _place(one) == _place(other)


def _place(target: str) -> str:
    """The page that a target leads to; `page:Title` is Sphinx's name for one of its headings."""
    if "://" not in target:
        target = target.partition(":")[0].lstrip("./")
    return re.sub(r"#.*|index\.html$|\.(?:html|md|rst|ipynb)$", "", target).rstrip("/")


def _codes(here: _Text, there: _Text) -> _Disagreement | None:
    lost = {code for code in here.codes if not _is_shown(code, there)}
    new = {code for code in there.codes if not _is_shown(code, here)}
    if {"".join(code.split()) for code in lost} == {"".join(code.split()) for code in new}:
        return None  # nothing lost, or spaces at the most
    if not lost or not new:
        return None
    return _CODE, min(lost), min(new)


def _is_shown(code: str, text: _Text) -> bool:
    """Whether a text has a piece of code, be it in another case or number: English inflects."""
    raw, plain = text.raw.lower(), code.lower().removesuffix("s")
    return not code.isascii() or _holds(raw, plain) or _holds(raw, f"{plain}s")


def _gone(entries: Sequence[polib.POEntry], page: Page) -> list[polib.POEntry]:
    """The entries that say they come from the page, but whose text it does not have."""
    pieces = (
        *(piece.text for piece in page.prose),
        *(code.source for code in page.codes),
        *(link.text for link in page.links),
    )
    known = "\n".join((_letters("".join(pieces)), _letters(page.text)))
    return [
        entry
        for entry in entries
        if any(Path(source).stem == page.path.stem for source, _ in entry.occurrences)
        and not any(_letters(form) in known for form in _forms(entry.msgid))
    ]


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()


def _forms(text: str) -> tuple[str, ...]:
    """A text as its source has it, and as the page's reader sees it."""
    visible = _LINKED.sub(r"\g<title>", _TITLED.sub(r"\g<title>", text))
    visible = re.sub(r":[\w:+-]+:(?=`)", "", visible)
    return text, visible, _NOT_ON_THE_PAGE.sub("", visible)
